//! `nexus admin announcements`

use nexus_core::{announcements, staff::Order};
use nexus_protocol::{AnnouncementRecord, MakeAnnouncement, Timestamp};
use serde_json::json;

use super::{Ended, print, refused, table};
use crate::cli::Announcements;

pub async fn run(order: &Order<'_>, command: Announcements) -> anyhow::Result<Ended> {
    match command {
        Announcements::List { limit, output } => {
            let found = order.store.announcements(None, limit).await?;
            match output.json {
                true => print(&serde_json::to_string_pretty(&json!({ "announcements": found }))?)?,
                false if found.is_empty() => print("no announcements")?,
                false => print(&listed(&found, order.at))?,
            }
        }
        Announcements::Make { content, level, until } => {
            let req = MakeAnnouncement { content, level, until };
            match announcements::make_by_operator(order, req).await {
                Ok(made) => print(&format!("announced: {}", made.id))?,
                Err(err) => return refused(err, ""),
            }
        }
        Announcements::Withdraw { id } => {
            match announcements::withdraw_by_operator(order, id).await {
                Ok(()) => print(&format!("withdrawn: {id}"))?,
                Err(err) => return refused(err, &id.to_string()),
            }
        }
    }
    Ok(Ended::Well)
}

fn listed(announcements: &[AnnouncementRecord], now: Timestamp) -> String {
    let titles = ["ID", "SINCE", "UNTIL", "LEVEL", "FOR", "WHAT"];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    rows.extend(announcements.iter().map(|one| {
        let end = one.withdrawn_at.or(one.until).map_or("-".to_owned(), |at| at.to_string());
        vec![
            one.id.to_string(),
            one.created_at.to_string(),
            if one.holds(now) { end } else { format!("{end}, over") },
            format!("{:?}", one.level).to_lowercase(),
            one.to.map_or("everybody".to_owned(), |user| user.to_string()),
            one.content.lines().next().unwrap_or_default().to_owned(),
        ]
    }));
    table(&rows)
}
