//! `nexus admin reports`

use nexus_core::{reports, staff::Order};
use nexus_protocol::Report;
use serde_json::{Value, json};

use super::{Ended, print, refused, table};
use crate::cli::{Reports, ResolveReport};

pub async fn run(order: &Order<'_>, command: Reports) -> anyhow::Result<Ended> {
    match command {
        Reports::List { state, limit, output } => {
            let found = order.store.reports(state, None, limit).await?;
            match output.json {
                true => print(&serde_json::to_string_pretty(&json!({ "reports": found }))?)?,
                false if found.is_empty() => print("no reports")?,
                false => print(&listed(&found))?,
            }
            Ok(Ended::Well)
        }
        Reports::Show { id } => match reports::get_by_operator(order, id).await {
            Ok(report) => {
                print(&serde_json::to_string_pretty(&report)?)?;
                Ok(Ended::Well)
            }
            Err(err) => refused(err, &id.to_string()),
        },
        Reports::Resolve(ResolveReport { id, action, reason, until, note }) => {
            let req = nexus_protocol::ResolveReport { action, note, reason, until };
            match reports::resolve_by_operator(order, id, req).await {
                Ok(()) => {
                    print(&format!("report {id} is resolved"))?;
                    Ok(Ended::Well)
                }
                Err(err) => refused(err, &id.to_string()),
            }
        }
    }
}

fn listed(reports: &[Report]) -> String {
    let titles = ["ID", "STATE", "SINCE", "ABOUT", "BY", "WHY"];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    rows.extend(reports.iter().map(|report| {
        let subject = json!(report.subject);
        let mut reasons: Vec<Value> =
            report.complaints.iter().map(|complaint| json!(complaint.reason)).collect();
        reasons.dedup();
        let reasons: Vec<&str> = reasons.iter().filter_map(Value::as_str).collect();
        vec![
            report.id.to_string(),
            report.state.as_str().to_owned(),
            report.created_at.to_string(),
            format!("{} {}", word(&subject["kind"]), word(&subject["id"])),
            report.complaints.len().to_string(),
            reasons.join(", "),
        ]
    }));
    table(&rows)
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
