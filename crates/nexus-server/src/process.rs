//! What this process takes of its machine, as the kernel counts it.

use std::fs;

use metrics::gauge;

use crate::metrics::{CPU_SECONDS_TOTAL, OPEN_FDS, RESIDENT_BYTES};

#[derive(Clone, Copy, Debug, PartialEq)]
struct Usage {
    cpu_ticks: u64,
    resident_pages: u64,
    open_files: u64,
}

/// Sets the metrics; nothing where there is no /proc.
pub fn measure() {
    let Some(usage) = usage() else { return };
    let ticks = rustix::param::clock_ticks_per_second().max(1);
    // Our counters have whole numbers only.
    gauge!(CPU_SECONDS_TOTAL).set(usage.cpu_ticks as f64 / ticks as f64);
    gauge!(RESIDENT_BYTES).set(usage.resident_pages as f64 * rustix::param::page_size() as f64);
    gauge!(OPEN_FDS).set(usage.open_files as f64);
}

fn usage() -> Option<Usage> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let open_files = fs::read_dir("/proc/self/fd").ok()?.count() as u64;
    // The second field is the program's name, in parentheses, and may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
    Some(Usage { cpu_ticks: number(14)? + number(15)?, resident_pages: number(24)?, open_files })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_and_open_files() {
        let usage = usage().unwrap();
        assert!(usage.resident_pages > 100 && usage.open_files > 2, "{usage:?}");
    }
}
