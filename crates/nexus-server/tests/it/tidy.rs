//! House rules that a machine can check.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// What each crate may take of ours, and of the heavy drivers.
const ALLOWED: &[(&str, &[&str])] = &[
    ("nexus-protocol", &[]),
    ("nexus-core", &["nexus-protocol"]),
    ("nexus-store-sqlite", &["nexus-core", "nexus-protocol", "rusqlite"]),
    ("nexus-store-mongo", &["nexus-core", "nexus-protocol", "mongodb"]),
    ("nexus-redis", &["nexus-core", "nexus-protocol", "redis"]),
    ("nexus-outbound", &["nexus-core", "nexus-protocol", "lettre", "reqwest"]),
    ("nexus-fleet", &["nexus-client", "nexus-protocol"]),
    ("nexus-socketio", &["hyper", "hyper-util", "tungstenite"]),
    ("nexus-client", &["nexus-protocol", "hyper", "hyper-util", "tokio-tungstenite"]),
    ("nexus-load", &["nexus-client", "nexus-protocol"]),
    (
        "nexus-server",
        &[
            "nexus-core",
            "nexus-protocol",
            "nexus-socketio",
            "nexus-store-sqlite",
            "nexus-store-mongo",
            "nexus-redis",
            "nexus-outbound",
            "axum",
            "axum-extra",
            "hyper",
            "hyper-util",
            "rusqlite",
            "tower-http",
        ],
    ),
];

/// A file that grows beyond this is two nouns in one room.
const MAX_LINES: usize = 500;

#[test]
fn dependencies_point_inwards() {
    let guarded: Vec<&str> = ALLOWED
        .iter()
        .flat_map(|(name, drivers)| std::iter::once(name).chain(drivers.iter()))
        .copied()
        .collect();
    let mut checked = 0;
    for (name, allowed) in ALLOWED {
        let manifest = workspace().join("crates").join(name).join("Cargo.toml");
        let text = fs::read_to_string(manifest).unwrap();
        let Some(after) = text.split("\n[dependencies]\n").nth(1) else { continue };
        let dependencies = after.split("\n[").next().unwrap();
        for dependency in dependencies.lines().filter_map(|line| line.split(['.', ' ', '=']).next())
        {
            let fine = !guarded.contains(&dependency) || allowed.contains(&dependency);
            assert!(fine, "{name} must not use {dependency}");
            checked += usize::from(guarded.contains(&dependency));
        }
    }
    assert!(checked > 10, "the manifests were read: {checked}");
    let crates = fs::read_dir(workspace().join("crates")).unwrap().map(|entry| entry.unwrap());
    for entry in crates.filter(|entry| entry.path().join("Cargo.toml").exists()) {
        let name = entry.file_name().into_string().unwrap();
        assert!(ALLOWED.iter().any(|(known, _)| *known == name), "say what {name} may use");
    }
}

#[test]
fn edges_ask_the_rules_never_the_store() {
    for folder in ["http", "socket"] {
        let files = rust_files(&workspace().join("crates/nexus-server/src").join(folder));
        assert!(files.len() > 5);
        for path in files {
            let text = code(&path);
            for port in [".store", ".queue", "nexus_store_sqlite"] {
                let reaches = text.match_indices(port).any(|(at, _)| {
                    !text[at + port.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
                });
                assert!(!reaches, "{} reaches around the rules: {port}", path.display());
            }
        }
    }
}

#[test]
fn the_rules_know_no_driver() {
    for path in rust_files(&workspace().join("crates/nexus-core/src")) {
        let text = code(&path);
        for driver in ["axum", "rusqlite", "hyper", "nexus_socketio", "tungstenite", "http::"] {
            assert!(!text.contains(driver), "{} names {driver}", path.display());
        }
    }
}

#[test]
fn every_module_begins_with_what_it_is_for() {
    for path in all_sources() {
        let is_test =
            path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests");
        let text = fs::read_to_string(&path).unwrap();
        assert!(is_test || text.starts_with("//!"), "{} lacks its //! sentence", path.display());
    }
}

#[test]
fn no_file_outgrows_its_noun() {
    for path in all_sources() {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(
            lines <= MAX_LINES,
            "{} has {lines} lines: look for the second noun",
            path.display()
        );
    }
}

fn all_sources() -> Vec<PathBuf> {
    let sources = rust_files(&workspace().join("crates"));
    assert!(sources.len() > 100);
    sources
}

/// Without comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
