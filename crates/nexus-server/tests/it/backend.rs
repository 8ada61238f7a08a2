//! What stands behind the ports of a test's node: one file, or with `NEXUS_TEST_BACKEND=fleet` a
//! database and a Redis prefix of its own on the servers that `make services` starts.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use mongodb::Client;
use nexus_server::config::Config;
use redis::Commands as _;

fn is_fleet() -> bool {
    std::env::var("NEXUS_TEST_BACKEND").is_ok_and(|backend| backend == "fleet")
}

/// A database and a prefix that nobody else has; deleted when the test is over.
pub struct Servers {
    pub mongo: String,
    pub redis: String,
    pub prefix: String,
}

impl Servers {
    pub fn fresh() -> Servers {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let prefix = format!("it-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let mongo = with_database(&service("NEXUS_TEST_MONGO"), &prefix);
        Servers { mongo, redis: service("NEXUS_TEST_REDIS"), prefix }
    }
}

/// `None` where it is one file.
pub fn choose(config: &mut Config) -> Option<Servers> {
    let servers = is_fleet().then(Servers::fresh)?;
    config.store.url = servers.mongo.as_str().into();
    config.store.min_pool = 0;
    config.redis.url = servers.redis.as_str().into();
    config.redis.prefix = servers.prefix.clone();
    // What many nodes in one process need least of.
    config.queue.lanes = 4;
    config.bus.topics = 4;
    Some(servers)
}

fn service(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: `make services` starts what is needed"))
}

fn with_database(url: &str, name: &str) -> String {
    let (servers, options) = url.split_once("/?").unwrap_or((url.trim_end_matches('/'), ""));
    format!("{servers}/{name}?{options}")
}

impl Drop for Servers {
    fn drop(&mut self) {
        let (mongo, redis) = (self.mongo.clone(), self.redis.clone());
        let keys = format!("{{{}:*", self.prefix);
        // The runtime of the test is about to end.
        let deleting = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let client = Client::with_uri_str(&mongo).await.unwrap();
                client.default_database().unwrap().drop().await.unwrap();
                client.shutdown().await;
            });
            let client = redis::Client::open(redis).unwrap();
            let mut redis = client.get_connection_with_timeout(Duration::from_secs(5)).unwrap();
            let found: Vec<String> =
                redis.scan_match(&keys).unwrap().collect::<Result<_, _>>().unwrap();
            if !found.is_empty() {
                redis.unlink::<_, ()>(found).unwrap();
            }
        });
        if deleting.join().is_err() {
            eprintln!("{} is left over", self.prefix);
        }
    }
}
