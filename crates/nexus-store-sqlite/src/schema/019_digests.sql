-- When somebody was last told by letter of what they had missed.
CREATE TABLE digests (
    user     BLOB    NOT NULL PRIMARY KEY,
    told_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
