-- Who asks to be among another's contacts; the latest between the two, in each direction.
CREATE TABLE contact_requests (
    id         BLOB    PRIMARY KEY,
    sender     BLOB    NOT NULL,
    recipient  BLOB    NOT NULL,
    note       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    -- Both null while it waits.
    accepted   INTEGER,
    decided_at INTEGER,
    UNIQUE (sender, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_requests_to ON contact_requests (recipient, id);
CREATE INDEX contact_requests_by ON contact_requests (sender, id);
