//! Publications as bytes: for each event first whom it is about, so that a node can pass it by
//! without decoding it.
//!
//! A message is a version, a kind and its publisher's id; then, for each event, the number of its
//! subjects ([`EVERYBODY`] when it has none to pass it by), the subjects, the body's length, and
//! the event as JSON.

use nexus_core::ports::{Event, lane_of};
use nexus_protocol::{AnnouncementRecord, ChatId, OpId, UserId};
use uuid::Uuid;

/// Grows with changes that an older node would misread. A new kind of event is none: it is skipped.
const VERSION: u8 = 2;
const HEAD_BYTES: usize = 18;
const SUBJECT_BYTES: usize = 17;
const EVERYBODY: u8 = u8::MAX;
/// An event about more than so many is for everybody.
const MOST_SUBJECTS: usize = 32;

/// Somebody or something an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// For those in the chat.
    Chat(ChatId),
    /// For the user's own sockets.
    User(UserId),
    /// For those who watch the user's presence.
    Watched(UserId),
    /// For the request that waits for the op.
    Op(OpId),
}

/// What is known of an event before it is decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub publisher: Uuid,
    /// Never empty: an event without subjects is for everybody, and no filter is asked.
    pub subjects: Vec<Subject>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Events = 0,
    /// Says nothing; hearing it proves the way.
    Beat = 1,
    /// The publisher is about to close.
    LastWord = 2,
}

/// The chat decides, so that its events keep their order; else the user or session.
pub(super) fn topic_of(event: &Event, topics: u16) -> u16 {
    let about = match event {
        Event::Committed { chat, .. } | Event::ChatCreated { chat, .. } => chat.0,
        Event::JoinRequested { chat, .. } => chat.0,
        Event::JoinDecided { user, .. } => user.0,
        Event::Receipt { status, .. } => status.chat_id.0,
        Event::Typing { update, .. } => update.chat_id.0,
        Event::Failed { actor, .. } => actor.0,
        Event::Own { user, .. }
        | Event::PrivacyChanged { user }
        | Event::ContactRequest { user, .. }
        | Event::UserChanged { user, .. } => user.0,
        Event::BondChanged { users: [user, _] } => user.0,
        Event::Presence(update) => update.user_id.0,
        Event::SessionRevoked { session, .. } => session.0,
        Event::Announced(announcement) => announcement.id.0,
    };
    lane_of(ChatId(about), topics)
}

/// `None` for everybody: what changes the caches of nodes that nobody of the chat is connected to.
fn subjects(event: &Event) -> Option<Vec<Subject>> {
    let users = |users: &[UserId]| users.iter().copied().map(Subject::User).collect();
    let subjects: Vec<Subject> = match event {
        Event::Committed { op, chat, done, .. } => {
            if done.chat_changed || !done.joined.is_empty() || !done.left.is_empty() {
                return None;
            }
            vec![Subject::Chat(*chat), Subject::Op(*op)]
        }
        Event::Failed { op, actor, .. } => vec![Subject::User(*actor), Subject::Op(*op)],
        // Rooms change with it.
        Event::ChatCreated { .. } => return None,
        Event::Receipt { status, .. } => vec![Subject::Chat(status.chat_id)],
        Event::Own { user, .. }
        | Event::ContactRequest { user, .. }
        | Event::JoinDecided { user, .. } => vec![Subject::User(*user)],
        Event::BondChanged { .. } | Event::PrivacyChanged { .. } => return None,
        Event::Typing { to, .. } | Event::JoinRequested { to, .. } => users(to),
        Event::UserChanged { chats, .. } => chats.iter().copied().map(Subject::Chat).collect(),
        Event::Presence(update) => vec![Subject::Watched(update.user_id)],
        Event::SessionRevoked { .. } => return None,
        Event::Announced(AnnouncementRecord { to: Some(user), .. }) => vec![Subject::User(*user)],
        Event::Announced(_) => return None,
    };
    (1..=MOST_SUBJECTS).contains(&subjects.len()).then_some(subjects)
}

pub(super) fn head(kind: Kind, publisher: Uuid) -> Vec<u8> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    head.extend([VERSION, kind as u8]);
    head.extend(publisher.as_bytes());
    head
}

/// Appends the event to what stands behind a head.
pub(super) fn write(event: &Event, to: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    match subjects(event) {
        None => to.push(EVERYBODY),
        Some(subjects) => {
            to.push(subjects.len() as u8);
            subjects.iter().for_each(|subject| write_subject(subject, to));
        }
    }
    let body = serde_json::to_vec(event)?;
    to.extend((body.len() as u32).to_be_bytes());
    to.extend(body);
    Ok(())
}

fn write_subject(subject: &Subject, to: &mut Vec<u8>) {
    let (kind, id) = match subject {
        Subject::Chat(chat) => (b'c', chat.0),
        Subject::User(user) => (b'u', user.0),
        Subject::Watched(user) => (b'w', user.0),
        Subject::Op(op) => (b'o', op.0),
    };
    to.push(kind);
    to.extend(id.as_bytes());
}

/// A message as it came, read as far as its head.
pub(super) struct Message<'a> {
    pub kind: Kind,
    pub publisher: Uuid,
    rest: &'a [u8],
}

/// An event that is not decoded yet.
pub(super) struct Frame<'a> {
    /// `None` for everybody.
    pub header: Option<Header>,
    pub body: &'a [u8],
}

impl<'a> Message<'a> {
    /// `None` when it is not of a version or kind that is known here.
    pub fn read(bytes: &'a [u8]) -> Option<Message<'a>> {
        let (head, rest) = bytes.split_at_checked(HEAD_BYTES)?;
        let kind = match (head[0], head[1]) {
            (VERSION, 0) => Kind::Events,
            (VERSION, 1) => Kind::Beat,
            (VERSION, 2) => Kind::LastWord,
            _ => return None,
        };
        let publisher = Uuid::from_slice(&head[2..]).ok()?;
        Some(Message { kind, publisher, rest })
    }
}

/// Ends with the message, or where it makes no sense.
impl<'a> Iterator for Message<'a> {
    type Item = Frame<'a>;

    fn next(&mut self) -> Option<Frame<'a>> {
        let (count, rest) = self.rest.split_first()?;
        let named = if *count == EVERYBODY { 0 } else { usize::from(*count) * SUBJECT_BYTES };
        let (subjects, rest) = rest.split_at_checked(named)?;
        let (length, rest) = rest.split_first_chunk()?;
        let (body, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        self.rest = rest;
        let header =
            read_subjects(subjects).map(|subjects| Header { publisher: self.publisher, subjects });
        Some(Frame { header, body })
    }
}

/// `None` also when one of them is of a kind that is not known here: better to look than to miss.
fn read_subjects(bytes: &[u8]) -> Option<Vec<Subject>> {
    let subjects: Option<Vec<Subject>> =
        bytes.chunks_exact(SUBJECT_BYTES).map(read_subject).collect();
    subjects.filter(|subjects| !subjects.is_empty())
}

fn read_subject(bytes: &[u8]) -> Option<Subject> {
    let (kind, id) = bytes.split_first()?;
    let id = Uuid::from_slice(id).ok()?;
    match kind {
        b'c' => Some(Subject::Chat(ChatId(id))),
        b'u' => Some(Subject::User(UserId(id))),
        b'w' => Some(Subject::Watched(UserId(id))),
        b'o' => Some(Subject::Op(OpId(id))),
        _ => None,
    }
}
