//! Copies of what an account holds.

use async_trait::async_trait;
use bson::{
    Binary, Bson, DateTime, Document, Uuid, doc, serde_helpers::HumanReadable, spec::BinarySubtype,
};
use mongodb::Collection;
use nexus_core::ports::{ChunkPlace, ExportFile, ExportRecord, ExportStore, PortResult};
use nexus_protocol::{ExportId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    MongoDatabase, MongoStore,
    columns::{date, id, time, uuid},
    run::{Result, Turns, is_duplicate},
};

/// In `exports`: the latest of each user.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExportDocument {
    #[serde(rename = "_id")]
    user: Uuid,
    export: Uuid,
    created_at: DateTime,
    progress: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<HumanReadable<ExportFile>>,
}

impl ExportDocument {
    fn new(export: &ExportRecord) -> ExportDocument {
        ExportDocument {
            user: id(export.user.0),
            export: id(export.id.0),
            created_at: date(export.created_at),
            progress: export.progress.into(),
            file: export.file.map(HumanReadable),
        }
    }

    fn record(self) -> ExportRecord {
        ExportRecord {
            id: ExportId(uuid(self.export)),
            user: UserId(uuid(self.user)),
            created_at: time(self.created_at),
            progress: u8::try_from(self.progress).unwrap_or(0),
            file: self.file.map(|file| file.0),
        }
    }
}

/// In `export_chunks`.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct ChunkDocument {
    #[serde(rename = "_id")]
    id: Key,
    bytes: Binary,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Key {
    export: Uuid,
    attempt: i64,
    number: i64,
}

impl Key {
    fn new(place: ChunkPlace) -> Key {
        let (attempt, number) = (place.attempt.into(), place.number.into());
        Key { export: id(place.export.0), attempt, number }
    }

    fn filter(&self) -> Result<Document> {
        Ok(doc! { "_id": bson::serialize_to_bson(self)? })
    }
}

fn exports(database: &MongoDatabase) -> Collection<ExportDocument> {
    database.collection("exports")
}

fn chunks(database: &MongoDatabase) -> Collection<ChunkDocument> {
    database.collection("export_chunks")
}

/// This one, while it is being written.
fn running(export: &ExportRecord) -> Document {
    let mut wanted = this(export);
    wanted.insert("file", Bson::Null);
    wanted
}

fn this(export: &ExportRecord) -> Document {
    doc! { "_id": id(export.user.0), "export": id(export.id.0) }
}

#[async_trait]
impl ExportStore for MongoStore {
    async fn begin_export(
        &self,
        new: &ExportRecord,
        since: Timestamp,
    ) -> PortResult<Option<ExportRecord>> {
        let new = ExportDocument::new(new);
        self.run(
            "begin an export",
            move |database| async move { begin(&database, new, since).await },
        )
        .await
    }

    async fn export_of(&self, user: UserId) -> PortResult<Option<ExportRecord>> {
        self.run("read an export", move |database| async move {
            let found = exports(&database).find_one(doc! { "_id": id(user.0) }).await?;
            Ok(found.map(ExportDocument::record))
        })
        .await
    }

    async fn note_export_progress(&self, export: &ExportRecord, percent: u8) -> PortResult<()> {
        let (running, moved) =
            (running(export), doc! { "$set": { "progress": i32::from(percent) } });
        self.run("note how far an export is", move |database| async move {
            exports(&database).update_one(running, moved).await?;
            Ok(())
        })
        .await
    }

    async fn finish_export(&self, export: &ExportRecord, file: &ExportFile) -> PortResult<bool> {
        let (running, file) = (running(export), *file);
        self.run("finish an export", move |database| async move {
            let file = bson::serialize_to_bson(&HumanReadable(file))?;
            let done = doc! { "$set": { "progress": 100, "file": file } };
            Ok(exports(&database).update_one(running, done).await?.matched_count > 0)
        })
        .await
    }

    async fn drop_export(&self, export: &ExportRecord) -> PortResult<()> {
        let this = this(export);
        self.run("drop an export", move |database| async move {
            exports(&database).delete_one(this).await?;
            Ok(())
        })
        .await
    }

    async fn put_export_chunk(&self, place: ChunkPlace, bytes: Vec<u8>) -> PortResult<()> {
        let bytes = Binary { subtype: BinarySubtype::Generic, bytes };
        let chunk = ChunkDocument { id: Key::new(place), bytes };
        self.run("store a part of an export", move |database| async move {
            let place = chunk.id.filter()?;
            chunks(&database).replace_one(place, chunk).upsert(true).await?;
            Ok(())
        })
        .await
    }

    async fn export_chunk(&self, place: ChunkPlace) -> PortResult<Option<Vec<u8>>> {
        self.run("read a part of an export", move |database| async move {
            let found = chunks(&database).find_one(Key::new(place).filter()?).await?;
            Ok(found.map(|chunk| chunk.bytes.bytes))
        })
        .await
    }

    async fn drop_export_chunks(&self, export: ExportId, spared: Option<u32>) -> PortResult<()> {
        let mut theirs = doc! { "_id.export": id(export.0) };
        if let Some(spared) = spared {
            theirs.insert("_id.attempt", doc! { "$ne": i64::from(spared) });
        }
        self.run("drop parts of an export", move |database| async move {
            chunks(&database).delete_many(theirs).await?;
            Ok(())
        })
        .await
    }
}

/// The key decides who is first; whoever stood in the way is looked up.
async fn begin(
    database: &MongoDatabase,
    new: ExportDocument,
    since: Timestamp,
) -> Result<Option<ExportRecord>> {
    let exports = exports(database);
    let mut turns = Turns::default();
    loop {
        let older = doc! { "_id": new.user, "createdAt": { "$lt": date(since) } };
        match exports.replace_one(older, &new).upsert(true).await {
            Ok(_) => return Ok(None),
            Err(error) if is_duplicate(&error) => {}
            Err(error) => return Err(error.into()),
        }
        match exports.find_one(doc! { "_id": new.user }).await? {
            // Ours: the answer to an earlier try was lost.
            Some(found) if found.export == new.export => return Ok(None),
            Some(found) if found.created_at >= date(since) => return Ok(Some(found.record())),
            // It has gone meanwhile, or has no majority yet.
            _ => turns.pause().await?,
        }
    }
}
