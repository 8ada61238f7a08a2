//! Conversations: making, listing, changing, leaving them.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use nexus_protocol::{
    Approach, Chat, ChatId, ChatMe, ChatType, CreateChat, MAX_MEMBERS, MAX_PAGE, Member, OpId,
    Permissions, Receipt, Role, SLOW_MODE_SECS, UpdateChat, UpdateChatMe, UserId,
};

use crate::{
    Core, Error, Result, bonds, cursor, deletion, disappearing, email_tokens, members,
    ops::{Op, OpKind},
    pending::perform,
    ports::{Bond, ChatCursor, ChatRecord, ChatView, Event, NewDirectChat},
    privacy::{Readers, Sight},
    validate::Findings,
};

const MAX_TITLE_CHARS: usize = 128;
const MAX_ABOUT_CHARS: usize = 1_000;
/// How often it is looked whether somebody has left all groups, and how soon again.
const LOOKS: u32 = 40;
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);

/// What only some may do, in the words in which others are refused.
pub const ADD: &str = "add members";
pub const EDIT: &str = "edit the group";

/// In a direct chat both are equal.
const DIRECT: Permissions = Permissions {
    send: Role::Member,
    add_members: Role::Owner,
    edit_info: Role::Owner,
    pin: Role::Member,
};

const GROUP: Permissions = Permissions {
    send: Role::Member,
    add_members: Role::Admin,
    edit_info: Role::Admin,
    pin: Role::Admin,
};

/// Answers the chat, and whether it is new.
pub async fn create(core: &Core, creator: UserId, req: CreateChat) -> Result<(Chat, bool)> {
    email_tokens::require_verified(core, creator).await?;
    match req.r#type {
        ChatType::Direct => create_direct(core, creator, req).await,
        ChatType::Group => Ok((create_group(core, creator, req).await?, true)),
    }
}

async fn create_direct(core: &Core, creator: UserId, req: CreateChat) -> Result<(Chat, bool)> {
    let mut findings = Findings::default();
    if req.member_ids.len() != 1 || req.member_ids.contains(&creator) {
        findings.note("memberIds", "must be exactly one other user", Some(1));
    }
    if req.title.is_some() || req.about.is_some() {
        findings.note("title", "is for groups only", None);
    }
    findings.done()?;
    let peer = req.member_ids[0];
    let other = core.store.user(peer).await?.ok_or(Error::NotFound("user"))?;
    if other.is_gone() {
        return Err(Error::Gone(deletion::GONE.into()));
    }
    if core.store.direct_chat(creator, peer).await?.is_none() {
        require_approach(core, creator, peer).await?;
    }
    let new = NewDirectChat {
        id: ChatId(core.ids.uuid()),
        creator,
        peer,
        permissions: DIRECT,
        at: core.clock.now(),
    };
    let (chat, is_new) = core.store.create_direct(&new).await?;
    if is_new {
        core.bus.publish(vec![Event::ChatCreated { chat, members: vec![creator, peer] }]).await?;
    }
    Ok((get(core, creator, chat).await?, is_new))
}

/// Whether the other is to be written to for the first time. Chats that are there go on.
async fn require_approach(core: &Core, user: UserId, other: UserId) -> Result<()> {
    let bond = bonds::of(core, user, &[other]).await?.pop().unwrap_or_default();
    let theirs = bonds::privacy_of(core, &[other]).await?.remove(&other).unwrap_or_default();
    match bond {
        bond if bond.blocks => Err(Error::Forbidden("unblock this person first".into())),
        bond if bond.is_blocked => Err(Error::Forbidden(bonds::NOT_TAKEN.into())),
        bond if bond.is_had || theirs.who_can_message == Approach::Everyone => Ok(()),
        _ => Err(Error::ContactsOnly),
    }
}

/// Whether all of these let the user add them to groups.
async fn require_addable(core: &Core, user: UserId, others: &[UserId]) -> Result<()> {
    let bonds = bonds::of(core, user, others).await?;
    let privacy = bonds::privacy_of(core, others).await?;
    let refuses = |(other, bond): (&UserId, Bond)| {
        let theirs = privacy.get(other).copied().unwrap_or_default();
        let is_open = theirs.who_can_add_to_groups == Approach::Everyone || bond.is_had;
        (bond.is_barred() || !is_open).then_some(*other)
    };
    let refusing: Vec<UserId> = others.iter().zip(bonds).filter_map(refuses).collect();
    if refusing.is_empty() { Ok(()) } else { Err(Error::NotAddable(refusing)) }
}

async fn create_group(core: &Core, creator: UserId, req: CreateChat) -> Result<Chat> {
    let title = req.title.as_deref().unwrap_or("").trim().to_owned();
    let about = req.about.as_deref().unwrap_or("").trim().to_owned();
    let mut seen = HashSet::from([creator]);
    let members: Vec<UserId> =
        req.member_ids.into_iter().filter(|user| seen.insert(*user)).collect();
    let mut findings = Findings::default();
    findings.name("title", &title, MAX_TITLE_CHARS);
    findings.text("about", &about, 0, MAX_ABOUT_CHARS);
    if seen.len() > MAX_MEMBERS {
        findings.note("memberIds", "are too many", Some(MAX_MEMBERS as u64));
    }
    findings.done()?;
    require_addable(core, creator, &members).await?;
    let chat = ChatId(core.ids.uuid());
    let kind = OpKind::CreateGroup { title, about, members, permissions: GROUP };
    perform(core, op(core, chat, creator, kind)).await?;
    get(core, creator, chat).await
}

pub async fn get(core: &Core, user: UserId, chat: ChatId) -> Result<Chat> {
    let views = core.store.chat_views(user, &[chat]).await?;
    show_all(core, user, views).await?.pop().ok_or(Error::NotFound("chat"))
}

/// All chats the user is a member of.
pub async fn ids_of(core: &Core, user: UserId) -> Result<Vec<ChatId>> {
    Ok(core.store.chat_revs(user).await?.into_iter().map(|(chat, _)| chat).collect())
}

/// As [`ids_of`], of many at once.
pub async fn ids_of_each(
    core: &Core,
    users: &[UserId],
) -> Result<HashMap<UserId, HashSet<ChatId>>> {
    let mut chats: HashMap<UserId, HashSet<ChatId>> = HashMap::new();
    for (user, chat) in core.store.memberships(users).await? {
        chats.entry(user).or_default().insert(chat);
    }
    Ok(chats)
}

/// One page of the user's chats, the last active first, and where to go on.
pub async fn list(
    core: &Core,
    user: UserId,
    after: Option<&str>,
    limit: u32,
) -> Result<(Vec<Chat>, Option<String>)> {
    let after: Option<ChatCursor> = after.map(cursor::read).transpose()?;
    let limit = limit.clamp(1, MAX_PAGE);
    let mut page = core.store.chat_list(user, after, limit + 1).await?;
    let next = cursor::cut(&mut page, limit, |(place, _)| cursor::write(place));
    let views = page.into_iter().map(|(_, view)| view).collect();
    Ok((show_all(core, user, views).await?, next))
}

pub async fn members(
    core: &Core,
    user: UserId,
    chat: ChatId,
    after: Option<&str>,
    limit: u32,
) -> Result<(Vec<Member>, Option<String>)> {
    members::require_reader(core, chat, user).await?;
    let after: Option<UserId> = after.map(cursor::read).transpose()?;
    let limit = limit.clamp(1, MAX_PAGE);
    let mut page = core.store.members(chat, after, limit + 1).await?;
    let next = cursor::cut(&mut page, limit, |(user, _)| cursor::write(&user.id));
    let sight = Sight::of(core, user, page.iter().map(|(user, _)| user.id)).await?;
    let show = |(user, member): (_, crate::ports::MemberRecord)| Member {
        user: sight.show(user),
        role: member.role,
        joined_at: member.joined_at,
    };
    Ok((page.into_iter().map(show).collect(), next))
}

/// Each thing that is changed is its own op and its own system message.
pub async fn update(core: &Core, user: UserId, chat: ChatId, req: UpdateChat) -> Result<Chat> {
    members::require_reader(core, chat, user).await?;
    if req.title.is_some() || req.about.is_some() {
        members::require_right(core, chat, user, |may| may.edit_info, EDIT).await?;
    }
    if req.disappear_after_secs.is_some() {
        disappearing::require_right(core, chat, user).await?;
    }
    let title = req.title.map(|text| text.trim().to_owned());
    let about = req.about.map(|text| text.trim().to_owned());
    let mut findings = Findings::default();
    if let Some(title) = &title {
        findings.name("title", title, MAX_TITLE_CHARS);
    }
    if let Some(about) = &about {
        findings.text("about", about, 0, MAX_ABOUT_CHARS);
    }
    if req.slow_mode_secs.is_some_and(|secs| secs > 0 && !SLOW_MODE_SECS.contains(&secs)) {
        findings.note("slowModeSecs", "must be 0, or 5 to 3600", None);
    }
    disappearing::check(&core.disappear_secs, req.disappear_after_secs, &mut findings);
    findings.done()?;
    let changes = [
        title.map(|title| OpKind::SetTitle { title }),
        about.map(|about| OpKind::SetAbout { about }),
        req.permissions.map(|change| OpKind::SetPermissions { change }),
        req.slow_mode_secs.map(|secs| OpKind::SetSlowMode { secs }),
        req.history_visible.map(|visible| OpKind::SetHistoryVisible { visible }),
        req.disappear_after_secs.map(|secs| OpKind::SetDisappearAfter { secs }),
    ];
    for kind in changes.into_iter().flatten() {
        perform(core, op(core, chat, user, kind)).await?;
    }
    get(core, user, chat).await
}

pub async fn add_members(
    core: &Core,
    user: UserId,
    chat: ChatId,
    new: Vec<UserId>,
) -> Result<Chat> {
    email_tokens::require_verified(core, user).await?;
    let mut seen = HashSet::new();
    let users: Vec<UserId> = new.into_iter().filter(|user| seen.insert(*user)).collect();
    let mut findings = Findings::default();
    if users.is_empty() {
        findings.note("userIds", "is empty", Some(1));
    } else if users.len() >= MAX_MEMBERS {
        findings.note("userIds", "are too many", Some(MAX_MEMBERS as u64));
    }
    findings.done()?;
    let known = members::require_right(core, chat, user, |may| may.add_members, ADD).await?;
    let new: Vec<UserId> =
        users.iter().copied().filter(|user| !known.roles.contains_key(user)).collect();
    require_addable(core, user, &new).await?;
    change(core, user, chat, OpKind::AddMembers { users: users.clone() }).await?;
    core.store.end_join_requests(chat, &users).await?;
    get(core, user, chat).await
}

pub async fn change_role(
    core: &Core,
    user: UserId,
    chat: ChatId,
    member: UserId,
    role: Role,
) -> Result<Chat> {
    let kind = match role {
        Role::Owner => OpKind::TransferOwnership { user: member },
        role => OpKind::ChangeRole { user: member, role },
    };
    change(core, user, chat, kind).await?;
    get(core, user, chat).await
}

pub async fn remove_member(core: &Core, user: UserId, chat: ChatId, member: UserId) -> Result<()> {
    let kind = if member == user { OpKind::Leave } else { OpKind::RemoveMember { user: member } };
    change(core, user, chat, kind).await
}

pub async fn leave(core: &Core, user: UserId, chat: ChatId) -> Result<()> {
    change(core, user, chat, OpKind::Leave).await
}

pub async fn delete(core: &Core, user: UserId, chat: ChatId) -> Result<()> {
    change(core, user, chat, OpKind::DeleteChat).await
}

/// Who deletes their account leaves all groups, each of which has an owner after it; direct chats
/// stay with the other. To be repeated until it succeeds. By the store alone: a process that works
/// for others hears of no events.
pub async fn leave_everything(core: &Core, user: UserId) -> Result<()> {
    let mut asked = HashSet::new();
    for _ in 0..LOOKS {
        let mut groups = Vec::new();
        for chat in ids_of(core, user).await? {
            let record = core.store.chat(chat).await?;
            groups.extend(record.filter(|record| record.r#type == ChatType::Group));
        }
        if groups.is_empty() {
            return Ok(());
        }
        groups.retain(|group| asked.insert(group.id));
        let leave = |group: ChatRecord| op(core, group.id, user, OpKind::Leave);
        for pushed in core.queue.push(groups.into_iter().map(leave).collect()).await {
            pushed?;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    Err(Error::StillQueued)
}

async fn change(core: &Core, user: UserId, chat: ChatId, kind: OpKind) -> Result<()> {
    members::require_reader(core, chat, user).await?;
    perform(core, op(core, chat, user, kind)).await.map(|_| ())
}

/// The caller's own part: mute, pin, archive, draft, mark-unread.
pub async fn update_me(
    core: &Core,
    user: UserId,
    chat: ChatId,
    patch: UpdateChatMe,
) -> Result<Chat> {
    if let Some(Some(draft)) = &patch.draft {
        let mut findings = Findings::default();
        findings.text("draft", draft, 0, nexus_protocol::MAX_CONTENT_CHARS);
        findings.done()?;
    }
    let changes = core.store.update_chat_me(user, chat, &patch, core.clock.now()).await?;
    let changes = changes.ok_or(Error::NotFound("chat"))?;
    let events = changes.into_iter().map(|change| Event::Own { user, change }).collect();
    core.bus.publish(events).await?;
    get(core, user, chat).await
}

/// A new op of this user on this chat.
pub(crate) fn op(core: &Core, chat: ChatId, actor: UserId, kind: OpKind) -> Op {
    Op { id: OpId(core.ids.uuid()), chat, actor, queued_at: core.clock.now(), awaited: false, kind }
}

/// These chats as the viewer gets them.
async fn show_all(core: &Core, viewer: UserId, views: Vec<ChatView>) -> Result<Vec<Chat>> {
    let lens = Lens::of(core, viewer, &views).await?;
    Ok(views.into_iter().map(|view| lens.show(view)).collect())
}

/// What a viewer is shown of some chats.
pub struct Lens {
    viewer: UserId,
    peers: Sight,
    readers: Readers,
}

impl Lens {
    pub async fn of(core: &Core, viewer: UserId, views: &[ChatView]) -> Result<Lens> {
        let peers = views.iter().filter_map(|view| Some(view.peer.as_ref()?.id));
        let peers = Sight::of(core, viewer, peers).await?;
        let readers = views.iter().flat_map(|view| &view.receipts).map(|receipt| receipt.user_id);
        let readers = Readers::of(core, viewer, readers).await?;
        Ok(Lens { viewer, peers, readers })
    }

    pub fn viewer(&self) -> UserId {
        self.viewer
    }

    /// Between two of whom one blocks the other there are no receipts.
    fn receipts(&self, view: &mut ChatView) -> Vec<Receipt> {
        let mut receipts = std::mem::take(&mut view.receipts);
        if let Some(peer) = &view.peer
            && self.peers.is_barred(peer.id)
        {
            receipts.retain(|receipt| receipt.user_id == self.viewer);
        }
        self.readers.veil(&mut receipts);
        receipts
    }

    pub fn show(&self, mut view: ChatView) -> Chat {
        let receipts = self.receipts(&mut view);
        show(self.viewer, view, &self.peers, receipts)
    }
}

fn show(viewer: UserId, view: ChatView, peers: &Sight, receipts: Vec<Receipt>) -> Chat {
    let (chat, me) = (view.chat, view.me);
    Chat {
        id: chat.id,
        r#type: chat.r#type,
        title: chat.title,
        about: chat.about,
        avatar: None,
        created_at: chat.created_at,
        member_count: chat.member_count,
        permissions: chat.permissions,
        slow_mode_secs: chat.slow_mode_secs,
        history_visible: chat.history_visible,
        disappear_after_secs: chat.disappear_after_secs,
        last_seq: chat.last_seq,
        last_rev: chat.last_rev,
        last_message: view.last_message.map(|message| message.seen_by(viewer)),
        peer: view.peer.map(|peer| peers.show(peer)),
        me: ChatMe {
            role: me.role,
            history_from: me.history_from,
            read_seq: me.read_seq,
            unread: view.unread,
            mentions: view.mentions,
            muted_until: me.muted_until,
            pinned: me.pinned,
            archived: me.archived,
            draft: me.draft,
            unread_from: me.unread_from,
        },
        receipts,
    }
}
