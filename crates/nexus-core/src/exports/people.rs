//! Whoever is named in an export, as everybody sees them.

use std::collections::HashSet;

use nexus_protocol::{SystemEvent, UserId};
use serde::Serialize;

use super::archive::Archive;
use crate::{
    Core, Result,
    ports::{DELETED_NAME, StoredMessage, UserRecord},
};

const PAGE: usize = 200;

/// Ids only: names are looked up when all are known.
#[derive(Default)]
pub struct People(HashSet<UserId>);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    id: UserId,
    username: Option<String>,
    display_name: String,
}

impl Named {
    fn new(record: UserRecord) -> Named {
        match record.is_gone() {
            true => Named { id: record.id, username: None, display_name: DELETED_NAME.to_owned() },
            false => Named {
                id: record.id,
                username: Some(record.username),
                display_name: record.display_name,
            },
        }
    }
}

impl People {
    pub fn add(&mut self, user: UserId) {
        self.0.insert(user);
    }

    pub fn add_of(&mut self, stored: &StoredMessage) {
        let message = &stored.message;
        self.0.insert(message.sender_id);
        self.0.extend(&message.mentions);
        self.0.extend(message.reply_to.as_ref().map(|quoted| quoted.sender_id));
        self.0.extend(stored.reactors.iter().flat_map(|(_, users)| users));
        match &message.system {
            Some(SystemEvent::MembersAdded { user_ids }) => self.0.extend(user_ids),
            Some(
                SystemEvent::MemberRemoved { user_id }
                | SystemEvent::RoleChanged { user_id, .. }
                | SystemEvent::OwnershipTransferred { user_id },
            ) => {
                self.0.insert(*user_id);
            }
            _ => {}
        }
    }

    pub async fn write(self, core: &Core, archive: &mut Archive<'_>) -> Result<()> {
        let mut ids: Vec<UserId> = self.0.into_iter().collect();
        ids.sort_unstable();
        archive.file("people.ndjson")?;
        for ids in ids.chunks(PAGE) {
            let mut found = core.store.users(ids).await?;
            found.sort_unstable_by_key(|user| user.id);
            for user in found {
                archive.line(&Named::new(user)).await?;
            }
        }
        Ok(())
    }
}
