//! What was measured of one subject.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What `nexus-load --json` writes.
#[derive(Debug, Deserialize)]
pub struct Report {
    scenarios: Vec<Scenario>,
}

#[derive(Debug, Deserialize)]
struct Scenario {
    name: String,
    /// All must be 0.
    counts: BTreeMap<String, u64>,
    figures: Vec<Figure>,
}

#[derive(Debug, Deserialize)]
struct Figure {
    name: String,
    value: f64,
}

/// Of the load itself; all others of this name are of a role.
const LOAD: &str = "load CPU µs per delivery";
const PER_DELIVERY: &str = " CPU µs per delivery";

/// Figures by scenario and name, in the order they came.
#[derive(Debug)]
pub struct Column {
    pub name: String,
    pub figures: Vec<((String, String), f64)>,
    /// No scenario failed.
    pub is_whole: bool,
}

impl Column {
    pub fn new(name: &str) -> Column {
        Column { name: name.to_owned(), figures: Vec::new(), is_whole: true }
    }

    /// `nodes`: how many share what the role `serve` has used.
    pub fn take(&mut self, report: Report, (before, after): (f64, f64), nodes: usize) {
        for Scenario { name, counts, figures } in report.scenarios {
            let mut put = |figure: &str, value| {
                self.figures.push(((name.clone(), figure.to_owned()), value));
            };
            for figure in figures.iter().filter(|figure| is_shown(&figure.name)) {
                put(&figure.name, figure.value);
            }
            let of = |wanted: &str| {
                figures.iter().find(|figure| figure.name == wanted).map(|figure| figure.value)
            };
            let roles = figures
                .iter()
                .filter(|figure| figure.name.ends_with(PER_DELIVERY) && figure.name != LOAD);
            let all: f64 = roles.map(|figure| figure.value).sum();
            if all > 0.0 {
                put("all servers' CPU µs per delivery", all);
            }
            if let (Some(micros), Some(per_sec)) =
                (of("serve CPU µs per delivery"), of("deliveries a second"))
            {
                put("CPU of one serve node, % of a core", micros * per_sec / 1e4 / nodes as f64);
            }
            put("lost, doubled, out of order, refused", counts.values().sum::<u64>() as f64);
            put("load average before", before);
            put("load average after", after);
        }
    }

    pub fn get(&self, key: &(String, String)) -> Option<f64> {
        self.figures.iter().find(|(known, _)| known == key).map(|(_, value)| *value)
    }
}

fn is_shown(name: &str) -> bool {
    let left_out = [", p95", ", p99.9", ", max", ", count", ", user", "RSS before, MiB"];
    !left_out.iter().any(|end| name.ends_with(end))
}
