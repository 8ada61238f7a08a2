//! What must hold between settings. Every problem is named at once, with its remedy.

use tracing_subscriber::EnvFilter;

use super::Config;

/// Empty when all is well.
pub(super) fn problems(config: &Config) -> Vec<String> {
    let mut found = Problems::default();
    server(config, &mut found);
    tls(config, &mut found);
    metrics(config, &mut found);
    auth(config, &mut found);
    super::oidc::check(config, &mut found);
    sockets(config, &mut found);
    storage(config, &mut found);
    super::mail::check(config, &mut found);
    super::retention::check(config, &mut found);
    limits(config, &mut found);
    found.unless(EnvFilter::try_new(&config.log.level).is_ok(), || {
        format!(
            "log.level is no filter: {:?}; write error, warn, info, debug or trace",
            config.log.level
        )
    });
    found.0
}

#[derive(Default)]
pub(super) struct Problems(Vec<String>);

impl Problems {
    pub(super) fn unless(&mut self, fine: bool, problem: impl FnOnce() -> String) {
        if !fine {
            self.0.push(problem());
        }
    }

    pub(super) fn in_range(&mut self, name: &str, value: u64, min: u64, max: u64) {
        self.unless((min..=max).contains(&value), || {
            format!("{name} is {value}; set it between {min} and {max}")
        });
    }
}

fn server(config: &Config, found: &mut Problems) {
    let server = &config.server;
    exposure(config, found);
    if !server.public_url.is_empty() {
        found.unless(is_origin(&server.public_url), || {
            format!("server.public_url is {:?}; write scheme and host only, as \"https://chat.example.com\"", server.public_url)
        });
    }
    for origin in &server.allowed_origins {
        found.unless(is_origin(origin) || is_app(origin), || {
            format!("server.allowed_origins has {origin:?}; write scheme and host only, as \"https://app.example.com\"")
        });
    }
    found.in_range("server.header_timeout_secs", server.header_timeout_secs, 1, 300);
    found.in_range("server.request_timeout_secs", server.request_timeout_secs, 1, 600);
    found.in_range("server.max_body_bytes", server.max_body_bytes as u64, 16 * 1024, 64 << 20);
    found.in_range("server.max_connections", server.max_connections as u64, 1, 10_000_000);
    found.in_range(
        "server.connections_per_address",
        server.connections_per_address as u64,
        1,
        10_000_000,
    );
    found.in_range("server.drain_secs", server.drain_secs, 1, 600);
}

/// Passwords must not cross a network readable, and a proxy that isn't named hides everybody
/// behind its own address.
fn exposure(config: &Config, found: &mut Problems) {
    let server = &config.server;
    if server.listen.ip().is_loopback() || server.insecure || config.tls.is_on() {
        return;
    }
    let listen = server.listen;
    found.unless(server.is_https(), || {
        format!(
            "server.listen is public ({listen}), but server.public_url doesn't start with https://; \
             set tls.cert_file and tls.key_file (or tls.acme_domains), or put a TLS proxy in front, \
             and name the address people use there; or listen on 127.0.0.1 (for a test in a closed network: server.insecure = true)"
        )
    });
    found.unless(!server.trusted_proxies.is_empty(), || {
        format!(
            "server.listen is public ({listen}), but server.trusted_proxies is empty, and so is \
             [tls]; list the address of your TLS proxy, or set tls.cert_file and tls.key_file (for a test in a closed network: server.insecure = true)"
        )
    });
}

fn tls(config: &Config, found: &mut Problems) {
    let (tls, server) = (&config.tls, &config.server);
    found.in_range("tls.handshake_timeout_secs", tls.handshake_timeout_secs, 1, 60);
    found.in_range("tls.max_handshakes", tls.max_handshakes as u64, 1, 100_000);
    found.unless(tls.has_files() != tls.key_file.as_os_str().is_empty(), || {
        "tls.cert_file and tls.key_file belong together; set both, or none".to_owned()
    });
    if let Some(redirect) = tls.redirect_listen {
        found.unless(tls.is_on(), || {
            "tls.redirect_listen leads to https, which is off; set tls.cert_file and tls.key_file \
             (or tls.acme_domains)"
                .to_owned()
        });
        found.unless(redirect != server.listen, || {
            "tls.redirect_listen and server.listen are the same; give one another port".to_owned()
        });
    }
    if tls.is_on() {
        found.unless(server.is_https(), || {
            "[tls] is set, but server.public_url doesn't start with https://; write the address \
             people use, as \"https://chat.example.com\""
                .to_owned()
        });
    }
    if !tls.acme_domains.is_empty() {
        acme(config, found);
    }
}

fn acme(config: &Config, found: &mut Problems) {
    let (tls, host) = (&config.tls, config.server.public_host());
    found.unless(cfg!(feature = "acme"), || {
        "tls.acme_domains is set, but this binary was built without the cargo feature \"acme\"; \
         take one that has it"
            .to_owned()
    });
    found.unless(!tls.has_files(), || {
        "tls.cert_file and tls.acme_domains are both set; remove one of them".to_owned()
    });
    found.unless(tls.acme_domains.iter().any(|domain| domain.eq_ignore_ascii_case(host)), || {
        format!("tls.acme_domains lacks {host:?}, the host of server.public_url; add it")
    });
    for domain in &tls.acme_domains {
        found.unless(is_host(domain) && !domain.contains(':'), || {
            format!("tls.acme_domains has {domain:?}; write names only, as \"chat.example.com\"")
        });
    }
    found.unless(tls.acme_directory.starts_with("https://"), || {
        format!("tls.acme_directory is {:?}; write its https address", tls.acme_directory)
    });
    found.unless(!config.is_fleet(), || {
        "tls.acme_domains is for a node alone: the authority would ask another node than the one \
         that knows the answer; put a TLS proxy before a fleet, or give its nodes tls.cert_file"
            .to_owned()
    });
}

fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(is_host)
}

/// The page inside a native app, as `capacitor://localhost`.
fn is_app(text: &str) -> bool {
    let plain = |scheme: &str| scheme.bytes().all(|byte| byte.is_ascii_lowercase());
    text.split_once("://")
        .is_some_and(|(scheme, host)| plain(scheme) && scheme != "file" && is_host(host))
}

fn is_host(text: &str) -> bool {
    let host = text.trim_end_matches('/');
    !host.is_empty() && !host.contains(['/', '?', '#', '@', '*', ' ', ','])
}

fn metrics(config: &Config, found: &mut Problems) {
    let token = config.metrics.token.expose();
    found.unless(token.is_empty() || token.len() >= 16, || {
        "metrics.token is shorter than 16 characters; make one with `openssl rand -hex 16`"
            .to_owned()
    });
    found.unless(config.metrics.listen != Some(config.server.listen), || {
        "metrics.listen and server.listen are the same; give one another port".to_owned()
    });
}

fn auth(config: &Config, found: &mut Problems) {
    let auth = &config.auth;
    for (name, value) in [("issuer", &auth.issuer), ("audience", &auth.audience)] {
        found.unless(!value.is_empty(), || format!("auth.{name} is empty; name it"));
    }
    found.in_range("auth.access_ttl_secs", auth.access_ttl_secs, 60, 86_400);
    found.in_range("auth.refresh_ttl_days", auth.refresh_ttl_days, 1, 365);
    found.in_range("auth.session_ttl_days", auth.session_ttl_days, 1, 36_500);
    found.in_range("auth.refresh_grace_secs", auth.refresh_grace_secs, 0, 120);
    let days = config.accounts.deletion_grace_days;
    found.in_range("accounts.deletion_grace_days", days, 0, 365);
    // 4 is for tests; from 10 on it protects.
    found.in_range("auth.bcrypt_cost", auth.bcrypt_cost.into(), 4, 16);
    found.unless(auth.bcrypt_cost >= 10 || config.server.listen.ip().is_loopback(), || {
        "auth.bcrypt_cost is below 10 on a public address; set 12".to_owned()
    });
    found.in_range("auth.bcrypt_queue", auth.bcrypt_queue as u64, 1, 10_000);
}

fn sockets(config: &Config, found: &mut Problems) {
    let socket = &config.socket;
    found.in_range("socket.ping_interval_secs", socket.ping_interval_secs, 1, 300);
    found.in_range("socket.ping_timeout_secs", socket.ping_timeout_secs, 1, 300);
    found.in_range(
        "socket.max_payload_bytes",
        socket.max_payload_bytes as u64,
        16 * 1024,
        64 << 20,
    );
    found.in_range("socket.max_buffered_packets", socket.max_buffered_packets as u64, 16, 100_000);
    found.unless(socket.max_buffered_bytes >= socket.max_payload_bytes, || {
        "socket.max_buffered_bytes is below socket.max_payload_bytes; raise it".to_owned()
    });
    found.in_range("socket.connections_per_user", socket.connections_per_user as u64, 1, 10_000);
}

fn storage(config: &Config, found: &mut Problems) {
    found.unless(!config.data_dir.as_os_str().is_empty(), || {
        "data_dir is empty; name a folder".to_owned()
    });
    which_backends(config, found);
    let (store, queue) = (&config.store, &config.queue);
    found.in_range("store.readers", store.readers as u64, 1, 64);
    found.in_range("store.commit_wait_ms", store.commit_wait_ms, 100, 60_000);
    found.in_range("store.max_pool", store.max_pool.into(), 1, 10_000);
    found.in_range("store.min_pool", store.min_pool.into(), 0, store.max_pool.into());
    found.in_range("store.connect_timeout_ms", store.connect_timeout_ms, 100, 60_000);
    found.in_range("store.selection_timeout_ms", store.selection_timeout_ms, 100, 60_000);
    found.in_range("store.op_timeout_ms", store.op_timeout_ms, 100, 60_000);
    found.in_range("redis.connect_timeout_ms", config.redis.connect_timeout_ms, 100, 60_000);
    found.in_range("redis.response_timeout_ms", config.redis.response_timeout_ms, 100, 60_000);
    found.in_range("queue.lanes", queue.lanes.into(), 0, 256);
    found.in_range("queue.batch", queue.batch as u64, 1, 10_000);
    found.in_range("queue.max_attempts", queue.max_attempts.into(), 1, 100);
    found.in_range("queue.backoff_base_ms", queue.backoff_base_ms, 1, 60_000);
    found.unless(queue.backoff_max_ms >= queue.backoff_base_ms, || {
        "queue.backoff_max_ms is below queue.backoff_base_ms; raise it".to_owned()
    });
    found.in_range("queue.max_depth", queue.max_depth, 1_000, 100_000_000);
    found.in_range("queue.lease_secs", queue.lease_secs, 2, 60);
    found.in_range("queue.wait_replicas", queue.wait_replicas.into(), 0, 8);
    found.in_range("queue.wait_timeout_ms", queue.wait_timeout_ms, 10, 60_000);
    side_jobs(config, found);
}

fn side_jobs(config: &Config, found: &mut Problems) {
    let jobs = &config.jobs;
    found.in_range("jobs.concurrency", jobs.concurrency as u64, 1, 1_000);
    found.in_range("jobs.max_attempts", jobs.max_attempts.into(), 1, 100);
    found.in_range("jobs.backoff_base_ms", jobs.backoff_base_ms, 1, 3_600_000);
    found.unless(jobs.backoff_max_ms >= jobs.backoff_base_ms, || {
        "jobs.backoff_max_ms is below jobs.backoff_base_ms; raise it".to_owned()
    });
    found.in_range("jobs.lease_secs", jobs.lease_secs, 3, 3_600);
    found.in_range("jobs.poll_ms", jobs.poll_ms, 10, 60_000);
}

/// One file for one process, or MongoDB and Redis together: anything between would be a fleet that
/// does not hear itself.
fn which_backends(config: &Config, found: &mut Problems) {
    let urls = [
        ("redis.url", &config.redis.url),
        ("queue.url", &config.queue.url),
        ("bus.url", &config.bus.url),
        ("cache.url", &config.cache.url),
    ];
    for (name, url) in urls.iter().filter(|(_, url)| !url.is_empty()) {
        found.unless(matches!(url.scheme(), "redis" | "rediss"), || {
            format!(
                "{name} is no address of a Redis; write redis://HOST:PORT, or rediss:// for TLS"
            )
        });
    }
    if config.is_fleet() {
        return fleet(config, found);
    }
    let Some(_) = config.sqlite_path() else {
        // It may hold a password, so only the scheme is shown.
        let scheme = config.store.url.scheme();
        return found.0.push(format!(
            "store.url names a {scheme:?} store; write sqlite:PATH or mongodb://HOST/NAME, or leave \
             it empty"
        ));
    };
    for (name, _) in urls.iter().filter(|(_, url)| !url.is_empty()) {
        found.0.push(format!(
            "{name} is set, but store.url is a SQLite file, which one process has to itself; set \
             store.url to mongodb://HOST/NAME for several nodes, or leave {name} empty"
        ));
    }
    found.unless(config.queue.wait_replicas == 0, || {
        "queue.wait_replicas is set, but there is no Redis: the queue is in the data file; set it \
         to 0"
            .to_owned()
    });
}

fn fleet(config: &Config, found: &mut Problems) {
    for (feature, built) in [("mongo", cfg!(feature = "mongo")), ("redis", cfg!(feature = "redis"))]
    {
        found.unless(built, || {
            format!(
                "store.url asks for a fleet, but this binary was built without the cargo feature \
                 {feature:?}; take one that has it"
            )
        });
    }
    let uses =
        [("queue", config.queue_url()), ("bus", config.bus_url()), ("cache", config.cache_url())];
    let missing: Vec<&str> =
        uses.iter().filter(|(_, url)| url.is_empty()).map(|(name, _)| *name).collect();
    found.unless(missing.is_empty(), || {
        format!(
            "store.url is a MongoDB, but redis.url is empty ({}): nodes and workers could not hear \
             each other; set it to redis://HOST:PORT, or use SQLite for a single node",
            missing.join(", ")
        )
    });
    let prefix = &config.redis.prefix;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    found.unless(!prefix.is_empty() && prefix.len() <= 64 && prefix.chars().all(plain), || {
        "redis.prefix must be 1 to 64 letters, digits, or any of - _ . :".to_owned()
    });
}

fn limits(config: &Config, found: &mut Problems) {
    let limits = &config.limits;
    for (name, slowdown) in [("login", limits.login), ("login_account", limits.login_account)] {
        found.in_range(&format!("limits.{name}.free"), slowdown.free.into(), 1, 1_000);
        found.in_range(&format!("limits.{name}.first_secs"), slowdown.first_secs, 1, 3_600);
        found.unless(slowdown.most_secs >= slowdown.first_secs, || {
            format!("limits.{name}.most_secs is below its first_secs; raise it")
        });
        found.in_range(&format!("limits.{name}.most_secs"), slowdown.most_secs, 1, 3_600);
    }
    for (name, rate) in config.limits.each() {
        found.unless(rate.count > 0 && rate.per_secs > 0, || {
            format!("limits.{name} allows nothing; set count and per_secs to 1 or more")
        });
    }
}
