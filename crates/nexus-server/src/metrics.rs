//! Names and meanings of everything measured. Label values are bounded: never an id or a path.

use std::sync::OnceLock;

use ::metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

pub const QUEUE_DEPTH: &str = "nexus_queue_depth";
pub const QUEUE_OLDEST_AGE_SECONDS: &str = "nexus_queue_oldest_age_seconds";
pub const QUEUE_RETRYING: &str = "nexus_queue_retrying";
/// Lanes that this process works.
pub const LANES_OWNED: &str = "nexus_lanes_owned";
pub const DEAD_LETTERS: &str = "nexus_dead_letters";
pub const RETRIES_TOTAL: &str = "nexus_retries_total";
pub const JOBS_WAITING: &str = "nexus_jobs_waiting";
/// Messages past their time that were still stored at the last look.
pub const DISAPPEARED_WAITING: &str = "nexus_disappeared_waiting";
/// By how much the one that should have been done first is late.
pub const JOBS_LATE_SECONDS: &str = "nexus_jobs_late_seconds";
pub const JOBS_DEAD: &str = "nexus_jobs_dead";
/// Labels `kind`, `how`: done, retried, dead.
pub const JOBS_TOTAL: &str = "nexus_jobs_total";
/// From a client's event to its acknowledgement; label `event`.
pub const ACK_SECONDS: &str = "nexus_ack_seconds";
/// From queued to broadcast.
pub const DELIVERY_SECONDS: &str = "nexus_delivery_seconds";
/// Label `namespace`.
pub const SOCKETS: &str = "nexus_sockets";
/// Label `transport`: tcp (all), polling, websocket.
pub const CONNECTIONS: &str = "nexus_connections";
pub const CONNECTIONS_REFUSED_TOTAL: &str = "nexus_connections_refused_total";
pub const TLS_HANDSHAKES_FAILED_TOTAL: &str = "nexus_tls_handshakes_failed_total";
/// Seconds since 1970.
pub const TLS_CERTIFICATE_EXPIRES: &str = "nexus_tls_certificate_expires_timestamp_seconds";
pub const COMMITS_TOTAL: &str = "nexus_commits_total";
pub const COMMIT_BATCH_SIZE: &str = "nexus_commit_batch_size";
pub const COMMIT_SECONDS: &str = "nexus_commit_seconds";
/// Label `tier`.
pub const LIMIT_REFUSALS_TOTAL: &str = "nexus_limit_refusals_total";
/// Labels `method`, `route` (the pattern), `status`.
pub const HTTP_REQUESTS_TOTAL: &str = "nexus_http_requests_total";
/// Label `route`.
pub const HTTP_SECONDS: &str = "nexus_http_seconds";
pub const SLOW_CONSUMERS_TOTAL: &str = "nexus_slow_consumers_total";
pub const BUS_LAGGED_TOTAL: &str = "nexus_bus_lagged_total";
pub const PANICS_TOTAL: &str = "nexus_panics_total";
pub const CPU_SECONDS_TOTAL: &str = "process_cpu_seconds_total";
pub const RESIDENT_BYTES: &str = "process_resident_memory_bytes";
pub const OPEN_FDS: &str = "process_open_fds";
/// Labels `version`; always 1.
pub const BUILD_INFO: &str = "nexus_build_info";

const SECONDS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
const SIZES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// Starts measuring, once a process (tests start many nodes in one), and answers what renders
/// `/metrics`.
pub fn start() -> Result<PrometheusHandle, BuildError> {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    static STARTING: parking_lot::Mutex<()> = parking_lot::Mutex::new(());
    let _one_at_a_time = STARTING.lock();
    if let Some(handle) = HANDLE.get() {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)?
        .set_buckets_for_metric(Matcher::Full(COMMIT_BATCH_SIZE.to_owned()), SIZES)?
        .install_recorder()?;
    describe();
    Ok(HANDLE.get_or_init(|| handle).clone())
}

/// Counts one HTTP answer.
pub fn count_http(method: &'static str, route: &str, status: u16, seconds: f64) {
    let labels = [
        ("method", method.to_owned()),
        ("route", route.to_owned()),
        ("status", status.to_string()),
    ];
    counter!(HTTP_REQUESTS_TOTAL, &labels).increment(1);
    histogram!(HTTP_SECONDS, "route" => route.to_owned()).record(seconds);
}

fn describe() {
    describe_gauge!(QUEUE_DEPTH, "Changes that wait or are being carried out, in the whole queue");
    describe_gauge!(QUEUE_OLDEST_AGE_SECONDS, Unit::Seconds, "Age of the oldest of them");
    describe_gauge!(QUEUE_RETRYING, "Changes that wait for another try");
    describe_gauge!(LANES_OWNED, "Lanes that this process works");
    describe_gauge!(DEAD_LETTERS, "Changes that were given up");
    describe_gauge!(DISAPPEARED_WAITING, "Messages past their time that were still stored");
    describe_gauge!(JOBS_WAITING, "Side jobs that wait or are being carried out");
    describe_gauge!(JOBS_LATE_SECONDS, Unit::Seconds, "How late the first of them is");
    describe_gauge!(JOBS_DEAD, "Side jobs that were given up");
    describe_counter!(JOBS_TOTAL, "Tries of side jobs by kind and how they ended");
    describe_counter!(RETRIES_TOTAL, "Tries beyond the first");
    describe_histogram!(ACK_SECONDS, Unit::Seconds, "From an event to its acknowledgement");
    describe_histogram!(DELIVERY_SECONDS, Unit::Seconds, "From queued to broadcast");
    describe_gauge!(SOCKETS, "Connected sockets by namespace");
    describe_gauge!(CONNECTIONS, "Open connections by transport");
    describe_counter!(CONNECTIONS_REFUSED_TOTAL, "Connections closed for want of room");
    describe_counter!(TLS_HANDSHAKES_FAILED_TOTAL, "Connections from which no TLS came about");
    describe_gauge!(TLS_CERTIFICATE_EXPIRES, Unit::Seconds, "When the TLS certificate ends");
    describe_counter!(COMMITS_TOTAL, "Batches committed");
    describe_histogram!(COMMIT_BATCH_SIZE, "Changes in a committed batch");
    describe_histogram!(COMMIT_SECONDS, Unit::Seconds, "Time of a commit");
    describe_counter!(LIMIT_REFUSALS_TOTAL, "Requests and events refused by a rate limit");
    describe_counter!(HTTP_REQUESTS_TOTAL, "HTTP answers by method, route and status");
    describe_histogram!(HTTP_SECONDS, Unit::Seconds, "Time of an HTTP answer by route");
    describe_counter!(SLOW_CONSUMERS_TOTAL, "Sockets closed because they read too slowly");
    describe_counter!(BUS_LAGGED_TOTAL, "Times a node lost news of the bus");
    describe_counter!(PANICS_TOTAL, "Panics caught");
    describe_gauge!(CPU_SECONDS_TOTAL, Unit::Seconds, "Processor time of this process");
    describe_gauge!(RESIDENT_BYTES, Unit::Bytes, "Memory of this process");
    describe_gauge!(OPEN_FDS, "Files and connections this process has open");
    describe_gauge!(BUILD_INFO, "The running version");
    gauge!(BUILD_INFO, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}
