//! Indexes, and the way to them from any earlier version. Forwards only.

use std::time::Duration;

use bson::{Document, doc};
use mongodb::{
    Collection, IndexModel,
    options::{IndexOptions, ReturnDocument},
};
use nexus_core::ports::{PortError, PortResult};
use serde::{Deserialize, Serialize};

use crate::{MongoDatabase, run::Result};

/// The version of the documents that this build reads and writes.
pub const SCHEMA_VERSION: i32 = 1;

/// What [`MongoDatabase::migrate`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Zero for a new database.
    pub from: i32,
    pub to: i32,
}

/// The database is not what this build works with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaMismatch {
    #[error(
        "the database has schema version {found}, this build needs {SCHEMA_VERSION}: run `nexus migrate`"
    )]
    Older { found: i32 },
    #[error(
        "the database has schema version {found}, but this build knows only up to \
         {SCHEMA_VERSION}: it was written by a newer nexus. Start that version"
    )]
    Newer { found: i32 },
}

/// Collection, keys in their order, and what the index is like.
type Index = (&'static str, &'static [(&'static str, i32)], Kind);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Unique,
    /// Of documents that have the field.
    Sparse,
    /// Of documents that have this one of the fields.
    Having(&'static str),
    SparseUnique,
    /// The server deletes documents some time after the time in the field.
    Expiring,
}

/// Version 1. Indexes that are added later come in with a version of their own.
const INDEXES: &[Index] = &[
    // The log of a chat: no number twice. Changes have −rev as their seq.
    ("messages", &[("chat", 1), ("rev", 1)], Kind::Unique),
    ("messages", &[("chat", 1), ("seq", 1)], Kind::Unique),
    // Messages by their latest change.
    ("messages", &[("chat", 1), ("changedRev", 1)], Kind::Plain),
    // Changes of a message.
    ("messages", &[("target", 1), ("rev", 1)], Kind::Sparse),
    // What holds something that will disappear.
    ("messages", &[("dueAt", 1), ("_id", 1)], Kind::Having("dueAt")),
    // What is pinned in a chat.
    (
        "messages",
        &[("chat", 1), ("state.pinnedAt", -1), ("seq", -1)],
        Kind::Having("state.pinnedAt"),
    ),
    ("chats", &[("pair", 1)], Kind::SparseUnique),
    // Chats with something new for search.
    ("chats", &[("dirty", 1)], Kind::Sparse),
    ("members", &[("chat", 1), ("user", 1)], Kind::Unique),
    ("members", &[("user", 1), ("chat", 1)], Kind::Plain),
    ("hidden", &[("user", 1), ("chat", 1), ("seq", 1)], Kind::Unique),
    ("hidden", &[("chat", 1)], Kind::Plain),
    ("stars", &[("user", 1), ("message", 1)], Kind::Unique),
    // Lists go on below a time.
    ("stars", &[("user", 1), ("starredAt", 1)], Kind::Unique),
    ("stars", &[("chat", 1)], Kind::Plain),
    ("searchWords", &[("chat", 1), ("tokens", 1), ("position", -1)], Kind::Plain),
    ("users", &[("email", 1)], Kind::Unique),
    ("users", &[("username", 1)], Kind::Unique),
    // One entry for each of them: a name is one user's only.
    ("users", &[("names", 1)], Kind::SparseUnique),
    ("users", &[("words", 1)], Kind::Plain),
    // Those with a ban.
    ("users", &[("ban.at", 1)], Kind::Sparse),
    ("users", &[("role", 1), ("username", 1)], Kind::Plain),
    ("reports", &[("openSubject", 1)], Kind::SparseUnique),
    ("announcements", &[("to", 1), ("_id", -1)], Kind::Plain),
    ("audit", &[("actor", 1), ("_id", -1)], Kind::Plain),
    ("audit", &[("target", 1), ("_id", -1)], Kind::Plain),
    // The log of a user: no number twice.
    ("user_changes", &[("user", 1), ("userRev", 1)], Kind::Unique),
    ("user_changes", &[("user", 1), ("told.subject", 1), ("told.kind", 1)], Kind::Plain),
    ("user_changes", &[("overtakenAt", 1)], Kind::Expiring),
    ("bonds", &[("user", 1), ("other", 1)], Kind::Unique),
    ("bonds", &[("other", 1), ("user", 1)], Kind::Plain),
    ("contact_requests", &[("from", 1), ("to", 1)], Kind::Unique),
    ("contact_requests", &[("request", 1)], Kind::Unique),
    ("contact_requests", &[("to", 1), ("request", 1)], Kind::Plain),
    ("contact_requests", &[("from", 1), ("request", 1)], Kind::Plain),
    ("sessions", &[("user", 1), ("lastUsedAt", 1)], Kind::Plain),
    ("sessions", &[("revokedAt", 1)], Kind::Sparse),
    ("sessions", &[("expiresAt", 1)], Kind::Plain),
    ("tokens", &[("session", 1), ("at", 1)], Kind::Plain),
    ("places", &[("lastAt", 1)], Kind::Plain),
    ("email_tokens", &[("hash", 1)], Kind::Unique),
    ("email_tokens", &[("expiresAt", 1)], Kind::Plain),
    ("export_chunks", &[("_id.export", 1)], Kind::Plain),
    ("step_ups", &[("until", 1)], Kind::Plain),
    ("ceremonies", &[("expiresAt", 1)], Kind::Plain),
    ("passkeys", &[("passkey", 1)], Kind::Unique),
    ("passkeys", &[("user", 1), ("createdAt", 1)], Kind::Plain),
    ("links", &[("issuer", 1), ("subject", 1)], Kind::Unique),
    ("links", &[("user", 1), ("issuer", 1)], Kind::Unique),
    // Watermarks that moved since a time.
    ("members", &[("chat", 1), ("movedAt", 1)], Kind::Plain),
    ("receipt_log", &[("chat", 1), ("user", 1), ("kind", 1), ("seq", 1)], Kind::Unique),
    ("receipt_log", &[("chat", 1), ("seq", 1)], Kind::Plain),
    ("last_sent", &[("chat", 1), ("user", 1)], Kind::Unique),
    ("invites", &[("chat", 1), ("createdAt", -1)], Kind::Plain),
    ("invites", &[("forgetAt", 1)], Kind::Expiring),
    ("join_requests", &[("chat", 1), ("user", 1)], Kind::Unique),
    // A job that is made once.
    ("jobs", &[("key", 1)], Kind::Unique),
    ("jobs", &[("dueAt", 1), ("_id", 1)], Kind::Sparse),
    ("jobs", &[("diedAt", 1)], Kind::Sparse),
    ("jobs", &[("doneAt", 1)], Kind::Sparse),
];

/// How long a number of a user's log is kept once its change is overtaken: far longer than any writer
/// that is held up could still want to give it again.
const OVERTAKEN: Duration = Duration::from_secs(24 * 3_600);

/// Refuses a database that is older or newer than this build.
pub async fn require_current(database: &MongoDatabase) -> PortResult<()> {
    let found = version(database).await?;
    let mismatch = match found.cmp(&SCHEMA_VERSION) {
        std::cmp::Ordering::Less => SchemaMismatch::Older { found },
        std::cmp::Ordering::Equal => return Ok(()),
        std::cmp::Ordering::Greater => SchemaMismatch::Newer { found },
    };
    Err(PortError::new("open the database", mismatch))
}

pub async fn version(database: &MongoDatabase) -> PortResult<i32> {
    let schema = database.collection::<Version>("schema");
    database
        .run("read the schema version", async move {
            let found = schema.find_one(doc! { "_id": VERSION }).await?;
            Ok(found.map_or(0, |found| found.version))
        })
        .await
}

pub async fn bring_up_to_date(database: &MongoDatabase) -> PortResult<Report> {
    let from = version(database).await?;
    if from > SCHEMA_VERSION {
        let newer = SchemaMismatch::Newer { found: from };
        return Err(PortError::new("migrate the database", newer));
    }
    // Building indexes takes as long as it takes.
    let ours = database.clone();
    let migrating = tokio::spawn(async move { migrate(&ours).await });
    let migrated = migrating.await.map_err(|died| PortError::new("migrate the database", died))?;
    let to = migrated.map_err(|error| PortError::new("migrate the database", error))?;
    Ok(Report { from, to })
}

/// Making an index that is there is nothing to the server, so there is no lock.
async fn migrate(database: &MongoDatabase) -> Result<i32> {
    for (collection, keys, kind) in INDEXES {
        create_index(&database.collection(collection), keys, *kind).await?;
    }
    let schema = database.collection::<Version>("schema");
    let now = schema
        .find_one_and_update(
            doc! { "_id": VERSION },
            doc! { "$max": { "version": SCHEMA_VERSION } },
        )
        .upsert(true)
        .return_document(ReturnDocument::After)
        .await?;
    Ok(now.map_or(SCHEMA_VERSION, |now| now.version))
}

async fn create_index(
    collection: &Collection<Document>,
    keys: &[(&str, i32)],
    kind: Kind,
) -> Result<()> {
    let having = match kind {
        Kind::Having(key) => Some(doc! { key: { "$exists": true } }),
        _ => None,
    };
    let keys: Document =
        keys.iter().map(|(key, order)| ((*key).to_owned(), (*order).into())).collect();
    let options = IndexOptions::builder()
        .unique(matches!(kind, Kind::Unique | Kind::SparseUnique).then_some(true))
        .sparse(matches!(kind, Kind::Sparse | Kind::SparseUnique).then_some(true))
        .partial_filter_expression(having)
        .expire_after((kind == Kind::Expiring).then_some(OVERTAKEN))
        .build();
    let index = IndexModel::builder().keys(keys).options(options).build();
    collection.create_index(index).await?;
    Ok(())
}

const VERSION: &str = "version";

#[derive(Serialize, Deserialize)]
struct Version {
    #[serde(rename = "_id")]
    id: String,
    version: i32,
}
