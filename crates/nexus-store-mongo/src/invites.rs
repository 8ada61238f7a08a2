//! Invitations, and those who wait to be let in.

use async_trait::async_trait;
use bson::{Bson, DateTime, Document, Uuid, doc};
use futures_util::TryStreamExt;
use nexus_core::ports::{AskedToJoin, InviteRecord, InviteStore, JoinRequestRecord, PortResult};
use nexus_protocol::{ChatId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, id, ids, time, uuid},
    run::{Result, is_duplicate},
};

/// How long it is known what has become of an invitation; the index adds a day.
const KEPT_MILLIS: i64 = 30 * 24 * 3_600 * 1_000;

/// In `invites`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InviteDocument {
    #[serde(rename = "_id")]
    code: String,
    chat: Uuid,
    created_by: Uuid,
    created_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_uses: Option<i64>,
    uses: i64,
    /// The number in the chat's log that counted the last use.
    rev: i64,
    requires_approval: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revoked_at: Option<DateTime>,
    /// Nobody needs it after this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    forget_at: Option<DateTime>,
}

impl InviteDocument {
    fn new(invite: &InviteRecord) -> InviteDocument {
        InviteDocument {
            code: invite.code.clone(),
            chat: id(invite.chat.0),
            created_by: id(invite.created_by.0),
            created_at: date(invite.created_at),
            expires_at: invite.expires_at.map(date),
            max_uses: invite.max_uses.map(i64::from),
            uses: invite.uses.into(),
            rev: 0,
            requires_approval: invite.requires_approval,
            revoked_at: invite.revoked_at.map(date),
            forget_at: invite.expires_at.map(forget_at),
        }
    }

    pub fn record(self) -> InviteRecord {
        let number = |number: i64| u32::try_from(number).unwrap_or(0);
        InviteRecord {
            code: self.code,
            chat: ChatId(uuid(self.chat)),
            created_by: UserId(uuid(self.created_by)),
            created_at: time(self.created_at),
            expires_at: self.expires_at.map(time),
            max_uses: self.max_uses.map(number),
            uses: number(self.uses),
            requires_approval: self.requires_approval,
            revoked_at: self.revoked_at.map(time),
        }
    }
}

fn forget_at(end: Timestamp) -> DateTime {
    date(Timestamp(end.0 + KEPT_MILLIS))
}

/// In `join_requests`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestDocument {
    chat: Uuid,
    user: Uuid,
    code: String,
    asked_at: DateTime,
}

impl RequestDocument {
    fn record(self) -> JoinRequestRecord {
        JoinRequestRecord {
            chat: ChatId(uuid(self.chat)),
            user: UserId(uuid(self.user)),
            code: self.code,
            asked_at: time(self.asked_at),
        }
    }
}

#[async_trait]
impl InviteStore for MongoStore {
    async fn create_invite(&self, invite: &InviteRecord, most: u64) -> PortResult<bool> {
        let invite = InviteDocument::new(invite);
        self.run("create an invitation", move |database| async move {
            create(&database, invite, most).await
        })
        .await
    }

    async fn invite(&self, code: &str) -> PortResult<Option<InviteRecord>> {
        let code = code.to_owned();
        self.run("read an invitation", move |database| async move {
            let found = invites(&database).find_one(doc! { "_id": code }).await?;
            Ok(found.map(InviteDocument::record))
        })
        .await
    }

    async fn invites(&self, chat: ChatId, at: Timestamp) -> PortResult<Vec<InviteRecord>> {
        self.run("list invitations", move |database| async move {
            let living = living(id(chat.0), date(at));
            let invites = invites(&database);
            let found = invites.find(living).sort(doc! { "createdAt": -1, "_id": 1 }).await?;
            let found: Vec<InviteDocument> = found.try_collect().await?;
            Ok(found.into_iter().map(InviteDocument::record).collect())
        })
        .await
    }

    async fn revoke_invite(&self, chat: ChatId, code: &str, at: Timestamp) -> PortResult<bool> {
        let theirs = doc! { "_id": code, "chat": id(chat.0) };
        self.run("revoke an invitation", move |database| async move {
            let end = doc! { "revokedAt": date(at), "forgetAt": forget_at(at) };
            let first = {
                let mut first = theirs.clone();
                first.insert("revokedAt", Bson::Null);
                first
            };
            invites(&database).update_one(first, doc! { "$set": end }).await?;
            Ok(invites(&database).find_one(theirs).await?.is_some())
        })
        .await
    }

    async fn ask_to_join(&self, request: &JoinRequestRecord, most: u64) -> PortResult<AskedToJoin> {
        let request = request.clone();
        self.run("ask to join", move |database| async move { ask(&database, &request, most).await })
            .await
    }

    async fn join_request(
        &self,
        chat: ChatId,
        user: UserId,
    ) -> PortResult<Option<JoinRequestRecord>> {
        self.run("read a request to join", move |database| async move {
            let wanted = doc! { "chat": id(chat.0), "user": id(user.0) };
            let found = requests(&database).find_one(wanted).await?;
            Ok(found.map(RequestDocument::record))
        })
        .await
    }

    async fn join_requests(
        &self,
        chat: ChatId,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<JoinRequestRecord>> {
        self.run("list requests to join", move |database| async move {
            let mut filter = doc! { "chat": id(chat.0) };
            filter.extend(after.map(|user| ("user".to_owned(), doc! { "$gt": id(user.0) }.into())));
            let requests = requests(&database);
            let page = requests.find(filter).sort(doc! { "user": 1 }).limit(i64::from(limit));
            let page: Vec<RequestDocument> = page.await?.try_collect().await?;
            Ok(page.into_iter().map(RequestDocument::record).collect())
        })
        .await
    }

    async fn end_join_requests(&self, chat: ChatId, users: &[UserId]) -> PortResult<Vec<UserId>> {
        let users = users.to_vec();
        self.run("end requests to join", move |database| async move {
            let requests = requests(&database);
            let of_all =
                doc! { "chat": id(chat.0), "user": { "$in": ids(users.iter().map(|one| one.0)) } };
            let waiting: Vec<RequestDocument> = requests.find(of_all).await?.try_collect().await?;
            let mut ended = Vec::new();
            for request in waiting {
                let wanted = doc! { "chat": request.chat, "user": request.user };
                if requests.delete_one(wanted).await?.deleted_count > 0 {
                    ended.push(UserId(uuid(request.user)));
                }
            }
            Ok(ended)
        })
        .await
    }
}

fn invites(database: &MongoDatabase) -> mongodb::Collection<InviteDocument> {
    database.collection("invites")
}

fn requests(database: &MongoDatabase) -> mongodb::Collection<RequestDocument> {
    database.collection("join_requests")
}

fn living(chat: Uuid, at: DateTime) -> Document {
    let unexpired = [doc! { "expiresAt": Bson::Null }, doc! { "expiresAt": { "$gt": at } }];
    doc! { "chat": chat, "revokedAt": Bson::Null, "$or": unexpired }
}

/// Counted afterwards, and taken back where there are too many: of two at once both may go.
async fn create(database: &MongoDatabase, invite: InviteDocument, most: u64) -> Result<bool> {
    let invites = invites(database);
    invites.insert_one(&invite).await?;
    let living = invites.count_documents(living(invite.chat, invite.created_at)).await?;
    let fits = living <= most;
    if !fits {
        invites.delete_one(doc! { "_id": invite.code }).await?;
    }
    Ok(fits)
}

async fn ask(
    database: &MongoDatabase,
    wanted: &JoinRequestRecord,
    most: u64,
) -> Result<AskedToJoin> {
    let requests = requests(database);
    let request = RequestDocument {
        chat: id(wanted.chat.0),
        user: id(wanted.user.0),
        code: wanted.code.clone(),
        asked_at: date(wanted.asked_at),
    };
    match requests.insert_one(&request).await {
        Ok(_) => {}
        Err(error) if is_duplicate(&error) => return Ok(AskedToJoin::Before),
        Err(error) => return Err(error.into()),
    }
    let waiting = requests.count_documents(doc! { "chat": request.chat }).await?;
    if waiting <= most {
        return Ok(AskedToJoin::Now);
    }
    requests.delete_one(doc! { "chat": request.chat, "user": request.user }).await?;
    Ok(AskedToJoin::TooMany)
}
