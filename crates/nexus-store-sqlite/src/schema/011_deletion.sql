-- How the account ends, as JSON; null for one that goes on.
ALTER TABLE users ADD COLUMN deletion TEXT;
