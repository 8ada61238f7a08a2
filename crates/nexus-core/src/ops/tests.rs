//! What each op may do, told by a chat in memory.
