//! What can be written on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use nexus_fleet::{
    chaos::Scenario,
    services::redis::{Fsync, Topology},
};

/// A whole fleet on one machine: MongoDB, Redis and NexusChat's nodes as children of this program.
///
/// All listen on free ports of loopback, keep their data in a temporary folder, and end with this
/// program, however it ends.
#[derive(Parser, Debug)]
#[command(name = "nexus-fleet", version, max_term_width = 100, after_long_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  nexus-fleet services -- cargo test --workspace      tests of the backends, with backends
  nexus-fleet services                                the same, to use from another terminal
  nexus-fleet up                                      three nodes, two workers, nginx in front
  nexus-fleet chaos --only zombie --seed 7            break it, and repeat how it was broken
  nexus-fleet bench latency --redis cluster -- --rate 500   what a fleet costs, beside one server
  nexus-fleet up --redis alone --api-nodes 2 --mongo-members 1

mongod is taken from NEXUS_MONGOD, from PATH, or from where `make services` put it.";

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Start what tests need (one MongoDB, one Redis, a Redis Cluster), run a command, stop all
    Services(Services),
    /// Start a fleet and keep it up until Ctrl-C
    Up(Up),
    /// Break a fleet under load in every way there is, and check that it kept its promises
    Chaos(Chaos),
    /// Put the same load on one embedded server and on fleets, and show what each bore
    Bench(Bench),
}

/// Sets NEXUS_TEST_MONGO, NEXUS_TEST_REDIS and NEXUS_TEST_REDIS_CLUSTER, runs the command and exits
/// with its status. Without a command it prints the variables and waits for Ctrl-C.
#[derive(Args, Debug)]
pub struct Services {
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<String>,
}

#[derive(Args, Debug)]
pub struct Up {
    /// Nodes that clients talk to
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = count())]
    pub api_nodes: usize,
    /// Nodes that work off the queue
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = count())]
    pub workers: usize,
    /// Members of the MongoDB replica set
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = count())]
    pub mongo_members: usize,
    #[arg(long, value_enum, default_value = "cluster")]
    pub redis: Topology,
    /// When a write of Redis has reached the disk
    #[arg(long, value_enum, default_value = "always")]
    pub fsync: Fsync,
    /// The nodes' program: use a release build
    #[arg(long, value_name = "PATH", default_value = "target/release/nexus")]
    pub bin: PathBuf,
    /// Where nginx listens
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// A setting of all nodes, as NEXUS__LIMITS__ENABLED=false
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,
    /// Leave data, keys and logs where they are at the end
    #[arg(long)]
    pub keep: bool,
}

/// One line for each scenario. Times are told, counts are asserted: the exit status says whether
/// every promise was kept.
#[derive(Args, Debug)]
pub struct Chaos {
    /// These scenarios only
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAME")]
    pub only: Vec<Scenario>,
    /// What can be done to a fleet
    #[arg(long)]
    pub list: bool,
    /// The same chances again; any, and printed, if left out
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How often a scenario strikes, instead of as often as it thinks right
    #[arg(long, value_name = "N")]
    pub rounds: Option<u32>,
    /// How long the scenario `any` goes on
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub minutes: u64,
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = count())]
    pub players: usize,
    /// Things the players do in a second, all together
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub rate: u32,
    /// The nodes' program; one built for tests can be made to die at named places
    #[arg(long, value_name = "PATH", default_value = "target/debug/nexus")]
    pub bin: PathBuf,
}

/// One column for the embedded server, then one for each --redis with each --api-nodes, with the
/// ratio to the first column. Times are told; a lost, doubled or misplaced message makes it exit
/// with 1.
#[derive(Args, Debug)]
pub struct Bench {
    /// idle, latency, saturate
    #[arg(default_values = ["idle", "latency", "saturate"], value_name = "SCENARIO")]
    pub scenarios: Vec<String>,
    #[arg(long, value_enum, value_delimiter = ',', default_value = "cluster,alone")]
    pub redis: Vec<Topology>,
    /// Nodes that clients talk to
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "3", value_parser = count())]
    pub api_nodes: Vec<usize>,
    /// Nodes that work off the queue
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = count())]
    pub workers: usize,
    /// Members of the MongoDB replica set
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = count())]
    pub mongo_members: usize,
    /// When a write of Redis has reached the disk
    #[arg(long, value_enum, default_value = "always")]
    pub fsync: Fsync,
    /// Fleets only
    #[arg(long)]
    pub no_embedded: bool,
    /// A setting of all nodes of the fleets, as NEXUS__QUEUE__BATCH=64
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,
    /// The server: use a release build
    #[arg(long, value_name = "PATH", default_value = "target/release/nexus")]
    pub bin: PathBuf,
    #[arg(long, value_name = "PATH", default_value = "target/release/nexus-load")]
    pub load: PathBuf,
    /// More for nexus-load, as --groups 50
    #[arg(last = true, value_name = "ARGS")]
    pub args: Vec<String>,
}

fn count() -> impl clap::builder::TypedValueParser<Value = usize> {
    use clap::builder::{RangedU64ValueParser, TypedValueParser as _};
    RangedU64ValueParser::<u8>::new().range(1..=50).map(usize::from)
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("no `=` in it")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_fleet_without_workers_is_refused() {
        assert!(Cli::try_parse_from(["nexus-fleet", "up", "--workers", "0"]).is_err());
        assert!(Cli::try_parse_from(["nexus-fleet", "up", "--set", "nonsense"]).is_err());
        assert!(Cli::try_parse_from(["nexus-fleet", "services", "--", "a", "--b"]).is_ok());
    }
}
