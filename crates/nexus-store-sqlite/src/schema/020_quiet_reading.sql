-- What was read with nobody to know it: while read_seq is not above quiet_to, others find it at quiet_from.
ALTER TABLE members ADD COLUMN quiet_from INTEGER NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN quiet_to INTEGER NOT NULL DEFAULT 0;
