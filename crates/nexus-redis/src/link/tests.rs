//! The way to Redis, on what the tests are given.

use std::{collections::HashSet, time::Duration};

use nexus_core::conformance::fixture::PATIENCE;
use tokio::time::timeout;

use super::{Address, Heard, Redis, Script, Shape, Subscription, address::Seeds, topology::slot};
use crate::setup;

async fn both() -> [(Redis, setup::Cleared); 2] {
    [setup::alone().await, setup::cluster().await]
}

#[test]
fn one_url_names_several_servers() {
    let seeds = Seeds::parse("redis://ann:secret@a:1,b:2,c/3").unwrap();
    let names: Vec<String> = seeds.addresses.iter().map(Address::to_string).collect();
    assert_eq!(names, ["a:1", "b:2", "c:6379"]);
    let info = seeds.info(&seeds.addresses[1], Duration::from_secs(1));
    assert_eq!(info.redis_settings().username(), Some("ann"));
    assert_eq!(info.redis_settings().password(), Some("secret"));
    assert_eq!(info.redis_settings().db(), 3);
    assert_eq!(info.addr().to_string(), "b:2");
    assert!(Seeds::parse("a:1,b:2").is_err());
}

#[test]
fn slots_are_those_of_redis() {
    assert_eq!(slot("123456789"), 12_739);
    assert_eq!(slot("foo"), 12_182);
    assert_eq!(slot("{foo}bar"), 12_182);
    assert_eq!(slot("x{foo}bar{baz}"), 12_182);
    assert_eq!(slot("{}foo"), slot("{}foo"));
    assert_ne!(slot("{}foo"), slot(""));
}

#[tokio::test]
async fn the_shape_is_found_by_asking() {
    let [(alone, _kept), (cluster, _also)] = both().await;
    assert_eq!(alone.shape(), Shape::Alone);
    assert_eq!(cluster.shape(), Shape::Cluster);
    let info = redis::cmd("PING");
    assert_eq!(alone.masters("ping", &info).await.unwrap().len(), 1);
    assert_eq!(cluster.masters("ping", &info).await.unwrap().len(), 3);
}

#[tokio::test]
async fn keys_of_all_slots_are_written_and_read() {
    for (redis, _kept) in both().await {
        let keys: Vec<String> = (0..100).map(|n| format!("{}:{n}", redis.prefix())).collect();
        let set =
            keys.iter().map(|key| (key.clone(), redis::cmd("SET").arg(key).arg(key).to_owned()));
        for set in redis.queries("set", set).await {
            set.unwrap();
        }
        for key in &keys {
            let got: String = redis.query("get", key, redis::cmd("GET").arg(key)).await.unwrap();
            assert_eq!(got, *key);
        }
    }
}

#[tokio::test]
async fn a_script_runs_whether_the_server_knows_it_or_not() {
    static ECHO: std::sync::LazyLock<Script> = std::sync::LazyLock::new(|| {
        // Another one each time, or the server would know it from the last run.
        let code = format!("--{}\nreturn {{KEYS[1], ARGV[1]}}", rand::random::<u64>());
        Script::new(code.leak())
    });
    for (redis, _kept) in both().await {
        for _ in 0..2 {
            let call = ECHO.call().key("{a}").arg("b");
            let echo: (String, String) = redis.script("echo", call).await.unwrap();
            assert_eq!(echo, ("{a}".into(), "b".into()));
        }
    }
}

#[tokio::test]
async fn channels_of_all_slots_are_heard() {
    for (redis, _kept) in both().await {
        let channels: Vec<String> = (0..20).map(|n| format!("{}{{{n}}}", redis.prefix())).collect();
        let mut subscription = redis.subscribe(channels.clone());
        assert_eq!(next(&mut subscription).await, Heard::Live);
        for channel in &channels {
            let publish = redis::cmd("SPUBLISH").arg(channel).arg("hello").to_owned();
            let heard: i64 = redis.query("publish", channel, &publish).await.unwrap();
            assert_eq!(heard, 1);
        }
        let mut heard = HashSet::new();
        while heard.len() < channels.len() {
            match next(&mut subscription).await {
                Heard::Message { channel, payload } => {
                    assert_eq!(payload, b"hello");
                    assert!(heard.insert(channel));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

async fn next(subscription: &mut Subscription) -> Heard {
    timeout(PATIENCE, subscription.next()).await.unwrap()
}
