//! What users have chosen for themselves.

use async_trait::async_trait;
use nexus_protocol::{Settings, Timestamp, UpdateSettings, UserChange, UserId};

use super::PortResult;

#[async_trait]
pub trait SettingsStore: Send + Sync {
    /// The defaults for whoever has changed none.
    async fn settings(&self, user: UserId) -> PortResult<Settings>;

    /// Of those who have changed any, in any order.
    async fn settings_of(&self, users: &[UserId]) -> PortResult<Vec<(UserId, Settings)>>;

    /// Takes over what the patch names and notes an [`nexus_protocol::OwnChange::Settings`], in one
    /// atomic step; where nothing differs, nothing is noted. `None` when there is no such user.
    async fn update_settings(
        &self,
        user: UserId,
        patch: &UpdateSettings,
        at: Timestamp,
    ) -> PortResult<Option<(Settings, Option<UserChange>)>>;
}
