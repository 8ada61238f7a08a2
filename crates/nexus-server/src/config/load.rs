//! Puts the settings together: embedded defaults, a file, the environment, flags.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use clap::Args;
use config::{Environment, File, FileFormat};

use super::{Config, DEFAULTS, check};

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
    /// Where data is stored: sqlite:PATH, or mongodb://HOST/NAME for a fleet [default: nexus.db in
    /// the data folder]
    #[arg(long, global = true, value_name = "URL")]
    pub store: Option<String>,
    /// What joins the nodes of a fleet: redis://HOST:PORT, of a cluster several with commas
    #[arg(long, global = true, value_name = "URL")]
    pub redis: Option<String>,
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
    let mut config = read(flags, environment.clone())?;
    let mut problems = read_secret_files(&mut config);
    problems.extend(config.oidc.iter_mut().filter_map(|oidc| oidc.read_env(&environment)));
    problems.extend(check::problems(&config));
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
        .set_override_option("redis.url", flags.redis.clone())?
        .build()?;
    Ok(settings.try_deserialize()?)
}

/// Settings with a secret in them can stand in a file of their own, as container platforms hand
/// them out. Answers what is wrong with those.
fn read_secret_files(config: &mut Config) -> Vec<String> {
    let Config { metrics, store, redis, queue, bus, cache, mail, oidc, .. } = config;
    let found_oidc = oidc.iter_mut().map(|oidc| {
        let setting = format!("oidc {:?}: client_secret", oidc.id);
        from_file(&setting, &oidc.client_secret_file, oidc.client_secret.is_empty())
            .map(|secret| oidc.client_secret = secret.into())
    });
    let found_oidc: Vec<_> = found_oidc.collect();
    let found = [
        from_file("metrics.token", &metrics.token_file, metrics.token.is_empty())
            .map(|token| metrics.token = token.into()),
        from_file("store.url", &store.url_file, store.url.is_empty())
            .map(|url| store.url = url.into()),
        from_file("redis.url", &redis.url_file, redis.url.is_empty())
            .map(|url| redis.url = url.into()),
        from_file("queue.url", &queue.url_file, queue.url.is_empty())
            .map(|url| queue.url = url.into()),
        from_file("bus.url", &bus.url_file, bus.url.is_empty()).map(|url| bus.url = url.into()),
        from_file("cache.url", &cache.url_file, cache.url.is_empty())
            .map(|url| cache.url = url.into()),
        from_file("mail.url", &mail.url_file, mail.url.is_empty()).map(|url| mail.url = url.into()),
        from_file("mail.key", &mail.key_file, mail.key.is_empty()).map(|key| mail.key = key.into()),
    ];
    found.into_iter().chain(found_oidc).filter_map(Result::err).flatten().collect()
}

/// What the file says; without a file, `Err(None)`.
fn from_file(setting: &str, path: &Path, is_unset: bool) -> Result<String, Option<String>> {
    if path.as_os_str().is_empty() {
        return Err(None);
    }
    if !is_unset {
        return Err(Some(format!("{setting} and {setting}_file are both set; remove one of them")));
    }
    match std::fs::read_to_string(path) {
        Ok(text) if text.trim().is_empty() => {
            Err(Some(format!("{setting}_file: {} is empty", path.display())))
        }
        Ok(text) => Ok(text.trim().to_owned()),
        Err(err) => Err(Some(format!(
            "{setting}_file: {} can't be read ({err}); check path and rights",
            path.display()
        ))),
    }
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
