//! Where the tests find Redis, each with a prefix of its own.

use std::time::Duration;

use crate::{Options, Redis};

pub async fn alone() -> (Redis, Cleared) {
    open("NEXUS_TEST_REDIS").await
}

pub async fn cluster() -> (Redis, Cleared) {
    open("NEXUS_TEST_REDIS_CLUSTER").await
}

/// Options with a prefix that nobody else has.
pub fn options(urls: &str) -> Options {
    let prefix = format!("test-{:016x}", rand::random::<u64>());
    Options { urls: urls.to_owned(), prefix, ..Options::default() }
}

pub fn url(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: `make services` starts what `make test` needs")
    })
}

async fn open(variable: &str) -> (Redis, Cleared) {
    let options = options(&url(variable));
    let redis = Redis::connect(&options).await.unwrap();
    (redis, Cleared(options))
}

/// Deletes the keys of a test when it is over.
pub struct Cleared(pub Options);

impl Drop for Cleared {
    fn drop(&mut self) {
        let options = self.0.clone();
        // The connections of the test need its runtime, which waits for this.
        let cleared = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let clear = clear(&options);
            runtime.unwrap().block_on(async {
                if tokio::time::timeout(Duration::from_secs(5), clear).await.is_err() {
                    eprintln!("keys of {} are left over", options.prefix);
                }
            });
        });
        if cleared.join().is_err() {
            eprintln!("keys of {} are left over", self.0.prefix);
        }
    }
}

async fn clear(options: &Options) {
    let redis = Redis::connect(options).await.unwrap();
    let mut all = redis::cmd("KEYS");
    all.arg(format!("*{}*", options.prefix));
    let mut delete = Vec::new();
    for (_, found) in redis.masters("list keys", &all).await.unwrap() {
        for key in redis::from_redis_value::<Vec<String>>(found).unwrap() {
            let mut unlink = redis::cmd("UNLINK");
            unlink.arg(&key);
            delete.push((key, unlink));
        }
    }
    for deleted in redis.queries("delete keys", delete).await {
        deleted.unwrap();
    }
}
