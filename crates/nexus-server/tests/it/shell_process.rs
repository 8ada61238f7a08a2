//! The binary itself: how it starts, whom it refuses, how it stops.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

pub fn nexus(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nexus"));
    command.arg("--data-dir").arg(data).current_dir(data);
    command.env("NEXUS__SERVER__LISTEN", "127.0.0.1:0").env("NEXUS__LOG__FORMAT", "json");
    command
}

pub fn ended(command: &mut Command) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    (status.code(), said)
}

/// A process that is ready.
pub struct Running {
    pub child: Child,
    /// Empty for one that only works.
    pub address: String,
}

impl Running {
    pub fn start(command: &mut Command) -> Running {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let ready = lines.find_map(|line| {
            let line: Value = serde_json::from_str(&line.unwrap()).ok()?;
            line["message"].as_str()?.starts_with("ready").then_some(line)
        });
        // Nobody may block on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let ready = ready.expect("it says that it is ready");
        Running { child, address: ready["address"].as_str().unwrap_or_default().to_owned() }
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _waited = self.child.wait();
    }
}

#[test]
fn a_server_is_alone_on_its_data_and_stops_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Running::start(&mut nexus(folder.path()));

    let (code, said) = ended(&mut nexus(folder.path()));
    assert_eq!(code, Some(1));
    assert!(said.contains(&format!("another nexus (pid {})", server.child.id())), "{said}");

    let (code, said) = ended(nexus(folder.path()).args(["--listen", &server.address, "doctor"]));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("a healthy server answers"), "{said}");

    let (code, said) = ended(nexus(folder.path()).args(["admin", "keys", "rotate", "--json"]));
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = ended(nexus(folder.path()).args(["admin", "dead-letters", "list"]));
    assert_eq!((code, said.trim()), (Some(0), "no dead letters"));
    let (_, log) = ended(nexus(folder.path()).args(["admin", "audit", "export"]));
    assert!(log.contains("\"key_rotated\"") && log.contains("\"operator\""), "{log}");

    server.signal("TERM");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    assert!(
        Running::start(&mut nexus(folder.path())).address.starts_with("127.0.0.1:"),
        "it starts again"
    );
}

#[test]
fn settings_that_can_not_be_used_are_named_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut public = Command::new(env!("CARGO_BIN_EXE_nexus"));
    public.arg("--data-dir").arg(&data).args(["--listen", "0.0.0.0:0", "--store", "mysql://x"]);
    let (code, said) = ended(&mut public);
    assert_eq!(code, Some(2), "{said}");
    for setting in ["server.public_url", "server.trusted_proxies", "store.url"] {
        assert!(said.contains(setting), "{said}");
    }
    assert!(!data.exists());
}

#[test]
fn the_contract_is_printed_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    for (document, version) in [("openapi", "openapi"), ("asyncapi", "asyncapi")] {
        let (code, said) = ended(nexus(folder.path()).args(["contract", document]));
        assert_eq!(code, Some(0));
        let document: Value = serde_json::from_str(&said).unwrap();
        assert!(document[version].as_str().unwrap().starts_with('3'));
    }
}
