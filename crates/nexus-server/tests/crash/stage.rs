//! A server with twenty players on it, and the reckoning at the end.

use std::{env, path::Path, time::Duration};

use nexus_client::{
    Launch, Server,
    players::{Casting, Chance, Company, Manner, Trust},
};
use tempfile::TempDir;

const CASTING: Casting = Casting {
    players: 20,
    groups: 5,
    directs: 10,
    acts_per_sec: 250.0,
    trust: Trust::Half,
    manner: Manner::Hasty,
    filler: 0,
};
/// From the last thing written until every outbox is empty.
const SETTLING: Duration = Duration::from_secs(300);
/// Until players are connected.
const GATHERING: Duration = Duration::from_secs(120);

pub struct Stage {
    pub server: Server,
    company: Company,
    _data: TempDir,
}

impl Stage {
    /// Accounts, groups and direct chats, and everybody begins to write.
    pub async fn set(program: &str, chance: Chance) -> Stage {
        let data = tempfile::tempdir().unwrap();
        let mut launch = Launch::new(Path::new(program), data.path(), &[]);
        for (name, value) in [
            ("NEXUS__LIMITS__ENABLED", "false"),
            ("NEXUS__AUTH__BCRYPT_COST", "4"),
            ("NEXUS__AUTH__BCRYPT_QUEUE", "1000"),
            ("NEXUS__LOG__LEVEL", "warn"),
        ] {
            launch.environment.push((name.to_owned(), value.to_owned()));
        }
        let server = Server::start(launch).await.unwrap();
        let company = Company::gather(&CASTING, &[server.host()], &chance).await.unwrap();
        assert!(company.gathered(CASTING.players, GATHERING).await, "not all are in");
        Stage { server, company, _data: data }
    }

    pub async fn play_for(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    pub async fn somebody_is_on(&self) {
        assert!(self.company.gathered(1, GATHERING).await, "nobody comes back");
    }

    pub fn connected(&self) -> usize {
        self.company.online()
    }

    /// Lets everything come to rest, then checks all promises. How often a player was told that the
    /// server drains.
    pub async fn curtain(self) -> usize {
        let reckoning = self.company.curtain(SETTLING).await.unwrap();
        println!("{reckoning}");
        assert!(reckoning.is_clean(), "{reckoning}\nthe server's log ends: {}", self.server.log());
        let acked = reckoning.report.acked;
        assert!(acked > 100, "too little happened to prove anything: {reckoning}");
        reckoning.drains
    }
}

/// From `CRASH_SEED`, or any; it is printed.
pub fn chance(name: &str) -> Chance {
    let given = env::var("CRASH_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(Chance::new_seed);
    println!("{name}: CRASH_SEED={seed}");
    Chance::seeded(seed)
}
