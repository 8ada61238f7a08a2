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
    Send { by_me: bool, mentions_me: bool },
    Edit(usize),
    Delete(usize),
    Title(u8),
    Read(usize),
    Pin(bool),
    Hide(usize),
    Star(usize, bool),
    Remove,
    Add,
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
}

struct World {
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
        }
    }

    fn message(&mut self, sender: UserId, system: Option<SystemEvent>) -> Message {
        self.rev += 1;
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
            expires_at: None,
            system,
        };
        self.messages.push(message.clone());
        message
    }

    fn visible(&self) -> Vec<Message> {
        let visible = self.messages.iter().filter(|message| !self.hidden.contains(&message.id));
        visible.cloned().collect()
    }

    fn view(&self) -> Chat {
        let unread = self.visible().into_iter().filter(|message| {
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
            disappear_after_secs: None,
            last_seq: self.messages.len() as u64,
            last_rev: self.rev,
            last_message: self.messages.last().cloned(),
            peer: None,
            me,
            receipts: Vec::new(),
        }
    }

    fn sync(&self, rev: Option<u64>) -> Option<ChatSync> {
        let mut messages = self.visible();
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
        Some(ChatSync { chat: self.view(), mode, messages, to_rev: self.rev })
    }
}

impl World {
    fn new() -> World {
        World {
            rooms: vec![Room::new(10), Room::new(11)],
            user_rev: 0,
            changes: Vec::new(),
            starred: Vec::new(),
            events: Vec::new(),
        }
    }

    fn play(&mut self, at: usize, act: &Act) {
        let room = &mut self.rooms[at];
        let id = room.id;
        let pick = |index: usize, room: &Room| {
            (!room.messages.is_empty()).then(|| index % room.messages.len())
        };
        match act {
            Act::Add if !room.am_member => {
                room.am_member = true;
                room.message(OTHER, Some(SystemEvent::AboutChanged { about: String::new() }));
                self.events.push(("chat:new", json!(room.view())));
            }
            Act::Remove if room.am_member => {
                room.am_member = false;
                room.rev += 1;
                self.events.push(("chat:removed", json!({ "chatId": id, "reason": "removed" })));
            }
            Act::Send { by_me, mentions_me } if room.am_member || !by_me => {
                let mut message = room.message(if *by_me { ME } else { OTHER }, None);
                if *mentions_me {
                    message.mentions.push(ME);
                    room.messages.last_mut().unwrap().mentions.push(ME);
                }
                self.tell("msg:new", at, &message);
            }
            Act::Edit(index) | Act::Delete(index) => {
                let Some(index) = pick(*index, room) else { return };
                if room.messages[index].system.is_some() {
                    return;
                }
                room.rev += 1;
                let rev = room.rev;
                let message = &mut room.messages[index];
                message.rev = rev;
                if matches!(act, Act::Edit(_)) {
                    message.content = format!("edit {rev}");
                } else {
                    message.content.clear();
                    message.deleted_at = Some(Timestamp(1));
                }
                let message = message.clone();
                self.tell("msg:updated", at, &message);
            }
            Act::Title(number) => {
                room.title = format!("title {number}");
                let title = room.title.clone();
                let message = room.message(OTHER, Some(SystemEvent::TitleChanged { title }));
                self.tell("msg:new", at, &message);
                if self.rooms[at].am_member {
                    self.events.push(("chat:updated", json!(self.rooms[at].view())));
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
            _ => {}
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
                .filter_map(|room| room.sync(known(room)))
                .collect(),
            removed: away.map(|room| room.id).collect(),
            receipts: Vec::new(),
            receipts_cursor: "1".to_owned(),
            more: false,
        }
    }

    fn fetched(&self) -> ClientState {
        let rooms = self.rooms.iter().filter(|room| room.am_member);
        let chats = rooms.map(|room| (room.view(), room.visible())).collect();
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
        prop_assert_eq!(client.differences(&world.fetched()), Vec::<String>::new());
    }
}
