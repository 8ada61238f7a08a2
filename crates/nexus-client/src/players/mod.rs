//! Users who behave as people and their apps do, for tests that break things around them: many at
//! once, journals of what each did and saw, and the reckoning at the end.

mod acts;
mod chance;
mod player;
mod reckoning;

use std::time::Duration;

use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep, timeout_at},
};

use crate::{Api, rest};

pub use chance::Chance;
use player::Player;
pub use reckoning::Reckoning;

/// Longer than it takes to gather watermarks and to index.
const REST: Duration = Duration::from_secs(1);

/// Times a busy server is asked again.
const TRIES: u32 = 60;

/// Who plays, and how.
#[derive(Clone, Debug)]
pub struct Casting {
    pub players: usize,
    pub groups: usize,
    pub directs: usize,
    /// Things done a second, by all players together, however slow the answers are.
    pub acts_per_sec: f64,
    pub trust: Trust,
    pub manner: Manner,
    /// Characters that each message is longer by.
    pub filler: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Half of the players send nothing again that was acknowledged: "queued" alone must hold.
    Half,
    /// All send again until committed.
    Nobody,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Also many events at once, without waiting for the answers. One may be refused before the
    /// next is accepted where a server can be half away: the order is the client's own doing then.
    Hasty,
    /// The next only after the answer to what was sent before.
    Orderly,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Writing,
    /// Nothing new: only what is in the outbox.
    Settling,
    /// What has not come to an end now never will.
    Over,
}

/// Players at work. Dropping it stops them.
pub struct Company {
    doors: watch::Sender<Vec<String>>,
    phase: watch::Sender<Phase>,
    online: watch::Receiver<usize>,
    players: JoinSet<Player>,
}

impl Company {
    /// Accounts, groups and direct chats, and everybody begins to write. `doors` are hosts
    /// (`127.0.0.1:8080`) that each connection is made through one of.
    pub async fn gather(
        casting: &Casting,
        doors: &[String],
        chance: &Chance,
    ) -> rest::Result<Company> {
        Company::gather_apart(casting, doors, (0, doors), chance).await
    }

    /// The same, and the first `few` always go through doors of their own.
    pub async fn gather_apart(
        casting: &Casting,
        doors: &[String],
        (few, their_doors): (usize, &[String]),
        chance: &Chance,
    ) -> rest::Result<Company> {
        let (doors, open) = watch::channel(doors.to_vec());
        // Nobody changes them: the last value stays after its sender is gone.
        let (_, side) = watch::channel(their_doors.to_vec());
        let (phase, phases) = watch::channel(Phase::Writing);
        let (counter, online) = watch::channel(0);
        let players = cast(casting, &open, (few, &side), chance).await?;
        let players = players
            .into_iter()
            .map(|player| player.play(phases.clone(), counter.clone()))
            .collect();
        Ok(Company { doors, phase, online, players })
    }

    /// How many are connected now.
    pub fn online(&self) -> usize {
        *self.online.borrow()
    }

    /// Waits until that many are connected; whether they were before `patience` ended.
    pub async fn gathered(&self, count: usize, patience: Duration) -> bool {
        let mut online = self.online.clone();
        let enough = online.wait_for(|online| *online >= count);
        tokio::time::timeout(patience, enough).await.is_ok()
    }

    /// From now on connections are made through these.
    pub fn go_through(&self, doors: &[String]) {
        self.doors.send_replace(doors.to_vec());
    }

    /// Lets everything come to rest, then takes stock of all promises. What is not committed within
    /// `patience` counts as lost.
    pub async fn curtain(mut self, patience: Duration) -> rest::Result<Reckoning> {
        self.phase.send_replace(Phase::Settling);
        let over = Instant::now() + patience;
        let mut players = Vec::new();
        while let Some(player) = self.next_player(over).await {
            players.push(player);
        }
        let base = format!("http://{}", self.doors.borrow()[0]);
        reckoning::reckon(&Api::new(&base), players).await
    }

    async fn next_player(&mut self, over: Instant) -> Option<Player> {
        loop {
            match timeout_at(over, self.players.join_next()).await {
                Ok(None) => return None,
                Ok(Some(Ok(player))) => return Some(player),
                Ok(Some(Err(broken))) => std::panic::resume_unwind(broken.into_panic()),
                Err(_) => {
                    self.phase.send_replace(Phase::Over);
                    sleep(Duration::from_millis(10)).await;
                }
            }
        }
    }
}

async fn cast(
    casting: &Casting,
    doors: &watch::Receiver<Vec<String>>,
    (few, side): (usize, &watch::Receiver<Vec<String>>),
    chance: &Chance,
) -> rest::Result<Vec<Player>> {
    let api = Api::new(&format!("http://{}", doors.borrow()[0]));
    let troupe = chance.below(1 << 30);
    let mut players = Vec::new();
    for number in 0..casting.players {
        let name = format!("p{troupe}x{number}");
        let signed_in = insist(async || api.signup(&name, player::PASSWORD).await).await?;
        let doors = if number < few { side } else { doors };
        players.push(Player::new(name, signed_in, casting, doors.clone(), chance.split()));
    }
    for number in 0..casting.groups {
        let is_in = |at: &usize| at % casting.groups == number || chance.one_in(4);
        let members: Vec<usize> = (0..casting.players).filter(is_in).collect();
        let Some((owner, others)) = members.split_first() else { continue };
        let others: Vec<_> = others.iter().map(|at| players[*at].user).collect();
        let owner = api.with_token(&players[*owner].token);
        let title = format!("Group {number}");
        insist(async || owner.create_group(&title, others.clone()).await).await?;
    }
    for number in 0..casting.directs.min(casting.players / 2) {
        let other = players[number + casting.players / 2].user;
        let one = api.with_token(&players[number].token);
        insist(async || one.create_direct(other).await).await?;
    }
    Ok(players)
}

/// Asks again while the server is too busy: others may be at work on it. A group too many is no harm.
async fn insist<T>(ask: impl AsyncFn() -> rest::Result<T>) -> rest::Result<T> {
    for _ in 0..TRIES {
        match ask().await {
            Err(err) if err.status() == Some(503) => sleep(REST).await,
            answer => return answer,
        }
    }
    ask().await
}
