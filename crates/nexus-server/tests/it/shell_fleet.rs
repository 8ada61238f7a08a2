//! The binary as a node of a fleet: processes that share a MongoDB, a Redis and their keys.

use std::{path::Path, process::Command};

use nexus_client::{Api, Client, NAMESPACES};
use serde_json::{Value, json};

use crate::{
    backend::Servers,
    fixture::{PASSWORD, key_dir, text},
    shell_process::{Running, ended, nexus},
};

fn node(servers: &Servers, data: &Path) -> Command {
    let mut command = nexus(data);
    command.args(["--store", &servers.mongo, "--redis", &servers.redis]);
    command.env("NEXUS__REDIS__PREFIX", &servers.prefix);
    command.env("NEXUS__AUTH__KEY_DIR", key_dir()).env("NEXUS__AUTH__BCRYPT_COST", "4");
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_process_takes_another_works_off_and_a_third_tells() {
    let (servers, folder) = (Servers::fresh(), tempfile::tempdir().unwrap());
    let nexus = || node(&servers, folder.path());
    let first = Running::start(nexus().arg("serve"));
    let second = Running::start(nexus().arg("serve"));

    let [anns, bobs] = [&first, &second].map(|node| Api::new(&format!("http://{}", node.address)));
    let ann = anns.signup("ann", PASSWORD).await.unwrap();
    let bob = bobs.signup("bob", PASSWORD).await.unwrap();
    let token = bob.access_token.unwrap();
    let mut bobs = Client::connect(bobs.host(), &token, &NAMESPACES).await.unwrap();
    let ann = anns.with_token(&ann.access_token.unwrap());
    let chat = ann.create_direct(bob.user.id).await.unwrap().id;
    assert_eq!(bobs.next("chat:new").await.unwrap()["id"], json!(chat));
    let sent = ann.send(text(chat, "hello")).await.unwrap();

    let (code, said) = ended(nexus().args(["admin", "queues"]));
    assert!(code == Some(0) && said.contains("1 waiting"), "{said}");
    let mut worker = Running::start(nexus().arg("work"));
    assert_eq!(bobs.next("msg:new").await.unwrap()["id"], json!(sent.id));
    let (_, said) = ended(nexus().args(["admin", "queues", "--json"]));
    let queue: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(queue["lanes"].as_array().unwrap().len(), 16, "{said}");
    assert!(queue["lanes"][0]["owner"].is_string(), "{said}");

    worker.signal("TERM");
    assert_eq!(worker.child.wait().unwrap().code(), Some(0));
    let (_, said) = ended(nexus().args(["admin", "queues", "--json"]));
    let queue: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(queue["lanes"][0]["owner"], Value::Null, "its lanes are free at once: {said}");
}

#[test]
fn a_node_that_does_not_belong_is_refused_and_told_why() {
    let (servers, folder) = (Servers::fresh(), tempfile::tempdir().unwrap());
    let nexus = || node(&servers, folder.path());
    let serve = || {
        let mut command = nexus();
        command.arg("serve").env("NEXUS__STORE__MIGRATE_AT_START", "false");
        command
    };
    let (code, said) = ended(&mut serve());
    assert!(code == Some(1) && said.contains("run `nexus migrate`"), "{said}");
    let (code, said) = ended(nexus().arg("migrate"));
    assert!(code == Some(0) && said.contains("schema version 0 -> 1"), "{said}");

    let running = Running::start(&mut serve());
    let (code, said) = ended(nexus().args(["--listen", "127.0.0.1:0", "doctor"]));
    assert!(code == Some(0) && said.contains("sign with keys that are here"), "{said}");
    let (code, said) = ended(serve().env("NEXUS__AUTH__KEY_DIR", folder.path().join("keys")));
    assert!(code == Some(1) && said.contains("auth.key_dir"), "{said}");
    let (code, said) = ended(nexus().arg("work").env("NEXUS__QUEUE__LANES", "5"));
    assert!(code == Some(1) && said.contains("the queue has 16 lanes"), "{said}");
    drop(running);
    let (code, said) = ended(nexus().args(["admin", "lanes", "5"]));
    assert_eq!(code, Some(0), "{said}");
}
