//! Conversations, their members, and each member's own settings.

use std::collections::HashMap;

use async_trait::async_trait;
use bson::{Binary, Bson, Document, Uuid, doc, spec::BinarySubtype};
use futures_util::TryStreamExt;
use mongodb::Collection;
use nexus_core::ports::{
    ChatCursor, ChatRecord, ChatStore, ChatView, MemberRecord, NewDirectChat, PortResult,
    UserRecord,
};
use nexus_protocol::{
    ChatId, ChatType, HistoryVisible, OwnChange, Role, Timestamp, UpdateChatMe, UserChange, UserId,
};
use serde::Deserialize;

use crate::{
    MongoDatabase, MongoStore, bulk,
    columns::{count, id, ids, int, uuid},
    records::{ChatDocument, MemberDocument},
    run::{Result, Turns, is_duplicate},
    user_changes::{self, Wanted},
    users,
    views::Viewer,
};

pub fn chats(database: &MongoDatabase) -> Collection<ChatDocument> {
    database.collection("chats")
}

pub fn members(database: &MongoDatabase) -> Collection<MemberDocument> {
    database.collection("members")
}

#[async_trait]
impl ChatStore for MongoStore {
    async fn create_direct(&self, new: &NewDirectChat) -> PortResult<(ChatId, bool)> {
        let new = new.clone();
        self.run(
            "create a direct chat",
            |database| async move { create_direct(&database, &new).await },
        )
        .await
    }

    async fn chat(&self, chat: ChatId) -> PortResult<Option<ChatRecord>> {
        self.run("read a chat", move |database| async move {
            let found = chats(&database).find_one(doc! { "_id": id(chat.0) }).await?;
            Ok(found.and_then(|chat| chat.record()))
        })
        .await
    }

    async fn role(&self, chat: ChatId, user: UserId) -> PortResult<Option<Role>> {
        self.run("read a role", move |database| async move {
            let found = members(&database).find_one(present(chat, user)).await?;
            Ok(found.map(|member| member.role))
        })
        .await
    }

    async fn direct_chat(&self, one: UserId, other: UserId) -> PortResult<Option<ChatId>> {
        self.run("look for a direct chat", move |database| async move {
            let found = chats(&database).find_one(doc! { "pair": pair(one, other) }).await?;
            Ok(found.map(|chat| ChatId(uuid(chat.id))))
        })
        .await
    }

    async fn roles(&self, chat: ChatId) -> PortResult<Vec<(UserId, Role)>> {
        self.run("read a chat's roles", move |database| roles(database, chat)).await
    }

    async fn latecomers(&self, chat: ChatId) -> PortResult<Vec<(UserId, u64)>> {
        self.run("read who joined a chat late", move |database| async move {
            let late =
                doc! { "chat": id(chat.0), "leftAt": Bson::Null, "historyFrom": { "$gt": 1_i64 } };
            let found: Vec<MemberDocument> =
                members(&database).find(late).await?.try_collect().await?;
            let late = found.into_iter();
            Ok(late.map(|one| (UserId(uuid(one.user)), count(one.history_from))).collect())
        })
        .await
    }

    async fn members(
        &self,
        chat: ChatId,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<(UserRecord, MemberRecord)>> {
        self.run("list members", move |database| async move {
            page_of_members(&database, chat, after, limit).await
        })
        .await
    }

    async fn chat_revs(&self, user: UserId) -> PortResult<Vec<(ChatId, u64)>> {
        self.run("read the numbers of a user's chats", move |database| chat_revs(database, user))
            .await
    }

    async fn memberships(&self, users: &[UserId]) -> PortResult<Vec<(UserId, ChatId)>> {
        let users = ids(users.iter().map(|user| user.0));
        self.run("read whose chats are which", |database| async move {
            let of_users = doc! { "user": { "$in": users }, "leftAt": Bson::Null };
            Ok(places(&database, of_users).await?.into_iter().map(Place::ids).collect())
        })
        .await
    }

    async fn chat_views(&self, user: UserId, chats: &[ChatId]) -> PortResult<Vec<ChatView>> {
        let chats = chats.to_vec();
        self.run("read chats", move |database| async move {
            Viewer { database, user }.views(&chats).await
        })
        .await
    }

    async fn chat_list(
        &self,
        user: UserId,
        after: Option<ChatCursor>,
        limit: u32,
    ) -> PortResult<Vec<(ChatCursor, ChatView)>> {
        self.run("list a user's chats", move |database| async move {
            Viewer { database, user }.list(after, limit).await
        })
        .await
    }

    async fn update_chat_me(
        &self,
        user: UserId,
        chat: ChatId,
        patch: &UpdateChatMe,
        at: Timestamp,
    ) -> PortResult<Option<Vec<UserChange>>> {
        let patch = patch.clone();
        self.run("change a member's settings", move |database| async move {
            update_me(&database, user, chat, &patch, at).await
        })
        .await
    }
}

/// The user as a member of the chat, if they are one now.
fn present(chat: ChatId, user: UserId) -> Document {
    doc! { "chat": id(chat.0), "user": id(user.0), "leftAt": Bson::Null }
}

async fn roles(database: MongoDatabase, chat: ChatId) -> Result<Vec<(UserId, Role)>> {
    #[derive(Deserialize)]
    struct Ranked {
        user: Uuid,
        role: Role,
    }
    let members = database.collection::<Ranked>("members");
    let present = members.find(doc! { "chat": id(chat.0), "leftAt": Bson::Null });
    let present = present.projection(doc! { "user": 1, "role": 1 }).await?;
    Ok(present.map_ok(|one| (UserId(uuid(one.user)), one.role)).try_collect().await?)
}

async fn page_of_members(
    database: &MongoDatabase,
    chat: ChatId,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<(UserRecord, MemberRecord)>> {
    let mut filter = doc! { "chat": id(chat.0), "leftAt": Bson::Null };
    filter.extend(after.map(|user| ("user".to_owned(), doc! { "$gt": id(user.0) }.into())));
    let members = members(database);
    let page = members.find(filter).sort(doc! { "user": 1 }).limit(i64::from(limit)).await?;
    let page: Vec<MemberDocument> = page.try_collect().await?;
    let known =
        users::by_ids(database, page.iter().map(|member| UserId(uuid(member.user)))).await?;
    let mut known: HashMap<Uuid, _> = known.into_iter().map(|user| (user.id, user)).collect();
    let with_user =
        |member: MemberDocument| Some((known.remove(&member.user)?.record(), member.record()));
    Ok(page.into_iter().filter_map(with_user).collect())
}

#[derive(Deserialize)]
struct Place {
    user: Uuid,
    chat: Uuid,
}

impl Place {
    fn ids(self) -> (UserId, ChatId) {
        (UserId(uuid(self.user)), ChatId(uuid(self.chat)))
    }
}

async fn places(database: &MongoDatabase, filter: Document) -> Result<Vec<Place>> {
    let members = database.collection::<Place>("members");
    let found = members.find(filter).projection(doc! { "user": 1, "chat": 1 }).await?;
    Ok(found.try_collect().await?)
}

async fn chat_revs(database: MongoDatabase, user: UserId) -> Result<Vec<(ChatId, u64)>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Numbered {
        #[serde(rename = "_id")]
        id: Uuid,
        last_rev: i64,
    }
    let mine = doc! { "user": id(user.0), "leftAt": Bson::Null };
    let mine: Vec<Uuid> = places(&database, mine).await?.iter().map(|place| place.chat).collect();
    let chats = database.collection::<Numbered>("chats");
    let found = chats.find(doc! { "_id": { "$in": mine }, "deleted": Bson::Null });
    let found = found.projection(doc! { "lastRev": 1 }).await?;
    let numbers = found.map_ok(|chat| (ChatId(uuid(chat.id)), count(chat.last_rev)));
    Ok(numbers.try_collect().await?)
}

/// The unique pair decides. Its members come after it: whoever finds the chat makes sure of them.
async fn create_direct(database: &MongoDatabase, new: &NewDirectChat) -> Result<(ChatId, bool)> {
    let chats = chats(database);
    let mut chat = ChatDocument::new(&ChatRecord {
        id: new.id,
        r#type: ChatType::Direct,
        title: String::new(),
        about: String::new(),
        created_at: new.at,
        permissions: new.permissions,
        slow_mode_secs: 0,
        disappear_after_secs: None,
        history_visible: HistoryVisible::All,
        member_count: if new.creator == new.peer { 1 } else { 2 },
        last_seq: 0,
        last_rev: 0,
    });
    let pair = pair(new.creator, new.peer);
    chat.pair = Some(pair.clone());
    let mut turns = Turns::default();
    loop {
        if let Some(known) = chats.find_one(doc! { "pair": &pair }).await? {
            settle_in(database, &known, [new.creator, new.peer]).await?;
            return Ok((ChatId(uuid(known.id)), false));
        }
        match chats.insert_one(&chat).await {
            Ok(_) => {
                settle_in(database, &chat, [new.creator, new.peer]).await?;
                return Ok((new.id, true));
            }
            Err(error) if is_duplicate(&error) => turns.pause().await?,
            Err(error) => return Err(error.into()),
        }
    }
}

fn pair(one: UserId, other: UserId) -> Binary {
    let bytes = [*one.min(other).0.as_bytes(), *one.max(other).0.as_bytes()].concat();
    Binary { subtype: BinarySubtype::Generic, bytes }
}

/// The other one of a direct chat; none where one talks to oneself.
pub fn peer(chat: &ChatDocument, user: UserId) -> Option<UserId> {
    let pair = chat.pair.as_ref()?;
    let both = pair.bytes.chunks_exact(16).filter_map(|id| uuid::Uuid::from_slice(id).ok());
    both.map(UserId).find(|one| *one != user)
}

async fn settle_in(
    database: &MongoDatabase,
    chat: &ChatDocument,
    users: [UserId; 2],
) -> Result<()> {
    let there = places(database, doc! { "chat": chat.id }).await?;
    let mut missing: Vec<MemberDocument> = Vec::new();
    for user in users {
        let user = id(user.0);
        let known = there.iter().map(|place| place.user);
        if !known.chain(missing.iter().map(|member| member.user)).any(|one| one == user) {
            missing.push(founder(chat, user));
        }
    }
    bulk::insert_new(&members(database), &missing).await?;
    Ok(())
}

/// One who is in a chat from its beginning.
fn founder(chat: &ChatDocument, user: Uuid) -> MemberDocument {
    MemberDocument {
        chat: chat.id,
        user,
        rev: 0,
        role: Role::Member,
        joined_at: chat.created_at,
        left_at: None,
        joined_seq: 0,
        history_from: 1,
        left_seq: None,
        removed: false,
        delivered_seq: 0,
        read_seq: 0,
        moved_at: chat.created_at,
        muted_until: None,
        pinned: false,
        archived: false,
        draft: None,
        unread_from: None,
    }
}

async fn update_me(
    database: &MongoDatabase,
    user: UserId,
    chat: ChatId,
    patch: &UpdateChatMe,
    at: Timestamp,
) -> Result<Option<Vec<UserChange>>> {
    let me = id(user.0);
    let mut noted = Vec::new();
    let mut turns = Turns::default();
    loop {
        let heads = user_changes::heads(database, [me]).await?;
        let Some(now) = members(database).find_one(present(chat, user)).await? else {
            return Ok(None);
        };
        let joined_seq = Some(now.joined_seq);
        let wanted: Vec<Wanted> = differences(chat, &now, patch)
            .into_iter()
            .map(|change| Wanted { user: me, joined_seq, change, at })
            .collect();
        let tried = user_changes::try_note(database, &wanted, &heads).await?;
        let is_all = tried.iter().all(Option::is_some);
        noted.extend(tried.into_iter().flatten());
        if is_all {
            let still = noted.is_empty() || is_still_there(database, &now).await?;
            return Ok(still.then_some(noted));
        }
        turns.pause().await?;
    }
}

/// Whoever leaves takes what they noted with them, also what came in just then.
async fn is_still_there(database: &MongoDatabase, before: &MemberDocument) -> Result<bool> {
    let same = doc! {
        "chat": before.chat,
        "user": before.user,
        "joinedSeq": before.joined_seq,
        "leftAt": Bson::Null,
    };
    let is_there = members(database).find_one(same).await?.is_some();
    if !is_there {
        let after = before.joined_seq + 1;
        user_changes::forget(database, before.chat, &[before.user], after).await?;
    }
    Ok(is_there)
}

/// What the patch would change.
fn differences(chat_id: ChatId, now: &MemberDocument, patch: &UpdateChatMe) -> Vec<OwnChange> {
    // As large as it can be stored.
    let unread_from = patch.unread_from.map(|wish| wish.map(|seq| count(int(seq))));
    now.record().take_over(chat_id, UpdateChatMe { unread_from, ..patch.clone() })
}
