//! Changes of a user's own state, numbered for their other devices.
//!
//! For the log and for marks on messages (hidden, starred), which call:
//! `note(&MongoDatabase, UserId, OwnChange, Timestamp) -> Result<Option<UserChange>>`, and, when
//! members leave, `forget(&MongoDatabase, chat: Uuid, users: &[Uuid], until: DateTime) ->
//! Result<()>`: what those users noted about the chat up to then goes. `forget` can come twice.
