//! A small model of the server plays a random story; its events are lost, doubled and swapped, its
//! answers come late.

use nexus_protocol::{
    Chat, ChatId, ChatMe, ChatSync, ChatType, HistoryVisible, Message, MessageId, MessageType,
    OwnChange, Permissions, Role, SyncAnswer, SyncMode, SyncRequest, SystemEvent, Timestamp,
    UserChange, UserId,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::ClientState;

const ME: UserId = UserId(Uuid::from_u128(1));
const OTHER: UserId = UserId(Uuid::from_u128(2));
/// As far behind as a delta may reach, and what a snapshot holds: small, so that both happen.
const MAX_DELTA: u64 = 6;
const SNAPSHOT: usize = 3;

#[derive(Clone, Debug)]
enum Act {
    Send {
        by_me: bool,
        mentions_me: bool,
    },
    Edit(usize),
    Delete(usize),
    Title(u8),
    Read(usize),
    Pin(bool),
    Hide(usize),
    Star(usize, bool),
    Remove,
    Add,
    /// From now on messages last so long, or for ever.
    Disappear(Option<i64>),
    Wait(i64),
    /// What has disappeared goes from the store.
    Sweep,
}

/// What the network does to one event.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Arrives,
    Lost,
    Doubled,
    Late,
}

/// One chat as the server has it.
struct Room {
    id: ChatId,
    title: String,
    rev: u64,
    messages: Vec<Message>,
    am_member: bool,
    me: ChatMe,
    hidden: Vec<MessageId>,
    disappear_after: Option<i64>,
}

struct World {
    now: Timestamp,
    rooms: Vec<Room>,
    user_rev: u64,
    changes: Vec<UserChange>,
    starred: Vec<MessageId>,
    events: Vec<(&'static str, Value)>,
}

impl Room {
    fn new(number: u128) -> Room {
        Room {
            id: ChatId(Uuid::from_u128(number)),
            title: String::new(),
            rev: 0,
            messages: Vec::new(),
            am_member: true,
            me: ChatMe {
                role: Role::Member,
                history_from: 1,
                read_seq: 0,
                unread: 0,
                mentions: 0,
                muted_until: None,
                pinned: false,
                archived: false,
                draft: None,
                unread_from: None,
            },
            hidden: Vec::new(),
            disappear_after: None,
        }
    }

    fn message(&mut self, sender: UserId, system: Option<SystemEvent>, now: Timestamp) -> Message {
        self.rev += 1;
        let lasts = self.disappear_after.filter(|_| system.is_none());
        let seq = self.messages.len() as u64 + 1;
        let message = Message {
            id: MessageId(Uuid::from_u128(self.id.0.as_u128() * 1_000 + u128::from(seq))),
            chat_id: self.id,
            seq,
            rev: self.rev,
            sender_id: sender,
            client_id: format!("c{seq}"),
            r#type: if system.is_some() { MessageType::System } else { MessageType::Text },
            content: "hello".to_owned(),
            media: Vec::new(),
            reply_to: None,
            forwarded: false,
            mentions: Vec::new(),
            reactions: Vec::new(),
            link_preview: None,
            pinned_at: None,
            created_at: Timestamp(0),
            edited_at: None,
            deleted_at: None,
            expires_at: lasts.map(|time| Timestamp(now.0 + time)),
            system,
        };
        self.messages.push(message.clone());
        message
    }

    fn visible(&self, now: Timestamp) -> Vec<Message> {
        let visible = self.messages.iter().filter(|message| !self.hidden.contains(&message.id));
        let mut visible: Vec<Message> = visible.cloned().collect();
        visible.iter_mut().for_each(|message| message.expire(now));
        visible
    }

    fn view(&self, now: Timestamp) -> Chat {
        let unread = self.visible(now).into_iter().filter(|message| {
            message.seq > self.me.read_seq
                && message.sender_id != ME
                && message.system.is_none()
                && message.deleted_at.is_none()
        });
        let mut me = self.me.clone();
        (me.unread, me.mentions) = unread.fold((0, 0), |(unread, mentions), message| {
            (unread + 1, mentions + u64::from(message.mentions.contains(&ME)))
        });
        Chat {
            id: self.id,
            r#type: ChatType::Group,
            title: self.title.clone(),
            about: String::new(),
            avatar: None,
            created_at: Timestamp(0),
            member_count: 2,
            slow_mode_secs: 0,
            history_visible: HistoryVisible::All,
            permissions: Permissions {
                send: Role::Member,
                add_members: Role::Member,
                edit_info: Role::Member,
                pin: Role::Member,
            },
            disappear_after_secs: self.disappear_after.map(|time| time as u32),
            last_seq: self.messages.len() as u64,
            last_rev: self.rev,
            last_message: self.visible(now).pop(),
            peer: None,
            me,
            receipts: Vec::new(),
        }
    }

    fn sync(&self, rev: Option<u64>, now: Timestamp) -> Option<ChatSync> {
        let mut messages = self.visible(now);
        messages.sort_by_key(|message| message.rev);
        let mode = match rev {
            Some(rev) if rev == self.rev => return None,
            Some(rev) if self.rev - rev <= MAX_DELTA => {
                messages.retain(|message| message.rev > rev);
                SyncMode::Delta
            }
            _ => {
                messages.sort_by_key(|message| message.seq);
                messages.drain(..messages.len().saturating_sub(SNAPSHOT));
                messages.sort_by_key(|message| message.rev);
                SyncMode::Snapshot
            }
        };
        Some(ChatSync { chat: self.view(now), mode, messages, to_rev: self.rev })
    }
}

impl World {
    fn new() -> World {
        World {
            now: Timestamp(1_000),
            rooms: vec![Room::new(10), Room::new(11)],
            user_rev: 0,
            changes: Vec::new(),
            starred: Vec::new(),
            events: Vec::new(),
        }
    }

    fn play(&mut self, at: usize, act: &Act) {
        let now = self.now;
        let room = &mut self.rooms[at];
        let id = room.id;
        let pick = |index: usize, room: &Room| {
            (!room.messages.is_empty()).then(|| index % room.messages.len())
        };
        match act {
            Act::Add if !room.am_member => {
                room.am_member = true;
                room.message(OTHER, Some(SystemEvent::AboutChanged { about: String::new() }), now);
                self.events.push(("chat:new", json!(room.view(now))));
            }
            Act::Remove if room.am_member => {
                room.am_member = false;
                room.rev += 1;
                self.events.push(("chat:removed", json!({ "chatId": id, "reason": "removed" })));
            }
            Act::Send { by_me, mentions_me } if room.am_member || !by_me => {
                let mut message = room.message(if *by_me { ME } else { OTHER }, None, now);
                if *mentions_me {
                    message.mentions.push(ME);
                    room.messages.last_mut().unwrap().mentions.push(ME);
                }
                self.tell("msg:new", at, &message);
            }
            Act::Edit(index) | Act::Delete(index) => {
                let Some(index) = pick(*index, room) else { return };
                let mut target = room.messages[index].clone();
                target.expire(now);
                if target.system.is_some() || target.deleted_at.is_some() {
                    return;
                }
                room.rev += 1;
                let rev = room.rev;
                let message = &mut room.messages[index];
                message.rev = rev;
                if matches!(act, Act::Edit(_)) {
                    message.content = format!("edit {rev}");
                } else {
                    message.erase(now);
                }
                let message = message.clone();
                self.tell("msg:updated", at, &message);
            }
            Act::Title(number) => {
                room.title = format!("title {number}");
                let title = room.title.clone();
                let message = room.message(OTHER, Some(SystemEvent::TitleChanged { title }), now);
                self.tell("msg:new", at, &message);
                if self.rooms[at].am_member {
                    self.events.push(("chat:updated", json!(self.rooms[at].view(now))));
                }
            }
            Act::Read(seq) if room.am_member => {
                let seq = (*seq as u64 % 40).min(room.messages.len() as u64);
                room.me.read_seq = room.me.read_seq.max(seq);
                let read_seq = room.me.read_seq;
                self.change(OwnChange::Read { chat_id: id, read_seq, unread_from: None });
            }
            Act::Pin(pinned) if room.am_member => {
                room.me.pinned = *pinned;
                self.change(OwnChange::Pin { chat_id: id, pinned: *pinned });
            }
            Act::Hide(index) if room.am_member => {
                let Some(index) = pick(*index, room) else { return };
                let message_id = room.messages[index].id;
                room.hidden.push(message_id);
                self.change(OwnChange::Hide { chat_id: id, message_id });
            }
            Act::Star(index, starred) if room.am_member => {
                let Some(index) = pick(*index, room) else { return };
                let message_id = room.messages[index].id;
                self.starred.retain(|known| *known != message_id);
                if *starred {
                    self.starred.push(message_id);
                }
                self.change(OwnChange::Star { chat_id: id, message_id, starred: *starred });
            }
            Act::Disappear(time) => {
                room.disappear_after = *time;
                let disappear_after_secs = time.map(|time| time as u32);
                let told = SystemEvent::DisappearAfterChanged { disappear_after_secs };
                let message = room.message(OTHER, Some(told), now);
                self.tell("msg:new", at, &message);
            }
            Act::Wait(time) => self.now.0 += time,
            Act::Sweep => self.sweep(at),
            _ => {}
        }
    }

    fn sweep(&mut self, at: usize) {
        for index in 0..self.rooms[at].messages.len() {
            let room = &mut self.rooms[at];
            let mut message = room.messages[index].clone();
            message.expire(self.now);
            if message == room.messages[index] {
                continue;
            }
            room.rev += 1;
            message.rev = room.rev;
            room.messages[index].clone_from(&message);
            self.tell("msg:updated", at, &message);
        }
    }

    fn tell(&mut self, name: &'static str, at: usize, message: &Message) {
        if self.rooms[at].am_member {
            self.events.push((name, json!(message)));
        }
    }

    fn change(&mut self, change: OwnChange) {
        self.user_rev += 1;
        let change = UserChange { user_rev: self.user_rev, change, at: Timestamp(0) };
        self.events.push(("me:updated", json!(change)));
        self.changes.push(change);
    }

    fn sync(&self, client: &mut ClientState) {
        client.apply_sync(&self.answer(&client.sync_request()));
    }

    fn answer(&self, request: &SyncRequest) -> SyncAnswer {
        let mine = |room: &&Room| room.am_member;
        let known = |room: &Room| request.chats.get(&room.id).copied();
        let away = self.rooms.iter().filter(|room| !room.am_member && known(room).is_some());
        SyncAnswer {
            user_rev: self.user_rev,
            me: self.changes.iter().filter(|c| c.user_rev > request.user_rev).cloned().collect(),
            chats: self
                .rooms
                .iter()
                .filter(mine)
                .filter_map(|room| room.sync(known(room), self.now))
                .collect(),
            removed: away.map(|room| room.id).collect(),
            receipts: Vec::new(),
            receipts_cursor: "1".to_owned(),
            more: false,
        }
    }

    fn fetched(&self) -> ClientState {
        let rooms = self.rooms.iter().filter(|room| room.am_member);
        let chats = rooms.map(|room| (room.view(self.now), room.visible(self.now))).collect();
        ClientState::from_fetch(ME, self.user_rev, chats, self.starred.clone())
    }
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (any::<bool>(), any::<bool>())
            .prop_map(|(by_me, mentions_me)| Act::Send { by_me, mentions_me }),
        2 => (0..40usize).prop_map(Act::Edit),
        1 => (0..40usize).prop_map(Act::Delete),
        1 => any::<u8>().prop_map(Act::Title),
        2 => (0..40usize).prop_map(Act::Read),
        1 => any::<bool>().prop_map(Act::Pin),
        1 => (0..40usize).prop_map(Act::Hide),
        1 => (0..40usize, any::<bool>()).prop_map(|(at, on)| Act::Star(at, on)),
        1 => Just(Act::Remove),
        1 => Just(Act::Add),
        1 => prop::option::of(1..20i64).prop_map(Act::Disappear),
        2 => (1..10i64).prop_map(Act::Wait),
        1 => Just(Act::Sweep),
    ]
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        6 => Just(Fate::Arrives),
        1 => Just(Fate::Lost),
        1 => Just(Fate::Doubled),
        1 => Just(Fate::Late),
    ]
}

/// For how many acts the answer to a `sync` is under way, if one is asked for.
fn under_way() -> impl Strategy<Value = Option<usize>> {
    prop::option::weighted(0.1, 0..8usize)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_any_mix_of_events_one_sync_equals_a_fresh_fetch(
        story in prop::collection::vec((0..2usize, act(), fate(), under_way()), 1..60),
    ) {
        let mut world = World::new();
        let mut client = ClientState::new(ME);
        let mut late = Vec::new();
        let mut answer: Option<(usize, SyncAnswer)> = None;
        for (at, act, fate, asks) in &story {
            world.play(*at, act);
            for (name, body) in world.events.drain(..) {
                let times = match fate {
                    Fate::Arrives => 1,
                    Fate::Doubled => 2,
                    Fate::Lost => 0,
                    Fate::Late => { late.push((name, body.clone())); 0 }
                };
                for _ in 0..times {
                    client.apply_event(name, &body);
                }
            }
            if let (None, Some(acts)) = (&answer, asks) {
                answer = Some((*acts, world.answer(&client.sync_request())));
            }
            answer = match answer {
                Some((0, answer)) => { client.apply_sync(&answer); None }
                Some((acts, answer)) => Some((acts - 1, answer)),
                None => None,
            };
        }
        if let Some((_, answer)) = answer {
            client.apply_sync(&answer);
        }
        for (name, body) in late.iter().rev() {
            client.apply_event(name, body);
        }
        world.sync(&mut client);
        client.expire(world.now);
        prop_assert_eq!(client.differences(&world.fetched()), Vec::<String>::new());
    }

    #[test]
    fn events_in_order_need_no_sync(
        story in prop::collection::vec(act(), 1..40),
    ) {
        let mut world = World::new();
        let mut client = ClientState::new(ME);
        world.sync(&mut client);
        for act in story.iter().filter(|act| !matches!(act, Act::Remove | Act::Add)) {
            world.play(0, act);
            for (name, body) in world.events.drain(..) {
                client.apply_event(name, &body);
            }
        }
        prop_assert!(!client.needs_sync());
        client.expire(world.now);
        prop_assert_eq!(client.differences(&world.fetched()), Vec::<String>::new());
    }
}
