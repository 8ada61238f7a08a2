use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{WebSocketStream, accept_async, tungstenite::Message};

use super::{CallError, Client, NAMESPACES};

type Server = WebSocketStream<TcpStream>;

async fn served<F: Future<Output = ()> + Send + 'static>(
    play: impl FnOnce(Server) -> F + Send + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let (tcp, _) = listener.accept().await.unwrap();
        let mut server = accept_async(tcp).await.unwrap();
        say(&mut server, "0{\"sid\":\"s\",\"pingInterval\":200,\"pingTimeout\":100}").await;
        play(server).await;
    });
    host
}

async fn say(server: &mut Server, text: &str) {
    server.send(Message::text(text)).await.unwrap();
}

async fn hear(server: &mut Server, expected: &str) {
    let heard = server.next().await.unwrap().unwrap().into_text().unwrap();
    assert!(heard.starts_with(expected), "{heard} instead of {expected}");
}

async fn let_in(server: &mut Server) {
    for namespace in NAMESPACES {
        hear(server, &format!("40{namespace},{{\"token\":\"t\"}}")).await;
        say(server, &format!("40{namespace},{{\"sid\":\"x\"}}")).await;
    }
}

#[tokio::test]
async fn answers_pings_and_finds_each_call_its_answer() {
    let host = served(async |mut server| {
        let_in(&mut server).await;
        say(&mut server, "2").await;
        hear(&mut server, "3").await;
        hear(&mut server, "42/chat,0[\"msg:send\"").await;
        hear(&mut server, "42/typing,1[\"typing:start\"").await;
        hear(&mut server, "42/chat,2[\"msg:send\"").await;
        say(&mut server, "42/chat,[\"msg:new\",{\"seq\":1}]").await;
        say(&mut server, "43/chat,2[{\"n\":2}]").await;
        let refusal =
            json!([{ "error": { "code": "not_found", "message": "", "retryable": false } }]);
        say(&mut server, &format!("43/typing,1{refusal}")).await;
        say(&mut server, "41/chat,").await;
    })
    .await;
    let mut client = Client::connect(&host, "t", &NAMESPACES).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let first = client.start("msg:send", json!({}));
    let typing = client.start("typing:start", json!({}));
    let last = client.start("msg:send", json!({}));
    assert_eq!(last.answer().await.unwrap(), json!({ "n": 2 }));
    assert!(typing.answer().await.unwrap_err().refused().is_some());
    assert_eq!(client.next("msg:new").await.unwrap(), json!({ "seq": 1 }));
    assert!(matches!(first.answer().await, Err(CallError::Closed(_))));
    assert_eq!(client.closed().await, "io server disconnect of /chat");
}

#[tokio::test]
async fn a_refused_handshake_tells_the_code() {
    let host = served(async |mut server| {
        hear(&mut server, "40/chat,").await;
        say(&mut server, "44/chat,{\"message\":\"no\",\"data\":{\"code\":\"token_expired\"}}")
            .await;
    })
    .await;
    let refused = Client::connect(&host, "t", &["/chat"]).await.err().unwrap();
    assert_eq!(refused.code(), Some("token_expired"));
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up_however_much_is_said_to_it() {
    let host = served(async |mut server| {
        let_in(&mut server).await;
        while server.next().await.is_some() {}
    })
    .await;
    let client = Client::connect(&host, "t", &NAMESPACES).await.unwrap();
    let talk = async {
        loop {
            client.emit("msg:send", json!({}));
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        reason = client.closed() => assert_eq!(reason, "ping timeout"),
        () = talk => {}
    }
}
