//! `nexus doctor`: is this machine fit to run a server, and is what is stored sound?

mod checks;
#[cfg(all(feature = "mongo", feature = "redis"))]
mod fleet;
mod port;
#[cfg(test)]
mod tests;

use serde::Serialize;

use super::{Ended, print, table};
use crate::{
    cli::Output,
    config::{Config, ConfigError},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    Ok,
    Warn,
    Fail,
}

/// One thing that was looked at, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub condition: Condition,
    pub subject: &'static str,
    pub text: String,
}

impl Finding {
    fn ok(subject: &'static str, text: impl Into<String>) -> Finding {
        Finding { condition: Condition::Ok, subject, text: text.into() }
    }

    fn warn(subject: &'static str, text: impl Into<String>) -> Finding {
        Finding { condition: Condition::Warn, subject, text: text.into() }
    }

    fn fail(subject: &'static str, text: impl Into<String>) -> Finding {
        Finding { condition: Condition::Fail, subject, text: text.into() }
    }
}

/// Prints all findings; badly ended if one of them is a failure.
pub async fn run(config: Result<Config, ConfigError>, output: Output) -> anyhow::Result<Ended> {
    let findings = match config {
        Ok(config) => examine(&config).await,
        Err(ConfigError::Unusable(problems)) => {
            problems.into_iter().map(|problem| Finding::fail("settings", problem)).collect()
        }
        Err(err) => vec![Finding::fail("settings", err.to_string())],
    };
    if output.json {
        print(&serde_json::to_string_pretty(&findings)?)?;
    } else {
        let rows: Vec<Vec<String>> = findings.iter().map(row).collect();
        print(&table(&rows))?;
    }
    let broken = findings.iter().any(|finding| finding.condition == Condition::Fail);
    Ok(if broken { Ended::Badly } else { Ended::Well })
}

async fn examine(config: &Config) -> Vec<Finding> {
    let mut found = vec![Finding::ok("settings", "can be used")];
    found.extend(backends(config).await);
    found.extend([
        checks::keys(config),
        checks::clock(config),
        checks::open_files(config),
        checks::mail(config),
        checks::web_client(),
        port::check(config).await,
    ]);
    found.extend(checks::certificate(config));
    found
}

async fn backends(config: &Config) -> Vec<Finding> {
    #[cfg(all(feature = "mongo", feature = "redis"))]
    if config.is_fleet() {
        return fleet::check(config).await;
    }
    vec![
        checks::data_folder(config),
        checks::disk(config),
        checks::process(config),
        checks::database(config).await,
    ]
}

fn row(finding: &Finding) -> Vec<String> {
    let condition = format!("{:?}", finding.condition).to_lowercase();
    vec![condition, finding.subject.to_owned(), finding.text.clone()]
}
