//! `nexus admin mail`

use nexus_core::{Error, ports::Suppression, staff::Order, suppressions};
use serde_json::json;

use super::{Ended, print, table};
use crate::cli::Suppressions;

pub async fn run(order: &Order<'_>, command: Suppressions) -> anyhow::Result<Ended> {
    match command {
        Suppressions::List { after, limit, output } => {
            let found = order.store.suppressions(after.as_deref(), limit).await?;
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
            match suppressions::lift_by_operator(order, &address).await {
                Ok(()) => print(&format!("letters are sent to {address} again"))?,
                Err(Error::NotFound(_)) => {
                    print(&format!("{address} is not suppressed"))?;
                    return Ok(Ended::Badly);
                }
                Err(err) => return Err(err.into()),
            }
            Ok(Ended::Well)
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
