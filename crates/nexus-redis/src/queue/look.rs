//! How the queue stands, for everyone who asks.

use std::sync::Arc;

use nexus_core::{
    ops::Op,
    ports::{LaneStats, PortResult, QueueStats, QueuedOp},
};
use nexus_protocol::{OpId, Timestamp};

use super::{
    Shared,
    letters::{from_json, parse},
    reader::Tries,
    scripts::{QUEUED, STATS},
};

/// What the script answers: depth, oldest, retrying, dead, owner.
type Standing = (u64, Option<i64>, u64, u64, Option<String>);

impl Shared {
    pub(super) async fn queued(&self, op: OpId) -> PortResult<Option<QueuedOp>> {
        const DOING: &str = "look for an op";
        let calls = self.lanes.iter().map(|lane| lane.keys.call(&QUEUED).arg(op.to_string()));
        for found in self.redis.scripts(DOING, calls).await {
            let found: Option<(String, Option<String>)> = parse(DOING, found?)?;
            let Some((body, tries)) = found else { continue };
            let op: Op = from_json(DOING, &body)?;
            let tries: Option<Tries> = tries.map(|tries| from_json(DOING, &tries)).transpose()?;
            return Ok(Some(QueuedOp {
                op: Arc::new(op),
                attempts: tries.as_ref().map_or(0, |tries| tries.attempts),
                last_tried_at: tries.as_ref().map(|tries| tries.last_tried_at),
                last_error: tries.map(|tries| tries.last_error),
            }));
        }
        Ok(None)
    }

    pub(super) async fn stats(&self) -> PortResult<QueueStats> {
        let mut stats = QueueStats::default();
        for (depth, oldest, retrying, dead, _) in self.standings().await? {
            stats.depth += depth;
            stats.retrying += retrying;
            stats.dead += dead;
            let oldest = oldest.map(Timestamp);
            stats.oldest_at = [stats.oldest_at, oldest].into_iter().flatten().min();
        }
        Ok(stats)
    }

    pub(super) async fn lane_stats(&self) -> PortResult<Vec<LaneStats>> {
        let standings = (0_u16..).zip(self.standings().await?);
        Ok(standings
            .map(|(lane, (depth, oldest, _, _, owner))| LaneStats {
                lane,
                owner: owner.as_deref().map(node_of),
                depth,
                oldest_at: oldest.map(Timestamp),
            })
            .collect())
    }

    async fn standings(&self) -> PortResult<Vec<Standing>> {
        const DOING: &str = "see how the queue stands";
        let calls = self.lanes.iter().map(|lane| lane.keys.call(&STATS));
        let standings = self.redis.scripts(DOING, calls).await;
        standings.into_iter().map(|standing| parse(DOING, standing?)).collect()
    }
}

/// A token is the node, and behind it what makes it different from all others.
fn node_of(token: &str) -> String {
    token.rsplitn(4, '|').last().unwrap_or(token).to_owned()
}
