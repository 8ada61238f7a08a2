//! People, chats and ops that are quick to name.

use std::time::Duration;

use nexus_protocol::{
    ChatId, MessageId, OpId, Permissions, ReplyTo, Role, Timestamp, UserId, UserRole,
};
use uuid::Uuid;

use crate::{
    ops::{NewMessage, Op, OpKind, Rejection},
    ports::{
        ChatView, Done, NewUser, Outcome, Page, Store, StoredMessage, UserCreation, UserRecord,
    },
};

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// 2026-01-03, ten in the morning.
pub const NOW: Timestamp = Timestamp(1_767_434_400_000);
pub const ANN: UserId = UserId(Uuid::from_u128(0xA));
pub const BOB: UserId = UserId(Uuid::from_u128(0xB));
pub const CAT: UserId = UserId(Uuid::from_u128(0xC));
pub const DAN: UserId = UserId(Uuid::from_u128(0xD));
/// Nobody.
pub const EVE: UserId = UserId(Uuid::from_u128(0xE));
/// A group; [`team`] makes it.
pub const TEAM: ChatId = chat(1);
pub const OTHER: ChatId = chat(2);

pub const ANYBODY: Permissions = Permissions {
    send: Role::Member,
    add_members: Role::Member,
    edit_info: Role::Member,
    pin: Role::Member,
};

pub const ADMINS: Permissions = Permissions {
    send: Role::Admin,
    add_members: Role::Admin,
    edit_info: Role::Admin,
    pin: Role::Admin,
};

pub const fn chat(n: u128) -> ChatId {
    ChatId(Uuid::from_u128(0xCA00 + n))
}

pub fn at(secs: i64) -> Timestamp {
    Timestamp(NOW.0 + secs * 1_000)
}

pub fn new_user(id: UserId, username: &str, display_name: &str) -> NewUser {
    NewUser {
        user: UserRecord {
            id,
            email: format!("{username}@example.org"),
            email_verified: false,
            username: username.to_owned(),
            display_name: display_name.to_owned(),
            about: String::new(),
            created_at: NOW,
            last_seen_at: None,
            role: UserRole::User,
            ban: None,
            deletion: None,
        },
        password_hash: format!("hash of {username}"),
    }
}

/// Ann, Bob, Cat and Dan.
pub async fn people(store: &impl Store) {
    for (id, name) in [(ANN, "ann"), (BOB, "bob"), (CAT, "cat"), (DAN, "dan")] {
        let created = store.create_user(&new_user(id, name, name)).await.unwrap();
        assert_eq!(created, UserCreation::Created);
    }
}

/// The people, and a group of Ann (its owner), Bob and Cat where all may do everything.
pub async fn team(store: &impl Store) {
    people(store).await;
    done(store, create(1, TEAM, ANYBODY, &[BOB, CAT])).await;
}

pub fn op(n: u128, chat: ChatId, actor: UserId, kind: OpKind) -> Op {
    Op {
        id: OpId(Uuid::from_u128(0x0900_0000 + n)),
        chat,
        actor,
        queued_at: NOW,
        awaited: false,
        kind,
    }
}

/// Ann makes a group.
pub fn create(n: u128, chat: ChatId, permissions: Permissions, members: &[UserId]) -> Op {
    let (title, about) = ("The team".to_owned(), "About us".to_owned());
    let members = members.to_vec();
    op(n, chat, ANN, OpKind::CreateGroup { title, about, members, permissions })
}

/// A message. The same words from the same sender are the same op.
pub fn send(chat: ChatId, sender: UserId, text: &str) -> Op {
    mentioning(chat, sender, text, &[])
}

pub fn mentioning(chat: ChatId, sender: UserId, text: &str, mentions: &[UserId]) -> Op {
    let kind = OpKind::Send(NewMessage {
        client_id: text.chars().take(60).collect(),
        content: text.to_owned(),
        reply_to: None,
        forwarded: false,
        mentions: mentions.to_vec(),
    });
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let bytes = chat.0.as_bytes().iter().chain(sender.0.as_bytes()).chain(text.as_bytes());
    for byte in bytes {
        hash = (hash ^ u128::from(*byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013B);
    }
    Op {
        id: OpId(Uuid::from_u128(hash)),
        chat,
        actor: sender,
        queued_at: NOW,
        awaited: false,
        kind,
    }
}

/// As a reply says what it replies to.
pub fn quote_of(of: &StoredMessage) -> ReplyTo {
    let message = &of.message;
    ReplyTo {
        id: message.id,
        sender_id: message.sender_id,
        seq: Some(message.seq),
        preview: message.content.clone(),
        expires_at: message.expires_at,
    }
}

pub fn edit(n: u128, chat: ChatId, actor: UserId, message: MessageId, content: &str) -> Op {
    op(n, chat, actor, OpKind::Edit { message, content: content.to_owned() })
}

pub fn delete(n: u128, chat: ChatId, actor: UserId, message: MessageId) -> Op {
    op(n, chat, actor, OpKind::Delete { message })
}

pub fn react(n: u128, chat: ChatId, actor: UserId, message: MessageId, on: bool) -> Op {
    op(n, chat, actor, OpKind::React { message, emoji: "👍".to_owned(), on })
}

pub async fn outcome(store: &impl Store, op: Op) -> Outcome {
    let mut outcomes = store.commit(&[op]).await.unwrap();
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0)
}

pub async fn done(store: &impl Store, op: Op) -> Done {
    match outcome(store, op).await {
        Outcome::Done(done) => done,
        Outcome::Rejected(rejection) => panic!("rejected: {rejection:?}"),
    }
}

pub async fn rejected(store: &impl Store, op: Op) -> Rejection {
    match outcome(store, op).await {
        Outcome::Done(done) => panic!("done: {done:?}"),
        Outcome::Rejected(rejection) => rejection,
    }
}

/// Sends and answers the stored message.
pub async fn say(store: &impl Store, chat: ChatId, sender: UserId, text: &str) -> StoredMessage {
    message_of(done(store, send(chat, sender, text)).await)
}

pub fn message_of(done: Done) -> StoredMessage {
    done.message.unwrap().message().clone()
}

pub async fn view(store: &impl Store, user: UserId, chat: ChatId) -> ChatView {
    store.chat_views(user, &[chat]).await.unwrap().pop().unwrap()
}

/// All of a chat as `viewer` sees it, oldest first.
pub async fn all(store: &impl Store, chat: ChatId, viewer: UserId) -> Vec<StoredMessage> {
    store.page(chat, viewer, Page::After(0), 10_000).await.unwrap()
}

pub fn texts(messages: &[StoredMessage]) -> Vec<&str> {
    messages.iter().map(|stored| stored.message.content.as_str()).collect()
}

pub fn seqs(messages: &[StoredMessage]) -> Vec<u64> {
    messages.iter().map(|stored| stored.message.seq).collect()
}
