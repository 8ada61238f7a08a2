//! Whom a user knows, and asking those who want to be asked.

use std::time::Duration;

use nexus_protocol::{
    AddContact, Approach, Contact, ContactRequest, MAX_PAGE, RequestDirection, RequestId, User,
    UserId,
};

use crate::{
    Core, Error, Result,
    blocks::{MAX_BONDS, require_other},
    bonds, cursor, email_tokens, limits, names,
    ports::{Asked, ContactRecord, Decided, Event, RequestRecord},
    privacy,
    validate::Findings,
};

const MAX_NICKNAME_CHARS: usize = 64;
const MAX_NOTE_CHARS: usize = 300;
/// Who was declined may ask the same person again after this.
const COOLDOWN: Duration = Duration::from_secs(30 * 24 * 3_600);

/// Adds a contact. Whoever takes messages from their own contacts only is asked to add the caller,
/// too.
pub async fn add(
    core: &Core,
    user: UserId,
    req: AddContact,
) -> Result<(Contact, Option<ContactRequest>)> {
    let nickname = nickname(req.nickname.as_deref())?;
    let note = req.note.as_deref().unwrap_or_default().trim().to_owned();
    let mut findings = Findings::default();
    findings.text("note", &note, 0, MAX_NOTE_CHARS);
    findings.done()?;
    let other = match (req.user_id, req.username) {
        (Some(other), None) => other,
        (None, Some(name)) => named(core, user, &name).await?,
        _ => return Err(Error::Malformed("give either userId or username".into())),
    };
    require_other(core, user, other).await?;
    if core.store.bond_count(user).await? >= MAX_BONDS {
        return Err(Error::Conflict("you have 10,000 contacts and blocks: remove some".into()));
    }
    let request = match core.store.waiting_request(other, user).await? {
        // Each wants the other: there is nothing to ask.
        Some(theirs) if !is_barred(core, user, other).await? => {
            befriend(core, user, theirs).await?;
            None
        }
        _ => ask(core, user, other, note).await?,
    };
    put(core, user, other, nickname.as_deref()).await?;
    Ok((get(core, user, other).await?, request))
}

/// Who blocks the caller is not to be found.
async fn named(core: &Core, user: UserId, name: &str) -> Result<UserId> {
    let name = name.trim().to_lowercase();
    let found = names::user_called(core, &name).await?.ok_or(Error::NotFound("user"))?;
    let sight = privacy::Sight::of(core, user, [found.id]).await?;
    let is_there = found.deletion.is_none() && sight.finds(found.id);
    if is_there { Ok(found.id) } else { Err(Error::NotFound("user")) }
}

fn nickname(text: Option<&str>) -> Result<Option<String>> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let mut findings = Findings::default();
    findings.name("nickname", text, MAX_NICKNAME_CHARS);
    findings.done()?;
    Ok(Some(text.to_owned()))
}

async fn put(core: &Core, user: UserId, other: UserId, nickname: Option<&str>) -> Result<()> {
    match core.store.put_contact(user, other, nickname, core.clock.now()).await? {
        Some(change) => bonds::changed(core, user, other, change).await,
        None => Ok(()),
    }
}

async fn get(core: &Core, user: UserId, other: UserId) -> Result<Contact> {
    let record = core.store.contact(user, other).await?.ok_or(Error::NotFound("contact"))?;
    show(core, user, vec![record]).await?.pop().ok_or(Error::NotFound("contact"))
}

pub async fn rename(
    core: &Core,
    user: UserId,
    other: UserId,
    name: Option<String>,
) -> Result<Contact> {
    let nickname = nickname(name.as_deref())?;
    core.store.contact(user, other).await?.ok_or(Error::NotFound("contact"))?;
    put(core, user, other, nickname.as_deref()).await?;
    get(core, user, other).await
}

pub async fn remove(core: &Core, user: UserId, other: UserId) -> Result<()> {
    match core.store.remove_contact(user, other, core.clock.now()).await? {
        Some(change) => bonds::changed(core, user, other, change).await,
        None => Ok(()),
    }
}

/// One page of the user's contacts, and where to go on.
pub async fn list(
    core: &Core,
    user: UserId,
    after: Option<&str>,
    limit: u32,
) -> Result<(Vec<Contact>, Option<String>)> {
    let after: Option<UserId> = after.map(cursor::read).transpose()?;
    let limit = limit.clamp(1, MAX_PAGE);
    let mut page = core.store.contacts(user, after, limit + 1).await?;
    let next = cursor::cut(&mut page, limit, |contact| cursor::write(&contact.other));
    Ok((show(core, user, page).await?, next))
}

async fn show(core: &Core, user: UserId, records: Vec<ContactRecord>) -> Result<Vec<Contact>> {
    let ids: Vec<UserId> = records.iter().map(|record| record.other).collect();
    let users = privacy::show_all(core, user, &ids).await?;
    let with = |record: ContactRecord| {
        let user = users.iter().find(|user| user.id == record.other)?.clone();
        Some(Contact { user, nickname: record.nickname, added_at: record.added_at })
    };
    Ok(records.into_iter().filter_map(with).collect())
}

/// Asks, where the other wants to be asked. Who is blocked asks in vain, and who was declined of late
/// sees the request wait on: neither is told.
async fn ask(
    core: &Core,
    user: UserId,
    other: UserId,
    note: String,
) -> Result<Option<ContactRequest>> {
    let theirs = bonds::privacy_of(core, &[other]).await?.remove(&other).unwrap_or_default();
    let bond = bonds::of(core, user, &[other]).await?.pop().unwrap_or_default();
    if theirs.who_can_message == Approach::Everyone || bond.is_had {
        return Ok(None);
    }
    email_tokens::require_verified(core, user).await?;
    limits::require(&core.limits, limits::Tier::ContactRequests, &user.to_string(), 1).await?;
    let now = core.clock.now();
    let id = RequestId(core.ids.uuid());
    let new = RequestRecord { id, from: user, to: other, note, created_at: now, decision: None };
    let asked = match core.store.ask(&new, now.minus(COOLDOWN)).await? {
        Asked::Before(standing) => standing,
        Asked::Now => {
            if !bond.is_barred() {
                let event = Event::ContactRequest { user: other, request: new.clone() };
                core.bus.publish(vec![event]).await?;
            }
            new
        }
    };
    Ok(Some(show_request(core, user, asked).await?))
}

/// The user whom it is about.
fn other_of(request: &RequestRecord, user: UserId) -> UserId {
    if request.from == user { request.to } else { request.from }
}

/// A contact request as one of the two sees it.
pub async fn show_request(
    core: &Core,
    user: UserId,
    request: RequestRecord,
) -> Result<ContactRequest> {
    let other = other_of(&request, user);
    let shown = privacy::show_all(core, user, &[other]).await?.pop();
    Ok(shown_request(user, request, shown.ok_or(Error::NotFound("user"))?))
}

fn shown_request(user: UserId, request: RequestRecord, other: User) -> ContactRequest {
    let direction = match request.from == user {
        true => RequestDirection::Outgoing,
        false => RequestDirection::Incoming,
    };
    ContactRequest {
        id: request.id,
        direction,
        user: other,
        note: request.note,
        accepted: request.decision.is_some_and(|decided| decided.accepted),
        created_at: request.created_at,
    }
}

/// One page of the requests to and by the user, and where to go on.
pub async fn requests(
    core: &Core,
    user: UserId,
    before: Option<&str>,
    limit: u32,
) -> Result<(Vec<ContactRequest>, Option<String>)> {
    let before: Option<RequestId> = before.map(cursor::read).transpose()?;
    let limit = limit.clamp(1, MAX_PAGE);
    let mut page = core.store.requests(user, before, limit + 1).await?;
    let next = cursor::cut(&mut page, limit, |request| cursor::write(&request.id));
    let others: Vec<UserId> = page.iter().map(|request| other_of(request, user)).collect();
    let bonds = bonds::of(core, user, &others).await?;
    let shown = privacy::show_all(core, user, &others).await?;
    let visible = page.into_iter().zip(bonds).filter(|(request, bond)| {
        // Whoever is blocked asks in vain.
        request.from == user || !bond.blocks
    });
    let with = |(request, _): (RequestRecord, _)| {
        let other = other_of(&request, user);
        let other = shown.iter().find(|one| one.id == other)?.clone();
        Some(shown_request(user, request, other))
    };
    Ok((visible.filter_map(with).collect(), next))
}

/// A request that waits for this user.
async fn incoming(core: &Core, user: UserId, id: RequestId) -> Result<RequestRecord> {
    let found = core.store.request(id).await?;
    let found = found.filter(|request| request.to == user && request.decision.is_none());
    found.ok_or(Error::NotFound("request"))
}

/// By the store: another node may have heard of it before this one.
async fn is_barred(core: &Core, user: UserId, other: UserId) -> Result<bool> {
    Ok(core.store.bonds(user, &[other]).await?.iter().any(|bond| bond.is_barred()))
}

pub async fn accept(core: &Core, user: UserId, id: RequestId) -> Result<ContactRequest> {
    let request = incoming(core, user, id).await?;
    if is_barred(core, user, request.from).await? {
        return Err(Error::NotFound("request"));
    }
    let request = befriend(core, user, request).await?;
    show_request(core, user, request).await
}

/// Each becomes the other's contact, and the one who asked is told.
async fn befriend(core: &Core, user: UserId, request: RequestRecord) -> Result<RequestRecord> {
    let (id, from) = (request.id, request.from);
    for (one, other) in [(user, from), (from, user)] {
        if core.store.contact(one, other).await?.is_none() {
            put(core, one, other, None).await?;
        }
    }
    let decided = Decided { accepted: true, at: core.clock.now() };
    let request = RequestRecord { decision: Some(decided), ..request };
    if core.store.decide_request(id, decided).await? {
        let told = Event::ContactRequest { user: from, request: request.clone() };
        core.bus.publish(vec![told]).await?;
    }
    Ok(request)
}

/// The one who asked is not told.
pub async fn decline(core: &Core, user: UserId, id: RequestId) -> Result<()> {
    incoming(core, user, id).await?;
    core.store.decide_request(id, Decided { accepted: false, at: core.clock.now() }).await?;
    Ok(())
}
