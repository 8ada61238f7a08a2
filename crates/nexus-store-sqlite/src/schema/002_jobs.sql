-- Side jobs: mail and other work beside the chat.
CREATE TABLE jobs (
    id         BLOB    PRIMARY KEY,
    key        TEXT    NOT NULL UNIQUE,
    kind       TEXT    NOT NULL,
    -- Empty once it is done: there may be secrets in it.
    body       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    -- When it may be taken (again); null once it is done or given up.
    due_at     INTEGER,
    last_error TEXT,
    died_at    INTEGER,
    done_at    INTEGER
) STRICT;
CREATE INDEX jobs_by_due ON jobs (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX jobs_by_death ON jobs (died_at) WHERE died_at IS NOT NULL;
CREATE INDEX jobs_by_end ON jobs (done_at) WHERE done_at IS NOT NULL;
