//! What the log says, done to messages, members and chats. Twice, or late, it does nothing: each
//! document knows the number of what it was made by and takes only later ones.

use std::collections::{BTreeMap, HashMap};

use bson::{Bson, Document, Uuid, doc};
use mongodb::ClientSession;
use nexus_protocol::ChatType;

use crate::{
    MongoDatabase,
    log::{Effect, Entry, MemberEffect, MembershipChange},
    records::ChatDocument,
    run::{DUPLICATE_KEY, Failure, Result},
    search, user_changes,
};

/// Carries `entries` out, which are in the log: of each chat all that is not applied up to the last
/// of them, in order of `rev`.
pub async fn apply(
    database: &MongoDatabase,
    session: &mut ClientSession,
    entries: &[Entry],
) -> Result<Met> {
    let mut apply = Apply { database, session };
    for entry in entries {
        if let Some(effect) = &entry.effect {
            apply.membership(entry, effect).await?;
        }
    }
    apply.changes(entries).await?;
    apply.chats(entries).await
}

/// Which of the chats took what was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    All,
    /// Others had it before, or are gone.
    Some,
}

struct Apply<'a> {
    database: &'a MongoDatabase,
    session: &'a mut ClientSession,
}

impl Apply<'_> {
    async fn membership(&mut self, entry: &Entry, effect: &Effect) -> Result<()> {
        if effect.permissions.is_some() {
            self.update("chats", vec![create(entry, effect)?]).await?;
        }
        let leaving: Vec<Uuid> = effect
            .members
            .iter()
            .filter(|member| member.change == MembershipChange::Leave)
            .map(|member| member.user)
            .collect();
        if !leaving.is_empty() {
            user_changes::forget(self.database, entry.chat, &leaving, entry.seq).await?;
        }
        let members = effect.members.iter().map(|member| membership(entry, member));
        self.update("members", members.collect::<Result<_>>()?).await?;
        Ok(())
    }

    /// Of several changes of one message the last one counts.
    async fn changes(&mut self, entries: &[Entry]) -> Result<()> {
        let mut last: BTreeMap<[u8; 16], &Entry> = BTreeMap::new();
        for entry in entries {
            if let Some(target) = entry.target {
                last.insert(target.bytes(), entry);
            }
        }
        let targets = last.values().map(|entry| {
            Ok(doc! {
                "q": { "_id": entry.target, "changedRev": { "$lt": entry.rev } },
                "u": { "$set": {
                    "changedRev": entry.rev,
                    "state": bson::serialize_to_bson(&entry.state)?,
                } },
            })
        });
        self.update("messages", targets.collect::<Result<_>>()?).await?;
        let erased: Vec<&Entry> = entries.iter().filter(|entry| entry.erased).collect();
        if !erased.is_empty() {
            self.update("messages", erased.iter().map(|entry| scrub(entry)).collect()).await?;
            self.update("searchWords", erased.iter().map(|entry| search::forget(entry)).collect())
                .await?;
        }
        Ok(())
    }

    /// Last, so that a chat never says it has what it has not.
    async fn chats(&mut self, entries: &[Entry]) -> Result<Met> {
        let mut chats: HashMap<Uuid, (Document, Document, i64)> = HashMap::new();
        for entry in entries {
            let (set, max, rev) = chats.entry(entry.chat).or_default();
            *rev = entry.rev;
            if entry.seq > 0 {
                set.insert("lastSeq", entry.seq);
                max.insert("activeAt", entry.committed_at);
            }
            if let Some(effect) = &entry.effect {
                set.insert("title", effect.title.as_str());
                set.insert("about", effect.about.as_str());
                set.insert("memberCount", effect.member_count);
            }
        }
        let wanted = chats.len();
        let updates = chats.into_iter().map(|(chat, (mut set, mut max, rev))| {
            set.insert("dirty", 1_i64);
            max.insert("lastRev", rev);
            doc! {
                "q": { "_id": chat, "lastRev": { "$lt": rev }, "deleted": Bson::Null },
                "u": { "$set": set, "$max": max },
            }
        });
        let met = self.update("chats", updates.collect()).await?;
        Ok(if met == wanted { Met::All } else { Met::Some })
    }

    /// Answers how many statements met a document.
    async fn update(&mut self, collection: &str, updates: Vec<Document>) -> Result<usize> {
        if updates.is_empty() {
            return Ok(0);
        }
        let command = doc! {
            "update": collection,
            "updates": updates,
            "ordered": false,
            "writeConcern": { "w": "majority", "j": true },
        };
        let answer = self.database.db.run_command(command).session(&mut *self.session).await?;
        check(&answer)
    }
}

/// An upsert that meets a unique index came too late: all the better.
fn check(answer: &Document) -> Result<usize> {
    if answer.contains_key("writeConcernError") {
        return Err(Failure::Unexpected("a write that no majority has"));
    }
    if let Ok(errors) = answer.get_array("writeErrors") {
        let late = |error: &Bson| {
            error
                .as_document()
                .is_some_and(|error| error.get_i32("code").is_ok_and(|code| code == DUPLICATE_KEY))
        };
        if let Some(refused) = errors.iter().find(|error| !late(error)) {
            return Err(Failure::Refused(refused.to_string()));
        }
    }
    Ok(answer.get_i32("n").ok().and_then(|n| usize::try_from(n).ok()).unwrap_or(0))
}

fn create(entry: &Entry, effect: &Effect) -> Result<Document> {
    let Some(permissions) = effect.permissions else {
        return Err(Failure::Unexpected("a chat without permissions"));
    };
    let chat = ChatDocument {
        id: entry.chat,
        r#type: ChatType::Group,
        pair: None,
        title: effect.title.clone(),
        about: effect.about.clone(),
        created_at: entry.created_at,
        permissions,
        member_count: 0,
        last_seq: 0,
        last_rev: 0,
        active_at: entry.created_at,
        dirty: None,
        indexed_rev: 0,
        indexed_position: 0,
        deleted: None,
    };
    let mut fields = bson::serialize_to_document(&chat)?;
    fields.remove("_id");
    Ok(doc! { "q": { "_id": entry.chat }, "u": { "$setOnInsert": fields }, "upsert": true })
}

fn membership(entry: &Entry, member: &MemberEffect) -> Result<Document> {
    let role = member.role.map(|role| bson::serialize_to_bson(&role)).transpose()?;
    let before = entry.seq - 1;
    let marks = doc! { "mutedUntil": "", "draft": "", "unreadFrom": "" };
    let (mut set, mut unset) = (doc! { "rev": entry.rev }, Document::new());
    match member.change {
        MembershipChange::Role => {
            set.insert("role", role);
        }
        // Watermarks begin anew, and all they had set before is forgotten.
        MembershipChange::Join => {
            set.extend(doc! {
                "role": role, "joinedAt": entry.committed_at, "joinedSeq": before,
                "deliveredSeq": before, "readSeq": before, "movedAt": entry.committed_at,
                "pinned": false, "archived": false,
            });
            unset = marks;
            unset.extend(doc! { "leftAt": "", "leftSeq": "" });
        }
        MembershipChange::Leave => {
            set.extend(doc! {
                "leftAt": entry.committed_at, "leftSeq": entry.seq,
                "pinned": false, "archived": false,
            });
            unset = marks;
        }
    }
    let mut change = doc! { "$set": set };
    if !unset.is_empty() {
        change.insert("$unset", unset);
    }
    Ok(doc! {
        "q": { "chat": entry.chat, "user": member.user, "rev": { "$lt": entry.rev } },
        "u": change,
        "upsert": member.change == MembershipChange::Join,
    })
}

/// Nothing of an erased message's texts stays in the changes it had.
fn scrub(erasure: &Entry) -> Document {
    doc! {
        "q": { "target": erasure.target, "rev": { "$lt": erasure.rev } },
        "u": { "$unset": {
            "former": "", "state.content": "", "state.replyTo": "", "state.mentions": "",
            "state.reactors": "",
        } },
        "multi": true,
    }
}
