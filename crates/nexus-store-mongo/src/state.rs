//! The chats of one batch as the ops find them: what was read, and what was decided since.

use std::collections::{HashMap, HashSet};

use bson::{DateTime, Uuid, doc};
use futures_util::TryStreamExt;
use mongodb::ClientSession;
use nexus_core::{
    ops::{ChatState, LastSent, MemberChange, MessageWrite, Op, OpKind, Write},
    ports::{ChatRecord, InviteRecord, StoredMessage},
};
use nexus_protocol::{ChatId, MessageId, OpId, RemovalReason, Role, Timestamp, UserId};
use serde::Deserialize;

use crate::{
    MongoDatabase, apply,
    columns::{id, ids, time, uuid},
    commit::Basis,
    invites::InviteDocument,
    log::{ChangeKind, Effect, Entry},
    memory::Known,
    records::{ChatDocument, Deletion},
    run::{Failure, Result},
    staff::{self, Bans},
    users::there,
};

/// How often a chat is read again because its log has grown beyond what was applied.
const REPAIRS: usize = 10;

/// What is known of the chats of a batch. What an op asks that is not known is a [`Need`].
#[derive(Default)]
pub struct Facts {
    chats: HashMap<ChatId, Chat>,
    /// Of the log, by id; `None` for those that are not there.
    entries: HashMap<Uuid, Option<Entry>>,
    users: HashMap<UserId, bool>,
    bans: Bans,
    invites: HashMap<String, Option<InviteRecord>>,
}

#[derive(Default)]
struct Chat {
    /// `None` when there is no such chat.
    record: Option<ChatRecord>,
    deleted: Option<Deletion>,
    roles: HashMap<UserId, Option<Role>>,
    /// Who were members as it was read, the longest first.
    present: Option<Vec<(UserId, Role)>>,
    last_sent: HashMap<UserId, Option<LastSent>>,
    /// Of those who are no members: whether somebody removed them.
    removed: HashMap<UserId, bool>,
}

/// What must be read before an op can be decided.
#[derive(Debug)]
pub enum Need {
    Chat(ChatId),
    Role(ChatId, UserId),
    Present(ChatId),
    LastSent(ChatId, UserId),
    Removed(ChatId, UserId),
    Invite(String),
    Entry(Uuid),
    Users(Vec<UserId>),
}

impl Facts {
    /// All that most ops ask, in few calls. What is remembered of chats is `known`; the others are
    /// read. Chats come before messages: a message may be newer than its chat's head (then the
    /// number is taken that is tried next), but never older.
    ///
    /// Going by memory, messages to be sent are taken to be new: one that is not meets its own id.
    pub async fn read(
        reader: &mut Reader<'_>,
        ops: &[Op],
        known: Vec<Known>,
        basis: Basis,
    ) -> Result<Facts> {
        let bans = staff::bans(reader.database).await?;
        let mut facts = Facts { bans, ..Facts::default() };
        for Known { record, roles } in known {
            let roles = roles.into_iter().map(|(user, role)| (user, Some(role))).collect();
            let chat = Chat { record: Some(record), roles, ..Chat::default() };
            facts.chats.extend(chat.record.as_ref().map(|record| record.id).map(|id| (id, chat)));
        }
        let chats: HashSet<ChatId> = ops.iter().map(|op| op.chat).collect();
        let unknown = chats.into_iter().filter(|chat| !facts.chats.contains_key(chat)).collect();
        facts.read_chats(reader, unknown).await?;
        let (new, others): (Vec<&Op>, Vec<&Op>) =
            ops.iter().partition(|op| basis == Basis::Memory && matches!(op.kind, OpKind::Send(_)));
        facts.entries.extend(new.into_iter().map(|op| (id(op.id.0), None)));
        let entries: HashSet<Uuid> =
            others.into_iter().flat_map(|op| [id(op.id.0), id(op.message().0)]).collect();
        facts.read_entries(reader, entries.into_iter().collect()).await?;
        let actors: HashSet<_> = ops.iter().map(|op| (op.chat, op.actor)).collect();
        let unknown = actors.into_iter().filter(|(chat, user)| facts.wants_role(*chat, *user));
        let unknown: Vec<_> = unknown.collect();
        facts.read_roles(reader, &unknown).await?;
        Ok(facts)
    }

    pub async fn fetch(&mut self, reader: &mut Reader<'_>, need: Need) -> Result<()> {
        match need {
            Need::Chat(chat) => self.read_chats(reader, vec![chat]).await,
            Need::Role(chat, user) => self.read_roles(reader, &[(chat, user)]).await,
            Need::Present(chat) => {
                let present = reader.by_seniority(chat).await?;
                self.chats.entry(chat).or_default().present = Some(present);
                Ok(())
            }
            Need::LastSent(chat, user) => {
                let last = reader.last_sent(chat, user).await?;
                self.chats.entry(chat).or_default().last_sent.insert(user, last);
                Ok(())
            }
            Need::Removed(chat, user) => {
                let removed = reader.was_removed(chat, user).await?;
                self.chats.entry(chat).or_default().removed.insert(user, removed);
                Ok(())
            }
            Need::Invite(code) => {
                let found = reader.invite(&code).await?;
                self.invites.insert(code, found);
                Ok(())
            }
            Need::Entry(entry) => self.read_entries(reader, vec![entry]).await,
            Need::Users(users) => self.read_users(reader, users).await,
        }
    }

    /// What is worth remembering, once all that was decided is done.
    pub fn known(self) -> impl Iterator<Item = Known> {
        self.chats.into_values().filter_map(|chat| {
            let roles = chat.roles.into_iter().filter_map(|(user, role)| Some((user, role?)));
            Some(Known { record: chat.record?, roles: roles.collect() })
        })
    }

    pub fn record(&self, chat: ChatId) -> Option<&ChatRecord> {
        self.chats.get(&chat)?.record.as_ref()
    }

    /// The end of the chat, if it has come.
    pub fn deletion(&self, chat: ChatId) -> Option<&Deletion> {
        self.chats.get(&chat)?.deleted.as_ref()
    }

    pub fn is_done(&self, op: OpId) -> bool {
        matches!(self.entries.get(&id(op.0)), Some(Some(_)))
    }

    fn wants_role(&self, chat: ChatId, user: UserId) -> bool {
        self.chats
            .get(&chat)
            .is_some_and(|chat| chat.record.is_some() && !chat.roles.contains_key(&user))
    }

    /// With their logs applied to the end.
    async fn read_chats(&mut self, reader: &mut Reader<'_>, chats: Vec<ChatId>) -> Result<()> {
        let mut wanted = chats;
        for _ in 0..REPAIRS {
            if wanted.is_empty() {
                return Ok(());
            }
            let found = reader.chats(&wanted).await?;
            let tail = reader.tails(&wanted, &found).await?;
            let behind: HashSet<Uuid> = tail.iter().map(|entry| entry.chat).collect();
            for chat in wanted.iter().filter(|chat| !behind.contains(&id(chat.0))) {
                let document = found.get(&id(chat.0));
                let record = document.and_then(ChatDocument::record);
                let deleted = document.and_then(|document| document.deleted.clone());
                self.chats.insert(*chat, Chat { record, deleted, ..Chat::default() });
            }
            wanted.retain(|chat| behind.contains(&id(chat.0)));
            if !tail.is_empty() {
                tracing::info!(chats = behind.len(), "applying what a commit left half-way");
                apply::apply(reader.database, reader.session, &tail).await?;
            }
        }
        Err(Failure::Contended)
    }

    async fn read_entries(&mut self, reader: &mut Reader<'_>, wanted: Vec<Uuid>) -> Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let filter = doc! { "_id": { "$in": &wanted } };
        self.entries.extend(wanted.into_iter().map(|id| (id, None)));
        for entry in reader.entries(filter).await? {
            self.entries.insert(entry.id, Some(entry));
        }
        Ok(())
    }

    async fn read_roles(
        &mut self,
        reader: &mut Reader<'_>,
        wanted: &[(ChatId, UserId)],
    ) -> Result<()> {
        for (chat, user) in wanted {
            self.chats.entry(*chat).or_default().roles.insert(*user, None);
        }
        for member in reader.members(wanted).await? {
            let (chat, user) = (ChatId(uuid(member.chat)), UserId(uuid(member.user)));
            if let Some(chat) = self.chats.get_mut(&chat) {
                chat.roles.insert(user, Some(member.role));
            }
        }
        Ok(())
    }

    async fn read_users(&mut self, reader: &mut Reader<'_>, users: Vec<UserId>) -> Result<()> {
        let found = reader.users(&users).await?;
        self.users.extend(users.into_iter().map(|user| (user, found.contains(&id(user.0)))));
        Ok(())
    }

    /// Takes a decision in: later ops find it done. Answers its entry of the log.
    pub fn take(&mut self, op: &Op, write: &Write, now: Timestamp) -> Result<Entry> {
        let chat = self.chats.entry(op.chat).or_default();
        if let Some(created) = &write.create {
            chat.record = Some(created.clone());
        }
        let Some(record) = &mut chat.record else {
            return Err(Failure::Unexpected("a decision about no chat"));
        };
        for (user, change) in &write.members {
            let role = match change {
                MemberChange::Join { role, .. } => {
                    record.member_count += 1;
                    Some(*role)
                }
                MemberChange::Role(role) => Some(*role),
                MemberChange::Leave(reason) => {
                    chat.removed.insert(*user, *reason == RemovalReason::Removed);
                    record.member_count = record.member_count.saturating_sub(1);
                    None
                }
            };
            chat.roles.insert(*user, role);
        }
        write.chat.apply(record);
        if let Some((code, uses)) = &write.invite_uses
            && let Some(Some(invite)) = self.invites.get_mut(code)
        {
            invite.uses = *uses;
        }
        let entry = match &write.message {
            Some(MessageWrite::Insert(message)) => {
                record.last_seq = message.message.seq;
                record.last_rev = message.message.rev;
                if write.in_slow_mode {
                    let (queued_at, committed_at) = (message.queued_at, message.committed_at);
                    let last = LastSent { queued_at, committed_at };
                    chat.last_sent.insert(op.actor, Some(last));
                }
                let (effect, in_slow_mode) = (Effect::of(write, record), write.in_slow_mode);
                Entry { effect, in_slow_mode, ..Entry::message(message) }
            }
            Some(MessageWrite::Replace { message, edited_by, erased, unquoted }) => {
                record.last_rev = message.message.rev;
                let (is_edit, erased) = (edited_by.is_some(), *erased);
                let kind = ChangeKind { is_edit, erased, unquoted: *unquoted, at: now };
                self.replace(op, message, &kind)?
            }
            None => return Err(Failure::Unexpected("a decision that says nothing")),
        };
        self.entries.insert(entry.id, Some(entry.clone()));
        Ok(entry)
    }

    fn replace(&mut self, op: &Op, after: &StoredMessage, kind: &ChangeKind) -> Result<Entry> {
        let Some(Some(target)) = self.entries.get_mut(&id(after.message.id.0)) else {
            return Err(Failure::Unexpected("a change of no message"));
        };
        let entry = Entry::change(op, target, after, kind);
        target.changed_rev = Some(entry.rev);
        target.state = entry.state.clone();
        target.due_at = entry.next_due_at;
        Ok(entry)
    }
}

/// One chat while an op has its turn.
pub struct Turn<'a> {
    pub facts: &'a Facts,
    pub chat: ChatId,
}

impl Turn<'_> {
    fn known(&self) -> Result<&Chat, Need> {
        self.facts.chats.get(&self.chat).ok_or(Need::Chat(self.chat))
    }

    fn entry(&self, id: Uuid) -> Result<Option<&Entry>, Need> {
        self.facts.entries.get(&id).map(Option::as_ref).ok_or(Need::Entry(id))
    }
}

impl ChatState for Turn<'_> {
    type Error = Need;

    fn chat(&mut self) -> Result<Option<ChatRecord>, Need> {
        Ok(self.known()?.record.clone())
    }

    fn role(&mut self, user: UserId) -> Result<Option<Role>, Need> {
        let chat = self.known()?;
        match (&chat.record, chat.roles.get(&user)) {
            (None, _) => Ok(None),
            (_, Some(role)) => Ok(*role),
            (_, None) => Err(Need::Role(self.chat, user)),
        }
    }

    fn invite(&mut self, code: &str) -> Result<Option<InviteRecord>, Need> {
        self.facts.invites.get(code).cloned().ok_or_else(|| Need::Invite(code.to_owned()))
    }

    fn was_removed(&mut self, user: UserId) -> Result<bool, Need> {
        let known = self.known()?.removed.get(&user).copied();
        known.ok_or(Need::Removed(self.chat, user))
    }

    fn last_sent(&mut self, user: UserId) -> Result<Option<LastSent>, Need> {
        let known = self.known()?.last_sent.get(&user).copied();
        known.ok_or(Need::LastSent(self.chat, user))
    }

    /// As it was read, with what was decided since.
    fn by_seniority(&mut self) -> Result<Vec<(UserId, Role)>, Need> {
        let chat = self.known()?;
        let read = chat.present.as_ref().ok_or(Need::Present(self.chat))?;
        let now = |user: &UserId, then: Role| chat.roles.get(user).copied().unwrap_or(Some(then));
        let still = read.iter().filter_map(|(user, then)| Some((*user, now(user, *then)?)));
        let is_new = |user: &UserId| read.iter().all(|(known, _)| known != user);
        let joined = chat.roles.iter().filter(|(user, _)| is_new(user));
        let mut joined: Vec<_> =
            joined.filter_map(|(user, role)| Some((*user, (*role)?))).collect();
        joined.sort_unstable();
        Ok(still.chain(joined).collect())
    }

    fn message(&mut self, message: MessageId) -> Result<Option<StoredMessage>, Need> {
        // What came into the log of a chat that was deleted meanwhile is not there.
        if self.known()?.deleted.is_some() {
            return Ok(None);
        }
        let here = id(self.chat.0);
        let found = self.entry(id(message.0))?.filter(|entry| entry.chat == here);
        Ok(found.and_then(Entry::stored))
    }

    fn was_changed_by(&mut self, _message: MessageId, op: OpId) -> Result<bool, Need> {
        Ok(self.known()?.deleted.is_none() && self.entry(id(op.0))?.is_some())
    }

    fn is_banned(&mut self, user: UserId, now: Timestamp) -> Result<bool, Need> {
        Ok(self.facts.bans.get(&user).is_some_and(|until| until.is_none_or(|until| until > now)))
    }

    fn existing_users(&mut self, users: &[UserId]) -> Result<Vec<UserId>, Need> {
        let unknown = |user: &&UserId| !self.facts.users.contains_key(user);
        let unknown: Vec<UserId> = users.iter().filter(unknown).copied().collect();
        if !unknown.is_empty() {
            return Err(Need::Users(unknown));
        }
        Ok(users.iter().filter(|user| self.facts.users.get(user) == Some(&true)).copied().collect())
    }
}

/// Reads that see all that this process has seen, also when another member has become primary.
pub struct Reader<'a> {
    pub database: &'a MongoDatabase,
    pub session: &'a mut ClientSession,
}

#[derive(Deserialize)]
struct Membership {
    chat: Uuid,
    user: Uuid,
    role: Role,
}

#[derive(Deserialize)]
struct Existing {
    #[serde(rename = "_id")]
    id: Uuid,
}

impl Reader<'_> {
    async fn chats(&mut self, chats: &[ChatId]) -> Result<HashMap<Uuid, ChatDocument>> {
        let filter = doc! { "_id": { "$in": ids(chats.iter().map(|chat| chat.0)) } };
        let found = self.database.collection::<ChatDocument>("chats");
        let mut found = found.find(filter).session(&mut *self.session).await?;
        let found: Vec<ChatDocument> = found.stream(&mut *self.session).try_collect().await?;
        Ok(found.into_iter().map(|chat| (chat.id, chat)).collect())
    }

    /// What is in the chats' logs beyond what is applied, in order of `rev`.
    async fn tails(
        &mut self,
        chats: &[ChatId],
        found: &HashMap<Uuid, ChatDocument>,
    ) -> Result<Vec<Entry>> {
        let tails = chats.iter().filter_map(|chat| {
            let chat = id(chat.0);
            let known = found.get(&chat);
            let applied = known.map_or(0, |known| known.last_rev);
            let is_there = known.is_none_or(|known| known.deleted.is_none());
            is_there.then(|| doc! { "chat": chat, "rev": { "$gt": applied } })
        });
        let tails: Vec<_> = tails.collect();
        if tails.is_empty() {
            return Ok(Vec::new());
        }
        let mut tail = self.entries(doc! { "$or": tails }).await?;
        tail.sort_by_key(|entry| entry.rev);
        Ok(tail)
    }

    async fn entries(&mut self, filter: bson::Document) -> Result<Vec<Entry>> {
        let entries = self.database.collection::<Entry>("messages");
        let mut found = entries.find(filter).session(&mut *self.session).await?;
        Ok(found.stream(&mut *self.session).try_collect().await?)
    }

    async fn members(&mut self, wanted: &[(ChatId, UserId)]) -> Result<Vec<Membership>> {
        let mut by_chat: HashMap<ChatId, Vec<Uuid>> = HashMap::new();
        for (chat, user) in wanted {
            by_chat.entry(*chat).or_default().push(id(user.0));
        }
        let parts = by_chat.into_iter().map(
            |(chat, users)| doc! { "chat": id(chat.0), "user": { "$in": users }, "leftAt": null },
        );
        let parts: Vec<_> = parts.collect();
        if parts.is_empty() {
            return Ok(Vec::new());
        }
        let members = self.database.collection::<Membership>("members");
        let mut found = members
            .find(doc! { "$or": parts })
            .projection(doc! { "chat": 1, "user": 1, "role": 1 })
            .session(&mut *self.session)
            .await?;
        Ok(found.stream(&mut *self.session).try_collect().await?)
    }

    async fn invite(&mut self, code: &str) -> Result<Option<InviteRecord>> {
        let invites = self.database.collection::<InviteDocument>("invites");
        let found = invites.find_one(doc! { "_id": code }).session(&mut *self.session).await?;
        Ok(found.map(InviteDocument::record))
    }

    async fn was_removed(&mut self, chat: ChatId, user: UserId) -> Result<bool> {
        let removed = doc! {
            "chat": id(chat.0), "user": id(user.0), "leftAt": { "$ne": null }, "removed": true,
        };
        let members = self.database.collection::<bson::Document>("members");
        Ok(members.find_one(removed).session(&mut *self.session).await?.is_some())
    }

    async fn last_sent(&mut self, chat: ChatId, user: UserId) -> Result<Option<LastSent>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Mark {
            queued_at: DateTime,
            committed_at: DateTime,
        }
        let marks = self.database.collection::<Mark>("last_sent");
        let mark = doc! { "chat": id(chat.0), "user": id(user.0) };
        let found = marks.find_one(mark).session(&mut *self.session).await?;
        Ok(found.map(|mark| LastSent {
            queued_at: time(mark.queued_at),
            committed_at: time(mark.committed_at),
        }))
    }

    async fn by_seniority(&mut self, chat: ChatId) -> Result<Vec<(UserId, Role)>> {
        let members = self.database.collection::<Membership>("members");
        let mut found = members
            .find(doc! { "chat": id(chat.0), "leftAt": null })
            .sort(doc! { "joinedAt": 1, "user": 1 })
            .projection(doc! { "chat": 1, "user": 1, "role": 1 })
            .session(&mut *self.session)
            .await?;
        let found: Vec<Membership> = found.stream(&mut *self.session).try_collect().await?;
        Ok(found.into_iter().map(|member| (UserId(uuid(member.user)), member.role)).collect())
    }

    async fn users(&mut self, users: &[UserId]) -> Result<HashSet<Uuid>> {
        let filter = there(users);
        let existing = self.database.collection::<Existing>("users");
        let mut found =
            existing.find(filter).projection(doc! { "_id": 1 }).session(&mut *self.session).await?;
        let found: Vec<Existing> = found.stream(&mut *self.session).try_collect().await?;
        Ok(found.into_iter().map(|user| user.id).collect())
    }
}
