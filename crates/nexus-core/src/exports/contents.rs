//! What is in an export: all that its owner sees, and of others only what they are called.

use nexus_protocol::{ChatId, ChatType, MAX_PAGE, MessageId, Role, SessionId, Timestamp, UserId};
use serde::Serialize;

use super::{archive::Archive, people::People};
use crate::{
    Core, Result,
    ports::{ChatView, ExportRecord, Page, UserRecord, Writings},
    users,
};

const README: &str = include_str!("README.txt");
/// How much of a chat that was left is looked through at a time.
const STRETCH: u64 = 2_000;

pub async fn write(
    core: &Core,
    owner: &UserRecord,
    export: &ExportRecord,
    archive: &mut Archive<'_>,
) -> Result<()> {
    let mut people = People::default();
    archive.text("README.txt", README).await?;
    let profile = users::show_me(core, owner.clone()).await?;
    archive.json("profile.json", &profile).await?;
    archive.json("settings.json", &core.store.settings(owner.id).await?).await?;
    archive.json("sessions.json", &sessions(core, owner.id).await?).await?;
    archive.json("sign-ins.json", &ways_in(core, owner.id).await?).await?;
    archive.json("contacts.json", &contacts(core, owner.id, &mut people).await?).await?;
    archive.json("blocks.json", &blocks(core, owner.id, &mut people).await?).await?;
    archive.json("starred.json", &starred(core, owner.id).await?).await?;
    chats(core, export, archive, &mut people).await?;
    people.write(core, archive).await
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignedIn {
    id: SessionId,
    device: String,
    address: String,
    created_at: Timestamp,
    last_used_at: Timestamp,
}

async fn sessions(core: &Core, user: UserId) -> Result<Vec<SignedIn>> {
    let found = core.store.sessions_of(user, core.clock.now()).await?;
    let show = |session: crate::ports::SessionRecord| SignedIn {
        id: session.id,
        device: session.device,
        address: session.address,
        created_at: session.created_at,
        last_used_at: session.last_used_at,
    };
    Ok(found.into_iter().map(show).collect())
}

/// Beside the password.
#[derive(Serialize)]
struct WaysIn {
    passkeys: Vec<Passkey>,
    links: Vec<Link>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Passkey {
    name: String,
    created_at: Timestamp,
    last_used_at: Option<Timestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Link {
    issuer: String,
    label: Option<String>,
    created_at: Timestamp,
}

async fn ways_in(core: &Core, user: UserId) -> Result<WaysIn> {
    let passkey = |known: crate::ports::PasskeyRecord| Passkey {
        name: known.name,
        created_at: known.created_at,
        last_used_at: known.last_used_at,
    };
    let link = |known: crate::ports::LinkRecord| Link {
        issuer: known.issuer,
        label: known.label,
        created_at: known.created_at,
    };
    Ok(WaysIn {
        passkeys: core.store.passkeys(user).await?.into_iter().map(passkey).collect(),
        links: core.store.links(user).await?.into_iter().map(link).collect(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Known {
    user_id: UserId,
    nickname: Option<String>,
    added_at: Timestamp,
}

async fn contacts(core: &Core, user: UserId, people: &mut People) -> Result<Vec<Known>> {
    let mut all: Vec<Known> = Vec::new();
    loop {
        let after = all.last().map(|last| last.user_id);
        let page = core.store.contacts(user, after, MAX_PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        page.iter().for_each(|contact| people.add(contact.other));
        all.extend(page.into_iter().map(|contact| Known {
            user_id: contact.other,
            nickname: contact.nickname,
            added_at: contact.added_at,
        }));
    }
}

async fn blocks(core: &Core, user: UserId, people: &mut People) -> Result<Vec<UserId>> {
    let mut all: Vec<UserId> = Vec::new();
    loop {
        let page = core.store.blocked(user, all.last().copied(), MAX_PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        page.iter().for_each(|other| people.add(*other));
        all.extend(page);
    }
}

async fn starred(core: &Core, user: UserId) -> Result<Vec<MessageId>> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let page = core.store.starred(user, before, MAX_PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(all) };
        before = Some(*last);
        all.extend(page.into_iter().map(|(_, stored)| stored.message.id));
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InChat {
    id: ChatId,
    r#type: ChatType,
    title: String,
    about: String,
    /// Of a direct chat.
    peer_id: Option<UserId>,
    created_at: Timestamp,
    joined_at: Timestamp,
    role: Role,
    muted_until: Option<Timestamp>,
    pinned: bool,
    archived: bool,
    draft: Option<String>,
}

impl InChat {
    fn new(view: ChatView) -> InChat {
        let (chat, me) = (view.chat, view.me);
        InChat {
            id: chat.id,
            r#type: chat.r#type,
            title: chat.title,
            about: chat.about,
            peer_id: view.peer.map(|peer| peer.id),
            created_at: chat.created_at,
            joined_at: me.joined_at,
            role: me.role,
            muted_until: me.muted_until,
            pinned: me.pinned,
            archived: me.archived,
            draft: me.draft,
        }
    }
}

/// One after the other, and each page by page: however much it is, little of it is in memory.
async fn chats(
    core: &Core,
    export: &ExportRecord,
    archive: &mut Archive<'_>,
    people: &mut People,
) -> Result<()> {
    let user = export.user;
    let all = core.store.chats_ever_of(user).await?;
    let (mut list, mut left) = (Vec::new(), Vec::new());
    for (n, chat) in all.iter().enumerate() {
        match core.store.chat_views(user, &[*chat]).await?.pop() {
            Some(view) => {
                list.push(InChat::new(view));
                messages(core, user, *chat, archive, people).await?;
            }
            None => left.push(*chat),
        }
        let percent = u8::try_from(n * 99 / all.len()).unwrap_or(99);
        core.store.note_export_progress(export, percent).await?;
    }
    list.iter().filter_map(|chat| chat.peer_id).for_each(|peer| people.add(peer));
    archive.json("chats.json", &list).await?;
    for chat in left {
        written(core, user, chat, archive).await?;
    }
    Ok(())
}

/// All that the user may see, oldest first.
async fn messages(
    core: &Core,
    user: UserId,
    chat: ChatId,
    archive: &mut Archive<'_>,
    people: &mut People,
) -> Result<()> {
    archive.file(&format!("chats/{chat}.ndjson"))?;
    let mut after = 0;
    loop {
        let page = core.store.page(chat, user, Page::After(after), MAX_PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.message.seq;
        for stored in &page {
            people.add_of(stored);
            archive.line(&stored.seen_by(user)).await?;
        }
    }
}

/// Of a chat that was left: what the user wrote there, and nothing of others.
async fn written(core: &Core, user: UserId, chat: ChatId, archive: &mut Archive<'_>) -> Result<()> {
    let Some(record) = core.store.chat(chat).await? else { return Ok(()) };
    archive.file(&format!("left/{chat}.ndjson"))?;
    let mut after = 0;
    while after < record.last_seq {
        let part = Writings { chat, sender: user, after, up_to: after + STRETCH };
        for id in core.store.writings(&part).await? {
            let Some(stored) = core.store.message(id).await? else { continue };
            let mut stored = stored.as_of(core.clock.now());
            stored.reactors.clear();
            if let Some(quoted) = &mut stored.message.reply_to {
                quoted.preview.clear();
            }
            archive.line(&stored.seen_by(user)).await?;
        }
        after = part.up_to;
    }
    Ok(())
}
