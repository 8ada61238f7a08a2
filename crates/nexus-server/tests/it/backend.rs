//! What stands behind the ports of a test's node: one file, or with `NEXUS_TEST_BACKEND=fleet` a
//! database and a Redis prefix of its own on the servers that `make services` starts.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use mongodb::Client;
use nexus_server::config::Config;
use redis::Commands as _;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::{JoinHandle, JoinSet},
};

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
        Servers { mongo, redis: Servers::redis(), prefix }
    }

    pub fn redis() -> String {
        service("NEXUS_TEST_REDIS")
    }
}

/// `None` where it is one file.
pub fn choose(config: &mut Config) -> Option<Servers> {
    is_fleet().then(|| use_servers(config))
}

/// Whatever the others use.
pub fn use_servers(config: &mut Config) -> Servers {
    let servers = Servers::fresh();
    config.store.url = servers.mongo.as_str().into();
    config.store.min_pool = 0;
    config.redis.url = servers.redis.as_str().into();
    config.redis.prefix = servers.prefix.clone();
    // What many nodes in one process need least of.
    config.queue.lanes = 4;
    servers
}

/// A way to a server, on which connections can be cut.
pub struct Way {
    /// The server, by this way.
    pub url: String,
    cut: Arc<Notify>,
    carrying: JoinHandle<()>,
}

impl Way {
    pub async fn to(url: &str) -> Way {
        let (scheme, server) = url.trim_end_matches('/').split_once("://").unwrap();
        let (server, cut) = (server.to_owned(), Arc::new(Notify::new()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let carrying = tokio::spawn(carry(listener, server, cut.clone()));
        Way { url, cut, carrying }
    }

    /// Those that are made from now on are not.
    pub fn cut(&self) {
        self.cut.notify_waiters();
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

async fn carry(listener: TcpListener, server: String, cut: Arc<Notify>) {
    let mut carried = JoinSet::new();
    while let Ok((mut client, _)) = listener.accept().await {
        let (server, cut) = (server.clone(), cut.clone());
        carried.spawn(async move {
            let mut server = TcpStream::connect(server).await.unwrap();
            tokio::select! {
                () = cut.notified() => {}
                _ = copy_bidirectional(&mut client, &mut server) => {}
            }
        });
    }
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
