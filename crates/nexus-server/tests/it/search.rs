//! Finding messages again.

use nexus_protocol::{ChatId, Messages};
use serde_json::{Value, json};

use crate::fixture::{Person, TestApp, eventually, refusal, request};

async fn find(person: &Person, query: &str) -> Vec<String> {
    let found: Messages = person.get(&format!("/search/messages?q={query}")).await;
    found.messages.into_iter().map(|message| message.content).collect()
}

/// The index is made a moment after the commit: waits until this last message is in it.
async fn indexed(person: &Person, chat: ChatId) {
    person.say(chat, "endmarker").await;
    let done = async || (find(person, "endmarker").await.len() == 1).then_some(());
    eventually("the messages are indexed", done).await;
}

#[tokio::test]
async fn words_of_every_script_are_found() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let texts = [
        "Meet me at the Café",
        "我们明天在北京见面",
        "東京タワーで会いましょう",
        "السَّلَامُ عَلَيْكُمْ",
        "שָׁלוֹם עולם",
    ];
    for text in texts {
        ann.say(chat, text).await;
    }
    indexed(&ann, chat).await;
    for (query, expected) in [
        ("cafe", 0),
        ("CAF%C3%89", 0),
        ("meet%20caf", 0),
        ("%E5%8C%97%E4%BA%AC", 1),                   // 北京
        ("%E3%82%BF%E3%83%AF%E3%83%BC", 2),          // タワー
        ("%D8%A7%D9%84%D8%B3%D9%84%D8%A7%D9%85", 3), // السلام without vowel points
        ("%D7%A9%D7%9C%D7%95%D7%9D", 4),             // שלום
    ] {
        for person in [&ann, &bob] {
            assert_eq!(find(person, query).await, [texts[expected]], "{query}");
        }
    }
    assert_eq!(find(&bob, "tea").await, [""; 0]);
    assert_eq!(refusal(bob.api.get("/search/messages?q=%20").await).1, "validation");
    assert_eq!(refusal(bob.api.get("/search/messages").await).1, "malformed");
}

#[tokio::test]
async fn a_search_is_narrowed_and_paged() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let (chat, other) = (ann.direct(&bob).await, ann.group("g", &[&bob]).await);
    ann.say(chat, "apple one").await;
    bob.say(chat, "apple two").await;
    app.clock.advance(std::time::Duration::from_secs(60));
    let third = ann.say(other, "apple three").await;
    indexed(&ann, chat).await;
    assert_eq!(find(&bob, "apple").await, ["apple three", "apple two", "apple one"]);
    assert_eq!(find(&bob, &format!("apple&chatId={chat}")).await, ["apple two", "apple one"]);
    assert_eq!(find(&bob, &format!("apple&senderId={}", bob.id)).await, ["apple two"]);
    assert_eq!(find(&bob, &format!("apple&from={}", third.created_at)).await, ["apple three"]);
    assert_eq!(
        find(&bob, &format!("apple&to={}", third.created_at)).await,
        ["apple two", "apple one"]
    );
    let (mut found, mut path) = (Vec::new(), "/search/messages?q=apple&limit=2".to_owned());
    loop {
        let page: Messages = bob.get(&path).await;
        found.extend(page.messages.into_iter().map(|message| message.seq));
        let Some(cursor) = page.next_cursor else { break };
        path = format!("/search/messages?q=apple&limit=2&cursor={cursor}");
    }
    assert_eq!(found.len(), 3, "{found:?}");
}

#[tokio::test]
async fn what_was_edited_or_deleted_is_found_as_it_is_now() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.direct(&bob).await;
    let edited = ann.say(chat, "walrus").await;
    let deleted = ann.say(chat, "walrus gone").await;
    let hidden = ann.say(chat, "walrus hidden").await;
    indexed(&ann, chat).await;
    assert_eq!(find(&bob, "walrus").await.len(), 3);
    ann.api
        .patch(&format!("/messages/{}", edited.id), json!({ "content": "penguin" }))
        .await
        .unwrap();
    ann.api.delete(&format!("/messages/{}?scope=all", deleted.id)).await.unwrap();
    request(&bob.api, "DELETE", &format!("/messages/{}?scope=me", hidden.id), Value::Null)
        .await
        .unwrap();
    eventually("the edit is indexed", async || {
        (find(&bob, "penguin").await == ["penguin"]).then_some(())
    })
    .await;
    eventually("the words are gone", async || find(&bob, "walrus").await.is_empty().then_some(()))
        .await;
    assert_eq!(find(&ann, "walrus").await, ["walrus hidden"]);
}

/// CVE-2026-24692: elsewhere, searching looked at no rights.
#[tokio::test]
async fn who_is_no_member_any_more_finds_nothing() {
    let app = TestApp::start().await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    let chat = ann.group("g", &[&bob]).await;
    ann.say(chat, "treasure").await;
    indexed(&ann, chat).await;
    assert_eq!(find(&bob, "treasure").await, ["treasure"]);
    bob.api.post(&format!("/chats/{chat}/leave"), json!({})).await.unwrap();
    assert_eq!(find(&bob, "treasure").await, [""; 0]);
    assert_eq!(find(&ann, "treasure").await, ["treasure"]);
}
