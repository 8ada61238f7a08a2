use std::{io::ErrorKind, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Instant, timeout},
};

use super::{Door, Line, Proxy, Way};

/// Long enough that what is cut would have come through.
const A_WHILE: Duration = Duration::from_millis(150);

#[tokio::test]
async fn what_is_written_comes_back_and_so_does_the_end() {
    let proxy = echo().await;
    let mut client = connect(&proxy).await;
    assert_eq!(round(&mut client, b"hello").await, b"hello");
    client.shutdown().await.unwrap();
    assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
    proxy_is_empty(&proxy).await;
}

#[tokio::test]
async fn a_megabyte_survives_slicing_and_jitter() {
    let proxy = echo().await;
    let way = Way { jitter: Duration::from_millis(3), slice: Some(700), ..Way::default() };
    proxy.set(Line { up: way, down: way, ..Line::default() });
    let sent: Vec<u8> = (0..1_000_000u32).map(|at| (at % 251) as u8).collect();
    assert_eq!(round(&mut connect(&proxy).await, &sent).await, sent);
}

#[tokio::test]
async fn delay_is_borne_each_way_but_not_by_each_chunk_anew() {
    let proxy = echo().await;
    proxy.set(Line::slow(Duration::from_millis(100), Duration::ZERO));
    let mut client = connect(&proxy).await;
    let began = Instant::now();
    round(&mut client, b"x").await;
    assert!(began.elapsed() >= Duration::from_millis(200), "{:?}", began.elapsed());
    let began = Instant::now();
    // Some two hundred chunks: twenty seconds, if each had to wait for the one before.
    round(&mut client, &vec![7; 3_200_000]).await;
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
}

#[tokio::test]
async fn bandwidth_is_kept_to() {
    let proxy = echo().await;
    let limited = Way { bytes_per_sec: Some(50_000), ..Way::default() };
    proxy.set(Line { down: limited, ..Line::default() });
    let began = Instant::now();
    round(&mut connect(&proxy).await, &[7; 25_000]).await;
    assert!(began.elapsed() >= Duration::from_millis(450), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_partition_holds_bytes_and_the_end_until_it_heals() {
    let proxy = echo().await;
    let mut client = connect(&proxy).await;
    round(&mut client, b"before").await;
    proxy.set(Line::cut());
    client.write_all(b"during").await.unwrap();
    client.shutdown().await.unwrap();
    assert!(timeout(A_WHILE, client.read(&mut [0; 9])).await.is_err(), "something got through");
    proxy.heal();
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, b"during");
}

#[tokio::test]
async fn one_direction_can_be_cut_alone() {
    let proxy = echo().await;
    let mut client = connect(&proxy).await;
    let cut = Way { is_cut: true, ..Way::default() };
    proxy.set(Line { down: cut, ..Line::default() });
    client.write_all(b"asked").await.unwrap();
    assert!(timeout(A_WHILE, client.read(&mut [0; 9])).await.is_err(), "an answer got through");
    proxy.heal();
    let mut answer = [0; 5];
    client.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"asked");
}

#[tokio::test]
async fn a_silent_door_accepts_and_says_nothing_a_closed_one_resets() {
    let proxy = echo().await;
    proxy.set(Line { door: Door::Silent, ..Line::default() });
    let mut silent = connect(&proxy).await;
    silent.write_all(b"anybody?").await.unwrap();
    assert!(timeout(A_WHILE, silent.read(&mut [0; 9])).await.is_err());

    proxy.set(Line { door: Door::Refuse, ..Line::default() });
    let ended = silent.read(&mut [0; 9]).await;
    assert_eq!(ended.unwrap_err().kind(), ErrorKind::ConnectionReset);
    let mut refused = connect(&proxy).await;
    let ended = refused.read(&mut [0; 9]).await;
    assert_eq!(ended.unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn open_connections_can_be_reset_also_in_a_partition() {
    let proxy = echo().await;
    for line in [Line::default(), Line::cut()] {
        proxy.heal();
        let mut client = connect(&proxy).await;
        round(&mut client, b"hello").await;
        proxy.set(line);
        proxy.reset_all();
        let ended = client.read(&mut [0; 9]).await;
        assert_eq!(ended.unwrap_err().kind(), ErrorKind::ConnectionReset);
    }
    proxy_is_empty(&proxy).await;
}

#[tokio::test]
async fn one_process_can_be_parted_from_a_server_that_others_reach() {
    let proxy = echo().await;
    let mut ours = connect(&proxy).await;
    round(&mut ours, b"hello").await;
    let us = std::process::id();
    proxy.set_for(us + 1, Line::cut());
    assert_eq!(round(&mut ours, b"not meant").await, b"not meant");
    proxy.set_for(us, Line::cut());
    ours.write_all(b"meant").await.unwrap();
    assert!(timeout(A_WHILE, ours.read(&mut [0; 9])).await.is_err());
    proxy.heal();
    let mut answer = [0; 5];
    ours.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"meant");
}

#[tokio::test]
async fn new_connections_follow_the_target_and_nobody_home_is_a_reset() {
    let proxy = echo().await;
    let nobody = nexus_client::free_port().unwrap();
    proxy.retarget(&format!("127.0.0.1:{nobody}"));
    let ended = connect(&proxy).await.read(&mut [0; 9]).await;
    assert_eq!(ended.unwrap_err().kind(), ErrorKind::ConnectionReset);
}

async fn echo() -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut from, mut to) = stream.split();
                tokio::io::copy(&mut from, &mut to).await.map(drop)
            });
        }
    });
    Proxy::open(&target).await.unwrap()
}

async fn connect(proxy: &Proxy) -> TcpStream {
    TcpStream::connect(proxy.address()).await.unwrap()
}

async fn round(client: &mut TcpStream, bytes: &[u8]) -> Vec<u8> {
    let (mut from, mut to) = client.split();
    let mut answer = vec![0; bytes.len()];
    let (sent, got) = tokio::join!(to.write_all(bytes), from.read_exact(&mut answer));
    sent.unwrap();
    got.unwrap();
    answer
}

async fn proxy_is_empty(proxy: &Proxy) {
    let empty = async {
        while proxy.connections() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(30), empty).await.unwrap();
}
