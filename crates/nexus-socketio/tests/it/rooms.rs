//! Namespaces, rooms and who gets what.

use std::collections::HashSet;

use nexus_socketio::SocketIo;

use crate::{
    client::{Ws, eventually, serve},
    recorder::Recorder,
};

async fn three() -> (SocketIo, Recorder, Vec<Ws>) {
    let recorder = Recorder::default();
    let io = SocketIo::builder().namespace("/chat", recorder.clone()).build();
    let address = serve(&io).await;
    let mut clients = Vec::new();
    for index in 0..3 {
        clients.push(Ws::join(address, "/chat").await.0);
        eventually("it is in", || io.of("/chat").unwrap().socket_count() == index + 1).await;
    }
    (io, recorder, clients)
}

/// What each client got, up to a mark that all get.
async fn received(io: &SocketIo, clients: &mut [Ws]) -> Vec<Vec<String>> {
    io.of("/chat").unwrap().emit("mark", &0);
    let mut all = Vec::new();
    for ws in clients {
        let mut texts = Vec::new();
        loop {
            let text = ws.text().await;
            if text.contains("mark") {
                break;
            }
            texts.push(text.trim_start_matches("42/chat,").to_owned());
        }
        all.push(texts);
    }
    all
}

#[tokio::test]
async fn a_broadcast_reaches_its_rooms_once_and_spares_the_excepted() {
    let (io, recorder, mut clients) = three().await;
    let chat = io.of("/chat").unwrap();
    recorder.socket(0).join("red");
    recorder.socket(1).join("red");
    recorder.socket(1).join("blue");
    recorder.socket(2).join("blue");

    assert_eq!(chat.to("red").emit("a", &1), 2);
    assert_eq!(chat.to("red").to("blue").emit("b", &1), 3);
    assert_eq!(chat.to_rooms(["red", "blue"]).except("blue").emit("c", &1), 1);
    assert_eq!(chat.to("everybody").except_socket(&recorder.socket(0)).emit("d", &1), 2);
    assert_eq!(chat.to("nobody").emit("e", &1), 0);
    assert_eq!(chat.to_rooms(Vec::<String>::new()).emit("f", &1), 0);
    assert_eq!(chat.emit("g", &1), 3);

    let got = received(&io, &mut clients).await;
    let expect = |names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!(r#"["{name}",1]"#)).collect()
    };
    assert_eq!(got[0], expect(&["a", "b", "c", "g"]));
    assert_eq!(got[1], expect(&["a", "b", "d", "g"]));
    assert_eq!(got[2], expect(&["b", "d", "g"]));
}

#[tokio::test]
async fn rooms_are_joined_and_left_one_by_one_and_together() {
    let (io, recorder, _clients) = three().await;
    let chat = io.of("/chat").unwrap();
    chat.to_all().join("all");
    assert_eq!(chat.room_size("all"), 3);
    chat.to("all").except_socket(&recorder.socket(0)).leave("all");
    assert_eq!(chat.room_size("all"), 1);
    let socket = recorder.socket(0);
    socket.join("twice");
    socket.join("twice");
    assert_eq!(chat.room_size("twice"), 1);
    let rooms: HashSet<_> = socket.rooms().iter().map(|room| room.to_string()).collect();
    assert_eq!(rooms, ["everybody", "all", "twice"].map(String::from).into());
    socket.leave("twice");
    socket.leave("never joined");
    socket.leave_all();
    assert_eq!((chat.room_size("all"), chat.room_size("twice")), (0, 0));
    assert_eq!(chat.socket_count(), 3);
}

#[tokio::test]
async fn each_namespace_has_an_id_of_its_own_that_is_not_the_sessions() {
    let recorder = Recorder::default();
    let io = SocketIo::builder()
        .namespace("/chat", recorder.clone())
        .namespace("/presence", recorder.clone())
        .namespace("/typing", recorder.clone())
        .build();
    let mut ws = Ws::connect(serve(&io).await, "EIO=4&transport=websocket").await.unwrap();
    let sid = crate::client::open_packet(&ws.text().await)["sid"].as_str().unwrap().to_owned();
    let mut ids = HashSet::from([sid]);
    for namespace in ["/chat", "/presence", "/typing"] {
        ids.insert(ws.enter(namespace).await);
    }
    assert_eq!(ids.len(), 4);
    eventually("all are in", || io.stats().sockets == 3).await;
    assert_eq!(recorder.socket(0).connection().sockets().len(), 3);
    assert_eq!(io.stats().connections, 1);
}

#[tokio::test]
async fn a_connection_is_in_no_more_namespaces_than_allowed() {
    let mut builder = SocketIo::builder().max_namespaces_per_connection(2);
    for path in ["/a", "/b", "/c"] {
        builder = builder.namespace(path, Recorder::default());
    }
    let (mut ws, _) = Ws::join(serve(&builder.build()).await, "/a").await;
    ws.enter("/b").await;
    ws.send("40/c,").await;
    assert_eq!(ws.text().await, r#"44/c,{"message":"Too many namespaces"}"#);
}
