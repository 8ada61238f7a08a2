//! How long what is kept, and who forgets the rest: a side job, once a day in the whole fleet.

use std::time::Duration;

use nexus_protocol::{AuditAction, AuditActor, ChatId, OpId, Timestamp};
use serde_json::json;

use crate::{
    Core, Result, audit,
    messages::derived_id,
    ops::{NOBODY, Op, OpKind},
    ports::{OldMessage, Store},
};

/// What is looked at in one go.
const CHATS: u32 = 200;
const PORTION: u32 = 500;
/// So many changes may wait in the queue; old messages wait until there is room.
const MOST_QUEUED: u64 = 2_000;
const PAUSE: Duration = Duration::from_millis(200);
/// Former refresh tokens of each living session that are kept, to know a thief by: three weeks of a
/// device that is never idle.
pub const FORMER_TOKENS: u32 = 2_000;

/// `None` is for ever.
#[derive(Clone, Copy, Debug, Default)]
pub struct Retention {
    pub messages: Option<Duration>,
    pub receipts: Option<Duration>,
    pub audit: Option<Duration>,
    /// From their end on.
    pub sessions: Duration,
}

/// How much of each is older than that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Overdue {
    pub messages: u64,
    pub receipts: u64,
    pub audit: u64,
    pub former_tokens: u64,
    pub sessions: u64,
}

impl Retention {
    /// Of a message so old the times of its receipts are not told any more: some may be gone.
    pub fn has_receipts(&self, committed_at: Timestamp, now: Timestamp) -> bool {
        self.receipts.is_none_or(|kept| committed_at >= now.minus(kept))
    }
}

/// What [`run`] would take away.
pub async fn survey(store: &dyn Store, rules: &Retention, now: Timestamp) -> Result<Overdue> {
    let mut overdue = Overdue {
        former_tokens: store.former_tokens(FORMER_TOKENS).await?,
        sessions: store.ended_sessions(now.minus(rules.sessions)).await?,
        audit: audit_end(store, rules, now).await?.map_or(0, |end| end.count),
        ..Overdue::default()
    };
    let mut after = None;
    while let Some(chats) = chats_after(store, rules, &mut after).await? {
        for chat in chats {
            if let Some(kept) = rules.receipts {
                overdue.receipts += store.old_receipts(chat, now.minus(kept)).await?;
            }
            let Some(kept) = rules.messages else { continue };
            let mut above = 0;
            loop {
                let old = store.old_messages(chat, now.minus(kept), above, PORTION).await?;
                overdue.messages += old.len() as u64;
                let Some(last) = old.last() else { break };
                above = last.seq;
            }
        }
    }
    Ok(overdue)
}

/// Takes away what is older than it may be. A crash repeats it, and it goes on where it was.
pub async fn run(core: &Core, actor: AuditActor) -> Result<Overdue> {
    let (rules, now) = (core.retention, core.clock.now());
    let overdue = survey(&*core.store, &rules, now).await?;
    // Sessions go all the time, and nobody needs to know.
    if (Overdue { sessions: 0, ..overdue }) == Overdue::default() {
        return Ok(overdue);
    }
    let end = audit_end(&*core.store, &rules, now).await?;
    let detail = json!({
        "overdue": overdue,
        "auditUpTo": end.as_ref().map(|end| end.number),
        "auditHash": end.as_ref().map(|end| &end.hash),
    });
    audit::note(core, actor, AuditAction::RetentionApplied, None, detail).await?;
    if let Some(end) = end {
        core.store.prune_audit(end.number).await?;
    }
    core.store.prune_former_tokens(FORMER_TOKENS).await?;
    core.store.prune_sessions(now.minus(rules.sessions)).await?;
    let mut after = None;
    while let Some(chats) = chats_after(&*core.store, &rules, &mut after).await? {
        for chat in chats {
            if let Some(kept) = rules.receipts {
                core.store.prune_receipts(chat, now.minus(kept)).await?;
            }
            if let Some(kept) = rules.messages {
                forget_messages(core, chat, now.minus(kept)).await?;
            }
        }
    }
    Ok(overdue)
}

/// The next chats, if there is something to be done in chats at all.
async fn chats_after(
    store: &dyn Store,
    rules: &Retention,
    after: &mut Option<ChatId>,
) -> Result<Option<Vec<ChatId>>> {
    if rules.messages.is_none() && rules.receipts.is_none() {
        return Ok(None);
    }
    let chats = store.chats_after(*after, CHATS).await?;
    *after = chats.last().copied();
    Ok(after.map(|_| chats))
}

/// An op for each, on the chat's lane; others have their turn in between.
async fn forget_messages(core: &Core, chat: ChatId, before: Timestamp) -> Result<()> {
    let mut above = 0;
    loop {
        let old = core.store.old_messages(chat, before, above, PORTION).await?;
        let Some(last) = old.last() else { return Ok(()) };
        above = last.seq;
        while core.queue.stats().await?.depth > MOST_QUEUED {
            tokio::time::sleep(PAUSE).await;
        }
        let now = core.clock.now();
        let ops = old.iter().map(|old| forgetting(chat, old, before, now)).collect();
        for pushed in core.queue.push(ops).await {
            pushed?;
        }
    }
}

fn forgetting(chat: ChatId, old: &OldMessage, before: Timestamp, now: Timestamp) -> Op {
    let id = old.id.0.as_bytes();
    Op {
        id: OpId(derived_id(&[id, b"retention"], id.first_chunk())),
        chat,
        actor: NOBODY,
        queued_at: now,
        awaited: false,
        kind: OpKind::Expire { message: old.id, before: Some(before) },
    }
}

/// The last entry of the audit log that is too old.
struct AuditEnd {
    number: u64,
    hash: String,
    count: u64,
}

async fn audit_end(
    store: &dyn Store,
    rules: &Retention,
    now: Timestamp,
) -> Result<Option<AuditEnd>> {
    let Some(kept) = rules.audit else { return Ok(None) };
    let (before, mut end) = (now.minus(kept), None::<AuditEnd>);
    loop {
        let after = end.as_ref().map_or(0, |end| end.number);
        let page = store.audit_after(after, PORTION).await?;
        let old: Vec<_> = page.iter().take_while(|entry| entry.at < before).collect();
        let count = end.as_ref().map_or(0, |end| end.count) + old.len() as u64;
        if let Some(last) = old.last() {
            end = Some(AuditEnd { number: last.number, hash: last.hash.clone(), count });
        }
        if old.len() < PORTION as usize {
            return Ok(end);
        }
    }
}
