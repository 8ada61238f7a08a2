//! Catching up: the difference between what a client has and what there is.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use nexus_protocol::{
    ChatId, ChatSync, MAX_DELTA, MAX_PAGE, OwnChange, SNAPSHOT_MESSAGES, SyncAnswer, SyncCheck,
    SyncChecked, SyncMode, SyncRequest, Timestamp, UserChange, UserId,
};

use crate::{
    Core, Error, Result,
    chats::Lens,
    cursor,
    ports::{ChatView, Page, StoredMessage},
    receipts,
};

/// Chats a client may tell of in one request.
const MAX_KNOWN_CHATS: usize = 10_000;
const DEFAULT_CHATS: u32 = 50;
const MAX_OWN_CHANGES: u32 = 500;
/// About how large an answer may grow before the rest is left for the next: well below what may wait
/// for one connection, which would be cut as too slow otherwise.
const ANSWER_BYTES: usize = 384 * 1024;
/// A watermark gets its time before it is stored: look back this far for late ones.
const RECEIPT_OVERLAP: Duration = Duration::from_secs(10);

pub async fn sync(core: &Core, user: UserId, req: SyncRequest) -> Result<SyncAnswer> {
    if req.chats.len() > MAX_KNOWN_CHATS {
        return Err(Error::Malformed(format!("tell of at most {MAX_KNOWN_CHATS} chats")));
    }
    let receipts_since: Timestamp = match req.receipts_cursor.as_deref() {
        Some(cursor) => cursor::read::<i64>(cursor).map(Timestamp)?,
        None => Timestamp(0),
    };
    let receipts_cursor = cursor::write(&core.clock.now().minus(RECEIPT_OVERLAP).0);
    let limit = req.limit.unwrap_or(DEFAULT_CHATS).clamp(1, MAX_PAGE) as usize;

    let head = core.store.user_rev(user).await?;
    let known_rev = if req.user_rev > head { 0 } else { req.user_rev };
    let mut me = core.store.user_changes(user, known_rev, MAX_OWN_CHANGES).await?;
    let (mut room, found) = (ANSWER_BYTES, me.len());
    let fits = me.iter().take_while(|change| take(&mut room, own_weight(change))).count().max(1);
    me.truncate(fits);
    let more_changes = me.len() < found || found == MAX_OWN_CHANGES as usize;
    let last = me.last().map_or(0, |last| last.user_rev);
    let user_rev = if more_changes { last } else { last.max(head) };

    let revs = core.store.chat_revs(user).await?;
    let removed = gone(&req.chats, &revs);
    let changed: Vec<ChatId> = changed(&req.chats, &revs);
    let mut more = changed.len() > limit || more_changes;
    let now = &changed[..changed.len().min(limit)];
    let mut chats: Vec<ChatSync> = Vec::with_capacity(now.len());
    let views = core.store.chat_views(user, now).await?;
    let lens = Lens::of(core, user, &views).await?;
    for view in views {
        if room == 0 {
            more = true;
            break;
        }
        let known = req.chats.get(&view.chat.id).copied();
        let part = catch_up(core, &lens, view, known, room).await?;
        more |= part.to_rev < part.chat.last_rev;
        room = room.saturating_sub(weight(&part));
        chats.push(part);
    }
    let mut receipts = core.store.receipts_since(user, receipts_since).await?;
    if req.receipts_cursor.is_none() {
        // A chat that is answered carries its watermarks; one that is not known yet will.
        receipts.retain(|receipt| {
            let answered = chats.iter().any(|part| part.chat.id == receipt.chat_id);
            req.chats.contains_key(&receipt.chat_id) && !answered
        });
    }
    receipts::veil(core, user, &mut receipts).await?;
    Ok(SyncAnswer { user_rev, me, chats, removed, receipts, receipts_cursor, more })
}

/// What is newer than `known` in one chat. Everything is cut at the view's `last_rev`, so that chat
/// and messages are of one moment; what comes after is a live event.
async fn catch_up(
    core: &Core,
    lens: &Lens,
    view: ChatView,
    known: Option<u64>,
    room: usize,
) -> Result<ChatSync> {
    let (user, chat, mut to_rev) = (lens.viewer(), view.chat.id, view.chat.last_rev);
    let behind = known.and_then(|known| to_rev.checked_sub(known));
    let is_told_of_before = match known {
        Some(known) => was_here_before(core, user, &view, known).await?,
        None => false,
    };
    let (mode, mut messages) = match (known, behind) {
        (Some(known), Some(behind)) if behind <= MAX_DELTA && !is_told_of_before => {
            let limit = u32::try_from(MAX_DELTA).unwrap_or(u32::MAX);
            (SyncMode::Delta, core.store.changed_since(chat, user, known, limit).await?)
        }
        _ => {
            let newest = Page::Before(view.chat.last_seq + 1);
            (SyncMode::Snapshot, core.store.page(chat, user, newest, SNAPSHOT_MESSAGES).await?)
        }
    };
    messages.retain(|stored: &StoredMessage| stored.message.rev <= to_rev);
    messages.sort_by_key(|stored| stored.message.rev);
    if mode == SyncMode::Delta
        && let Some(cut) = too_many(&messages, room)
    {
        messages.truncate(cut);
        to_rev = messages.last().map_or(to_rev, |last| last.message.rev);
    }
    let messages = messages.iter().map(|message| message.seen_by(user)).collect();
    Ok(ChatSync { chat: lens.show(view), mode, messages, to_rev })
}

/// Whether what the client has is of an earlier membership, some of which it may not see any more.
async fn was_here_before(core: &Core, user: UserId, view: &ChatView, known: u64) -> Result<bool> {
    if view.me.history_from <= 1 {
        return Ok(false);
    }
    let joining = Page::After(view.me.history_from - 1);
    let joining = core.store.page(view.chat.id, user, joining, 1).await?;
    // A system message: its number never moves.
    Ok(joining.first().is_some_and(|first| known < first.message.rev))
}

/// How many of the messages fit, at least one; `None` when all do.
fn too_many(messages: &[StoredMessage], room: usize) -> Option<usize> {
    let mut room = room;
    let fits = messages
        .iter()
        .take_while(|stored| {
            take(&mut room, message_weight(&stored.message.content, stored.reactors.len()))
        })
        .count();
    (fits < messages.len()).then_some(fits.max(1))
}

/// False when it does not fit any more.
fn take(room: &mut usize, weight: usize) -> bool {
    let fits = weight <= *room;
    *room = room.saturating_sub(weight);
    fits
}

/// About how many bytes of JSON; likewise the others below.
fn own_weight(change: &UserChange) -> usize {
    match &change.change {
        OwnChange::Draft { draft: Some(draft), .. } => 250 + draft.len(),
        _ => 250,
    }
}

fn weight(part: &ChatSync) -> usize {
    let receipts = part.chat.receipts.len() * 110;
    let messages = part.messages.iter().chain(&part.chat.last_message);
    let messages = messages.map(|m| message_weight(&m.content, m.reactions.len()));
    1_500 + receipts + messages.sum::<usize>()
}

fn message_weight(content: &str, reactions: usize) -> usize {
    700 + content.len() + reactions * 400
}

/// Whether a connection that looks alive has lost something.
pub async fn check(core: &Core, user: UserId, req: SyncCheck) -> Result<SyncChecked> {
    if req.chats.len() > MAX_KNOWN_CHATS {
        return Err(Error::Malformed(format!("tell of at most {MAX_KNOWN_CHATS} chats")));
    }
    let revs = core.store.chat_revs(user).await?;
    let mut stale = changed(&req.chats, &revs);
    stale.extend(gone(&req.chats, &revs));
    let user_stale = core.store.user_rev(user).await? != req.user_rev;
    Ok(SyncChecked { stale, user_stale })
}

fn gone(known: &HashMap<ChatId, u64>, revs: &[(ChatId, u64)]) -> Vec<ChatId> {
    let present: HashSet<ChatId> = revs.iter().map(|(chat, _)| *chat).collect();
    known.keys().filter(|chat| !present.contains(chat)).copied().collect()
}

fn changed(known: &HashMap<ChatId, u64>, revs: &[(ChatId, u64)]) -> Vec<ChatId> {
    revs.iter().filter(|(chat, rev)| known.get(chat) != Some(rev)).map(|(chat, _)| *chat).collect()
}
