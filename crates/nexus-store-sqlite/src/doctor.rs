//! Whether the file is sound, and how large it has grown.

use std::{fs, path::PathBuf};

use nexus_core::ports::PortResult;
use rusqlite::Connection;

use crate::{Database, columns::count, schema::SCHEMA_VERSION};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    pub schema_version: usize,
    /// What `integrity_check` found; empty when all is well.
    pub damage: Vec<String>,
    pub file_bytes: u64,
    /// Of the write-ahead log. More than a few hundred MB: a reader never ends.
    pub log_bytes: u64,
    /// In the file, free to be used again.
    pub free_bytes: u64,
    pub messages: u64,
    pub queued: u64,
    pub dead_letters: u64,
    /// Messages that search does not know yet.
    pub pending_index: u64,
}

impl Database {
    /// Reads the whole file: minutes for a large one. It can be used meanwhile.
    pub async fn check(&self) -> PortResult<Health> {
        let path = self.path.to_path_buf();
        self.readers.read("check the data file", move |db| health(db, path, damage(db)?)).await
    }

    /// The same without looking for damage: fast, for metrics.
    pub async fn sizes(&self) -> PortResult<Health> {
        let path = self.path.to_path_buf();
        self.readers.read("measure the data file", move |db| health(db, path, Vec::new())).await
    }
}

fn health(db: &Connection, path: PathBuf, damage: Vec<String>) -> rusqlite::Result<Health> {
    let number = |sql: &str| -> rusqlite::Result<u64> {
        Ok(count(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?))
    };
    let mut log = path.clone().into_os_string();
    log.push("-wal");
    Ok(Health {
        schema_version: SCHEMA_VERSION,
        damage,
        file_bytes: fs::metadata(path).map_or(0, |file| file.len()),
        log_bytes: fs::metadata(log).map_or(0, |file| file.len()),
        free_bytes: number("PRAGMA freelist_count")? * number("PRAGMA page_size")?,
        // Positions are never given back but by deleting a chat: near enough, and free.
        messages: number("SELECT COALESCE(MAX(position), 0) FROM messages")?,
        queued: number("SELECT COUNT(*) FROM queue")?,
        dead_letters: number("SELECT COUNT(*) FROM dead_letters")?,
        pending_index: number(
            "SELECT (SELECT COUNT(*) FROM reindex)
                + COALESCE((SELECT MAX(position) FROM messages), 0) - (SELECT up_to FROM indexed)",
        )?,
    })
}

fn damage(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let lines: Vec<String> = db
        .prepare("PRAGMA integrity_check")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}
