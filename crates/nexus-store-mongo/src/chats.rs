//! Conversations, their members, and each member's own settings.
