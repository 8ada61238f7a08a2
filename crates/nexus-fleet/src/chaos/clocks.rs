//! Clocks that jump under a node, as libfaketime shows them to it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use nexus_client::Api;
use tokio::time::Instant;

use super::{arena::Arena, nodes::of, probe::sign_up};
use crate::Role;

const HOUR: i64 = 3_600;
/// A little more than clocks may differ by.
const SKEW: i64 = 31;

/// What one process takes for the time.
struct Clock {
    library: PathBuf,
    file: PathBuf,
}

/// A node of each role, ahead and back. It goes on with its work; only its tokens are worth nothing
/// elsewhere, nor are those of others with it. Not of the stores: Redis does not
/// start with libfaketime, which its allocator calls too early.
pub async fn jump(arena: &mut Arena<'_>) -> Result<()> {
    let clock = Clock::at(arena.fleet.folder())?;
    for _ in 0..arena.rounds(1) {
        for role in [Role::Api, Role::Worker] {
            let count = of(arena, role).len();
            let at = arena.chance.below(count);
            clock.set(0)?;
            let node = &mut of(arena, role)[at];
            node.start_again(&clock.environment()).await?;
            node.ready().await?;
            for ahead in [SKEW, HOUR, -SKEW, -HOUR] {
                jump_by(arena, (role, at), &clock, ahead).await?;
            }
            clock.set(0)?;
            arena.recovered(Instant::now()).await?;
            let node = &mut of(arena, role)[at];
            node.start_again(&[]).await?;
            node.ready().await?;
        }
    }
    Ok(())
}

async fn jump_by(
    arena: &mut Arena<'_>,
    (role, at): (Role, usize),
    clock: &Clock,
    ahead: i64,
) -> Result<()> {
    let struck = arena.strike();
    clock.set(ahead)?;
    if role == Role::Api {
        let right = (at + 1) % arena.fleet.api_nodes.len();
        let (wrong, right) = (arena.fleet.api_nodes[at].api(), arena.fleet.api_nodes[right].api());
        // A token is for use, by a clock that is right or behind, when it was issued by one ahead.
        let (early, late) = if ahead > 0 { (&wrong, &right) } else { (&right, &wrong) };
        refuses(late, early, arena.chance.below(1 << 30)).await.context("issued in the future")?;
        if ahead >= HOUR {
            refuses(&wrong, &right, arena.chance.below(1 << 30)).await.context("expired")?;
        }
    }
    arena.play().await;
    arena.recovered(struck).await?;
    let node = &mut of(arena, role)[at];
    let name = node.process.name().to_owned();
    ensure!(!node.process.has_ended(), "{name} ended:\n{}", node.process.log());
    arena.notes.push(format!("{name}: {ahead:+} s"));
    Ok(())
}

/// Whether `judge` takes no token that `issuer` has issued just now.
async fn refuses(judge: &Api, issuer: &Api, number: usize) -> Result<()> {
    let (token, _) = sign_up(issuer, &format!("clock{number}")).await?;
    issuer.with_token(&token).get("/users/me").await.context("it is worth nothing at home")?;
    let answer = judge.with_token(&token).get("/users/me").await;
    let status = answer.as_ref().err().and_then(nexus_client::Error::status);
    ensure!(status == Some(401), "a token was taken that is none here: {answer:?}");
    Ok(())
}

impl Clock {
    fn at(folder: &Path) -> Result<Clock> {
        let library = fs::read_dir("/usr/lib")?
            .filter_map(|entry| Some(entry.ok()?.path().join("faketime/libfaketimeMT.so.1")))
            .find(|library| library.is_file())
            .context("libfaketime is missing: `apt-get install libfaketime`")?;
        Ok(Clock { library, file: folder.join("clock") })
    }

    /// Time that only passes stays as it is.
    fn environment(&self) -> Vec<(&str, &str)> {
        vec![
            ("LD_PRELOAD", self.library.to_str().unwrap_or_default()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.to_str().unwrap_or_default()),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ]
    }

    /// Seconds before the right time, from now on.
    fn set(&self, ahead: i64) -> io::Result<()> {
        let next = self.file.with_extension("next");
        fs::write(&next, format!("{ahead:+}s"))?;
        fs::rename(next, &self.file)
    }
}
