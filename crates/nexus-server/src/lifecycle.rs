//! From start to the end of the process: what asks it to stop, and in which order it does.

use std::{future::Future, pin::Pin, time::Duration};

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// What a node does in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles {
    pub serve: bool,
    pub work: bool,
}

impl Roles {
    pub const ALL: Roles = Roles { serve: true, work: true };
    pub const SERVE: Roles = Roles { serve: true, work: false };
    pub const WORK: Roles = Roles { serve: false, work: true };
}

/// The steps of an orderly end, each a signal that anybody may wait for.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    /// Asked to stop: `/readyz` says so from now on.
    pub draining: CancellationToken,
    /// Listeners take no new connection from now on.
    pub closing: CancellationToken,
}

impl Lifecycle {
    pub fn new() -> Lifecycle {
        Lifecycle::default()
    }

    /// SIGTERM or SIGINT begins the drain; the second one ends the process at once.
    pub fn listen_to_signals(&self) -> std::io::Result<()> {
        let (mut term, mut int) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let draining = self.draining.clone();
        tokio::spawn(async move {
            for count in 1u8.. {
                tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
                if count > 1 {
                    tracing::warn!("stopping at once");
                    std::process::exit(130);
                }
                tracing::info!(
                    "stopping: finishing what is running; a second signal stops at once"
                );
                draining.cancel();
            }
        });
        Ok(())
    }
}

type Step = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What is to be done, one after the other, before the process ends.
pub struct Drain {
    deadline: Duration,
    steps: Vec<(&'static str, Step)>,
}

/// How an orderly end went.
#[derive(Debug, PartialEq, Eq)]
pub enum Drained {
    Completely,
    /// Time ran out during this step; later ones were not begun.
    Until(&'static str),
}

impl Drain {
    /// All steps together may take this long.
    pub fn within(deadline: Duration) -> Drain {
        Drain { deadline, steps: Vec::new() }
    }

    /// Adds a step, to be begun when the one before has ended.
    pub fn then(
        mut self,
        name: &'static str,
        step: impl Future<Output = ()> + Send + 'static,
    ) -> Drain {
        self.steps.push((name, Box::pin(step)));
        self
    }

    pub async fn run(self) -> Drained {
        let deadline = tokio::time::Instant::now() + self.deadline;
        for (name, step) in self.steps {
            tracing::debug!(step = name, "draining");
            if tokio::time::timeout_at(deadline, step).await.is_err() {
                tracing::warn!(step = name, "time is up: stopping with work unfinished");
                return Drained::Until(name);
            }
        }
        Drained::Completely
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parking_lot::Mutex;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn steps_run_in_order_and_share_one_deadline() {
        let done = Arc::new(Mutex::new(Vec::new()));
        let step = |name: &'static str, secs: u64| {
            let done = done.clone();
            async move {
                tokio::time::sleep(Duration::from_secs(secs)).await;
                done.lock().push(name);
            }
        };
        let drain = Drain::within(Duration::from_secs(20))
            .then("connections", step("connections", 12))
            .then("lanes", step("lanes", 12))
            .then("store", step("store", 0));
        assert_eq!(drain.run().await, Drained::Until("lanes"));
        assert_eq!(*done.lock(), ["connections"]);

        let drain = Drain::within(Duration::from_secs(1)).then("store", step("store", 0));
        assert_eq!(drain.run().await, Drained::Completely);
    }
}
