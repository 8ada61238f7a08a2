//! A server that dies between a change and the end of the sessions that it is to end: they end when it
//! is back.

use std::{
    os::unix::process::ExitStatusExt,
    time::{Duration, Instant},
};

use nexus_client::{Api, Launch, Server};
use nexus_core::{
    memory::SystemClock,
    ports::{Clock as _, SessionStore as _, UserStore as _},
    staff,
};
use nexus_protocol::{UserId, UserRole};
use nexus_store_sqlite::{Database, SqliteStore};
use serde_json::json;
use tempfile::TempDir;

use crate::nexus;

const PATIENCE: Duration = Duration::from_secs(120);
const PASSWORD: &str = "a long enough password";
const SIGABRT: i32 = 6;

struct Dying {
    server: Server,
    api: Api,
    store: SqliteStore,
    _data: TempDir,
}

impl Dying {
    async fn at(point: &str) -> Dying {
        let data = tempfile::tempdir().unwrap();
        let failpoints = format!("{point}=return");
        let environment = [("NEXUS__AUTH__BCRYPT_COST", "4"), ("FAILPOINTS", failpoints.as_str())];
        let launch = Launch::new(nexus().as_ref(), data.path(), &environment);
        let server = Server::start(launch).await.unwrap();
        let api = Api::new(&server.url());
        let path = data.path().join("nexus.db");
        let store = Database::open(path, Default::default()).unwrap().store();
        Dying { server, api, store, _data: data }
    }

    /// Once it has died, it comes back.
    async fn again(&mut self) {
        let status = self.server.ended(PATIENCE).await.expect("it dies");
        assert_eq!(status.signal(), Some(SIGABRT), "{status}");
        self.server.spawn_again(&[("FAILPOINTS", "")]).unwrap();
        self.server.ready().await.unwrap();
    }

    async fn sessions(&self, user: UserId) -> usize {
        self.store.sessions_of(user, SystemClock.now()).await.unwrap().len()
    }

    async fn until_left(&self, user: UserId, count: usize) {
        let since = Instant::now();
        while self.sessions(user).await != count {
            assert!(since.elapsed() < PATIENCE, "{} sessions are left", self.sessions(user).await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dead_once_a_new_password_is_stored_it_ends_the_other_sessions_when_it_is_back() {
    let mut dying = Dying::at("password.stored").await;
    let ann = dying.api.signup("ann", PASSWORD).await.unwrap();
    let other = dying.api.login("ann", PASSWORD).await.unwrap();
    let here = dying.api.with_token(&ann.access_token.unwrap());
    let body = json!({ "current": PASSWORD, "password": "another long password" });
    here.post("/auth/change-password", body).await.unwrap_err();
    assert_eq!(dying.sessions(ann.user.id).await, 2, "it died too early, or too late");
    dying.again().await;
    dying.until_left(ann.user.id, 1).await;
    here.get("/users/me").await.expect("whoever changed it stays");
    let there = dying.api.with_token(&other.access_token.unwrap());
    assert_eq!(there.get("/users/me").await.unwrap_err().status(), Some(401));
    dying.api.login("ann", "another long password").await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(dying.sessions(ann.user.id).await, 2, "who signs in with the new one stays, too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dead_once_a_ban_is_stored_it_shows_the_banned_out_when_it_is_back() {
    let mut dying = Dying::at("ban.stored").await;
    let admin = dying.api.signup("admin", PASSWORD).await.unwrap();
    let ann = dying.api.signup("ann", PASSWORD).await.unwrap();
    let now = SystemClock.now();
    staff::appoint(&dying.store, "admin", UserRole::Admin, now).await.unwrap();
    let admin = dying.api.with_token(&admin.access_token.unwrap());
    admin.post("/auth/step-up", json!({ "password": PASSWORD })).await.unwrap();
    let path = format!("/admin/users/{}/ban", ann.user.id);
    admin.post(&path, json!({ "reason": "spam" })).await.unwrap_err();
    assert!(dying.store.user(ann.user.id).await.unwrap().unwrap().ban.is_some());
    assert_eq!(dying.sessions(ann.user.id).await, 1, "it died too early, or too late");
    dying.again().await;
    dying.until_left(ann.user.id, 0).await;
}
