//! Messages at a constant rate: how long until the acknowledgement, how long until seen.

use std::time::Duration;

use anyhow::Result;

use crate::{
    Args,
    report::{Scenario, micros_each},
    rush::{Rush, Stretch},
    target::Target,
};

pub async fn run(args: &Args, target: &Target) -> Result<Scenario> {
    let mut rush = Rush::prepare(args, target).await?;
    let length = Duration::from_secs(args.secs);
    let stretch = rush.run(args.rate, args.warm_up(), length).await?;
    let mut scenario = Scenario::new("latency", rush.settle());
    describe(&mut scenario, &stretch);
    Ok(scenario)
}

pub fn describe(scenario: &mut Scenario, stretch: &Stretch) {
    scenario.put("messages a second", stretch.sent_per_sec);
    scenario.put("deliveries a second", stretch.deliveries_per_sec);
    scenario.put_percentiles("send to ack, ms", &stretch.ack);
    scenario.put_percentiles("send to seen, ms", &stretch.seen);
    let deliveries = stretch.deliveries;
    for (role, usage) in &stretch.servers.0 {
        let micros = |cpu| micros_each(cpu, deliveries);
        scenario.put(&format!("{role} CPU µs per delivery"), micros(usage.cpu()));
        scenario.put(&format!("{role} CPU µs per delivery, user"), micros(usage.user));
        scenario.put(&format!("{role} RSS, MiB"), usage.rss_kib as f64 / 1024.0);
    }
    scenario.put("load CPU µs per delivery", micros_each(stretch.client, deliveries));
}
