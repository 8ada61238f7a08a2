//! What the log says, done to messages, members and chats. Twice, or late, it does nothing: each
//! document knows the number of what it was made by and takes only later ones.

use std::collections::{BTreeMap, HashMap};

use bson::{Bson, Document, Uuid, doc};
use mongodb::ClientSession;
use nexus_core::ports::ChatRecord;
use nexus_protocol::{ChatId, ChatType};

use crate::{
    MongoDatabase, bulk,
    columns::{time, uuid},
    log::{Effect, Entry, InviteEffect, MemberEffect, MembershipChange},
    records::ChatDocument,
    run::Result,
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
    apply.last_sent(entries).await?;
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
        if effect.begins {
            self.update("chats", vec![create(entry, effect)?]).await?;
        }
        let leaving: Vec<Uuid> = effect
            .members
            .iter()
            .filter(|member| member.change.is_leaving())
            .map(|member| member.user)
            .collect();
        let members = effect.members.iter().map(|member| membership(entry, member));
        self.update("members", members.collect::<Result<_>>()?).await?;
        if let Some(InviteEffect { code, uses }) = &effect.invite {
            let counted = bulk::one(
                doc! { "_id": code, "rev": { "$lt": entry.rev } },
                doc! { "$set": { "uses": uses, "rev": entry.rev } },
            );
            self.update("invites", vec![counted]).await?;
        }
        // After they have left: what they noted in between goes too.
        user_changes::forget(self.database, entry.chat, &leaving, entry.seq).await
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
            let state = bson::serialize_to_bson(&entry.state)?;
            let mut set = doc! { "changedRev": entry.rev, "state": state };
            let mut change = Document::new();
            match entry.next_due_at {
                Some(at) => drop(set.insert("dueAt", at)),
                None => drop(change.insert("$unset", doc! { "dueAt": "" })),
            }
            change.insert("$set", set);
            let earlier = doc! { "_id": entry.target, "changedRev": { "$lt": entry.rev } };
            Ok(bulk::one(earlier, change))
        });
        self.update("messages", targets.collect::<Result<_>>()?).await?;
        let unquoted = entries.iter().filter(|entry| entry.unquoted && !entry.erased);
        self.update("messages", unquoted.map(unquote).collect()).await?;
        let erased: Vec<&Entry> = entries.iter().filter(|entry| entry.erased).collect();
        if !erased.is_empty() {
            self.update("messages", erased.iter().map(|entry| scrub(entry)).collect()).await?;
            self.update("searchWords", erased.iter().map(|entry| search::forget(entry)).collect())
                .await?;
        }
        Ok(())
    }

    async fn last_sent(&mut self, entries: &[Entry]) -> Result<()> {
        let slow = entries.iter().filter(|entry| entry.in_slow_mode);
        let marks = slow.map(|entry| {
            doc! {
                "q": { "chat": entry.chat, "user": entry.sender, "rev": { "$lt": entry.rev } },
                "u": { "$set": {
                    "rev": entry.rev, "queuedAt": entry.queued_at,
                    "committedAt": entry.committed_at,
                } },
                "upsert": true,
            }
        });
        self.update("last_sent", marks.collect()).await.map(|_| ())
    }

    /// Last, so that a chat never says it has what it has not.
    async fn chats(&mut self, entries: &[Entry]) -> Result<Met> {
        let mut chats: HashMap<Uuid, Ahead> = HashMap::new();
        for entry in entries {
            chats.entry(entry.chat).or_default().go_on(entry)?;
        }
        let wanted = chats.len();
        let updates = chats.into_iter().map(|(chat, ahead)| {
            bulk::one(
                doc! { "_id": chat, "lastRev": { "$lt": ahead.rev }, "deleted": Bson::Null },
                doc! { "$set": ahead.set, "$max": ahead.max },
            )
        });
        let met = self.update("chats", updates.collect()).await?;
        Ok(if met == wanted { Met::All } else { Met::Some })
    }

    /// Answers how many statements met a document.
    async fn update(&mut self, collection: &str, statements: Vec<Document>) -> Result<usize> {
        bulk::update_once(self.database, self.session, collection, statements).await
    }
}

/// How a chat's document goes on.
#[derive(Default)]
struct Ahead {
    rev: i64,
    set: Document,
    max: Document,
}

impl Ahead {
    fn go_on(&mut self, entry: &Entry) -> Result<()> {
        self.rev = entry.rev;
        self.set.extend(doc! { "lastRev": entry.rev, "dirty": 1_i64 });
        if entry.seq > 0 {
            self.set.insert("lastSeq", entry.seq);
            self.max.insert("activeAt", entry.committed_at);
        }
        if let Some(effect) = &entry.effect {
            let permissions = bson::serialize_to_bson(&effect.permissions)?;
            self.set.extend(doc! {
                "title": &effect.title, "about": &effect.about,
                "memberCount": effect.member_count, "permissions": permissions,
                "slowModeSecs": effect.slow_mode_secs,
                "historyVisible": bson::serialize_to_bson(&effect.history_visible)?,
                "disappearAfterSecs": effect.disappear_after_secs,
            });
        }
        Ok(())
    }
}

fn create(entry: &Entry, effect: &Effect) -> Result<Document> {
    let chat = ChatDocument::new(&ChatRecord {
        id: ChatId(uuid(entry.chat)),
        r#type: ChatType::Group,
        title: effect.title.clone(),
        about: effect.about.clone(),
        created_at: time(entry.created_at),
        permissions: effect.permissions,
        slow_mode_secs: 0,
        history_visible: effect.history_visible,
        disappear_after_secs: None,
        member_count: 0,
        last_seq: 0,
        last_rev: 0,
    });
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
                "historyFrom": member.history_from.unwrap_or(1),
                "deliveredSeq": before, "readSeq": before, "movedAt": entry.committed_at,
                "pinned": false, "archived": false,
            });
            unset = marks;
            unset.extend(doc! { "leftAt": "", "leftSeq": "", "quietFrom": "", "quietTo": "" });
        }
        MembershipChange::Leave | MembershipChange::Removal => {
            set.extend(doc! {
                "removed": member.change == MembershipChange::Removal,
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

/// Nor of words that it quoted.
fn unquote(change: &Entry) -> Document {
    let earlier = doc! {
        "target": change.target, "rev": { "$lt": change.rev }, "state.replyTo": { "$ne": Bson::Null },
    };
    bulk::all(earlier, doc! { "$set": { "state.replyTo.preview": "" } })
}

/// Nothing of an erased message's texts stays in the changes it had.
fn scrub(erasure: &Entry) -> Document {
    let texts = doc! {
        "former": "", "state.content": "", "state.replyTo": "", "state.mentions": "",
        "state.reactors": "",
    };
    let earlier = doc! { "target": erasure.target, "rev": { "$lt": erasure.rev } };
    bulk::all(earlier, doc! { "$unset": texts })
}
