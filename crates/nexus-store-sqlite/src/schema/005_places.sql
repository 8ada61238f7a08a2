-- From where (kind 0) and with what device (1) accounts were signed in to.
CREATE TABLE places (
    user    BLOB    NOT NULL,
    kind    INTEGER NOT NULL,
    name    TEXT    NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (user, kind, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX places_by_age ON places (last_at);
