//! The audit log: append-only, each entry chained to the one before by its hash.
//!
//! Whoever changes, takes out or moves an entry breaks the chain from there on, unless they write all
//! that follows anew; then the hash of any later entry that somebody has kept (an export) differs.

use aws_lc_rs::digest;
use nexus_protocol::{
    AuditAction, AuditActor, AuditEntries, AuditEntry, AuditTarget, MAX_PAGE, Timestamp,
};
use serde_json::{Value, json};

use crate::{
    Core, Result, cursor,
    ports::{AuditFilter, AuditStore, NewEntry, PortError, Store},
    staff::{Power, Staff},
};

/// What the first entry is chained to.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// How many entries are read at a time.
const PAGE: u32 = 500;

/// Note it before it is done: nothing is done that the log does not know.
pub async fn note(
    core: &Core,
    actor: AuditActor,
    action: AuditAction,
    target: Option<AuditTarget>,
    detail: Value,
) -> Result<()> {
    note_in(&*core.store, core.clock.now(), actor, action, target, detail).await
}

/// For whoever has a store and no node.
pub async fn note_in(
    store: &dyn Store,
    at: Timestamp,
    actor: AuditActor,
    action: AuditAction,
    target: Option<AuditTarget>,
    detail: Value,
) -> Result<()> {
    let entry = NewEntry { at, actor, action, target, detail };
    let entry = store.append_audit(&entry).await?;
    tracing::info!(number = entry.number, action = action.as_str(), ?actor, "audit");
    Ok(())
}

/// Whether the log says of `actor`, or else of anybody, that this was done.
pub(crate) async fn is_noted(
    store: &dyn Store,
    actor: Option<AuditActor>,
    action: AuditAction,
    target: AuditTarget,
) -> Result<bool> {
    let filter = AuditFilter {
        actor: actor.and_then(AuditActor::user),
        action: Some(action),
        target: Some(target.id),
    };
    let found = store.audit_page(&filter, None, PAGE).await?;
    Ok(found.iter().any(|entry| actor.is_none_or(|actor| actor == entry.actor)))
}

/// Gives an entry its place after `last`.
pub fn seal(last: Option<&AuditEntry>, new: &NewEntry) -> AuditEntry {
    let mut entry = AuditEntry {
        number: last.map_or(1, |last| last.number + 1),
        at: new.at,
        actor: new.actor,
        action: new.action,
        target: new.target,
        detail: new.detail.clone(),
        previous: last.map_or_else(|| BEGINNING.to_owned(), |last| last.hash.clone()),
        hash: String::new(),
    };
    entry.hash = hash(&entry);
    entry
}

fn hash(entry: &AuditEntry) -> String {
    let told = json!({
        "number": entry.number,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "target": entry.target,
        "detail": entry.detail,
    });
    let text = format!("{}{}", entry.previous, canonical(&told));
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Keys in order, no spaces: the same text for the same value, whoever writes it.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            let written = fields
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), canonical(value)));
            format!("{{{}}}", written.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

/// Follows the chain, entry by entry.
#[derive(Debug, Default)]
pub struct Verifier {
    last: Option<(u64, String)>,
    /// Up to here there is nothing, and no entry has said so yet: the number, and what it was.
    untold: Option<(u64, String)>,
}

/// Where the chain breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    #[error("entry {number} was changed: its hash is not that of what it says")]
    Changed { number: u64 },
    #[error("entry {expected} is missing, or stands elsewhere: entry {found} is in its place")]
    Misplaced { expected: u64, found: u64 },
    #[error("entry {number} does not follow from the one before it: one of them was replaced")]
    Replaced { number: u64 },
}

impl Verifier {
    pub fn next(&mut self, entry: &AuditEntry) -> Result<(), Break> {
        let (number, previous) = match &self.last {
            Some((number, hash)) => (number + 1, hash.as_str()),
            // Old entries may be gone; then a later one says which was the last of them.
            None if entry.number > 1 => {
                self.untold = Some((entry.number - 1, entry.previous.clone()));
                (entry.number, entry.previous.as_str())
            }
            None => (1, BEGINNING),
        };
        if entry.number != number {
            return Err(Break::Misplaced { expected: number, found: entry.number });
        }
        if hash(entry) != entry.hash {
            return Err(Break::Changed { number });
        }
        if entry.previous != previous {
            return Err(Break::Replaced { number });
        }
        self.last = Some((number, entry.hash.clone()));
        self.untold.take_if(|(number, hash)| tells_of(entry, *number, hash));
        Ok(())
    }

    /// Whether the log itself tells of what is not in it any more.
    pub fn beginning(&self) -> Result<(), Break> {
        match &self.untold {
            Some((number, _)) => Err(Break::Misplaced { expected: 1, found: number + 1 }),
            None => Ok(()),
        }
    }

    /// How many entries there were, and the hash of the last.
    pub fn end(&self) -> (u64, &str) {
        self.last.as_ref().map_or((0, BEGINNING), |(number, hash)| (*number, hash.as_str()))
    }
}

/// Whether it says that all up to this one were taken out because of their age.
fn tells_of(entry: &AuditEntry, number: u64, hash: &str) -> bool {
    let up_to = entry.detail["auditUpTo"].as_u64();
    entry.action == AuditAction::RetentionApplied
        && up_to.is_some_and(|up_to| {
            up_to > number || up_to == number && entry.detail["auditHash"] == hash
        })
}

/// Hands out all entries, the oldest first.
pub async fn each<E: From<crate::Error>>(
    store: &dyn AuditStore,
    mut take: impl FnMut(AuditEntry) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let mut after = 0;
    loop {
        let page = store.audit_after(after, PAGE).await.map_err(crate::Error::from)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.number;
        page.into_iter().try_for_each(&mut take)?;
    }
}

/// All of it goes out, by [`lines`]: who takes it is noted.
pub async fn export(core: &Core, staff: &Staff) -> Result<()> {
    staff.require(core, Power::ExportAudit).await?;
    note(core, staff.actor(), AuditAction::AuditExported, None, json!({})).await
}

/// Some entries above the number `after`, a JSON object a line, and where to go on; `None` after the
/// last.
pub async fn lines(core: &Core, after: u64) -> Result<Option<(String, u64)>> {
    let page = core.store.audit_after(after, PAGE).await?;
    let Some(last) = page.last() else { return Ok(None) };
    let mut text = String::new();
    for entry in &page {
        let line = serde_json::to_string(entry);
        text.push_str(&line.map_err(|err| PortError::new("write an audit entry", err))?);
        text.push('\n');
    }
    Ok(Some((text, last.number)))
}

/// One page, the newest first.
pub async fn page(
    core: &Core,
    staff: &Staff,
    filter: &AuditFilter,
    cursor: Option<&str>,
    limit: u32,
) -> Result<AuditEntries> {
    staff.require(core, Power::ReadAudit).await?;
    let before = cursor.map(cursor::read).transpose()?;
    let limit = limit.clamp(1, MAX_PAGE);
    let mut entries = core.store.audit_page(filter, before, limit + 1).await?;
    let next_cursor = cursor::cut(&mut entries, limit, |last| cursor::write(&last.number));
    Ok(AuditEntries { entries, next_cursor })
}
