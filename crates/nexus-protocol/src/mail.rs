//! Letters by e-mail: what comes back of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why letters are not sent to an address any more; the gravest last.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SuppressionReason {
    /// Its reader wants none that need not be: no digests.
    Unsubscribe,
    /// Its reader has called one spam: no digests either.
    SpamReport,
    /// It takes none: nothing at all is sent to it.
    Bounce,
}

impl SuppressionReason {
    pub const ALL: [SuppressionReason; 3] =
        [SuppressionReason::Unsubscribe, SuppressionReason::SpamReport, SuppressionReason::Bounce];

    pub fn as_str(self) -> &'static str {
        match self {
            SuppressionReason::Unsubscribe => "unsubscribe",
            SuppressionReason::SpamReport => "spam_report",
            SuppressionReason::Bounce => "bounce",
        }
    }
}

/// With the token of a letter about missed messages.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unsubscribe {
    pub token: String,
}
