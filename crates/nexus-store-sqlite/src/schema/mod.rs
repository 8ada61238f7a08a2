//! The tables, and the way to them from any earlier version. Forwards only.

use std::path::Path;

use nexus_core::ports::{PortError, PortResult, failed};
use rusqlite::{Connection, TransactionBehavior};

/// Each makes one version out of the one before, and never changes once it was released.
const MIGRATIONS: &[&str] = &[
    include_str!("001_begin.sql"),
    include_str!("002_jobs.sql"),
    include_str!("003_settings.sql"),
    include_str!("004_staff.sql"),
    include_str!("005_places.sql"),
    include_str!("006_bonds.sql"),
    include_str!("007_contact_requests.sql"),
    include_str!("008_groups.sql"),
    include_str!("009_email_tokens.sql"),
    include_str!("010_second_factors.sql"),
    include_str!("011_deletion.sql"),
    include_str!("012_sign_ins.sql"),
    include_str!("013_moderation.sql"),
    include_str!("014_disappearing.sql"),
    include_str!("015_retention.sql"),
    include_str!("016_exports.sql"),
    include_str!("017_former_names.sql"),
    include_str!("018_suppressions.sql"),
    include_str!("019_digests.sql"),
    include_str!("020_quiet_reading.sql"),
    include_str!("021_pins.sql"),
];

/// The version of the tables that this build reads and writes.
pub const SCHEMA_VERSION: usize = MIGRATIONS.len();

#[derive(Debug, thiserror::Error)]
#[error(
    "the data file has schema version {found}, but this build knows only up to {SCHEMA_VERSION}: \
     it was written by a newer nexus. Start that version, or restore a backup made before the upgrade"
)]
struct WrittenByNewer {
    found: usize,
}

/// Brings the file up to date (or makes it) and answers the version it had. Safe to run twice, and
/// from two processes at once.
pub fn migrate(path: &Path) -> PortResult<usize> {
    let mut db = crate::database::create(path)?;
    crate::database::prepare(&db, crate::Durability::Full)
        .map_err(failed("prepare the data file"))?;
    bring_up_to_date(&mut db)
}

pub fn bring_up_to_date(db: &mut Connection) -> PortResult<usize> {
    let before = version(db).map_err(failed("read the schema version"))?;
    while let Some(step) = MIGRATIONS.get(known_version(db)?) {
        apply(db, step).map_err(failed("migrate the data file"))?;
    }
    Ok(before)
}

/// The version now, if it is one we know.
fn known_version(db: &Connection) -> PortResult<usize> {
    let found = version(db).map_err(failed("read the schema version"))?;
    if found > SCHEMA_VERSION {
        return Err(PortError::new("open the data file", WrittenByNewer { found }));
    }
    Ok(found)
}

fn apply(db: &mut Connection, step: &str) -> rusqlite::Result<()> {
    let from = version(db)?;
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    if version(&tx)? == from {
        tx.execute_batch(step)?;
        tx.pragma_update(None, "user_version", i64::try_from(from + 1).unwrap_or(i64::MAX))?;
    }
    tx.commit()
}

fn version(db: &Connection) -> rusqlite::Result<usize> {
    let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}
