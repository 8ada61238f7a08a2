-- What was begun here and ends with a proof from elsewhere.
CREATE TABLE ceremonies (
    hash       BLOB    PRIMARY KEY,
    kind       TEXT    NOT NULL,
    user       BLOB,
    detail     TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ceremonies_expiring ON ceremonies (expires_at);

CREATE TABLE passkeys (
    credential   BLOB    PRIMARY KEY,
    id           BLOB    NOT NULL UNIQUE,
    user         BLOB    NOT NULL,
    name         TEXT    NOT NULL,
    public_key   BLOB    NOT NULL,
    counter      INTEGER NOT NULL,
    transports   TEXT    NOT NULL,
    backed_up    INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX passkeys_of_user ON passkeys (user, created_at);

-- Accounts elsewhere that sign in to accounts here.
CREATE TABLE links (
    issuer     TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    user       BLOB    NOT NULL,
    label      TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject),
    UNIQUE (user, issuer)
) STRICT, WITHOUT ROWID;
