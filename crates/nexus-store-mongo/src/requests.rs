//! Who asks to be among another's contacts: one document for each two, in each direction.

use async_trait::async_trait;
use bson::{Bson, DateTime, Uuid, doc};
use futures_util::TryStreamExt;
use mongodb::Collection;
use nexus_core::ports::{Asked, Decided, PortResult, RequestRecord, RequestStore};
use nexus_protocol::{RequestId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, id, time, uuid},
    run::{Result, Turns, is_duplicate},
};

/// In `contact_requests`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestDocument {
    request: Uuid,
    from: Uuid,
    to: Uuid,
    note: String,
    created_at: DateTime,
    /// These two are there once it is decided.
    #[serde(default)]
    accepted: Option<bool>,
    #[serde(default)]
    decided_at: Option<DateTime>,
}

impl RequestDocument {
    fn record(self) -> RequestRecord {
        let decision = self.accepted.zip(self.decided_at);
        RequestRecord {
            id: RequestId(uuid(self.request)),
            from: UserId(uuid(self.from)),
            to: UserId(uuid(self.to)),
            note: self.note,
            created_at: time(self.created_at),
            decision: decision.map(|(accepted, at)| Decided { accepted, at: time(at) }),
        }
    }
}

fn documents(database: &MongoDatabase) -> Collection<RequestDocument> {
    database.collection("contact_requests")
}

#[async_trait]
impl RequestStore for MongoStore {
    async fn ask(&self, request: &RequestRecord, cooled: Timestamp) -> PortResult<Asked> {
        let request = request.clone();
        self.run("ask for contact", move |database| async move {
            ask(&database, &request, cooled).await
        })
        .await
    }

    async fn request(&self, request: RequestId) -> PortResult<Option<RequestRecord>> {
        self.run("read a contact request", move |database| async move {
            let found = documents(&database).find_one(doc! { "request": id(request.0) }).await?;
            Ok(found.map(RequestDocument::record))
        })
        .await
    }

    async fn waiting_request(&self, from: UserId, to: UserId) -> PortResult<Option<RequestRecord>> {
        let waiting = doc! { "from": id(from.0), "to": id(to.0), "accepted": Bson::Null };
        self.run("look for a contact request", move |database| async move {
            Ok(documents(&database).find_one(waiting).await?.map(RequestDocument::record))
        })
        .await
    }

    async fn requests(
        &self,
        user: UserId,
        before: Option<RequestId>,
        limit: u32,
    ) -> PortResult<Vec<RequestRecord>> {
        self.run("list contact requests", move |database| async move {
            let user = id(user.0);
            let mut wanted = doc! { "$or": [
                { "to": user, "accepted": Bson::Null },
                { "from": user, "accepted": { "$ne": true } },
            ] };
            if let Some(before) = before {
                wanted.insert("request", doc! { "$lt": id(before.0) });
            }
            let documents = documents(&database);
            let found = documents.find(wanted).sort(doc! { "request": -1 });
            let found = found.limit(i64::from(limit)).await?;
            Ok(found.map_ok(RequestDocument::record).try_collect().await?)
        })
        .await
    }

    async fn decide_request(&self, request: RequestId, decided: Decided) -> PortResult<bool> {
        self.run("decide a contact request", move |database| async move {
            let waiting = doc! { "request": id(request.0), "accepted": Bson::Null };
            let decision = doc! { "accepted": decided.accepted, "decidedAt": date(decided.at) };
            let changed =
                documents(&database).update_one(waiting, doc! { "$set": decision }).await?;
            Ok(changed.modified_count > 0)
        })
        .await
    }

    async fn withdraw_request(&self, request: RequestId) -> PortResult<()> {
        let waiting = doc! { "request": id(request.0), "accepted": Bson::Null };
        self.run("withdraw a contact request", move |database| async move {
            documents(&database).delete_one(waiting).await?;
            Ok(())
        })
        .await
    }
}

/// Takes the place of one that makes room; where another stands in the way, the unique index does.
async fn ask(
    database: &MongoDatabase,
    request: &RequestRecord,
    cooled: Timestamp,
) -> Result<Asked> {
    let two = doc! { "from": id(request.from.0), "to": id(request.to.0) };
    let mut makes_room = two.clone();
    let declined = doc! { "accepted": false, "decidedAt": { "$lt": date(cooled) } };
    makes_room.insert("$or", [doc! { "accepted": true }, declined]);
    let new = doc! {
        "$set": {
            "request": id(request.id.0),
            "note": &request.note,
            "createdAt": date(request.created_at),
        },
        "$unset": { "accepted": "", "decidedAt": "" },
    };
    let mut turns = Turns::default();
    loop {
        let documents = documents(database);
        match documents.update_one(makes_room.clone(), new.clone()).upsert(true).await {
            Ok(_) => return Ok(Asked::Now),
            Err(error) if is_duplicate(&error) => {}
            Err(error) => return Err(error.into()),
        }
        match documents.find_one(two.clone()).await?.map(RequestDocument::record) {
            // The answer to an earlier try was lost.
            Some(before) if before.id == request.id => return Ok(Asked::Now),
            Some(before) => return Ok(Asked::Before(before)),
            // Whoever was faster has no majority yet.
            None => turns.pause().await?,
        }
    }
}
