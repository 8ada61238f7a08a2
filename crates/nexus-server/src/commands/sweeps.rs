//! `nexus admin sweeps`

use nexus_core::{
    staff::{self, Order},
    sweeps,
};
use nexus_protocol::{StartSweep, Sweep, SweepState};

use super::{Ended, print, refused};
use crate::cli::Sweeps;

pub async fn run(order: &Order<'_>, command: Sweeps) -> anyhow::Result<Ended> {
    match command {
        Sweeps::Start { name, chat, from, to, dry_run, output } => {
            let user_id = match staff::named(order.store, &name).await {
                Ok(user) => user,
                Err(err) => return refused(err, &name),
            };
            let req = StartSweep { user_id, chat_id: chat, from, to, dry_run };
            match sweeps::start_by_operator(order, req).await {
                Ok(sweep) => show(&sweep, output.json),
                Err(err) => refused(err, &name),
            }
        }
        Sweeps::Show { id, output } => match order.store.sweep(id).await? {
            Some(known) => show(&known.sweep, output.json),
            None => {
                print(&format!("there is no sweep {id}"))?;
                Ok(Ended::Badly)
            }
        },
    }
}

fn show(sweep: &Sweep, json: bool) -> anyhow::Result<Ended> {
    if json {
        print(&serde_json::to_string_pretty(sweep)?)?;
        return Ok(Ended::Well);
    }
    let Sweep { messages, chats, chats_done, .. } = sweep;
    let id = sweep.id.map_or_else(String::new, |id| format!("sweep {id}: "));
    print(&match sweep.state {
        SweepState::DryRun => format!("{messages} messages in {chats} chats would be deleted"),
        SweepState::Running => format!("{id}{chats_done} of {chats} chats, {messages} messages"),
        SweepState::Done => format!("{id}done, {messages} messages in {chats} chats"),
    })?;
    Ok(Ended::Well)
}
