//! The same load on one embedded server and on fleets, side by side.

mod column;
mod table;

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};

use crate::{Fleet, Plan, process::bound_to_us, services::redis::Topology};
use column::{Column, Report};

pub use table::Table;

/// What nodes are told so that the load is not turned away, nor spent on passwords.
const ENVIRONMENT: [(&str, &str); 5] = [
    ("NEXUS__LIMITS__ENABLED", "false"),
    ("NEXUS__AUTH__BCRYPT_COST", "4"),
    ("NEXUS__AUTH__BCRYPT_QUEUE", "1000"),
    ("NEXUS__LOG__LEVEL", "warn"),
    ("NEXUS__SERVER__MAX_CONNECTIONS", "100000"),
];

pub struct Bench {
    /// `nexus-load`
    pub load: PathBuf,
    /// As it calls them.
    pub scenarios: Vec<String>,
    /// More for `nexus-load`, the same in each column.
    pub args: Vec<String>,
    /// The embedded server goes first: the others are compared with it.
    pub embedded: bool,
    /// One column for each of these with each number of nodes.
    pub redis: Vec<Topology>,
    pub api_nodes: Vec<usize>,
    /// All else of the fleets.
    pub plan: Plan,
}

/// Where load goes, and what is watched meanwhile.
struct Subject<'a> {
    name: String,
    args: Vec<String>,
    /// `None` is the embedded server.
    fleet: Option<&'a Fleet>,
}

impl Bench {
    pub async fn run(&self) -> Result<Table> {
        ensure!(self.load.is_file(), "there is no {}: build nexus-load", self.load.display());
        let mut columns = Vec::new();
        if self.embedded {
            let program = self.plan.program.to_string_lossy().into_owned();
            let args = vec!["--server".to_owned(), program];
            let subject = Subject { name: "embedded".to_owned(), args, fleet: None };
            columns.push(self.column(&subject).await);
        }
        for redis in &self.redis {
            for api_nodes in &self.api_nodes {
                columns.push(self.fleet(*redis, *api_nodes).await?);
            }
        }
        Ok(Table::new(columns))
    }

    async fn fleet(&self, redis: Topology, api_nodes: usize) -> Result<Column> {
        let own = ENVIRONMENT.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let plan = Plan {
            redis,
            api_nodes,
            environment: own.into_iter().chain(self.plan.environment.iter().cloned()).collect(),
            ..self.plan.clone()
        };
        let mut fleet = Fleet::start(&plan).await?;
        let name = format!("{redis:?} {api_nodes}+{}", plan.workers).to_lowercase();
        let args = vec!["--url".to_owned(), fleet.url(), "--pid".to_owned(), watched(&fleet)];
        let column = self.column(&Subject { name, args, fleet: Some(&fleet) }).await;
        fleet.stop().await?;
        Ok(column)
    }

    async fn column(&self, subject: &Subject<'_>) -> Column {
        let mut column = Column::new(&subject.name);
        for scenario in &self.scenarios {
            eprintln!("{}: {scenario} …", subject.name);
            let before = load_average();
            // What the others show is worth something without it.
            match self.measure(scenario, &subject.args).await {
                Ok(report) => column.take(report, (before, load_average()), subject.nodes()),
                Err(err) => {
                    eprintln!("{scenario} on {}: {err:#}\n{}", subject.name, subject.logs());
                    column.is_whole = false;
                }
            }
        }
        column
    }

    async fn measure(&self, scenario: &str, args: &[String]) -> Result<Report> {
        let file = tempfile::NamedTempFile::new()?;
        let status = bound_to_us(&self.load, "TERM")
            .arg(scenario)
            .arg("--json")
            .arg(file.path())
            .args(args)
            .args(&self.args)
            .stdout(std::process::Stdio::null())
            .kill_on_drop(true)
            .status()
            .await?;
        let text = std::fs::read_to_string(file.path())?;
        // It says no as well when something was lost: that is for the table to show.
        if text.is_empty() {
            bail!("nexus-load ended with {status}");
        }
        Ok(serde_json::from_str(&text)?)
    }
}

impl Subject<'_> {
    fn nodes(&self) -> usize {
        self.fleet.map_or(1, |fleet| fleet.api_nodes.len())
    }

    fn logs(&self) -> String {
        let Some(fleet) = self.fleet else { return "see above".to_owned() };
        let logs = fleet.nodes().map(|node| node.process.log());
        logs.filter(|log| !log.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

/// All processes, as `nexus-load --pid` takes them.
fn watched(fleet: &Fleet) -> String {
    let serve = fleet.api_nodes.iter().map(|node| ("serve", &node.process));
    let work = fleet.workers.iter().map(|node| ("work", &node.process));
    let mongod = fleet.mongo.members.iter().map(|member| ("mongod", &member.process));
    let redis = fleet.redis.servers.iter().map(|server| ("redis", &server.process));
    let nginx = fleet.front.iter().map(|front| ("nginx", &front.process));
    let all = serve.chain(work).chain(mongod).chain(redis).chain(nginx);
    let all = all.filter_map(|(role, process)| Some(format!("{role}={}", process.pid()?)));
    all.collect::<Vec<_>>().join(",")
}

/// Of the last minute; who else uses the machine matters to whoever reads the times.
fn load_average() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or_default()
}
