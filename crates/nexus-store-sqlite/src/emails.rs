//! The address of an account, and whether its owner reads it.

use async_trait::async_trait;
use nexus_core::ports::{EmailSet, EmailStore, PortResult, lost_address};
use nexus_protocol::{OwnChange, Timestamp, UserChange, UserId};
use rusqlite::{Connection, OptionalExtension};

use crate::{SqliteStore, columns::uuid, user_changes, users};

#[async_trait]
impl EmailStore for SqliteStore {
    async fn set_email(&self, user: UserId, address: &str, at: Timestamp) -> PortResult<EmailSet> {
        let address = address.to_owned();
        self.write("change an address", move |db| {
            if users::one(db, user)?.is_none() {
                return Ok(EmailSet::Unknown);
            }
            let mut changes = Vec::new();
            match holder(db, &address)? {
                Some((other, true)) if other != user => return Ok(EmailSet::Taken),
                Some((other, false)) if other != user => {
                    changes.extend(set(db, other, &lost_address(other), false, at)?);
                }
                _ => {}
            }
            changes.extend(set(db, user, &address, true, at)?);
            Ok(EmailSet::Done(changes))
        })
        .await
    }

    async fn free_email(
        &self,
        address: &str,
        at: Timestamp,
    ) -> PortResult<Option<(UserId, UserChange)>> {
        let address = address.to_owned();
        self.write("free an address", move |db| match holder(db, &address)? {
            Some((holder, false)) => set(db, holder, &lost_address(holder), false, at),
            _ => Ok(None),
        })
        .await
    }

    async fn verify_email(
        &self,
        user: UserId,
        address: &str,
        at: Timestamp,
    ) -> PortResult<Option<Option<UserChange>>> {
        let address = address.to_owned();
        self.write("verify an address", move |db| match holder(db, &address)? {
            Some((holder, true)) if holder == user => Ok(Some(None)),
            Some((holder, false)) if holder == user => {
                Ok(Some(set(db, user, &address, true, at)?.map(|(_, change)| change)))
            }
            _ => Ok(None),
        })
        .await
    }
}

/// Who has the address, and whether it is verified.
fn holder(db: &Connection, address: &str) -> rusqlite::Result<Option<(UserId, bool)>> {
    db.prepare_cached("SELECT id, email_verified FROM users WHERE email = ?1")?
        .query_row([address], |row| Ok((UserId(uuid(row, 0)?), row.get(1)?)))
        .optional()
}

fn set(
    db: &Connection,
    user: UserId,
    address: &str,
    verified: bool,
    at: Timestamp,
) -> rusqlite::Result<Option<(UserId, UserChange)>> {
    db.prepare_cached("UPDATE users SET email = ?2, email_verified = ?3 WHERE id = ?1")?
        .execute((user.0.as_bytes(), address, verified))?;
    let account = OwnChange::Account { email: address.to_owned(), email_verified: verified };
    Ok(user_changes::note(db, user, account, at)?.map(|change| (user, change)))
}
