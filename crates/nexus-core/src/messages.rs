//! Sending, changing and reading messages.

use std::{collections::HashSet, sync::Arc};

use aws_lc_rs::digest;
use nexus_protocol::{
    ChangeQueued, ChatId, ChatType, DeleteScope, Edit, ErrorCode, MAX_CLIENT_ID_BYTES,
    MAX_CONTENT_CHARS, MAX_OUTBOX, MAX_PAGE, Message, MessageId, MessageReceipt, MessageType,
    MsgFailed, MsgSend, MsgSent, OpId, ReplyTo, Role, SendStatus, Timestamp, UserId,
};
use uuid::Uuid;

use crate::{
    Core, Error, Result, bonds,
    chats::op,
    limits,
    members::{self, MemberSet},
    ops::{NewMessage, Op, OpKind},
    pending::perform,
    ports::{DeadLetter, Event, Page, StoredMessage},
    receipts, slow_mode,
    validate::{self, Findings},
};

const MAX_MENTIONS: usize = 50;
const PREVIEW_CHARS: usize = 120;
const MAX_FAILED_TOLD: u32 = 50;

/// A message that is in the queue, or has its place in the chat.
pub struct Accepted {
    pub sent: MsgSent,
    /// It had failed then, and lives again: who is told of that death after this answer would
    /// believe the wrong one.
    pub died_at: Option<Timestamp>,
}

impl Accepted {
    fn new(sent: MsgSent) -> Accepted {
        Accepted { sent, died_at: None }
    }
}

/// Checks the message and puts it into the queue. Its place in the chat is given by the worker.
pub async fn send(core: &Core, sender: UserId, req: MsgSend) -> Result<Accepted> {
    let mut answers = send_all(core, sender, vec![req]).await?;
    answers.pop().unwrap_or(Err(Error::StillQueued))
}

/// An outbox flush: in order, up to the first refusal, which is the last answer. What follows it is
/// not in the queue, unless it is of another chat; its repeat finds it there.
pub async fn send_all(
    core: &Core,
    sender: UserId,
    outbox: Vec<MsgSend>,
) -> Result<Vec<Result<Accepted>>> {
    if outbox.is_empty() || outbox.len() > MAX_OUTBOX {
        return Err(Error::Malformed(format!("send 1 to {MAX_OUTBOX} messages at once")));
    }
    let (mut accepted, mut refusal) = (Vec::with_capacity(outbox.len()), None);
    let (mut ops, mut places) = (Vec::new(), Vec::new());
    for req in outbox {
        match prepare(core, sender, req).await {
            Ok(Prepared::Repeat(sent)) => accepted.push(Accepted::new(sent)),
            Ok(Prepared::New(sent, op)) => {
                places.push(accepted.len());
                ops.push(*op);
                accepted.push(Accepted::new(sent));
            }
            Err(err) => {
                refusal = Some(err);
                break;
            }
        }
    }
    if !ops.is_empty() {
        for (place, pushed) in places.into_iter().zip(core.queue.push(ops).await) {
            match pushed {
                Ok(pushed) => accepted[place].died_at = pushed.died_at,
                Err(err) => {
                    accepted.truncate(place);
                    refusal = Some(err.into());
                    break;
                }
            }
        }
    }
    Ok(accepted.into_iter().map(Ok).chain(refusal.map(Err)).collect())
}

enum Prepared {
    /// Of a message that has its place already, or waits for it.
    Repeat(MsgSent),
    New(MsgSent, Box<Op>),
}

async fn prepare(core: &Core, sender: UserId, req: MsgSend) -> Result<Prepared> {
    let mut findings = Findings::default();
    if req.client_id.is_empty() || req.client_id.len() > MAX_CLIENT_ID_BYTES {
        findings.note("clientId", "must have 1 to 64 bytes", Some(MAX_CLIENT_ID_BYTES as u64));
    }
    if req.r#type != MessageType::Text {
        findings.note("type", "can only be text", None);
    }
    findings.text("content", &req.content, 1, MAX_CONTENT_CHARS);
    if req.mentions.len() > MAX_MENTIONS {
        findings.note("mentions", "are too many", Some(MAX_MENTIONS as u64));
    }
    findings.done()?;
    let chat = may_write(core, req.chat_id, sender).await?;
    let mut seen = HashSet::new();
    let mentions: Vec<UserId> =
        req.mentions.into_iter().filter(|user| seen.insert(*user)).collect();
    if mentions.iter().any(|user| !chat.roles.contains_key(user)) {
        return Err(Error::invalid("mentions", "must be members of the chat"));
    }

    let id = message_id(req.chat_id, sender, &req.client_id);
    let sent = |status, seq| MsgSent { status, id, client_id: req.client_id.clone(), seq };
    if let Some(known) = core.store.message(id).await? {
        return Ok(Prepared::Repeat(sent(SendStatus::Sent, Some(known.message.seq))));
    }
    bonds::require_open(core, sender, &chat).await?;
    limits::require(&core.limits, limits::Tier::Send, &sender.to_string(), 1).await?;
    let reply_to = match req.reply_to {
        Some(target) => Some(quote(core, req.chat_id, sender, target).await?),
        None => None,
    };
    let queued_at = core.clock.now();
    if let Err(too_soon) = slow_mode::reserve(core, req.chat_id, sender, &chat).await {
        return match repeated(core, id).await? {
            Some((status, seq)) => Ok(Prepared::Repeat(sent(status, seq))),
            None => Err(too_soon),
        };
    }
    let new = NewMessage {
        client_id: req.client_id.clone(),
        content: req.content.clone(),
        reply_to,
        forwarded: false,
        mentions,
    };
    let op = Op {
        id: OpId(id.0),
        chat: req.chat_id,
        actor: sender,
        queued_at,
        awaited: false,
        kind: OpKind::Send(new),
    };
    Ok(Prepared::New(sent(SendStatus::Queued, None), Box::new(op)))
}

/// Whether the message was accepted before: its repeat is not another message.
async fn repeated(core: &Core, id: MessageId) -> Result<Option<(SendStatus, Option<u64>)>> {
    if core.queue.queued(OpId(id.0)).await?.is_some() {
        return Ok(Some((SendStatus::Queued, None)));
    }
    // In this order: it goes from there to here.
    let known = core.store.message(id).await?;
    Ok(known.map(|known| (SendStatus::Sent, Some(known.message.seq))))
}

pub(crate) async fn may_write(core: &Core, chat: ChatId, sender: UserId) -> Result<Arc<MemberSet>> {
    members::require_right(core, chat, sender, |may| may.send, "write here").await
}

/// The same for the same chat, sender and `clientId`, for ever.
///
/// Shaped as a UUIDv7. Its time is that of the `clientId` when this is a UUIDv7 itself, so that ids
/// made together lie together in an index; the rest is a SHA-256 that nobody can aim.
pub fn message_id(chat: ChatId, sender: UserId, client_id: &str) -> MessageId {
    let own = Uuid::try_parse(client_id).ok().filter(|uuid| uuid.get_version_num() == 7);
    let time = own.as_ref().and_then(|uuid| uuid.as_bytes().first_chunk());
    let parts = [chat.0.as_bytes(), sender.0.as_bytes(), client_id.as_bytes()];
    MessageId(derived_id(&parts, time))
}

pub(crate) fn derived_id(parts: &[&[u8]], time: Option<&[u8; 6]>) -> Uuid {
    let mut context = digest::Context::new(&digest::SHA256);
    parts.iter().for_each(|part| context.update(part));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&context.finish().as_ref()[..16]);
    if let Some(time) = time {
        bytes[..6].copy_from_slice(time);
    }
    bytes[6] = bytes[6] & 0x0F | 0x70;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    Uuid::from_bytes(bytes)
}

async fn quote(core: &Core, chat: ChatId, reader: UserId, target: MessageId) -> Result<ReplyTo> {
    let message = visible(core, reader, target).await?.message;
    if message.chat_id != chat {
        return Err(Error::NotFound("message"));
    }
    if message.deleted_at.is_some() || message.r#type == MessageType::System {
        return Err(Error::invalid("replyTo", "can't be replied to"));
    }
    Ok(ReplyTo {
        id: target,
        sender_id: message.sender_id,
        seq: Some(message.seq),
        preview: message.content.chars().take(PREVIEW_CHARS).collect(),
        expires_at: message.expires_at,
    })
}

/// The message, if this user may see it: a member of its chat, from then or with its history, who
/// has not hidden it.
pub(crate) async fn visible(core: &Core, reader: UserId, id: MessageId) -> Result<StoredMessage> {
    let not_found = || Error::NotFound("message");
    let message = core.store.message(id).await?.ok_or_else(not_found)?;
    let chat = message.message.chat_id;
    core.store.role(chat, reader).await?.ok_or_else(not_found)?;
    let here = Page::After(message.message.seq - 1);
    let page = core.store.page(chat, reader, here, 1).await?;
    page.into_iter().find(|shown| shown.message.id == id).ok_or_else(not_found)
}

pub async fn get(core: &Core, reader: UserId, id: MessageId) -> Result<Message> {
    Ok(visible(core, reader, id).await?.seen_by(reader))
}

pub async fn page(
    core: &Core,
    reader: UserId,
    chat: ChatId,
    page: Page,
    limit: u32,
) -> Result<Vec<Message>> {
    members::require_reader(core, chat, reader).await?;
    let found = core.store.page(chat, reader, page, limit.clamp(1, MAX_PAGE)).await?;
    Ok(found.iter().map(|message| message.seen_by(reader)).collect())
}

/// A change of a message, checked as far as it can be before its turn comes.
async fn change(core: &Core, actor: UserId, id: MessageId, kind: OpKind) -> Result<Op> {
    limits::require(&core.limits, limits::Tier::Send, &actor.to_string(), 1).await?;
    let message = visible(core, actor, id).await?.message;
    if matches!(kind, OpKind::Edit { .. }) && message.sender_id != actor {
        return Err(Error::Forbidden("only its sender may edit a message".into()));
    }
    if matches!(kind, OpKind::Delete { .. }) && message.sender_id != actor {
        let chat = members::require_member(core, message.chat_id, actor).await?;
        let is_moderator = chat.roles.get(&actor).is_some_and(|role| *role >= Role::Admin);
        if chat.r#type == ChatType::Direct || !is_moderator {
            return Err(Error::Forbidden("only its sender may delete a message".into()));
        }
    }
    if matches!(kind, OpKind::Pin { .. }) {
        members::require_right(core, message.chat_id, actor, |may| may.pin, "pin here").await?;
    }
    if !matches!(kind, OpKind::Delete { .. }) {
        if message.deleted_at.is_some() {
            return Err(Error::Gone("the message was deleted".into()));
        }
        // What is taken back is taken back from whoever has it.
        let chat = members::require_member(core, message.chat_id, actor).await?;
        bonds::require_open(core, actor, &chat).await?;
    }
    Ok(op(core, message.chat_id, actor, kind))
}

fn edit_of(id: MessageId, content: String) -> Result<OpKind> {
    let mut findings = Findings::default();
    findings.text("content", &content, 1, MAX_CONTENT_CHARS);
    findings.done()?;
    Ok(OpKind::Edit { message: id, content })
}

fn reaction_of(id: MessageId, emoji: String, on: bool) -> Result<OpKind> {
    validate::emoji(&emoji)?;
    Ok(OpKind::React { message: id, emoji, on })
}

/// How a change gets its answer: when it is durable, or when it is committed.
async fn enqueue(core: &Core, actor: UserId, id: MessageId, kind: OpKind) -> Result<ChangeQueued> {
    let op = change(core, actor, id, kind).await?;
    core.queue.push_one(op).await?;
    Ok(ChangeQueued { status: SendStatus::Queued, id })
}

async fn commit(core: &Core, actor: UserId, id: MessageId, kind: OpKind) -> Result<Message> {
    let done = perform(core, change(core, actor, id, kind).await?).await?;
    match done.message {
        // What it quotes may not be for everybody.
        Some(trace) if trace.message().message.reply_to.is_none() => {
            Ok(trace.message().seen_by(actor))
        }
        _ => get(core, actor, id).await,
    }
}

pub async fn enqueue_edit(
    core: &Core,
    actor: UserId,
    id: MessageId,
    content: String,
) -> Result<ChangeQueued> {
    enqueue(core, actor, id, edit_of(id, content)?).await
}

pub async fn edit(core: &Core, actor: UserId, id: MessageId, content: String) -> Result<Message> {
    commit(core, actor, id, edit_of(id, content)?).await
}

pub async fn enqueue_reaction(
    core: &Core,
    actor: UserId,
    id: MessageId,
    emoji: String,
    on: bool,
) -> Result<ChangeQueued> {
    enqueue(core, actor, id, reaction_of(id, emoji, on)?).await
}

pub async fn react(
    core: &Core,
    actor: UserId,
    id: MessageId,
    emoji: String,
    on: bool,
) -> Result<Message> {
    commit(core, actor, id, reaction_of(id, emoji, on)?).await
}

pub async fn enqueue_delete(
    core: &Core,
    actor: UserId,
    id: MessageId,
    scope: DeleteScope,
) -> Result<ChangeQueued> {
    match scope {
        DeleteScope::All => enqueue(core, actor, id, OpKind::Delete { message: id }).await,
        DeleteScope::Me => {
            hide(core, actor, id).await?;
            Ok(ChangeQueued { status: SendStatus::Queued, id })
        }
    }
}

pub async fn delete(core: &Core, actor: UserId, id: MessageId, scope: DeleteScope) -> Result<()> {
    match scope {
        DeleteScope::All => {
            commit(core, actor, id, OpKind::Delete { message: id }).await.map(|_| ())
        }
        DeleteScope::Me => hide(core, actor, id).await,
    }
}

async fn hide(core: &Core, user: UserId, id: MessageId) -> Result<()> {
    visible(core, user, id).await?;
    if let Some(change) = core.store.hide(user, id, core.clock.now()).await? {
        core.bus.publish(vec![Event::Own { user, change }]).await?;
    }
    Ok(())
}

pub async fn pin(core: &Core, actor: UserId, id: MessageId, on: bool) -> Result<Message> {
    commit(core, actor, id, OpKind::Pin { message: id, on }).await
}

/// One page of what is pinned in a chat, the last pinned first, and where to go on.
pub async fn pins(
    core: &Core,
    reader: UserId,
    chat: ChatId,
    before: Option<&str>,
    limit: u32,
) -> Result<(Vec<Message>, Option<String>)> {
    members::require_reader(core, chat, reader).await?;
    let before = before.map(crate::cursor::read).transpose()?;
    let limit = limit.clamp(1, MAX_PAGE);
    let mut page = core.store.pinned(chat, reader, before, limit + 1).await?;
    let next = crate::cursor::cut(&mut page, limit, |StoredMessage { message, .. }| {
        crate::cursor::write(&(message.pinned_at, message.seq))
    });
    Ok((page.iter().map(|message| message.seen_by(reader)).collect(), next))
}

pub async fn star(core: &Core, user: UserId, id: MessageId, starred: bool) -> Result<()> {
    visible(core, user, id).await?;
    if let Some(change) = core.store.set_star(user, id, starred, core.clock.now()).await? {
        core.bus.publish(vec![Event::Own { user, change }]).await?;
    }
    Ok(())
}

/// One page of the user's starred messages, the last starred first, and where to go on.
pub async fn starred(
    core: &Core,
    user: UserId,
    before: Option<&str>,
    limit: u32,
) -> Result<(Vec<Message>, Option<String>)> {
    let before = before.map(crate::cursor::read).transpose()?;
    let limit = limit.clamp(1, MAX_PAGE);
    let mut page = core.store.starred(user, before, limit + 1).await?;
    let next = crate::cursor::cut(&mut page, limit, |(at, _)| crate::cursor::write(at));
    Ok((page.iter().map(|(_, message)| message.seen_by(user)).collect(), next))
}

/// Another chance for a message that failed; harmless for one that did not.
pub async fn retry(core: &Core, sender: UserId, id: MessageId) -> Result<MsgSent> {
    let sent = |client_id, status, seq| MsgSent { status, id, client_id, seq };
    if let Some(StoredMessage { message, .. }) = core.store.message(id).await? {
        if message.sender_id != sender {
            return Err(Error::NotFound("message"));
        }
        return Ok(sent(message.client_id, SendStatus::Sent, Some(message.seq)));
    }
    let op = waiting_op(core, sender, id).await?;
    let chat = members::require_member(core, op.chat, sender).await?;
    bonds::require_open(core, sender, &chat).await?;
    core.queue.replay(op.id).await?;
    let OpKind::Send(new) = op.kind else { return Err(Error::NotFound("message")) };
    Ok(sent(new.client_id, SendStatus::Queued, None))
}

/// The sender's own message on its way or in the dead letters.
async fn waiting_op(core: &Core, sender: UserId, id: MessageId) -> Result<Op> {
    let op = match core.queue.queued(OpId(id.0)).await? {
        Some(queued) => Some((*queued.op).clone()),
        None => core.queue.dead_letter(OpId(id.0)).await?.map(|letter| letter.op),
    };
    op.filter(|op| op.actor == sender).ok_or(Error::NotFound("message"))
}

/// Messages of this user that were given up and wait for a retry; the oldest first. Whoever was away
/// when one failed learns of it here: of the latest of them, which must fit what a connection may
/// have waiting.
pub async fn failed(core: &Core, sender: UserId) -> Result<Vec<Failure>> {
    let letters = core.queue.dead_letters_of(sender, MAX_FAILED_TOLD).await?;
    let failure = |letter: DeadLetter| Failure {
        op: letter.op.id,
        died_at: letter.died_at,
        failed: letter.op.failed(&letter.rejection),
    };
    Ok(letters.into_iter().rev().map(failure).collect())
}

/// One end of an op, which may have several: it can be tried again.
pub struct Failure {
    pub op: OpId,
    pub died_at: Timestamp,
    pub failed: MsgFailed,
}

/// Every text the message has had.
pub async fn history(core: &Core, reader: UserId, id: MessageId) -> Result<Vec<Edit>> {
    visible(core, reader, id).await?;
    Ok(core.store.edits(id).await?)
}

pub async fn receipts(core: &Core, reader: UserId, id: MessageId) -> Result<Vec<MessageReceipt>> {
    let stored = visible(core, reader, id).await?;
    require_left(&stored.message)?;
    if !core.retention.has_receipts(stored.committed_at, core.clock.now()) {
        return Err(Error::Gone("receipts of so old a message are not kept".into()));
    }
    receipts::of_message(core, reader, &stored.message).await
}

/// Of a message that has disappeared nothing more is told than that there was one.
pub(crate) fn require_left(message: &Message) -> Result<()> {
    if message.expires_at.is_some() && message.deleted_at == message.expires_at {
        return Err(Error::Gone("the message has disappeared".into()));
    }
    Ok(())
}

/// Why a repeated failure is told as it is: the code of the last try.
pub fn gave_up(attempts: u32, reason: &str) -> crate::ops::Rejection {
    let reason = format!("given up after {attempts} tries: {reason}");
    crate::ops::Rejection::new(ErrorCode::Unavailable, &reason)
}
