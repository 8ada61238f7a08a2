//! Who asks to be among another's contacts.

use async_trait::async_trait;
use nexus_core::ports::{Asked, Decided, PortResult, RequestRecord, RequestStore};
use nexus_protocol::{RequestId, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    SqliteStore,
    columns::{maybe_time, time, uuid},
};

const REQUEST: &str = "id, sender, recipient, note, created_at, accepted, decided_at";

#[async_trait]
impl RequestStore for SqliteStore {
    async fn ask(&self, request: &RequestRecord, cooled: Timestamp) -> PortResult<Asked> {
        let request = request.clone();
        self.write("ask for contact", move |db| ask(db, &request, cooled)).await
    }

    async fn request(&self, id: RequestId) -> PortResult<Option<RequestRecord>> {
        self.read("read a contact request", move |db| {
            db.prepare_cached(&format!("SELECT {REQUEST} FROM contact_requests WHERE id = ?1"))?
                .query_row([id.0.as_bytes()], record)
                .optional()
        })
        .await
    }

    async fn waiting_request(&self, from: UserId, to: UserId) -> PortResult<Option<RequestRecord>> {
        self.read("look for a contact request", move |db| {
            db.prepare_cached(&format!(
                "SELECT {REQUEST} FROM contact_requests
                 WHERE sender = ?1 AND recipient = ?2 AND accepted IS NULL"
            ))?
            .query_row((from.0.as_bytes(), to.0.as_bytes()), record)
            .optional()
        })
        .await
    }

    async fn requests(
        &self,
        user: UserId,
        before: Option<RequestId>,
        limit: u32,
    ) -> PortResult<Vec<RequestRecord>> {
        self.read("list contact requests", move |db| {
            // Above all ids.
            let before = before.map_or(vec![0xFF; 17], |id| id.0.as_bytes().to_vec());
            db.prepare_cached(&format!(
                "SELECT {REQUEST} FROM contact_requests WHERE id < ?2
                 AND (recipient = ?1 AND accepted IS NULL
                    OR sender = ?1 AND accepted IS NOT 1)
                 ORDER BY id DESC LIMIT ?3"
            ))?
            .query_map((user.0.as_bytes(), before, limit), record)?
            .collect()
        })
        .await
    }

    async fn decide_request(&self, id: RequestId, decided: Decided) -> PortResult<bool> {
        self.write("decide a contact request", move |db| {
            let changed = db
                .prepare_cached(
                    "UPDATE contact_requests SET accepted = ?2, decided_at = ?3
                     WHERE id = ?1 AND accepted IS NULL",
                )?
                .execute((id.0.as_bytes(), decided.accepted, decided.at.0))?;
            Ok(changed > 0)
        })
        .await
    }

    async fn withdraw_request(&self, id: RequestId) -> PortResult<()> {
        self.write("withdraw a contact request", move |db| {
            db.prepare_cached("DELETE FROM contact_requests WHERE id = ?1 AND accepted IS NULL")?
                .execute([id.0.as_bytes()])
                .map(|_| ())
        })
        .await
    }
}

fn ask(db: &Connection, request: &RequestRecord, cooled: Timestamp) -> rusqlite::Result<Asked> {
    let before = db
        .prepare_cached(&format!(
            "SELECT {REQUEST} FROM contact_requests WHERE sender = ?1 AND recipient = ?2"
        ))?
        .query_row((request.from.0.as_bytes(), request.to.0.as_bytes()), record)
        .optional()?;
    if let Some(before) = before {
        let makes_room = |decided: Decided| decided.accepted || decided.at < cooled;
        if !before.decision.is_some_and(makes_room) {
            return Ok(Asked::Before(before));
        }
        db.prepare_cached("DELETE FROM contact_requests WHERE id = ?1")?
            .execute([before.id.0.as_bytes()])?;
    }
    db.prepare_cached("INSERT INTO contact_requests VALUES (?1, ?2, ?3, ?4, ?5, NULL, NULL)")?
        .execute((
            request.id.0.as_bytes(),
            request.from.0.as_bytes(),
            request.to.0.as_bytes(),
            &request.note,
            request.created_at.0,
        ))?;
    Ok(Asked::Now)
}

fn record(row: &Row<'_>) -> rusqlite::Result<RequestRecord> {
    let accepted: Option<bool> = row.get(5)?;
    let decision = accepted.zip(maybe_time(row, 6)?);
    Ok(RequestRecord {
        id: RequestId(uuid(row, 0)?),
        from: UserId(uuid(row, 1)?),
        to: UserId(uuid(row, 2)?),
        note: row.get(3)?,
        created_at: time(row, 4)?,
        decision: decision.map(|(accepted, at)| Decided { accepted, at }),
    })
}
