//! Rows as the records of the ports.

use nexus_core::ports::{ChatRecord, MemberRecord, StoredMessage, UserRecord};
use nexus_protocol::{ChatId, HistoryVisible, Message, MessageId, Permissions, Timestamp, UserId};
use rusqlite::Row;

use crate::columns::{
    chat_type, json, maybe_time, message_type, number, role, time, user_role, uuid,
};

/// Columns of a message `m`, as [`message`] reads them.
pub const MESSAGE: &str = "m.id, m.chat, m.seq, m.rev, m.sender, m.type, m.forwarded, m.created_at, \
     m.queued_at, m.committed_at, m.edited_at, m.deleted_at, m.pinned_at, m.client_id, m.content, \
     m.reply_to, m.mentions, m.reactors, m.system, m.expires_at";
/// How many those are: further columns begin here.
pub const AFTER_MESSAGE: usize = 20;

/// A condition on a message `m`: it is no tombstone to whoever reads at the time `?{now}`.
pub fn is_alive(now: u8) -> String {
    format!("m.deleted_at IS NULL AND (m.expires_at IS NULL OR m.expires_at > ?{now})")
}

/// For who reads at `now`: what has disappeared by then is not in it, whatever is in the row.
pub fn message(row: &Row<'_>, now: Timestamp) -> rusqlite::Result<StoredMessage> {
    Ok(stored_message(row)?.as_of(now))
}

/// As it is in the row: for whoever decides what becomes of it.
pub fn stored_message(row: &Row<'_>) -> rusqlite::Result<StoredMessage> {
    let message = Message {
        id: MessageId(uuid(row, 0)?),
        chat_id: ChatId(uuid(row, 1)?),
        seq: number(row, 2)?,
        rev: number(row, 3)?,
        sender_id: UserId(uuid(row, 4)?),
        client_id: row.get(13)?,
        r#type: message_type(row, 5)?,
        content: row.get(14)?,
        media: Vec::new(),
        reply_to: json(row, 15)?,
        forwarded: row.get(6)?,
        mentions: json(row, 16)?,
        reactions: Vec::new(),
        link_preview: None,
        pinned_at: maybe_time(row, 12)?,
        created_at: time(row, 7)?,
        edited_at: maybe_time(row, 10)?,
        deleted_at: maybe_time(row, 11)?,
        expires_at: maybe_time(row, 19)?,
        system: json(row, 18)?,
    };
    let (queued_at, committed_at) = (time(row, 8)?, time(row, 9)?);
    Ok(StoredMessage { message, reactors: json(row, 17)?, queued_at, committed_at })
}

/// Columns of a chat `c`, as [`chat`] reads them.
pub const CHAT: &str = "c.id, c.type, c.title, c.about, c.created_at, c.may_send, c.may_add, c.may_edit, \
     c.may_pin, c.member_count, c.last_seq, c.last_rev, c.slow_mode_secs, c.hides_history, \
     c.disappear_after_secs";
pub const AFTER_CHAT: usize = 15;

pub fn chat(row: &Row<'_>) -> rusqlite::Result<ChatRecord> {
    Ok(ChatRecord {
        id: ChatId(uuid(row, 0)?),
        r#type: chat_type(row, 1)?,
        title: row.get(2)?,
        about: row.get(3)?,
        created_at: time(row, 4)?,
        permissions: Permissions {
            send: role(row, 5)?,
            add_members: role(row, 6)?,
            edit_info: role(row, 7)?,
            pin: role(row, 8)?,
        },
        member_count: row.get(9)?,
        last_seq: number(row, 10)?,
        last_rev: number(row, 11)?,
        slow_mode_secs: row.get(12)?,
        history_visible: if row.get(13)? {
            HistoryVisible::SinceJoining
        } else {
            HistoryVisible::All
        },
        disappear_after_secs: row.get(14)?,
    })
}

/// Columns of a member `b`, as [`member`] reads them from `first` on.
pub const MEMBER: &str = "b.user, b.role, b.joined_at, b.delivered_seq, b.read_seq, b.muted_until, b.pinned, \
     b.archived, b.draft, b.unread_from, b.history_from";

pub fn member(row: &Row<'_>, first: usize) -> rusqlite::Result<MemberRecord> {
    Ok(MemberRecord {
        user_id: UserId(uuid(row, first)?),
        role: role(row, first + 1)?,
        joined_at: time(row, first + 2)?,
        delivered_seq: number(row, first + 3)?,
        read_seq: number(row, first + 4)?,
        muted_until: maybe_time(row, first + 5)?,
        pinned: row.get(first + 6)?,
        archived: row.get(first + 7)?,
        draft: row.get(first + 8)?,
        unread_from: row.get::<_, Option<i64>>(first + 9)?.map(crate::columns::count),
        history_from: number(row, first + 10)?,
    })
}

/// Columns of a user `u`, as [`user`] reads them.
pub const USER: &str = "u.id, u.email, u.email_verified, u.username, u.display_name, u.about, u.created_at, \
     u.last_seen_at, u.role, u.ban, u.deletion";
pub const AFTER_USER: usize = 11;

pub fn user(row: &Row<'_>) -> rusqlite::Result<UserRecord> {
    Ok(UserRecord {
        id: UserId(uuid(row, 0)?),
        email: row.get(1)?,
        email_verified: row.get(2)?,
        username: row.get(3)?,
        display_name: row.get(4)?,
        about: row.get(5)?,
        created_at: time(row, 6)?,
        last_seen_at: maybe_time(row, 7)?,
        role: user_role(row, 8)?,
        ban: json(row, 9)?,
        deletion: json(row, 10)?,
    })
}
