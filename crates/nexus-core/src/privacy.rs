//! What people see of each other: decided here for every place that shows one to another.

use std::collections::{HashMap, HashSet};

use nexus_protocol::{Audience, Privacy, Receipt, Timestamp, User, UserId};

use crate::{
    Core, Result, bonds,
    ports::{Bond, DELETED_NAME, UserRecord, deleted_name},
};

/// How a viewer sees some people.
pub struct Sight {
    viewer: UserId,
    now: Timestamp,
    mine: Privacy,
    others: HashMap<UserId, (Bond, Privacy)>,
}

impl Sight {
    /// Two queries for all of them, or none.
    pub async fn of(
        core: &Core,
        viewer: UserId,
        users: impl IntoIterator<Item = UserId>,
    ) -> Result<Sight> {
        let mut asked: Vec<UserId> = users.into_iter().filter(|user| *user != viewer).collect();
        let bonds = bonds::of(core, viewer, &asked).await?;
        let mut others: HashMap<UserId, (Bond, Privacy)> = HashMap::new();
        asked.push(viewer);
        let mut privacy = bonds::privacy_of(core, &asked).await?;
        let mine = privacy.remove(&viewer).unwrap_or_default();
        for (user, bond) in asked.into_iter().zip(bonds) {
            others.insert(user, (bond, privacy.get(&user).copied().unwrap_or_default()));
        }
        Ok(Sight { viewer, now: core.clock.now(), mine, others })
    }

    fn between(&self, user: UserId) -> (Bond, Privacy) {
        self.others.get(&user).copied().unwrap_or_default()
    }

    /// Whether somebody is there, and when they were last: seen by those who let it be seen.
    pub fn sees_presence(&self, user: UserId) -> bool {
        let (bond, theirs) = self.between(user);
        user == self.viewer
            || !bond.is_barred()
                && lets_see(theirs.last_seen, bond.is_had)
                && lets_see(self.mine.last_seen, bond.has)
    }

    fn sees(&self, user: UserId, what: impl Fn(&Privacy) -> Audience) -> bool {
        let (bond, theirs) = self.between(user);
        user == self.viewer || !bond.is_blocked && lets_see(what(&theirs), bond.is_had)
    }

    pub fn is_barred(&self, user: UserId) -> bool {
        self.between(user).0.is_barred()
    }

    /// Whether the other is to be found by the viewer.
    pub fn finds(&self, user: UserId) -> bool {
        !self.between(user).0.is_blocked
    }

    pub fn show(&self, record: UserRecord) -> User {
        let id = record.id;
        let (bond, _) = self.between(id);
        let sees_about = self.sees(id, |privacy| privacy.about);
        // Whoever was sent away looks as if they had been away for long.
        let sees_time = self.sees_presence(id) && !record.is_away(self.now);
        let is_deleted = record.is_gone();
        User {
            id,
            // It is held for a while, for nobody.
            username: if is_deleted { deleted_name(id) } else { record.username },
            display_name: if is_deleted { DELETED_NAME.to_owned() } else { record.display_name },
            about: if sees_about && !is_deleted { record.about } else { String::new() },
            avatar: None,
            last_seen_at: record.last_seen_at.filter(|_| sees_time),
            is_contact: bond.has,
            is_blocked: bond.blocks,
            is_deleted,
        }
    }
}

fn lets_see(audience: Audience, knows: bool) -> bool {
    match audience {
        Audience::Everyone => true,
        Audience::Contacts => knows,
        Audience::Nobody => false,
    }
}

/// These people as the viewer sees them, in the same order.
pub async fn show_to(core: &Core, viewer: UserId, records: Vec<UserRecord>) -> Result<Vec<User>> {
    let sight = Sight::of(core, viewer, records.iter().map(|record| record.id)).await?;
    Ok(records.into_iter().map(|record| sight.show(record)).collect())
}

/// Likewise by their ids; those that are gone are left out.
pub async fn show_all(core: &Core, viewer: UserId, ids: &[UserId]) -> Result<Vec<User>> {
    let records = core.store.users(ids).await?;
    let mut known: HashMap<UserId, User> =
        show_to(core, viewer, records).await?.into_iter().map(|user| (user.id, user)).collect();
    Ok(ids.iter().filter_map(|id| known.remove(id)).collect())
}

/// What people let each other know of what they have read: what both let the other know.
pub struct Readers {
    is_open: bool,
    hidden: HashSet<UserId>,
}

impl Readers {
    pub async fn of(
        core: &Core,
        viewer: UserId,
        users: impl IntoIterator<Item = UserId>,
    ) -> Result<Readers> {
        let mut users: Vec<UserId> = users.into_iter().chain([viewer]).collect();
        users.sort_unstable();
        users.dedup();
        let privacy = bonds::privacy_of(core, &users).await?;
        Readers::among(core, viewer, users, &privacy).await
    }

    /// As [`Readers::of`], where it is known what they let others see.
    pub async fn among(
        core: &Core,
        viewer: UserId,
        users: impl IntoIterator<Item = UserId>,
        privacy: &HashMap<UserId, Privacy>,
    ) -> Result<Readers> {
        let audience = |user: &UserId| privacy.get(user).copied().unwrap_or_default().read_receipts;
        let mine = audience(&viewer);
        let (mut hidden, mut unsure) = (HashSet::new(), Vec::new());
        for user in users.into_iter().filter(|user| *user != viewer) {
            match (mine, audience(&user)) {
                (Audience::Everyone, Audience::Everyone) => {}
                (Audience::Nobody, _) | (_, Audience::Nobody) => {
                    hidden.insert(user);
                }
                _ => unsure.push(user),
            }
        }
        let bonds = bonds::of(core, viewer, &unsure).await?;
        let veiled = unsure.into_iter().zip(bonds).filter(|(user, bond)| {
            !lets_see(mine, bond.has) || !lets_see(audience(user), bond.is_had)
        });
        hidden.extend(veiled.map(|(user, _)| user));
        Ok(Readers { is_open: mine == Audience::Everyone, hidden })
    }

    /// Whether the viewer and this user may know what the other has read.
    pub fn tell(&self, user: UserId) -> bool {
        !self.hidden.contains(&user)
    }

    /// Whether that holds of all of them, and would of anybody else who tells as freely.
    pub fn tell_all(&self) -> bool {
        self.is_open && self.hidden.is_empty()
    }

    pub fn veil(&self, receipts: &mut [Receipt]) {
        for receipt in receipts {
            if !self.tell(receipt.user_id) {
                receipt.read_seq = 0;
            }
        }
    }
}
