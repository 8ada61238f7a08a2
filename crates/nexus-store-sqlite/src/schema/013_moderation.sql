-- All that was said about one subject until somebody of the staff looked into it.
CREATE TABLE reports (
    id         BLOB    PRIMARY KEY,
    -- JSON, as is the resolution.
    subject    TEXT    NOT NULL,
    reported   BLOB,
    state      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    resolution TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX reports_open ON reports (subject) WHERE state = 'open';
CREATE INDEX reports_by_state ON reports (state, id);

CREATE TABLE complaints (
    position  INTEGER PRIMARY KEY,
    report    BLOB NOT NULL,
    reporter  BLOB NOT NULL,
    complaint TEXT NOT NULL,
    evidence  TEXT NOT NULL,
    UNIQUE (report, reporter)
) STRICT;

-- Who has dismissed one is in user_changes.
CREATE TABLE announcements (
    id           BLOB PRIMARY KEY,
    -- Null: for everybody.
    recipient    BLOB,
    until        INTEGER,
    withdrawn_at INTEGER,
    announcement TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX announcements_to ON announcements (recipient, id);

CREATE TABLE sweeps (
    id    BLOB PRIMARY KEY,
    sweep TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX members_ever ON members (user, chat);
