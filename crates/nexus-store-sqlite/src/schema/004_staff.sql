-- 0 user, 1 moderator, 2 admin.
ALTER TABLE users ADD COLUMN role INTEGER NOT NULL DEFAULT 0;
-- JSON; null for none.
ALTER TABLE users ADD COLUMN ban TEXT;
CREATE INDEX users_staff ON users (role, username) WHERE role > 0;
CREATE INDEX users_banned ON users (username) WHERE ban IS NOT NULL;

-- What staff did. The entry is JSON, chained by its hash to the one before; the columns beside it are
-- what it is found by.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    actor  BLOB,
    action TEXT NOT NULL,
    target BLOB,
    entry  TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by ON audit (actor, number);
CREATE INDEX audit_about ON audit (target, number);
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is never changed');
END;
CREATE TRIGGER audit_keeps BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'nothing is taken out of the audit log');
END;
