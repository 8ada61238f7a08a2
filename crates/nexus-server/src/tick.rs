//! What a node does by the clock.

use std::{sync::Arc, time::Duration};

use nexus_core::{
    Core, Result, disappearing as disappearing_rules, presence as presence_rules,
    receipts as receipt_rules, sessions as session_rules, typing as typing_rules,
};
use nexus_socketio::SocketIo;
use tokio_util::sync::CancellationToken;

use crate::{
    metrics, process,
    socket::{Edge, conns, expire_tokens, show_out},
    worker,
};

pub const LOST_NEWS: Duration = Duration::from_millis(500);
/// S-6: a socket outlives its session by two seconds at most. That is one wait for the news of another,
/// one until the next look into the store, and one for its own news.
const _: () = assert!(3 * LOST_NEWS.as_millis() < 2_000);

/// Runs `work` every so often until `stop`.
async fn every<F: Future<Output = Result<()>>>(
    pause: Duration,
    stop: CancellationToken,
    doing: &'static str,
    mut work: impl FnMut() -> F,
) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        if let Err(err) = work().await {
            tracing::warn!(error = &err as &dyn std::error::Error, doing, "put off");
        }
    }
}

pub async fn receipts(core: Arc<Core>, stop: CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => receipt_rules::flush(&core).await,
        () = receipt_rules::run(&core) => {}
    }
}

/// Renews what this node's connections contribute, and notices what others no longer do.
pub async fn presence(edge: Arc<Edge>, stop: CancellationToken) {
    every(Duration::from_secs(15), stop, "presence", || async {
        for conn in edge.conns.all() {
            // Where one can't be renewed, thousands of others would wait for the same answer.
            conns::renew(&edge, &conn).await?;
        }
        presence_rules::expire(&edge.core).await
    })
    .await;
}

pub async fn typing(core: Arc<Core>, stop: CancellationToken) {
    every(Duration::from_millis(500), stop, "typing", || typing_rules::expire(&core)).await;
}

pub async fn expiry(edge: Arc<Edge>, stop: CancellationToken) {
    every(Duration::from_secs(1), stop, "token expiry", || async {
        expire_tokens(&edge);
        Ok(())
    })
    .await;
}

/// Has taken out of the store what has disappeared.
pub async fn disappearing(core: Arc<Core>, stop: CancellationToken) {
    every(Duration::from_secs(1), stop, "disappearing messages", || async {
        let swept = disappearing_rules::sweep(&core).await?;
        ::metrics::gauge!(metrics::DISAPPEARED_WAITING).set(swept as f64);
        Ok(())
    })
    .await;
}

/// Takes in what `nexus admin` has put back, and measures what waits.
pub async fn queue(core: Arc<Core>, stop: CancellationToken) {
    every(Duration::from_secs(1), stop, "the queue", || async {
        core.queue.refresh().await?;
        let stats = core.queue.stats().await?;
        let oldest = worker::age(stats.oldest_at, core.clock.now());
        ::metrics::gauge!(metrics::QUEUE_DEPTH).set(stats.depth as f64);
        ::metrics::gauge!(metrics::QUEUE_OLDEST_AGE_SECONDS).set(oldest.as_secs_f64());
        ::metrics::gauge!(metrics::QUEUE_RETRYING).set(stats.retrying as f64);
        ::metrics::gauge!(metrics::DEAD_LETTERS).set(stats.dead as f64);
        Ok(())
    })
    .await;
}

/// What of the side jobs waits, late ones and those that were given up.
pub async fn jobs(core: Arc<Core>, stop: CancellationToken) {
    every(Duration::from_secs(5), stop, "side job metrics", || async {
        let stats = core.store.job_stats().await?;
        let late = worker::age(stats.first_due_at, core.clock.now());
        ::metrics::gauge!(metrics::JOBS_WAITING).set(stats.waiting as f64);
        ::metrics::gauge!(metrics::JOBS_LATE_SECONDS).set(late.as_secs_f64());
        ::metrics::gauge!(metrics::JOBS_DEAD).set(stats.dead as f64);
        Ok(())
    })
    .await;
}

pub async fn lanes(core: Arc<Core>, stop: CancellationToken) {
    every(Duration::from_secs(1), stop, "lane metrics", || async {
        ::metrics::gauge!(metrics::LANES_OWNED).set(f64::from(core.queue.lanes_owned()));
        Ok(())
    })
    .await;
}

/// What this process takes of its machine.
pub async fn process(stop: CancellationToken) {
    every(Duration::from_secs(5), stop, "process metrics", || async {
        process::measure();
        Ok(())
    })
    .await;
}

/// Forgets ended sessions whose access tokens have run out meanwhile.
pub async fn sessions(core: Arc<Core>, stop: CancellationToken) {
    every(Duration::from_secs(60), stop, "ended sessions", || async {
        session_rules::forget_old(&core);
        Ok(())
    })
    .await;
}

/// Shows out whose session has ended, where the news of it died with the node that had it to tell.
pub async fn lost_ends(edge: Arc<Edge>, lost_news: Duration, stop: CancellationToken) {
    every(lost_news, stop, "sessions that ended", || async {
        let ended = session_rules::learn_of_ends(&edge.core).await?;
        if !ended.is_empty() {
            // News that is on its way says why.
            tokio::time::sleep(lost_news).await;
            show_out(&edge, &ended);
        }
        Ok(())
    })
    .await;
}

pub async fn socket_metrics(io: SocketIo, stop: CancellationToken) {
    every(Duration::from_secs(1), stop, "socket metrics", || async {
        let stats = io.stats();
        ::metrics::gauge!(metrics::CONNECTIONS, "transport" => "polling").set(stats.polling as f64);
        ::metrics::gauge!(metrics::CONNECTIONS, "transport" => "websocket")
            .set(stats.websocket as f64);
        ::metrics::counter!(metrics::SLOW_CONSUMERS_TOTAL).absolute(stats.slow_consumers_cut);
        for namespace in ["/chat", "/presence", "/typing"] {
            let count = io.of(namespace).map_or(0, |namespace| namespace.socket_count());
            ::metrics::gauge!(metrics::SOCKETS, "namespace" => namespace).set(count as f64);
        }
        Ok(())
    })
    .await;
}
