//! `[retention]`: how long what is kept.

use serde::{Deserialize, Serialize};

use super::{Config, check::Problems};

/// Ten years: beyond it a bound is a mistake.
const MOST_DISAPPEAR_SECS: u32 = 10 * 365 * 86_400;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    pub disappear_min_secs: u32,
    pub disappear_max_secs: u32,
}

pub(super) fn check(config: &Config, found: &mut Problems) {
    let Retention { disappear_min_secs: min, disappear_max_secs: max } = config.retention;
    found.in_range("retention.disappear_min_secs", min.into(), 1, MOST_DISAPPEAR_SECS.into());
    found.in_range("retention.disappear_max_secs", max.into(), 1, MOST_DISAPPEAR_SECS.into());
    found.unless(min <= max, || {
        "retention.disappear_max_secs is below retention.disappear_min_secs; raise it".to_owned()
    });
}
