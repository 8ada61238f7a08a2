//! News that every node hears, so that each can tell its own sockets.

use async_trait::async_trait;
use nexus_protocol::{
    AnnouncementRecord, ChatId, MsgFailed, OpId, SessionId, Timestamp, UserChange, UserId,
    event::{PresenceUpdate, RevokeReason, TypingUpdate},
};
use serde::{Deserialize, Serialize};

use super::{Done, PortResult, ReceiptKind, RequestRecord};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// An op was committed.
    Committed {
        op: OpId,
        chat: ChatId,
        actor: UserId,
        done: Done,
    },
    /// An op was refused or given up.
    Failed {
        op: OpId,
        actor: UserId,
        /// The request that waited for it has told the actor.
        answered: bool,
        /// Of its dead letter, if there is one.
        died_at: Option<Timestamp>,
        failed: MsgFailed,
    },
    /// A direct chat came to be; it has no messages yet.
    ChatCreated {
        chat: ChatId,
        members: Vec<UserId>,
    },
    /// Somebody waits to be let in; `to` may decide.
    JoinRequested {
        chat: ChatId,
        user: UserId,
        to: Vec<UserId>,
    },
    /// Whether somebody who waited is let in.
    JoinDecided {
        chat: ChatId,
        user: UserId,
        approved: bool,
    },
    /// A watermark moved.
    Receipt {
        kind: ReceiptKind,
        status: nexus_protocol::Status,
        /// Only these members are told; else all.
        to: Option<Vec<UserId>>,
    },
    /// A user's own state changed.
    Own {
        user: UserId,
        change: UserChange,
    },
    /// One of the two has the other as a contact, or blocks them, or does so no more.
    BondChanged {
        users: [UserId; 2],
    },
    /// What the user lets others see.
    PrivacyChanged {
        user: UserId,
    },
    /// The user has another name or about; to be told in these chats.
    UserChanged {
        user: UserId,
        chats: Vec<ChatId>,
    },
    /// Somebody asks the user, or has accepted what the user asked.
    ContactRequest {
        user: UserId,
        request: RequestRecord,
    },
    /// A session ended: its sockets close, its access tokens are refused.
    SessionRevoked {
        session: SessionId,
        reason: RevokeReason,
    },
    /// Somebody began or ceased to type; `to` are the members to tell.
    Typing {
        update: TypingUpdate,
        to: Vec<UserId>,
    },
    Presence(PresenceUpdate),
    /// Made, or withdrawn.
    Announced(AnnouncementRecord),
}

/// At most once to every node, this one included. What one publisher says about a chat comes in its
/// order, and so does what it says about a user or a session; between them there is no order.
#[async_trait]
pub trait Bus: Send + Sync {
    async fn publish(&self, events: Vec<Event>) -> PortResult<()>;

    fn subscribe(&self) -> Box<dyn Subscription>;

    /// This node publishes no more. Its subscribers hear what has come by then, then
    /// [`News::Closed`].
    async fn close(&self);
}

#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// One or more events.
    Events(Vec<Event>),
    /// Some were, or may have been, lost on the way: rooms and caches must be checked against the
    /// store. While the bus is away it comes again and again, so that what is remembered here is
    /// never much older than the store.
    Lagged,
    /// The bus was shut down.
    Closed,
}

#[async_trait]
pub trait Subscription: Send {
    async fn next(&mut self) -> News;
}
