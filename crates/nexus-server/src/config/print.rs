//! The settings in force, as a file that would set them.

use std::collections::HashMap;

use serde_json::Value;

use super::{Config, DEFAULTS, Flags, load::file};

/// `default.toml` with the values in force; each that differs says where it came from. Secrets are
/// hidden.
pub fn effective_toml(
    config: &Config,
    flags: &Flags,
    environment: &HashMap<String, String>,
) -> Result<String, serde_json::Error> {
    let values = serde_json::to_value(config)?;
    let file = file(flags).map(|path| path.display().to_string());
    let mut section = String::new();
    let mut out = String::new();
    for line in DEFAULTS.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = format!("{name}.");
        }
        match line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            Some((key, default)) => {
                let path = format!("{section}{key}");
                let value = toml_value(values.pointer(&pointer(&path)).unwrap_or(&Value::Null));
                out.push_str(&format!("{key} = {value}"));
                if value != default {
                    let from = match values.pointer(&format!("{}_file", pointer(&path))) {
                        Some(Value::String(file)) if !file.is_empty() => file.clone(),
                        _ => origin(&path, flags, environment, &file),
                    };
                    out.push_str(&format!("  # from {from}"));
                }
            }
            None => out.push_str(line),
        }
        out.push('\n');
    }
    Ok(out)
}

fn origin(
    path: &str,
    flags: &Flags,
    environment: &HashMap<String, String>,
    file: &Option<String>,
) -> String {
    let flag = match path {
        "server.listen" if flags.listen.is_some() => Some("--listen"),
        "data_dir" if flags.data_dir.is_some() => Some("--data-dir"),
        "store.url" if flags.store.is_some() => Some("--store"),
        "redis.url" if flags.redis.is_some() => Some("--redis"),
        _ => None,
    };
    let variable = format!("NEXUS__{}", path.replace('.', "__").to_uppercase());
    match (flag, file) {
        (Some(flag), _) => flag.to_owned(),
        (None, _) if environment.contains_key(&variable) => variable,
        (None, Some(file)) => file.clone(),
        (None, None) => "the environment".to_owned(),
    }
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

/// Our values are texts, numbers, switches and lists of texts: JSON writes them as TOML does.
fn toml_value(value: &Value) -> String {
    match value {
        // An address that is not set.
        Value::Null => "\"\"".to_owned(),
        Value::Array(members) => {
            let members: Vec<String> = members.iter().map(toml_value).collect();
            format!("[{}]", members.join(", "))
        }
        Value::Object(members) => {
            let members =
                members.iter().map(|(name, member)| format!("{name} = {}", toml_value(member)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
