//! `nexus admin dead-letters`

use nexus_core::{
    Error, operations,
    ports::{DeadLetter, Queue},
    staff::Order,
};
use nexus_protocol::OpId;
use serde_json::json;

use super::{Ended, print, table};
use crate::cli::{DeadLetters, Which};

/// How many are read at a time for `--all`.
const PAGE: u32 = 500;

pub async fn run(
    order: &Order<'_>,
    queue: &dyn Queue,
    command: DeadLetters,
) -> anyhow::Result<Ended> {
    match command {
        DeadLetters::List { output, limit } => {
            let letters = queue.dead_letters(None, limit).await?;
            match output.json {
                true => print(&serde_json::to_string_pretty(&json!({ "deadLetters": letters }))?)?,
                false if letters.is_empty() => print("no dead letters")?,
                false => {
                    print(&listed(&letters))?;
                    let more = queue.stats().await?.dead.saturating_sub(letters.len() as u64);
                    if more > 0 {
                        print(&format!("and {more} older: see --limit"))?;
                    }
                }
            }
            Ok(Ended::Well)
        }
        DeadLetters::Show { id } => match operations::read(order, queue, id).await {
            Ok(letter) => {
                print(&serde_json::to_string_pretty(&letter)?)?;
                Ok(Ended::Well)
            }
            Err(Error::NotFound(_)) => {
                print(&format!("{id} is no dead letter"))?;
                Ok(Ended::Badly)
            }
            Err(err) => Err(err.into()),
        },
        DeadLetters::Replay { which, output } => {
            let (mut done, mut missing) = (Vec::new(), Vec::new());
            for id in ids(queue, which).await? {
                match operations::put_back(order, queue, id).await {
                    Ok(()) => done.push(id),
                    Err(Error::NotFound(_)) => missing.push(id),
                    Err(err) => return Err(err.into()),
                }
            }
            report("replayed", &done, &missing, output.json)
        }
        DeadLetters::Discard { which, output } => {
            let (mut done, mut missing) = (Vec::new(), Vec::new());
            for id in ids(queue, which).await? {
                match operations::throw_away(order, queue, id).await {
                    Ok(()) => done.push(id),
                    Err(Error::NotFound(_)) => missing.push(id),
                    Err(err) => return Err(err.into()),
                }
            }
            report("discarded", &done, &missing, output.json)
        }
    }
}

/// All of them are read before the first is touched: one that dies again must not come round again.
async fn ids(queue: &dyn Queue, which: Which) -> anyhow::Result<Vec<OpId>> {
    if !which.all {
        return Ok(which.ids);
    }
    let (mut ids, mut before) = (Vec::new(), None);
    loop {
        let page = queue.dead_letters(before, PAGE).await?;
        let Some(last) = page.last() else { return Ok(ids) };
        before = Some(last.died_at);
        // The oldest first, so that replayed changes of a chat keep their order.
        ids.splice(0..0, page.iter().rev().map(|letter| letter.op.id));
    }
}

fn listed(letters: &[DeadLetter]) -> String {
    let titles = ["ID", "DIED", "TRIES", "WHAT", "CHAT", "BY", "WHY"];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    rows.extend(letters.iter().map(|letter| {
        vec![
            letter.op.id.to_string(),
            letter.died_at.to_string(),
            letter.attempts.to_string(),
            kind(letter),
            letter.op.chat.to_string(),
            letter.op.actor.to_string(),
            format!("{}: {}", letter.rejection.code.as_str(), letter.rejection.reason),
        ]
    }));
    table(&rows)
}

/// The name alone: what people wrote is shown by `show` only.
fn kind(letter: &DeadLetter) -> String {
    let written = format!("{:?}", letter.op.kind);
    written.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}

fn report(verb: &str, done: &[OpId], missing: &[OpId], json: bool) -> anyhow::Result<Ended> {
    if json {
        print(&json!({ verb: done, "missing": missing }).to_string())?;
    } else {
        print(&format!("{verb} {}", done.len()))?;
        for id in missing {
            print(&format!("{id} is no dead letter"))?;
        }
    }
    Ok(if missing.is_empty() { Ended::Well } else { Ended::Badly })
}
