//! Nodes that are killed, frozen, or asked to stop.

use std::{os::unix::process::ExitStatusExt, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use nexus_client::{Api, Client};
use nexus_protocol::{
    ChatId, MessageType, MsgSend,
    event::{MSG_FAILED, SYNC_CHECK},
};
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};

use super::{arena::Arena, probe::sign_up};
use crate::{Node, Role};

/// On a message's way through a node of the edge, and through a worker.
const EDGE_POINTS: [&str; 1] = ["redis.pushed"];
const WORKER_POINTS: [&str; 8] = [
    "worker.before_commit",
    "mongo.before_insert",
    "mongo.inserted",
    "mongo.applied",
    "worker.committed",
    "worker.published",
    "redis.before_ack",
    "worker.acked",
];
/// Messages that say so can't be committed.
const POISON: &str = "worker.poison=return";
const SIGABRT: i32 = 6;
/// A point that is not reached in this time does not exist.
const PATIENCE: Duration = Duration::from_secs(60);
/// More than a lease takes to end.
const FROZEN: Duration = Duration::from_secs(15);
/// SIGTERM to exit.
const DRAIN: Duration = Duration::from_secs(30);
/// Until the sender of a message that can't be committed is told.
const VERDICT: Duration = Duration::from_secs(30);

pub async fn kill_apis(arena: &mut Arena<'_>) -> Result<()> {
    for _ in 0..arena.rounds(10) {
        arena.play().await;
        kill(arena, Role::Api).await?;
    }
    Ok(())
}

pub async fn kill_workers(arena: &mut Arena<'_>) -> Result<()> {
    for _ in 0..arena.rounds(8) {
        arena.play().await;
        kill(arena, Role::Worker).await?;
    }
    Ok(())
}

/// Any node of this role; it is started again after a moment.
pub async fn kill(arena: &mut Arena<'_>, role: Role) -> Result<()> {
    let count = of(arena, role).len();
    let at = arena.chance.below(count);
    let struck = arena.strike();
    of(arena, role)[at].process.kill().await?;
    sleep(arena.chance.millis(0..1_500)).await;
    let node = &mut of(arena, role)[at];
    node.start_again(&[]).await?;
    arena.recovered(struck).await?;
    of(arena, role)[at].ready().await.map(drop)
}

pub fn of<'a>(arena: &'a mut Arena<'_>, role: Role) -> &'a mut Vec<Node> {
    match role {
        Role::Api => &mut arena.fleet.api_nodes,
        Role::Worker => &mut arena.fleet.workers,
    }
}

pub async fn die_at_named_places(arena: &mut Arena<'_>) -> Result<()> {
    let edge = EDGE_POINTS.map(|point| (Role::Api, point));
    let worker = WORKER_POINTS.map(|point| (Role::Worker, point));
    for _ in 0..arena.rounds(2) {
        for (role, point) in edge.into_iter().chain(worker) {
            die_at(arena, role, point).await?;
        }
    }
    Ok(())
}

/// Between storing, telling and settling: what is repeated after each must be harmless.
pub async fn die_at_three_places(arena: &mut Arena<'_>) -> Result<()> {
    for _ in 0..arena.rounds(1) {
        for point in ["mongo.inserted", "worker.published", "redis.before_ack"] {
            die_at(arena, Role::Worker, point).await?;
        }
    }
    Ok(())
}

async fn die_at(arena: &mut Arena<'_>, role: Role, point: &str) -> Result<()> {
    let count = of(arena, role).len();
    let at = arena.chance.below(count);
    // Off so many times, then death.
    let failpoints = format!("{point}={}*off->return", 5 + arena.chance.below(20));
    arena.strike();
    let node = &mut of(arena, role)[at];
    node.start_again(&[("FAILPOINTS", &failpoints)]).await?;
    let ended = node.process.ended(PATIENCE).await;
    let status = ended.with_context(|| format!("never came to {failpoints}"))?;
    ensure!(status.signal() == Some(SIGABRT), "{failpoints}: {status}\n{}", node.process.log());
    let struck = Instant::now();
    node.start_again(&[]).await?;
    arena.recovered(struck).await?;
    of(arena, role)[at].ready().await.map(drop)
}

/// It believes that its lanes are its own when it wakes up.
pub async fn wake_the_dead(arena: &mut Arena<'_>) -> Result<()> {
    for _ in 0..arena.rounds(3) {
        arena.play().await;
        freeze_a_worker(arena).await?;
    }
    Ok(())
}

pub async fn freeze_a_worker(arena: &mut Arena<'_>) -> Result<()> {
    let at = arena.chance.below(arena.fleet.workers.len());
    let struck = arena.strike();
    arena.fleet.workers[at].process.pause()?;
    arena.recovered(struck).await?;
    sleep(FROZEN.saturating_sub(struck.elapsed())).await;
    arena.fleet.workers[at].process.resume()?;
    Ok(())
}

/// One after the other, as for a new version. Nobody can answer what arrives after the goodbye: it
/// is committed when its outbox repeats it.
pub async fn drain(arena: &mut Arena<'_>) -> Result<()> {
    for role in [Role::Api, Role::Worker] {
        for at in 0..of(arena, role).len() {
            arena.play().await;
            stop_and_start(arena, role, at).await?;
        }
    }
    Ok(())
}

pub async fn stop_any(arena: &mut Arena<'_>) -> Result<()> {
    let role = *arena.chance.pick(&[Role::Api, Role::Worker]);
    let count = of(arena, role).len();
    let at = arena.chance.below(count);
    stop_and_start(arena, role, at).await
}

async fn stop_and_start(arena: &mut Arena<'_>, role: Role, at: usize) -> Result<()> {
    let struck = arena.strike();
    let node = &mut of(arena, role)[at];
    node.process.terminate()?;
    let name = node.process.name().to_owned();
    let Ok(status) = node.process.ended(DRAIN).await else {
        bail!("{name} is still there {DRAIN:?} after SIGTERM: {}", node.process.log());
    };
    let took = struck.elapsed();
    node.start_again(&[]).await?;
    node.ready().await?;
    arena.notes.push(format!("{name} drained in {took:.1?}: {status}"));
    ensure!(status.success(), "{name} ended with {status}");
    arena.recovered(struck).await
}

/// Each dies with nothing in order, and finds the others missing when it comes back.
pub async fn kill_all(arena: &mut Arena<'_>) -> Result<()> {
    for _ in 0..arena.rounds(2) {
        arena.play().await;
        let struck = arena.strike();
        let fleet = &mut *arena.fleet;
        for node in fleet.api_nodes.iter_mut().chain(&mut fleet.workers) {
            node.process.kill().await?;
        }
        for server in &mut fleet.redis.servers {
            server.process.kill().await?;
        }
        for member in &mut fleet.mongo.members {
            member.process.kill().await?;
        }
        start_in_any_order(arena).await?;
        arena.recovered(struck).await?;
        all_ready(arena).await?;
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Piece {
    Node(Role, usize),
    Redis(usize),
    Mongo(usize),
}

async fn start_in_any_order(arena: &mut Arena<'_>) -> Result<()> {
    let nodes = (0..arena.fleet.api_nodes.len()).map(|at| Piece::Node(Role::Api, at));
    let workers = (0..arena.fleet.workers.len()).map(|at| Piece::Node(Role::Worker, at));
    let redis = (0..arena.fleet.redis.servers.len()).map(Piece::Redis);
    let mongo = (0..arena.fleet.mongo.members.len()).map(Piece::Mongo);
    let mut pieces: Vec<Piece> = nodes.chain(workers).chain(redis).chain(mongo).collect();
    arena.chance.shuffle(&mut pieces);
    for piece in pieces {
        match piece {
            Piece::Node(role, at) => of(arena, role)[at].start_again(&[]).await?,
            Piece::Redis(at) => arena.fleet.redis.servers[at].process.start_again(&[]).await?,
            Piece::Mongo(at) => arena.fleet.mongo.members[at].process.start_again(&[]).await?,
        }
        sleep(arena.chance.millis(0..400)).await;
    }
    all_ready(arena).await
}

/// A node that finds no store at its start ends, and whoever looks after it starts it again.
async fn all_ready(arena: &mut Arena<'_>) -> Result<()> {
    let until = Instant::now() + PATIENCE;
    for node in arena.fleet.nodes_mut() {
        while node.ready().await.is_err() {
            ensure!(Instant::now() < until, "{}: {}", node.process.name(), node.process.log());
            if node.process.has_ended() {
                node.start_again(&[]).await?;
            }
        }
    }
    Ok(())
}

/// Its sender is told, though who was to tell is dead; its chat and all others go on.
pub async fn poison(arena: &mut Arena<'_>) -> Result<()> {
    start_workers(arena, POISON).await?;
    arena.probe.comes_through().await?;
    let poisoner = Poisoner::sign_up(arena).await?;
    for _ in 0..arena.rounds(3) {
        let mut socket = poisoner.connect().await?;
        let struck = arena.strike();
        let poison = poisoner.send(arena).await?;
        arena.recovered(struck).await?;
        told(&mut socket, &poison).await?;
        arena.notes.push(format!("told of the failure after {:.1?}", struck.elapsed()));
    }
    die_before_telling(arena, &poisoner).await?;
    start_workers(arena, "").await
}

/// The worker that gives the message up dies before it says so.
async fn die_before_telling(arena: &mut Arena<'_>, poisoner: &Poisoner) -> Result<()> {
    start_workers(arena, &format!("{POISON};worker.buried=return")).await?;
    let mut socket = poisoner.connect().await?;
    let struck = arena.strike();
    let poison = poisoner.send(arena).await?;
    while !arena.fleet.workers.iter_mut().any(|worker| worker.process.has_ended()) {
        ensure!(struck.elapsed() < PATIENCE, "nobody died of {poison}");
        sleep(Duration::from_millis(50)).await;
    }
    let died = Instant::now();
    start_workers(arena, POISON).await?;
    arena.recovered(died).await?;
    socket.call(SYNC_CHECK, json!({})).await?;
    told(&mut socket, &poison).await?;
    let late = died.elapsed();
    arena.notes.push(format!("told by a check, {late:.1?} after its worker had died"));
    Ok(())
}

async fn start_workers(arena: &mut Arena<'_>, failpoints: &str) -> Result<()> {
    for worker in &mut arena.fleet.workers {
        worker.start_again(&[("FAILPOINTS", failpoints)]).await?;
        worker.ready().await?;
    }
    Ok(())
}

/// Writes what can't be committed.
struct Poisoner {
    host: String,
    token: String,
    api: Api,
    chat: ChatId,
}

impl Poisoner {
    async fn sign_up(arena: &Arena<'_>) -> Result<Poisoner> {
        let node = &arena.fleet.api_nodes[0];
        let name = |who: &str| format!("{who}{}", arena.chance.below(1 << 30));
        let (token, _) = sign_up(&node.api(), &name("poisoner")).await?;
        let (_, taster) = sign_up(&node.api(), &name("taster")).await?;
        let api = node.api().with_token(&token);
        let chat = api.create_direct(taster).await?.id;
        Ok(Poisoner { host: node.host(), token, api, chat })
    }

    async fn connect(&self) -> Result<Client> {
        Ok(Client::connect(&self.host, &self.token, &["/chat"]).await?)
    }

    /// Answers the message's `clientId`.
    async fn send(&self, arena: &Arena<'_>) -> Result<String> {
        let client_id = format!("poison-{}", arena.chance.below(1 << 30));
        let message = MsgSend {
            chat_id: self.chat,
            client_id: client_id.clone(),
            r#type: MessageType::Text,
            content: "poison".to_owned(),
            reply_to: None,
            mentions: Vec::new(),
        };
        self.api.send(message).await?;
        Ok(client_id)
    }
}

async fn told(socket: &mut Client, poison: &str) -> Result<()> {
    let failed = async {
        loop {
            let failed = socket.next(MSG_FAILED).await;
            if failed.as_ref().is_none_or(|failed| failed["clientId"] == poison) {
                return failed;
            }
        }
    };
    let failed = timeout(VERDICT, failed).await.ok().flatten();
    ensure!(failed.is_some(), "nobody was told that {poison} failed within {VERDICT:?}");
    Ok(())
}
