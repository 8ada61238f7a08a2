//! Direct chats, chat lists, and each member's own settings.

use nexus_protocol::{ChatType, OwnChange, UpdateChatMe};

use super::fixture::*;
use crate::ports::{NewDirectChat, Store};

#[macro_export]
macro_rules! chats_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, chats:
            a_pair_has_one_direct_chat
            of_two_creations_at_once_one_is_new
            a_direct_chat_shows_each_the_other
            the_list_is_by_last_activity_and_goes_on_below
            only_messages_make_a_chat_active
            views_are_of_ones_own_chats_only
            numbers_of_ones_chats
            a_patch_changes_what_it_names
            a_patch_that_changes_nothing_notes_nothing
            own_changes_are_numbered_and_overtaken
        );
    };
}

fn direct(n: u128, creator: nexus_protocol::UserId, peer: nexus_protocol::UserId) -> NewDirectChat {
    NewDirectChat { id: chat(n), creator, peer, permissions: ANYBODY, at: NOW }
}

pub async fn a_pair_has_one_direct_chat(store: impl Store) {
    people(&store).await;
    assert_eq!(store.create_direct(&direct(10, ANN, BOB)).await.unwrap(), (chat(10), true));
    assert_eq!(store.create_direct(&direct(11, ANN, BOB)).await.unwrap(), (chat(10), false));
    assert_eq!(store.create_direct(&direct(12, BOB, ANN)).await.unwrap(), (chat(10), false));
    assert_eq!(store.create_direct(&direct(13, ANN, CAT)).await.unwrap(), (chat(13), true));
    assert!(store.chat(chat(12)).await.unwrap().is_none());
    let made = store.chat(chat(10)).await.unwrap().unwrap();
    assert_eq!((made.r#type, made.member_count, made.last_seq), (ChatType::Direct, 2, 0));
}

pub async fn of_two_creations_at_once_one_is_new(store: impl Store) {
    people(&store).await;
    let (a, b) = (direct(10, ANN, BOB), direct(11, BOB, ANN));
    let (a, b) = tokio::join!(store.create_direct(&a), store.create_direct(&b));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!(a.0, b.0);
    assert!(a.1 != b.1, "one is new: {a:?} {b:?}");
}

pub async fn a_direct_chat_shows_each_the_other(store: impl Store) {
    people(&store).await;
    store.create_direct(&direct(10, ANN, BOB)).await.unwrap();
    assert_eq!(view(&store, ANN, chat(10)).await.peer.unwrap().id, BOB);
    assert_eq!(view(&store, BOB, chat(10)).await.peer.unwrap().id, ANN);
    say(&store, chat(10), ANN, "hello").await;
    let view = view(&store, BOB, chat(10)).await;
    assert_eq!((view.unread, view.last_message.unwrap().message.seq), (1, 1));
    assert_eq!(view.receipts.len(), 2);
}

pub async fn the_list_is_by_last_activity_and_goes_on_below(store: impl Store) {
    people(&store).await;
    for n in 1..=5 {
        done(&store, create(n, chat(n), ANYBODY, &[BOB])).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    say(&store, chat(2), BOB, "up").await;
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let page = store.chat_list(BOB, after, 2).await.unwrap();
        let Some((cursor, _)) = page.last() else { break };
        after = Some(*cursor);
        listed.extend(page.into_iter().map(|(_, view)| view.chat.id));
    }
    assert_eq!(listed[0], chat(2));
    assert_eq!(listed.len(), 5, "each once: {listed:?}");
    listed.sort_unstable();
    assert_eq!(listed, (1..=5).map(chat).collect::<Vec<_>>());
    assert!(store.chat_list(DAN, None, 10).await.unwrap().is_empty());
}

pub async fn only_messages_make_a_chat_active(store: impl Store) {
    people(&store).await;
    done(&store, create(1, chat(1), ANYBODY, &[])).await;
    let old = say(&store, chat(1), ANN, "old").await.message.id;
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    done(&store, create(2, chat(2), ANYBODY, &[])).await;
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    done(&store, react(10, chat(1), ANN, old, true)).await;
    let listed = store.chat_list(ANN, None, 10).await.unwrap();
    let listed: Vec<_> = listed.into_iter().map(|(_, view)| view.chat.id).collect();
    assert_eq!(listed, [chat(2), chat(1)]);
}

pub async fn views_are_of_ones_own_chats_only(store: impl Store) {
    team(&store).await;
    done(&store, create(2, OTHER, ANYBODY, &[])).await;
    let views = store.chat_views(BOB, &[OTHER, TEAM, chat(99)]).await.unwrap();
    let ids: Vec<_> = views.iter().map(|view| view.chat.id).collect();
    assert_eq!(ids, [TEAM]);
    assert_eq!(views[0].me.user_id, BOB);
    assert_eq!(views[0].peer, None);
}

pub async fn numbers_of_ones_chats(store: impl Store) {
    team(&store).await;
    done(&store, create(2, OTHER, ANYBODY, &[])).await;
    say(&store, TEAM, ANN, "hello").await;
    let mut revs = store.chat_revs(ANN).await.unwrap();
    revs.sort_unstable();
    assert_eq!(revs, [(TEAM, 2), (OTHER, 1)]);
    assert_eq!(store.chat_revs(BOB).await.unwrap(), [(TEAM, 2)]);
}

pub async fn a_patch_changes_what_it_names(store: impl Store) {
    team(&store).await;
    let all = UpdateChatMe {
        muted_until: Some(Some(at(60))),
        pinned: Some(true),
        archived: Some(true),
        draft: Some(Some("dear all".to_owned())),
        unread_from: Some(Some(1)),
    };
    let changes = store.update_chat_me(BOB, TEAM, &all, NOW).await.unwrap().unwrap();
    assert_eq!(changes.len(), 5);
    let revs: Vec<_> = changes.iter().map(|change| change.user_rev).collect();
    assert_eq!(revs, [1, 2, 3, 4, 5]);
    let me = view(&store, BOB, TEAM).await.me;
    assert_eq!((me.muted_until, me.pinned, me.archived), (Some(at(60)), true, true));
    assert_eq!((me.draft.as_deref(), me.unread_from), (Some("dear all"), Some(1)));
    let some = UpdateChatMe {
        muted_until: Some(None),
        draft: Some(None),
        pinned: Some(false),
        ..UpdateChatMe::default()
    };
    let changes = store.update_chat_me(BOB, TEAM, &some, NOW).await.unwrap().unwrap();
    let changes: Vec<_> = changes.into_iter().map(|change| change.change).collect();
    assert_eq!(changes.len(), 3);
    assert!(changes.contains(&OwnChange::Mute { chat_id: TEAM, muted_until: None }));
    assert!(changes.contains(&OwnChange::Draft { chat_id: TEAM, draft: None }));
    assert!(changes.contains(&OwnChange::Pin { chat_id: TEAM, pinned: false }));
    let me = view(&store, BOB, TEAM).await.me;
    assert_eq!((me.muted_until, me.draft, me.pinned), (None, None, false));
    assert_eq!((me.archived, me.unread_from), (true, Some(1)), "not named, not changed");
    assert!(!view(&store, CAT, TEAM).await.me.archived, "each has their own");
}

pub async fn a_patch_that_changes_nothing_notes_nothing(store: impl Store) {
    team(&store).await;
    let same = UpdateChatMe {
        pinned: Some(false),
        draft: Some(None),
        muted_until: Some(None),
        ..UpdateChatMe::default()
    };
    assert_eq!(store.update_chat_me(BOB, TEAM, &same, NOW).await.unwrap(), Some(Vec::new()));
    assert_eq!(store.user_rev(BOB).await.unwrap(), 0);
    assert_eq!(store.update_chat_me(DAN, TEAM, &same, NOW).await.unwrap(), None);
}

pub async fn own_changes_are_numbered_and_overtaken(store: impl Store) {
    team(&store).await;
    for n in 1..=3 {
        let draft =
            UpdateChatMe { draft: Some(Some(format!("draft {n}"))), ..UpdateChatMe::default() };
        let noted = store.update_chat_me(BOB, TEAM, &draft, at(n)).await.unwrap().unwrap();
        assert_eq!(noted[0].user_rev, n as u64);
        assert_eq!(noted[0].at, at(n));
    }
    let pin = UpdateChatMe { pinned: Some(true), ..UpdateChatMe::default() };
    store.update_chat_me(BOB, TEAM, &pin, at(4)).await.unwrap();
    assert_eq!(store.user_rev(BOB).await.unwrap(), 4);
    assert_eq!(store.user_rev(ANN).await.unwrap(), 0);
    let changes = store.user_changes(BOB, 0, 10).await.unwrap();
    let revs: Vec<_> = changes.iter().map(|change| change.user_rev).collect();
    assert!(revs.is_sorted() && revs.ends_with(&[3, 4]), "{revs:?}");
    let last = OwnChange::Draft { chat_id: TEAM, draft: Some("draft 3".to_owned()) };
    assert!(changes.iter().any(|change| change.change == last));
    let above = store.user_changes(BOB, 3, 10).await.unwrap();
    assert_eq!(above.len(), 1);
    assert_eq!(store.user_changes(BOB, 2, 1).await.unwrap()[0].user_rev, 3);
}
