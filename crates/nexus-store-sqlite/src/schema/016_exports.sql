-- The latest copy of what an account holds, as JSON.
CREATE TABLE exports (
    user   BLOB PRIMARY KEY,
    export TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Its bytes, as each try has written them.
CREATE TABLE export_chunks (
    export  BLOB    NOT NULL,
    attempt INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    bytes   BLOB    NOT NULL,
    PRIMARY KEY (export, attempt, number)
) STRICT;
