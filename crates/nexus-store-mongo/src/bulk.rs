//! Many writes in one command.

use std::collections::BTreeSet;

use bson::{Document, doc};
use mongodb::{
    ClientSession, Collection,
    error::{Error, ErrorKind},
};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase,
    run::{DUPLICATE_KEY, Failure, Result},
};

/// A statement of [`update`]: changes one document, or none.
pub fn one(filter: Document, change: Document) -> Document {
    doc! { "q": filter, "u": change }
}

/// A statement of [`update`]: changes all that match.
pub fn all(filter: Document, change: Document) -> Document {
    doc! { "q": filter, "u": change, "multi": true }
}

/// A statement of [`update_newer`]: changes one document, or makes it.
pub fn upsert(filter: Document, change: Document) -> Document {
    doc! { "q": filter, "u": change, "upsert": true }
}

/// Carries the statements out, in any order, and waits until a majority has them.
pub async fn update(
    database: &MongoDatabase,
    collection: &str,
    statements: Vec<Document>,
) -> Result<()> {
    if statements.is_empty() {
        return Ok(());
    }
    let reply = database.db.run_command(command(collection, statements)).await?;
    let reply: Reply = bson::deserialize_from_document(reply)?;
    match reply.write_errors.into_iter().chain(reply.write_concern_error).next() {
        Some(refused) => Err(Failure::Refused(refused.errmsg)),
        None => Ok(()),
    }
}

/// Likewise, taking it for done where a unique index kept an upsert out: it came too late.
pub async fn update_newer(
    database: &MongoDatabase,
    collection: &str,
    statements: Vec<Document>,
) -> Result<()> {
    if statements.is_empty() {
        return Ok(());
    }
    let reply = database.db.run_command(command(collection, statements)).await?;
    let reply: Reply = bson::deserialize_from_document(reply)?;
    let refused = reply.write_errors.into_iter().find(|error| error.code != DUPLICATE_KEY);
    match refused.or(reply.write_concern_error) {
        Some(refused) => Err(Failure::Refused(refused.errmsg)),
        None => Ok(()),
    }
}

/// Likewise as part of `session`, and taking it for done where a unique index kept an upsert out:
/// it came too late. Answers how many statements met a document.
pub async fn update_once(
    database: &MongoDatabase,
    session: &mut ClientSession,
    collection: &str,
    statements: Vec<Document>,
) -> Result<usize> {
    if statements.is_empty() {
        return Ok(0);
    }
    let reply = database.db.run_command(command(collection, statements)).session(session).await?;
    let reply: Reply = bson::deserialize_from_document(reply)?;
    let refused = reply.write_errors.into_iter().find(|error| error.code != DUPLICATE_KEY);
    match refused.or(reply.write_concern_error) {
        Some(refused) => Err(Failure::Refused(refused.errmsg)),
        None => Ok(reply.n),
    }
}

fn command(collection: &str, statements: Vec<Document>) -> Document {
    doc! {
        "update": collection,
        "updates": statements,
        "ordered": false,
        "writeConcern": { "w": "majority", "j": true },
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply {
    n: usize,
    #[serde(default)]
    write_errors: Vec<Refusal>,
    write_concern_error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    code: i32,
    errmsg: String,
}

/// Inserts what is new, in any order; answers which (by index) a unique index kept out.
pub async fn insert_new<T: Serialize + Send + Sync>(
    collection: &Collection<T>,
    documents: &[T],
) -> Result<BTreeSet<usize>> {
    if documents.is_empty() {
        return Ok(BTreeSet::new());
    }
    match collection.insert_many(documents).ordered(false).await {
        Ok(_) => Ok(BTreeSet::new()),
        Err(error) => kept_out(error),
    }
}

/// Which documents of an insertion met a duplicate key, if nothing else went wrong.
fn kept_out(error: Error) -> Result<BTreeSet<usize>> {
    if let ErrorKind::InsertMany(failed) = error.kind.as_ref()
        && failed.write_concern_error.is_none()
        && let Some(errors) = &failed.write_errors
        && errors.iter().all(|one| one.code == DUPLICATE_KEY)
    {
        return Ok(errors.iter().map(|one| one.index).collect());
    }
    Err(error.into())
}
