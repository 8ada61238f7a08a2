-- Old entries of the audit log may go, once the log itself says so.

CREATE TABLE audit_pruned (up_to INTEGER NOT NULL) STRICT;
INSERT INTO audit_pruned VALUES (0);
DROP TRIGGER audit_keeps;
CREATE TRIGGER audit_keeps BEFORE DELETE ON audit
    WHEN OLD.number > (SELECT up_to FROM audit_pruned) BEGIN
    SELECT RAISE(ABORT, 'nothing is taken out of the audit log that it does not tell of');
END;
