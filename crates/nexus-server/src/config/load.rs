//! Puts the settings together: embedded defaults, a file, the environment, flags.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use clap::Args;
use config::{Environment, File, FileFormat};

use super::{Config, DEFAULTS, check::problems};

/// The settings that have a flag of their own.
#[derive(Args, Clone, Debug, Default)]
pub struct Flags {
    /// File with settings; without it, ./nexus.toml if there is one
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDR:PORT")]
    pub listen: Option<String>,
    /// Folder of database, keys and lock [default: ./data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<String>,
    /// Where data is stored, as sqlite:PATH [default: nexus.db in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    pub store: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the settings can't be read: {0}")]
    Unreadable(#[from] config::ConfigError),
    #[error("the settings can't be used:\n{}", bulleted(.0))]
    Unusable(Vec<String>),
}

/// `environment` is the process's own, or a test's.
pub fn load(flags: &Flags, environment: HashMap<String, String>) -> Result<Config, ConfigError> {
    let config = read(flags, environment)?;
    let problems = problems(&config);
    if problems.is_empty() { Ok(config) } else { Err(ConfigError::Unusable(problems)) }
}

/// As [`load`], unchecked, for those who say what is wrong in their own way.
pub(super) fn read(
    flags: &Flags,
    environment: HashMap<String, String>,
) -> Result<Config, ConfigError> {
    // Other variables need not concern us, nor be text.
    let own = environment.into_iter().filter(|(name, _)| name.starts_with("NEXUS__")).collect();
    let environment =
        Environment::with_prefix("NEXUS").prefix_separator("__").separator("__").source(Some(own));
    let mut builder =
        config::Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
    if let Some(path) = file(flags) {
        builder = builder.add_source(File::from(path).format(FileFormat::Toml));
    }
    let settings = builder
        .add_source(environment)
        .set_override_option("server.listen", flags.listen.clone())?
        .set_override_option("data_dir", flags.data_dir.clone())?
        .set_override_option("store.url", flags.store.clone())?
        .build()?;
    Ok(settings.try_deserialize()?)
}

/// The file that is read, if any.
pub(super) fn file(flags: &Flags) -> Option<PathBuf> {
    let beside = Path::new("nexus.toml");
    flags.config.clone().or_else(|| beside.exists().then(|| beside.to_owned()))
}

fn bulleted(problems: &[String]) -> String {
    let lines: Vec<String> = problems.iter().map(|problem| format!("  - {problem}")).collect();
    lines.join("\n")
}
