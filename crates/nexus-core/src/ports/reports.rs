//! Reports, gathered by what they are about.

use async_trait::async_trait;
use nexus_protocol::{Report, ReportId, ReportState, Resolution};

use super::PortResult;

/// Complaints of one report that are kept.
pub const MAX_COMPLAINTS: u32 = 20;

#[async_trait]
pub trait ReportStore: Send + Sync {
    /// Stores the report, which has one complaint; or adds that to the open report about the same
    /// subject, unless its reporter has complained there before or it has [`MAX_COMPLAINTS`]. One
    /// atomic step: of one subject there is never more than one open report.
    async fn file_report(&self, report: &Report) -> PortResult<()>;

    /// With all evidence.
    async fn report(&self, id: ReportId) -> PortResult<Option<Report>>;

    /// Below the id `before`, the last filed first; without evidence.
    async fn reports(
        &self,
        state: Option<ReportState>,
        before: Option<ReportId>,
        limit: u32,
    ) -> PortResult<Vec<Report>>;

    /// False where there is no such open report.
    async fn resolve_report(&self, id: ReportId, resolution: &Resolution) -> PortResult<bool>;
}
