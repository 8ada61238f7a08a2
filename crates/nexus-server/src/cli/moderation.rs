//! The commands that moderate: bans, sweeps, reports, announcements.

use clap::{Args, Subcommand};
use nexus_protocol::{
    AnnouncementId, AnnouncementLevel, ChatId, ReportAction, ReportId, ReportState, SweepId,
    Timestamp,
};
use serde::de::DeserializeOwned;

use super::Output;

#[derive(Args, Debug)]
pub struct BanUser {
    /// User name or e-mail address
    pub name: String,
    /// What the banned is told
    #[arg(long)]
    pub reason: String,
    /// When it lifts by itself (2030-01-31T12:00:00Z); left out: never
    #[arg(long, value_parser = written::<Timestamp>)]
    pub until: Option<Timestamp>,
}

#[derive(Subcommand, Debug)]
#[command(after_long_help = "\
Examples:
  nexus admin sweeps start spammer --dry-run   how many messages it would delete
  nexus admin sweeps start spammer --from 2030-01-31T00:00:00Z
  nexus admin sweeps list
  nexus admin sweeps show 01966f4e-0000-7000-8000-000000000001")]
pub enum Sweeps {
    /// Delete the messages of somebody for everybody; a running server carries it out
    Start {
        /// User name or e-mail address
        name: String,
        /// In this chat only
        #[arg(long)]
        chat: Option<ChatId>,
        /// Messages sent at or after this
        #[arg(long, value_parser = written::<Timestamp>)]
        from: Option<Timestamp>,
        /// Messages sent before this
        #[arg(long, value_parser = written::<Timestamp>)]
        to: Option<Timestamp>,
        /// Only count
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        output: Output,
    },
    /// List them, the last started first
    List {
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: u32,
        #[command(flatten)]
        output: Output,
    },
    /// Show how far one is
    Show {
        id: SweepId,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Subcommand, Debug)]
#[command(after_long_help = "\
Examples:
  nexus admin announcements make \"We move house on Sunday\" --level warning
  nexus admin announcements list
  nexus admin announcements withdraw 01966f4e-0000-7000-8000-000000000001")]
pub enum Announcements {
    /// List them, the newest first, those withdrawn or over included
    List {
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: u32,
        #[command(flatten)]
        output: Output,
    },
    /// Say something to everybody; a running server tells whoever is connected
    Make {
        content: String,
        /// info, warning or critical
        #[arg(long, default_value = "info", value_parser = written::<AnnouncementLevel>)]
        level: AnnouncementLevel,
        /// When it is over (2030-01-31T12:00:00Z); left out: when it is withdrawn
        #[arg(long, value_parser = written::<Timestamp>)]
        until: Option<Timestamp>,
    },
    /// Take one back
    Withdraw { id: AnnouncementId },
}

#[derive(Subcommand, Debug)]
#[command(after_long_help = "\
Examples:
  nexus admin reports list --state open
  nexus admin reports show 01966f4e-0000-7000-8000-000000000001
  nexus admin reports resolve 01966f4e-0000-7000-8000-000000000001 ban --reason \"spam\"")]
pub enum Reports {
    /// List what users have reported, the last first
    List {
        /// open or resolved
        #[arg(long, value_parser = written::<ReportState>)]
        state: Option<ReportState>,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: u32,
        #[command(flatten)]
        output: Output,
    },
    /// Show one with all that its reporters saw, message text included; the audit log tells of it
    Show { id: ReportId },
    /// Close one, and have done what is to be done about it; a running server carries it out
    Resolve(ResolveReport),
}

#[derive(Args, Debug)]
pub struct ResolveReport {
    pub id: ReportId,
    /// dismiss, warn, ban or sweep
    #[arg(value_parser = written::<ReportAction>)]
    pub action: ReportAction,
    /// What the warned or the banned is told
    #[arg(long)]
    pub reason: Option<String>,
    /// When a ban lifts by itself (2030-01-31T12:00:00Z); left out: never
    #[arg(long, value_parser = written::<Timestamp>)]
    pub until: Option<Timestamp>,
    /// For those who read the report or the audit log later
    #[arg(long)]
    pub note: Option<String>,
}

/// As it is written in JSON.
fn written<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|err| err.to_string())
}
