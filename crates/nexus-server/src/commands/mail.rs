//! `nexus admin mail`

use nexus_core::ports::{Store, Suppression};
use serde_json::json;

use super::{Ended, print, table};
use crate::cli::Suppressions;

pub async fn run(store: &dyn Store, command: Suppressions) -> anyhow::Result<Ended> {
    match command {
        Suppressions::List { after, limit, output } => {
            let found = store.suppressions(after.as_deref(), limit).await?;
            match output.json {
                true => {
                    let all: Vec<_> = found.iter().map(as_json).collect();
                    print(&serde_json::to_string_pretty(&json!({ "suppressions": all }))?)?;
                }
                false if found.is_empty() => print("no address is suppressed")?,
                false => print(&listed(&found))?,
            }
            Ok(Ended::Well)
        }
        Suppressions::Remove { address } => {
            if store.lift_suppression(&address.trim().to_lowercase()).await? {
                print(&format!("letters are sent to {address} again"))?;
                return Ok(Ended::Well);
            }
            print(&format!("{address} is not suppressed"))?;
            Ok(Ended::Badly)
        }
    }
}

fn listed(suppressions: &[Suppression]) -> String {
    let mut rows = vec![["ADDRESS", "WHY", "SINCE", "WHAT WAS SAID"].map(str::to_owned).to_vec()];
    rows.extend(suppressions.iter().map(|one| {
        let (why, since) = (one.reason.as_str().to_owned(), one.at.to_string());
        vec![one.address.clone(), why, since, one.detail.clone()]
    }));
    table(&rows)
}

fn as_json(one: &Suppression) -> serde_json::Value {
    json!({ "address": one.address, "reason": one.reason, "detail": one.detail, "at": one.at })
}
