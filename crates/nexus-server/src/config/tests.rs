use std::collections::HashMap;

use super::{Config, ConfigError, Flags, effective_toml, load};

fn with(settings: &[(&str, &str)]) -> Result<Config, ConfigError> {
    load(&Flags::default(), environment(settings))
}

fn environment(settings: &[(&str, &str)]) -> HashMap<String, String> {
    let pairs = settings.iter().map(|(key, value)| {
        (format!("NEXUS__{}", key.replace('.', "__").to_uppercase()), (*value).to_owned())
    });
    pairs.collect()
}

fn refusal(settings: &[(&str, &str)]) -> String {
    with(settings).unwrap_err().to_string()
}

#[test]
fn the_defaults_are_usable() {
    let config = with(&[]).unwrap();
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.sqlite_path().unwrap().to_str(), Some("./data/nexus.db"));
    assert_eq!(config.limits.tiers(), nexus_core::limits::Tiers::default());
}

#[test]
fn the_environment_overrules_the_file_and_flags_overrule_both() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    std::fs::write(
        &file,
        "data_dir = \"/file\"\n[server]\nlisten = \"127.0.0.1:1\"\ndrain_secs = 5\n",
    )
    .unwrap();
    let flags =
        Flags { config: Some(file), listen: Some("127.0.0.1:3".into()), ..Flags::default() };
    let environment = environment(&[("server.listen", "127.0.0.1:2"), ("data_dir", "/env")]);

    let config = load(&flags, environment.clone()).unwrap();
    assert_eq!(config.server.listen.port(), 3);
    assert_eq!(config.data_dir.to_str(), Some("/env"));
    assert_eq!(config.server.drain_secs, 5);

    let printed = effective_toml(&config, &flags, &environment).unwrap();
    for line in
        ["listen = \"127.0.0.1:3\"  # from --listen", "data_dir = \"/env\"  # from NEXUS__DATA_DIR"]
    {
        assert!(printed.contains(line), "{printed}");
    }
    assert!(
        printed
            .lines()
            .any(|line| line.starts_with("drain_secs = 5  # from ") && line.ends_with("own.toml"))
    );
}

#[test]
fn lists_and_switches_can_be_set_in_the_environment() {
    let config = with(&[
        ("server.trusted_proxies", "10.0.0.0/8, ::1"),
        ("limits.enabled", "false"),
        ("metrics.token", "00000000000000000012"),
        ("metrics.listen", "127.0.0.1:9100"),
    ])
    .unwrap();
    assert_eq!(config.server.trusted_proxies.len(), 2);
    assert!(!config.limits.enabled);
    assert_eq!(config.metrics.token.expose(), "00000000000000000012");
    assert_eq!(config.metrics.listen.unwrap().port(), 9100);
}

#[test]
fn a_setting_that_does_not_exist_is_refused_by_name() {
    assert!(refusal(&[("server.lisen", "127.0.0.1:1")]).contains("lisen"));
    assert!(refusal(&[("sever.listen", "127.0.0.1:1")]).contains("sever"));
    let missing = Flags { config: Some("/nowhere/nexus.toml".into()), ..Flags::default() };
    assert!(load(&missing, HashMap::new()).is_err());
}

#[test]
fn a_public_address_needs_tls_in_front() {
    let public = ("server.listen", "0.0.0.0:8080");
    let refused = refusal(&[public]);
    assert!(refused.contains("server.public_url") && refused.contains("server.trusted_proxies"));
    assert!(with(&[public, ("server.insecure", "true")]).is_ok());
    let behind_proxy = [
        public,
        ("server.public_url", "https://chat.example.com"),
        ("server.trusted_proxies", "10.0.0.1"),
    ];
    assert!(with(&behind_proxy).is_ok());
}

#[test]
fn tls_of_our_own_is_as_good_as_a_proxy_and_must_be_whole() {
    let (cert, key) = (("tls.cert_file", "/c.pem"), ("tls.key_file", "/k.pem"));
    let (public, url) =
        (("server.listen", "0.0.0.0:443"), ("server.public_url", "https://chat.example.com"));
    let acme = ("tls.acme_domains", "chat.example.com,www.example.com");
    assert!(with(&[public, url, cert, key]).is_ok());
    assert!(with(&[public, url, cert, key, ("tls.redirect_listen", "0.0.0.0:80")]).is_ok());
    for (settings, says) in [
        (&[cert][..], "tls.key_file"),
        (&[key], "tls.cert_file"),
        (&[cert, key], "server.public_url"),
        (&[cert, key, ("server.public_url", "http://chat.example.com")], "server.public_url"),
        (&[("tls.redirect_listen", "0.0.0.0:80")], "tls.redirect_listen"),
        (&[url, cert, key, public, ("tls.redirect_listen", "0.0.0.0:443")], "tls.redirect_listen"),
        (&[url, cert, key, ("tls.handshake_timeout_secs", "0")], "tls.handshake_timeout_secs"),
        (&[url, acme, cert, key], "both set"),
        (&[acme], "server.public_url"),
        (&[url, ("tls.acme_domains", "www.example.com")], "lacks \"chat.example.com\""),
        (&[url, ("tls.acme_domains", "chat.example.com,*.example.com")], "names only"),
        (&[url, acme, ("tls.acme_directory", "http://ca")], "tls.acme_directory"),
    ] {
        let refused = refusal(settings);
        assert!(refused.contains(says), "{settings:?}: {refused}");
    }
    #[cfg(feature = "acme")]
    assert!(with(&[public, url, acme]).is_ok());
}

#[test]
fn every_problem_is_named_with_its_setting() {
    for (key, value) in [
        ("server.public_url", "chat.example.com"),
        ("server.public_url", "https://chat.example.com/path"),
        ("server.allowed_origins", "https://*.example.com"),
        ("server.header_timeout_secs", "0"),
        ("server.allowed_origins", "file://x"),
        ("server.max_body_bytes", "1"),
        ("server.connections_per_address", "0"),
        ("metrics.token", "short"),
        ("metrics.listen", "127.0.0.1:8080"),
        ("auth.issuer", ""),
        ("auth.bcrypt_cost", "3"),
        ("auth.access_ttl_secs", "1"),
        ("socket.max_buffered_bytes", "1"),
        ("socket.connections_per_user", "0"),
        ("store.url", "sqlite::memory:"),
        ("queue.lanes", "257"),
        ("queue.wait_replicas", "1"),
        ("queue.lease_secs", "1"),
        ("redis.url", "redis://:canary@db"),
        ("redis.url", "http://db"),
        ("bus.url", "redis://db"),
        ("store.min_pool", "65"),
        ("queue.backoff_max_ms", "1"),
        ("store.url", "mongodb://user:canary@db"),
        ("store.url", "mysql://user:canary@db"),
        ("store.url_file", "/nowhere/url"),
        ("limits.send.count", "0"),
        ("log.level", "nexus=loud"),
    ] {
        let refused = refusal(&[(key, value)]);
        let setting = key.strip_suffix(".count").unwrap_or(key);
        assert!(refused.contains(setting), "{key}: {refused}");
        assert!(!refused.contains("canary"));
    }
    let both = refusal(&[("server.drain_secs", "0"), ("queue.batch", "0")]);
    assert!(both.contains("server.drain_secs") && both.contains("queue.batch"));
}

#[test]
fn secrets_are_not_shown() {
    let settings = environment(&[("metrics.token", "canary-canary-canary")]);
    let config = load(&Flags::default(), settings.clone()).unwrap();
    let printed = effective_toml(&config, &Flags::default(), &settings).unwrap();
    assert!(printed.contains("token = \"(hidden)\"  # from NEXUS__METRICS__TOKEN"));
    assert!(!format!("{config:?}{printed}").contains("canary"));
}

/// A binary without the drivers refuses all this.
#[cfg(all(feature = "mongo", feature = "redis"))]
mod fleet {
    use super::*;

    #[test]
    fn a_fleet_has_more_lanes_than_a_node_alone_unless_it_is_said_how_many() {
        let fleet = [("store.url", "mongodb://db/chat"), ("redis.url", "redis://a:1,b:2")];
        assert_eq!(with(&[]).unwrap().lanes(), 4);
        assert_eq!(with(&fleet).unwrap().lanes(), 16);
        assert_eq!(with(&[fleet[0], fleet[1], ("queue.lanes", "3")]).unwrap().lanes(), 3);
    }

    #[test]
    fn a_redis_for_everything_can_be_overruled_use_by_use() {
        let mongo = ("store.url", "mongodb+srv://db/chat");
        let config =
            with(&[mongo, ("redis.url", "redis://all"), ("bus.url", "rediss://bus")]).unwrap();
        let urls = [config.queue_url(), config.bus_url(), config.cache_url()];
        assert_eq!(urls.map(|url| url.expose()), ["redis://all", "rediss://bus", "redis://all"]);
        let refused = refusal(&[mongo, ("queue.url", "redis://queue")]);
        assert!(refused.contains("redis.url is empty (bus, cache)"), "{refused}");
    }

    #[test]
    fn a_secret_can_stand_in_a_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("redis-url");
        std::fs::write(&path, "redis://:canary@db:6379\n").unwrap();
        let path = path.to_str().unwrap();
        let settings = [("store.url", "mongodb://u:canary@db/chat"), ("redis.url_file", path)];
        let config = with(&settings).unwrap();
        assert_eq!(config.cache_url().expose(), "redis://:canary@db:6379");

        let printed = effective_toml(&config, &Flags::default(), &environment(&settings)).unwrap();
        let from_file = format!("url = \"redis://:(hidden)@db:6379\"  # from {path}");
        for line in [from_file.as_str(), "url = \"mongodb://u:(hidden)@db/chat\"  # from NEXUS__"] {
            assert!(printed.contains(line), "{printed}");
        }
        assert!(!format!("{config:?}{printed}").contains("canary"));

        let both = refusal(&[settings[0], settings[1], ("redis.url", "redis://other")]);
        assert!(both.contains("redis.url and redis.url_file are both set"), "{both}");
    }
}
