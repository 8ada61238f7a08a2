//! What came of a scenario, as one line.

use std::{fmt, time::Duration};

use nexus_client::players::Reckoning;

use super::Scenario;

pub struct Row {
    pub scenario: Scenario,
    pub strikes: u32,
    /// Sorted.
    pub recoveries: Vec<Duration>,
    pub reckoning: Reckoning,
    /// Of all processes of the fleet.
    pub cpu: Duration,
    pub notes: Vec<String>,
    pub broken: Vec<String>,
}

/// With less than this acknowledged nothing is proven.
const ENOUGH: usize = 50;

/// The checker's counts, as they follow each other in a row.
const COUNTS: [(&str, &str); 8] = [
    ("acked_lost", "lost"),
    ("doubled", "dbl"),
    ("holes", "hole"),
    ("inversions", "inv"),
    ("unread_wrong", "unread"),
    ("foreign", "forgn"),
    ("unsettled", "unset"),
    ("differing", "diff"),
];

/// Two lines: recovery is from a stroke until messages come through again on every lane; "back" is
/// how long a player was without a connection that had caught up.
pub fn header() -> String {
    let counts: String = COUNTS.iter().map(|(_, short)| format!("{short:>7}")).collect();
    format!(
        "{:<22}{:>7} | {:^20} | {:^13} |{:>7}{:>7}{:>7}{:>7}{:>7} |{counts}{:>7}{:>7} |{:>6}\n\
         {:<22}{:>7} | {:>6}{:>7}{:>7} | {:>6}{:>7} |{:>7}{:>7}{:>7}{:>7}{:>7} |{:>70} |{:>6}",
        "scenario",
        "faults",
        "recovery, s",
        "back, s",
        "sent",
        "acked",
        "commit",
        "failed",
        "later",
        "states",
        "odd",
        "CPU",
        "",
        "",
        "p50",
        "p95",
        "max",
        "p95",
        "max",
        "",
        "",
        "",
        "",
        "",
        "",
        "s",
    )
}

impl Row {
    /// A scenario that could not be played to its end.
    pub fn broken(scenario: Scenario, why: String) -> Row {
        Row {
            scenario,
            strikes: 0,
            recoveries: Vec::new(),
            reckoning: Reckoning::default(),
            cpu: Duration::ZERO,
            notes: Vec::new(),
            broken: vec![why],
        }
    }

    /// Whether every promise was kept, and something happened to keep it in.
    pub fn is_kept(&self) -> bool {
        self.broken.is_empty() && self.reckoning.is_clean() && self.reckoning.report.acked > ENOUGH
    }
}

/// Of sorted ones, in seconds.
fn at(sorted: &[Duration], share: f64) -> String {
    let place = (sorted.len() as f64 * share).ceil() as usize;
    let found = sorted.get(place.saturating_sub(1)).or(sorted.last());
    found.map_or("-".to_owned(), |time| format!("{:.1}", time.as_secs_f64()))
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (back, all) = (&self.reckoning.outages, &self.reckoning);
        let sections = all.report.sections();
        write!(
            f,
            "{:<22}{:>7} | {:>6}{:>7}{:>7} | {:>6}{:>7} |{:>7}{:>7}{:>7}{:>7}{:>7} |",
            self.scenario.name(),
            self.strikes,
            at(&self.recoveries, 0.5),
            at(&self.recoveries, 0.95),
            at(&self.recoveries, 1.0),
            at(back, 0.95),
            at(back, 1.0),
            all.report.sent,
            all.report.acked,
            all.committed,
            all.failed,
            all.put_off + all.unanswered,
        )?;
        for (name, _) in COUNTS {
            write!(f, "{:>7}", sections.get(name).map_or(0, |broken| broken.len()))?;
        }
        let (states, odd) = (all.differences.len(), all.complaints.len());
        write!(f, "{states:>7}{odd:>7} |{:>6.0}", self.cpu.as_secs_f64())?;
        for note in &self.notes {
            write!(f, "\n    {note}")?;
        }
        for broken in &self.broken {
            write!(f, "\n    BROKEN: {broken}")?;
        }
        if !all.is_clean() {
            write!(f, "\n    BROKEN: {all}")?;
        }
        Ok(())
    }
}
