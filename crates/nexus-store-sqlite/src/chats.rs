//! Conversations, their members, and each member's own view of them.

use async_trait::async_trait;
use nexus_core::ports::{
    ChatCursor, ChatRecord, ChatStore, ChatView, MemberRecord, NewDirectChat, PortResult,
    StoredMessage, UserRecord,
};
use nexus_protocol::{
    ChatId, ChatType, HistoryVisible, MAX_RECEIPT_MEMBERS, Receipt, Role, Timestamp, UpdateChatMe,
    UserChange, UserId,
};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    SqliteStore,
    columns::{chat_type_number, count, int, number, role, role_number, time, uuid},
    messages::Shown,
    records::{self, AFTER_CHAT, AFTER_USER, CHAT, MEMBER, USER, is_alive},
    user_changes,
};

#[async_trait]
impl ChatStore for SqliteStore {
    async fn create_direct(&self, new: &NewDirectChat) -> PortResult<(ChatId, bool)> {
        let new = new.clone();
        self.write("create a direct chat", move |db| create_direct(db, &new)).await
    }

    async fn direct_chat(&self, one: UserId, other: UserId) -> PortResult<Option<ChatId>> {
        self.read("look for a direct chat", move |db| direct(db, one, other)).await
    }

    async fn chat(&self, id: ChatId) -> PortResult<Option<ChatRecord>> {
        self.read("read a chat", move |db| one(db, id)).await
    }

    async fn role(&self, chat: ChatId, user: UserId) -> PortResult<Option<Role>> {
        self.read("read a role", move |db| role_of(db, chat, user)).await
    }

    async fn roles(&self, chat: ChatId) -> PortResult<Vec<(UserId, Role)>> {
        self.read("read a chat's roles", move |db| roles_in(db, chat)).await
    }

    async fn latecomers(&self, chat: ChatId) -> PortResult<Vec<(UserId, u64)>> {
        self.read("read who joined a chat late", move |db| {
            db.prepare_cached(
                "SELECT user, history_from FROM members
                 WHERE chat = ?1 AND left_at IS NULL AND history_from > 1",
            )?
            .query_map([chat.0.as_bytes()], |row| Ok((UserId(uuid(row, 0)?), number(row, 1)?)))?
            .collect()
        })
        .await
    }

    async fn members(
        &self,
        chat: ChatId,
        after: Option<UserId>,
        limit: u32,
    ) -> PortResult<Vec<(UserRecord, MemberRecord)>> {
        self.read("list members", move |db| {
            db.prepare_cached(&format!(
                "SELECT {USER}, {MEMBER} FROM members b JOIN users u ON u.id = b.user
                 WHERE b.chat = ?1 AND b.left_at IS NULL AND b.user > ?2
                 ORDER BY b.user LIMIT ?3"
            ))?
            .query_map(
                // An empty id sorts before all others.
                (
                    chat.0.as_bytes(),
                    after.as_ref().map_or(&[][..], |user| user.0.as_bytes()),
                    limit,
                ),
                |row| Ok((records::user(row)?, records::member(row, AFTER_USER)?)),
            )?
            .collect()
        })
        .await
    }

    async fn chat_revs(&self, user: UserId) -> PortResult<Vec<(ChatId, u64)>> {
        self.read("read the numbers of a user's chats", move |db| {
            db.prepare_cached(
                "SELECT c.id, c.last_rev FROM members b JOIN chats c ON c.id = b.chat
                 WHERE b.user = ?1 AND b.left_at IS NULL",
            )?
            .query_map([user.0.as_bytes()], |row| Ok((ChatId(uuid(row, 0)?), number(row, 1)?)))?
            .collect()
        })
        .await
    }

    async fn memberships(&self, users: &[UserId]) -> PortResult<Vec<(UserId, ChatId)>> {
        let users = users.to_vec();
        self.read("read whose chats are which", move |db| {
            let mut chats =
                db.prepare_cached("SELECT chat FROM members WHERE user = ?1 AND left_at IS NULL")?;
            let mut found = Vec::new();
            for user in users {
                let theirs =
                    chats.query_map([user.0.as_bytes()], |row| Ok(ChatId(uuid(row, 0)?)))?;
                for chat in theirs {
                    found.push((user, chat?));
                }
            }
            Ok(found)
        })
        .await
    }

    async fn chat_views(&self, user: UserId, chats: &[ChatId]) -> PortResult<Vec<ChatView>> {
        let (chats, now) = (chats.to_vec(), self.now());
        self.read("read chats", move |db| {
            let mut views = Vec::new();
            for chat in chats {
                let mine = db
                    .prepare_cached(&mine("b.chat = ?2"))?
                    .query_row((user.0.as_bytes(), chat.0.as_bytes()), Mine::from_row)
                    .optional()?;
                views.extend(mine.map(|mine| mine.view(db, now)).transpose()?);
            }
            Ok(views)
        })
        .await
    }

    async fn chat_list(
        &self,
        user: UserId,
        after: Option<ChatCursor>,
        limit: u32,
    ) -> PortResult<Vec<(ChatCursor, ChatView)>> {
        let now = self.now();
        self.read("list a user's chats", move |db| chat_list(db, user, after, limit, now)).await
    }

    async fn update_chat_me(
        &self,
        user: UserId,
        chat: ChatId,
        patch: &UpdateChatMe,
        at: Timestamp,
    ) -> PortResult<Option<Vec<UserChange>>> {
        let patch = patch.clone();
        self.write("change a member's settings", move |db| update_me(db, user, chat, patch, at))
            .await
    }
}

pub fn one(db: &Connection, id: ChatId) -> rusqlite::Result<Option<ChatRecord>> {
    db.prepare_cached(&format!("SELECT {CHAT} FROM chats c WHERE c.id = ?1"))?
        .query_row([id.0.as_bytes()], records::chat)
        .optional()
}

pub fn role_of(db: &Connection, chat: ChatId, user: UserId) -> rusqlite::Result<Option<Role>> {
    db.prepare_cached("SELECT role FROM members WHERE chat = ?1 AND user = ?2 AND left_at IS NULL")?
        .query_row((chat.0.as_bytes(), user.0.as_bytes()), |row| role(row, 0))
        .optional()
}

pub fn roles_in(db: &Connection, chat: ChatId) -> rusqlite::Result<Vec<(UserId, Role)>> {
    db.prepare_cached("SELECT user, role FROM members WHERE chat = ?1 AND left_at IS NULL")?
        .query_map([chat.0.as_bytes()], |row| Ok((UserId(uuid(row, 0)?), role(row, 1)?)))?
        .collect()
}

pub fn by_seniority(db: &Connection, chat: ChatId) -> rusqlite::Result<Vec<(UserId, Role)>> {
    db.prepare_cached(
        "SELECT user, role FROM members WHERE chat = ?1 AND left_at IS NULL
         ORDER BY joined_at, user",
    )?
    .query_map([chat.0.as_bytes()], |row| Ok((UserId(uuid(row, 0)?), role(row, 1)?)))?
    .collect()
}

/// Stores a chat that has no members, and is not a pair's.
pub fn insert(db: &Connection, chat: &ChatRecord, pair: Option<[u8; 32]>) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO chats (id, type, pair, title, about, created_at, may_send, may_add, may_edit,
            may_pin, member_count, last_seq, last_rev, active_at, slow_mode_secs, hides_history,
            disappear_after_secs)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?6, ?14, ?15, ?16)",
    )?
    .execute(rusqlite::params![
        chat.id.0.as_bytes(),
        chat_type_number(chat.r#type),
        pair,
        chat.title,
        chat.about,
        chat.created_at.0,
        role_number(chat.permissions.send),
        role_number(chat.permissions.add_members),
        role_number(chat.permissions.edit_info),
        role_number(chat.permissions.pin),
        chat.member_count,
        int(chat.last_seq),
        int(chat.last_rev),
        chat.slow_mode_secs,
        chat.history_visible == HistoryVisible::SinceJoining,
        chat.disappear_after_secs,
    ])
    .map(|_| ())
}

/// How one joins a chat.
pub struct Joining {
    pub chat: ChatId,
    pub user: UserId,
    pub role: Role,
    /// `last_seq` of the chat before.
    pub from_seq: u64,
    pub history_from: u64,
    pub at: Timestamp,
}

/// Watermarks of one who joins (again) begin at `from_seq`; all they had set is forgotten.
pub fn join(db: &Connection, joining: &Joining) -> rusqlite::Result<()> {
    let Joining { chat, user, role, from_seq, history_from, at } = joining;
    db.prepare_cached(
        "INSERT OR REPLACE INTO members
            (chat, user, role, joined_at, from_seq, delivered_seq, read_seq, moved_at, history_from)
         VALUES (?1, ?2, ?3, ?5, ?4, ?4, ?4, ?5, ?6)",
    )?
    .execute((
        chat.0.as_bytes(),
        user.0.as_bytes(),
        role_number(*role),
        int(*from_seq),
        at.0,
        int(*history_from),
    ))
    .map(|_| ())
}

fn direct(db: &Connection, one: UserId, other: UserId) -> rusqlite::Result<Option<ChatId>> {
    db.prepare_cached("SELECT id FROM chats WHERE pair = ?1")?
        .query_row([pair(one, other)], |row| Ok(ChatId(uuid(row, 0)?)))
        .optional()
}

/// The first `seq` of the chat that they may see, or might when they were in it.
pub fn history_from(db: &Connection, chat: ChatId, user: UserId) -> rusqlite::Result<u64> {
    let found = db
        .prepare_cached("SELECT history_from FROM members WHERE chat = ?1 AND user = ?2")?
        .query_row((chat.0.as_bytes(), user.0.as_bytes()), |row| number(row, 0))
        .optional()?;
    Ok(found.unwrap_or(1))
}

fn create_direct(db: &Connection, new: &NewDirectChat) -> rusqlite::Result<(ChatId, bool)> {
    let pair = pair(new.creator, new.peer);
    if let Some(known) = direct(db, new.creator, new.peer)? {
        return Ok((known, false));
    }
    let chat = ChatRecord {
        id: new.id,
        r#type: ChatType::Direct,
        title: String::new(),
        about: String::new(),
        created_at: new.at,
        permissions: new.permissions,
        slow_mode_secs: 0,
        history_visible: HistoryVisible::All,
        disappear_after_secs: None,
        member_count: if new.creator == new.peer { 1 } else { 2 },
        last_seq: 0,
        last_rev: 0,
    };
    insert(db, &chat, Some(pair))?;
    for user in [new.creator, new.peer] {
        let (chat, role, at) = (new.id, Role::Member, new.at);
        join(db, &Joining { chat, user, role, from_seq: 0, history_from: 1, at })?;
    }
    Ok((new.id, true))
}

fn pair(one: UserId, other: UserId) -> [u8; 32] {
    let mut pair = [0; 32];
    pair[..16].copy_from_slice(one.min(other).0.as_bytes());
    pair[16..].copy_from_slice(one.max(other).0.as_bytes());
    pair
}

/// The chats of user `?1`, narrowed by `condition`.
fn mine(condition: &str) -> String {
    format!(
        "SELECT {CHAT}, c.active_at, {MEMBER} FROM members b JOIN chats c ON c.id = b.chat
         WHERE b.user = ?1 AND b.left_at IS NULL AND {condition}"
    )
}

fn chat_list(
    db: &Connection,
    user: UserId,
    after: Option<ChatCursor>,
    limit: u32,
    now: Timestamp,
) -> rusqlite::Result<Vec<(ChatCursor, ChatView)>> {
    let after = after
        .unwrap_or(ChatCursor { active_at: Timestamp(i64::MAX), id: ChatId(uuid::Uuid::max()) });
    let chats: Vec<Mine> = db
        .prepare_cached(&mine(
            "(c.active_at, c.id) < (?2, ?3) ORDER BY c.active_at DESC, c.id DESC LIMIT ?4",
        ))?
        .query_map(
            (user.0.as_bytes(), after.active_at.0, after.id.0.as_bytes(), limit),
            Mine::from_row,
        )?
        .collect::<Result<_, _>>()?;
    chats.into_iter().map(|mine| Ok((mine.cursor(), mine.view(db, now)?))).collect()
}

/// A chat and the user's own membership.
struct Mine {
    chat: ChatRecord,
    active_at: Timestamp,
    me: MemberRecord,
}

impl Mine {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Mine> {
        Ok(Mine {
            chat: records::chat(row)?,
            active_at: time(row, AFTER_CHAT)?,
            me: records::member(row, AFTER_CHAT + 1)?,
        })
    }

    fn cursor(&self) -> ChatCursor {
        ChatCursor { active_at: self.active_at, id: self.chat.id }
    }

    fn view(self, db: &Connection, now: Timestamp) -> rusqlite::Result<ChatView> {
        Ok(ChatView {
            unread: self.unread(db, now)?,
            mentions: self.mentions(db, now)?,
            last_message: self.last_message(db, now)?,
            peer: self.peer(db)?,
            receipts: self.receipts(db)?,
            chat: self.chat,
            me: self.me,
        })
    }

    /// From an index that holds nothing but what can be unread; what the user hid is taken off.
    fn unread(&self, db: &Connection, now: Timestamp) -> rusqlite::Result<u64> {
        let alive = is_alive(4);
        let all = format!(
            "SELECT COUNT(*) FROM messages m INDEXED BY messages_unread
             WHERE m.chat = ?1 AND m.seq > ?3 AND m.sender <> ?2 AND m.type = 0 AND {alive}"
        );
        let hidden = format!(
            "SELECT COUNT(*) FROM hidden h JOIN messages m ON m.chat = h.chat AND m.seq = h.seq
             WHERE h.chat = ?1 AND h.user = ?2 AND h.seq > ?3
                AND m.sender <> ?2 AND m.type = 0 AND {alive}"
        );
        Ok(self.count(db, &all, now)?.saturating_sub(self.count(db, &hidden, now)?))
    }

    fn mentions(&self, db: &Connection, now: Timestamp) -> rusqlite::Result<u64> {
        let alive = is_alive(4);
        let mentions = format!(
            "SELECT COUNT(*) FROM mentions n JOIN messages m ON m.chat = n.chat AND m.seq = n.seq
             WHERE n.chat = ?1 AND n.user = ?2 AND n.seq > ?3 AND {alive}
                AND NOT EXISTS (SELECT 1 FROM hidden h
                    WHERE h.user = n.user AND h.chat = n.chat AND h.seq = n.seq)"
        );
        self.count(db, &mentions, now)
    }

    /// How many of something are above the user's read watermark.
    fn count(&self, db: &Connection, sql: &str, now: Timestamp) -> rusqlite::Result<u64> {
        let counted = db.prepare_cached(sql)?.query_row(
            (self.chat.id.0.as_bytes(), self.me.user_id.0.as_bytes(), int(self.me.read_seq), now.0),
            |row| row.get(0),
        )?;
        Ok(count(counted))
    }

    fn last_message(
        &self,
        db: &Connection,
        now: Timestamp,
    ) -> rusqlite::Result<Option<StoredMessage>> {
        let shown = Shown { db, chat: self.chat.id, viewer: self.me.user_id, now };
        Ok(shown.before(i64::MAX, 1)?.pop())
    }

    fn peer(&self, db: &Connection) -> rusqlite::Result<Option<UserRecord>> {
        if self.chat.r#type == ChatType::Group {
            return Ok(None);
        }
        db.prepare_cached(&format!(
            "SELECT {USER} FROM members b JOIN users u ON u.id = b.user
             WHERE b.chat = ?1 AND b.user <> ?2"
        ))?
        .query_row((self.chat.id.0.as_bytes(), self.me.user_id.0.as_bytes()), records::user)
        .optional()
    }

    fn receipts(&self, db: &Connection) -> rusqlite::Result<Vec<Receipt>> {
        if self.chat.member_count as usize > MAX_RECEIPT_MEMBERS {
            return Ok(Vec::new());
        }
        db.prepare_cached(
            "SELECT user, delivered_seq,
                IIF(user = ?2 OR read_seq > quiet_to, read_seq, quiet_from) FROM members
             WHERE chat = ?1 AND left_at IS NULL ORDER BY user",
        )?
        .query_map((self.chat.id.0.as_bytes(), self.me.user_id.0.as_bytes()), |row| {
            Ok(Receipt {
                user_id: UserId(uuid(row, 0)?),
                delivered_seq: number(row, 1)?,
                read_seq: number(row, 2)?,
            })
        })?
        .collect()
    }
}

fn update_me(
    db: &Connection,
    user: UserId,
    chat_id: ChatId,
    patch: UpdateChatMe,
    at: Timestamp,
) -> rusqlite::Result<Option<Vec<UserChange>>> {
    let mine = db
        .prepare_cached(&mine("b.chat = ?2"))?
        .query_row((user.0.as_bytes(), chat_id.0.as_bytes()), Mine::from_row)
        .optional()?;
    let Some(Mine { mut me, .. }) = mine else { return Ok(None) };
    let changes = me.take_over(chat_id, patch);
    if changes.is_empty() {
        return Ok(Some(Vec::new()));
    }
    db.prepare_cached(
        "UPDATE members SET muted_until = ?3, pinned = ?4, archived = ?5, draft = ?6,
            unread_from = ?7
         WHERE chat = ?1 AND user = ?2",
    )?
    .execute((
        chat_id.0.as_bytes(),
        user.0.as_bytes(),
        me.muted_until.map(|at| at.0),
        me.pinned,
        me.archived,
        me.draft,
        me.unread_from.map(int),
    ))?;
    let mut noted = Vec::new();
    for change in changes {
        noted.extend(user_changes::note(db, user, change, at)?);
    }
    Ok(Some(noted))
}
