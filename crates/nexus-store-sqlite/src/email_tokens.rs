//! Tokens that travel in letters.

use async_trait::async_trait;
use nexus_core::ports::{EmailToken, EmailTokenKind, EmailTokenStore, PortResult, TokenHash};
use nexus_protocol::{Timestamp, UserId};
use rusqlite::{OptionalExtension, Row};

use crate::{
    SqliteStore,
    columns::{maybe_time, time, uuid},
};

const TOKEN: &str = "user, address, created_at, expires_at";

#[async_trait]
impl EmailTokenStore for SqliteStore {
    async fn put_email_token(&self, new: &EmailToken) -> PortResult<()> {
        let new = new.clone();
        self.write("store an e-mail token", move |db| {
            db.prepare_cached(
                "INSERT OR REPLACE INTO email_tokens
                    (user, kind, slot, hash, address, created_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute((
                new.user_id.0.as_bytes(),
                new.kind.as_str(),
                new.slot(),
                &new.hash,
                &new.address,
                new.created_at.0,
                new.expires_at.0,
            ))
            .map(|_| ())
        })
        .await
    }

    async fn email_token(
        &self,
        kind: EmailTokenKind,
        hash: &TokenHash,
        now: Timestamp,
    ) -> PortResult<Option<EmailToken>> {
        let hash = *hash;
        self.read("read an e-mail token", move |db| {
            db.prepare_cached(&format!(
                "SELECT {TOKEN} FROM email_tokens
                 WHERE hash = ?1 AND kind = ?2 AND expires_at > ?3"
            ))?
            .query_row((&hash, kind.as_str(), now.0), |row| token(row, kind, hash))
            .optional()
        })
        .await
    }

    async fn take_email_token(
        &self,
        kind: EmailTokenKind,
        hash: &TokenHash,
        now: Timestamp,
    ) -> PortResult<Option<EmailToken>> {
        let hash = *hash;
        self.write("use an e-mail token", move |db| {
            db.prepare_cached(&format!(
                "DELETE FROM email_tokens WHERE hash = ?1 AND kind = ?2 AND expires_at > ?3
                 RETURNING {TOKEN}"
            ))?
            .query_row((&hash, kind.as_str(), now.0), |row| token(row, kind, hash))
            .optional()
        })
        .await
    }

    async fn email_token_made_at(
        &self,
        user: UserId,
        kind: EmailTokenKind,
    ) -> PortResult<Option<Timestamp>> {
        self.read("look for an e-mail token", move |db| {
            db.prepare_cached(
                "SELECT MAX(created_at) FROM email_tokens WHERE user = ?1 AND kind = ?2",
            )?
            .query_row((user.0.as_bytes(), kind.as_str()), |row| maybe_time(row, 0))
        })
        .await
    }

    async fn drop_email_tokens(
        &self,
        user: UserId,
        kinds: &[EmailTokenKind],
        since: Timestamp,
    ) -> PortResult<()> {
        let kinds = kinds.to_vec();
        self.write("drop e-mail tokens", move |db| {
            let mut drop = db.prepare_cached(
                "DELETE FROM email_tokens WHERE user = ?1 AND kind = ?2 AND created_at >= ?3",
            )?;
            for kind in kinds {
                drop.execute((user.0.as_bytes(), kind.as_str(), since.0))?;
            }
            Ok(())
        })
        .await
    }

    async fn prune_email_tokens(&self, before: Timestamp) -> PortResult<()> {
        self.write("forget e-mail tokens", move |db| {
            db.prepare_cached("DELETE FROM email_tokens WHERE expires_at < ?1")?
                .execute([before.0])
                .map(|_| ())
        })
        .await
    }
}

fn token(row: &Row<'_>, kind: EmailTokenKind, hash: TokenHash) -> rusqlite::Result<EmailToken> {
    Ok(EmailToken {
        hash,
        kind,
        user_id: UserId(uuid(row, 0)?),
        address: row.get(1)?,
        created_at: time(row, 2)?,
        expires_at: time(row, 3)?,
    })
}
