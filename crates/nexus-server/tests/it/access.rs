//! Who may do what: every route and every event, for everybody there is. S-7.
//!
//! The cases are made from the published documents and `rules`. A route or an event that has
//! no rule fails the test: whoever adds one says there whom it is for.

mod direct;
mod ids;
mod place;
mod rules;
mod said;

use nexus_client::Client;

use self::{
    place::{Place, Things},
    rules::{
        DOCUMENTED, EVERYBODY, For, Outcome, SAID, SPENT, Who, documented_events, events, routes,
    },
};
use crate::fixture::{TestApp, request};

fn outcome(status: u16, code: &str) -> Outcome {
    match status {
        401 => Outcome::SignIn,
        // It is for them, once they have proven that it is they.
        403 if code.contains("\"step_up_required\"") => Outcome::LetIn,
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
            let found = match rule {
                For::All(expected) => {
                    assert_eq!(status, expected, "{what}");
                    Outcome::LetIn
                }
                _ => outcome(status, &text),
            };
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

/// Each with a keeper of its own: what is deleted is gone.
#[tokio::test]
async fn s7_what_is_nobody_elses_is_there_for_its_owner() {
    let app = TestApp::start().await;
    let place = Place::new(&app, 0).await;
    let of_one = routes(&place).into_iter().filter(|(.., rule, _)| *rule == For::Self_);
    let mut cases = 0;
    for (method, route, _, body) in of_one {
        // Named by who else signs in with it, not by an id.
        if route == "/auth/oidc/links/{provider}" {
            continue;
        }
        cases += 1;
        let things = Things::of(&app, cases).await;
        let path = things.path(route).replace("{userId}", &things.contact.to_string());
        let answer = request(&things.keeper.api, &method.to_uppercase(), &path, body).await;
        let status = answer.map_or_else(|err| err.status().unwrap(), |answer| answer.status);
        assert!((200..300).contains(&status), "{method} {route}: {status}");
    }
    assert_eq!(cases, 8);
    app.stop().await;
}
