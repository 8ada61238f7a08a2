//! Addresses that letters are not sent to any more.

use async_trait::async_trait;
use nexus_protocol::{SuppressionReason, Timestamp};

use super::PortResult;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Lower case.
    pub address: String,
    pub reason: SuppressionReason,
    /// What the mail server said, for operators.
    pub detail: String,
    pub at: Timestamp,
}

#[async_trait]
pub trait SuppressionStore: Send + Sync {
    /// False, and all stays as it is, where the address is suppressed for as grave a reason.
    async fn suppress(&self, new: &Suppression) -> PortResult<bool>;

    async fn suppression(&self, address: &str) -> PortResult<Option<Suppression>>;

    /// False where it was not suppressed.
    async fn lift_suppression(&self, address: &str) -> PortResult<bool>;

    /// By address, those above `after` only.
    async fn suppressions(&self, after: Option<&str>, limit: u32) -> PortResult<Vec<Suppression>>;
}
