//! A copy of all that an account holds, for its owner: written by a side job, fetched for some days.
//!
//! Each try of the job writes chunks of its own, and what can be fetched is named last, in one step:
//! nobody is ever given half a file, or one that two tries have written.

mod archive;
mod contents;
mod people;

use std::time::Duration;

use nexus_protocol::{Export, ExportId, ExportState, UserId};

use self::archive::Archive;
use crate::{
    Core, Error, Result,
    auth::Caller,
    fault,
    jobs::{self, Job, JobError, JobKey},
    letters,
    mail::{Letter, Token},
    ports::{ChunkPlace, ExportFile, ExportRecord},
    step_up,
};

/// Between two exports of one user. What is not written by then never will be.
const EACH: Duration = Duration::from_secs(24 * 3_600);
/// It is there to be fetched for so long.
const KEPT: Duration = Duration::from_secs(7 * 24 * 3_600);

/// Begins one; while one is being written, answers that. It has everything in it: whoever finds an
/// open device is not to take it along.
pub async fn ask(core: &Core, caller: Caller) -> Result<Export> {
    step_up::require_recent(core, caller.session).await?;
    let (user, now) = (caller.user, core.clock.now());
    let id = ExportId(core.ids.uuid());
    let new = ExportRecord { id, user, created_at: now, progress: 0, file: None };
    let last = core.store.export_of(user).await?;
    match core.store.begin_export(&new, now.minus(EACH)).await? {
        Some(running) if running.file.is_none() => {
            // Its node may have died before it had the job.
            push(core, &running).await?;
            Ok(show(core, &running))
        }
        Some(last) => {
            let retry_after = last.created_at.plus(EACH).since(now) + Duration::from_secs(1);
            Err(Error::RateLimited { retry_after })
        }
        None => {
            if let Some(last) = last {
                core.store.drop_export_chunks(last.id, None).await?;
            }
            push(core, &new).await?;
            Ok(show(core, &new))
        }
    }
}

async fn push(core: &Core, export: &ExportRecord) -> Result<()> {
    let job = Job::Export { user: export.user, export: export.id };
    let key = JobKey::of(format!("export:{}", export.id));
    jobs::push(core, &job, key, core.clock.now()).await.map(|_| ())
}

pub async fn latest(core: &Core, user: UserId) -> Result<Option<Export>> {
    Ok(core.store.export_of(user).await?.map(|record| show(core, &record)))
}

fn show(core: &Core, record: &ExportRecord) -> Export {
    let now = core.clock.now();
    let state = match record.file {
        Some(file) if now < file.until => ExportState::Ready,
        Some(_) => ExportState::Expired,
        None if now < record.created_at.plus(EACH) => ExportState::Running,
        None => ExportState::Failed,
    };
    Export {
        id: record.id,
        state,
        created_at: record.created_at,
        progress: record.progress,
        size: record.file.map(|file| file.size),
        until: record.file.map(|file| file.until),
    }
}

/// A file that can be fetched, chunk by chunk.
#[derive(Clone, Copy, Debug)]
pub struct Download {
    pub size: u64,
    export: ExportId,
    file: ExportFile,
}

pub async fn open(core: &Core, caller: Caller, id: ExportId) -> Result<Download> {
    let not_found = || Error::NotFound("export");
    let record = core.store.export_of(caller.user).await?.ok_or_else(not_found)?;
    if record.id != id {
        return Err(not_found());
    }
    match record.file {
        Some(file) if core.clock.now() < file.until => {
            Ok(Download { size: file.size, export: id, file })
        }
        Some(_) => Err(Error::Gone("the export has expired".into())),
        None => Err(Error::Conflict("the export is still being written".into())),
    }
}

/// One after the other, from 0 on; `None` after the last.
pub async fn chunk(core: &Core, download: Download, number: u32) -> Result<Option<Vec<u8>>> {
    let Download { export, file, .. } = download;
    if number >= file.chunks {
        return Ok(None);
    }
    let place = ChunkPlace { export, attempt: file.attempt, number };
    let found = core.store.export_chunk(place).await?;
    found.map(Some).ok_or(Error::Gone("the export has expired".into()))
}

/// Carries a [`Job::Export`] out.
pub(crate) async fn write(
    core: &Core,
    user: UserId,
    export: ExportId,
    attempt: u32,
) -> Result<(), JobError> {
    let record = core.store.export_of(user).await?.filter(|record| record.id == export);
    let owner = core.store.user(user).await?.filter(|owner| !owner.is_gone());
    let (Some(record), Some(owner)) = (record, owner) else {
        return Ok(drop_others(core, user, export).await?);
    };
    if record.file.is_some() {
        return Ok(drop_others(core, user, export).await?);
    }
    let mut archive = Archive::new(core, export, attempt);
    contents::write(core, &owner, &record, &mut archive).await?;
    fault("export.written");
    let (chunks, size) = archive.finish().await?;
    let until = core.clock.now().plus(KEPT);
    let (job, key) = (Job::DropExport { user, export }, JobKey::of(format!("drop:{export}")));
    jobs::push(core, &job, key, until).await?;
    let file = ExportFile { attempt, chunks, size, until };
    let is_ours = core.store.finish_export(&record, &file).await?;
    drop_others(core, user, export).await?;
    if !is_ours {
        return Ok(());
    }
    let token = Token::from(export.to_string());
    Ok(letters::tell(core, user, Letter::ExportReady { token, until }).await?)
}

/// What tries have left that died, or came too late; all there is where nobody wants it any more. A
/// try that still runs keeps what is its own: it may be the first to have all of it.
async fn drop_others(core: &Core, user: UserId, export: ExportId) -> Result<()> {
    let record = core.store.export_of(user).await?.filter(|record| record.id == export);
    match record {
        Some(ExportRecord { file: None, .. }) => Ok(()),
        Some(ExportRecord { file: Some(file), .. }) => {
            Ok(core.store.drop_export_chunks(export, Some(file.attempt)).await?)
        }
        None => Ok(core.store.drop_export_chunks(export, None).await?),
    }
}

/// Carries a [`Job::DropExport`] out.
pub(crate) async fn drop_old(core: &Core, user: UserId, export: ExportId) -> Result<()> {
    core.store.drop_export_chunks(export, None).await?;
    let record = core.store.export_of(user).await?.filter(|record| record.id == export);
    match record {
        Some(record) => Ok(core.store.drop_export(&record).await?),
        None => Ok(()),
    }
}

/// Of somebody who is gone.
pub(crate) async fn drop_all(core: &Core, user: UserId) -> Result<()> {
    match core.store.export_of(user).await? {
        Some(last) => drop_old(core, user, last.id).await,
        None => Ok(()),
    }
}
