//! Who may do what: every route and every event, for everybody there is. S-7.
//!
//! The cases are made from the published documents and `rules`. A route or an event that has
//! no rule fails the test: whoever adds one says there whom it is for.

mod place;
mod rules;

use nexus_client::Client;
use serde_json::json;

use self::{
    place::Place,
    rules::{
        DOCUMENTED, EVERYBODY, For, Outcome, SAID, SPENT, Who, documented_events, events, routes,
    },
};
use crate::fixture::{TestApp, request};

fn outcome(status: u16, code: &str) -> Outcome {
    match status {
        401 => Outcome::SignIn,
        403 => Outcome::Forbidden,
        404 => Outcome::NotThere,
        _ => {
            assert!(status < 500, "{status} {code}");
            Outcome::LetIn
        }
    }
}

#[tokio::test]
async fn s7_every_route_for_everybody() {
    let app = TestApp::start().await;
    let mut place = Place::new(&app, 0).await;
    let mut cases = 0;
    let mut left = DOCUMENTED.clone();
    for number in 0..routes(&place).len() {
        for who in EVERYBODY {
            let (method, route, rule, body) = routes(&place).swap_remove(number);
            let (documented, _) = route.split_once('?').unwrap_or((route, ""));
            left.retain(|(known, path)| (known.as_str(), path.as_str()) != (method, documented));
            let answer =
                request(place.api(who), &method.to_uppercase(), &place.path(route), body).await;
            let (status, text) = match answer {
                Ok(answer) => (answer.status, answer.body.to_string()),
                Err(err) => (err.status().unwrap(), err.to_string()),
            };
            let what = format!("{who:?}: {method} {route}: {status} {text:.200}");
            // Signing in and out is told by these to nobody in particular.
            let found = if rule == For::All { Outcome::LetIn } else { outcome(status, &text) };
            let mut expected = rule.outcome(who);
            if (method, route) == ("post", "/messages/{id}/retry") && who == Who::Member {
                // It has not failed.
                expected = found;
            }
            assert_eq!(found, expected, "{what}");
            let shown = matches!(who, Who::Owner | Who::Admin | Who::Member)
                || (expected == Outcome::LetIn && matches!(rule, For::Invited | For::Joiners));
            if !shown {
                assert!(!text.contains("canary"), "{what}");
                assert!(!text.contains(&place.message.to_string()) || status >= 400, "{what}");
            }
            cases += 1;
            if status < 300 && SPENT.contains(&(method, documented)) {
                place = Place::of(place.people).await;
            }
        }
        if routes(&place)[number].1 == "/auth/logout" {
            place = Place::new(&app, 1).await;
        }
    }
    assert_eq!(left, [], "say in `routes` whom these are for");
    println!("{cases} cases on routes");
    assert!(cases > 600, "{cases}");
    app.stop().await;
}

#[tokio::test]
async fn s7_every_event_for_everybody() {
    let app = TestApp::start().await;
    let place = Place::new(&app, 0).await;
    let mut left = documented_events("receive");
    assert!(left.len() > 10, "{left:?}");
    let mut cases = 0;
    let mut outside = [place.people.outsider.connect().await, place.people.former.connect().await];
    for (who, api) in &place.people.apis {
        if matches!(who, Who::Banned | Who::SignedOut) {
            continue;
        }
        let token = token_of(&place, *who, &app).await;
        let socket = Client::connect(api.host(), &token, &nexus_client::NAMESPACES).await.unwrap();
        for (event, rule, payload) in events(&place) {
            left.retain(|known| known != event);
            let answer = socket.call(event, &payload).await;
            let found = match &answer {
                Ok(_) => Outcome::LetIn,
                Err(err) => match err.refused().expect("an answer").code.as_str() {
                    "not_found" => Outcome::NotThere,
                    "forbidden" => Outcome::Forbidden,
                    _ => Outcome::LetIn,
                },
            };
            assert_eq!(found, rule.outcome(*who), "{who:?}: {event}: {answer:?}");
            if let (Ok(answer), Who::Former | Who::Outsider) = (&answer, who) {
                assert!(!answer.to_string().contains("canary"), "{who:?}: {event}: {answer}");
            }
            cases += 1;
        }
    }
    assert_eq!(left, [""; 0], "say in `events` whom these are for");
    let mut left = documented_events("send");
    left.retain(|known| SAID.iter().all(|(event, _)| event != known));
    assert_eq!(left, [""; 0], "say in `SAID` whom these are for");
    // Nothing of all that reached those who are no members.
    for (socket, person) in outside.iter_mut().zip([&place.people.outsider, &place.people.former]) {
        for event in person.heard(socket).await {
            let (_, rule) = SAID.iter().find(|(name, _)| *name == event.name).unwrap();
            assert_eq!(rule.outcome(Who::Outsider), Outcome::LetIn, "{event:?}");
            let of_the_chat = event.body.to_string().contains(&place.chat.to_string());
            assert!(!of_the_chat || event.name == "chat:removed", "{event:?}");
        }
    }
    println!("{cases} cases on events");
    assert!(cases >= 70, "{cases}");
    app.stop().await;
}

async fn token_of(place: &Place, who: Who, app: &TestApp) -> String {
    let name = match who {
        Who::Owner => return place.people.owner.access_token.clone(),
        Who::Former => return place.people.former.access_token.clone(),
        Who::Outsider => return place.people.outsider.access_token.clone(),
        Who::Member => return place.people.member.access_token.clone(),
        Who::Blocked => "blocked0",
        _ => "admin0",
    };
    app.login(name).await.access_token
}

#[tokio::test]
async fn s7_ids_inside_bodies_open_no_door() {
    let app = TestApp::start().await;
    let place = Place::new(&app, 0).await;
    for who in [&place.people.outsider, &place.people.former] {
        let mine = who.group("mine", &[&place.people.owner]).await;
        let own = who.say(mine, "mine").await.id;
        let reply = json!({ "clientId": "r", "content": "x", "replyTo": place.message });
        let mention =
            json!({ "clientId": "m", "content": "x", "mentions": [place.people.member.id] });
        let forward = json!({ "chatIds": [place.chat] });
        let both = json!({ "chatIds": [mine, place.chat] });
        for (path, body, statuses) in [
            (format!("/chats/{mine}/messages"), reply, [404, 422]),
            (format!("/chats/{mine}/messages"), mention, [422, 422]),
            (format!("/messages/{own}/forward"), forward, [404, 404]),
            (format!("/messages/{own}/forward"), both, [404, 404]),
            (
                format!("/messages/{}/forward", place.message),
                json!({ "chatIds": [mine] }),
                [404, 404],
            ),
        ] {
            let status = who.api.post(&path, &body).await.unwrap_err().status().unwrap();
            assert!(statuses.contains(&status), "{path} {body}: {status}");
        }
        let asked = json!({ "chats": { place.chat.to_string(): 0 } });
        let synced = who.api.post("/sync", asked).await.unwrap().body;
        assert_eq!(synced["removed"], json!([place.chat]));
        assert!(!synced.to_string().contains("canary"), "{synced}");
        for query in [
            format!("chatId={}&q=canary", place.chat),
            format!("senderId={}&q=canary", place.people.member.id),
        ] {
            let found = who.api.get(&format!("/search/messages?{query}")).await;
            let text = found.map_or_else(|err| err.to_string(), |answer| answer.body.to_string());
            assert!(!text.contains("canary of"), "{query}: {text}");
        }
    }
    // The place itself has stood still.
    let messages = place.people.owner.api.messages(place.chat).await.unwrap();
    assert!(messages.iter().all(|message| message.content != "mine"));
    app.stop().await;
}
