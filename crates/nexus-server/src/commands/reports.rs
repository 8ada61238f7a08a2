//! `nexus admin reports`

use nexus_core::ports::Store;
use nexus_protocol::Report;
use serde_json::{Value, json};

use super::{Ended, print, table};
use crate::cli::Reports;

pub async fn run(store: &dyn Store, command: Reports) -> anyhow::Result<Ended> {
    match command {
        Reports::List { state, limit, output } => {
            let found = store.reports(state, None, limit).await?;
            match output.json {
                true => print(&serde_json::to_string_pretty(&json!({ "reports": found }))?)?,
                false if found.is_empty() => print("no reports")?,
                false => print(&listed(&found))?,
            }
            Ok(Ended::Well)
        }
        Reports::Show { id } => match store.report(id).await? {
            Some(report) => {
                print(&serde_json::to_string_pretty(&report)?)?;
                Ok(Ended::Well)
            }
            None => {
                print(&format!("there is no report {id}"))?;
                Ok(Ended::Badly)
            }
        },
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
