//! Removing many messages of one user, chat by chat, as changes on the chats' lanes.
//!
//! A side job finds them and queues their deletion; it notes how far it has come after each stretch
//! of a chat, so that a crash repeats one stretch at most, which does nothing twice. It goes by
//! twice: the first time, some of what they wrote may still wait for its place in a chat.

use std::time::Duration;

use nexus_protocol::{
    AuditAction, AuditActor, AuditSubject, AuditTarget, ChatId, MessageId, OpId, StartSweep, Sweep,
    SweepId, SweepState, Timestamp, UserId,
};
use serde_json::json;

use crate::{
    Core, Error, Result, audit,
    deletion::LATE_MESSAGES,
    jobs::{self, Job, JobError, JobKey},
    ops::{Op, OpKind},
    ports::{Store, Stretch, SweepRecord},
    staff::{Order, Power, Staff},
};

/// How much of a chat is looked through at a time.
const STRETCH: u64 = 2_000;
/// Beyond any `seq`; small enough for every store.
const END: u64 = i64::MAX as u64;
/// What a dry run counts at most.
const MAX_COUNTED: u64 = 10_000;
/// The job is there first. Most sweeps are by then, and it need not be tried again.
const BEING_WRITTEN: Duration = Duration::from_secs(1);

/// Counts, or starts a side job that deletes.
pub async fn start(core: &Core, staff: &Staff, req: StartSweep) -> Result<Sweep> {
    staff.require(core, Power::Sweep).await?;
    check(&req)?;
    require_below(core, staff, req.user_id).await?;
    let order = Order::of(core, staff);
    match req.dry_run {
        true => count(&order, req).await,
        false => begin(core, &order, SweepId(core.ids.uuid()), &req).await,
    }
}

/// One's own messages anybody of the staff may sweep.
pub(crate) async fn require_below(core: &Core, staff: &Staff, user: UserId) -> Result<()> {
    let record = core.store.user(user).await?.ok_or(Error::NotFound("user"))?;
    if record.role >= staff.role && user != staff.user {
        return Err(Error::Forbidden("only for messages of users below you".into()));
    }
    Ok(())
}

async fn begin(core: &Core, order: &Order<'_>, id: SweepId, req: &StartSweep) -> Result<Sweep> {
    let key = JobKey::of(format!("sweep:{id}"));
    jobs::push(core, &Job::Sweep { id }, key, order.at.plus(BEING_WRITTEN)).await?;
    write_down(order, id, req).await
}

/// By `nexus admin`: a server that runs carries it out.
pub async fn start_by_operator(order: &Order<'_>, req: StartSweep) -> Result<Sweep> {
    check(&req)?;
    if req.dry_run {
        return count(order, req).await;
    }
    let id = SweepId(order.ids.uuid());
    jobs::push_from_outside(order, &Job::Sweep { id }).await?;
    write_down(order, id, &req).await
}

fn check(req: &StartSweep) -> Result<()> {
    match (req.from, req.to) {
        (Some(from), Some(to)) if from >= to => Err(Error::invalid("to", "is not after from")),
        _ => Ok(()),
    }
}

/// All that the reported wrote in the chat of the report, or anywhere; again does nothing more.
pub(crate) async fn start_for_report(
    core: &Core,
    order: &Order<'_>,
    id: SweepId,
    user_id: UserId,
    chat_id: Option<ChatId>,
) -> Result<()> {
    if order.store.sweep(id).await?.is_none() {
        let req = StartSweep { user_id, chat_id, from: None, to: None, dry_run: false };
        begin(core, order, id, &req).await?;
    }
    Ok(())
}

pub async fn get(core: &Core, staff: &Staff, id: SweepId) -> Result<Sweep> {
    staff.require(core, Power::SeeSweeps).await?;
    Ok(core.store.sweep(id).await?.ok_or(Error::NotFound("sweep"))?.sweep)
}

async fn chats(store: &dyn Store, user: UserId, only: Option<ChatId>) -> Result<Vec<ChatId>> {
    let mut chats = store.chats_ever_of(user).await?;
    chats.retain(|chat| only.is_none_or(|only| *chat == only));
    Ok(chats)
}

/// With nothing found yet.
fn record(order: &Order<'_>, req: &StartSweep, chats: usize) -> Sweep {
    Sweep {
        id: None,
        user_id: req.user_id,
        chat_id: req.chat_id,
        from: req.from,
        to: req.to,
        by: order.actor.user(),
        started_at: order.at,
        finished_at: None,
        state: SweepState::DryRun,
        chats: u32::try_from(chats).unwrap_or(u32::MAX),
        chats_done: 0,
        messages: 0,
    }
}

async fn count(order: &Order<'_>, req: StartSweep) -> Result<Sweep> {
    let chats = chats(order.store, req.user_id, req.chat_id).await?;
    let mut sweep = record(order, &req, chats.len());
    for chat in chats {
        let mut after = Some(0);
        while let Some(start) = after.filter(|_| sweep.messages < MAX_COUNTED) {
            let found;
            (found, after) = stretch(order.store, &sweep, chat, start).await?;
            sweep.messages += found.len() as u64;
        }
        sweep.chats_done += 1;
    }
    sweep.messages = sweep.messages.min(MAX_COUNTED);
    Ok(sweep)
}

/// For the side job to go by.
async fn write_down(order: &Order<'_>, id: SweepId, req: &StartSweep) -> Result<Sweep> {
    let chats = chats(order.store, req.user_id, req.chat_id).await?;
    let sweep =
        Sweep { id: Some(id), state: SweepState::Running, ..record(order, req, chats.len()) };
    let detail = json!({
        "userId": sweep.user_id, "chatId": sweep.chat_id, "from": sweep.from, "to": sweep.to
    });
    let target = AuditTarget::new(AuditSubject::Sweep, id.0);
    order.note(AuditAction::SweepStarted, target, detail).await?;
    let new = SweepRecord { id, sweep: sweep.clone(), reached: None, passed_at: None };
    order.store.save_sweep(&new).await?;
    Ok(sweep)
}

/// Carries a [`Job::Sweep`] out.
pub(crate) async fn run(core: &Core, id: SweepId, pushed_at: Timestamp) -> Result<(), JobError> {
    let Some(mut record) = core.store.sweep(id).await? else {
        return jobs::not_yet(core, pushed_at);
    };
    if record.sweep.state != SweepState::Running || record.passed_at.is_some() {
        return Ok(());
    }
    pass(core, &mut record).await?;
    let now = core.clock.now();
    let key = JobKey::of(format!("finish-sweep:{id}"));
    jobs::push(core, &Job::FinishSweep { id }, key, now.plus(LATE_MESSAGES)).await?;
    (record.passed_at, record.reached) = (Some(now), None);
    Ok(core.store.save_sweep(&record).await?)
}

/// Carries a [`Job::FinishSweep`] out.
pub(crate) async fn finish(core: &Core, id: SweepId) -> Result<(), JobError> {
    let record = core.store.sweep(id).await?;
    let running = record.filter(|record| record.sweep.state == SweepState::Running);
    let Some(mut record) = running else { return Ok(()) };
    if record.passed_at.is_none() {
        return Err(JobError::Retry { after: None, why: "it has not gone by once".to_owned() });
    }
    pass(core, &mut record).await?;
    end(core, record).await.map_err(JobError::from)
}

/// Through all chats, on from where it was.
async fn pass(core: &Core, record: &mut SweepRecord) -> Result<()> {
    // What was written after the first time stays.
    let to = record.sweep.to.into_iter().chain(record.passed_at).min();
    let sweep = Sweep { to, ..record.sweep.clone() };
    let chats = chats(&*core.store, sweep.user_id, sweep.chat_id).await?;
    let (reached, seq) = record.reached.unwrap_or((ChatId(uuid::Uuid::nil()), 0));
    let is_left = |chat: &ChatId| *chat > reached || (*chat == reached && seq < END);
    for chat in chats.into_iter().filter(is_left) {
        let mut after = Some(if chat == reached { seq } else { 0 });
        while let Some(start) = after {
            let found;
            (found, after) = stretch(&*core.store, &sweep, chat, start).await?;
            delete(core, &sweep, chat, &found).await?;
            record.sweep.messages += found.len() as u64;
            record.sweep.chats_done += u32::from(after.is_none() && record.passed_at.is_none());
            record.reached = Some((chat, after.unwrap_or(END)));
            core.store.save_sweep(record).await?;
        }
    }
    Ok(())
}

async fn end(core: &Core, mut record: SweepRecord) -> Result<()> {
    let target = AuditTarget::new(AuditSubject::Sweep, record.id.0);
    // Whoever tried before may have died between the two.
    if !audit::is_noted(&*core.store, None, AuditAction::SweepEnded, target).await? {
        let detail = json!({ "messages": record.sweep.messages });
        let (actor, action) = (AuditActor::Server, AuditAction::SweepEnded);
        audit::note(core, actor, action, Some(target), detail).await?;
    }
    record.sweep.state = SweepState::Done;
    record.sweep.finished_at = Some(core.clock.now());
    Ok(core.store.save_sweep(&record).await?)
}

/// What there is above `after`, and where to go on; nowhere at the end of the chat.
async fn stretch(
    store: &dyn Store,
    sweep: &Sweep,
    chat: ChatId,
    after: u64,
) -> Result<(Vec<MessageId>, Option<u64>)> {
    let Some(record) = store.chat(chat).await? else { return Ok((Vec::new(), None)) };
    let up_to = after.saturating_add(STRETCH);
    let (sender, from, to) = (sweep.user_id, sweep.from, sweep.to);
    let stretch = Stretch { chat, sender, after, up_to, from, to };
    let found = store.texts_of(&stretch).await?;
    Ok((found, Some(up_to).filter(|up_to| *up_to < record.last_seq)))
}

/// Durable when it answers.
async fn delete(core: &Core, sweep: &Sweep, chat: ChatId, messages: &[MessageId]) -> Result<()> {
    // An operator has no account.
    let actor = sweep.by.unwrap_or(sweep.user_id);
    let op = |message: &MessageId| Op {
        id: OpId(core.ids.uuid()),
        chat,
        actor,
        queued_at: core.clock.now(),
        awaited: false,
        kind: OpKind::Sweep { message: *message },
    };
    let ops: Vec<Op> = messages.iter().map(op).collect();
    if ops.is_empty() {
        return Ok(());
    }
    for pushed in core.queue.push(ops).await {
        pushed?;
    }
    Ok(())
}
