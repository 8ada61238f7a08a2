//! Copies of what an account holds, kept as chunks: there is no folder that all nodes share.

use async_trait::async_trait;
use nexus_protocol::{ExportId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::PortResult;

/// The latest of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportRecord {
    pub id: ExportId,
    pub user: UserId,
    pub created_at: Timestamp,
    /// How much of it is written, in percent.
    pub progress: u8,
    /// Once all of it is.
    pub file: Option<ExportFile>,
}

/// What a try to write an export has made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportFile {
    pub attempt: u32,
    pub chunks: u32,
    pub size: u64,
    /// It is there to be fetched until then.
    pub until: Timestamp,
}

/// One piece of what one try has made: what others wrote before it died is not mixed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkPlace {
    pub export: ExportId,
    pub attempt: u32,
    pub number: u32,
}

#[async_trait]
pub trait ExportStore: Send + Sync {
    /// Stores it in place of the user's last one, unless that was made at or after `since`: then
    /// answers that one. Of two calls at once, one stores.
    async fn begin_export(
        &self,
        new: &ExportRecord,
        since: Timestamp,
    ) -> PortResult<Option<ExportRecord>>;

    async fn export_of(&self, user: UserId) -> PortResult<Option<ExportRecord>>;

    /// Only while it is being written.
    async fn note_export_progress(&self, export: &ExportRecord, percent: u8) -> PortResult<()>;

    /// From now on it can be fetched. False where it is not (any more) being written.
    async fn finish_export(&self, export: &ExportRecord, file: &ExportFile) -> PortResult<bool>;

    /// The record goes; its chunks by [`ExportStore::drop_export_chunks`].
    async fn drop_export(&self, export: &ExportRecord) -> PortResult<()>;

    async fn put_export_chunk(&self, place: ChunkPlace, bytes: Vec<u8>) -> PortResult<()>;

    async fn export_chunk(&self, place: ChunkPlace) -> PortResult<Option<Vec<u8>>>;

    /// All chunks of the export but those of the spared try.
    async fn drop_export_chunks(&self, export: ExportId, spared: Option<u32>) -> PortResult<()>;
}
