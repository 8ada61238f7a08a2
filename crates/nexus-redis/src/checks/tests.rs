//! What is said of which set-up.

use super::{Disk, Facts, Finding, Role, Severity, judge};
use crate::{Redis, own_server::OwnServer, setup};

const QUEUE: Role = Role::Queue { wait_replicas: 0 };

/// A server that a queue has nothing to complain about.
fn sound() -> Facts {
    Facts {
        major: 7,
        version: "7.0.15".to_owned(),
        replicas: 0,
        appendonly: true,
        evicts: None,
        disk: Some(Disk { appendfsync: "always".to_owned(), save: String::new() }),
    }
}

/// One finding, of this severity, with these words.
fn check(role: Role, facts: Facts, severity: Severity, words: &[&str]) {
    let found = judge(role, &facts);
    let [(found, text)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(*found, severity, "{text}");
    for word in words {
        assert!(text.contains(word), "{word:?} is not in {text:?}");
    }
}

#[test]
fn nothing_is_said_of_a_sound_server() {
    for role in [QUEUE, Role::Bus, Role::Cache] {
        assert_eq!(judge(role, &sound()), []);
    }
    let replicated = Facts { replicas: 1, ..sound() };
    assert_eq!(judge(Role::Queue { wait_replicas: 1 }, &replicated), []);
}

#[test]
fn a_power_cut_costs_what_is_not_on_disk() {
    let disk = |appendfsync: &str, save: &str| {
        Some(Disk { appendfsync: appendfsync.to_owned(), save: save.to_owned() })
    };
    for (appendonly, disk, words) in [
        (true, disk("everysec", ""), ["last second", "appendfsync always"]),
        (true, disk("no", ""), ["half a minute", "appendfsync always"]),
        (true, None, ["could not be checked", "appendfsync always"]),
        (false, disk("everysec", "3600 1"), ["since the last snapshot", "appendonly yes"]),
        (false, disk("everysec", ""), ["all accepted messages", "appendonly yes"]),
        (false, None, ["if any are made", "appendonly yes"]),
    ] {
        let facts = Facts { appendonly, disk, ..sound() };
        check(QUEUE, facts.clone(), Severity::Warning, &words);
        assert_eq!(judge(Role::Bus, &facts), [], "it keeps nothing");
        assert_eq!(judge(Role::Cache, &facts), [], "it can be forgotten");
    }
}

#[test]
fn a_failover_costs_what_replicas_have_not_got() {
    let facts = Facts { replicas: 2, ..sound() };
    check(QUEUE, facts, Severity::Warning, &["asynchronous", "queue.wait_replicas = 1"]);
    let three = Role::Queue { wait_replicas: 3 };
    let facts = Facts { replicas: 2, ..sound() };
    check(three, facts, Severity::Error, &["has 2 replicas", "asks for 3", "add replicas"]);
}

#[test]
fn what_must_not_be_thrown_away_must_not_be_evicted() {
    let facts = || Facts { evicts: Some("allkeys-lru".to_owned()), ..sound() };
    check(QUEUE, facts(), Severity::Error, &["allkeys-lru", "noeviction"]);
    check(Role::Cache, facts(), Severity::Warning, &["allkeys-lru", "noeviction"]);
    assert_eq!(judge(Role::Bus, &facts()), []);
}

#[test]
fn an_old_server_will_not_do() {
    let facts = || Facts { major: 6, version: "6.2.1".to_owned(), ..sound() };
    for role in [QUEUE, Role::Bus, Role::Cache] {
        check(role, facts(), Severity::Error, &["6.2.1", "7.0", "upgrade"]);
    }
}

async fn findings(server: &OwnServer, role: Role) -> Vec<Finding> {
    let redis = Redis::connect(&setup::options(&server.url())).await.unwrap();
    redis.warnings(role).await.unwrap()
}

#[tokio::test]
async fn real_servers_are_asked() {
    let sound = ["--appendonly", "yes", "--appendfsync", "always"];
    let server = OwnServer::start(&sound).await;
    assert_eq!(findings(&server, QUEUE).await, []);
    server.ask(&["CONFIG", "SET", "appendfsync", "everysec"]);
    server.ask(&["CONFIG", "SET", "maxmemory", "100mb", "maxmemory-policy", "allkeys-lru"]);
    let found = findings(&server, Role::Queue { wait_replicas: 1 }).await;
    let severities: Vec<Severity> = found.iter().map(|finding| finding.severity).collect();
    assert_eq!(severities, [Severity::Warning, Severity::Error, Severity::Error]);
    let address = format!("Redis at 127.0.0.1:{}: ", server.port);
    assert!(found.iter().all(|finding| finding.text.starts_with(&address)), "{found:?}");

    let master = server.port.to_string();
    let replica = OwnServer::start(&["--replicaof", "127.0.0.1", &master]).await;
    crate::own_server::until("it has a replica", || {
        server.ask(&["INFO", "replication"]).contains("state=online")
    })
    .await;
    let found = findings(&server, Role::Queue { wait_replicas: 1 }).await;
    assert!(!found.iter().any(|finding| finding.text.contains("replicas online")), "{found:?}");
    drop(replica);
}

#[tokio::test]
async fn where_config_is_not_permitted_that_is_said() {
    let renamed = ["--appendonly", "yes", "--rename-command", "CONFIG", ""];
    let server = OwnServer::start(&renamed).await;
    let [finding] = &findings(&server, QUEUE).await[..] else { panic!("one finding") };
    assert_eq!(finding.severity, Severity::Warning);
    assert!(finding.text.contains("CONFIG is not permitted"), "{}", finding.text);
}

#[tokio::test]
async fn a_cluster_is_spoken_of_as_one() {
    let (redis, _kept) = setup::cluster().await;
    let found = redis.warnings(QUEUE).await.unwrap();
    let [finding] = &found[..] else { panic!("{found:?}") };
    assert_eq!(finding.text.matches("127.0.0.1:").count(), 3, "{}", finding.text);
}
