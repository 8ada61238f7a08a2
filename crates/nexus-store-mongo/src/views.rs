//! Chats as one member sees them, many at once.
