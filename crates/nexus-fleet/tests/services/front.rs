use std::collections::HashSet;

use nexus_client::{Api, free_port};
use nexus_fleet::services::nginx::Nginx;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

#[tokio::test]
async fn requests_reach_all_nodes_and_polling_stays_on_one() {
    let folder = tempfile::tempdir().unwrap();
    let nodes = [node("one").await, node("two").await];
    let nginx = Nginx::start(folder.path(), free_port().unwrap(), &nodes).await.unwrap();
    let api = Api::new(&nginx.url());
    let answers = async |path: &str| {
        let mut who = HashSet::new();
        for _ in 0..40 {
            let answer = api.get(path).await.unwrap();
            who.insert(answer.body.as_str().unwrap().to_owned());
        }
        who
    };
    assert_eq!(answers("/api/docs").await.len(), 2);
    assert_eq!(answers("/socket.io/?EIO=4&transport=polling&sid=x").await.len(), 1);
    assert_eq!(answers("/socket.io/?EIO=4&transport=websocket").await.len(), 2);
}

/// Says its name to whatever is asked.
async fn node(name: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", name.len());
                while stream.read(&mut [0; 4096]).await.is_ok_and(|size| size > 0) {
                    stream.write_all(format!("{head}{name}").as_bytes()).await.unwrap();
                }
            });
        }
    });
    address
}
