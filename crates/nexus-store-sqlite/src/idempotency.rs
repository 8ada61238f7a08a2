//! First answers to requests that carry an `Idempotency-Key`.

use async_trait::async_trait;
use nexus_core::ports::{Claim, FirstAnswer, IdempotencyStore, PortResult};
use nexus_protocol::{Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension};

use crate::SqliteStore;

/// A claim not finished within this time was cut off.
const CUT_OFF_MILLIS: i64 = 60_000;

#[async_trait]
impl IdempotencyStore for SqliteStore {
    async fn claim(
        &self,
        user: UserId,
        key: &str,
        fingerprint: &[u8; 32],
        at: Timestamp,
    ) -> PortResult<Claim> {
        let (key, fingerprint) = (key.to_owned(), *fingerprint);
        self.write("claim an idempotency key", move |db| claim(db, user, &key, &fingerprint, at))
            .await
    }

    async fn finish(&self, user: UserId, key: &str, answer: &FirstAnswer) -> PortResult<()> {
        let (key, answer) = (key.to_owned(), answer.clone());
        self.write("keep a first answer", move |db| {
            db.prepare_cached(
                "UPDATE claims SET status = ?3, content_type = ?4, body = ?5
                 WHERE user = ?1 AND key = ?2",
            )?
            .execute((user.0.as_bytes(), key, answer.status, answer.content_type, answer.body))
            .map(|_| ())
        })
        .await
    }

    async fn release(&self, user: UserId, key: &str) -> PortResult<()> {
        let key = key.to_owned();
        self.write("release an idempotency key", move |db| {
            db.prepare_cached("DELETE FROM claims WHERE user = ?1 AND key = ?2 AND status IS NULL")?
                .execute((user.0.as_bytes(), key))
                .map(|_| ())
        })
        .await
    }

    async fn prune_claims(&self, before: Timestamp) -> PortResult<()> {
        self.write("forget old claims", move |db| {
            db.prepare_cached("DELETE FROM claims WHERE claimed_at < ?1")?
                .execute([before.0])
                .map(|_| ())
        })
        .await
    }
}

struct Known {
    fingerprint: [u8; 32],
    claimed_at: i64,
    answer: Option<FirstAnswer>,
}

fn claim(
    db: &Connection,
    user: UserId,
    key: &str,
    fingerprint: &[u8; 32],
    at: Timestamp,
) -> rusqlite::Result<Claim> {
    if let Some(known) = known(db, user, key)? {
        let cut_off = known.answer.is_none() && at.0 - known.claimed_at >= CUT_OFF_MILLIS;
        match known.answer {
            _ if cut_off => {}
            _ if known.fingerprint != *fingerprint => return Ok(Claim::Mismatch),
            Some(answer) => return Ok(Claim::Answered(answer)),
            None => return Ok(Claim::InProgress),
        }
    }
    db.prepare_cached(
        "INSERT OR REPLACE INTO claims (user, key, fingerprint, claimed_at)
         VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute((user.0.as_bytes(), key, fingerprint, at.0))?;
    Ok(Claim::New)
}

fn known(db: &Connection, user: UserId, key: &str) -> rusqlite::Result<Option<Known>> {
    db.prepare_cached(
        "SELECT fingerprint, claimed_at, status, content_type, body FROM claims
         WHERE user = ?1 AND key = ?2",
    )?
    .query_row((user.0.as_bytes(), key), |row| {
        let status: Option<u16> = row.get(2)?;
        let answer = match status {
            None => None,
            Some(status) => {
                Some(FirstAnswer { status, content_type: row.get(3)?, body: row.get(4)? })
            }
        };
        Ok(Known { fingerprint: row.get(0)?, claimed_at: row.get(1)?, answer })
    })
    .optional()
}
