//! The chat log against its promises.
