//! Unread and mentions always equal a recount.

use nexus_protocol::{MessageType, UserId};

use super::fixture::*;
use crate::{
    ops::{Op, OpKind},
    ports::{Advance, ReceiptKind, Store},
};

#[macro_export]
macro_rules! unread_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, unread:
            own_and_system_messages_are_never_unread
            a_deletion_is_no_longer_unread
            a_hidden_message_is_not_unread_for_that_user
            mentions_count_until_read
            unread_equals_a_recount_after_any_mix
        );
    };
}

pub async fn own_and_system_messages_are_never_unread(store: impl Store) {
    team(&store).await;
    say(&store, TEAM, BOB, "mine").await;
    done(&store, op(10, TEAM, ANN, OpKind::SetTitle { title: "Us".to_owned() })).await;
    say(&store, TEAM, ANN, "theirs").await;
    assert_eq!(view(&store, BOB, TEAM).await.unread, 1);
    assert_eq!(view(&store, ANN, TEAM).await.unread, 1);
    assert_eq!(view(&store, CAT, TEAM).await.unread, 2);
}

pub async fn a_deletion_is_no_longer_unread(store: impl Store) {
    team(&store).await;
    let id = message_of(done(&store, mentioning(TEAM, ANN, "oops", &[BOB])).await).message.id;
    let before = view(&store, BOB, TEAM).await;
    assert_eq!((before.unread, before.mentions), (1, 1));
    done(&store, delete(10, TEAM, ANN, id)).await;
    let after = view(&store, BOB, TEAM).await;
    assert_eq!((after.unread, after.mentions), (0, 0));
}

pub async fn a_hidden_message_is_not_unread_for_that_user(store: impl Store) {
    team(&store).await;
    let id = message_of(done(&store, mentioning(TEAM, ANN, "x", &[BOB, CAT])).await).message.id;
    store.hide(BOB, id, NOW).await.unwrap();
    let (bob, cat) = (view(&store, BOB, TEAM).await, view(&store, CAT, TEAM).await);
    assert_eq!((bob.unread, bob.mentions), (0, 0));
    assert_eq!((cat.unread, cat.mentions), (1, 1));
}

pub async fn mentions_count_until_read(store: impl Store) {
    team(&store).await;
    done(&store, mentioning(TEAM, ANN, "first", &[BOB, ANN])).await;
    say(&store, TEAM, ANN, "second").await;
    done(&store, mentioning(TEAM, CAT, "third", &[BOB])).await;
    assert_eq!(view(&store, BOB, TEAM).await.mentions, 2);
    assert_eq!(view(&store, ANN, TEAM).await.mentions, 0, "nobody is mentioned by themselves");
    store.advance(&[read(BOB, 2)]).await.unwrap();
    let now = view(&store, BOB, TEAM).await;
    assert_eq!((now.unread, now.mentions), (2, 1));
}

/// A walk that is the same in each run.
pub async fn unread_equals_a_recount_after_any_mix(store: impl Store) {
    team(&store).await;
    let mut dice = Dice(0x5EED);
    let people = [ANN, BOB, CAT];
    let mut sent = Vec::new();
    for n in 0..400_u128 {
        let who = people[dice.roll(3)];
        let whose = people[dice.roll(3)];
        let target = sent.get(dice.roll(sent.len().max(1))).copied();
        let step: Option<Op> = match (dice.roll(10), target) {
            (0..4, _) | (_, None) => {
                let op = mentioning(TEAM, who, &format!("message {n}"), &[whose]);
                sent.push(op.message());
                Some(op)
            }
            (4, Some(id)) => Some(delete(1_000 + n, TEAM, who, id)),
            (5, Some(id)) => Some(edit(1_000 + n, TEAM, who, id, &format!("edited {n}"))),
            (6, Some(id)) => Some(react(1_000 + n, TEAM, who, id, true)),
            (7, Some(id)) => {
                store.hide(whose, id, NOW).await.unwrap();
                None
            }
            _ => {
                let last = store.chat(TEAM).await.unwrap().unwrap().last_seq;
                let seq = dice.roll(last as usize + 3) as u64;
                store.advance(&[read(whose, seq)]).await.unwrap();
                None
            }
        };
        if let Some(op) = step {
            store.commit(&[op]).await.unwrap();
        }
        if n % 20 == 19 {
            for user in people {
                recount(&store, user).await;
            }
        }
    }
}

async fn recount(store: &impl Store, user: UserId) {
    let view = view(store, user, TEAM).await;
    let shown = all(store, TEAM, user).await;
    let unread: Vec<_> = shown
        .iter()
        .map(|stored| &stored.message)
        .filter(|m| m.seq > view.me.read_seq && m.sender_id != user)
        .filter(|m| m.deleted_at.is_none() && m.r#type == MessageType::Text)
        .collect();
    assert_eq!(view.unread, unread.len() as u64);
    let mentions = unread.iter().filter(|m| m.mentions.contains(&user)).count();
    assert_eq!(view.mentions, mentions as u64);
    assert_eq!(view.last_message.as_ref(), shown.last());
    assert!(view.me.read_seq <= view.me.delivered_seq);
    assert!(view.me.delivered_seq <= view.chat.last_seq);
}

fn read(user: UserId, seq: u64) -> Advance {
    Advance { chat: TEAM, user, kind: ReceiptKind::Read, seq, at: NOW, quiet: false }
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }
}
