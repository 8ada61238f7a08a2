use std::collections::HashSet;

use nexus_protocol::{ChatId, UserId};
use uuid::Uuid;

use super::{Entry, Journal, Report, Seen, ServerList, check};

const ANN: UserId = UserId(Uuid::from_u128(1));
const BOB: UserId = UserId(Uuid::from_u128(2));
const EVE: UserId = UserId(Uuid::from_u128(3));
const CHAT: ChatId = ChatId(Uuid::from_u128(10));

/// A run in which nothing went wrong: Ann and Bob wrote three each, by turns, and saw all.
struct Run {
    journals: Vec<Journal>,
    lists: Vec<ServerList>,
}

fn good() -> Run {
    let mut messages = vec![message(1, ANN, "made", true)];
    let mut journals = vec![Journal::new(ANN), Journal::new(BOB)];
    for turn in 0..6 {
        let writer = turn % 2;
        let client_id = format!("m{turn}");
        journals[writer].sent(CHAT, &client_id);
        journals[writer].acked(CHAT, &client_id);
        messages.push(message(turn as u64 + 2, [ANN, BOB][writer], &client_id, false));
    }
    for journal in &mut journals {
        journal.entries.extend(messages.iter().cloned().map(Entry::Seen));
    }
    let members = HashSet::from([ANN, BOB]);
    let list = |viewer, read_seq, unread| ServerList {
        viewer,
        chat: CHAT,
        members: members.clone(),
        messages: messages.clone(),
        read_seq,
        unread,
    };
    let lists = vec![list(ANN, 7, 0), list(BOB, 2, 2)];
    Run { journals, lists }
}

fn message(seq: u64, sender: UserId, client_id: &str, system: bool) -> Seen {
    let client_id = client_id.to_owned();
    Seen { chat: CHAT, seq, sender, client_id, system, countable: !system }
}

/// Spoils the good run and answers what the checker says.
fn spoiled(spoil: impl FnOnce(&mut Run)) -> Report {
    let mut run = good();
    spoil(&mut run);
    check(&run.journals, &run.lists)
}

#[test]
fn a_good_run_is_clean() {
    let report = spoiled(|_| {});
    assert!(report.is_clean(), "{report}");
    assert_eq!((report.sent, report.acked, report.listed), (6, 6, 14));
}

#[test]
fn a_lost_message_is_objected_to() {
    let report = spoiled(|run| {
        for list in &mut run.lists {
            list.messages.pop();
        }
    });
    assert_eq!(report.acked_lost.len(), 2, "{report}");
    assert_eq!(report.unsettled.len(), 1, "{report}");
}

#[test]
fn a_message_one_member_lacks_is_objected_to() {
    let report = spoiled(|run| {
        run.lists[1].messages.pop();
    });
    assert_eq!((report.acked_lost.len(), report.unsettled.len()), (1, 0), "{report}");
    assert!(!report.differing.is_empty(), "{report}");
}

#[test]
fn a_doubled_message_is_objected_to() {
    let report = spoiled(|run| {
        for list in &mut run.lists {
            let mut twin = list.messages[3].clone();
            twin.seq = list.messages.len() as u64 + 1;
            list.messages.push(twin);
        }
    });
    assert_eq!(report.doubled.len(), 2, "{report}");
}

#[test]
fn a_message_shown_twice_is_objected_to() {
    let report = spoiled(|run| {
        let twin = run.journals[0].entries.last().unwrap().clone();
        run.journals[0].entries.push(twin);
    });
    assert_eq!(report.doubled.len(), 1, "{report}");
}

#[test]
fn a_swap_is_objected_to() {
    let report = spoiled(|run| {
        for list in &mut run.lists {
            let (first, second) = (list.messages[1].seq, list.messages[3].seq);
            list.messages.swap(1, 3);
            list.messages[1].seq = first;
            list.messages[3].seq = second;
        }
    });
    assert_eq!(report.inversions.len(), 2, "{report}");
}

#[test]
fn a_hole_is_objected_to() {
    let report = spoiled(|run| {
        for list in &mut run.lists {
            list.messages.last_mut().unwrap().seq += 1;
        }
    });
    assert_eq!(report.holes.len(), 2, "{report}");
}

#[test]
fn a_wrong_unread_is_objected_to() {
    let report = spoiled(|run| run.lists[1].unread = 3);
    assert_eq!(report.unread_wrong.len(), 1, "{report}");
}

#[test]
fn what_a_stranger_sees_is_objected_to() {
    let report = spoiled(|run| {
        let seen = run.journals[0].entries.last().unwrap().clone();
        run.journals.push(Journal { user: EVE, entries: vec![seen] });
    });
    assert_eq!(report.foreign.len(), 1, "{report}");
}

#[test]
fn a_message_nobody_wrote_is_objected_to() {
    let report = spoiled(|run| {
        for list in &mut run.lists {
            let seq = list.messages.len() as u64 + 1;
            list.messages.push(message(seq, BOB, "invented", false));
        }
    });
    assert_eq!(report.foreign.len(), 2, "{report}");
}

#[test]
fn sent_and_failed_at_once_is_objected_to() {
    let report = spoiled(|run| run.journals[0].failed(CHAT, "m0"));
    assert_eq!(report.unsettled.len(), 1, "{report}");
}

#[test]
fn what_was_accepted_again_after_its_failure_must_be_committed() {
    let again = |run: &mut Run| {
        run.journals[0].failed(CHAT, "m0");
        run.journals[0].acked(CHAT, "m0");
    };
    let report = spoiled(again);
    assert!(report.is_clean(), "{report}");
    let report = spoiled(|run| {
        again(run);
        run.journals[0].failed(CHAT, "m0");
    });
    assert_eq!(report.unsettled.len(), 1, "{report}");
    let report = spoiled(|run| {
        run.journals[0].sent(CHAT, "m6");
        run.journals[0].acked(CHAT, "m6");
        run.journals[0].failed(CHAT, "m6");
        run.journals[0].acked(CHAT, "m6");
    });
    assert_eq!((report.acked_lost.len(), report.unsettled.len()), (2, 1), "{report}");
}

#[test]
fn a_screen_that_misses_one_is_objected_to() {
    let report = spoiled(|run| {
        run.journals[1].entries.pop();
    });
    assert_eq!(report.differing.len(), 1, "{report}");
}

#[test]
fn what_a_snapshot_left_out_need_not_be_shown() {
    let leaving_out = |from| {
        move |run: &mut Run| {
            run.journals[1].entries.retain(|entry| !matches!(entry, Entry::Seen(m) if m.seq < 4));
            run.journals[1].skipped(CHAT, from);
        }
    };
    let report = spoiled(leaving_out(4));
    assert!(report.is_clean(), "{report}");
    let report = spoiled(leaving_out(3));
    assert_eq!(report.differing.len(), 1, "{report}");
}

#[test]
fn who_leaves_and_comes_back_is_shown_all_again() {
    let report = spoiled(|run| {
        let seen = run.journals[1].entries.split_off(3);
        run.journals[1].entries.extend(seen.clone());
        run.journals[1].left(CHAT);
        run.journals[1].entries.extend(seen);
    });
    assert!(report.is_clean(), "{report}");
    let report = spoiled(|run| run.journals[1].left(CHAT));
    assert_eq!(report.differing.len(), 1, "{report}");
}

#[test]
fn who_left_for_good_keeps_nothing_on_the_screen() {
    let gone = |run: &mut Run| drop(run.lists.pop());
    let report = spoiled(gone);
    assert_eq!(report.foreign.len(), 1, "{report}");
    let report = spoiled(|run| {
        gone(run);
        run.journals[1].left(CHAT);
    });
    assert!(report.is_clean(), "{report}");
}
