//! Two nodes that do the same things for the same people at once.

use std::{collections::BTreeSet, time::Duration};

use futures_util::future::join_all;
use nexus_core::{
    conformance::fixture::*,
    ports::{
        Advance, ChatStore, NewDirectChat, ProfileUpdate, ReceiptKind, ReceiptStore, Rotate,
        Rotation, SessionRecord, SessionStore, TokenHash, UserStore,
    },
};
use nexus_protocol::{OwnChange, SessionId, UpdateChatMe, UserChange};
use uuid::Uuid;

use super::{beside, database};
use crate::MongoStore;

async fn rotate(store: &MongoStore, from: u8, to: u8, secs: i64) -> Rotation {
    let (presented, successor): (TokenHash, TokenHash) = ([from; 32], [to; 32]);
    let rotate = Rotate {
        presented: &presented,
        successor: &successor,
        at: at(secs),
        grace: Duration::from_secs(30),
        expires_at: at(10_000),
        address: "::1",
    };
    store.rotate(rotate).await.unwrap()
}

async fn sign_in(store: &MongoStore) {
    let session = SessionRecord {
        id: SessionId(Uuid::from_u128(1)),
        user_id: ANN,
        device: "Firefox".to_owned(),
        address: "::1".to_owned(),
        salt: [7; 32],
        created_at: NOW,
        last_used_at: NOW,
        expires_at: at(10_000),
        revoked_at: None,
    };
    store.create_session(&session, &[1; 32]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_rotations_of_a_token_on_two_nodes_one_rotates_and_the_others_replay() {
    let (database, _kept) = database().await;
    let nodes = [database.store(), beside(&database).await];
    sign_in(&nodes[0]).await;
    let calls = (0..50).map(|n| rotate(&nodes[n % 2], 1, 2, 10));
    let answers = join_all(calls).await;
    let rotated = answers.iter().filter(|one| matches!(one, Rotation::Rotated(_))).count();
    let replayed = answers.iter().filter(|one| matches!(one, Rotation::Replayed(_))).count();
    assert_eq!((rotated, replayed), (1, 49), "{answers:?}");
    assert!(matches!(rotate(&nodes[1], 2, 3, 11).await, Rotation::Rotated(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stolen_token_ends_the_session_once_on_whichever_node_it_is_presented() {
    let (database, _kept) = database().await;
    let nodes = [database.store(), beside(&database).await];
    sign_in(&nodes[0]).await;
    rotate(&nodes[0], 1, 2, 10).await;
    let answers = join_all((0..20).map(|n| rotate(&nodes[n % 2], 1, 2, 100))).await;
    let reused = answers.iter().filter(|one| matches!(one, Rotation::Reused(_))).count();
    let unknown = answers.iter().filter(|one| matches!(one, Rotation::Unknown)).count();
    assert_eq!((reused, unknown), (1, 19), "{answers:?}");
    assert_eq!(rotate(&nodes[1], 2, 3, 101).await, Rotation::Unknown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_may_be_used_long_after_many_rotations() {
    let (database, _kept) = database().await;
    let store = database.store();
    sign_in(&store).await;
    for n in 1..=20 {
        assert!(matches!(rotate(&store, n, n + 1, i64::from(n)).await, Rotation::Rotated(_)));
    }
    assert!(matches!(rotate(&store, 20, 21, 30).await, Rotation::Replayed(_)));
    assert!(matches!(rotate(&store, 1, 2, 30).await, Rotation::Reused(_)), "far too old");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_open_a_direct_chat_on_two_nodes_one_makes_it() {
    let (database, _kept) = database().await;
    let nodes = [database.store(), beside(&database).await];
    people(&nodes[0]).await;
    let open = async |n: usize| {
        let (creator, peer) = if n.is_multiple_of(3) { (ANN, BOB) } else { (BOB, ANN) };
        let id = chat(100 + n as u128);
        let new = NewDirectChat { id, creator, peer, permissions: ANYBODY, at: NOW };
        nodes[n % 2].create_direct(&new).await.unwrap()
    };
    let answers = join_all((0..20).map(open)).await;
    let known: BTreeSet<_> = answers.iter().map(|(id, _)| *id).collect();
    assert_eq!(known.len(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|(_, is_new)| *is_new).count(), 1);
    assert_eq!(nodes[0].roles(answers[0].0).await.unwrap().len(), 2);
}

/// What a device hears that asks for changes again and again while they are made.
async fn listen(store: &MongoStore, until: usize) -> Vec<UserChange> {
    let (mut heard, mut known) = (Vec::new(), 0);
    while known < until as u64 {
        let head = store.user_rev(BOB).await.unwrap();
        let found = store.user_changes(BOB, known, 1_000).await.unwrap();
        assert!(found.iter().map(|change| change.user_rev).is_sorted());
        known = found.last().map_or(head, |last| last.user_rev.max(head));
        heard.extend(found);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    heard
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_that_change_a_users_state_at_once_lose_no_change_and_no_number() {
    let (database, _kept) = database().await;
    let nodes = [database.store(), beside(&database).await];
    team(&nodes[0]).await;
    let listener = beside(&database).await;
    let listening = tokio::spawn(async move { listen(&listener, 60).await });
    let write = async |node: usize| {
        let mut noted = Vec::new();
        for n in 0..15 {
            let text = Some(Some(format!("draft {n} of node {node}")));
            let draft = UpdateChatMe { draft: text, ..UpdateChatMe::default() };
            let changes = nodes[node].update_chat_me(BOB, TEAM, &draft, at(1)).await.unwrap();
            noted.extend(changes.unwrap());
        }
        noted
    };
    let rename = async |node: usize| {
        let mut noted = Vec::new();
        for n in 0..15 {
            let text = format!("{n} of node {node}");
            let (display_name, about) =
                if node == 0 { (Some(text), None) } else { (None, Some(text)) };
            let update = ProfileUpdate { display_name, about };
            noted.push(nodes[node].update_profile(BOB, &update, at(1)).await.unwrap().unwrap().1);
        }
        noted
    };
    let noted = tokio::join!(write(0), write(1), rename(0), rename(1));
    let mut noted: Vec<UserChange> =
        [noted.0, noted.1, noted.2, noted.3].into_iter().flatten().collect();
    noted.sort_by_key(|change| change.user_rev);
    let numbers: Vec<u64> = noted.iter().map(|change| change.user_rev).collect();
    assert_eq!(numbers, (1..=60).collect::<Vec<u64>>(), "dense, none twice");
    profiles_follow_each_other(&noted);

    let last = |kind: fn(&OwnChange) -> bool| {
        noted.iter().rfind(|change| kind(&change.change)).unwrap().clone()
    };
    let draft = last(|change| matches!(change, OwnChange::Draft { .. }));
    let profile = last(|change| matches!(change, OwnChange::Profile { .. }));
    let me = view(&nodes[0], BOB, TEAM).await.me;
    assert_eq!(draft.change, OwnChange::Draft { chat_id: TEAM, draft: me.draft });
    let user = nodes[0].user(BOB).await.unwrap().unwrap();
    let (display_name, about) = (user.display_name, user.about);
    assert_eq!(profile.change, OwnChange::Profile { display_name, about });
    let heard = listening.await.unwrap();
    assert!(heard.iter().all(|change| noted.contains(change)));
    assert!(heard.contains(&draft) && heard.contains(&profile), "{heard:?}");
    let mut left = vec![draft, profile];
    left.sort_by_key(|change| change.user_rev);
    assert_eq!(nodes[1].user_changes(BOB, 0, 100).await.unwrap(), left, "the rest is overtaken");
}

/// Each changes one of two fields and keeps the other one.
fn profiles_follow_each_other(noted: &[UserChange]) {
    let profiles = noted.iter().filter_map(|change| match &change.change {
        OwnChange::Profile { display_name, about } => Some((display_name, about)),
        _ => None,
    });
    let profiles: Vec<_> = profiles.collect();
    for pair in profiles.windows(2) {
        let same = [pair[0].0 == pair[1].0, pair[0].1 == pair[1].1];
        assert_eq!(same.iter().filter(|same| **same).count(), 1, "{pair:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watermarks_of_two_nodes_end_at_the_highest() {
    let (database, _kept) = database().await;
    let nodes = [database.store(), beside(&database).await];
    team(&nodes[0]).await;
    for n in 0..30 {
        say(&nodes[0], TEAM, ANN, &format!("message {n}")).await;
    }
    let read = async |n: usize| {
        let kind = if n.is_multiple_of(3) { ReceiptKind::Delivered } else { ReceiptKind::Read };
        let of = |user| Advance {
            chat: TEAM,
            user,
            kind,
            seq: n as u64,
            at: at(n as i64),
            quiet: false,
        };
        nodes[n % 2].advance(&[of(BOB), of(CAT)]).await.unwrap()
    };
    let answers = join_all((1..=30).map(read)).await;
    for (place, user) in [BOB, CAT].into_iter().enumerate() {
        let of_user = answers.iter().map(|both| both[place].as_ref().unwrap());
        let mut numbers: Vec<u64> =
            of_user.filter_map(|moved| Some(moved.own.as_ref()?.user_rev)).collect();
        numbers.sort_unstable();
        let head = nodes[0].user_rev(user).await.unwrap();
        assert_eq!(numbers, (1..=head).collect::<Vec<u64>>(), "dense, none twice");
        let me = view(&nodes[1], user, TEAM).await.me;
        assert_eq!((me.read_seq, me.delivered_seq), (29, 30));
    }
}
