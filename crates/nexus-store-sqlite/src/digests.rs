//! Who was away, and when they were told of what they missed.

use async_trait::async_trait;
use nexus_core::ports::{Away, DigestStore, PortResult};
use nexus_protocol::{Timestamp, UserId};

use crate::{
    SqliteStore,
    columns::maybe_time,
    records::{self, AFTER_USER, USER},
};

#[async_trait]
impl DigestStore for SqliteStore {
    async fn users_away(
        &self,
        since: Timestamp,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<Away>> {
        self.read("look for who was away", move |db| {
            let after = after.map_or(Vec::new(), |user| user.0.as_bytes().to_vec());
            db.prepare_cached(&format!(
                "SELECT {USER}, d.told_at FROM users u LEFT JOIN digests d ON d.user = u.id
                 WHERE u.id > ?1 AND u.email_verified AND coalesce(u.last_seen_at, u.created_at) <= ?2
                 ORDER BY u.id LIMIT ?3"
            ))?
            .query_map((after, since.0, limit), |row| {
                Ok(Away { user: records::user(row)?, told_at: maybe_time(row, AFTER_USER)? })
            })?
            .collect()
        })
        .await
    }

    async fn note_told(&self, user: UserId, at: Timestamp) -> PortResult<()> {
        self.write("note that somebody was told", move |db| {
            db.prepare_cached(
                "INSERT INTO digests (user, told_at) VALUES (?1, ?2)
                 ON CONFLICT (user) DO UPDATE SET told_at = max(told_at, excluded.told_at)",
            )?
            .execute((user.0.as_bytes(), at.0))
            .map(|_| ())
        })
        .await
    }
}
