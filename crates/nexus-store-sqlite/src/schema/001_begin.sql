-- Ids are 16 bytes, times are milliseconds since the epoch.

CREATE TABLE users (
    id             BLOB    PRIMARY KEY,
    email          TEXT    NOT NULL UNIQUE,
    email_verified INTEGER NOT NULL,
    username       TEXT    NOT NULL UNIQUE,
    display_name   TEXT    NOT NULL,
    about          TEXT    NOT NULL,
    password_hash  TEXT    NOT NULL,
    created_at     INTEGER NOT NULL,
    last_seen_at   INTEGER,
    -- The number of the latest row this user has had in user_changes.
    user_rev       INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- The words of display names, to find people by their beginnings.
CREATE TABLE user_words (
    word TEXT NOT NULL,
    user BLOB NOT NULL,
    PRIMARY KEY (word, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_words_of ON user_words (user);

-- Changes of a user's own state. Of each kind and subject only the latest is kept.
CREATE TABLE user_changes (
    user     BLOB    NOT NULL,
    user_rev INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    subject  BLOB    NOT NULL,
    change   TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (user, user_rev),
    UNIQUE (user, kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id           BLOB    PRIMARY KEY,
    user         BLOB    NOT NULL,
    device       TEXT    NOT NULL,
    address      TEXT    NOT NULL,
    salt         BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    revoked_at   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of ON sessions (user, last_used_at);
CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX sessions_expiring ON sessions (expires_at);

-- Hashes of refresh tokens. One without rotated_at is its session's present token.
CREATE TABLE tokens (
    hash       BLOB PRIMARY KEY,
    session    BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    rotated_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_of ON tokens (session);

CREATE TABLE chats (
    id           BLOB    PRIMARY KEY,
    type         INTEGER NOT NULL,
    -- Of a direct chat: both users' ids, the lower first.
    pair         BLOB    UNIQUE,
    title        TEXT    NOT NULL,
    about        TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    -- The least roles that may send, add members, edit the info, pin.
    may_send     INTEGER NOT NULL,
    may_add      INTEGER NOT NULL,
    may_edit     INTEGER NOT NULL,
    may_pin      INTEGER NOT NULL,
    member_count INTEGER NOT NULL,
    last_seq     INTEGER NOT NULL,
    last_rev     INTEGER NOT NULL,
    active_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A row stays when its member leaves, so that what was read before is still known.
CREATE TABLE members (
    chat          BLOB    NOT NULL,
    user          BLOB    NOT NULL,
    role          INTEGER NOT NULL,
    joined_at     INTEGER NOT NULL,
    left_at       INTEGER,
    -- last_seq of the chat before they joined (the last time).
    from_seq      INTEGER NOT NULL,
    delivered_seq INTEGER NOT NULL,
    read_seq      INTEGER NOT NULL,
    -- When one of the two moved.
    moved_at      INTEGER NOT NULL,
    muted_until   INTEGER,
    pinned        INTEGER NOT NULL DEFAULT 0,
    archived      INTEGER NOT NULL DEFAULT 0,
    draft         TEXT,
    unread_from   INTEGER,
    PRIMARY KEY (chat, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_of ON members (user, chat) WHERE left_at IS NULL;
CREATE INDEX members_moved ON members (chat, moved_at);

-- The position is the order of commits: search goes by it.
CREATE TABLE messages (
    position     INTEGER PRIMARY KEY,
    id           BLOB    NOT NULL,
    chat         BLOB    NOT NULL,
    seq          INTEGER NOT NULL,
    rev          INTEGER NOT NULL,
    sender       BLOB    NOT NULL,
    type         INTEGER NOT NULL,
    forwarded    INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    queued_at    INTEGER NOT NULL,
    committed_at INTEGER NOT NULL,
    edited_at    INTEGER,
    deleted_at   INTEGER,
    pinned_at    INTEGER,
    client_id    TEXT    NOT NULL,
    content      TEXT    NOT NULL,
    -- JSON; null for none.
    reply_to     TEXT,
    mentions     TEXT,
    reactors     TEXT,
    system       TEXT
) STRICT;
-- Derived from chat, sender and client id: the fence against a message stored twice.
CREATE UNIQUE INDEX messages_id ON messages (id);
CREATE UNIQUE INDEX messages_seq ON messages (chat, seq);
CREATE UNIQUE INDEX messages_rev ON messages (chat, rev);
-- What can be unread: counted from the index alone.
-- (The last two columns are always 0 and null: they spare a look at the row.)
CREATE INDEX messages_unread ON messages (chat, seq, sender, type, deleted_at)
    WHERE type = 0 AND deleted_at IS NULL;

CREATE TABLE mentions (
    user BLOB    NOT NULL,
    chat BLOB    NOT NULL,
    seq  INTEGER NOT NULL,
    PRIMARY KEY (user, chat, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_in ON mentions (chat, seq);

-- Former texts of a message, each with the rev by which it ceased.
CREATE TABLE edits (
    message    BLOB    NOT NULL,
    rev        INTEGER NOT NULL,
    content    TEXT    NOT NULL,
    written_at INTEGER NOT NULL,
    PRIMARY KEY (message, rev)
) STRICT, WITHOUT ROWID;

-- Ops that changed a message: done again they change nothing.
CREATE TABLE done_ops (
    op BLOB    PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Messages that a user deleted for themselves.
CREATE TABLE hidden (
    user BLOB    NOT NULL,
    chat BLOB    NOT NULL,
    seq  INTEGER NOT NULL,
    PRIMARY KEY (user, chat, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE stars (
    user       BLOB    NOT NULL,
    message    BLOB    NOT NULL,
    -- Different for each star of a user: lists go on below it.
    starred_at INTEGER NOT NULL,
    PRIMARY KEY (user, message)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX stars_by_time ON stars (user, starred_at);

-- Each move of a watermark, for the times of a single message's receipts.
CREATE TABLE receipt_log (
    chat BLOB    NOT NULL,
    user BLOB    NOT NULL,
    kind INTEGER NOT NULL,
    seq  INTEGER NOT NULL,
    at   INTEGER NOT NULL,
    PRIMARY KEY (chat, user, kind, seq)
) STRICT, WITHOUT ROWID;

-- Tokens of messages; the rowid is the message's position.
CREATE VIRTUAL TABLE words USING fts5 (
    tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
-- Messages up to this position have been looked at by the indexer.
CREATE TABLE indexed (up_to INTEGER NOT NULL) STRICT;
INSERT INTO indexed VALUES (0);
-- Messages below it that have changed since.
CREATE TABLE reindex (position INTEGER PRIMARY KEY) STRICT;

CREATE TABLE claims (
    user         BLOB    NOT NULL,
    key          TEXT    NOT NULL,
    fingerprint  BLOB    NOT NULL,
    claimed_at   INTEGER NOT NULL,
    -- Null until it is finished.
    status       INTEGER,
    content_type TEXT,
    body         BLOB,
    PRIMARY KEY (user, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_by_time ON claims (claimed_at);

CREATE TABLE queue (
    place         INTEGER PRIMARY KEY,
    op            BLOB    NOT NULL UNIQUE,
    body          TEXT    NOT NULL,
    attempts      INTEGER NOT NULL DEFAULT 0,
    last_error    TEXT,
    last_tried_at INTEGER,
    run_at        INTEGER
) STRICT;

CREATE TABLE dead_letters (
    op        BLOB    PRIMARY KEY,
    body      TEXT    NOT NULL,
    rejection TEXT    NOT NULL,
    attempts  INTEGER NOT NULL,
    -- Different for each: lists go on below it.
    died_at   INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
CREATE INDEX dead_letters_of ON dead_letters (json_extract(body, '$.actor'), died_at);
