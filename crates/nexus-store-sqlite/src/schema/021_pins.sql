-- What is pinned in a chat, the last pinned first.
CREATE INDEX messages_pinned ON messages (chat, pinned_at, seq) WHERE pinned_at IS NOT NULL;
