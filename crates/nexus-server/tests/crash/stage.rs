//! A server with twenty players on it, and the reckoning at the end.

use std::{collections::HashSet, path::Path, time::Duration};

use nexus_client::{
    Api, ClientState, Launch, Server,
    journal::{Seen, ServerList, check},
};
use nexus_protocol::{Chat, ChatId, UserId};
use tempfile::TempDir;
use tokio::{sync::watch, task::JoinSet, time::timeout};

use crate::{
    chance::Chance,
    player::{Phase, Player},
};

const PLAYERS: usize = 20;
const GROUPS: usize = 5;
const DIRECTS: usize = 10;
/// From the last thing written until every outbox is empty.
const SETTLING: Duration = Duration::from_secs(60);

pub struct Stage {
    pub server: Server,
    api: Api,
    phase: watch::Sender<Phase>,
    online: watch::Receiver<usize>,
    players: JoinSet<Player>,
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
        let api = Api::new(&server.url());
        let players = cast(&api, &chance).await;
        let (phase, phases) = watch::channel(Phase::Writing);
        let (counter, online) = watch::channel(0);
        let players = players
            .into_iter()
            .map(|player| player.play(phases.clone(), counter.clone()))
            .collect();
        Stage { server, api, phase, online, players, _data: data }
    }

    pub async fn play_for(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    pub fn connected(&self) -> usize {
        *self.online.borrow()
    }

    /// Lets everything come to rest, then checks all promises. How often a player was told that the
    /// server drains.
    pub async fn curtain(mut self) -> usize {
        self.phase.send_replace(Phase::Settling);
        let mut players = Vec::new();
        while let Some(player) =
            timeout(SETTLING, self.players.join_next()).await.expect("outboxes get empty")
        {
            players.push(player.unwrap());
        }
        // Watermarks are gathered for a moment before they are stored.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let (mut lists, mut differences) = (Vec::new(), Vec::new());
        for player in &mut players {
            player.catch_up().await;
            let (fresh, theirs) = fetch(&self.api.with_token(&player.token), player.user).await;
            let found = player.state.differences(&fresh);
            differences.extend(found.into_iter().map(|text| format!("{}: {text}", player.user)));
            lists.extend(theirs);
        }
        let drains = players.iter().map(|player| player.drains).sum();
        let journals: Vec<_> = players.into_iter().map(|player| player.journal).collect();
        let report = check(&journals, &lists);
        println!("{report}");
        assert!(report.is_clean(), "{report}\nthe server's log ends: {}", self.server.log());
        assert!(report.acked > 100, "too little happened to prove anything: {report}");
        let few = &differences[..differences.len().min(5)];
        assert!(few.is_empty(), "{} states differ after sync: {few:#?}", differences.len());
        drains
    }
}

async fn cast(api: &Api, chance: &Chance) -> Vec<Player> {
    let mut players = Vec::new();
    for number in 0..PLAYERS {
        let signed_in = api.signup(&format!("player{number}"), "a long enough password").await;
        let signed_in = signed_in.unwrap();
        let token = signed_in.access_token.unwrap();
        let host = api.host().to_owned();
        players.push(Player::new(signed_in.user.id, token, host, chance.split()));
    }
    for number in 0..GROUPS {
        let members: Vec<usize> =
            (0..PLAYERS).filter(|at| at % GROUPS == number || chance.one_in(4)).collect();
        let others = members.iter().skip(1).map(|at| players[*at].user).collect();
        let owner = api.with_token(&players[members[0]].token);
        let chat = owner.create_group(&format!("Group {number}"), others).await.unwrap();
        members.iter().for_each(|at| players[*at].chats.push(chat.id));
    }
    for number in 0..DIRECTS {
        let (one, other) = (number, number + DIRECTS);
        let chat = api.with_token(&players[one].token).create_direct(players[other].user).await;
        let chat = chat.unwrap();
        [one, other].iter().for_each(|at| players[*at].chats.push(chat.id));
    }
    players
}

/// A user's chats from pages, as a state and as lists for the checker.
async fn fetch(api: &Api, user: UserId) -> (ClientState, Vec<ServerList>) {
    let user_rev = api.sync(&Default::default()).await.unwrap().user_rev;
    let (mut chats, mut lists) = (Vec::new(), Vec::new());
    for chat in api.chats().await.unwrap() {
        let messages = api.messages(chat.id).await.unwrap();
        lists.push(ServerList {
            viewer: user,
            chat: chat.id,
            members: members(api, &chat).await,
            messages: messages.iter().map(Seen::of).collect(),
            read_seq: chat.me.read_seq,
            unread: chat.me.unread,
        });
        chats.push((chat, messages));
    }
    (ClientState::from_fetch(user, user_rev, chats, []), lists)
}

async fn members(api: &Api, chat: &Chat) -> HashSet<UserId> {
    let chat: ChatId = chat.id;
    let page = api.get(&format!("/chats/{chat}/members?limit=200")).await.unwrap();
    let page: nexus_protocol::Members = page.read().unwrap();
    page.members.into_iter().map(|member| member.user.id).collect()
}
