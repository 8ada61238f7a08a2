//! The log of what staff did: see [`crate::audit`].

use async_trait::async_trait;
use nexus_protocol::{AuditAction, AuditActor, AuditEntry, AuditTarget, Timestamp, UserId};
use uuid::Uuid;

use super::PortResult;

/// An entry that has no number yet.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    pub at: Timestamp,
    pub actor: AuditActor,
    pub action: AuditAction,
    pub target: Option<AuditTarget>,
    pub detail: serde_json::Value,
}

/// All that is given must fit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditFilter {
    pub actor: Option<UserId>,
    pub action: Option<AuditAction>,
    pub target: Option<Uuid>,
}

#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Chains the entry to the last with [`crate::audit::seal`], in one atomic step: of two writers
    /// at once each gets a number of its own, and none is left out.
    async fn append_audit(&self, entry: &NewEntry) -> PortResult<AuditEntry>;

    /// Below the number `before`, the newest first.
    async fn audit_page(
        &self,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: u32,
    ) -> PortResult<Vec<AuditEntry>>;

    /// Those that are stored above the number `after`, the oldest first, whatever has become of them.
    async fn audit_after(&self, after: u64, limit: u32) -> PortResult<Vec<AuditEntry>>;
}
