//! Delivered and read, gathered for a moment so that a busy chat costs one write, not hundreds.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use nexus_protocol::{
    ChatId, ChatReceipt, MAX_RECEIPT_MEMBERS, Message, MessageReceipt, Privacy, Status, UserId,
    Watermark,
};
use parking_lot::Mutex;
use tokio::sync::{Notify, oneshot};

use crate::{
    Core, Error, Result, bonds,
    members::{self, MemberSet},
    messages,
    ports::{Advance, Advanced, Event, ReceiptKind},
    privacy::Readers,
};

/// How long watermarks are gathered before they are written.
const GATHER: Duration = Duration::from_millis(10);

type Key = (ChatId, UserId, ReceiptKind);
type Answer = oneshot::Sender<Result<()>>;

/// Watermarks that wait to be written.
#[derive(Default)]
pub struct Gathered {
    waiting: Mutex<HashMap<Key, (u64, Vec<Answer>)>>,
    some: Notify,
}

/// Moves a watermark; answers when it is stored.
pub async fn advance(
    core: &Core,
    user: UserId,
    kind: ReceiptKind,
    watermark: Watermark,
) -> Result<()> {
    let chat = watermark.chat_id;
    members::require_member(core, chat, user).await?;
    let seq = match (watermark.seq, watermark.message_id) {
        (Some(seq), None) => seq,
        (None, Some(id)) => {
            let message = messages::visible(core, user, id).await?.message;
            Some(message.seq)
                .filter(|_| message.chat_id == chat)
                .ok_or(Error::NotFound("message"))?
        }
        _ => return Err(Error::Malformed("give either seq or messageId".into())),
    };
    let (tell, told) = oneshot::channel();
    {
        let mut waiting = core.receipts.waiting.lock();
        let (highest, answers) = waiting.entry((chat, user, kind)).or_default();
        *highest = seq.max(*highest);
        answers.push(tell);
    }
    core.receipts.some.notify_one();
    // The writer task ends only with the process.
    told.await.unwrap_or(Err(Error::StillQueued))
}

/// Writes what is gathered, for as long as the node serves.
pub async fn run(core: &Core) {
    loop {
        core.receipts.some.notified().await;
        tokio::time::sleep(GATHER).await;
        flush(core).await;
    }
}

/// Writes what is gathered now.
pub async fn flush(core: &Core) {
    let batch = std::mem::take(&mut *core.receipts.waiting.lock());
    if batch.is_empty() {
        return;
    }
    let at = core.clock.now();
    let (keys, answers): (Vec<_>, Vec<_>) =
        batch.into_iter().map(|(key, (seq, answers))| ((key, seq), answers)).unzip();
    let mut advances: Vec<Advance> = keys
        .into_iter()
        .map(|((chat, user, kind), seq)| Advance { chat, user, kind, seq, at, quiet: false })
        .collect();
    match store(core, &mut advances).await {
        Ok((hearers, outcomes)) => {
            let told = announce(core, &advances, hearers, &outcomes).await;
            if let Err(err) = told {
                tracing::warn!(error = &err as &dyn std::error::Error, "receipts not announced");
            }
            for (outcome, waiting) in outcomes.iter().zip(answers) {
                for answer in waiting {
                    let result = outcome.as_ref().map(|_| ()).ok_or(Error::NotFound("chat"));
                    // Whoever asked may have gone.
                    let _ = answer.send(result);
                }
            }
        }
        Err(err) => {
            tracing::warn!(error = &err as &dyn std::error::Error, "receipts not stored");
            for answer in answers.into_iter().flatten() {
                let _ = answer.send(Err(Error::StillQueued));
            }
        }
    }
}

async fn store(
    core: &Core,
    advances: &mut [Advance],
) -> Result<(Vec<Hearers>, Vec<Option<Advanced>>)> {
    let hearers = hearers(core, advances).await?;
    for (advance, hearers) in advances.iter_mut().zip(&hearers) {
        advance.quiet = hearers.are_none();
    }
    Ok((hearers, core.store.advance(advances).await?))
}

/// Who learns how far a member is.
enum Hearers {
    /// There are too many members to tell all of each other.
    TooMany,
    /// A block stands between the two.
    Nobody,
    Everybody,
    /// Of delivery everybody, of reading these; the member is one of them.
    These(Vec<UserId>),
}

impl Hearers {
    /// Whether others might learn what is read here, and none does.
    fn are_none(&self) -> bool {
        match self {
            Hearers::Nobody => true,
            Hearers::These(members) => members.len() <= 1,
            Hearers::TooMany | Hearers::Everybody => false,
        }
    }
}

/// Of each of these moves: one look for all of them, or none.
async fn hearers(core: &Core, advances: &[Advance]) -> Result<Vec<Hearers>> {
    let mut chats = Vec::with_capacity(advances.len());
    let mut users = HashSet::new();
    for advance in advances {
        let chat = members::of_chat(core, advance.chat).await?;
        let small = chat.filter(|chat| chat.roles.len() <= MAX_RECEIPT_MEMBERS);
        if let Some(chat) = small.as_ref().filter(|_| advance.kind == ReceiptKind::Read) {
            users.extend(chat.roles.keys().copied());
        }
        chats.push(small);
    }
    let users: Vec<UserId> = users.into_iter().collect();
    let privacy = bonds::privacy_of(core, &users).await?;
    let mut hearers = Vec::with_capacity(advances.len());
    for (advance, chat) in advances.iter().zip(chats) {
        hearers.push(match chat {
            Some(chat) => hearers_of(core, advance, &chat, &privacy).await?,
            None => Hearers::TooMany,
        });
    }
    Ok(hearers)
}

async fn hearers_of(
    core: &Core,
    advance: &Advance,
    chat: &MemberSet,
    privacy: &HashMap<UserId, Privacy>,
) -> Result<Hearers> {
    let user = advance.user;
    if bonds::is_barred(core, user, chat).await? {
        return Ok(Hearers::Nobody);
    }
    if advance.kind == ReceiptKind::Delivered {
        return Ok(Hearers::Everybody);
    }
    let members = || chat.roles.keys().copied();
    let readers = Readers::among(core, user, members(), privacy).await?;
    Ok(match readers.tell_all() {
        true => Hearers::Everybody,
        false => Hearers::These(members().filter(|member| readers.tell(*member)).collect()),
    })
}

async fn announce(
    core: &Core,
    advances: &[Advance],
    hearers: Vec<Hearers>,
    outcomes: &[Option<Advanced>],
) -> Result<()> {
    let mut events = Vec::new();
    for ((advance, hearers), outcome) in advances.iter().zip(hearers).zip(outcomes) {
        let Some(moved) = outcome else { continue };
        let Advance { chat, user, at, .. } = *advance;
        let mut tell = |kind, seq, to| {
            let status = Status { chat_id: chat, user_id: user, seq, at };
            events.push(Event::Receipt { kind, status, to });
        };
        let is_told = matches!(hearers, Hearers::Everybody | Hearers::These(_));
        if let Some(seq) = moved.delivered.filter(|_| is_told) {
            tell(ReceiptKind::Delivered, seq, None);
        }
        match (moved.read.filter(|_| !advance.quiet), hearers) {
            (Some(seq), Hearers::Everybody) => tell(ReceiptKind::Read, seq, None),
            (Some(seq), Hearers::These(to)) => tell(ReceiptKind::Read, seq, Some(to)),
            _ => {}
        }
        if let Some(change) = &moved.own {
            events.push(Event::Own { user, change: change.clone() });
        }
    }
    if !events.is_empty() {
        core.bus.publish(events).await?;
    }
    Ok(())
}

/// Takes away what the viewer may not know: see [`crate::privacy::Readers`], and of blocks.
pub async fn veil(core: &Core, viewer: UserId, receipts: &mut Vec<ChatReceipt>) -> Result<()> {
    let readers = Readers::of(core, viewer, receipts.iter().map(|receipt| receipt.user_id)).await?;
    for receipt in receipts.iter_mut().filter(|receipt| !readers.tell(receipt.user_id)) {
        receipt.read_seq = 0;
    }
    let users: HashSet<UserId> = receipts.iter().map(|receipt| receipt.user_id).collect();
    let users: Vec<UserId> = users.into_iter().collect();
    let bonds = bonds::of(core, viewer, &users).await?;
    let barred = users.into_iter().zip(bonds).filter(|(_, bond)| bond.is_barred());
    let barred: HashSet<UserId> = barred.map(|(user, _)| user).collect();
    let mut direct = HashSet::new();
    for receipt in receipts.iter().filter(|receipt| barred.contains(&receipt.user_id)) {
        let chat = members::of_chat(core, receipt.chat_id).await?;
        if chat.is_some_and(|chat| bonds::peer(&chat, viewer).is_some()) {
            direct.insert(receipt.chat_id);
        }
    }
    receipts.retain(|receipt| receipt.user_id == viewer || !direct.contains(&receipt.chat_id));
    Ok(())
}

/// When each member received and read a message, as far as the viewer may know.
pub async fn of_message(
    core: &Core,
    viewer: UserId,
    message: &Message,
) -> Result<Vec<MessageReceipt>> {
    let mut receipts = core.store.message_receipts(message.chat_id, message.seq).await?;
    let readers = Readers::of(core, viewer, receipts.iter().map(|receipt| receipt.user_id)).await?;
    for receipt in receipts.iter_mut().filter(|receipt| !readers.tell(receipt.user_id)) {
        receipt.read_at = None;
    }
    let chat = members::require_member(core, message.chat_id, viewer).await?;
    if bonds::is_barred(core, viewer, &chat).await? {
        receipts.retain(|receipt| receipt.user_id == viewer);
    }
    Ok(receipts)
}
