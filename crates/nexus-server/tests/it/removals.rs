//! Those who are removed from a group while they send to it.

use serde_json::json;

use crate::fixture::{TestApp, eventually};

/// S-14: whoever is removed while sending has nothing accepted behind the removal, and hears nothing
/// of what comes behind it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s14_nothing_is_accepted_behind_a_removal() {
    const ROUNDS: usize = 50;
    const SENDS: usize = 200;
    let app = TestApp::start().await;
    let [owner, member] = app.people(["owner", "member"]).await;
    let (mut tries, mut cut_off) = (0, 0);
    for round in 0..ROUNDS {
        let chat = owner.group(&format!("round {round}"), &[&member]).await;
        let socket = member.connect().await;
        let sends = async {
            let mut pending = Vec::new();
            for number in 0..SENDS {
                let body = json!({ "chatId": chat, "clientId": format!("{round}-{number}"),
                    "type": "text", "content": "x" });
                pending.push(socket.start("msg:send", body).answer());
            }
            let answers = futures_util::future::join_all(pending).await;
            (answers.len(), answers.iter().filter(|answer| answer.is_ok()).count())
        };
        let remove = async {
            tokio::time::sleep(std::time::Duration::from_millis(round as u64 % 25)).await;
            owner.api.delete(&format!("/chats/{chat}/members/{}", member.id)).await.unwrap();
        };
        let ((sent, accepted), ()) = tokio::join!(sends, remove);
        tries += sent;
        cut_off += usize::from(accepted > 0 && accepted < sent);
        let after = owner.say(chat, "the end").await.seq;
        let messages = owner.api.messages(chat).await.unwrap();
        let removed = messages.iter().find(|message| {
            let system = message.system.as_ref();
            system.is_some_and(|system| json!(system)["kind"] == "member_removed")
        });
        let removed = removed.unwrap_or_else(|| panic!("{messages:?}")).seq;
        let late = messages.iter().filter(|message| {
            message.sender_id == member.id && message.seq > removed && message.seq <= after
        });
        assert_eq!(late.count(), 0, "round {round}");
        eventually("the socket is out", async || {
            let body =
                json!({ "chatId": chat, "clientId": "late", "type": "text", "content": "x" });
            socket.call("msg:send", body).await.err()
        })
        .await;
    }
    println!("{tries} sends against {ROUNDS} removals, {cut_off} of them amid the sends");
    assert_eq!(tries, ROUNDS * SENDS);
    app.stop().await;
}
