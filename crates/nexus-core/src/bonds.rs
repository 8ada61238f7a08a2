//! What lies between two people and what each lets others see, remembered from the last look so that
//! a message, a receipt or a name on a page costs no query.
//!
//! Forgotten when an event says that it changed, and after a minute whatever was heard: an event may
//! die with the node that had it to tell.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use nexus_protocol::{Privacy, Timestamp, UserChange, UserId};
use parking_lot::Mutex;

use crate::{
    Core, Error, Result,
    deletion::GONE,
    members::MemberSet,
    ports::{Bond, Event},
};

const REMEMBERED: Duration = Duration::from_secs(60);
/// Beyond this many of a kind all are forgotten: simpler than ageing, and rare.
const MAX_REMEMBERED: usize = 100_000;

/// What this node knows of people.
#[derive(Default)]
pub struct Bonds {
    /// The lower id first, as this one sees it.
    bonds: Mutex<HashMap<(UserId, UserId), (Timestamp, Bond)>>,
    privacy: Mutex<HashMap<UserId, (Timestamp, Privacy)>>,
    /// Whether somebody's account was deleted.
    gone: Mutex<HashMap<UserId, (Timestamp, bool)>>,
    /// Grows with each `forget`: what was loaded before is not kept after.
    forgotten: AtomicU64,
}

impl Bonds {
    pub fn forget(&self, [one, other]: [UserId; 2]) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.bonds.lock().remove(&pair(one, other));
    }

    pub fn forget_privacy(&self, user: UserId) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.privacy.lock().remove(&user);
        self.gone.lock().remove(&user);
    }

    pub fn forget_all(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.bonds.lock().clear();
        self.privacy.lock().clear();
        self.gone.lock().clear();
    }
}

fn pair(one: UserId, other: UserId) -> (UserId, UserId) {
    (one.min(other), one.max(other))
}

/// Between the user and each of the others, in their order.
pub async fn of(core: &Core, user: UserId, others: &[UserId]) -> Result<Vec<Bond>> {
    let turned = |other: UserId, bond: Bond| if user <= other { bond } else { bond.turned() };
    let now = core.clock.now();
    let keys = others.iter().map(|other| pair(user, *other));
    let (mut found, missing) = recall(&core.bonds.bonds, keys, now);
    if !missing.is_empty() {
        let before = core.bonds.forgotten.load(Ordering::SeqCst);
        let asked: Vec<UserId> =
            missing.iter().map(|(a, b)| if *a == user { *b } else { *a }).collect();
        let loaded = core.store.bonds(user, &asked).await?;
        let loaded = asked.into_iter().zip(loaded);
        let loaded = loaded.map(|(other, bond)| (pair(user, other), turned(other, bond))).collect();
        remember(core, &core.bonds.bonds, before, &loaded);
        found.extend(loaded);
    }
    let bond = |other: &UserId| {
        turned(*other, found.get(&pair(user, *other)).copied().unwrap_or_default())
    };
    Ok(others.iter().map(bond).collect())
}

/// What each of these lets others see.
pub async fn privacy_of(core: &Core, users: &[UserId]) -> Result<HashMap<UserId, Privacy>> {
    let (mut found, missing) = recall(&core.bonds.privacy, users.iter().copied(), core.clock.now());
    if !missing.is_empty() {
        let before = core.bonds.forgotten.load(Ordering::SeqCst);
        let mut loaded: HashMap<UserId, Privacy> =
            missing.iter().map(|user| (*user, Privacy::default())).collect();
        let chosen = core.store.settings_of(&missing).await?;
        loaded.extend(chosen.into_iter().map(|(user, settings)| (user, settings.privacy)));
        remember(core, &core.bonds.privacy, before, &loaded);
        found.extend(loaded);
    }
    Ok(found)
}

/// What is known, and what is to be asked for.
fn recall<K: Copy + Eq + Hash, V: Copy>(
    known: &Mutex<HashMap<K, (Timestamp, V)>>,
    keys: impl Iterator<Item = K>,
    now: Timestamp,
) -> (HashMap<K, V>, Vec<K>) {
    let known = known.lock();
    let (mut found, mut missing) = (HashMap::new(), Vec::new());
    for key in keys {
        match known.get(&key) {
            Some((at, value)) if now < at.plus(REMEMBERED) => {
                found.insert(key, *value);
            }
            _ if missing.contains(&key) => {}
            _ => missing.push(key),
        }
    }
    (found, missing)
}

fn remember<K: Copy + Eq + Hash, V: Copy>(
    core: &Core,
    known: &Mutex<HashMap<K, (Timestamp, V)>>,
    before: u64,
    loaded: &HashMap<K, V>,
) {
    let now = core.clock.now();
    let mut known = known.lock();
    if core.bonds.forgotten.load(Ordering::SeqCst) != before {
        return;
    }
    if known.len() + loaded.len() > MAX_REMEMBERED {
        known.clear();
    }
    known.extend(loaded.iter().map(|(key, value)| (*key, (now, *value))));
}

/// One has changed something between the two: here it counts at once, elsewhere in a moment.
pub(crate) async fn changed(
    core: &Core,
    user: UserId,
    other: UserId,
    change: UserChange,
) -> Result<()> {
    let users = [user, other];
    core.bonds.forget(users);
    Ok(core.bus.publish(vec![Event::Own { user, change }, Event::BondChanged { users }]).await?)
}

/// The other one of a direct chat.
pub fn peer(chat: &MemberSet, user: UserId) -> Option<UserId> {
    if chat.r#type != nexus_protocol::ChatType::Direct {
        return None;
    }
    chat.roles.keys().copied().find(|member| *member != user)
}

/// In a group, blocks count for nothing: all its members are heard by all.
pub async fn require_open(core: &Core, user: UserId, chat: &MemberSet) -> Result<()> {
    let Some(peer) = peer(chat, user) else { return Ok(()) };
    match of(core, user, &[peer]).await?.first() {
        Some(bond) if bond.blocks => Err(Error::Forbidden("unblock this person first".into())),
        Some(bond) if bond.is_blocked => Err(Error::Forbidden(NOT_TAKEN.into())),
        _ if is_gone(core, peer).await? => Err(Error::Gone(GONE.into())),
        _ => Ok(()),
    }
}

async fn is_gone(core: &Core, user: UserId) -> Result<bool> {
    let (mut found, missing) = recall(&core.bonds.gone, [user].into_iter(), core.clock.now());
    if !missing.is_empty() {
        let before = core.bonds.forgotten.load(Ordering::SeqCst);
        let gone = core.store.user(user).await?.is_none_or(|user| user.is_gone());
        let loaded = HashMap::from([(user, gone)]);
        remember(core, &core.bonds.gone, before, &loaded);
        found.extend(loaded);
    }
    Ok(found.get(&user).copied().unwrap_or_default())
}

/// Whether a block stands between the user and the other one of the chat, if it is direct.
pub async fn is_barred(core: &Core, user: UserId, chat: &MemberSet) -> Result<bool> {
    let Some(peer) = peer(chat, user) else { return Ok(false) };
    Ok(of(core, user, &[peer]).await?.first().is_some_and(|bond| bond.is_barred()))
}

/// What a sender learns of a block. Silence would leave a message that is neither sent nor failed.
pub const NOT_TAKEN: &str = "this person doesn't take messages from you";
