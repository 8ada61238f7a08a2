//! One node in this process, and people who use it over real sockets.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use http::{HeaderName, Method};
use nexus_client::{Answer, Api, Client, ConnectError, Event, NAMESPACES};
use nexus_core::{
    memory::{MemoryMail, SystemClock},
    ports::{Clock, Envelope, NewUser, UserRecord},
    staff,
};
use nexus_protocol::{
    Chat, ChatId, Message, MessageId, MessageType, MsgSend, Timestamp, UserId, UserRole,
};
use nexus_server::{
    app::{Inputs, Node, SharedTime},
    config::{Config, Flags, load},
    keys,
    lifecycle::Roles,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::backend::{self, Servers};

pub const PASSWORD: &str = "correct horse battery";

/// How long a condition may take to come true on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// Until a session's end is looked for that nobody told of: what is told comes before, with its reason.
const NEVER: Duration = Duration::from_secs(3_600);

pub struct TestApp {
    pub node: Node,
    pub clock: Arc<ShiftedClock>,
    /// All letters that were sent.
    pub mail: Arc<MemoryMail>,
    /// Nobody's: without a token.
    pub api: Api,
    lost_news: Duration,
    _data: TempDir,
    _servers: Option<Servers>,
}

impl TestApp {
    pub async fn start() -> TestApp {
        TestApp::with(|_| {}).await
    }

    /// Limits are off unless `change` switches them on.
    pub async fn with(change: impl FnOnce(&mut Config)) -> TestApp {
        TestApp::on(backend::choose, change, NEVER).await
    }

    /// A node of a fleet, whatever the other tests' nodes are.
    pub async fn of_fleet(change: impl FnOnce(&mut Config)) -> TestApp {
        TestApp::on(|config| Some(backend::use_servers(config)), change, NEVER).await
    }

    /// A node of a fleet that looks for news that was lost, as often as in real life.
    pub async fn of_doubting_fleet() -> TestApp {
        let lost_news = Inputs::default().lost_news;
        TestApp::on(|config| Some(backend::use_servers(config)), |_| {}, lost_news).await
    }

    async fn on(
        choose: impl FnOnce(&mut Config) -> Option<Servers>,
        change: impl FnOnce(&mut Config),
        lost_news: Duration,
    ) -> TestApp {
        let data = tempfile::tempdir().unwrap();
        let mut config = load(&Flags::default(), Default::default()).unwrap();
        config.server.listen = ([127, 0, 0, 1], 0).into();
        config.data_dir = data.path().join("data");
        config.auth.bcrypt_cost = 4;
        config.auth.key_dir = key_dir();
        config.limits.enabled = false;
        config.queue.backoff_base_ms = 20;
        config.queue.backoff_max_ms = 100;
        config.jobs.backoff_base_ms = 20;
        config.jobs.backoff_max_ms = 100;
        config.jobs.poll_ms = 50;
        let servers = choose(&mut config);
        change(&mut config);
        let (clock, mail) = (Arc::new(ShiftedClock::default()), Arc::new(MemoryMail::new()));
        let inputs = Inputs {
            clock: clock.clone(),
            shared_time: SharedTime::OfClock,
            // Unless the test says which way they leave.
            mail: config.mail.url.is_empty().then(|| mail.clone() as _),
            lost_news,
            ..Inputs::default()
        };
        let node = Node::start(config, Roles::ALL, inputs).await.unwrap();
        let api = Api::new(&format!("http://{}", node.address.unwrap()));
        TestApp { node, clock, mail, api, lost_news, _data: data, _servers: servers }
    }

    /// Another node of the same fleet.
    pub async fn beside(&self) -> TestApp {
        let data = tempfile::tempdir().unwrap();
        let mut config = (*self.node.config).clone();
        config.data_dir = data.path().join("data");
        let inputs = Inputs {
            clock: self.clock.clone(),
            shared_time: SharedTime::OfClock,
            mail: config.mail.url.is_empty().then(|| self.mail.clone() as _),
            lost_news: self.lost_news,
            ..Inputs::default()
        };
        let node = Node::start(config, Roles::ALL, inputs).await.unwrap();
        let api = Api::new(&format!("http://{}", node.address.unwrap()));
        let (clock, mail) = (self.clock.clone(), self.mail.clone());
        let lost_news = self.lost_news;
        TestApp { node, clock, mail, api, lost_news, _data: data, _servers: None }
    }

    /// In order: a runtime of many threads would carry on with what nobody wants any more.
    pub async fn stop(self) {
        self.node.drain().await;
    }

    pub fn host(&self) -> &str {
        self.api.host()
    }

    /// Letters of this kind to this address, in the order in which they came.
    pub fn letters(&self, address: &str, kind: &str) -> Vec<Envelope> {
        let mut letters = self.mail.sent();
        letters.retain(|letter| letter.to.address == address && letter.kind == kind);
        letters
    }

    /// Waits for one, and answers the last.
    pub async fn letter(&self, address: &str, kind: &str) -> Envelope {
        eventually("the letter comes", async || self.letters(address, kind).pop()).await
    }

    /// Signs `name` up.
    pub async fn person(&self, name: &str) -> Person {
        let signed_in = self.api.signup(name, PASSWORD).await.unwrap();
        Person::new(self, signed_in)
    }

    pub async fn people<const N: usize>(&self, names: [&str; N]) -> [Person; N] {
        let mut people = Vec::new();
        for name in names {
            people.push(self.person(name).await);
        }
        people.try_into().ok().unwrap()
    }

    /// So many accounts that nobody uses.
    pub async fn crowd(&self, count: usize) -> Vec<UserId> {
        let core = &self.node.core;
        let making = (0..count).map(async |number| {
            let user = UserRecord {
                id: UserId(core.ids.uuid()),
                email: format!("crowd{number}@example.com"),
                email_verified: false,
                username: format!("crowd{number}"),
                display_name: String::new(),
                about: String::new(),
                created_at: core.clock.now(),
                last_seen_at: None,
                role: UserRole::User,
                ban: None,
                deletion: None,
            };
            let id = user.id;
            let new = NewUser { user, password_hash: String::new() };
            core.store.create_user(&new).await.unwrap();
            id
        });
        futures_util::future::join_all(making).await
    }

    /// Signs `name` up and makes them one of the staff, as `nexus admin users role` does, on a session
    /// that was confirmed just now.
    pub async fn staff(&self, name: &str, role: UserRole) -> Person {
        let person = self.person(name).await;
        let core = &self.node.core;
        staff::appoint(&*core.store, name, role, core.clock.now()).await.unwrap();
        person.api.post("/auth/step-up", json!({ "password": PASSWORD })).await.unwrap();
        person
    }

    /// Signs `name` in once more, as on another device.
    pub async fn login(&self, name: &str) -> Person {
        let signed_in = self.api.login(name, PASSWORD).await.unwrap();
        Person::new(self, signed_in)
    }
}

/// One device of somebody.
#[derive(Clone)]
pub struct Person {
    pub id: UserId,
    pub api: Api,
    pub access_token: String,
    pub refresh_token: String,
}

impl Person {
    pub fn new(app: &TestApp, signed_in: nexus_protocol::SignedIn) -> Person {
        let access_token = signed_in.access_token.unwrap();
        Person {
            id: signed_in.user.id,
            api: app.api.with_token(&access_token),
            refresh_token: signed_in.refresh_token.unwrap(),
            access_token,
        }
    }

    /// All three namespaces.
    pub async fn connect(&self) -> Client {
        self.try_connect().await.unwrap()
    }

    pub async fn try_connect(&self) -> Result<Client, ConnectError> {
        Client::connect(self.api.host(), &self.access_token, &NAMESPACES).await
    }

    pub async fn direct(&self, other: &Person) -> ChatId {
        self.api.create_direct(other.id).await.unwrap().id
    }

    pub async fn group(&self, title: &str, others: &[&Person]) -> ChatId {
        let others = others.iter().map(|person| person.id).collect();
        self.api.create_group(title, others).await.unwrap().id
    }

    pub async fn chat(&self, chat: ChatId) -> Chat {
        self.api.chat(chat).await.unwrap()
    }

    /// Sends, and waits until the message has its place.
    pub async fn say(&self, chat: ChatId, content: &str) -> Message {
        self.say_as(text(chat, content)).await
    }

    pub async fn say_as(&self, message: MsgSend) -> Message {
        let chat = message.chat_id;
        let id = self.api.send(message).await.unwrap().id;
        let message = self.committed(id).await;
        // A message may be seen a moment before its chat knows of it.
        eventually("the chat knows it", async || {
            (self.chat(chat).await.last_seq >= message.seq).then_some(())
        })
        .await;
        message
    }

    pub async fn committed(&self, id: MessageId) -> Message {
        eventually("the message is committed", async || self.api.message(id).await.ok()).await
    }

    /// Waits until the other's read and delivered marks in the chat are as far.
    pub async fn sees_receipt(&self, chat: ChatId, of: UserId, delivered: u64, read: u64) {
        eventually("the receipt moved", async || {
            let receipts = self.chat(chat).await.receipts;
            let theirs = receipts.into_iter().find(|receipt| receipt.user_id == of)?;
            (theirs.delivered_seq == delivered && theirs.read_seq == read).then_some(())
        })
        .await;
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        self.api.get(path).await.unwrap().read().unwrap()
    }

    /// All events of this person's socket up to now: what was published before has arrived when
    /// the change of profile made here has. That others did the same is left out.
    pub async fn heard(&self, socket: &mut Client) -> Vec<Event> {
        let mut heard = self.all_heard(socket).await;
        heard.retain(|event| event.name != "user:updated");
        heard
    }

    /// That others did so, too.
    pub async fn all_heard(&self, socket: &mut Client) -> Vec<Event> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let about = format!("heard {}", COUNT.fetch_add(1, Ordering::SeqCst));
        self.api.patch("/users/me", json!({ "about": about })).await.unwrap();
        let mut heard = Vec::new();
        loop {
            let event = tokio::time::timeout(PATIENCE, socket.next_any()).await;
            let event = event.expect("the barrier comes").expect("the socket is open");
            if event.name == "me:updated" && event.body["data"]["about"] == about.as_str() {
                return heard;
            }
            heard.push(event);
        }
    }
}

/// What the link of a letter carries behind its `#token=`.
pub fn token_of(letter: &Envelope) -> String {
    let (_, rest) = letter.text.split_once("#token=").expect("there is a link");
    rest.split_whitespace().next().unwrap().to_owned()
}

/// Only those of this name.
pub fn named(events: &[Event], name: &str) -> Vec<Value> {
    events.iter().filter(|event| event.name == name).map(|event| event.body.clone()).collect()
}

/// A text message with a `clientId` nobody has used.
pub fn text(chat_id: ChatId, content: &str) -> MsgSend {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    MsgSend {
        chat_id,
        client_id: format!("client-{}", COUNT.fetch_add(1, Ordering::SeqCst)),
        r#type: MessageType::Text,
        content: content.to_owned(),
        reply_to: None,
        mentions: Vec::new(),
    }
}

/// Asks again until there is an answer.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    match tokio::time::timeout(PATIENCE, asking).await {
        Ok(answer) => answer,
        Err(_) => panic!("not within {PATIENCE:?}: {what}"),
    }
}

/// Status and `code` of a refused request.
#[track_caller]
pub fn refusal<T: std::fmt::Debug>(answer: Result<T, nexus_client::Error>) -> (u16, String) {
    let err = answer.expect_err("this is to be refused");
    let problem = err.problem().unwrap_or_else(|| panic!("no problem document: {err}"));
    assert_eq!(err.status(), Some(problem.status), "{err}");
    (problem.status, problem.code.as_str().to_owned())
}

/// The `code` of a refused event.
#[track_caller]
pub fn event_refusal<T: std::fmt::Debug>(answer: Result<T, nexus_client::CallError>) -> String {
    let err = answer.expect_err("this is to be refused");
    let error = err.refused().unwrap_or_else(|| panic!("not refused but {err}"));
    error.code.as_str().to_owned()
}

pub async fn request(
    api: &Api,
    method: &str,
    path: &str,
    body: Value,
) -> Result<Answer, nexus_client::Error> {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let body = (!body.is_null()).then(|| body.to_string().into());
    api.request(method, path, body).await
}

pub fn header(name: &'static str) -> HeaderName {
    HeaderName::from_static(name)
}

/// The system's time, moved by the test.
#[derive(Default)]
pub struct ShiftedClock(AtomicI64);

impl ShiftedClock {
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        Timestamp(SystemClock.now().0 + self.0.load(Ordering::SeqCst))
    }
}

/// Making a key takes a second: all tests share one, and the next run has it already.
pub fn key_dir() -> PathBuf {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    let dir = DIR.get_or_init(|| {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("it-keys");
        keys::open(&dir, SystemClock.now()).unwrap();
        dir
    });
    dir.clone()
}
