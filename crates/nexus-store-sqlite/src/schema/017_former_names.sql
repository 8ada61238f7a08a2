-- User names that were given up: kept for their owners for some time, and counted.
CREATE TABLE former_names (
    user         BLOB    NOT NULL,
    name         TEXT    NOT NULL,
    given_up_at  INTEGER NOT NULL,
    PRIMARY KEY (user, given_up_at, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX former_names_held ON former_names (name, given_up_at);
