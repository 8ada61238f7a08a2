//! The end of an account: asked for, taken back by signing in, carried out in time.
//!
//! Until it is due, all stays as it is but that nobody finds the account or sees it there. Then a side
//! job carries it out, in steps that each may be repeated: whoever goes on after a crash begins with
//! the first.

use std::time::Duration;

use nexus_protocol::{
    AuditAction, AuditActor, AuditTarget, ChatId, DeleteMe, Deletion, Leavings, MessageId, OpId,
    Timestamp, UserId, UserRole, event::RevokeReason,
};
use serde_json::json;

use crate::{
    Core, Error, Result, accounts, audit,
    auth::{self, Caller},
    chats, exports, fault,
    jobs::{self, Job, JobError, JobKey},
    letters,
    mail::Letter,
    ops::{Op, OpKind},
    ports::{DeletionRecord, DeletionStage, Event, UserRecord, Writings},
    staff::Order,
    step_up,
};

/// So long nobody else gets the user name.
const NAME_HELD: Duration = Duration::from_secs(14 * 24 * 3_600);
/// What was on its way into a chat has arrived after this.
pub(crate) const LATE_MESSAGES: Duration = Duration::from_secs(60);
/// How much of a chat is looked through at a time.
const STRETCH: u64 = 2_000;
const DEAD_LETTERS: u32 = 200;

/// What a sender learns who writes to somebody who is gone.
pub const GONE: &str = "this account was deleted";

/// All devices are signed out. Signing in before it is due takes it back.
pub async fn ask(core: &Core, caller: Caller, req: DeleteMe) -> Result<Deletion> {
    step_up::require(core, caller, req.password.as_deref()).await?;
    let user = core.store.user(caller.user).await?.ok_or(Error::Unauthenticated)?;
    if user.role == UserRole::Admin {
        // So that there is always one left.
        return Err(Error::Conflict("another admin must take your role away first".into()));
    }
    let asked_at = core.clock.now();
    let due_at = asked_at.plus(core.auth.deletion_grace);
    let (messages, stage) = (req.messages, DeletionStage::Asked);
    let asked = DeletionRecord { messages, asked_at, due_at, stage };
    accounts::note(core, user.id, AuditAction::AccountDeleted, "asked for").await?;
    let job = Job::DeleteAccount { user: user.id, asked_at };
    let key = JobKey::of(format!("deletion:{}:{}", user.id, asked_at.0));
    jobs::push(core, &job, key, due_at).await?;
    let asked = match core.store.ask_deletion(user.id, &asked).await? {
        true => asked,
        // On another device, at the same moment.
        false => core.store.user(user.id).await?.and_then(|user| user.deletion).unwrap_or(asked),
    };
    auth::end_all_sessions(core, user.id, RevokeReason::Deleted).await?;
    let deletion = Deletion { messages: asked.messages, at: asked.due_at };
    if !core.auth.deletion_grace.is_zero() {
        let letter = Letter::DeletionScheduled { until: deletion.at };
        letters::tell(core, user.id, letter).await?;
    }
    Ok(deletion)
}

/// For the command line, by user name or e-mail address: at once, and not to be taken back.
pub async fn order(order: &Order<'_>, name: &str, messages: Leavings) -> Result<()> {
    let (store, now) = (order.store, order.at);
    let known = store.credentials(&name.trim().to_lowercase()).await?;
    let user = known.ok_or(Error::NotFound("user"))?.user_id;
    let (actor, target) = (AuditActor::Operator, Some(AuditTarget::user(user)));
    let detail = json!({ "how": "ordered", "messages": messages });
    audit::note_in(store, now, actor, AuditAction::AccountDeleted, target, detail).await?;
    store.take_deletion_back(user).await?;
    let stage = DeletionStage::Asked;
    let ordered = DeletionRecord { messages, asked_at: now, due_at: now, stage };
    jobs::push_from_outside(order, &Job::DeleteAccount { user, asked_at: now }).await?;
    if !store.ask_deletion(user, &ordered).await? {
        return Err(Error::Conflict("the account is being deleted already".into()));
    }
    store.begin_deletion(user, now).await?;
    Ok(())
}

/// For whoever has just signed in: answers whether there was something to take back.
pub(crate) async fn take_back(core: &Core, user: &UserRecord) -> Result<bool> {
    if user.deletion.is_none() {
        return Ok(false);
    }
    if core.store.take_deletion_back(user.id).await? {
        accounts::note(core, user.id, AuditAction::AccountDeleted, "taken back").await?;
        letters::tell(core, user.id, Letter::DeletionCancelled).await?;
        return Ok(true);
    }
    // On another device, at the same moment; or it is too late.
    match core.store.user(user.id).await?.and_then(|user| user.deletion) {
        Some(_) => Err(Error::Gone(GONE.into())),
        None => Ok(true),
    }
}

/// Carries a [`Job::DeleteAccount`] out.
pub(crate) async fn carry_out(
    core: &Core,
    user: UserId,
    asked_at: Timestamp,
) -> Result<(), JobError> {
    let record = core.store.user(user).await?;
    let asked = record.and_then(|record| record.deletion);
    let Some(asked) = asked.filter(|asked| asked.asked_at == asked_at) else {
        return jobs::not_yet(core, asked_at);
    };
    if asked.stage == DeletionStage::Asked {
        let (action, target) = (AuditAction::AccountDeleted, Some(AuditTarget::user(user)));
        let detail = json!({ "how": "carried out", "messages": asked.messages });
        audit::note(core, AuditActor::Server, action, target, detail).await?;
    }
    if !core.store.begin_deletion(user, asked_at).await? {
        return Ok(());
    }
    end(core, user, asked.messages).await
}

/// Each step does nothing where it was done before.
async fn end(core: &Core, user: UserId, messages: Leavings) -> Result<(), JobError> {
    auth::end_all_sessions(core, user, RevokeReason::Deleted).await?;
    fault("deletion.begun");
    forget_failed(core, user).await?;
    chats::leave_everything(core, user).await?;
    fault("deletion.left");
    if messages == Leavings::Remove {
        remove_messages(core, user).await?;
        let late = core.clock.now().plus(LATE_MESSAGES);
        let key = JobKey::of(format!("late-messages:{user}"));
        jobs::push(core, &Job::RemoveMessages { user }, key, late).await?;
    }
    fault("deletion.removed");
    let free = core.clock.now().plus(NAME_HELD);
    let key = JobKey::of(format!("free-name:{user}"));
    jobs::push(core, &Job::FreeName { user }, key, free).await?;
    exports::drop_all(core, user).await?;
    core.store.erase_user(user).await?;
    fault("deletion.erased");
    core.bus.publish(vec![Event::PrivacyChanged { user }]).await?;
    Ok(())
}

/// What they wrote and could not be sent waits for nobody.
async fn forget_failed(core: &Core, user: UserId) -> Result<()> {
    loop {
        let dead = core.queue.dead_letters_of(user, DEAD_LETTERS).await?;
        for letter in &dead {
            core.queue.discard(letter.op.id).await?;
        }
        if dead.len() < DEAD_LETTERS as usize {
            return Ok(());
        }
    }
}

/// Carries a [`Job::RemoveMessages`] out: each text of theirs becomes a removed message, by an op on
/// its chat's lane.
pub(crate) async fn remove_messages(core: &Core, user: UserId) -> Result<()> {
    for chat in core.store.chats_ever_of(user).await? {
        let Some(record) = core.store.chat(chat).await? else { continue };
        let mut after = 0;
        while after < record.last_seq {
            let up_to = after + STRETCH;
            let part = Writings { chat, sender: user, after, up_to };
            let found = core.store.writings(&part).await?;
            remove(core, user, chat, found).await?;
            after = up_to;
        }
    }
    Ok(())
}

/// Durable when it answers.
async fn remove(core: &Core, user: UserId, chat: ChatId, messages: Vec<MessageId>) -> Result<()> {
    let op = |message: MessageId| Op {
        id: OpId(core.ids.uuid()),
        chat,
        actor: user,
        queued_at: core.clock.now(),
        awaited: false,
        kind: OpKind::Erase { message },
    };
    let ops: Vec<Op> = messages.into_iter().map(op).collect();
    if ops.is_empty() {
        return Ok(());
    }
    for pushed in core.queue.push(ops).await {
        pushed?;
    }
    Ok(())
}
