//! Accounts as staff see and change them.

use nexus_protocol::{Ban, ErrorCode, OwnChange, Stats, UserRole};

use super::fixture::*;
use crate::{
    ports::{AccountFilter, Store},
    search::fold,
};

#[macro_export]
macro_rules! staff_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, staff:
            a_role_is_changed_and_noted
            a_ban_is_kept_replaced_and_taken_away
            what_a_banned_user_had_waiting_is_refused_until_the_ban_is_over
            accounts_are_found_by_address_role_and_ban
            all_there_is_is_counted
        );
    };
}

fn ban(until: Option<i64>) -> Ban {
    Ban { reason: "spam, ünï 😀".to_owned(), by: Some(ANN), at: at(1), until: until.map(at) }
}

pub async fn a_role_is_changed_and_noted(store: impl Store) {
    people(&store).await;
    let (user, change) = store.set_role(BOB, UserRole::Moderator, at(1)).await.unwrap().unwrap();
    assert_eq!(user.role, UserRole::Moderator);
    assert_eq!(store.user(BOB).await.unwrap().unwrap(), user);
    assert_eq!(change.change, OwnChange::Role { role: UserRole::Moderator });
    assert_eq!(store.user_changes(BOB, 0, 10).await.unwrap(), [change]);
    let (user, change) = store.set_role(BOB, UserRole::User, at(2)).await.unwrap().unwrap();
    assert_eq!((user.role, change.user_rev), (UserRole::User, 2));
    assert!(store.set_role(EVE, UserRole::Admin, at(1)).await.unwrap().is_none());
    assert_eq!(store.user(ANN).await.unwrap().unwrap().role, UserRole::User);
}

pub async fn a_ban_is_kept_replaced_and_taken_away(store: impl Store) {
    people(&store).await;
    for ban in [ban(Some(60)), ban(None)] {
        assert!(store.set_ban(BOB, Some(&ban)).await.unwrap());
        assert_eq!(store.user(BOB).await.unwrap().unwrap().ban, Some(ban));
    }
    assert!(store.set_ban(BOB, None).await.unwrap());
    assert_eq!(store.user(BOB).await.unwrap().unwrap().ban, None);
    assert!(!store.set_ban(EVE, Some(&ban(None))).await.unwrap());
}

pub async fn what_a_banned_user_had_waiting_is_refused_until_the_ban_is_over(store: impl Store) {
    team(&store).await;
    let sent = say(&store, TEAM, BOB, "before").await;
    // Far from now, which is the clock's: the store tells a ban that is over from one that holds.
    let (long_ago, far_away) = (ban(Some(0)), Ban { until: None, ..ban(None) });
    store.set_ban(BOB, Some(&far_away)).await.unwrap();
    let refused = rejected(&store, send(TEAM, BOB, "during")).await;
    assert_eq!(refused.code, ErrorCode::Banned);
    // A repeat of what was done.
    assert_eq!(
        message_of(done(&store, send(TEAM, BOB, "before")).await).message.id,
        sent.message.id
    );
    say(&store, TEAM, CAT, "others go on").await;
    store.set_ban(BOB, Some(&long_ago)).await.unwrap();
    say(&store, TEAM, BOB, "after").await;
    let said = all(&store, TEAM, CAT).await;
    assert_eq!(texts(&said[1..]), ["before", "others go on", "after"]);
}

pub async fn all_there_is_is_counted(store: impl Store) {
    assert_eq!(store.stats(NOW).await.unwrap(), Stats::default());
    team(&store).await;
    say(&store, TEAM, BOB, "one").await;
    store.set_role(CAT, UserRole::Admin, at(1)).await.unwrap();
    store.set_ban(BOB, Some(&ban(None))).await.unwrap();
    let counted = store.stats(NOW).await.unwrap();
    let expected =
        Stats { users: 4, staff: 1, banned: 1, chats: 1, messages: 2, ..Stats::default() };
    assert_eq!(counted, expected);
}

pub async fn accounts_are_found_by_address_role_and_ban(store: impl Store) {
    people(&store).await;
    store.set_role(CAT, UserRole::Moderator, at(1)).await.unwrap();
    store.set_role(DAN, UserRole::Moderator, at(1)).await.unwrap();
    store.set_role(DAN, UserRole::User, at(2)).await.unwrap();
    store.set_ban(BOB, Some(&ban(None))).await.unwrap();
    let found = async |filter: AccountFilter, after| -> Vec<String> {
        let found = store.accounts(&filter, after, 3).await.unwrap();
        found.into_iter().map(|user| user.username).collect()
    };
    let any = AccountFilter::default();
    assert_eq!(found(any.clone(), None).await, ["ann", "bob", "cat"]);
    assert_eq!(found(any.clone(), Some("cat")).await, ["dan"]);
    let query = |text: &str| AccountFilter { query: Some(fold(text)), ..any.clone() };
    assert_eq!(found(query("bob@exam"), None).await, ["bob"]);
    assert_eq!(found(query("CA"), None).await, ["cat"]);
    assert_eq!(found(query("example"), None).await, [""; 0]);
    let role = |role| AccountFilter { role: Some(role), ..any.clone() };
    assert_eq!(found(role(UserRole::Moderator), None).await, ["cat"]);
    assert_eq!(found(role(UserRole::User), None).await, ["ann", "bob", "dan"]);
    let banned = AccountFilter { banned_only: true, ..any.clone() };
    assert_eq!(found(banned, None).await, ["bob"]);
}
