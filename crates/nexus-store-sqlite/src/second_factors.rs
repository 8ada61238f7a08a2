//! One-time codes, recovery codes, and the proof that a session's user is there.

use async_trait::async_trait;
use nexus_core::ports::{PortResult, SecondFactorStore, TokenHash, TotpRecord};
use nexus_protocol::{SessionId, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension};

use crate::{
    SqliteStore,
    columns::{int, maybe_time, number},
};

#[async_trait]
impl SecondFactorStore for SqliteStore {
    async fn begin_totp(&self, user: UserId, secret: &[u8]) -> PortResult<bool> {
        let secret = secret.to_vec();
        self.write("set up one-time codes", move |db| {
            let begun = db
                .prepare_cached(
                    "INSERT INTO totp (user, secret, last_step) VALUES (?1, ?2, 0)
                     ON CONFLICT DO UPDATE SET secret = excluded.secret WHERE enabled_at IS NULL",
                )?
                .execute((user.0.as_bytes(), secret))?;
            Ok(begun > 0)
        })
        .await
    }

    async fn totp(&self, user: UserId) -> PortResult<Option<TotpRecord>> {
        self.read("read a generator of codes", move |db| {
            db.prepare_cached("SELECT secret, enabled_at, last_step FROM totp WHERE user = ?1")?
                .query_row([user.0.as_bytes()], |row| {
                    Ok(TotpRecord {
                        secret: row.get(0)?,
                        enabled_at: maybe_time(row, 1)?,
                        last_step: number(row, 2)?,
                    })
                })
                .optional()
        })
        .await
    }

    async fn enable_totp(
        &self,
        user: UserId,
        secret: &[u8],
        step: u64,
        codes: &[TokenHash],
        at: Timestamp,
    ) -> PortResult<bool> {
        let (secret, codes) = (secret.to_vec(), codes.to_vec());
        self.write("put one-time codes to use", move |db| {
            let enabled = db
                .prepare_cached(
                    "UPDATE totp SET enabled_at = ?3, last_step = ?4
                     WHERE user = ?1 AND secret = ?2 AND enabled_at IS NULL",
                )?
                .execute((user.0.as_bytes(), secret, at.0, int(step)))?;
            if enabled > 0 {
                replace_codes(db, user, &codes)?;
            }
            Ok(enabled > 0)
        })
        .await
    }

    async fn use_totp_step(&self, user: UserId, step: u64) -> PortResult<bool> {
        self.write("take a one-time code", move |db| {
            let taken = db
                .prepare_cached(
                    "UPDATE totp SET last_step = ?2
                     WHERE user = ?1 AND enabled_at IS NOT NULL AND last_step < ?2",
                )?
                .execute((user.0.as_bytes(), int(step)))?;
            Ok(taken > 0)
        })
        .await
    }

    async fn disable_totp(&self, user: UserId) -> PortResult<bool> {
        self.write("do without one-time codes", move |db| {
            let disabled = db
                .prepare_cached("DELETE FROM totp WHERE user = ?1 AND enabled_at IS NOT NULL")?
                .execute([user.0.as_bytes()])?;
            replace_codes(db, user, &[])?;
            Ok(disabled > 0)
        })
        .await
    }

    async fn set_recovery_codes(&self, user: UserId, codes: &[TokenHash]) -> PortResult<bool> {
        let codes = codes.to_vec();
        self.write("store recovery codes", move |db| {
            let in_use = db
                .prepare_cached("SELECT 1 FROM totp WHERE user = ?1 AND enabled_at IS NOT NULL")?
                .exists([user.0.as_bytes()])?;
            if in_use {
                replace_codes(db, user, &codes)?;
            }
            Ok(in_use)
        })
        .await
    }

    async fn take_recovery_code(&self, user: UserId, code: &TokenHash) -> PortResult<Option<u32>> {
        let code = *code;
        self.write("take a recovery code", move |db| {
            let taken = db
                .prepare_cached("DELETE FROM recovery_codes WHERE user = ?1 AND hash = ?2")?
                .execute((user.0.as_bytes(), &code))?;
            let mut left =
                db.prepare_cached("SELECT COUNT(*) FROM recovery_codes WHERE user = ?1")?;
            let left = left.query_row([user.0.as_bytes()], |row| row.get(0))?;
            Ok((taken > 0).then_some(left))
        })
        .await
    }

    async fn note_step_up(&self, session: SessionId, until: Timestamp) -> PortResult<()> {
        self.write("note a step-up", move |db| {
            db.prepare_cached("INSERT OR REPLACE INTO step_ups (session, until) VALUES (?1, ?2)")?
                .execute((session.0.as_bytes(), until.0))
                .map(|_| ())
        })
        .await
    }

    async fn stepped_up(&self, session: SessionId, now: Timestamp) -> PortResult<bool> {
        self.read("look for a step-up", move |db| {
            db.prepare_cached("SELECT 1 FROM step_ups WHERE session = ?1 AND until > ?2")?
                .exists((session.0.as_bytes(), now.0))
        })
        .await
    }

    async fn prune_step_ups(&self, before: Timestamp) -> PortResult<()> {
        self.write("forget step-ups", move |db| {
            db.prepare_cached("DELETE FROM step_ups WHERE until < ?1")?
                .execute([before.0])
                .map(|_| ())
        })
        .await
    }
}

fn replace_codes(db: &Connection, user: UserId, codes: &[TokenHash]) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM recovery_codes WHERE user = ?1")?
        .execute([user.0.as_bytes()])?;
    let mut insert =
        db.prepare_cached("INSERT INTO recovery_codes (user, hash) VALUES (?1, ?2)")?;
    for code in codes {
        insert.execute((user.0.as_bytes(), code))?;
    }
    Ok(())
}
