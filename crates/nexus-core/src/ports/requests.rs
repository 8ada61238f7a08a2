//! Who asks to be among another's contacts.

use async_trait::async_trait;
use nexus_protocol::{RequestId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::PortResult;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRecord {
    pub id: RequestId,
    pub from: UserId,
    pub to: UserId,
    pub note: String,
    pub created_at: Timestamp,
    /// `None` while it waits.
    pub decision: Option<Decided>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    pub accepted: bool,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is stored, and waits.
    Now,
    /// An earlier one between the two stands.
    Before(RequestRecord),
}

#[async_trait]
pub trait RequestStore: Send + Sync {
    /// Stores the request, unless one of the same two waits or was declined after `cooled`. One that
    /// was accepted, or declined earlier, makes room.
    async fn ask(&self, request: &RequestRecord, cooled: Timestamp) -> PortResult<Asked>;

    async fn request(&self, id: RequestId) -> PortResult<Option<RequestRecord>>;

    /// The one between these two that waits.
    async fn waiting_request(&self, from: UserId, to: UserId) -> PortResult<Option<RequestRecord>>;

    /// Those to the user that wait, and those by the user that were not accepted, the latest first;
    /// below `before` only.
    async fn requests(
        &self,
        user: UserId,
        before: Option<RequestId>,
        limit: u32,
    ) -> PortResult<Vec<RequestRecord>>;

    /// Whether it waited until now.
    async fn decide_request(&self, id: RequestId, decided: Decided) -> PortResult<bool>;

    /// Forgets it, if it waits.
    async fn withdraw_request(&self, id: RequestId) -> PortResult<()>;
}
