//! Who is in a chat, remembered from the last look so that each send need not ask the store.
//!
//! A hint, not the judge: the decision that counts is taken by [`crate::ops::decide`] when the op's
//! turn comes. Reads (pages, search, sync) ask the store.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use nexus_protocol::{ChatId, ChatType, Permissions, Role, UserId};
use parking_lot::Mutex;

use crate::{Core, Error, Result};

/// Beyond this many remembered chats all are forgotten: simpler than ageing, and rare.
const MAX_CHATS: usize = 20_000;

#[derive(Debug)]
pub struct MemberSet {
    pub r#type: ChatType,
    pub permissions: Permissions,
    pub slow_mode_secs: u32,
    pub roles: HashMap<UserId, Role>,
    /// Of those who don't see the chat from its beginning: the first `seq` that they do.
    pub latecomers: HashMap<UserId, u64>,
}

#[derive(Default)]
pub struct Members {
    chats: Mutex<HashMap<ChatId, Arc<MemberSet>>>,
    /// Grows with each `forget`: what was loaded before is not kept after.
    forgotten: AtomicU64,
}

impl Members {
    pub fn forget(&self, chat: ChatId) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.chats.lock().remove(&chat);
    }

    pub fn forget_all(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.chats.lock().clear();
    }
}

/// The chat's members. Strangers and chats that don't exist get the same answer from
/// [`require_member`].
pub async fn of_chat(core: &Core, chat: ChatId) -> Result<Option<Arc<MemberSet>>> {
    if let Some(known) = core.members.chats.lock().get(&chat) {
        return Ok(Some(known.clone()));
    }
    let before = core.members.forgotten.load(Ordering::SeqCst);
    let Some(record) = core.store.chat(chat).await? else { return Ok(None) };
    let roles = core.store.roles(chat).await?.into_iter().collect();
    let latecomers = core.store.latecomers(chat).await?.into_iter().collect();
    let set = Arc::new(MemberSet {
        r#type: record.r#type,
        permissions: record.permissions,
        slow_mode_secs: record.slow_mode_secs,
        roles,
        latecomers,
    });
    let mut chats = core.members.chats.lock();
    if core.members.forgotten.load(Ordering::SeqCst) == before {
        if chats.len() >= MAX_CHATS {
            chats.clear();
        }
        chats.insert(chat, set.clone());
    }
    Ok(Some(set))
}

/// By what is remembered: for writing, where [`crate::ops::decide`] looks again.
pub async fn require_member(core: &Core, chat: ChatId, user: UserId) -> Result<Arc<MemberSet>> {
    match of_chat(core, chat).await? {
        Some(set) if set.roles.contains_key(&user) => Ok(set),
        _ => Err(Error::NotFound("chat")),
    }
}

/// Likewise one whose role is enough for what they want to do.
pub async fn require_right(
    core: &Core,
    chat: ChatId,
    user: UserId,
    right: impl FnOnce(&Permissions) -> Role,
    doing: &str,
) -> Result<Arc<MemberSet>> {
    let set = require_member(core, chat, user).await?;
    let least = right(&set.permissions);
    if set.roles.get(&user).is_some_and(|role| *role >= least) {
        return Ok(set);
    }
    Err(Error::Forbidden(too_low(least, doing).into()))
}

/// Why somebody of a lower role is refused.
pub fn too_low(least: Role, doing: &str) -> String {
    let who = if least == Role::Owner { "the owner" } else { "admins" };
    format!("only {who} may {doing}")
}

/// By the store: for reading.
pub async fn require_reader(core: &Core, chat: ChatId, user: UserId) -> Result<Role> {
    core.store.role(chat, user).await?.ok_or(Error::NotFound("chat"))
}
