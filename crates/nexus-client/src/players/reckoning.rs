//! After everything has come to rest: what the server lists, against what the players know.

use std::{collections::HashSet, fmt, time::Duration};

use futures_util::future::join_all;
use nexus_protocol::{Chat, MsgSend, SyncAnswer, UserId};
use tokio::time::{Instant, sleep};

use super::{REST, player::Player};
use crate::{
    Api, ClientState,
    journal::{Report, Seen, ServerList, check},
    rest,
};

/// How long changes may still come in after all outboxes are empty.
const UNREST: Duration = Duration::from_secs(60);

#[derive(Clone, Debug, Default)]
pub struct Reckoning {
    pub report: Report,
    /// Where a player's state after `sync` is not what is fetched afresh.
    pub differences: Vec<String>,
    /// What no server should do: failures without a cause, answers of another shape.
    pub complaints: Vec<String>,
    /// Messages of the players that stand in a list now.
    pub committed: usize,
    /// Messages in an outbox that came to no end: not committed, not failed.
    pub left_over: usize,
    /// Messages that ended as failed, told as such.
    pub failed: usize,
    /// How often a player was told that its server drains.
    pub drains: usize,
    /// Connections that ended without a word.
    pub cut: usize,
    /// Sends that were refused for now, and sends whose connection ended first.
    pub put_off: usize,
    pub unanswered: usize,
    /// From the end of a connection until all was caught up with, of all players, sorted.
    pub outages: Vec<Duration>,
    pub sign_ins: usize,
}

impl Reckoning {
    pub fn is_clean(&self) -> bool {
        self.report.is_clean() && self.differences.is_empty() && self.complaints.is_empty()
    }
}

/// Counts, with the first few of each kind.
impl fmt::Display for Reckoning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let few = |all: &[String]| all.iter().take(5).cloned().collect::<Vec<_>>().join("\n  ");
        write!(f, "{}", self.report)?;
        if !self.differences.is_empty() {
            let (count, few) = (self.differences.len(), few(&self.differences));
            write!(f, "\n{count} states differ after sync:\n  {few}")?;
        }
        if !self.complaints.is_empty() {
            write!(f, "\n{} complaints:\n  {}", self.complaints.len(), few(&self.complaints))?;
        }
        Ok(())
    }
}

pub(super) async fn reckon(api: &Api, mut players: Vec<Player>) -> rest::Result<Reckoning> {
    let mut reckoning = Reckoning::default();
    let apis: Vec<Api> = players.iter().map(|player| api.with_token(&player.token)).collect();
    come_to_rest(&apis).await?;
    for met in join_all(players.iter_mut().map(Player::come_once_more)).await {
        reckoning.complaints.extend(met.err().map(|err| format!("at the end: {err}")));
    }
    let mut lists = Vec::new();
    for (player, api) in players.iter_mut().zip(&apis) {
        catch_up(player, api).await?;
        let (fresh, theirs) = fetch(api, player.user).await?;
        let found = player.state.differences(&fresh);
        reckoning.differences.extend(found.iter().map(|text| format!("{}: {text}", player.user)));
        lists.extend(theirs);
    }
    let listed = lists.iter().flat_map(|list| list.messages.iter().map(|m| (list.chat, m)));
    let ended: HashSet<_> = listed.map(|(chat, m)| (chat, m.sender, &*m.client_id)).collect();
    let mut journals = Vec::new();
    for player in players {
        let waiting = player.outbox.waiting(usize::MAX);
        let is_waiting = |m: &&MsgSend| !ended.contains(&(m.chat_id, player.user, &*m.client_id));
        reckoning.left_over += waiting.iter().filter(is_waiting).count();
        let notes = player.notes;
        reckoning.complaints.extend(notes.complaints);
        reckoning.drains += notes.drains;
        reckoning.cut += notes.cut;
        reckoning.put_off += notes.put_off;
        reckoning.unanswered += notes.unanswered;
        reckoning.sign_ins += notes.sign_ins;
        reckoning.outages.extend(notes.outages);
        journals.push(player.journal);
    }
    reckoning.outages.sort();
    reckoning.failed = journals.iter().map(|journal| journal.failures()).sum();
    let listed = lists.iter().flat_map(|list| list.messages.iter().map(|m| (list.chat, m)));
    let committed = listed.filter(|(_, message)| !message.system);
    reckoning.committed =
        committed.map(|(chat, message)| (chat, message.seq)).collect::<HashSet<_>>().len();
    reckoning.report = check(&journals, &lists);
    Ok(reckoning)
}

/// Until nothing has changed in any chat for a while: requests may be under way that nobody waits
/// for.
async fn come_to_rest(apis: &[Api]) -> rest::Result<()> {
    let began = Instant::now();
    let mut before = Vec::new();
    while began.elapsed() < UNREST {
        sleep(REST).await;
        let mut now = Vec::new();
        for api in apis {
            for chat in api.chats().await? {
                now.push((chat.id, chat.last_rev, chat.receipts));
            }
        }
        if now == before {
            break;
        }
        before = now;
    }
    Ok(())
}

/// As somebody who comes back.
async fn catch_up(player: &mut Player, api: &Api) -> rest::Result<()> {
    loop {
        let answer: SyncAnswer = api.sync(&player.state.sync_request()).await?;
        player.take_sync(&answer);
        if !answer.more {
            return Ok(());
        }
    }
}

/// A user's chats from pages, as a state and as lists for the checker.
async fn fetch(api: &Api, user: UserId) -> rest::Result<(ClientState, Vec<ServerList>)> {
    let user_rev = api.sync(&Default::default()).await?.user_rev;
    let (mut chats, mut lists) = (Vec::new(), Vec::new());
    for chat in api.chats().await? {
        let messages = api.messages(chat.id).await?;
        lists.push(ServerList {
            viewer: user,
            chat: chat.id,
            members: members(api, &chat).await?,
            messages: messages.iter().map(Seen::of).collect(),
            read_seq: chat.me.read_seq,
            unread: chat.me.unread,
        });
        chats.push((chat, messages));
    }
    Ok((ClientState::from_fetch(user, user_rev, chats, []), lists))
}

async fn members(api: &Api, chat: &Chat) -> rest::Result<HashSet<UserId>> {
    let page = api.get(&format!("/chats/{}/members?limit=200", chat.id)).await?;
    let page: nexus_protocol::Members = page.read()?;
    Ok(page.members.into_iter().map(|member| member.user.id).collect())
}
