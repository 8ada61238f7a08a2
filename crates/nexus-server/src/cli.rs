//! What can be written on the command line.

mod moderation;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use nexus_protocol::{JobId, Leavings, OpId, UserRole};

pub use self::moderation::{Announcements, BanUser, Reports, ResolveReport, Sweeps};
use crate::{config::Flags, http::web::EMBEDDED};

/// NexusChat: a chat service in one binary.
///
/// Without a command it serves and works: REST and Socket.IO on one port, everything that must
/// survive in one folder. Given a MongoDB and a Redis, it is one node of many.
#[derive(Parser, Debug)]
#[command(name = "nexus", version = version(), after_long_help = EXAMPLES)]
pub struct Cli {
    #[command(flatten)]
    pub flags: Flags,
    #[command(subcommand)]
    pub command: Option<Command>,
}

fn version() -> &'static str {
    match EMBEDDED {
        [] => concat!(env!("CARGO_PKG_VERSION"), ", without the web client"),
        _ => env!("CARGO_PKG_VERSION"),
    }
}

const EXAMPLES: &str = "\
Examples:
  nexus                                        serve on 127.0.0.1:8080, data in ./data
  nexus --listen 127.0.0.1:9000 --data-dir /var/lib/nexus
  NEXUS__LOG__FORMAT=json nexus serve          settings from the environment
  nexus --config /etc/nexus.toml config        what is in force, and why
  nexus --store mongodb://db/chat --redis redis://cache serve        a node of a fleet
  nexus doctor                                 what is wrong with this machine

Every setting: `nexus config`. Contract: `nexus contract openapi`, or /api/docs of a running server.";

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serve clients and work off the queue in one process (the default)
    All,
    /// Serve clients only; what they send waits for a worker
    Serve,
    /// Work off the queue only; several share its lanes
    Work,
    /// Bring the stored data up to date with this version; safe to run twice
    Migrate,
    /// Print the settings in force, and where each that was changed comes from; secrets are hidden
    Config,
    /// Print the published contract as JSON
    Contract {
        #[arg(value_enum)]
        document: Contract,
    },
    /// Look after keys, accounts, reports, the queue and failed messages, also while a server runs
    #[command(subcommand)]
    Admin(Admin),
    /// Check settings, data, keys, limits and port of this machine; fails if something is broken
    Doctor(Output),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Contract {
    /// REST, OpenAPI 3.1
    Openapi,
    /// Sockets, AsyncAPI 3
    Asyncapi,
}

#[derive(Subcommand, Debug)]
pub enum Admin {
    /// The keys that sign access tokens
    #[command(subcommand)]
    Keys(Keys),
    /// What waits to be carried out, lane by lane, and which worker has each lane
    Queues(Output),
    /// Change the number of lanes of a fleet: its queue must be empty, and all its nodes stopped
    Lanes {
        #[arg(value_parser = clap::value_parser!(u16).range(1..=256))]
        lanes: u16,
    },
    /// Changes that were given up after all tries
    #[command(subcommand)]
    DeadLetters(DeadLetters),
    /// Mail and other side jobs: those that were given up, and those that wait
    #[command(subcommand)]
    Jobs(Jobs),
    /// Letters: addresses that they are not sent to any more
    #[command(subcommand)]
    Mail(Mail),
    /// Accounts: who is moderator or admin, who is kept out, and deleting one
    #[command(subcommand)]
    Users(Users),
    /// What users have reported
    #[command(subcommand)]
    Reports(Reports),
    /// Delete all that somebody wrote
    #[command(subcommand)]
    Sweeps(Sweeps),
    /// Say something to everybody
    #[command(subcommand)]
    Announcements(Announcements),
    /// The log of what moderators, admins and operators did
    #[command(subcommand)]
    Audit(Audit),
    /// What is older than the settings in [retention] let it be
    #[command(subcommand)]
    Retention(Retention),
}

#[derive(Subcommand, Debug)]
#[command(after_long_help = "\
Examples:
  nexus admin retention run --dry-run          how much of what would go
  nexus admin retention run                    have it taken away now, not only tonight")]
pub enum Retention {
    /// Have it taken away by a side job of the running server; it happens once a day anyway
    Run {
        /// Say only how much there is
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Subcommand, Debug)]
#[command(after_long_help = "\
Examples:
  nexus admin users role ann admin             the first admin; others by `PATCH /admin/users/{id}`
  nexus admin users list --role moderator
  nexus admin users show ann
  nexus admin users ban ann --reason \"spam in every group\"
  nexus admin users unban ann
  nexus admin users delete ann --messages remove")]
pub enum Users {
    /// List accounts by user name
    List {
        /// The beginning of a user name, an e-mail address, or words of a display name
        query: Option<String>,
        /// Those with this role only
        #[arg(long, value_parser = role)]
        role: Option<UserRole>,
        /// Those with a ban only
        #[arg(long)]
        banned: bool,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: u32,
        #[command(flatten)]
        output: Output,
    },
    /// Show one account: its role, its sessions, its ban
    Show {
        /// User name or e-mail address
        name: String,
    },
    /// Make somebody user, moderator or admin; a running server goes by it at once
    Role {
        /// User name or e-mail address
        name: String,
        #[arg(value_parser = role)]
        role: UserRole,
    },
    /// Keep somebody out; a running server signs them out and sends them a letter
    Ban(BanUser),
    /// Lift a ban
    Unban {
        /// User name or e-mail address
        name: String,
    },
    /// Delete an account for good: at once, and nobody can take it back
    Delete {
        /// User name or e-mail address
        name: String,
        /// What becomes of its messages: keep, under a "Deleted account", or remove
        #[arg(long, value_parser = leavings)]
        messages: Leavings,
    },
}

#[derive(Subcommand, Debug)]
#[command(after_long_help = "\
Examples:
  nexus admin audit export > audit.ndjson
  nexus admin audit verify
  nexus admin audit verify --known 9f86d081…   that entry, from an earlier export, is still there
  nexus admin audit verify audit.ndjson")]
pub enum Audit {
    /// Print all entries, the oldest first, one JSON object a line
    Export,
    /// Follow the chain of hashes; fails where an entry was changed, taken out or moved
    Verify {
        /// An export; without it, the stored log
        file: Option<PathBuf>,
        /// A hash that must be in it: entries taken off the end are found out by this only
        #[arg(long)]
        known: Option<String>,
    },
}

fn role(text: &str) -> Result<UserRole, String> {
    let roles = [UserRole::User, UserRole::Moderator, UserRole::Admin];
    let found = roles.into_iter().find(|role| role.as_str() == text);
    found.ok_or_else(|| "must be user, moderator or admin".to_owned())
}

fn leavings(text: &str) -> Result<Leavings, String> {
    let found = [Leavings::Keep, Leavings::Remove].into_iter().find(|one| one.as_str() == text);
    found.ok_or_else(|| "must be keep or remove".to_owned())
}

#[derive(Subcommand, Debug)]
pub enum Mail {
    /// Addresses that bounce, or whose readers want no letters
    #[command(subcommand)]
    Suppressions(Suppressions),
}

#[derive(Subcommand, Debug)]
pub enum Suppressions {
    /// List them, by address
    List {
        /// Those behind this address only
        #[arg(long)]
        after: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: u32,
        #[command(flatten)]
        output: Output,
    },
    /// Send letters to an address again
    Remove { address: String },
}

#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Output {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand, Debug)]
pub enum Keys {
    /// List all keys and what each is for
    List(Output),
    /// Make a new key; a running server signs with it 15 seconds later. Tokens of the old one stay valid
    Rotate(Output),
    /// Remove keys of which no valid token can be left
    Prune(Output),
}

#[derive(Subcommand, Debug)]
#[command(after_long_help = "\
Examples:
  nexus admin dead-letters list
  nexus admin dead-letters show 01966f4e-0000-7000-8000-000000000001
  nexus admin dead-letters replay --all")]
pub enum DeadLetters {
    /// List them, the newest first
    List {
        #[command(flatten)]
        output: Output,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Show one with all it holds, message text included; the audit log tells of it
    Show { id: OpId },
    /// Put them back in the queue
    Replay {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        output: Output,
    },
    /// Delete them for good
    Discard {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub struct Which {
    /// Those with these ids
    pub ids: Vec<OpId>,
    /// All there are now
    #[arg(long)]
    pub all: bool,
}

#[derive(Subcommand, Debug)]
#[command(after_long_help = "\
Examples:
  nexus admin jobs list
  nexus admin jobs list --waiting
  nexus admin jobs replay --all")]
pub enum Jobs {
    /// List those that were given up, the last first
    List {
        #[command(flatten)]
        output: Output,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Those that wait instead, the first due first
        #[arg(long)]
        waiting: bool,
    },
    /// Let them begin anew
    Replay {
        #[command(flatten)]
        which: WhichJobs,
        #[command(flatten)]
        output: Output,
    },
    /// Delete them for good
    Discard {
        #[command(flatten)]
        which: WhichJobs,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub struct WhichJobs {
    /// Those with these ids
    pub ids: Vec<JobId>,
    /// All that were given up
    #[arg(long)]
    pub all: bool,
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
    fn flags_may_stand_before_and_after_the_command() {
        for line in ["nexus --listen [::1]:1 serve", "nexus serve --listen [::1]:1"] {
            let cli = Cli::parse_from(line.split(' '));
            assert_eq!(cli.flags.listen.as_deref(), Some("[::1]:1"));
            assert!(matches!(cli.command, Some(Command::Serve)));
        }
        for wrong in ["nexus admin dead-letters replay", "nexus frobnicate", "nexus contract xml"] {
            assert!(Cli::try_parse_from(wrong.split(' ')).is_err(), "{wrong}");
        }
    }
}
