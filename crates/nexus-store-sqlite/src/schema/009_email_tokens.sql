-- Tokens that travel in letters: one live for each user, kind and slot.
CREATE TABLE email_tokens (
    user       BLOB    NOT NULL,
    kind       TEXT    NOT NULL,
    slot       TEXT    NOT NULL,
    hash       BLOB    NOT NULL UNIQUE,
    address    TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (user, kind, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX email_tokens_expiring ON email_tokens (expires_at);
