//! What the program can do.

pub mod bench;
pub mod chaos;
pub mod services;
pub mod up;

use anyhow::Result;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Being asked to end: Ctrl-C, SIGTERM, or the terminal going away.
pub struct Asked {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Asked {
    pub fn listen() -> Result<Asked> {
        Ok(Asked {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    pub async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }
}
