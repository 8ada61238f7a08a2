//! Carries out ops: core decides, this writes, all in one transaction.

use std::collections::{HashMap, hash_map::Entry};

use nexus_core::{
    ops::{
        self, ChatState, Decision, LastSent, MemberChange, MessageWrite, Op, Write, decide,
        done_before,
    },
    ports::{ChatRecord, Done, InviteRecord, Outcome, StoredMessage},
};
use nexus_protocol::{
    ChatId, HistoryVisible, MessageId, OpId, RemovalReason, Role, Timestamp, UserId,
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    chats::{self, Joining},
    columns::{int, message_type_number, role_number, time, to_json},
    fault, invites, messages, search, staff, user_changes, users,
};

pub fn commit(db: &Connection, ops: &[Op], now: Timestamp) -> rusqlite::Result<Vec<Outcome>> {
    let mut batch = Batch { db, now, chats: HashMap::new() };
    let outcomes = ops.iter().map(|op| batch.carry_out(op)).collect::<Result<_, _>>()?;
    batch.finish()?;
    fault::point("commit.written");
    Ok(outcomes)
}

/// What this batch has read of each chat, its own changes included.
struct Batch<'a> {
    db: &'a Connection,
    now: Timestamp,
    chats: HashMap<ChatId, Chat>,
}

#[derive(Default)]
struct Chat {
    /// `None` when there is no such chat.
    record: Option<ChatRecord>,
    roles: HashMap<UserId, Option<Role>>,
    /// When the last message came, if one came in this batch.
    active_at: Option<Timestamp>,
    changed: bool,
}

impl Batch<'_> {
    fn carry_out(&mut self, op: &Op) -> rusqlite::Result<Outcome> {
        let now = self.now;
        let mut turn = Turn { db: self.db, id: op.chat, chat: self.chat(op.chat)? };
        let done = match decide(op, &mut turn, now)? {
            Decision::Reject(rejection) => return Ok(Outcome::Rejected(rejection)),
            Decision::Nothing(message) => done_before(op, message, &mut turn)?,
            Decision::Write(write) => turn.write(op, *write, now)?,
        };
        Ok(Outcome::Done(done))
    }

    fn chat(&mut self, id: ChatId) -> rusqlite::Result<&mut Chat> {
        match self.chats.entry(id) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let record = chats::one(self.db, id)?;
                Ok(place.insert(Chat { record, ..Chat::default() }))
            }
        }
    }

    fn finish(self) -> rusqlite::Result<()> {
        let mut update = self.db.prepare_cached(
            "UPDATE chats SET title = ?2, about = ?3, member_count = ?4, last_seq = ?5,
                last_rev = ?6, active_at = MAX(active_at, ?7), may_send = ?8, may_add = ?9,
                may_edit = ?10, may_pin = ?11, slow_mode_secs = ?12, hides_history = ?13,
                disappear_after_secs = ?14
             WHERE id = ?1",
        )?;
        for chat in self.chats.into_values().filter(|chat| chat.changed) {
            let Some(record) = chat.record else { continue };
            update.execute(params![
                record.id.0.as_bytes(),
                record.title,
                record.about,
                record.member_count,
                int(record.last_seq),
                int(record.last_rev),
                chat.active_at.map_or(i64::MIN, |at| at.0),
                role_number(record.permissions.send),
                role_number(record.permissions.add_members),
                role_number(record.permissions.edit_info),
                role_number(record.permissions.pin),
                record.slow_mode_secs,
                record.history_visible == HistoryVisible::SinceJoining,
                record.disappear_after_secs,
            ])?;
        }
        Ok(())
    }
}

/// One chat while an op has its turn.
struct Turn<'a> {
    db: &'a Connection,
    id: ChatId,
    chat: &'a mut Chat,
}

impl ChatState for Turn<'_> {
    type Error = rusqlite::Error;

    fn chat(&mut self) -> rusqlite::Result<Option<ChatRecord>> {
        Ok(self.chat.record.clone())
    }

    fn role(&mut self, user: UserId) -> rusqlite::Result<Option<Role>> {
        match self.chat.roles.entry(user) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(place) => Ok(*place.insert(chats::role_of(self.db, self.id, user)?)),
        }
    }

    fn invite(&mut self, code: &str) -> rusqlite::Result<Option<InviteRecord>> {
        invites::one(self.db, code)
    }

    fn was_removed(&mut self, user: UserId) -> rusqlite::Result<bool> {
        self.db
            .prepare_cached(
                "SELECT 1 FROM members
                 WHERE chat = ?1 AND user = ?2 AND left_at IS NOT NULL AND removed",
            )?
            .exists((self.id.0.as_bytes(), user.0.as_bytes()))
    }

    fn last_sent(&mut self, user: UserId) -> rusqlite::Result<Option<LastSent>> {
        self.db
            .prepare_cached(
                "SELECT queued_at, committed_at FROM last_sent WHERE chat = ?1 AND user = ?2",
            )?
            .query_row((self.id.0.as_bytes(), user.0.as_bytes()), |row| {
                Ok(LastSent { queued_at: time(row, 0)?, committed_at: time(row, 1)? })
            })
            .optional()
    }

    fn by_seniority(&mut self) -> rusqlite::Result<Vec<(UserId, Role)>> {
        chats::by_seniority(self.db, self.id)
    }

    fn message(&mut self, id: MessageId) -> rusqlite::Result<Option<StoredMessage>> {
        let message = messages::stored(self.db, id)?;
        Ok(message.filter(|message| message.message.chat_id == self.id))
    }

    fn was_changed_by(&mut self, _message: MessageId, op: OpId) -> rusqlite::Result<bool> {
        self.db.prepare_cached("SELECT 1 FROM done_ops WHERE op = ?1")?.exists([op.0.as_bytes()])
    }

    fn is_banned(&mut self, user: UserId, now: Timestamp) -> rusqlite::Result<bool> {
        staff::is_banned(self.db, user, now)
    }

    fn existing_users(&mut self, users: &[UserId]) -> rusqlite::Result<Vec<UserId>> {
        users::existing(self.db, users)
    }
}

impl Turn<'_> {
    fn write(&mut self, op: &Op, mut write: Write, now: Timestamp) -> rusqlite::Result<Done> {
        if let Some(chat) = write.create.take() {
            chats::insert(self.db, &chat, None)?;
            self.chat.record = Some(chat);
        }
        if write.delete_chat {
            return self.delete(write);
        }
        for (user, change) in &write.members {
            self.change_member(*user, *change, now)?;
        }
        match &write.message {
            Some(MessageWrite::Insert(message)) => {
                self.insert(message)?;
                if write.in_slow_mode {
                    self.keep_last_sent(message)?;
                }
            }
            Some(MessageWrite::Replace { message, edited_by, erased, .. }) => {
                let change = Change { message, is_edit: edited_by.is_some(), erased: *erased };
                self.replace(op, &change, now)?;
            }
            None => {}
        }
        if let Some((code, uses)) = &write.invite_uses {
            self.db
                .prepare_cached("UPDATE invites SET uses = ?2 WHERE code = ?1")?
                .execute((code, uses))?;
        }
        self.chat.changed = true;
        if let Some(record) = &mut self.chat.record {
            write.chat.apply(record);
        }
        Ok(ops::done(write, &[]))
    }

    fn change_member(
        &mut self,
        user: UserId,
        change: MemberChange,
        now: Timestamp,
    ) -> rusqlite::Result<()> {
        let Some(record) = &mut self.chat.record else { return Ok(()) };
        let key = (self.id.0.as_bytes(), user.0.as_bytes());
        let role = match change {
            MemberChange::Join { role, history_from } => {
                let (chat, from_seq, at) = (self.id, record.last_seq, now);
                let joining = Joining { chat, user, role, from_seq, history_from, at };
                chats::join(self.db, &joining)?;
                record.member_count += 1;
                Some(role)
            }
            MemberChange::Role(role) => {
                self.db
                    .prepare_cached("UPDATE members SET role = ?3 WHERE chat = ?1 AND user = ?2")?
                    .execute((key.0, key.1, role_number(role)))?;
                Some(role)
            }
            MemberChange::Leave(reason) => {
                self.db
                    .prepare_cached(
                        "UPDATE members SET left_at = ?3, draft = NULL, removed = ?4
                         WHERE chat = ?1 AND user = ?2",
                    )?
                    .execute((key.0, key.1, now.0, reason == RemovalReason::Removed))?;
                user_changes::forget(self.db, user, self.id)?;
                record.member_count = record.member_count.saturating_sub(1);
                None
            }
        };
        self.chat.roles.insert(user, role);
        Ok(())
    }

    fn insert(&mut self, stored: &StoredMessage) -> rusqlite::Result<()> {
        let message = &stored.message;
        self.db
            .prepare_cached(
                "INSERT INTO messages (id, chat, seq, rev, sender, type, forwarded, created_at,
                    queued_at, committed_at, client_id, content, reply_to, mentions, system, expires_at,
                    due_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                    ?17)",
            )?
            .execute(params![
                message.id.0.as_bytes(),
                message.chat_id.0.as_bytes(),
                int(message.seq),
                int(message.rev),
                message.sender_id.0.as_bytes(),
                message_type_number(message.r#type),
                message.forwarded,
                message.created_at.0,
                stored.queued_at.0,
                stored.committed_at.0,
                message.client_id,
                message.content,
                message.reply_to.as_ref().map(to_json).transpose()?,
                list(&message.mentions)?,
                message.system.as_ref().map(to_json).transpose()?,
                message.expires_at.map(|at| at.0),
                stored.due_at().map(|at| at.0),
            ])?;
        // Who mentions themselves has read it.
        for user in message.mentions.iter().filter(|user| **user != message.sender_id) {
            self.db
                .prepare_cached("INSERT OR IGNORE INTO mentions VALUES (?1, ?2, ?3)")?
                .execute((user.0.as_bytes(), message.chat_id.0.as_bytes(), int(message.seq)))?;
        }
        if let Some(record) = &mut self.chat.record {
            (record.last_seq, record.last_rev) = (message.seq, message.rev);
        }
        self.chat.active_at = Some(stored.committed_at);
        Ok(())
    }

    fn keep_last_sent(&self, stored: &StoredMessage) -> rusqlite::Result<()> {
        self.db
            .prepare_cached("INSERT OR REPLACE INTO last_sent VALUES (?1, ?2, ?3, ?4)")?
            .execute((
                self.id.0.as_bytes(),
                stored.message.sender_id.0.as_bytes(),
                stored.queued_at.0,
                stored.committed_at.0,
            ))
            .map(|_| ())
    }

    fn replace(&mut self, op: &Op, change: &Change<'_>, now: Timestamp) -> rusqlite::Result<()> {
        let message = &change.message.message;
        if change.is_edit {
            self.keep_former_text(message.id, message.rev)?;
        }
        let position: i64 = self
            .db
            .prepare_cached(
                "UPDATE messages SET rev = ?2, edited_at = ?3, deleted_at = ?4, pinned_at = ?5,
                    content = ?6, reply_to = ?7, mentions = ?8, reactors = ?9, due_at = ?10
                 WHERE id = ?1 RETURNING position",
            )?
            .query_row(
                params![
                    message.id.0.as_bytes(),
                    int(message.rev),
                    message.edited_at.map(|at| at.0),
                    message.deleted_at.map(|at| at.0),
                    message.pinned_at.map(|at| at.0),
                    message.content,
                    message.reply_to.as_ref().map(to_json).transpose()?,
                    list(&message.mentions)?,
                    list(&change.message.reactors)?,
                    change.message.due_at().map(|at| at.0),
                ],
                |row| row.get(0),
            )?;
        if change.is_edit || change.erased {
            search::forget(self.db, position)?;
        }
        if change.erased {
            self.erase(message.id, message.seq)?;
        }
        self.db
            .prepare_cached("INSERT OR IGNORE INTO done_ops VALUES (?1, ?2)")?
            .execute((op.id.0.as_bytes(), now.0))?;
        if let Some(record) = &mut self.chat.record {
            record.last_rev = message.rev;
        }
        Ok(())
    }

    fn keep_former_text(&self, message: MessageId, rev: u64) -> rusqlite::Result<()> {
        self.db
            .prepare_cached(
                "INSERT INTO edits SELECT id, ?2, content, COALESCE(edited_at, created_at)
                 FROM messages WHERE id = ?1",
            )?
            .execute((message.0.as_bytes(), int(rev)))
            .map(|_| ())
    }

    fn erase(&self, message: MessageId, seq: u64) -> rusqlite::Result<()> {
        self.db
            .prepare_cached("DELETE FROM edits WHERE message = ?1")?
            .execute([message.0.as_bytes()])?;
        self.db
            .prepare_cached("DELETE FROM mentions WHERE chat = ?1 AND seq = ?2")?
            .execute((self.id.0.as_bytes(), int(seq)))?;
        Ok(())
    }

    /// All of the chat goes. `user_changes` stay: they tell the devices of what was.
    fn delete(&mut self, write: Write) -> rusqlite::Result<Done> {
        let present: Vec<UserId> =
            chats::roles_in(self.db, self.id)?.into_iter().map(|(user, _)| user).collect();
        for sql in [
            "DELETE FROM words WHERE rowid IN (SELECT position FROM messages WHERE chat = ?1)",
            "DELETE FROM reindex WHERE position IN (SELECT position FROM messages WHERE chat = ?1)",
            "DELETE FROM edits WHERE message IN (SELECT id FROM messages WHERE chat = ?1)",
            "DELETE FROM stars WHERE message IN (SELECT id FROM messages WHERE chat = ?1)",
            "DELETE FROM mentions WHERE chat = ?1",
            "DELETE FROM hidden WHERE chat = ?1",
            "DELETE FROM receipt_log WHERE chat = ?1",
            "DELETE FROM last_sent WHERE chat = ?1",
            "DELETE FROM invites WHERE chat = ?1",
            "DELETE FROM join_requests WHERE chat = ?1",
            "DELETE FROM messages WHERE chat = ?1",
            "DELETE FROM members WHERE chat = ?1",
            "DELETE FROM chats WHERE id = ?1",
        ] {
            self.db.prepare_cached(sql)?.execute([self.id.0.as_bytes()])?;
        }
        *self.chat = Chat::default();
        Ok(ops::done(write, &present))
    }
}

/// How a message is replaced.
struct Change<'a> {
    message: &'a StoredMessage,
    is_edit: bool,
    erased: bool,
}

/// JSON, or null for an empty list.
fn list<T: serde::Serialize>(items: &[T]) -> rusqlite::Result<Option<String>> {
    if items.is_empty() { Ok(None) } else { to_json(&items).map(Some) }
}
