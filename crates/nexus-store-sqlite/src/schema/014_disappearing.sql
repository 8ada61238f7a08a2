-- Messages that disappear.

ALTER TABLE chats ADD COLUMN disappear_after_secs INTEGER;
ALTER TABLE messages ADD COLUMN expires_at INTEGER;
-- When the next of what it holds disappears, the words it quotes included; null once nothing will.
ALTER TABLE messages ADD COLUMN due_at INTEGER;
CREATE INDEX messages_due ON messages (due_at, id) WHERE due_at IS NOT NULL;
-- With the time: what has disappeared is not unread.
DROP INDEX messages_unread;
CREATE INDEX messages_unread ON messages (chat, seq, sender, type, deleted_at, expires_at)
    WHERE type = 0 AND deleted_at IS NULL;
