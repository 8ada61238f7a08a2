//! `nexus admin queues`

use nexus_core::ports::{LaneStats, Queue, QueueStats};
use nexus_protocol::Timestamp;
use serde_json::json;

use super::{print, table};
use crate::{cli::Output, worker::age};

pub async fn run(queue: &dyn Queue, output: Output, now: Timestamp) -> anyhow::Result<()> {
    let (lanes, all) = (queue.lane_stats().await?, queue.stats().await?);
    if output.json {
        return print(&serde_json::to_string_pretty(&as_json(&lanes, &all))?);
    }
    let titles = ["LANE", "OWNER", "WAITING", "OLDEST"];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    rows.extend(lanes.iter().map(|lane| {
        vec![
            lane.lane.to_string(),
            lane.owner.clone().unwrap_or_else(|| "-".to_owned()),
            lane.depth.to_string(),
            lane.oldest_at.map_or_else(|| "-".to_owned(), |at| since(at, now)),
        ]
    }));
    print(&table(&rows))?;
    print(&format!(
        "{} waiting, {} of them for another try; {} dead letters",
        all.depth, all.retrying, all.dead
    ))
}

fn as_json(lanes: &[LaneStats], all: &QueueStats) -> serde_json::Value {
    let lanes: Vec<_> = lanes
        .iter()
        .map(|lane| {
            json!({
                "lane": lane.lane,
                "owner": lane.owner,
                "depth": lane.depth,
                "oldestAt": lane.oldest_at,
            })
        })
        .collect();
    json!({
        "lanes": lanes,
        "depth": all.depth,
        "oldestAt": all.oldest_at,
        "retrying": all.retrying,
        "deadLetters": all.dead,
    })
}

fn since(at: Timestamp, now: Timestamp) -> String {
    format!("{:.1} s", age(Some(at), now).as_secs_f64())
}
