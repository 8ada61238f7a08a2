//! Faster and faster, until messages come late or acknowledgements fall behind.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::{
    Args,
    latency::describe,
    report::Scenario,
    rush::{Rush, Stretch},
    target::Target,
};

/// A sanity bound: no machine this runs on gets here.
const MAX_STEPS: u32 = 40;

pub async fn run(args: &Args, target: &Target) -> Result<Scenario> {
    let mut rush = Rush::prepare(args, target).await?;
    let length = Duration::from_secs(args.secs);
    let mut rate = args.rate;
    let mut best: Option<Stretch> = None;
    let mut stopped = "the last step was taken".to_owned();
    for _ in 0..MAX_STEPS {
        let stretch = rush.run(rate, args.warm_up(), length).await?;
        eprintln!(
            "{:>7.0} msg/s offered, {:>7.0} sent: seen p99 {:.0} ms, ack p99 {:.0} ms, {} unacked",
            rate, stretch.sent_per_sec, stretch.seen.p99, stretch.ack.p99, stretch.unacked
        );
        if let Some(reason) = too_much(args, &stretch) {
            stopped = reason;
            break;
        }
        best = Some(stretch);
        rate *= args.growth;
    }
    let best = best.context("the first step was too much already: start with a lower --rate")?;
    let mut scenario = Scenario::new("saturate", rush.settle());
    describe(&mut scenario, &best);
    scenario.put("next step offered, messages a second", rate);
    scenario.note(stopped);
    Ok(scenario)
}

fn too_much(args: &Args, stretch: &Stretch) -> Option<String> {
    if stretch.seen.p99 > args.knee_ms as f64 {
        return Some(format!("send to seen p99 was {:.0} ms", stretch.seen.p99));
    }
    if stretch.unacked as f64 > stretch.offered_per_sec {
        return Some(format!("{} acknowledgements were behind", stretch.unacked));
    }
    if stretch.sent_per_sec < stretch.offered_per_sec * 0.95 {
        return Some("the load generator itself could not send faster".to_owned());
    }
    None
}
