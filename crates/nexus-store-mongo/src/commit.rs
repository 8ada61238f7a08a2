//! Carries out ops: core decides, the log takes them, then they are applied. See ADR 8.

use std::{collections::HashSet, time::Duration};

use bson::{Bson, Uuid, doc};
use futures_util::future::join_all;
use mongodb::{
    ClientSession,
    error::{ErrorKind, InsertManyError},
};
use nexus_core::{
    ops::{self, Decision, MemberChange, Op, OpKind, Write, decide, done_before},
    ports::{Outcome, PortResult},
};
use nexus_protocol::{ChatId, RemovalReason, Timestamp, UserId};

use crate::{
    MongoDatabase,
    apply::{self, Met},
    columns::{date, id, int, uuid},
    fault,
    group::Answers,
    log::Entry,
    memory::Known,
    records::Deletion,
    run::{DUPLICATE_KEY, Failure, Result},
    state::{Facts, Need, Reader, Turn},
    wipe,
};

/// How often in a row others may be faster.
const TRIES: u32 = 30;

const DOING: &str = "commit ops";

/// What is about messages alone goes with what other lanes have. The rest may take long (a chat with
/// many members, or one that is deleted), and nobody shall wait for it.
pub async fn commit(database: &MongoDatabase, ops: Vec<Op>) -> PortResult<Vec<Outcome>> {
    if !ops.iter().all(is_about_a_message) {
        return alone(database.clone(), ops).await;
    }
    let handle = database.clone();
    let commit = move |calls| together(handle.clone(), calls);
    database.commits.clone().call(DOING, ops, commit).await
}

/// In one go. If that fails each call has a try of its own, so that none fails by another's ops.
pub async fn together(database: MongoDatabase, calls: Vec<Vec<Op>>) -> Answers<Outcome> {
    let counts: Vec<usize> = calls.iter().map(Vec::len).collect();
    match alone(database.clone(), calls.concat()).await {
        Ok(outcomes) => {
            let mut outcomes = outcomes.into_iter();
            let parts = counts.into_iter().map(|count| outcomes.by_ref().take(count).collect());
            Ok(parts.map(Ok).collect())
        }
        Err(error) if calls.len() == 1 => Err(error),
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                calls = calls.len(),
                "committing each by itself"
            );
            let alone = calls.into_iter().map(|ops| alone(database.clone(), ops));
            Ok(join_all(alone).await)
        }
    }
}

async fn alone(database: MongoDatabase, ops: Vec<Op>) -> PortResult<Vec<Outcome>> {
    database.run(DOING, carry_out(database.clone(), ops)).await
}

async fn carry_out(database: MongoDatabase, ops: Vec<Op>) -> Result<Vec<Outcome>> {
    let now = database.clock.now();
    let mut session = database.client.start_session().causal_consistency(true).await?;
    database.memory.seen().into_iter().for_each(|seen| session.advance_operation_time(seen));
    let mut batch = Batch { database: &database, session, now, outcomes: Vec::new() };
    let done = batch.carry_out(&ops).await;
    database.memory.see(batch.session.operation_time());
    done.map(|()| batch.outcomes)
}

struct Batch<'a> {
    database: &'a MongoDatabase,
    session: ClientSession,
    now: Timestamp,
    /// Of the first ops.
    outcomes: Vec<Outcome>,
}

/// What to go by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// What is remembered: good for whatever is written, which finds out if it is stale.
    Memory,
    /// What has been read after it was clear that this is the primary: good for everything.
    Confirmed,
}

/// What the ops of a round come to, as far as it goes.
#[derive(Default)]
struct Plan {
    entries: Vec<Entry>,
    outcomes: Vec<Outcome>,
    /// How many of `entries` there are up to each outcome.
    ends: Vec<usize>,
    /// The next op deletes its chat.
    deletes: Option<Write>,
}

impl Batch<'_> {
    async fn carry_out(&mut self, ops: &[Op]) -> Result<()> {
        let (mut basis, mut tries) = (Basis::Memory, 0);
        while self.outcomes.len() < ops.len() {
            let before = self.outcomes.len();
            let is_smooth = self.round(&ops[before..], basis).await?;
            let is_done = self.outcomes.len() > before;
            tries = if is_done || is_smooth { 0 } else { tries + 1 };
            if tries > TRIES {
                return Err(Failure::Contended);
            }
            // What another has put there may not be readable for some milliseconds.
            tokio::time::sleep(Duration::from_millis(u64::from(tries * tries).min(100))).await;
            basis = Basis::Confirmed;
        }
        Ok(())
    }

    /// Carries out the first of the ops, as many as can be done in one go; answers whether nobody
    /// came in between.
    async fn round(&mut self, ops: &[Op], basis: Basis) -> Result<bool> {
        let known = self.begin(ops, basis).await?;
        let mut reader = Reader { database: self.database, session: &mut self.session };
        let mut facts = Facts::read(&mut reader, ops, known, basis).await?;
        let mut plan = plan(&mut reader, &mut facts, ops, basis, self.now).await?;
        let inserted = self.insert(&plan.entries).await?;
        let mut settled = plan.ends.partition_point(|end| *end <= inserted);
        let entries = &plan.entries[..inserted];
        if !entries.is_empty() {
            let gone = self.apply(entries).await?;
            let lost = ops.iter().position(|op| gone.contains(&op.chat));
            settled = settled.min(lost.unwrap_or(settled));
        }
        let is_smooth = settled == plan.outcomes.len();
        self.outcomes.extend(plan.outcomes.drain(..settled));
        if !is_smooth {
            return Ok(false);
        }
        if let (Some(write), Some(op)) = (plan.deletes, ops.get(settled)) {
            return self.delete(op, write, &facts).await;
        }
        facts.known().for_each(|known| self.database.memory.put(known));
        Ok(true)
    }

    /// Takes what is remembered, or makes sure that what is read next is the latest.
    async fn begin(&mut self, ops: &[Op], basis: Basis) -> Result<Vec<Known>> {
        let chats: HashSet<ChatId> = ops.iter().map(|op| op.chat).collect();
        let known = chats.iter().filter_map(|chat| self.database.memory.take(*chat)).collect();
        if basis == Basis::Memory {
            return Ok(known);
        }
        // Changes nothing, but only a primary can have a majority confirm it.
        let chats: Vec<Bson> = chats.into_iter().map(|chat| id(chat.0).into()).collect();
        self.database
            .collection::<bson::Document>("chats")
            .update_many(doc! { "_id": { "$in": chats } }, doc! { "$max": { "lastRev": 0_i64 } })
            .session(&mut self.session)
            .await?;
        Ok(Vec::new())
    }

    /// Answers how many of the entries are in the log now: all, or those before one whose number
    /// another was faster to take.
    async fn insert(&mut self, entries: &[Entry]) -> Result<usize> {
        if entries.is_empty() {
            return Ok(0);
        }
        fault::point("mongo.before_insert")?;
        let messages = self.database.collection::<Entry>("messages");
        let inserting = messages.insert_many(entries).session(&mut self.session).await;
        match inserting {
            Ok(_) => Ok(entries.len()),
            Err(error) => match error.kind.as_ref() {
                ErrorKind::InsertMany(failed) => taken_at(failed).ok_or(error.into()),
                _ => Err(error.into()),
            },
        }
    }

    /// Answers the chats that are no more: they were deleted while this batch was decided.
    async fn apply(&mut self, entries: &[Entry]) -> Result<HashSet<ChatId>> {
        fault::point("mongo.inserted")?;
        let met = apply::apply(self.database, &mut self.session, entries).await?;
        fault::point("mongo.applied")?;
        if met == Met::All {
            return Ok(HashSet::new());
        }
        let chats: HashSet<_> = entries.iter().map(|entry| entry.chat).collect();
        let gone = wipe::gone(self.database, &mut self.session, &chats).await?;
        for chat in &gone {
            wipe::wipe(self.database, &mut self.session, *chat).await?;
        }
        Ok(gone.into_iter().map(|chat| ChatId(uuid(chat))).collect())
    }

    /// Marks the chat as deleted, unless something else has come into its log; then all of it goes.
    async fn delete(&mut self, op: &Op, write: Write, facts: &Facts) -> Result<bool> {
        let chat = id(op.chat.0);
        if let Some(deletion) = facts.deletion(op.chat) {
            return self.wipe(chat, deletion, write).await;
        }
        let Some(record) = facts.record(op.chat) else { return Ok(false) };
        let present = wipe::present(self.database, &mut self.session, chat).await?;
        let deletion = Deletion { by: id(op.id.0), at: date(self.now), present };
        let rev = int(record.last_rev);
        if !wipe::mark(self.database, &mut self.session, chat, rev, &deletion).await? {
            return Ok(false);
        }
        fault::point("mongo.marked")?;
        self.wipe(chat, &deletion, write).await
    }

    async fn wipe(&mut self, chat: Uuid, deletion: &Deletion, write: Write) -> Result<bool> {
        wipe::wipe(self.database, &mut self.session, chat).await?;
        let present: Vec<_> = deletion.present.iter().map(|user| UserId(uuid(*user))).collect();
        self.outcomes.push(Outcome::Done(ops::done(write, &present)));
        Ok(true)
    }
}

/// Decides the ops one after the other, up to one that needs a better basis or a round of its own.
async fn plan(
    reader: &mut Reader<'_>,
    facts: &mut Facts,
    ops: &[Op],
    basis: Basis,
    now: Timestamp,
) -> Result<Plan> {
    let mut plan = Plan::default();
    for op in ops {
        if let Some(again) = told_again(op, facts) {
            plan.deletes = Some(again);
            break;
        }
        let decided = ask(reader, facts, op, |turn| decide(op, turn, now)).await?;
        let outcome = match decided {
            Decision::Write(write) if write.delete_chat => {
                // With nothing before it in this round, on which it would depend.
                if basis == Basis::Confirmed && plan.entries.is_empty() {
                    plan.deletes = Some(*write);
                }
                break;
            }
            Decision::Write(write) => {
                plan.entries.push(facts.take(op, &write, now)?);
                Outcome::Done(ops::done(*write, &[]))
            }
            // These write nothing that could find out that they are wrong.
            Decision::Reject(_) if basis == Basis::Memory => break,
            Decision::Nothing(_) if basis == Basis::Memory && !is_done_to_a_message(op, facts) => {
                break;
            }
            Decision::Reject(rejection) => Outcome::Rejected(rejection),
            Decision::Nothing(message) => {
                let again = |turn: &mut Turn<'_>| done_before(op, message.clone(), turn);
                Outcome::Done(ask(reader, facts, op, again).await?)
            }
        };
        plan.outcomes.push(outcome);
        plan.ends.push(plan.entries.len());
    }
    Ok(plan)
}

/// Asks until all that the question needs is known.
async fn ask<T>(
    reader: &mut Reader<'_>,
    facts: &mut Facts,
    op: &Op,
    mut question: impl FnMut(&mut Turn<'_>) -> Result<T, Need>,
) -> Result<T> {
    loop {
        match question(&mut Turn { facts, chat: op.chat }) {
            Ok(answer) => return Ok(answer),
            Err(need) => facts.fetch(reader, need).await?,
        }
    }
}

/// The op deleted its chat in an earlier try: what it did, to be told again.
fn told_again(op: &Op, facts: &Facts) -> Option<Write> {
    facts.deletion(op.chat).filter(|deletion| deletion.by == id(op.id.0))?;
    let members = match op.kind {
        OpKind::DeleteChat => Vec::new(),
        _ => vec![(op.actor, MemberChange::Leave(RemovalReason::Left))],
    };
    Some(Write { members, delete_chat: true, ..Write::default() })
}

/// Whether it is about a message alone, and in the log.
fn is_done_to_a_message(op: &Op, facts: &Facts) -> bool {
    is_about_a_message(op) && facts.is_done(op.id)
}

fn is_about_a_message(op: &Op) -> bool {
    matches!(
        op.kind,
        OpKind::Send(_)
            | OpKind::Edit { .. }
            | OpKind::Delete { .. }
            | OpKind::Sweep { .. }
            | OpKind::React { .. }
            | OpKind::Pin { .. }
            | OpKind::Expire { .. }
    )
}

/// Where an ordered insertion met a number or an id that is taken, if that is all that went wrong.
fn taken_at(failed: &InsertManyError) -> Option<usize> {
    match failed.write_errors.as_deref() {
        Some([error]) if error.code == DUPLICATE_KEY && failed.write_concern_error.is_none() => {
            Some(error.index)
        }
        _ => None,
    }
}
