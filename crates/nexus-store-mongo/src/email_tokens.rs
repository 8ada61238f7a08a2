//! Tokens that travel in letters.

use async_trait::async_trait;
use bson::{Binary, DateTime, Document, Uuid, doc, spec::BinarySubtype};
use mongodb::Collection;
use nexus_core::ports::{EmailToken, EmailTokenKind, EmailTokenStore, PortResult, TokenHash};
use nexus_protocol::{Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, id, time, uuid},
    run::{Result, Turns, is_duplicate},
};

/// In `email_tokens`: one live for each key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenDocument {
    #[serde(rename = "_id")]
    id: Key,
    hash: Binary,
    address: String,
    created_at: DateTime,
    expires_at: DateTime,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Key {
    user: Uuid,
    kind: String,
    slot: String,
}

fn tokens(database: &MongoDatabase) -> Collection<TokenDocument> {
    database.collection("email_tokens")
}

fn bytes(hash: &TokenHash) -> Binary {
    Binary { subtype: BinarySubtype::Generic, bytes: hash.to_vec() }
}

fn live(kind: EmailTokenKind, hash: &TokenHash, now: Timestamp) -> Document {
    doc! { "hash": bytes(hash), "_id.kind": kind.as_str(), "expiresAt": { "$gt": date(now) } }
}

impl TokenDocument {
    fn new(token: &EmailToken) -> TokenDocument {
        let (kind, slot) = (token.kind.as_str().to_owned(), token.slot().to_owned());
        TokenDocument {
            id: Key { user: id(token.user_id.0), kind, slot },
            hash: bytes(&token.hash),
            address: token.address.clone(),
            created_at: date(token.created_at),
            expires_at: date(token.expires_at),
        }
    }

    fn token(self, kind: EmailTokenKind, hash: TokenHash) -> EmailToken {
        EmailToken {
            hash,
            kind,
            user_id: UserId(uuid(self.id.user)),
            address: self.address,
            created_at: time(self.created_at),
            expires_at: time(self.expires_at),
        }
    }
}

#[async_trait]
impl EmailTokenStore for MongoStore {
    async fn put_email_token(&self, new: &EmailToken) -> PortResult<()> {
        let new = TokenDocument::new(new);
        self.run("store an e-mail token", move |database| async move { put(&database, new).await })
            .await
    }

    async fn email_token(
        &self,
        kind: EmailTokenKind,
        hash: &TokenHash,
        now: Timestamp,
    ) -> PortResult<Option<EmailToken>> {
        let (wanted, hash) = (live(kind, hash, now), *hash);
        self.run("read an e-mail token", move |database| async move {
            Ok(tokens(&database).find_one(wanted).await?.map(|found| found.token(kind, hash)))
        })
        .await
    }

    async fn take_email_token(
        &self,
        kind: EmailTokenKind,
        hash: &TokenHash,
        now: Timestamp,
    ) -> PortResult<Option<EmailToken>> {
        let (wanted, hash) = (live(kind, hash, now), *hash);
        self.run("use an e-mail token", move |database| async move {
            let taken = tokens(&database).find_one_and_delete(wanted).await?;
            Ok(taken.map(|taken| taken.token(kind, hash)))
        })
        .await
    }

    async fn email_token_made_at(
        &self,
        user: UserId,
        kind: EmailTokenKind,
    ) -> PortResult<Option<Timestamp>> {
        let wanted = doc! { "_id.user": id(user.0), "_id.kind": kind.as_str() };
        self.run("look for an e-mail token", move |database| async move {
            let tokens = tokens(&database);
            let latest = tokens.find_one(wanted).sort(doc! { "createdAt": -1 }).await?;
            Ok(latest.map(|latest| time(latest.created_at)))
        })
        .await
    }

    async fn drop_email_tokens(
        &self,
        user: UserId,
        kinds: &[EmailTokenKind],
        since: Timestamp,
    ) -> PortResult<()> {
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        let wanted = doc! {
            "_id.user": id(user.0),
            "_id.kind": { "$in": kinds },
            "createdAt": { "$gte": date(since) },
        };
        self.run("drop e-mail tokens", move |database| async move {
            tokens(&database).delete_many(wanted).await?;
            Ok(())
        })
        .await
    }

    async fn prune_email_tokens(&self, before: Timestamp) -> PortResult<()> {
        let expired = doc! { "expiresAt": { "$lt": date(before) } };
        self.run("forget e-mail tokens", move |database| async move {
            tokens(&database).delete_many(expired).await?;
            Ok(())
        })
        .await
    }
}

async fn put(database: &MongoDatabase, new: TokenDocument) -> Result<()> {
    let tokens = tokens(database);
    let key = doc! { "_id": bson::serialize_to_bson(&new.id)? };
    let mut turns = Turns::default();
    loop {
        match tokens.replace_one(key.clone(), &new).upsert(true).await {
            // Somebody made the first one at the same moment.
            Err(error) if is_duplicate(&error) => turns.pause().await?,
            Err(error) => return Err(error.into()),
            Ok(_) => return Ok(()),
        }
    }
}
