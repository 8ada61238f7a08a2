//! Many sockets that do nothing: what each costs.

use std::time::{Duration, Instant};

use anyhow::Result;
use nexus_protocol::{MessageType, MsgSend, event::MSG_SEND};

use crate::{
    Args,
    crowd::{self, Group},
    report::Scenario,
    tally::{Ear, Tally, client_id},
    target::{Target, Usages},
};

/// For sessions, chats and connects to be done with.
const SETTLE: Duration = Duration::from_secs(2);
/// How long the messages at the end may take to reach every socket.
const TAIL: Duration = Duration::from_secs(20);

/// Users in groups of `members`; at the end each group is sent one message, which every socket must
/// hear once: idle sockets are alive.
pub async fn run(args: &Args, target: &mut Target) -> Result<Scenario> {
    let apis = target.apis();
    let users = args.sockets.div_ceil(args.sockets_per_user.max(1));
    let count = users.div_ceil(args.members);
    let groups = crowd::groups(&apis, count, args.members, args.setup()).await?;
    target.refresh().await?;
    tokio::time::sleep(SETTLE).await;

    let before = target.usage()?;
    let tally = Tally::new();
    let began = Instant::now();
    let mut sockets = crowd::sockets(&apis, ears(args, &groups), &tally, args.setup()).await?;
    let took = began.elapsed();
    tokio::time::sleep(SETTLE).await;

    let idle_from = target.usage()?;
    tokio::time::sleep(Duration::from_secs(args.hold_secs)).await;
    let idle_until = target.usage()?;

    tally.begin(0, Duration::ZERO, 0);
    for (number, group) in groups.iter().enumerate() {
        // Every socket of a group is beside the others, the first member's first.
        let at = number * args.members * args.sockets_per_user;
        let Some(socket) = sockets.get_mut(at) else { break };
        socket.call(MSG_SEND, hello(group, number as u64)).await?;
    }
    let heard = sockets.len().div_ceil(args.members * args.sockets_per_user);
    let last_seqs: Vec<u64> = groups
        .iter()
        .enumerate()
        .map(|(at, group)| group.first_seq + u64::from(at < heard))
        .collect();
    let until = Instant::now() + TAIL;
    while !tally.is_complete(&last_seqs) && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    let count = sockets.len() as f64;
    let mut scenario = Scenario::new("idle", tally.settle(&last_seqs));
    scenario.put("sockets", count);
    scenario.put("connects a second", count / took.as_secs_f64());
    let idle = idle_until.since(&idle_from);
    for (role, usage) in &idle.0 {
        let rss = |usages: &Usages| usages.0.get(role).map_or(0, |usage| usage.rss_kib);
        let grown = rss(&idle_from).saturating_sub(rss(&before));
        scenario.put(&format!("{role} KiB of RSS per socket"), grown as f64 / count);
        scenario.put(&format!("{role} RSS before, MiB"), rss(&before) as f64 / 1024.0);
        scenario.put(&format!("{role} RSS, MiB"), usage.rss_kib as f64 / 1024.0);
        let share = usage.cpu().as_secs_f64() / Duration::from_secs(args.hold_secs).as_secs_f64();
        scenario.put(&format!("{role} CPU while idle, % of one core"), share * 100.0);
    }
    Ok(scenario)
}

fn ears(args: &Args, groups: &[Group]) -> Vec<(String, Ear)> {
    let mut ears = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        for (member, person) in group.members.iter().enumerate() {
            for _ in 0..args.sockets_per_user {
                let ear = Ear { group: at, member, first_seq: group.first_seq };
                ears.push((person.token.clone(), ear));
            }
        }
    }
    ears.truncate(args.sockets);
    ears
}

fn hello(group: &Group, number: u64) -> MsgSend {
    MsgSend {
        chat_id: group.chat,
        client_id: client_id(0, number),
        r#type: MessageType::Text,
        content: "Anybody there?".to_owned(),
        reply_to: None,
        mentions: Vec::new(),
    }
}
