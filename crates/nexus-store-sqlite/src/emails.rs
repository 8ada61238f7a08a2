//! The address of an account, and whether its owner reads it.

use async_trait::async_trait;
use nexus_core::ports::{EmailSet, EmailStore, NewEmail, PortResult, lost_address};
use nexus_protocol::{OwnChange, Timestamp, UserChange, UserId};
use rusqlite::{Connection, OptionalExtension};

use crate::{
    SqliteStore,
    columns::{time, uuid},
    user_changes, users,
};

#[async_trait]
impl EmailStore for SqliteStore {
    async fn set_email(
        &self,
        user: UserId,
        new: &NewEmail<'_>,
        at: Timestamp,
    ) -> PortResult<EmailSet> {
        let (address, abandoned_before) = (new.address.to_owned(), new.abandoned_before);
        self.write("change an address", move |db| {
            if users::one(db, user)?.is_none() {
                return Ok(EmailSet::Unknown);
            }
            let mut changes = Vec::new();
            match holder(db, &address)? {
                Some((other, verified, since)) if other != user => {
                    if verified || since >= abandoned_before {
                        return Ok(EmailSet::Taken);
                    }
                    changes.extend(set(db, other, &lost_address(other), false, at)?);
                }
                _ => {}
            }
            changes.extend(set(db, user, &address, true, at)?);
            Ok(EmailSet::Done(changes))
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
            Some((holder, true, _)) if holder == user => Ok(Some(None)),
            Some((holder, false, _)) if holder == user => {
                Ok(Some(set(db, user, &address, true, at)?.map(|(_, change)| change)))
            }
            _ => Ok(None),
        })
        .await
    }
}

/// Who has the address, whether it is verified, and since when there is that account.
fn holder(db: &Connection, address: &str) -> rusqlite::Result<Option<(UserId, bool, Timestamp)>> {
    db.prepare_cached("SELECT id, email_verified, created_at FROM users WHERE email = ?1")?
        .query_row([address], |row| Ok((UserId(uuid(row, 0)?), row.get(1)?, time(row, 2)?)))
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
