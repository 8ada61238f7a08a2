-- Generators of one-time codes; without enabled_at, being set up.
CREATE TABLE totp (
    user       BLOB    PRIMARY KEY,
    secret     BLOB    NOT NULL,
    enabled_at INTEGER,
    last_step  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_codes (
    user BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (user, hash)
) STRICT, WITHOUT ROWID;

-- Sessions whose user has just proven to be there.
CREATE TABLE step_ups (
    session BLOB    PRIMARY KEY,
    until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX step_ups_ending ON step_ups (until);
