//! How long one user's 200 chats take to show, 30 messages unread in each, and how long a batch of
//! watermarks takes to move.
//!
//! `NEXUS_TEST_MONGO=… cargo run --release -p nexus-store-mongo --example views`

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nexus_core::{
    conformance::fixture::*,
    ports::{Advance, ChatStore, MessageStore, ReceiptKind, ReceiptStore},
};
use nexus_protocol::{ChatId, UserId};
use nexus_store_mongo::{MongoDatabase, MongoStore, Options};

const CHATS: u128 = 200;
const UNREAD: usize = 30;
const ROUNDS: u32 = 20;

#[tokio::main]
async fn main() -> Result<()> {
    let url = std::env::var("NEXUS_TEST_MONGO").context("set NEXUS_TEST_MONGO")?;
    let (servers, options) = url.split_once("/?").unwrap_or((&url, ""));
    let name = format!("nexus_views_{}", std::process::id());
    let url = format!("{servers}/{name}?{options}");
    let database = MongoDatabase::connect(&url, Options::default()).await?;
    database.migrate().await?;
    let measured = measure(&database.store()).await;
    let client = mongodb::Client::with_uri_str(&url).await?;
    client.database(&name).drop().await?;
    measured
}

async fn measure(store: &MongoStore) -> Result<()> {
    people(store).await;
    let chats: Vec<ChatId> = (1..=CHATS).map(chat).collect();
    for (n, chat) in (1..).zip(&chats) {
        let mut ops = vec![create(n, *chat, ANYBODY, &[BOB, CAT])];
        ops.extend((0..UNREAD).map(|m| mentioning(*chat, ANN, &format!("message {m}"), &[BOB])));
        store.commit(&ops).await?;
    }
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let views = store.chat_views(BOB, &chats).await?;
        times.push(began.elapsed());
        anyhow::ensure!(views.len() == chats.len());
        anyhow::ensure!(views.iter().all(|view| (view.unread, view.mentions) == (30, 30)));
    }
    report("chat_views of 200 chats with 30 unread each", times);
    let mut times = Vec::new();
    for seq in 1..=u64::from(ROUNDS) {
        let began = Instant::now();
        store.advance(&batch(&chats, &[BOB, CAT], seq)).await?;
        times.push(began.elapsed());
    }
    report("advance of 400 read watermarks of 2 users", times);
    Ok(())
}

fn batch(chats: &[ChatId], users: &[UserId], seq: u64) -> Vec<Advance> {
    let of_chat = |chat: &ChatId| {
        let (chat, kind) = (*chat, ReceiptKind::Read);
        users.iter().map(move |user| Advance {
            chat,
            user: *user,
            kind,
            seq,
            at: at(seq as i64),
            quiet: false,
        })
    };
    chats.iter().flat_map(of_chat).collect()
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    println!("{what}: median {:?}, slowest {:?}", times[times.len() / 2], times[times.len() - 1]);
}
