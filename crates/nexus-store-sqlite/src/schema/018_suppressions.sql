-- Addresses that letters are not sent to; a graver reason has a higher number.
CREATE TABLE suppressions (
    address  TEXT    NOT NULL PRIMARY KEY,
    reason   INTEGER NOT NULL,
    detail   TEXT    NOT NULL,
    at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
