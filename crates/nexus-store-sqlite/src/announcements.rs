//! What staff have to say to everybody. Who has put it away is in the user's changes.

use async_trait::async_trait;
use nexus_core::ports::{AnnouncementStore, PortResult};
use nexus_protocol::{
    AnnouncementId, AnnouncementRecord, OwnChange, Timestamp, UserChange, UserId,
};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    SqliteStore,
    columns::{parse, to_json},
    user_changes,
};

#[async_trait]
impl AnnouncementStore for SqliteStore {
    async fn add_announcement(&self, announcement: &AnnouncementRecord) -> PortResult<()> {
        let announcement = announcement.clone();
        self.write("keep an announcement", move |db| save(db, &announcement)).await
    }

    async fn announcement(&self, id: AnnouncementId) -> PortResult<Option<AnnouncementRecord>> {
        self.read("read an announcement", move |db| one(db, id)).await
    }

    async fn announcements_for(
        &self,
        user: UserId,
        now: Timestamp,
        limit: u32,
    ) -> PortResult<Vec<AnnouncementRecord>> {
        self.read("read announcements", move |db| {
            db.prepare_cached(
                "SELECT announcement FROM announcements
                 WHERE (recipient IS NULL OR recipient = ?1) AND withdrawn_at IS NULL
                    AND (until IS NULL OR until > ?2)
                 ORDER BY id DESC LIMIT ?3",
            )?
            .query_map((user.0.as_bytes(), now.0, limit), read)?
            .collect()
        })
        .await
    }

    async fn announcements(
        &self,
        before: Option<AnnouncementId>,
        limit: u32,
    ) -> PortResult<Vec<AnnouncementRecord>> {
        self.read("list announcements", move |db| {
            db.prepare_cached(
                "SELECT announcement FROM announcements WHERE ?1 IS NULL OR id < ?1
                 ORDER BY id DESC LIMIT ?2",
            )?
            .query_map((before.as_ref().map(|id| id.0.as_bytes()), limit), read)?
            .collect()
        })
        .await
    }

    async fn withdraw_announcement(
        &self,
        id: AnnouncementId,
        at: Timestamp,
    ) -> PortResult<Option<AnnouncementRecord>> {
        self.write("withdraw an announcement", move |db| {
            let Some(known) = one(db, id)?.filter(|known| known.withdrawn_at.is_none()) else {
                return Ok(None);
            };
            let withdrawn = AnnouncementRecord { withdrawn_at: Some(at), ..known };
            save(db, &withdrawn)?;
            Ok(Some(withdrawn))
        })
        .await
    }

    async fn dismiss(
        &self,
        user: UserId,
        announcement_id: AnnouncementId,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>> {
        self.write("dismiss an announcement", move |db| {
            user_changes::note(db, user, OwnChange::Dismiss { announcement_id }, at)
        })
        .await
    }

    async fn dismissed(
        &self,
        user: UserId,
        among: &[AnnouncementId],
    ) -> PortResult<Vec<AnnouncementId>> {
        let among = among.to_vec();
        self.read("read what was dismissed", move |db| {
            let mut look = db.prepare_cached(
                "SELECT 1 FROM user_changes WHERE user = ?1 AND kind = 'dismiss' AND subject = ?2",
            )?;
            let mut dismissed = Vec::new();
            for id in among {
                if look.exists((user.0.as_bytes(), id.0.as_bytes()))? {
                    dismissed.push(id);
                }
            }
            Ok(dismissed)
        })
        .await
    }
}

fn one(db: &Connection, id: AnnouncementId) -> rusqlite::Result<Option<AnnouncementRecord>> {
    db.prepare_cached("SELECT announcement FROM announcements WHERE id = ?1")?
        .query_row([id.0.as_bytes()], read)
        .optional()
}

fn save(db: &Connection, one: &AnnouncementRecord) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO announcements VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((
            one.id.0.as_bytes(),
            one.to.as_ref().map(|user| user.0.as_bytes()),
            one.until.map(|at| at.0),
            one.withdrawn_at.map(|at| at.0),
            to_json(one)?,
        ))
        .map(|_| ())
}

fn read(row: &Row<'_>) -> rusqlite::Result<AnnouncementRecord> {
    parse(row.get_ref(0)?.as_str()?)
}
