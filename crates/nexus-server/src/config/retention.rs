//! `[retention]`: how long what is kept.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Config, check::Problems};

/// Ten years: beyond it a bound is a mistake.
const MOST_DAYS: u64 = 36_500;
const MOST_DISAPPEAR_SECS: u32 = 10 * 365 * 86_400;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    pub messages_days: u64,
    pub receipts_days: u64,
    pub audit_days: u64,
    pub sessions_days: u64,
    pub disappear_min_secs: u32,
    pub disappear_max_secs: u32,
}

impl Retention {
    pub fn rules(&self) -> nexus_core::retention::Retention {
        let days = |days: u64| Duration::from_secs(days * 86_400);
        let kept = |count| (count > 0).then(|| days(count));
        nexus_core::retention::Retention {
            messages: kept(self.messages_days),
            receipts: kept(self.receipts_days),
            audit: kept(self.audit_days),
            sessions: days(self.sessions_days),
        }
    }
}

pub(super) fn check(config: &Config, found: &mut Problems) {
    let retention = &config.retention;
    for (name, days, least) in [
        ("messages_days", retention.messages_days, 0),
        ("receipts_days", retention.receipts_days, 0),
        ("audit_days", retention.audit_days, 0),
        ("sessions_days", retention.sessions_days, 1),
    ] {
        found.in_range(&format!("retention.{name}"), days, least, MOST_DAYS);
    }
    let (min, max) = (retention.disappear_min_secs, retention.disappear_max_secs);
    found.in_range("retention.disappear_min_secs", min.into(), 1, MOST_DISAPPEAR_SECS.into());
    found.in_range("retention.disappear_max_secs", max.into(), 1, MOST_DISAPPEAR_SECS.into());
    found.unless(min <= max, || {
        "retention.disappear_max_secs is below retention.disappear_min_secs; raise it".to_owned()
    });
}
