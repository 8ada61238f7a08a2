//! All nodes of a fleet must have the same keys: a token is made on one and shown to another.

use std::{path::Path, sync::Arc};

use nexus_core::tokens::Signer;
use tokio_util::sync::CancellationToken;

use super::POLL;
use crate::backends::Keyring;

/// Fails where other nodes run and none of them has any of our keys.
pub async fn compare(keyring: &dyn Keyring, signer: &Signer, dir: &Path) -> anyhow::Result<()> {
    let shared = keyring.share(&kids(signer)).await?;
    anyhow::ensure!(
        shared,
        "the nodes that are running sign with other keys than those in {}: tokens of theirs would \
         be refused here. Give all nodes the same folder (auth.key_dir), or a copy of it; if they \
         were just stopped for good, wait half a minute",
        dir.display()
    );
    Ok(())
}

/// Says every few seconds that we are here, until `stop`.
pub async fn announce(keyring: Arc<dyn Keyring>, signer: Arc<Signer>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(POLL) => {}
        }
        match keyring.share(&kids(&signer)).await {
            Ok(true) => {}
            Ok(false) => tracing::error!("no other node has any of this node's signing keys"),
            Err(err) => {
                tracing::debug!(error = &err as &dyn std::error::Error, "keys not compared");
            }
        }
    }
}

fn kids(signer: &Signer) -> Vec<String> {
    signer.keys().kids().map(str::to_owned).collect()
}
