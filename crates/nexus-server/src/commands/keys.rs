//! `nexus admin keys`

use nexus_core::audit;
use nexus_protocol::{AuditAction, AuditActor, Timestamp};
use serde_json::json;

use super::{print, table};
use crate::{backends, cli::Keys, config::Config, keys};

pub async fn run(config: &Config, command: Keys, now: Timestamp) -> anyhow::Result<()> {
    let dir = config.key_dir();
    match command {
        Keys::List(output) => {
            let found = keys::list(&dir, now)?;
            if output.json {
                return print(&serde_json::to_string_pretty(&json!({ "keys": found }))?);
            }
            let mut rows =
                vec![vec!["KEY".to_owned(), "SIGNS FROM".to_owned(), "STATE".to_owned()]];
            rows.extend(found.iter().map(|key| {
                let state = format!("{:?}", key.state).to_lowercase();
                vec![key.kid.clone(), key.active_from.to_string(), state]
            }));
            print(&table(&rows))
        }
        Keys::Rotate(output) => {
            note(config, AuditAction::KeyRotated, now).await?;
            let kid = keys::rotate(&dir, now)?;
            print(&match output.json {
                true => json!({ "kid": kid }).to_string(),
                false => format!("{kid} signs from now on (a running server: in 15 seconds)"),
            })
        }
        Keys::Prune(output) => {
            note(config, AuditAction::KeysPruned, now).await?;
            let removed = keys::prune(&dir, now, config.auth.access_ttl())?;
            print(&match output.json {
                true => json!({ "removed": removed }).to_string(),
                false if removed.is_empty() => "no key is old enough to go".to_owned(),
                false => format!("removed {}", removed.join(", ")),
            })
        }
    }
}

/// Before it is done, like all that an operator does.
async fn note(config: &Config, action: AuditAction, now: Timestamp) -> anyhow::Result<()> {
    let store = backends::open_store(config).await?;
    let actor = AuditActor::Operator;
    Ok(audit::note_in(store.as_ref(), now, actor, action, None, json!({})).await?)
}
