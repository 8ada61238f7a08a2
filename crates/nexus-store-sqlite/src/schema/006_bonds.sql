-- What one user has made of another: a contact, blocked, both, or neither any more.
CREATE TABLE bonds (
    user       BLOB NOT NULL,
    other      BLOB NOT NULL,
    contact_at INTEGER,
    nickname   TEXT,
    blocked_at INTEGER,
    PRIMARY KEY (user, other)
) STRICT, WITHOUT ROWID;
