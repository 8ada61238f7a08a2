//! `MessageStore::commit`: numbers, order, repeats.

use nexus_protocol::{ErrorCode, MessageId, RemovalReason, Role, SystemEvent};

use super::fixture::*;
use crate::{
    ops::OpKind,
    ports::{Outcome, Page, Store, Trace},
};

#[macro_export]
macro_rules! commit_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, commit:
            numbers_of_a_chat_have_no_gaps
            each_chat_counts_alone
            a_batch_is_carried_out_in_its_order
            outcomes_come_in_the_order_of_the_ops
            a_rejected_op_uses_up_no_number
            a_message_keeps_everything_it_was_sent_with
            a_repeated_batch_changes_nothing_and_tells_it_again
            a_repeated_end_of_a_batch_adds_only_what_is_missing
            a_repeat_after_other_ops_changes_nothing
            a_repeated_message_is_told_as_it_is_now
            a_repeat_stands_although_its_sender_has_left
            a_repeated_edit_of_a_message_since_deleted_is_done
            a_reaction_put_and_taken_back_is_not_put_again
            two_commits_at_once_get_different_numbers
            the_same_message_sent_twice_at_once_is_stored_once
            an_edit_raises_the_rev_of_its_message_alone
            a_reaction_is_kept_in_order_of_use
            a_pin_is_set_and_taken_off
            a_deleted_message_leaves_nothing_of_its_text
            a_stranger_is_told_there_is_no_chat
            an_op_on_a_message_of_another_chat_is_refused
            a_deleted_chat_leaves_nothing
            the_last_to_leave_deletes_the_chat
            title_and_about_change_with_a_system_message
            an_empty_batch_is_nothing
            what_an_op_has_done_is_known_afterwards
        );
    };
}

pub async fn numbers_of_a_chat_have_no_gaps(store: impl Store) {
    team(&store).await;
    let first = say(&store, TEAM, ANN, "one").await;
    say(&store, TEAM, BOB, "two").await;
    done(&store, edit(10, TEAM, ANN, first.message.id, "one!")).await;
    done(&store, react(11, TEAM, CAT, first.message.id, true)).await;
    say(&store, TEAM, CAT, "three").await;
    let messages = all(&store, TEAM, ANN).await;
    assert_eq!(seqs(&messages), [1, 2, 3, 4], "the first is the system message of the group");
    let mut revs: Vec<u64> = messages.iter().map(|stored| stored.message.rev).collect();
    revs.sort_unstable();
    assert_eq!(revs, [1, 3, 5, 6], "2 and 4 were overtaken by 5");
    let chat = store.chat(TEAM).await.unwrap().unwrap();
    assert_eq!((chat.last_seq, chat.last_rev), (4, 6));
}

pub async fn each_chat_counts_alone(store: impl Store) {
    team(&store).await;
    done(&store, create(2, OTHER, ANYBODY, &[])).await;
    let outcomes =
        store.commit(&[send(TEAM, ANN, "a"), send(OTHER, ANN, "b"), send(TEAM, ANN, "c")]).await;
    let seqs: Vec<u64> = outcomes.unwrap().into_iter().map(seq).collect();
    assert_eq!(seqs, [2, 2, 3]);
}

pub async fn a_batch_is_carried_out_in_its_order(store: impl Store) {
    team(&store).await;
    let ops: Vec<_> = (0..100).map(|n| send(TEAM, ANN, &format!("message {n}"))).collect();
    store.commit(&ops).await.unwrap();
    let messages = all(&store, TEAM, BOB).await;
    for (n, stored) in messages.iter().skip(1).enumerate() {
        assert_eq!(stored.message.content, format!("message {n}"));
        assert_eq!(stored.message.seq, n as u64 + 2);
        assert_eq!(stored.message.rev, n as u64 + 2);
    }
}

pub async fn outcomes_come_in_the_order_of_the_ops(store: impl Store) {
    team(&store).await;
    let outcomes = store
        .commit(&[send(TEAM, ANN, "a"), send(TEAM, EVE, "spam"), send(TEAM, BOB, "b")])
        .await
        .unwrap();
    assert!(matches!(&outcomes[0], Outcome::Done(_)));
    assert!(matches!(&outcomes[1], Outcome::Rejected(_)));
    assert!(matches!(&outcomes[2], Outcome::Done(_)));
}

pub async fn a_rejected_op_uses_up_no_number(store: impl Store) {
    team(&store).await;
    rejected(&store, send(TEAM, EVE, "spam")).await;
    assert_eq!(say(&store, TEAM, ANN, "hello").await.message.seq, 2);
}

pub async fn a_message_keeps_everything_it_was_sent_with(store: impl Store) {
    team(&store).await;
    let quoted = say(&store, TEAM, ANN, "a question").await;
    let mut op = mentioning(TEAM, BOB, "an *answer*\n😀", &[ANN, CAT]);
    let OpKind::Send(new) = &mut op.kind else { panic!("a message") };
    new.forwarded = true;
    new.reply_to = Some(nexus_protocol::ReplyTo {
        id: quoted.message.id,
        sender_id: ANN,
        seq: Some(quoted.message.seq),
        preview: "a question".to_owned(),
        expires_at: None,
    });
    let (wanted, id) = (new.clone(), op.message());
    let sent = message_of(done(&store, op).await);
    assert_eq!(store.message(id).await.unwrap().unwrap(), sent, "stored as it was told");
    let message = sent.message;
    assert_eq!(message.client_id, wanted.client_id);
    assert_eq!(message.content, wanted.content);
    assert_eq!(message.reply_to, wanted.reply_to);
    assert_eq!((message.mentions, message.forwarded), (wanted.mentions, true));
    assert_eq!((message.sender_id, message.chat_id, message.created_at), (BOB, TEAM, NOW));
    assert_eq!(sent.queued_at, NOW);
}

pub async fn a_repeated_batch_changes_nothing_and_tells_it_again(store: impl Store) {
    people(&store).await;
    let batch = [
        create(1, TEAM, ANYBODY, &[BOB]),
        send(TEAM, ANN, "hello"),
        op(2, TEAM, ANN, OpKind::AddMembers { users: vec![CAT] }),
        op(3, TEAM, ANN, OpKind::RemoveMember { user: BOB }),
        op(4, TEAM, ANN, OpKind::SetTitle { title: "Us".to_owned() }),
        op(5, TEAM, ANN, OpKind::ChangeRole { user: CAT, role: Role::Admin }),
    ];
    let first = store.commit(&batch).await.unwrap();
    let chat = store.chat(TEAM).await.unwrap();
    let again = store.commit(&batch).await.unwrap();
    assert_eq!(store.chat(TEAM).await.unwrap(), chat);
    let mut expected = first;
    let Outcome::Done(created) = &mut expected[0] else { panic!("created") };
    assert_eq!(created.joined, [ANN, BOB]);
    created.joined.retain(|user| *user != BOB);
    for (expected, again) in expected.iter().zip(&again) {
        let (Outcome::Done(expected), Outcome::Done(again)) = (expected, again) else {
            panic!("{expected:?} became {again:?}")
        };
        assert_eq!(expected.message, again.message, "told again as new");
        assert_eq!((&expected.joined, &expected.left), (&again.joined, &again.left));
    }
    let Outcome::Done(removed) = &again[3] else { panic!("removed") };
    assert_eq!(removed.left, [(BOB, RemovalReason::Removed)]);
}

pub async fn a_repeated_end_of_a_batch_adds_only_what_is_missing(store: impl Store) {
    team(&store).await;
    let batch: Vec<_> = (0..6).map(|n| send(TEAM, BOB, &format!("m{n}"))).collect();
    store.commit(&batch[..4]).await.unwrap();
    let outcomes = store.commit(&batch[2..]).await.unwrap();
    assert_eq!(outcomes.into_iter().map(seq).collect::<Vec<_>>(), [4, 5, 6, 7]);
    assert_eq!(texts(&all(&store, TEAM, ANN).await)[1..], ["m0", "m1", "m2", "m3", "m4", "m5"]);
}

pub async fn a_repeat_after_other_ops_changes_nothing(store: impl Store) {
    team(&store).await;
    let op = send(TEAM, ANN, "once");
    let first = done(&store, op.clone()).await;
    say(&store, TEAM, BOB, "between").await;
    assert_eq!(done(&store, op).await, first);
    assert_eq!(all(&store, TEAM, ANN).await.len(), 3);
}

pub async fn a_repeated_message_is_told_as_it_is_now(store: impl Store) {
    team(&store).await;
    let op = send(TEAM, ANN, "teh");
    let id = op.message();
    done(&store, op.clone()).await;
    done(&store, edit(10, TEAM, ANN, id, "the")).await;
    let again = done(&store, op).await;
    assert!(matches!(again.message, Some(Trace::New(_))));
    assert_eq!(message_of(again).message.content, "the");
}

pub async fn a_repeat_stands_although_its_sender_has_left(store: impl Store) {
    team(&store).await;
    let op_of_bob = send(TEAM, BOB, "bye");
    let first = done(&store, op_of_bob.clone()).await;
    done(&store, op(10, TEAM, BOB, OpKind::Leave)).await;
    assert_eq!(done(&store, op_of_bob).await, first);
    let left = done(&store, op(10, TEAM, BOB, OpKind::Leave)).await;
    assert_eq!(left.left, [(BOB, RemovalReason::Left)]);
}

pub async fn a_repeated_edit_of_a_message_since_deleted_is_done(store: impl Store) {
    team(&store).await;
    let id = say(&store, TEAM, ANN, "teh").await.message.id;
    let batch = [edit(10, TEAM, ANN, id, "the"), delete(11, TEAM, ANN, id)];
    store.commit(&batch).await.unwrap();
    let chat = store.chat(TEAM).await.unwrap();
    for outcome in store.commit(&batch).await.unwrap() {
        let Outcome::Done(done) = outcome else { panic!("it was done before: {outcome:?}") };
        assert!(matches!(done.message, Some(Trace::Updated(_))));
    }
    assert_eq!(store.chat(TEAM).await.unwrap(), chat);
}

pub async fn a_reaction_put_and_taken_back_is_not_put_again(store: impl Store) {
    team(&store).await;
    let id = say(&store, TEAM, ANN, "news").await.message.id;
    let batch = [
        react(10, TEAM, BOB, id, true),
        react(11, TEAM, BOB, id, false),
        op(12, TEAM, BOB, OpKind::Pin { message: id, on: true }),
        op(13, TEAM, BOB, OpKind::Pin { message: id, on: false }),
    ];
    store.commit(&batch).await.unwrap();
    let before = (store.chat(TEAM).await.unwrap(), store.message(id).await.unwrap());
    store.commit(&batch).await.unwrap();
    store.commit(&batch[..1]).await.unwrap();
    assert_eq!((store.chat(TEAM).await.unwrap(), store.message(id).await.unwrap()), before);
}

pub async fn two_commits_at_once_get_different_numbers(store: impl Store) {
    team(&store).await;
    let (a, b) = ([send(TEAM, ANN, "a")], [send(TEAM, BOB, "b")]);
    let (a, b) = tokio::join!(store.commit(&a), store.commit(&b));
    let mut seqs = [seq(a.unwrap().remove(0)), seq(b.unwrap().remove(0))];
    seqs.sort_unstable();
    assert_eq!(seqs, [2, 3]);
}

pub async fn the_same_message_sent_twice_at_once_is_stored_once(store: impl Store) {
    team(&store).await;
    let op = [send(TEAM, ANN, "a")];
    let (one, other) = tokio::join!(store.commit(&op), store.commit(&op));
    assert_eq!(one.unwrap(), other.unwrap());
    assert_eq!(all(&store, TEAM, ANN).await.len(), 2);
}

pub async fn an_edit_raises_the_rev_of_its_message_alone(store: impl Store) {
    team(&store).await;
    let sent = say(&store, TEAM, ANN, "teh").await.message;
    say(&store, TEAM, BOB, "reply").await;
    let mut change = edit(10, TEAM, ANN, sent.id, "the");
    change.queued_at = at(60);
    let edited = done(&store, change).await;
    assert!(matches!(edited.message, Some(Trace::Updated(_))));
    let message = store.message(sent.id).await.unwrap().unwrap().message;
    assert_eq!((message.seq, message.rev), (sent.seq, 4));
    assert_eq!((message.content.as_str(), message.edited_at), ("the", Some(at(60))));
    let history: Vec<_> = store.edits(sent.id).await.unwrap();
    let history: Vec<_> = history.iter().map(|e| (e.content.as_str(), e.written_at)).collect();
    assert_eq!(history, [("teh", NOW), ("the", at(60))]);
    rejected(&store, edit(11, TEAM, BOB, sent.id, "no")).await;
}

pub async fn a_reaction_is_kept_in_order_of_use(store: impl Store) {
    team(&store).await;
    let id = say(&store, TEAM, ANN, "news").await.message.id;
    let heart =
        |n, who, on| op(n, TEAM, who, OpKind::React { message: id, emoji: "❤️".to_owned(), on });
    store
        .commit(&[react(10, TEAM, CAT, id, true), heart(11, BOB, true), heart(12, ANN, true)])
        .await
        .unwrap();
    done(&store, react(13, TEAM, ANN, id, true)).await;
    let stored = store.message(id).await.unwrap().unwrap();
    let expected = [("👍".to_owned(), vec![CAT, ANN]), ("❤️".to_owned(), vec![BOB, ANN])];
    assert_eq!(stored.reactors, expected);
    store.commit(&[heart(14, BOB, false), heart(15, ANN, false)]).await.unwrap();
    assert_eq!(store.message(id).await.unwrap().unwrap().reactors, expected[..1]);
}

pub async fn a_pin_is_set_and_taken_off(store: impl Store) {
    team(&store).await;
    let id = say(&store, TEAM, ANN, "news").await.message.id;
    let pin = |n, on| op(n, TEAM, BOB, OpKind::Pin { message: id, on });
    done(&store, pin(10, true)).await;
    assert!(store.message(id).await.unwrap().unwrap().message.pinned_at.is_some());
    done(&store, pin(11, false)).await;
    assert!(store.message(id).await.unwrap().unwrap().message.pinned_at.is_none());
}

pub async fn a_deleted_message_leaves_nothing_of_its_text(store: impl Store) {
    team(&store).await;
    let sent = message_of(done(&store, mentioning(TEAM, ANN, "secret", &[BOB])).await).message;
    store
        .commit(&[
            edit(10, TEAM, ANN, sent.id, "very secret"),
            react(11, TEAM, BOB, sent.id, true),
            delete(12, TEAM, ANN, sent.id),
        ])
        .await
        .unwrap();
    let stone = store.message(sent.id).await.unwrap().unwrap();
    assert_eq!((stone.message.seq, stone.message.rev), (sent.seq, 5));
    assert!(stone.message.deleted_at.is_some());
    assert!(stone.message.content.is_empty() && stone.message.mentions.is_empty());
    assert!(stone.reactors.is_empty());
    assert!(store.edits(sent.id).await.unwrap().is_empty());
    assert_eq!(view(&store, BOB, TEAM).await.mentions, 0);
    assert_eq!(rejected(&store, edit(13, TEAM, ANN, sent.id, "x")).await.code, ErrorCode::Gone);
    let page = all(&store, TEAM, BOB).await;
    assert_eq!(page.last().unwrap(), &stone, "the stone stays in its place");
}

pub async fn a_stranger_is_told_there_is_no_chat(store: impl Store) {
    team(&store).await;
    let there = rejected(&store, send(TEAM, DAN, "hi")).await;
    let not_there = rejected(&store, send(OTHER, DAN, "hi")).await;
    assert_eq!(there, not_there);
    assert_eq!(there.code, ErrorCode::NotFound);
}

pub async fn an_op_on_a_message_of_another_chat_is_refused(store: impl Store) {
    team(&store).await;
    done(&store, create(2, OTHER, ANYBODY, &[])).await;
    let id = say(&store, TEAM, ANN, "here").await.message.id;
    assert_eq!(rejected(&store, edit(10, OTHER, ANN, id, "x")).await.code, ErrorCode::NotFound);
    assert_eq!(rejected(&store, delete(11, OTHER, ANN, id)).await.code, ErrorCode::NotFound);
}

pub async fn a_deleted_chat_leaves_nothing(store: impl Store) {
    team(&store).await;
    let id = say(&store, TEAM, BOB, "hello").await.message.id;
    store.set_star(BOB, id, true, NOW).await.unwrap();
    store.index_messages(100).await.unwrap();
    let deletion = op(10, TEAM, ANN, OpKind::DeleteChat);
    let mut gone = done(&store, deletion.clone()).await;
    gone.left.sort_unstable_by_key(|(user, _)| *user);
    let deleted = RemovalReason::Deleted;
    assert_eq!(gone.left, [(ANN, deleted), (BOB, deleted), (CAT, deleted)]);
    assert!(store.chat(TEAM).await.unwrap().is_none());
    assert!(store.message(id).await.unwrap().is_none());
    assert!(store.role(TEAM, BOB).await.unwrap().is_none());
    assert!(store.page(TEAM, BOB, Page::After(0), 10).await.unwrap().is_empty());
    assert!(store.starred(BOB, None, 10).await.unwrap().is_empty());
    assert!(store.chat_revs(BOB).await.unwrap().is_empty());
    assert!(super::search::found(&store, BOB, "hello").await.is_empty());
    done(&store, deletion).await;
}

pub async fn the_last_to_leave_deletes_the_chat(store: impl Store) {
    people(&store).await;
    done(&store, create(1, TEAM, ANYBODY, &[])).await;
    let leave = op(10, TEAM, ANN, OpKind::Leave);
    let left = done(&store, leave.clone()).await;
    assert_eq!(left.left, [(ANN, RemovalReason::Left)]);
    assert!(store.chat(TEAM).await.unwrap().is_none());
    done(&store, leave).await;
}

pub async fn title_and_about_change_with_a_system_message(store: impl Store) {
    team(&store).await;
    let retitle = op(10, TEAM, BOB, OpKind::SetTitle { title: "Us".to_owned() });
    let changed = done(&store, retitle).await;
    assert!(changed.chat_changed);
    let message = message_of(changed).message;
    assert_eq!(message.system, Some(SystemEvent::TitleChanged { title: "Us".to_owned() }));
    assert_eq!((message.seq, message.rev, message.sender_id), (2, 2, BOB));
    let about = OpKind::SetAbout { about: "All of us".to_owned() };
    assert!(done(&store, op(11, TEAM, BOB, about.clone())).await.chat_changed);
    assert_eq!(done(&store, op(12, TEAM, BOB, about)).await, crate::ports::Done::default());
    let chat = store.chat(TEAM).await.unwrap().unwrap();
    assert_eq!((chat.title.as_str(), chat.about.as_str()), ("Us", "All of us"));
    assert_eq!(chat.last_seq, 3);
}

pub async fn an_empty_batch_is_nothing(store: impl Store) {
    assert!(store.commit(&[]).await.unwrap().is_empty());
}

fn seq(outcome: Outcome) -> u64 {
    match outcome {
        Outcome::Done(done) => message_of(done).message.seq,
        Outcome::Rejected(rejection) => panic!("rejected: {rejection:?}"),
    }
}

pub async fn what_an_op_has_done_is_known_afterwards(store: impl Store) {
    team(&store).await;
    let new = send(TEAM, ANN, "hello");
    let change = edit(10, TEAM, ANN, MessageId(new.id.0), "changed");
    let thumb = react(11, TEAM, BOB, MessageId(new.id.0), true);
    let refused = edit(12, TEAM, BOB, MessageId(new.id.0), "not his");
    for op in [&new, &change, &thumb, &refused] {
        assert!(!store.was_committed(op.id).await.unwrap(), "{op:?}");
        store.commit(std::slice::from_ref(op)).await.unwrap();
    }
    for op in [&new, &change, &thumb] {
        assert!(store.was_committed(op.id).await.unwrap(), "{op:?}");
    }
    assert!(!store.was_committed(refused.id).await.unwrap());
}
