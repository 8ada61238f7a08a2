//! The address of an account, and whether its owner reads it.
//!
//! The unique index decides who has one. What changed is noted after it has: a node that dies in
//! between leaves other devices to find out when they ask next.

use async_trait::async_trait;
use bson::{Document, doc};
use nexus_core::ports::{EmailSet, EmailStore, PortResult, lost_address};
use nexus_protocol::{OwnChange, Timestamp, UserChange, UserId};

use crate::{
    MongoDatabase, MongoStore,
    columns::{id, uuid},
    run::{Result, Turns, is_duplicate},
    user_changes,
    users::users,
};

#[async_trait]
impl EmailStore for MongoStore {
    async fn set_email(&self, user: UserId, address: &str, at: Timestamp) -> PortResult<EmailSet> {
        let address = address.to_owned();
        self.run("change an address", move |database| async move {
            set_email(&database, user, &address, at).await
        })
        .await
    }

    async fn free_email(
        &self,
        address: &str,
        at: Timestamp,
    ) -> PortResult<Option<(UserId, UserChange)>> {
        let address = address.to_owned();
        self.run("free an address", move |database| async move {
            let unverified = doc! { "email": &address, "emailVerified": false };
            match users(&database).find_one(unverified).await? {
                Some(holder) => release(&database, UserId(uuid(holder.id)), &address, at).await,
                None => Ok(None),
            }
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
        self.run("verify an address", move |database| async move {
            let theirs = doc! { "_id": id(user.0), "email": &address };
            let mut unverified = theirs.clone();
            unverified.insert("emailVerified", false);
            let verify = doc! { "$set": { "emailVerified": true } };
            let users = users(&database);
            if users.update_one(unverified, verify).await?.matched_count > 0 {
                return Ok(Some(note(&database, user, &address, true, at).await?));
            }
            Ok(users.find_one(theirs).await?.map(|_| None))
        })
        .await
    }
}

async fn set_email(
    database: &MongoDatabase,
    user: UserId,
    address: &str,
    at: Timestamp,
) -> Result<EmailSet> {
    let mut turns = Turns::default();
    let mut changes = Vec::new();
    loop {
        let holder = users(database).find_one(doc! { "email": address }).await?;
        if let Some(other) = holder.filter(|holder| holder.id != id(user.0)) {
            if other.email_verified {
                return Ok(EmailSet::Taken);
            }
            let other = UserId(uuid(other.id));
            changes.extend(release(database, other, address, at).await?);
        }
        let set = doc! { "$set": { "email": address, "emailVerified": true } };
        match users(database).update_one(doc! { "_id": id(user.0) }, set).await {
            Ok(done) if done.matched_count == 0 => return Ok(EmailSet::Unknown),
            Ok(_) => break,
            // Somebody was faster, and may have no majority yet.
            Err(error) if is_duplicate(&error) => turns.pause().await?,
            Err(error) => return Err(error.into()),
        }
    }
    let change = note(database, user, address, true, at).await?;
    changes.extend(change.map(|change| (user, change)));
    Ok(EmailSet::Done(changes))
}

/// Takes the address from who never verified it, unless that has happened meanwhile.
async fn release(
    database: &MongoDatabase,
    user: UserId,
    address: &str,
    at: Timestamp,
) -> Result<Option<(UserId, UserChange)>> {
    let unverified: Document = doc! { "_id": id(user.0), "email": address, "emailVerified": false };
    let lost = lost_address(user);
    let release = doc! { "$set": { "email": &lost } };
    if users(database).update_one(unverified, release).await?.matched_count == 0 {
        return Ok(None);
    }
    Ok(note(database, user, &lost, false, at).await?.map(|change| (user, change)))
}

async fn note(
    database: &MongoDatabase,
    user: UserId,
    address: &str,
    verified: bool,
    at: Timestamp,
) -> Result<Option<UserChange>> {
    let account = OwnChange::Account { email: address.to_owned(), email_verified: verified };
    user_changes::note(database, user, account, at).await
}
