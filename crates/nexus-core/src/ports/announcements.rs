//! What staff have to say to everybody, and who has put it away.

use async_trait::async_trait;
use nexus_protocol::{AnnouncementId, AnnouncementRecord, Timestamp, UserChange, UserId};

use super::PortResult;

#[async_trait]
pub trait AnnouncementStore: Send + Sync {
    async fn add_announcement(&self, announcement: &AnnouncementRecord) -> PortResult<()>;

    async fn announcement(&self, id: AnnouncementId) -> PortResult<Option<AnnouncementRecord>>;

    /// Those for everybody or for this user that hold at `now`, the newest first.
    async fn announcements_for(
        &self,
        user: UserId,
        now: Timestamp,
        limit: u32,
    ) -> PortResult<Vec<AnnouncementRecord>>;

    /// All below the id `before`, the newest first.
    async fn announcements(
        &self,
        before: Option<AnnouncementId>,
        limit: u32,
    ) -> PortResult<Vec<AnnouncementRecord>>;

    /// `None` where there is none, or it was withdrawn before.
    async fn withdraw_announcement(
        &self,
        id: AnnouncementId,
        at: Timestamp,
    ) -> PortResult<Option<AnnouncementRecord>>;

    /// Notes an [`nexus_protocol::OwnChange::Dismiss`]; `None` when there is no such user.
    async fn dismiss(
        &self,
        user: UserId,
        announcement: AnnouncementId,
        at: Timestamp,
    ) -> PortResult<Option<UserChange>>;

    /// Which of `among` this user has dismissed.
    async fn dismissed(
        &self,
        user: UserId,
        among: &[AnnouncementId],
    ) -> PortResult<Vec<AnnouncementId>>;
}
