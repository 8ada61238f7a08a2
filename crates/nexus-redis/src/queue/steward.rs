//! Who works which lane: a worker says that it is alive, takes its share of the lanes by leases, and
//! gives lanes up in order when there are more workers.

use std::sync::Arc;

use nexus_core::ports::PortResult;
use redis::{Value, from_redis_value_ref};
use tokio::time::{Instant, timeout};

use super::{
    Shared,
    lane::{Lane, Tenure},
    letters::parse,
    scripts::{CLAIM, JOIN, LEAVE, RENEW},
};

/// Runs until it is aborted.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut failing = false;
    loop {
        let done = round(&shared).await;
        if let Err(err) = &done
            && !failing
        {
            tracing::warn!(error = err as &dyn std::error::Error, "lanes can't be shared out");
        }
        failing = done.is_err();
        // Sooner when a lane has become free, or could be given up.
        let _ = timeout(shared.options.renew_every, shared.look_again.notified()).await;
    }
}

async fn round(shared: &Shared) -> PortResult<()> {
    let share = async {
        let workers = join(shared).await?;
        Ok(share(shared.lanes.len(), &workers, &shared.worker))
    };
    // A lease must not wait for anything else.
    let ((), share) = tokio::join!(renew(shared), share);
    let share = share?;
    leave(shared, share).await;
    claim(shared, share).await
}

/// Says that this worker is alive; answers who else is.
async fn join(shared: &Shared) -> PortResult<Vec<String>> {
    let lease = shared.options.lease.as_millis() as u64;
    let call = JOIN.call().key(shared.fleet.workers()).arg(&shared.worker).arg(lease);
    shared.redis.script("tell that this worker is alive", call).await
}

/// Lanes are dealt out evenly; those left over go to the first workers by name.
fn share(lanes: usize, workers: &[String], me: &str) -> usize {
    let before = workers.iter().filter(|worker| worker.as_str() < me).count();
    let workers = workers.len().max(1);
    lanes / workers + usize::from(before < lanes % workers)
}

async fn renew(shared: &Shared) {
    let owned: Vec<(&Lane, Tenure)> =
        shared.lanes.iter().filter_map(|lane| Some((lane, lane.tenure()?))).collect();
    let begun = Instant::now();
    let lease = shared.options.lease;
    let calls = owned.iter().map(|(lane, tenure)| {
        lane.keys.call(&RENEW).arg(&tenure.token).arg(lease.as_millis() as u64)
    });
    let renewed = shared.redis.scripts("renew a lease", calls).await;
    for ((lane, tenure), renewed) in owned.into_iter().zip(renewed) {
        match renewed {
            Ok(Value::Nil) => lane.lose(&tenure.token),
            Ok(life)
                if from_redis_value_ref(&life).is_ok_and(|life: String| life == tenure.life) =>
            {
                lane.prolong(&tenure.token, begun + lease);
            }
            // Another life of the server: it may have forgotten what was done, or what was added.
            Ok(_) => shared.give_back(lane, &tenure.token).await,
            Err(err) if Instant::now() >= tenure.until => {
                let error = &err as &dyn std::error::Error;
                tracing::warn!(
                    error,
                    lane = lane.number,
                    "lane lost: its lease could not be renewed"
                );
                lane.lose(&tenure.token);
            }
            Err(_) => {}
        }
    }
}

/// Gives up what is above the share, as far as it is settled.
async fn leave(shared: &Shared, share: usize) {
    let owned: Vec<(&Lane, Tenure)> =
        shared.lanes.iter().filter_map(|lane| Some((lane, lane.tenure()?))).collect();
    let mut surplus = owned.len().saturating_sub(share);
    // Those that are on their way out first.
    let (leaving, staying): (Vec<_>, Vec<_>) =
        owned.into_iter().partition(|(_, tenure)| tenure.leaving);
    let mut left = false;
    for (lane, tenure) in leaving.into_iter().chain(staying) {
        if surplus == 0 {
            if tenure.leaving {
                lane.stay();
            }
            continue;
        }
        surplus -= 1;
        lane.prepare_to_leave();
        if lane.schedule.taken() == 0 {
            shared.give_back(lane, &tenure.token).await;
            left = true;
        }
    }
    if left {
        tell_the_others(shared).await;
    }
}

/// Takes free lanes, up to the share.
async fn claim(shared: &Shared, share: usize) -> PortResult<()> {
    let wanting: Vec<&Lane> = shared.lanes.iter().filter(|lane| lane.tenure().is_none()).collect();
    let missing = share.saturating_sub(shared.lanes.len() - wanting.len());
    if missing == 0 {
        return Ok(());
    }
    let owners = wanting.iter().map(|lane| {
        let mut owner = redis::cmd("GET");
        owner.arg(lane.keys.owner());
        (lane.keys.owner().to_owned(), owner)
    });
    let owners = shared.redis.queries("see which lanes are free", owners).await;
    let mut free: Vec<&Lane> = Vec::new();
    for (lane, owner) in wanting.into_iter().zip(owners) {
        let owner: Option<String> = parse("see which lanes are free", owner?)?;
        // What it could not give back is its own.
        if owner.is_none_or(|token| token.starts_with(&shared.worker)) {
            free.push(lane);
        }
    }
    // Not all workers after the same ones.
    let first = rand::random::<u32>() as usize % free.len().max(1);
    free.rotate_left(first);
    free.truncate(missing);
    take_over(shared, &free).await
}

async fn take_over(shared: &Shared, free: &[&Lane]) -> PortResult<()> {
    let begun = Instant::now();
    let lease = shared.options.lease;
    let calls = free.iter().map(|lane| {
        let call = lane.keys.call(&CLAIM).arg(&shared.worker).arg(shared.next_claim());
        call.arg(lease.as_millis() as u64)
    });
    for (lane, claimed) in free.iter().zip(shared.redis.scripts("take a lane", calls).await) {
        let claimed: Option<(String, String)> = parse("take a lane", claimed?)?;
        let Some((token, life)) = claimed else { continue };
        tracing::debug!(lane = lane.number, token, "lane taken");
        let (until, backlog) = (begun + lease, Some("0-0".to_owned()));
        lane.begin(Tenure { token, life, until, backlog, leaving: false });
    }
    Ok(())
}

impl Shared {
    /// Forgets a lane and ends its lease; if that fails, it ends by itself.
    pub(super) async fn give_back(&self, lane: &Lane, token: &str) {
        // First here: nothing may be taken any more that others carry out as well.
        lane.lose(token);
        let call = lane.keys.call(&LEAVE).arg(token);
        if let Err(err) = self.redis.script::<Value>("give up a lane", call).await {
            let error = &err as &dyn std::error::Error;
            tracing::debug!(error, lane = lane.number, "the lease has to run out");
        }
    }
}

async fn tell_the_others(shared: &Shared) {
    let news = shared.fleet.news();
    let tell = redis::cmd("SPUBLISH").arg(&news).arg(&shared.worker).to_owned();
    // Who doesn't hear it finds out by looking.
    let _ = shared.redis.query::<Value>("tell of free lanes", &news, &tell).await;
}

/// Gives up everything, settled or not.
pub(super) async fn close(shared: &Shared) {
    let owned = shared.lanes.iter().filter_map(|lane| Some((lane, lane.tenure()?.token)));
    let given_back = owned.map(|(lane, token)| async move { shared.give_back(lane, &token).await });
    futures_util::future::join_all(given_back).await;
    let workers = shared.fleet.workers();
    let part = redis::cmd("ZREM").arg(&workers).arg(&shared.worker).to_owned();
    if let Err(err) = shared.redis.query::<Value>("part as a worker", &workers, &part).await {
        tracing::debug!(error = &err as &dyn std::error::Error, "the others think it is alive");
    }
    tell_the_others(shared).await;
}
