-- What users have chosen for themselves, as JSON; no row for whoever has the defaults.
CREATE TABLE settings (
    user     BLOB PRIMARY KEY,
    settings TEXT NOT NULL
) STRICT, WITHOUT ROWID;
