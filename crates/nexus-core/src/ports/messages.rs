//! Messages: the one place where `seq` and `rev` are given.

use async_trait::async_trait;
use nexus_protocol::{
    ChatId, Edit, Message, MessageId, OpId, Reaction, RemovalReason, Timestamp, UserChange, UserId,
};
use serde::{Deserialize, Serialize};

use super::PortResult;
use crate::ops::{Op, Rejection};

/// A message as it is, for nobody in particular.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredMessage {
    /// With `reactions` left empty: [`StoredMessage::seen_by`] fills them in.
    pub message: Message,
    /// Emoji in order of first use, each with its users in order of reacting.
    pub reactors: Vec<(String, Vec<UserId>)>,
    /// When it was said to be queued.
    pub queued_at: Timestamp,
    /// When it got its `seq`.
    pub committed_at: Timestamp,
}

impl StoredMessage {
    /// The message as `viewer` sees it: whether a reaction is theirs.
    pub fn seen_by(&self, viewer: UserId) -> Message {
        let mut message = self.message.clone();
        message.reactions = self
            .reactors
            .iter()
            .map(|(emoji, users)| Reaction {
                emoji: emoji.clone(),
                count: u32::try_from(users.len()).unwrap_or(u32::MAX),
                user_ids: users.iter().take(8).copied().collect(),
                mine: users.contains(&viewer),
            })
            .collect();
        message
    }
}

impl StoredMessage {
    /// As it is for one who may see the chat from `history_from` on: what it quotes of before keeps
    /// its words for itself.
    #[must_use]
    pub fn seen_from(mut self, history_from: u64) -> StoredMessage {
        if self.quotes_before(history_from)
            && let Some(quoted) = &mut self.message.reply_to
        {
            quoted.preview.clear();
        }
        self
    }

    pub fn quotes_before(&self, history_from: u64) -> bool {
        let quoted = self.message.reply_to.as_ref();
        history_from > 1
            && quoted.is_some_and(|quoted| quoted.seq.is_none_or(|seq| seq < history_from))
    }
}

/// What became of one op.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// It is done, now or by an earlier try of the same op.
    Done(Done),
    /// It can never be done.
    Rejected(Rejection),
}

/// The traces of an op that others must hear of. All empty: it changed nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Done {
    pub message: Option<Trace>,
    /// New members, the creator of a chat included.
    pub joined: Vec<UserId>,
    pub left: Vec<(UserId, RemovalReason)>,
    /// Title, about, roles or membership are others now.
    pub chat_changed: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Trace {
    New(Box<StoredMessage>),
    /// It was changed, or the op found nothing to change in it.
    Updated(Box<StoredMessage>),
}

impl Trace {
    pub fn message(&self) -> &StoredMessage {
        match self {
            Trace::New(message) | Trace::Updated(message) => message,
        }
    }
}

/// Which part of a chat a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// `seq` below this, newest first.
    Before(u64),
    /// `seq` above this, oldest first.
    After(u64),
    /// About half below or at, half above this; newest first.
    Around(u64),
}

/// A search of one user. `tokens` come from [`crate::search::query`].
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SearchQuery {
    /// All must match; the last may match as a prefix.
    pub tokens: Vec<String>,
    /// Whether the last token is only the beginning of a word.
    pub last_is_prefix: bool,
    pub chat: Option<ChatId>,
    pub sender: Option<UserId>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// Goes on below this commit position (newest first).
    pub before: Option<i64>,
    pub limit: u32,
}

/// A message of which something has disappeared that is still stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// When it disappeared.
    pub at: Timestamp,
    pub message: MessageId,
    pub chat: ChatId,
}

/// Whatever is read here is as it is by then: [`StoredMessage::as_of`]. Whatever is read for a
/// `viewer` or a `user` is what they may see: nothing below the
/// `history_from` of their membership, and [`StoredMessage::seen_from`] there.
#[async_trait]
pub trait MessageStore: Send + Sync {
    /// Carries out the ops in their order and answers one outcome for each.
    ///
    /// What is to be done is decided by [`crate::ops::decide`] on the state as it is when the op's
    /// turn comes; the store writes that decision. `seq` and `rev` of a chat are gapless, also when
    /// it is killed half-way.
    ///
    /// An op that was carried out before changes nothing. It answers again what others must hear of
    /// (see [`crate::ops::done_before`]), because the first try may have died before it was
    /// broadcast: a message that was inserted as [`Trace::New`], one that was changed as
    /// [`Trace::Updated`], each as it is now; who joined or left by it, as far as that is still so.
    ///
    /// A `PortError` means that a prefix of the batch may have been carried out: repeat it all.
    async fn commit(&self, ops: &[Op]) -> PortResult<Vec<Outcome>>;

    async fn message(&self, id: MessageId) -> PortResult<Option<StoredMessage>>;

    /// Whether this op has made or changed a message. To be known for a week at least.
    async fn was_committed(&self, op: OpId) -> PortResult<bool>;

    /// Without those that `viewer` has hidden.
    async fn page(
        &self,
        chat: ChatId,
        viewer: UserId,
        page: Page,
        limit: u32,
    ) -> PortResult<Vec<StoredMessage>>;

    /// All with `rev` above `rev`, in order of `rev`, without those that `viewer` has hidden.
    async fn changed_since(
        &self,
        chat: ChatId,
        viewer: UserId,
        rev: u64,
        limit: u32,
    ) -> PortResult<Vec<StoredMessage>>;

    /// What is pinned in the chat, neither deleted nor hidden by `viewer`: last pinned first, of those
    /// pinned at once the later message first. `before`: goes on below that time and `seq`.
    async fn pinned(
        &self,
        chat: ChatId,
        viewer: UserId,
        before: Option<(Timestamp, u64)>,
        limit: u32,
    ) -> PortResult<Vec<StoredMessage>>;

    /// Every text the message has had, oldest first, the present one last. None of a deleted one.
    async fn edits(&self, id: MessageId) -> PortResult<Vec<Edit>>;

    /// Deletes the message for one user. `None` when it was hidden already.
    async fn hide(
        &self,
        user: UserId,
        message: MessageId,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>>;

    /// `None` when it was (un)starred already.
    async fn set_star(
        &self,
        user: UserId,
        message: MessageId,
        starred: bool,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>>;

    /// The user's starred messages, neither deleted nor hidden, in chats they are still a member of; last starred first; with
    /// the time of starring (different for each), to go on below it.
    async fn starred(
        &self,
        user: UserId,
        before: Option<Timestamp>,
        limit: u32,
    ) -> PortResult<Vec<(Timestamp, StoredMessage)>>;

    /// Newest first, with each one's commit position. Only messages of chats the user is a member
    /// of now, not deleted and not hidden by them: membership is part of the query.
    async fn search(
        &self,
        user: UserId,
        query: &SearchQuery,
    ) -> PortResult<Vec<(i64, StoredMessage)>>;

    /// What has disappeared by `now`, and is still stored: by time and id, those beyond `after` only.
    async fn due(&self, now: Timestamp, after: Option<Due>, limit: u32) -> PortResult<Vec<Due>>;

    /// Makes up to `max` committed messages findable that are not yet (or no longer rightly) so;
    /// answers how many it took on. Until then search misses them.
    async fn index_messages(&self, max: u32) -> PortResult<u32>;
}
