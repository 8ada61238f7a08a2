//! Signed-in devices and their refresh tokens.

use async_trait::async_trait;
use bson::{Binary, Bson, DateTime, Document, Uuid, doc, spec::BinarySubtype};
use futures_util::TryStreamExt;
use mongodb::{Collection, options::ReturnDocument};
use nexus_core::ports::{PortResult, Rotate, Rotation, SessionRecord, SessionStore, TokenHash};
use nexus_protocol::{SessionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, id, time, uuid},
    run::{Failure, Result, Turns, is_duplicate},
};

/// How many former tokens a session remembers: far more than are rotated within the grace time. An
/// older one is known as one of the session's all the same, by `tokens`.
const FORMER: i32 = 8;
/// Sessions that are forgotten at a time.
const PRUNED: i64 = 1_000;

/// In `sessions`. What decides about its tokens is all in here.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionDocument {
    #[serde(rename = "_id")]
    id: Uuid,
    user: Uuid,
    device: String,
    address: String,
    salt: Binary,
    created_at: DateTime,
    last_used_at: DateTime,
    expires_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revoked_at: Option<DateTime>,
    /// The hash of the token that is to be presented next.
    token: Binary,
    /// Those before it, the latest last.
    former: Vec<Former>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Former {
    token: Binary,
    rotated_at: DateTime,
}

/// In `tokens`: whose it is or was.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct TokenDocument {
    #[serde(rename = "_id")]
    hash: Binary,
    session: Uuid,
    /// When it became one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<DateTime>,
}

impl SessionDocument {
    fn new(session: &SessionRecord, token: &TokenHash) -> SessionDocument {
        SessionDocument {
            id: id(session.id.0),
            user: id(session.user_id.0),
            device: session.device.clone(),
            address: session.address.clone(),
            salt: bytes(&session.salt),
            created_at: date(session.created_at),
            last_used_at: date(session.last_used_at),
            expires_at: date(session.expires_at),
            revoked_at: session.revoked_at.map(date),
            token: bytes(token),
            former: Vec::new(),
        }
    }

    fn record(self) -> Result<SessionRecord> {
        let salt = <[u8; 32]>::try_from(self.salt.bytes);
        Ok(SessionRecord {
            id: SessionId(uuid(self.id)),
            user_id: UserId(uuid(self.user)),
            device: self.device,
            address: self.address,
            salt: salt.map_err(|_| Failure::Unexpected("a salt of another length"))?,
            created_at: time(self.created_at),
            last_used_at: time(self.last_used_at),
            expires_at: time(self.expires_at),
            revoked_at: self.revoked_at.map(time),
        })
    }
}

fn bytes(bytes: &[u8]) -> Binary {
    Binary { subtype: BinarySubtype::Generic, bytes: bytes.to_vec() }
}

fn sessions(database: &MongoDatabase) -> Collection<SessionDocument> {
    database.collection("sessions")
}

fn tokens(database: &MongoDatabase) -> Collection<TokenDocument> {
    database.collection("tokens")
}

/// Neither revoked nor expired.
fn alive(at: Timestamp) -> Document {
    doc! { "revokedAt": Bson::Null, "expiresAt": { "$gt": date(at) } }
}

fn alive_of(user: UserId, at: Timestamp) -> Document {
    let mut filter = alive(at);
    filter.insert("user", id(user.0));
    filter
}

fn revoke(at: Timestamp) -> Document {
    doc! { "$set": { "revokedAt": date(at) } }
}

#[async_trait]
impl SessionStore for MongoStore {
    async fn create_session(&self, new: &SessionRecord, token: &TokenHash) -> PortResult<()> {
        let session = SessionDocument::new(new, token);
        self.run("create a session", |database| async move {
            add_token(&database, &session.token, session.id, session.created_at).await?;
            sessions(&database).insert_one(session).await?;
            Ok(())
        })
        .await
    }

    async fn session_of_token(&self, token: &TokenHash) -> PortResult<Option<SessionRecord>> {
        let token = bytes(token);
        self.run("read a token's session", |database| async move {
            of_token(&database, &token).await?.map(SessionDocument::record).transpose()
        })
        .await
    }

    async fn session(&self, session: SessionId) -> PortResult<Option<SessionRecord>> {
        self.run("read a session", move |database| async move {
            let found = sessions(&database).find_one(doc! { "_id": id(session.0) }).await?;
            found.map(SessionDocument::record).transpose()
        })
        .await
    }

    async fn rotate(&self, rotate: Rotate<'_>) -> PortResult<Rotation> {
        let wanted = Wanted {
            presented: bytes(rotate.presented),
            successor: bytes(rotate.successor),
            at: rotate.at,
            grace: rotate.grace,
            expires_at: rotate.expires_at,
            address: rotate.address.to_owned(),
        };
        self.run("rotate a refresh token", |database| async move { wanted.rotate(&database).await })
            .await
    }

    async fn sessions_of(&self, user: UserId, now: Timestamp) -> PortResult<Vec<SessionRecord>> {
        self.run("list a user's sessions", move |database| async move {
            let sessions = sessions(&database);
            let found =
                sessions.find(alive_of(user, now)).sort(doc! { "lastUsedAt": -1, "_id": -1 });
            let found: Vec<SessionDocument> = found.await?.try_collect().await?;
            found.into_iter().map(SessionDocument::record).collect()
        })
        .await
    }

    async fn revoke_session(
        &self,
        user: UserId,
        session: SessionId,
        at: Timestamp,
    ) -> PortResult<bool> {
        let mut theirs = alive_of(user, at);
        theirs.insert("_id", id(session.0));
        self.run("revoke a session", move |database| async move {
            let revoked = sessions(&database).update_one(theirs, revoke(at)).await?;
            Ok(revoked.matched_count > 0)
        })
        .await
    }

    async fn revoke_sessions(
        &self,
        user: UserId,
        spared: Option<SessionId>,
        at: Timestamp,
    ) -> PortResult<Vec<SessionId>> {
        let mut theirs = alive_of(user, at);
        if let Some(spared) = spared {
            theirs.insert("_id", doc! { "$ne": id(spared.0) });
        }
        self.run("revoke a user's sessions", move |database| async move {
            let sessions = sessions(&database);
            let mut revoked = Vec::new();
            // One by one, so that each is answered by whoever ended it, and by nobody else.
            while let Some(one) = sessions.find_one_and_update(theirs.clone(), revoke(at)).await? {
                revoked.push(SessionId(uuid(one.id)));
            }
            Ok(revoked)
        })
        .await
    }

    async fn revoked_since(&self, since: Timestamp) -> PortResult<Vec<SessionId>> {
        self.run("list revoked sessions", move |database| async move {
            ids(&database, doc! { "revokedAt": { "$gte": date(since) } }, 0).await
        })
        .await
        .map(|found| found.into_iter().map(|session| SessionId(uuid(session))).collect())
    }

    async fn prune_sessions(&self, before: Timestamp) -> PortResult<()> {
        let before = doc! { "$lt": date(before) };
        let ended = doc! { "$or": [{ "expiresAt": &before }, { "revokedAt": before }] };
        self.run("forget ended sessions", |database| async move { prune(&database, ended).await })
            .await
    }
}

/// The `_id` of sessions, all of them if `limit` is 0.
async fn ids(database: &MongoDatabase, filter: Document, limit: i64) -> Result<Vec<Uuid>> {
    #[derive(Serialize, Deserialize)]
    struct Id {
        #[serde(rename = "_id")]
        id: Uuid,
    }
    let sessions = database.collection::<Id>("sessions");
    let found = sessions.find(filter).projection(doc! { "_id": 1 }).limit(limit).await?;
    Ok(found.map_ok(|found| found.id).try_collect().await?)
}

/// Tokens first: without their session nobody would find them.
async fn prune(database: &MongoDatabase, ended: Document) -> Result<()> {
    loop {
        let some = ids(database, ended.clone(), PRUNED).await?;
        if some.is_empty() {
            return Ok(());
        }
        tokens(database).delete_many(doc! { "session": { "$in": &some } }).await?;
        sessions(database).delete_many(doc! { "_id": { "$in": some } }).await?;
    }
}

async fn of_token(database: &MongoDatabase, token: &Binary) -> Result<Option<SessionDocument>> {
    let Some(known) = tokens(database).find_one(doc! { "_id": token }).await? else {
        return Ok(None);
    };
    Ok(sessions(database).find_one(doc! { "_id": known.session }).await?)
}

/// Before the session names it, so that no session has a token that can't be found. Successors are
/// derived: a second try adds the same one.
async fn add_token(
    database: &MongoDatabase,
    token: &Binary,
    session: Uuid,
    at: DateTime,
) -> Result<()> {
    let new = TokenDocument { hash: token.clone(), session, at: Some(at) };
    match tokens(database).insert_one(new).await {
        Err(error) if !is_duplicate(&error) => Err(error.into()),
        _ => Ok(()),
    }
}

/// A [`Rotate`] that owns what it is about.
struct Wanted {
    presented: Binary,
    successor: Binary,
    at: Timestamp,
    grace: std::time::Duration,
    expires_at: Timestamp,
    address: String,
}

impl Wanted {
    /// Decides on the session as it was read, and writes where it is still so; otherwise again.
    async fn rotate(&self, database: &MongoDatabase) -> Result<Rotation> {
        let mut turns = Turns::default();
        loop {
            let Some(session) = of_token(database, &self.presented).await? else {
                return Ok(Rotation::Unknown);
            };
            if session.revoked_at.is_some() || time(session.expires_at) <= self.at {
                return Ok(Rotation::Unknown);
            }
            let former = session.former.iter().find(|former| former.token == self.presented);
            let written = match former.map(|former| self.at.since(time(former.rotated_at))) {
                None if session.token == self.presented => {
                    add_token(database, &self.successor, session.id, date(self.at)).await?;
                    self.succeed(database, session.id).await?.map(Rotation::Rotated)
                }
                Some(ago) if ago <= self.grace => Some(Rotation::Replayed(session.record()?)),
                _ => self.revoke(database, session.id).await?.map(Rotation::Reused),
            };
            if let Some(rotation) = written {
                return Ok(rotation);
            }
            turns.pause().await?;
        }
    }

    async fn succeed(
        &self,
        database: &MongoDatabase,
        session: Uuid,
    ) -> Result<Option<SessionRecord>> {
        let mut before = alive(self.at);
        before.extend(doc! { "_id": session, "token": &self.presented });
        let former = doc! { "token": &self.presented, "rotatedAt": date(self.at) };
        let change = doc! {
            "$set": {
                "token": &self.successor,
                "lastUsedAt": date(self.at),
                "expiresAt": date(self.expires_at),
                "address": &self.address,
            },
            "$push": { "former": { "$each": [former], "$slice": -FORMER } },
        };
        write(database, before, change).await
    }

    async fn revoke(
        &self,
        database: &MongoDatabase,
        session: Uuid,
    ) -> Result<Option<SessionRecord>> {
        let mut before = alive(self.at);
        // It may have become the session's token since it was read.
        before.extend(doc! { "_id": session, "token": { "$ne": &self.presented } });
        write(database, before, revoke(self.at)).await
    }
}

async fn write(
    database: &MongoDatabase,
    before: Document,
    change: Document,
) -> Result<Option<SessionRecord>> {
    let sessions = sessions(database);
    let write = sessions.find_one_and_update(before, change);
    let after = write.return_document(ReturnDocument::After).await?;
    after.map(SessionDocument::record).transpose()
}
