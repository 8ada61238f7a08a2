//! Messages that disappear: from the instant on for whoever reads, and from the store when swept.
//!
//! The backend comes with its clock.

use std::{sync::Arc, time::Duration};

use nexus_protocol::{ErrorCode, MessageId, SystemEvent, Timestamp};

use super::fixture::*;
use crate::{
    disappearing::expiry,
    memory::SetClock,
    ops::{Op, OpKind},
    ports::{Clock as _, Due, Outcome, Page, SearchQuery, Store, StoredMessage, Trace},
};

#[macro_export]
macro_rules! disappearing_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, disappearing:
            a_message_lasts_by_the_rule_that_was_in_force_when_it_got_its_place
            what_has_disappeared_is_nowhere_though_nobody_has_swept
            unread_counts_go_down_at_the_instant
            what_was_swept_is_a_stone_with_the_next_number
            a_sweep_that_is_repeated_or_too_soon_changes_nothing
            two_who_sweep_at_once_give_one_number
            a_quote_loses_its_words_with_what_it_quotes
            a_quote_that_outlives_what_it_quotes_is_swept_of_its_words
            what_is_past_its_time_can_not_be_changed
            a_message_told_again_after_its_time_says_nothing
            what_is_due_comes_in_order_and_in_portions
            nothing_of_a_deleted_message_is_due
        );
    };
}

type Timed<S> = (S, Arc<SetClock>);

const HOUR: u32 = 3_600;

/// From now on messages of the team last so long.
async fn lasting(store: &impl Store, n: u128, secs: Option<u32>) -> StoredMessage {
    message_of(done(store, op(n, TEAM, BOB, OpKind::SetDisappearAfter { secs })).await)
}

/// Ann's team, where messages last an hour.
async fn fleeting(store: &impl Store) {
    team(store).await;
    lasting(store, 1_000, Some(HOUR)).await;
}

fn pass(clock: &SetClock, secs: u32) {
    clock.advance(Duration::from_secs(secs.into()));
}

async fn due(store: &impl Store, clock: &SetClock) -> Vec<Due> {
    store.due(clock.now(), None, 100).await.unwrap()
}

async fn sweep(store: &impl Store, clock: &SetClock) -> Vec<Outcome> {
    let ops = due(store, clock).await.into_iter().map(|due| expiry(due, clock.now()));
    store.commit(&ops.collect::<Vec<Op>>()).await.unwrap()
}

async fn found(store: &impl Store, word: &str) -> usize {
    while store.index_messages(100).await.unwrap() > 0 {}
    let query = SearchQuery { tokens: vec![word.to_owned()], limit: 10, ..SearchQuery::default() };
    store.search(CAT, &query).await.unwrap().len()
}

#[track_caller]
fn is_stone(stored: &StoredMessage, at: Timestamp) {
    let message = &stored.message;
    assert_eq!((message.content.as_str(), message.deleted_at), ("", Some(at)), "{stored:?}");
    assert!(message.mentions.is_empty() && stored.reactors.is_empty(), "{stored:?}");
    assert!(message.reply_to.is_none() && message.pinned_at.is_none(), "{stored:?}");
}

pub async fn a_message_lasts_by_the_rule_that_was_in_force_when_it_got_its_place<S: Store>(
    (store, clock): Timed<S>,
) {
    team(&store).await;
    let before = say(&store, TEAM, ANN, "before").await.message;
    let told = lasting(&store, 10, Some(HOUR)).await.message;
    let kind = SystemEvent::DisappearAfterChanged { disappear_after_secs: Some(HOUR) };
    assert_eq!((told.system, told.expires_at), (Some(kind), None), "it stays");
    assert_eq!(view(&store, CAT, TEAM).await.chat.disappear_after_secs, Some(HOUR));
    pass(&clock, 10);
    let one = say(&store, TEAM, ANN, "one").await.message;
    let same = op(11, TEAM, ANN, OpKind::SetDisappearAfter { secs: Some(HOUR) });
    assert_eq!(done(&store, same).await, crate::ports::Done::default());
    lasting(&store, 12, Some(2 * HOUR)).await;
    let two = say(&store, TEAM, ANN, "two").await.message;
    lasting(&store, 13, None).await;
    let after = say(&store, TEAM, ANN, "after").await.message;
    assert_eq!((before.expires_at, after.expires_at), (None, None));
    assert_eq!((one.expires_at, two.expires_at), (Some(at(3_610)), Some(at(7_210))));
    assert_eq!(store.message(one.id).await.unwrap().unwrap().message, one);
    assert_eq!(view(&store, CAT, TEAM).await.chat.disappear_after_secs, None);
    pass(&clock, 3 * HOUR);
    sweep(&store, &clock).await;
    assert_eq!(texts(&all(&store, TEAM, CAT).await), ["", "before", "", "", "", "", "", "after"]);
}

pub async fn what_has_disappeared_is_nowhere_though_nobody_has_swept<S: Store>(
    (store, clock): Timed<S>,
) {
    fleeting(&store).await;
    let sent = message_of(done(&store, mentioning(TEAM, ANN, "treasure", &[CAT])).await).message;
    let quoting = done(&store, replying(BOB, "an answer", sent.id, "treasure")).await;
    done(&store, edit(10, TEAM, ANN, sent.id, "treasure island")).await;
    done(&store, react(11, TEAM, CAT, sent.id, true)).await;
    done(&store, op(12, TEAM, ANN, OpKind::Pin { message: sent.id, on: true })).await;
    store.set_star(CAT, sent.id, true, NOW).await.unwrap();
    assert_eq!(found(&store, "treasure").await, 1);
    assert_eq!(store.edits(sent.id).await.unwrap().len(), 2);

    pass(&clock, HOUR - 1);
    assert_eq!(store.message(sent.id).await.unwrap().unwrap().message.content, "treasure island");
    assert_eq!(due(&store, &clock).await, []);
    pass(&clock, 1);
    let stone = store.message(sent.id).await.unwrap().unwrap();
    is_stone(&stone, at(HOUR.into()));
    assert_eq!((stone.message.seq, stone.message.rev), (3, 7), "in its place, with its number");
    let quoting = message_of(quoting).message.id;
    let pages = [Page::Before(u64::MAX), Page::After(0), Page::Around(3)];
    let mut lists = vec![store.changed_since(TEAM, CAT, 0, 100).await.unwrap()];
    for page in pages {
        lists.push(store.page(TEAM, CAT, page, 100).await.unwrap());
    }
    for mut list in lists {
        list.sort_by_key(|stored| stored.message.seq);
        assert_eq!(seqs(&list), [1, 2, 3, 4], "there is no hole");
        assert_eq!(list[2], stone);
        is_stone(&list[3], at(HOUR.into()));
    }
    is_stone(&store.message(quoting).await.unwrap().unwrap(), at(HOUR.into()));
    is_stone(&view(&store, CAT, TEAM).await.last_message.unwrap(), at(HOUR.into()));
    assert_eq!(found(&store, "treasure").await, 0);
    assert!(store.edits(sent.id).await.unwrap().is_empty());
    assert!(store.starred(CAT, None, 10).await.unwrap().is_empty());
    let chat = store.chat(TEAM).await.unwrap().unwrap();
    assert_eq!((chat.last_seq, chat.last_rev), (4, 7));
}

/// The quote has these words, whatever is in the message by now; and it lasts as long.
fn replying(sender: nexus_protocol::UserId, text: &str, to: MessageId, words: &str) -> Op {
    let mut reply = send(TEAM, sender, text);
    let OpKind::Send(new) = &mut reply.kind else { panic!("a message") };
    new.reply_to = Some(nexus_protocol::ReplyTo {
        id: to,
        sender_id: ANN,
        seq: None,
        preview: words.to_owned(),
        expires_at: Some(at(HOUR.into())),
    });
    reply
}

pub async fn unread_counts_go_down_at_the_instant<S: Store>((store, clock): Timed<S>) {
    fleeting(&store).await;
    done(&store, mentioning(TEAM, ANN, "one", &[CAT])).await;
    let hidden = message_of(done(&store, mentioning(TEAM, ANN, "two", &[CAT])).await);
    store.hide(CAT, hidden.message.id, NOW).await.unwrap();
    pass(&clock, 1);
    say(&store, TEAM, BOB, "three").await;
    lasting(&store, 10, None).await;
    done(&store, mentioning(TEAM, BOB, "four", &[CAT])).await;
    let counts = async || {
        let view = view(&store, CAT, TEAM).await;
        (view.unread, view.mentions)
    };
    assert_eq!(counts().await, (3, 2));
    pass(&clock, HOUR - 1);
    assert_eq!(counts().await, (2, 1));
    sweep(&store, &clock).await;
    assert_eq!(counts().await, (2, 1), "as before");
    pass(&clock, 1);
    assert_eq!(counts().await, (1, 1));
    sweep(&store, &clock).await;
    assert_eq!(counts().await, (1, 1));
}

pub async fn what_was_swept_is_a_stone_with_the_next_number<S: Store>((store, clock): Timed<S>) {
    fleeting(&store).await;
    let sent = message_of(done(&store, mentioning(TEAM, ANN, "treasure", &[CAT])).await).message;
    done(&store, edit(10, TEAM, ANN, sent.id, "treasures")).await;
    assert_eq!(found(&store, "treasures").await, 1);
    pass(&clock, HOUR + 5);
    let outcomes = sweep(&store, &clock).await;
    let [Outcome::Done(swept)] = &outcomes[..] else { panic!("{outcomes:?}") };
    let Some(Trace::Updated(stone)) = &swept.message else { panic!("{swept:?}") };
    is_stone(stone, at(HOUR.into()));
    assert_eq!((stone.message.seq, stone.message.rev), (3, 5));
    assert_eq!(store.message(sent.id).await.unwrap().unwrap(), **stone);
    assert_eq!(store.changed_since(TEAM, CAT, 4, 10).await.unwrap(), [(**stone).clone()]);
    assert_eq!(due(&store, &clock).await, []);
    // With the clock put back it would be seen if it were still there.
    clock.set(NOW);
    is_stone(&store.message(sent.id).await.unwrap().unwrap(), at(HOUR.into()));
    assert!(store.edits(sent.id).await.unwrap().is_empty());
    assert_eq!(found(&store, "treasures").await, 0);
}

pub async fn a_sweep_that_is_repeated_or_too_soon_changes_nothing<S: Store>(
    (store, clock): Timed<S>,
) {
    fleeting(&store).await;
    let sent = say(&store, TEAM, ANN, "hello").await.message;
    let too_soon = Due { at: at(HOUR.into()), message: sent.id, chat: TEAM };
    let none = crate::ports::Done::default();
    assert_eq!(done(&store, op(10, TEAM, ANN, expiry(too_soon, NOW).kind)).await, none);
    assert_eq!(store.message(sent.id).await.unwrap().unwrap().message, sent);
    pass(&clock, HOUR);
    let known = due(&store, &clock).await;
    assert_eq!(known, [too_soon]);
    let first = sweep(&store, &clock).await;
    let again = store.commit(&[expiry(known[0], clock.now())]).await.unwrap();
    assert_eq!(first, again, "told again");
    assert_eq!(done(&store, op(11, TEAM, ANN, expiry(too_soon, NOW).kind)).await, none);
    assert_eq!(store.chat(TEAM).await.unwrap().unwrap().last_rev, 4);
    done(&store, op(12, TEAM, ANN, OpKind::DeleteChat)).await;
    assert_eq!(done(&store, expiry(too_soon, NOW)).await, none, "nor where the chat is gone");
}

pub async fn two_who_sweep_at_once_give_one_number<S: Store>((store, clock): Timed<S>) {
    fleeting(&store).await;
    for n in 0..5 {
        say(&store, TEAM, ANN, &format!("message {n}")).await;
    }
    pass(&clock, HOUR);
    let ops = due(&store, &clock).await.into_iter().map(|due| expiry(due, clock.now()));
    let ops: Vec<Op> = ops.collect();
    let (one, other) = tokio::join!(store.commit(&ops), store.commit(&ops));
    assert_eq!((one.unwrap().len(), other.unwrap().len()), (5, 5));
    assert_eq!(store.chat(TEAM).await.unwrap().unwrap().last_rev, 12);
    let mut revs: Vec<u64> =
        all(&store, TEAM, CAT).await.iter().map(|stored| stored.message.rev).collect();
    revs.sort_unstable();
    assert_eq!(revs, [1, 2, 8, 9, 10, 11, 12]);
}

pub async fn a_quote_loses_its_words_with_what_it_quotes<S: Store>((store, clock): Timed<S>) {
    fleeting(&store).await;
    let sent = say(&store, TEAM, ANN, "treasure").await.message;
    lasting(&store, 10, None).await;
    let reply = message_of(done(&store, replying(BOB, "yes", sent.id, "treasure")).await).message;
    pass(&clock, HOUR);
    let shown = store.message(reply.id).await.unwrap().unwrap().message;
    let quoted = shown.reply_to.unwrap();
    assert_eq!((quoted.id, quoted.preview.as_str()), (sent.id, ""));
    assert_eq!((shown.content.as_str(), shown.deleted_at), ("yes", None), "the answer stays");
    let late = message_of(done(&store, replying(CAT, "me too", sent.id, "treasure")).await);
    assert_eq!(late.message.reply_to.unwrap().preview, "", "it waited too long");
}

pub async fn a_quote_that_outlives_what_it_quotes_is_swept_of_its_words<S: Store>(
    (store, clock): Timed<S>,
) {
    fleeting(&store).await;
    let sent = say(&store, TEAM, ANN, "treasure").await.message;
    lasting(&store, 10, None).await;
    let reply = message_of(done(&store, replying(BOB, "yes", sent.id, "treasure")).await).message;
    done(&store, edit(11, TEAM, BOB, reply.id, "yes!")).await;
    let other = message_of(done(&store, replying(CAT, "no", sent.id, "treasure")).await).message;
    pass(&clock, HOUR);
    // What changes it for another reason takes the words away, too.
    let reacted = message_of(done(&store, react(12, TEAM, ANN, other.id, true)).await);
    assert_eq!(reacted.message.reply_to.unwrap().preview, "");
    assert_eq!(due(&store, &clock).await.len(), 2);
    sweep(&store, &clock).await;
    assert_eq!(due(&store, &clock).await, []);
    clock.set(NOW);
    for (id, text) in [(reply.id, "yes!"), (other.id, "no")] {
        let swept = store.message(id).await.unwrap().unwrap().message;
        assert_eq!((swept.content.as_str(), swept.reply_to.unwrap().preview.as_str()), (text, ""));
    }
    assert_eq!(store.edits(reply.id).await.unwrap().len(), 2);
}

pub async fn what_is_past_its_time_can_not_be_changed<S: Store>((store, clock): Timed<S>) {
    fleeting(&store).await;
    let id = say(&store, TEAM, ANN, "hello").await.message.id;
    pass(&clock, HOUR);
    for refused in [
        edit(10, TEAM, ANN, id, "x"),
        react(11, TEAM, BOB, id, true),
        op(12, TEAM, ANN, OpKind::Pin { message: id, on: true }),
    ] {
        assert_eq!(rejected(&store, refused).await.code, ErrorCode::Gone);
    }
    is_stone(&message_of(done(&store, delete(13, TEAM, ANN, id)).await), at(HOUR.into()));
    sweep(&store, &clock).await;
    assert_eq!(store.chat(TEAM).await.unwrap().unwrap().last_rev, 4, "by the sweep alone");
}

pub async fn a_message_told_again_after_its_time_says_nothing<S: Store>((store, clock): Timed<S>) {
    fleeting(&store).await;
    let first = say(&store, TEAM, ANN, "hello").await.message;
    done(&store, edit(10, TEAM, ANN, first.id, "hello!")).await;
    pass(&clock, HOUR);
    let Some(Trace::New(again)) = done(&store, send(TEAM, ANN, "hello")).await.message else {
        panic!("told as new")
    };
    is_stone(&again, at(HOUR.into()));
    is_stone(
        &message_of(done(&store, edit(10, TEAM, ANN, first.id, "hello!")).await),
        at(HOUR.into()),
    );
}

pub async fn what_is_due_comes_in_order_and_in_portions<S: Store>((store, clock): Timed<S>) {
    fleeting(&store).await;
    for n in 0..4 {
        say(&store, TEAM, ANN, &format!("early {n}")).await;
    }
    pass(&clock, 1);
    say(&store, TEAM, ANN, "late").await;
    pass(&clock, HOUR);
    let (mut after, mut all) = (None, Vec::new());
    loop {
        let portion = store.due(clock.now(), after, 2).await.unwrap();
        after = portion.last().copied();
        all.extend(portion);
        if after.is_none() || all.len() > 10 {
            break;
        }
    }
    let key = |due: &Due| (due.at, due.message);
    assert!(all.is_sorted_by_key(key) && all.len() == 5, "{all:?}");
    assert_eq!(store.due(at(HOUR.into()), None, 100).await.unwrap(), all[..4]);
}

pub async fn nothing_of_a_deleted_message_is_due<S: Store>((store, clock): Timed<S>) {
    fleeting(&store).await;
    let id = say(&store, TEAM, ANN, "hello").await.message.id;
    done(&store, delete(10, TEAM, ANN, id)).await;
    pass(&clock, HOUR);
    assert_eq!(due(&store, &clock).await, []);
    assert_eq!(store.message(id).await.unwrap().unwrap().message.deleted_at, Some(NOW));
}
