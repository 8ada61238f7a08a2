//! `nexus admin sweeps`

use nexus_core::{
    staff::{self, Order},
    sweeps,
};
use nexus_protocol::{StartSweep, Sweep, SweepState};
use serde_json::json;

use super::{Ended, print, refused, table};
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
        Sweeps::List { limit, output } => {
            let found = order.store.sweeps(None, limit).await?;
            let found: Vec<Sweep> = found.into_iter().map(|record| record.sweep).collect();
            match output.json {
                true => print(&serde_json::to_string_pretty(&json!({ "sweeps": found }))?)?,
                false if found.is_empty() => print("no sweeps")?,
                false => print(&listed(&found))?,
            }
            Ok(Ended::Well)
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

fn listed(sweeps: &[Sweep]) -> String {
    let titles = ["ID", "STATE", "SINCE", "OF", "CHATS", "MESSAGES"];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    rows.extend(sweeps.iter().map(|sweep| {
        let state = if sweep.finished_at.is_some() { "done" } else { "running" };
        vec![
            sweep.id.map_or_else(String::new, |id| id.to_string()),
            state.to_owned(),
            sweep.started_at.to_string(),
            sweep.user_id.to_string(),
            format!("{} of {}", sweep.chats_done, sweep.chats),
            sweep.messages.to_string(),
        ]
    }));
    table(&rows)
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
