//! Brings new keys to a running server.

use std::{path::PathBuf, sync::Arc};

use nexus_core::tokens::{KeySet, Signer};
use tokio_util::sync::CancellationToken;

use super::{KeyError, POLL, read};

/// Looks into the folder every few seconds until `stop`. A folder that can't be read changes
/// nothing: the keys in use stay.
pub async fn watch(dir: PathBuf, signer: Arc<Signer>, stop: CancellationToken) {
    let mut tick = tokio::time::interval(POLL);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        let folder = dir.clone();
        match tokio::task::spawn_blocking(move || read(&folder)).await {
            Ok(found) => take_over(&signer, found),
            Err(err) => tracing::error!(error = %err, "the key folder was not read"),
        }
    }
}

fn take_over(signer: &Signer, found: Result<KeySet, KeyError>) {
    match found {
        // A folder that went away (unmounted, moved) is no reason to refuse everybody.
        Ok(keys) if keys.kids().next().is_none() => {}
        Ok(keys) if keys.kids().eq(signer.keys().kids()) => {}
        Ok(keys) => {
            tracing::info!(keys = keys.kids().count(), "signing keys changed");
            signer.replace_keys(keys);
        }
        Err(err) => {
            tracing::error!(error = &err as &dyn std::error::Error, "the key folder can't be read");
        }
    }
}
