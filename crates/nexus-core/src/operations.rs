//! What waits, what was given up, and how much there is: for admins.

use nexus_protocol::{
    AuditAction, AuditSubject, AuditTarget, DeadLetterView, DeadLetters, LaneQueue, MAX_PAGE, OpId,
    Queues, Stats,
};
use serde_json::json;

use crate::{
    Core, Error, Result, cursor,
    ports::{DeadLetter, JobRecord, LaneStats, PortError, Queue},
    staff::{Order, Power, Staff},
};

pub async fn queues(core: &Core, staff: &Staff) -> Result<Queues> {
    staff.require(core, Power::SeeQueues).await?;
    let (lanes, all) = (core.queue.lane_stats().await?, core.queue.stats().await?);
    let jobs = core.store.job_stats().await?;
    let show = |LaneStats { lane, owner, depth, oldest_at, .. }| LaneQueue {
        lane,
        owner,
        depth,
        oldest_at,
    };
    Ok(Queues {
        lanes: lanes.into_iter().map(show).collect(),
        depth: all.depth,
        oldest_at: all.oldest_at,
        retrying: all.retrying,
        dead_letters: all.dead,
        jobs: jobs.waiting,
        dead_jobs: jobs.dead,
    })
}

pub async fn stats(core: &Core, staff: &Staff) -> Result<Stats> {
    staff.require(core, Power::SeeStats).await?;
    Ok(core.store.stats(core.clock.now()).await?)
}

/// One page, the last that died first; without what people wrote.
pub async fn dead_letters(
    core: &Core,
    staff: &Staff,
    cursor: Option<&str>,
    limit: u32,
) -> Result<DeadLetters> {
    staff.require(core, Power::SeeDeadLetters).await?;
    let before = cursor.map(cursor::read).transpose()?;
    let limit = limit.clamp(1, MAX_PAGE);
    let mut letters = core.queue.dead_letters(before, limit + 1).await?;
    let next_cursor = cursor::cut(&mut letters, limit, |last| cursor::write(&last.died_at));
    Ok(DeadLetters { dead_letters: letters.iter().map(show).collect(), next_cursor })
}

/// With what somebody wrote: who looks at it is noted.
pub async fn dead_letter(core: &Core, staff: &Staff, id: OpId) -> Result<DeadLetterView> {
    staff.require(core, Power::SeeDeadLetters).await?;
    let letter = read(&Order::of(core, staff), &*core.queue, id).await?;
    let content = serde_json::to_value(&letter.op.kind)
        .map_err(|err| PortError::new("show a dead letter", err))?;
    Ok(DeadLetterView { content: Some(content), ..show(&letter) })
}

pub async fn replay(core: &Core, staff: &Staff, id: OpId) -> Result<()> {
    staff.require(core, Power::ChangeDeadLetters).await?;
    put_back(&Order::of(core, staff), &*core.queue, id).await
}

pub async fn discard(core: &Core, staff: &Staff, id: OpId) -> Result<()> {
    staff.require(core, Power::ChangeDeadLetters).await?;
    throw_away(&Order::of(core, staff), &*core.queue, id).await
}

/// With what somebody wrote. By `nexus admin`, too, like what follows.
pub async fn read(order: &Order<'_>, queue: &dyn Queue, id: OpId) -> Result<DeadLetter> {
    noted(order, queue, AuditAction::DeadLetterRead, id).await
}

pub async fn put_back(order: &Order<'_>, queue: &dyn Queue, id: OpId) -> Result<()> {
    noted(order, queue, AuditAction::DeadLetterReplayed, id).await?;
    match queue.replay(id).await? {
        true => Ok(()),
        false => Err(Error::NotFound("dead letter")),
    }
}

pub async fn throw_away(order: &Order<'_>, queue: &dyn Queue, id: OpId) -> Result<()> {
    noted(order, queue, AuditAction::DeadLetterDiscarded, id).await?;
    match queue.discard(id).await? {
        true => Ok(()),
        false => Err(Error::NotFound("dead letter")),
    }
}

async fn noted(
    order: &Order<'_>,
    queue: &dyn Queue,
    action: AuditAction,
    id: OpId,
) -> Result<DeadLetter> {
    let letter = queue.dead_letter(id).await?.ok_or(Error::NotFound("dead letter"))?;
    let target = AuditTarget::new(AuditSubject::DeadLetter, letter.op.id.0);
    let detail = json!({ "chatId": letter.op.chat, "actorId": letter.op.actor });
    order.note(action, target, detail).await?;
    Ok(letter)
}

/// A side job that was given up begins anew.
pub async fn replay_job(order: &Order<'_>, job: &JobRecord) -> Result<()> {
    note_job(order, AuditAction::JobReplayed, job).await?;
    match order.store.replay_job(job.id, order.at).await? {
        true => Ok(()),
        false => Err(Error::NotFound("job")),
    }
}

pub async fn discard_job(order: &Order<'_>, job: &JobRecord) -> Result<()> {
    note_job(order, AuditAction::JobDiscarded, job).await?;
    match order.store.discard_job(job.id).await? {
        true => Ok(()),
        false => Err(Error::NotFound("job")),
    }
}

async fn note_job(order: &Order<'_>, action: AuditAction, job: &JobRecord) -> Result<()> {
    let target = AuditTarget::new(AuditSubject::Job, job.id.0);
    order.note(action, target, json!({ "kind": job.kind })).await
}

fn show(letter: &DeadLetter) -> DeadLetterView {
    DeadLetterView {
        id: letter.op.id,
        chat_id: letter.op.chat,
        actor_id: letter.op.actor,
        kind: letter.op.kind.name().to_owned(),
        queued_at: letter.op.queued_at,
        died_at: letter.died_at,
        attempts: letter.attempts,
        code: letter.rejection.code,
        reason: letter.rejection.reason.clone(),
        content: None,
    }
}
