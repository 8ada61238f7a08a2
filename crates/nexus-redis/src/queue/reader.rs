//! Keeps the memory of a lane's owner filled from its stream.

use std::{collections::HashMap, sync::Arc};

use nexus_core::{
    memory::Waiting,
    ops::Op,
    ports::{PortError, PortResult},
};
use nexus_protocol::Timestamp;
use redis::{Value, from_redis_value};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::{
    Shared,
    lane::{Lane, Tenure},
    scripts::READ,
};
use crate::Heard;

/// What is kept of failed tries.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tries {
    pub attempts: u32,
    pub last_error: String,
    pub last_tried_at: Timestamp,
    pub run_at: Timestamp,
}

/// Reads one lane whenever there may be something new. Runs until it is aborted.
pub(super) async fn run(shared: Arc<Shared>, lane: u16) {
    let Some(lane) = shared.lanes.get(usize::from(lane)) else { return };
    loop {
        if let Err(err) = read(&shared, lane).await {
            tracing::warn!(
                error = &err as &dyn std::error::Error,
                lane = lane.number,
                "lane can't be read"
            );
            // What was on its way counts as read: whoever has the lane next begins anew.
            if let Some(tenure) = lane.tenure() {
                shared.give_back(lane, &tenure.token).await;
            }
        }
        // A wake-up that got lost costs a moment.
        let _ = timeout(shared.options.poll_every, lane.wake.notified()).await;
    }
}

/// As much as there is and memory may hold.
async fn read(shared: &Shared, lane: &Lane) -> PortResult<()> {
    while let Some(tenure) = lane.tenure() {
        let (added, room) =
            (lane.so_far_added(), shared.options.portion.saturating_sub(lane.schedule.depth()));
        // Not for every op that is settled.
        if room < shared.options.portion.div_ceil(4) {
            lane.has_read(added, true);
            return Ok(());
        }
        let Some(read) = portion(shared, lane, &tenure, room).await? else {
            lane.lose(&tenure.token);
            return Ok(());
        };
        let (backlog, new) = (read.backlog.clone(), tenure.backlog.is_none());
        let all_of_it = new && read.ops.len() < room;
        lane.take_in(&tenure.token, backlog, read.ops);
        if all_of_it {
            lane.has_read(added, false);
            return Ok(());
        }
    }
    Ok(())
}

struct Portion {
    backlog: Option<String>,
    ops: Vec<Waiting>,
}

/// What the script answers: where to go on, and for each op its body and its tries.
type Answer = Option<(String, Vec<(String, Option<String>)>)>;

/// `None` when the lane is not ours.
async fn portion(
    shared: &Shared,
    lane: &Lane,
    tenure: &Tenure,
    room: usize,
) -> PortResult<Option<Portion>> {
    let from = tenure.backlog.as_deref().unwrap_or_default();
    let call =
        lane.keys.call(&READ).arg(&tenure.token).arg(&shared.options.node).arg(from).arg(room);
    let answer: Value = shared.redis.script("read a lane", call).await?;
    let answer: Answer =
        from_redis_value(answer).map_err(|err| PortError::new("read a lane", err))?;
    let Some((following, read)) = answer else { return Ok(None) };
    let ops = read.into_iter().map(waiting).collect::<PortResult<_>>()?;
    Ok(Some(Portion { backlog: Some(following).filter(|next| !next.is_empty()), ops }))
}

fn waiting((body, tries): (String, Option<String>)) -> PortResult<Waiting> {
    let unreadable = |err| PortError::new("read an op", err);
    let op: Op = serde_json::from_str(&body).map_err(unreadable)?;
    let tries = tries.as_deref().map(serde_json::from_str::<Tries>).transpose();
    let new = Waiting::new(Arc::new(op), 0);
    Ok(match tries.map_err(unreadable)? {
        None => new,
        Some(tries) => Waiting {
            attempts: tries.attempts,
            last_error: Some(tries.last_error),
            last_tried_at: Some(tries.last_tried_at),
            run_at: Some(tries.run_at),
            ..new
        },
    })
}

/// Hears which lanes have something new, and when lanes are free. Runs until it is aborted.
pub(super) async fn listen(shared: Arc<Shared>) {
    let by_channel: HashMap<&str, &Lane> =
        shared.lanes.iter().map(|lane| (lane.keys.wake(), lane)).collect();
    let news = shared.fleet.news();
    let channels = by_channel.keys().map(|channel| (*channel).to_owned());
    let mut subscription = shared.redis.subscribe(channels.chain([news]).collect());
    loop {
        match subscription.next().await {
            // What this worker has added it knows of.
            Heard::Message { payload, .. } if payload == shared.worker.as_bytes() => {}
            Heard::Message { channel, .. } => match by_channel.get(channel.as_str()) {
                Some(lane) => lane.wake.notify_one(),
                None => shared.look_again.notify_one(),
            },
            Heard::Live => shared.lanes.iter().for_each(|lane| lane.wake.notify_one()),
            Heard::Gap => {}
        }
    }
}
