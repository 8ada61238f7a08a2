use std::{fs, os::unix::fs::PermissionsExt as _};

use super::*;
use crate::{
    config::{Flags, load},
    lock::DataLock,
};

fn config(dir: &std::path::Path, listen: &str) -> Config {
    let flags = Flags {
        data_dir: Some(dir.display().to_string()),
        listen: Some(listen.to_owned()),
        ..Flags::default()
    };
    load(&flags, Default::default()).unwrap()
}

async fn condition(config: &Config, subject: &str) -> (Condition, String) {
    let found = examine(config).await.into_iter().find(|finding| finding.subject == subject);
    let found = found.unwrap();
    (found.condition, found.text)
}

#[tokio::test]
async fn a_fresh_machine_is_fit() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&folder.path().join("data"), "127.0.0.1:0");
    let broken: Vec<Finding> = examine(&config)
        .await
        .into_iter()
        .filter(|finding| finding.condition == Condition::Fail && finding.subject != "free disk")
        .collect();
    assert_eq!(broken, []);
    assert!(!config.data_dir.exists(), "a doctor only looks");
}

#[tokio::test]
async fn what_is_broken_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let config = config(folder.path(), &taken.local_addr().unwrap().to_string());
    // Another program, which has nothing to say.
    std::thread::spawn(move || taken.incoming().for_each(drop));

    let keys = config.key_dir();
    crate::keys::open(&keys, nexus_protocol::Timestamp(0)).unwrap();
    assert_eq!(condition(&config, "keys").await.0, Condition::Warn, "it is very old");
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o755)).unwrap();
    let (found, text) = condition(&config, "keys").await;
    assert!(found == Condition::Fail && text.contains("chmod 700"), "{text}");

    fs::write(config.sqlite_path().unwrap(), vec![b'x'; 4096]).unwrap();
    assert_eq!(condition(&config, "database").await.0, Condition::Fail);

    let _lock = DataLock::take(&config.lock_file()).unwrap();
    assert!(condition(&config, "process").await.1.contains("is running"));

    let (found, text) = condition(&config, "port").await;
    assert!(found == Condition::Fail && text.contains("taken"), "{text}");
}

#[tokio::test]
async fn a_data_file_of_this_version_is_read_whole() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), "127.0.0.1:0");
    nexus_store_sqlite::migrate(&config.sqlite_path().unwrap()).unwrap();
    let (found, text) = condition(&config, "database").await;
    assert!(found == Condition::Ok && text.contains("0 messages"), "{text}");
}
