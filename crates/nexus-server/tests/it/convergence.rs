//! Whatever of the live events is lost, doubled or late: after one `sync` a client has what a fresh
//! fetch brings. Random stories of three people in three chats.

use std::time::Duration;

use nexus_client::{Client, ClientState, Event};
use nexus_protocol::{ChatId, Message, Messages, SyncAnswer};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

use crate::fixture::{Person, TestApp, eventually, request, text};

const PEOPLE: usize = 3;
const CHATS: usize = 3;

#[derive(Clone, Debug)]
enum Act {
    Send {
        mention: usize,
    },
    Edit(usize),
    Delete(usize),
    Hide(usize),
    React(usize, bool),
    Pin(usize, bool),
    Star(usize, bool),
    Read(usize),
    Delivered(usize),
    Mark(usize),
    Title(u8),
    Permit(u8),
    History(bool),
    Slow(bool),
    /// From now on messages last for so long.
    Disappear(Option<u32>),
    /// An hour passes.
    Wait,
    Promote(usize),
    Remove(usize),
    Add(usize),
    Leave,
    /// Takes note of what has arrived.
    Listen,
    Sync,
    Reconnect,
}

/// What the network does to one event.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Arrives,
    Lost,
    Doubled,
    Late,
}

/// Who does what, where.
type Step = (usize, usize, Act);

fn acts() -> impl Strategy<Value = Act> {
    let n = 0..12_usize;
    prop_oneof![
        8 => (0..PEOPLE).prop_map(|mention| Act::Send { mention }),
        2 => n.clone().prop_map(Act::Edit),
        1 => n.clone().prop_map(Act::Delete),
        1 => n.clone().prop_map(Act::Hide),
        2 => (n.clone(), any::<bool>()).prop_map(|(n, on)| Act::React(n, on)),
        1 => (n.clone(), any::<bool>()).prop_map(|(n, on)| Act::Pin(n, on)),
        1 => (n.clone(), any::<bool>()).prop_map(|(n, on)| Act::Star(n, on)),
        2 => n.clone().prop_map(Act::Read),
        1 => n.clone().prop_map(Act::Delivered),
        2 => n.prop_map(Act::Mark),
        1 => any::<u8>().prop_map(Act::Title),
        1 => any::<u8>().prop_map(Act::Permit),
        1 => any::<bool>().prop_map(Act::History),
        1 => any::<bool>().prop_map(Act::Slow),
        1 => proptest::option::of(1..4_u32).prop_map(Act::Disappear),
        1 => Just(Act::Wait),
        1 => (0..PEOPLE).prop_map(Act::Promote),
        1 => (0..PEOPLE).prop_map(Act::Remove),
        2 => (0..PEOPLE).prop_map(Act::Add),
        1 => Just(Act::Leave),
        3 => Just(Act::Listen),
        1 => Just(Act::Sync),
        1 => Just(Act::Reconnect),
    ]
}

fn fates() -> impl Strategy<Value = Fate> {
    prop_oneof![
        3 => Just(Fate::Arrives),
        1 => Just(Fate::Lost),
        1 => Just(Fate::Doubled),
        1 => Just(Fate::Late),
    ]
}

/// One device, with the events that the network still holds back.
struct Viewer {
    person: Person,
    socket: Client,
    state: ClientState,
    late: Vec<Event>,
    fates: std::iter::Cycle<std::vec::IntoIter<Fate>>,
}

impl Viewer {
    fn take(&mut self, events: Vec<Event>) {
        let mut held = std::mem::take(&mut self.late);
        for event in events {
            match self.fates.next() {
                Some(Fate::Lost) | None => {}
                Some(Fate::Late) => self.late.push(event),
                Some(Fate::Arrives) => self.apply(&event),
                Some(Fate::Doubled) => {
                    self.apply(&event);
                    self.apply(&event);
                }
            }
        }
        while let Some(event) = held.pop() {
            self.apply(&event);
        }
    }

    fn apply(&mut self, event: &Event) {
        self.state.apply_event(&event.name, &event.body);
    }

    async fn sync(&mut self) {
        loop {
            let answer = self.socket.call("sync", self.state.sync_request()).await.unwrap();
            let answer: SyncAnswer = serde_json::from_value(answer).unwrap();
            self.state.apply_sync(&answer);
            if !answer.more {
                return;
            }
        }
    }

    async fn fetch(&self) -> ClientState {
        let api = &self.person.api;
        let user_rev = api.sync(&self.state.sync_request()).await.unwrap().user_rev;
        let mut chats = Vec::new();
        for chat in api.chats().await.unwrap() {
            let messages = api.messages(chat.id).await.unwrap();
            chats.push((chat, messages));
        }
        let starred: Messages = self.person.get("/starred?limit=200").await;
        let starred = starred.messages.into_iter().map(|message| message.id);
        ClientState::from_fetch(self.person.id, user_rev, chats, starred)
    }
}

struct Story {
    app: TestApp,
    viewers: Vec<Viewer>,
    chats: [ChatId; CHATS],
    sent: Vec<nexus_client::Pending>,
}

impl Story {
    async fn begin(fates: &[Vec<Fate>]) -> Story {
        let app = TestApp::with(|config| config.auth.access_ttl_secs = 86_400).await;
        let people = app.people(["ann", "bob", "cid"]).await;
        let [ann, bob, cid] = &people;
        let chats = [
            ann.group("one", &[bob, cid]).await,
            bob.group("two", &[ann, cid]).await,
            ann.direct(bob).await,
        ];
        let mut viewers = Vec::new();
        for (person, fates) in people.into_iter().zip(fates) {
            let socket = person.connect().await;
            let state = ClientState::new(person.id);
            let fates = fates.clone().into_iter().cycle();
            viewers.push(Viewer { person, socket, state, late: Vec::new(), fates });
        }
        Story { app, viewers, chats, sent: Vec::new() }
    }

    /// Some message of the chat, as this person sees it.
    async fn pick(&self, who: usize, chat: ChatId, index: usize) -> Option<Message> {
        let page: Messages = self.viewers[who]
            .person
            .api
            .get(&format!("/chats/{chat}/messages"))
            .await
            .ok()?
            .read()
            .unwrap();
        (!page.messages.is_empty()).then(|| page.messages[index % page.messages.len()].clone())
    }

    /// What may not be done is refused, and no part of the story.
    async fn play(&mut self, (who, chat, act): &Step) {
        let (who, chat) = (*who, self.chats[*chat]);
        match act {
            Act::Send { mention } => {
                let mut message = text(chat, "hello");
                message.mentions = vec![self.viewers[*mention].person.id];
                self.sent.push(self.viewers[who].socket.start("msg:send", message));
            }
            Act::Listen => {
                let events = self.viewers[who].socket.try_events();
                self.viewers[who].take(events);
            }
            Act::Wait => self.app.clock.advance(Duration::from_secs(3_600)),
            Act::Sync => self.viewers[who].sync().await,
            Act::Reconnect => {
                self.acknowledged().await;
                let viewer = &mut self.viewers[who];
                viewer.socket = viewer.person.connect().await;
                viewer.late.clear();
            }
            _ => {
                if let Some((method, path, body)) = self.request(who, chat, act).await {
                    let _ = request(&self.viewers[who].person.api, method, &path, body).await;
                }
            }
        }
    }

    async fn request(
        &self,
        who: usize,
        chat: ChatId,
        act: &Act,
    ) -> Option<(&'static str, String, Value)> {
        let member = |of: &usize| format!("/chats/{chat}/members/{}", self.viewers[*of].person.id);
        let put = |on: &bool| if *on { "PUT" } else { "DELETE" };
        let picked = match act {
            Act::Edit(n)
            | Act::Delete(n)
            | Act::Hide(n)
            | Act::React(n, _)
            | Act::Pin(n, _)
            | Act::Star(n, _) => Some(self.pick(who, chat, *n).await?.id),
            _ => None,
        };
        let message = picked.map(|id| format!("/messages/{id}")).unwrap_or_default();
        Some(match act {
            Act::Edit(n) => ("PATCH", message, json!({ "content": format!("edit {n}") })),
            Act::Delete(_) => ("DELETE", format!("{message}?scope=all"), Value::Null),
            Act::Hide(_) => ("DELETE", format!("{message}?scope=me"), Value::Null),
            Act::React(_, on) => {
                (put(on), format!("{message}/reactions/%F0%9F%91%8D"), Value::Null)
            }
            Act::Pin(_, on) => (put(on), format!("{message}/pin"), Value::Null),
            Act::Star(_, on) => (put(on), format!("{message}/star"), Value::Null),
            Act::Read(n) => ("POST", format!("/chats/{chat}/read"), json!({ "seq": n })),
            Act::Delivered(n) => {
                let socket = &self.viewers[who].socket;
                let _ = socket.call("msg:delivered", json!({ "chatId": chat, "seq": n })).await;
                return None;
            }
            Act::Mark(n) => {
                let marks = [
                    json!({ "draft": format!("draft {n}") }),
                    json!({ "draft": null }),
                    json!({ "pinned": true }),
                    json!({ "pinned": false, "archived": true }),
                    json!({ "unreadFrom": 1 }),
                    json!({ "mutedUntil": "2030-01-01T00:00:00.000Z" }),
                ];
                ("PATCH", format!("/chats/{chat}/me"), marks[n % marks.len()].clone())
            }
            Act::Title(n) => {
                ("PATCH", format!("/chats/{chat}"), json!({ "title": format!("title {n}") }))
            }
            Act::Permit(n) => {
                let role = |bit: u8| if n >> bit & 1 == 0 { "member" } else { "admin" };
                let may = json!({ "pin": role(0), "addMembers": role(1), "editInfo": role(2) });
                ("PATCH", format!("/chats/{chat}"), json!({ "permissions": may }))
            }
            Act::History(all) => {
                let visible = if *all { "all" } else { "sinceJoining" };
                ("PATCH", format!("/chats/{chat}"), json!({ "historyVisible": visible }))
            }
            Act::Slow(on) => {
                let secs = if *on { 5 } else { 0 };
                ("PATCH", format!("/chats/{chat}"), json!({ "slowModeSecs": secs }))
            }
            Act::Disappear(hours) => {
                let secs = hours.map(|hours| hours * 3_600);
                ("PATCH", format!("/chats/{chat}"), json!({ "disappearAfterSecs": secs }))
            }
            Act::Promote(of) => ("PATCH", member(of), json!({ "role": "admin" })),
            Act::Remove(of) => ("DELETE", member(of), Value::Null),
            Act::Add(of) => {
                let body = json!({ "userIds": [self.viewers[*of].person.id] });
                ("POST", format!("/chats/{chat}/members"), body)
            }
            Act::Leave => ("POST", format!("/chats/{chat}/leave"), json!({})),
            Act::Send { .. } | Act::Wait | Act::Listen | Act::Sync | Act::Reconnect => {
                return None;
            }
        })
    }

    async fn acknowledged(&mut self) {
        for pending in self.sent.drain(..) {
            // Refused when its sender has left meanwhile.
            let _ = pending.answer().await;
        }
    }

    /// Where each client's state differs from a fresh fetch, after all is quiet and one sync.
    async fn end(mut self) -> Vec<String> {
        self.acknowledged().await;
        eventually("nothing is to be done", async || {
            let core = &self.app.node.core;
            let due = core.store.due(core.clock.now(), None, 1).await.unwrap();
            let stats = core.queue.stats().await.unwrap();
            (due.is_empty() && stats.depth == 0).then_some(())
        })
        .await;
        let mut found = Vec::new();
        for viewer in &mut self.viewers {
            let events = viewer.person.heard(&mut viewer.socket).await;
            viewer.take(events);
            viewer.sync().await;
        }
        for viewer in &self.viewers {
            found.extend(viewer.state.differences(&viewer.fetch().await));
        }
        drop(self.viewers);
        self.app.stop().await;
        found
    }
}

#[test]
fn after_lost_doubled_and_late_events_one_sync_brings_what_a_fresh_fetch_brings() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.unwrap();
    // `PROPTEST_CASES=1000` tells more stories.
    let cases =
        if std::env::var_os("PROPTEST_CASES").is_some() { Config::default().cases } else { 24 };
    let config =
        Config { cases, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
    let stories = (vec((0..PEOPLE, 0..CHATS, acts()), 20..60), vec(vec(fates(), 23), PEOPLE));
    let played = TestRunner::new(config).run(&stories, |(steps, fates)| {
        let playing = async {
            let mut story = Story::begin(&fates).await;
            for step in &steps {
                story.play(step).await;
            }
            story.end().await
        };
        let differences = runtime
            .block_on(async { tokio::time::timeout(Duration::from_secs(300), playing).await });
        let differences =
            differences.map_err(|_| TestCaseError::fail("the story takes too long"))?;
        prop_assert!(differences.is_empty(), "{differences:#?}");
        Ok(())
    });
    if let Err(err) = played {
        panic!("{err}");
    }
}
