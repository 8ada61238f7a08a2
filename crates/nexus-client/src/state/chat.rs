//! One chat as the client has it.

use std::collections::BTreeMap;

use nexus_protocol::{Chat, Message, MessageId, OwnChange, Role, SystemEvent, Timestamp, UserId};

/// A chat with its messages, by `seq`.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnChat {
    me: UserId,
    /// Without `lastMessage`, `peer` and `receipts`: those follow from the rest, or are kept below.
    pub chat: Chat,
    /// All changes up to this one are applied.
    pub rev: u64,
    /// The highest `rev` heard of.
    known_rev: u64,
    /// The `rev` up to which title, roles and so on are current.
    info_rev: u64,
    /// Made by `chat:new` and not met in a `sync` yet. Such an event may be old: the user's own
    /// marks in it may have changed since, unseen because the chat was not here.
    pub(super) is_hearsay: bool,
    /// From this `seq` on nothing is missing.
    pub(super) floor: u64,
    pub messages: BTreeMap<u64, Message>,
    /// Delivered and read, of every member.
    pub receipts: BTreeMap<UserId, (u64, u64)>,
}

impl OwnChat {
    /// Known by name, nothing applied yet.
    pub(super) fn new(me: UserId, chat: Chat) -> OwnChat {
        let mut own = OwnChat {
            me,
            rev: 0,
            known_rev: chat.last_rev,
            info_rev: chat.last_rev,
            is_hearsay: true,
            floor: 1,
            messages: BTreeMap::new(),
            receipts: BTreeMap::new(),
            chat: Chat { last_message: None, peer: None, receipts: Vec::new(), ..chat.clone() },
        };
        own.take_receipts(&chat);
        own
    }

    pub(super) fn has_gap(&self) -> bool {
        self.known_rev > self.rev
    }

    pub(super) fn apply_in_turn(&mut self, message: Message) -> Option<Message> {
        self.known_rev = self.known_rev.max(message.rev);
        if message.rev != self.rev + 1 {
            return None;
        }
        self.rev = message.rev;
        let shown = self.put(message.clone());
        self.chat.last_rev = self.chat.last_rev.max(self.rev);
        self.recount();
        shown.then_some(message)
    }

    /// A delta. Answers what was not on the screen before.
    pub(super) fn merge(&mut self, messages: &[Message]) -> Vec<Message> {
        let mut shown = Vec::new();
        for message in messages {
            let is_known = self.messages.get(&message.seq).is_some_and(|m| m.rev >= message.rev);
            if !is_known && self.put(message.clone()) {
                shown.push(message.clone());
            }
        }
        shown
    }

    /// A snapshot: what was here is forgotten. Answers what was not on the screen before.
    pub(super) fn replace_all(&mut self, messages: Vec<Message>) -> Vec<Message> {
        let before = std::mem::take(&mut self.messages);
        for message in messages {
            self.messages.insert(message.seq, message);
        }
        // Reaching down to the first message it has everything, whatever it was told of before.
        self.floor = self.messages.keys().next().copied().unwrap_or(self.chat.last_seq + 1);
        let new = self.messages.values().filter(|message| !before.contains_key(&message.seq));
        new.cloned().collect()
    }

    /// Whether the message was not there before.
    fn put(&mut self, message: Message) -> bool {
        self.chat.last_seq = self.chat.last_seq.max(message.seq);
        if message.rev > self.info_rev {
            self.info_rev = message.rev;
            if let Some(event) = &message.system {
                self.take_system(event, message.sender_id);
            }
        }
        let is_new_and_others = message.sender_id != self.me && message.system.is_none();
        let before = self.messages.insert(message.seq, message);
        if before.is_none() && is_new_and_others {
            self.chat.me.unread += 1;
        }
        before.is_none()
    }

    /// A membership or title change is its system message: `chat:updated` may be lost.
    fn take_system(&mut self, event: &SystemEvent, by: UserId) {
        match event {
            SystemEvent::GroupCreated { title } | SystemEvent::TitleChanged { title } => {
                self.chat.title.clone_from(title);
            }
            SystemEvent::AboutChanged { about } => self.chat.about.clone_from(about),
            SystemEvent::MembersAdded { user_ids } => {
                self.chat.member_count += u32::try_from(user_ids.len()).unwrap_or(0);
            }
            SystemEvent::MemberJoined { .. } => self.chat.member_count += 1,
            SystemEvent::MemberRemoved { user_id } => self.take_leave(*user_id),
            SystemEvent::MemberLeft { user_id, new_owner_id } => {
                self.take_leave(*user_id);
                new_owner_id.iter().for_each(|user| self.take_role(*user, Role::Owner));
            }
            SystemEvent::PermissionsChanged { permissions } => self.chat.permissions = *permissions,
            SystemEvent::SlowModeChanged { slow_mode_secs } => {
                self.chat.slow_mode_secs = *slow_mode_secs;
            }
            SystemEvent::HistoryVisibleChanged { history_visible } => {
                self.chat.history_visible = *history_visible;
            }
            SystemEvent::DisappearAfterChanged { disappear_after_secs } => {
                self.chat.disappear_after_secs = *disappear_after_secs;
            }
            SystemEvent::RoleChanged { user_id, role } => self.take_role(*user_id, *role),
            SystemEvent::OwnershipTransferred { user_id } => {
                self.take_role(by, Role::Admin);
                self.take_role(*user_id, Role::Owner);
            }
        }
    }

    fn take_leave(&mut self, user: UserId) {
        self.chat.member_count = self.chat.member_count.saturating_sub(1);
        self.receipts.remove(&user);
    }

    fn take_role(&mut self, user: UserId, role: Role) {
        if user == self.me {
            self.chat.me.role = role;
        }
    }

    /// Title, roles, members: all that every member is told alike.
    pub(super) fn take_info(&mut self, chat: &Chat) {
        self.known_rev = self.known_rev.max(chat.last_rev);
        self.take_receipts(chat);
        if chat.last_rev < self.info_rev {
            return;
        }
        self.info_rev = chat.last_rev;
        let mut role = self.chat.me.clone();
        role.role = chat.me.role;
        role.history_from = chat.me.history_from;
        self.chat = Chat {
            me: role,
            last_seq: self.chat.last_seq.max(chat.last_seq),
            last_rev: self.chat.last_rev.max(chat.last_rev),
            last_message: None,
            peer: None,
            receipts: Vec::new(),
            ..chat.clone()
        };
    }

    /// The user's own marks, as a current answer has them.
    pub(super) fn take_own(&mut self, chat: &Chat) {
        let role = self.chat.me.role;
        self.chat.me.clone_from(&chat.me);
        self.chat.me.role = role;
    }

    fn take_receipts(&mut self, chat: &Chat) {
        for receipt in &chat.receipts {
            self.advance(receipt.user_id, receipt.delivered_seq, receipt.read_seq);
        }
        if !chat.receipts.is_empty() && chat.last_rev >= self.info_rev {
            self.receipts.retain(|user, _| chat.receipts.iter().any(|r| r.user_id == *user));
        }
    }

    pub(super) fn advance(&mut self, user: UserId, delivered_seq: u64, read_seq: u64) {
        let (delivered, read) = self.receipts.entry(user).or_default();
        *read = (*read).max(read_seq);
        *delivered = (*delivered).max(delivered_seq).max(*read);
    }

    pub(super) fn apply_own(&mut self, change: &OwnChange) {
        let me = &mut self.chat.me;
        match change {
            OwnChange::Read { read_seq, unread_from, .. } => {
                me.read_seq = me.read_seq.max(*read_seq);
                me.unread_from = *unread_from;
                let read_seq = *read_seq;
                self.advance(self.me, read_seq, read_seq);
            }
            OwnChange::Mute { muted_until, .. } => me.muted_until = *muted_until,
            OwnChange::Pin { pinned, .. } => me.pinned = *pinned,
            OwnChange::Archive { archived, .. } => me.archived = *archived,
            OwnChange::Draft { draft, .. } => me.draft.clone_from(draft),
            OwnChange::Unread { unread_from, .. } => me.unread_from = *unread_from,
            OwnChange::Hide { .. }
            | OwnChange::Star { .. }
            | OwnChange::Profile { .. }
            | OwnChange::Account { .. }
            | OwnChange::Settings(_)
            | OwnChange::Role { .. }
            | OwnChange::Username { .. }
            | OwnChange::Blocks { .. }
            | OwnChange::Contacts { .. }
            | OwnChange::Dismiss { .. } => {}
        }
        self.recount();
    }

    pub(super) fn hide(&mut self, id: MessageId) {
        self.messages.retain(|_, message| message.id != id);
        self.recount();
    }

    /// Takes away what has disappeared by `now`.
    pub(super) fn expire(&mut self, now: Timestamp) {
        self.messages.values_mut().for_each(|message| message.expire(now));
        self.recount();
    }

    /// `unread` and `mentions` from what is here, where that reaches down far enough.
    pub(super) fn recount(&mut self) {
        let read_seq = self.chat.me.read_seq;
        if self.floor > read_seq + 1 {
            return;
        }
        let unread = self
            .messages
            .range(read_seq + 1..)
            .map(|(_, message)| message)
            .filter(|m| m.sender_id != self.me && m.system.is_none() && m.deleted_at.is_none());
        let (mut count, mut mentions) = (0, 0);
        for message in unread {
            count += 1;
            mentions += u64::from(message.mentions.contains(&self.me));
        }
        self.chat.me.unread = count;
        self.chat.me.mentions = mentions;
    }
}
