//! Invitations: links by which people come into a group by themselves, or ask to.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use nexus_protocol::{
    Chat, ChatId, ChatType, CreateInvite, Invite, InvitePreview, JoinRequest, JoinStatus, MAX_PAGE,
    Role, Timestamp, UserId,
};

use crate::{
    Core, Error, Result, bonds,
    chats::{self, ADD, op},
    cursor, email_tokens,
    limits::{self, Tier},
    members,
    ops::OpKind,
    pending::perform,
    ports::{AskedToJoin, ChatRecord, Event, InviteRecord, JoinRequestRecord},
    privacy,
    validate::Findings,
};

/// 144 bits: a link can't be guessed, only be passed on.
const CODE_BYTES: usize = 18;
/// Most living invitations of one group.
const MAX_INVITES: u64 = 50;
/// Most who wait for one group.
const MAX_WAITING: u64 = 1_000;
const MAX_USES: u32 = 100_000;
const MINUTE: u64 = 60;
const YEAR: u64 = 365 * 24 * 3_600;

pub async fn create(core: &Core, user: UserId, chat: ChatId, req: CreateInvite) -> Result<Invite> {
    require_adder(core, chat, user).await?;
    let mut findings = Findings::default();
    if req.max_uses.is_some_and(|most| !(1..=MAX_USES).contains(&most)) {
        findings.note("maxUses", "must be 1 to 100000", Some(MAX_USES.into()));
    }
    if req.expires_in_secs.is_some_and(|secs| !(MINUTE..=YEAR).contains(&secs)) {
        findings.note("expiresInSecs", "must be a minute to a year", Some(YEAR));
    }
    findings.done()?;
    let mut code = [0; CODE_BYTES];
    core.ids.fill(&mut code);
    let created_at = core.clock.now();
    let in_millis = |secs: u64| i64::try_from(secs * 1_000).unwrap_or(i64::MAX);
    let invite = InviteRecord {
        code: URL_SAFE_NO_PAD.encode(code),
        chat,
        created_by: user,
        created_at,
        expires_at: req.expires_in_secs.map(|secs| Timestamp(created_at.0 + in_millis(secs))),
        max_uses: req.max_uses,
        uses: 0,
        requires_approval: req.requires_approval,
        revoked_at: None,
    };
    if !core.store.create_invite(&invite, MAX_INVITES).await? {
        return Err(Error::Conflict("a group can have 50 invitations: revoke one first".into()));
    }
    Ok(show(invite))
}

/// Admins see all of them, others who may add members their own.
pub async fn list(core: &Core, user: UserId, chat: ChatId) -> Result<Vec<Invite>> {
    let role = require_adder(core, chat, user).await?;
    let invites = core.store.invites(chat, core.clock.now()).await?;
    Ok(invites.into_iter().filter(|invite| is_theirs(invite, user, role)).map(show).collect())
}

pub async fn revoke(core: &Core, user: UserId, chat: ChatId, code: &str) -> Result<()> {
    let role = require_adder(core, chat, user).await?;
    let invite = core.store.invite(code).await?;
    let invite = invite.filter(|invite| invite.chat == chat && is_theirs(invite, user, role));
    invite.ok_or(Error::NotFound("invitation"))?;
    core.store.revoke_invite(chat, code, core.clock.now()).await?;
    Ok(())
}

fn is_theirs(invite: &InviteRecord, user: UserId, role: Role) -> bool {
    invite.created_by == user || role >= Role::Admin
}

/// The group behind a link, for who thinks about joining.
pub async fn preview(core: &Core, user: UserId, code: &str) -> Result<InvitePreview> {
    let (invite, chat, is_member) = open(core, user, code).await?;
    let asked = !is_member && core.store.join_request(invite.chat, user).await?.is_some();
    Ok(InvitePreview {
        title: chat.title,
        about: chat.about,
        avatar: None,
        member_count: chat.member_count,
        requires_approval: invite.requires_approval,
        chat_id: is_member.then_some(invite.chat),
        asked,
    })
}

/// Comes in, or asks to. For a member it changes nothing, whatever has become of the link.
pub async fn join(core: &Core, user: UserId, code: &str) -> Result<(JoinStatus, Option<Chat>)> {
    let (invite, _, is_member) = open(core, user, code).await?;
    if !is_member {
        email_tokens::require_verified(core, user).await?;
    }
    if !is_member && invite.requires_approval {
        ask(core, user, &invite).await?;
        return Ok((JoinStatus::Requested, None));
    }
    if !is_member {
        let kind = OpKind::Join { code: invite.code };
        perform(core, op(core, invite.chat, user, kind)).await?;
        core.store.end_join_requests(invite.chat, &[user]).await?;
    }
    Ok((JoinStatus::Joined, Some(chats::get(core, user, invite.chat).await?)))
}

/// The invitation and its group, and whether the user is in it already. Counted, so that nobody
/// tries codes out.
async fn open(core: &Core, user: UserId, code: &str) -> Result<(InviteRecord, ChatRecord, bool)> {
    limits::require(&core.limits, Tier::Invite, &user.to_string(), 1).await?;
    let not_found = || Error::NotFound("invitation");
    let invite = core.store.invite(code).await?.ok_or_else(not_found)?;
    let chat = core.store.chat(invite.chat).await?.ok_or_else(not_found)?;
    if core.store.role(invite.chat, user).await?.is_some() {
        return Ok((invite, chat, true));
    }
    // Between two of whom one blocks the other there are no invitations.
    let bonds = bonds::of(core, user, &[invite.created_by]).await?;
    if bonds.iter().any(|bond| bond.is_barred()) {
        return Err(not_found());
    }
    if let Some(why) = invite.end(core.clock.now()) {
        return Err(Error::Gone(why.into()));
    }
    let maker = core.store.role(invite.chat, invite.created_by).await?;
    if maker.is_none_or(|role| role < chat.permissions.add_members) {
        return Err(Error::Gone("who made the invitation may not invite any more".into()));
    }
    Ok((invite, chat, false))
}

async fn ask(core: &Core, user: UserId, invite: &InviteRecord) -> Result<()> {
    let (chat, code, asked_at) = (invite.chat, invite.code.clone(), core.clock.now());
    let request = JoinRequestRecord { chat, user, code, asked_at };
    match core.store.ask_to_join(&request, MAX_WAITING).await? {
        AskedToJoin::Before => return Ok(()),
        AskedToJoin::TooMany => {
            return Err(Error::Conflict("too many wait already: try again later".into()));
        }
        AskedToJoin::Now => {}
    }
    let Some(set) = members::of_chat(core, chat).await? else { return Ok(()) };
    let deciding = set.roles.iter().filter(|(_, role)| **role >= set.permissions.add_members);
    let to = deciding.map(|(user, _)| *user).collect();
    core.bus.publish(vec![Event::JoinRequested { chat, user, to }]).await?;
    Ok(())
}

/// One page of those who wait, and where to go on.
pub async fn requests(
    core: &Core,
    user: UserId,
    chat: ChatId,
    after: Option<&str>,
    limit: u32,
) -> Result<(Vec<JoinRequest>, Option<String>)> {
    require_adder(core, chat, user).await?;
    let after: Option<UserId> = after.map(cursor::read).transpose()?;
    let limit = limit.clamp(1, MAX_PAGE);
    let mut page = core.store.join_requests(chat, after, limit + 1).await?;
    let next = cursor::cut(&mut page, limit, |last| cursor::write(&last.user));
    let asking: Vec<UserId> = page.iter().map(|request| request.user).collect();
    let known = privacy::show_all(core, user, &asking).await?;
    let show = |request: JoinRequestRecord| {
        let user = known.iter().find(|user| user.id == request.user)?.clone();
        Some(JoinRequest { user, asked_at: request.asked_at })
    };
    Ok((page.into_iter().filter_map(show).collect(), next))
}

/// Once more, by whomever, it changes nothing.
pub async fn approve(core: &Core, user: UserId, chat: ChatId, asking: UserId) -> Result<()> {
    require_adder(core, chat, user).await?;
    let request = core.store.join_request(chat, asking).await?;
    let Some(request) = request else {
        let is_in = core.store.role(chat, asking).await?.is_some();
        return if is_in { Ok(()) } else { Err(Error::NotFound("request")) };
    };
    let kind = OpKind::Admit { user: asking, code: request.code };
    perform(core, op(core, chat, user, kind)).await?;
    decided(core, chat, asking, true).await
}

pub async fn decline(core: &Core, user: UserId, chat: ChatId, asking: UserId) -> Result<()> {
    require_adder(core, chat, user).await?;
    core.store.join_request(chat, asking).await?.ok_or(Error::NotFound("request"))?;
    decided(core, chat, asking, false).await
}

async fn decided(core: &Core, chat: ChatId, user: UserId, approved: bool) -> Result<()> {
    if !core.store.end_join_requests(chat, &[user]).await?.is_empty() {
        core.bus.publish(vec![Event::JoinDecided { chat, user, approved }]).await?;
    }
    Ok(())
}

/// By the store: what is decided here is not looked at again.
async fn require_adder(core: &Core, chat: ChatId, user: UserId) -> Result<Role> {
    let role = members::require_reader(core, chat, user).await?;
    let record = core.store.chat(chat).await?.ok_or(Error::NotFound("chat"))?;
    if record.r#type == ChatType::Direct {
        return Err(Error::Forbidden("a direct chat is always between the two".into()));
    }
    if role < record.permissions.add_members {
        return Err(Error::Forbidden(members::too_low(record.permissions.add_members, ADD).into()));
    }
    Ok(role)
}

fn show(invite: InviteRecord) -> Invite {
    Invite {
        uses_left: invite.uses_left(),
        code: invite.code,
        created_by: invite.created_by,
        created_at: invite.created_at,
        expires_at: invite.expires_at,
        max_uses: invite.max_uses,
        uses: invite.uses,
        requires_approval: invite.requires_approval,
    }
}
