//! Those who leave a group, or are removed from it, while they send to it.

use serde_json::json;

use crate::fixture::{TestApp, eventually, named};

/// S-14: whoever leaves or is removed while sending has nothing accepted behind it, and hears nothing
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
        let mut socket = member.connect().await;
        let leaves = round % 2 == 1;
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
            if leaves {
                member.api.post(&format!("/chats/{chat}/leave"), json!({})).await.unwrap();
            } else {
                owner.api.delete(&format!("/chats/{chat}/members/{}", member.id)).await.unwrap();
            }
        };
        let ((sent, accepted), ()) = tokio::join!(sends, remove);
        tries += sent;
        cut_off += usize::from(accepted > 0 && accepted < sent);
        let after = owner.say(chat, "the end").await.seq;
        let messages = owner.api.messages(chat).await.unwrap();
        let kind = if leaves { "member_left" } else { "member_removed" };
        let removed = messages.iter().find(|message| {
            message.system.as_ref().is_some_and(|system| json!(system)["kind"] == kind)
        });
        let removed = removed.unwrap_or_else(|| panic!("{messages:?}")).seq;
        let late = messages.iter().filter(|message| {
            message.sender_id == member.id && message.seq > removed && message.seq <= after
        });
        assert_eq!(late.count(), 0, "round {round}");
        let heard = member.heard(&mut socket).await;
        let news = named(&heard, "msg:new");
        assert!(news.iter().all(|news| news["seq"].as_u64() < Some(after)), "round {round}");
        eventually("the socket is out", async || {
            let body =
                json!({ "chatId": chat, "clientId": "late", "type": "text", "content": "x" });
            socket.call("msg:send", body).await.err()
        })
        .await;
    }
    println!("{tries} sends against {ROUNDS} removals, {cut_off} of them amid the sends");
    assert_eq!(tries, ROUNDS * SENDS);
    assert!(cut_off > 0, "none was cut off amid its sends");
    app.stop().await;
}
