//! Who doesn't want to hear of whom.
//!
//! Between the two there are no messages, edits and reactions in their direct chat, no typing, no
//! receipts and no presence, both ways; who is blocked sees neither picture nor about of the other,
//! doesn't find them, and can't add them to groups. In groups that both are in, both are heard.

use std::time::Duration;

use nexus_protocol::{MAX_PAGE, User, UserId};

use crate::{
    Core, Error, Result, bonds, cursor,
    ops::{Op, OpKind, Rejection},
    ports::PortResult,
    privacy, users,
};

/// Contacts and blocks of one user.
pub const MAX_BONDS: u64 = 10_000;

/// What waited in the queue for longer is looked at again when its turn comes: whom it is for may have
/// blocked its sender meanwhile.
const STALE: Duration = Duration::from_secs(2);

pub async fn block(core: &Core, user: UserId, other: UserId) -> Result<User> {
    require_other(core, user, other).await?;
    if core.store.bond_count(user).await? >= MAX_BONDS {
        return Err(Error::Conflict("you have 10,000 contacts and blocks: remove some".into()));
    }
    set(core, user, other, true).await?;
    withdraw_request(core, user, other).await?;
    users::get(core, user, other).await
}

pub async fn unblock(core: &Core, user: UserId, other: UserId) -> Result<()> {
    set(core, user, other, false).await
}

async fn set(core: &Core, user: UserId, other: UserId, blocked: bool) -> Result<()> {
    match core.store.set_blocked(user, other, blocked, core.clock.now()).await? {
        Some(change) => bonds::changed(core, user, other, change).await,
        None => Ok(()),
    }
}

/// What the user asked of them is not wanted any more.
async fn withdraw_request(core: &Core, user: UserId, other: UserId) -> Result<()> {
    match core.store.waiting_request(user, other).await? {
        Some(request) => Ok(core.store.withdraw_request(request.id).await?),
        None => Ok(()),
    }
}

/// Somebody who is there and not oneself.
pub(crate) async fn require_other(core: &Core, user: UserId, other: UserId) -> Result<()> {
    if other == user {
        return Err(Error::invalid("userId", "is yourself"));
    }
    let found = core.store.user(other).await?.filter(|user| !user.is_gone());
    found.map(|_| ()).ok_or(Error::NotFound("user"))
}

/// One page of those the user blocks, and where to go on.
pub async fn list(
    core: &Core,
    user: UserId,
    after: Option<&str>,
    limit: u32,
) -> Result<(Vec<User>, Option<String>)> {
    let after: Option<UserId> = after.map(cursor::read).transpose()?;
    let limit = limit.clamp(1, MAX_PAGE);
    let mut page = core.store.blocked(user, after, limit + 1).await?;
    let next = cursor::cut(&mut page, limit, cursor::write);
    Ok((privacy::show_all(core, user, &page).await?, next))
}

/// What a block between the two keeps from being done in their direct chat. Taking one's words back
/// is not among it.
fn is_barred_by_blocks(kind: &OpKind) -> bool {
    matches!(
        kind,
        OpKind::Send(_)
            | OpKind::Edit { .. }
            | OpKind::React { .. }
            | OpKind::Pin { .. }
            | OpKind::SetDisappearAfter { .. }
    )
}

/// Why an op whose turn has come late is not to be committed, if a block came first. By the store: a
/// worker hears of no changes.
pub async fn refuse_late(core: &Core, op: &Op) -> PortResult<Option<Rejection>> {
    if !is_barred_by_blocks(&op.kind) || core.clock.now().since(op.queued_at) < STALE {
        return Ok(None);
    }
    let is_direct =
        |chat: &crate::ports::ChatRecord| chat.r#type == nexus_protocol::ChatType::Direct;
    if !core.store.chat(op.chat).await?.as_ref().is_some_and(is_direct) {
        return Ok(None);
    }
    let roles = core.store.roles(op.chat).await?;
    let peers: Vec<UserId> =
        roles.into_iter().map(|(user, _)| user).filter(|user| *user != op.actor).collect();
    let bonds = core.store.bonds(op.actor, &peers).await?;
    // What an earlier try has committed stays.
    if !bonds.iter().any(|bond| bond.is_barred()) || core.store.was_committed(op.id).await? {
        return Ok(None);
    }
    Ok(Some(Rejection::new(nexus_protocol::ErrorCode::Forbidden, bonds::NOT_TAKEN)))
}
