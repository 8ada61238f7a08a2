//! Addresses that letters are not sent to.

use async_trait::async_trait;
use nexus_core::ports::{PortResult, Suppression, SuppressionStore};
use nexus_protocol::SuppressionReason;
use rusqlite::{OptionalExtension, Row, types::Type};

use crate::{SqliteStore, columns::time};

#[async_trait]
impl SuppressionStore for SqliteStore {
    async fn suppress(&self, new: &Suppression) -> PortResult<bool> {
        let new = new.clone();
        self.write("suppress an address", move |db| {
            let changed = db
                .prepare_cached(
                    "INSERT INTO suppressions (address, reason, detail, at) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (address) DO UPDATE
                     SET reason = excluded.reason, detail = excluded.detail, at = excluded.at
                     WHERE excluded.reason > reason",
                )?
                .execute((new.address, gravity(new.reason), new.detail, new.at.0))?;
            Ok(changed > 0)
        })
        .await
    }

    async fn suppression(&self, address: &str) -> PortResult<Option<Suppression>> {
        let address = address.to_owned();
        self.read("look for a suppressed address", move |db| {
            db.prepare_cached(
                "SELECT address, reason, detail, at FROM suppressions WHERE address = ?1",
            )?
            .query_row([address], suppression)
            .optional()
        })
        .await
    }

    async fn lift_suppression(&self, address: &str) -> PortResult<bool> {
        let address = address.to_owned();
        self.write("lift a suppression", move |db| {
            let gone = db
                .prepare_cached("DELETE FROM suppressions WHERE address = ?1")?
                .execute([address])?;
            Ok(gone > 0)
        })
        .await
    }

    async fn suppressions(&self, after: Option<&str>, limit: u32) -> PortResult<Vec<Suppression>> {
        let after = after.unwrap_or_default().to_owned();
        self.read("list suppressed addresses", move |db| {
            db.prepare_cached(
                "SELECT address, reason, detail, at FROM suppressions WHERE address > ?1
                 ORDER BY address LIMIT ?2",
            )?
            .query_map((after, limit), suppression)?
            .collect()
        })
        .await
    }
}

fn gravity(reason: SuppressionReason) -> i64 {
    match reason {
        SuppressionReason::Unsubscribe => 0,
        SuppressionReason::SpamReport => 1,
        SuppressionReason::Bounce => 2,
    }
}

fn suppression(row: &Row<'_>) -> rusqlite::Result<Suppression> {
    let number: i64 = row.get(1)?;
    let reason = SuppressionReason::ALL.into_iter().find(|reason| gravity(*reason) == number);
    let reason = reason.ok_or_else(|| {
        let text = format!("there is no reason {number} to suppress an address");
        rusqlite::Error::FromSqlConversionFailure(1, Type::Integer, text.into())
    })?;
    Ok(Suppression { address: row.get(0)?, reason, detail: row.get(2)?, at: time(row, 3)? })
}
