//! The figures: a table for people, JSON for machines.

use std::{fmt, time::Duration};

use hdrhistogram::Histogram;
use serde::Serialize;

use crate::tally::Counts;

#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub scenarios: Vec<Scenario>,
}

#[derive(Debug, Serialize)]
pub struct Scenario {
    name: &'static str,
    counts: Counts,
    figures: Vec<Figure>,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Figure {
    name: String,
    value: f64,
}

/// Of a histogram in microseconds, in milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Percentiles {
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub p999: f64,
    pub max: f64,
    pub count: u64,
}

impl Percentiles {
    pub fn of(histogram: &Histogram<u64>) -> Percentiles {
        let at = |quantile| histogram.value_at_quantile(quantile) as f64 / 1_000.0;
        Percentiles {
            p50: at(0.5),
            p95: at(0.95),
            p99: at(0.99),
            p999: at(0.999),
            max: histogram.max() as f64 / 1_000.0,
            count: histogram.len(),
        }
    }
}

/// Microseconds of CPU for each of `count`.
pub fn micros_each(cpu: Duration, count: u64) -> f64 {
    if count == 0 { 0.0 } else { cpu.as_secs_f64() * 1e6 / count as f64 }
}

impl Report {
    pub fn is_clean(&self) -> bool {
        self.scenarios.iter().all(|scenario| scenario.counts == Counts::default())
    }
}

impl Scenario {
    pub fn new(name: &'static str, counts: Counts) -> Scenario {
        Scenario { name, counts, figures: Vec::new(), notes: Vec::new() }
    }

    pub fn put(&mut self, name: &str, value: f64) {
        self.figures.push(Figure { name: name.to_owned(), value });
    }

    pub fn put_percentiles(&mut self, name: &str, percentiles: &Percentiles) {
        let Percentiles { p50, p95, p99, p999, max, count } = percentiles;
        for (which, value) in
            [("p50", p50), ("p95", p95), ("p99", p99), ("p99.9", p999), ("max", max)]
        {
            self.put(&format!("{name}, {which}"), *value);
        }
        self.put(&format!("{name}, count"), *count as f64);
    }

    pub fn note(&mut self, note: String) {
        self.notes.push(note);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Scenario { name, counts, figures, notes } in &self.scenarios {
            writeln!(f, "\n{name}")?;
            for Figure { name, value } in figures {
                writeln!(f, "  {name:<40} {value:>12.2}")?;
            }
            for (name, count) in [
                ("lost", counts.lost),
                ("doubled", counts.doubled),
                ("out of order", counts.out_of_order),
                ("refused or unanswered", counts.refused),
            ] {
                let verdict = if count == 0 { "" } else { "  MUST BE 0" };
                writeln!(f, "  {name:<40} {count:>12}{verdict}")?;
            }
            for note in notes {
                writeln!(f, "  {note}")?;
            }
        }
        Ok(())
    }
}
