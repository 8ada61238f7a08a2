-- How groups are run: slow mode, and how much of them those see who join.

ALTER TABLE chats ADD COLUMN slow_mode_secs INTEGER NOT NULL DEFAULT 0;
-- Whether those who join see what came before.
ALTER TABLE chats ADD COLUMN hides_history INTEGER NOT NULL DEFAULT 0;
-- The first seq that they may see.
ALTER TABLE members ADD COLUMN history_from INTEGER NOT NULL DEFAULT 1;

-- The last message of each member that was sent in slow mode.
CREATE TABLE last_sent (
    chat         BLOB    NOT NULL,
    user         BLOB    NOT NULL,
    queued_at    INTEGER NOT NULL,
    committed_at INTEGER NOT NULL,
    PRIMARY KEY (chat, user)
) STRICT, WITHOUT ROWID;

-- Whether who left was removed by somebody.
ALTER TABLE members ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;

CREATE TABLE invites (
    code              TEXT    PRIMARY KEY,
    chat              BLOB    NOT NULL,
    created_by        BLOB    NOT NULL,
    created_at        INTEGER NOT NULL,
    expires_at        INTEGER,
    max_uses          INTEGER,
    uses              INTEGER NOT NULL,
    requires_approval INTEGER NOT NULL,
    revoked_at        INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX invites_of ON invites (chat, created_at);

-- Who waits to be let in.
CREATE TABLE join_requests (
    chat     BLOB    NOT NULL,
    user     BLOB    NOT NULL,
    code     TEXT    NOT NULL,
    asked_at INTEGER NOT NULL,
    PRIMARY KEY (chat, user)
) STRICT, WITHOUT ROWID;
