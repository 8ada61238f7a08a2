//! Replays the journals against the lists. Each promise is one function.

use std::collections::{HashMap, HashSet};

use nexus_protocol::{ChatId, UserId};

use super::{Entry, Journal, Report, Seen, ServerList};

/// Journals of all clients (several of one user are fine), and every chat's list as each of its
/// members gets it.
pub fn check(journals: &[Journal], lists: &[ServerList]) -> Report {
    let mut report = Report::default();
    let ledger = Ledger::of(journals);
    report.sent = ledger.sent.len();
    report.acked = ledger.acked.len();
    for list in lists {
        report.listed += list.messages.len();
        check_list(list, &ledger, &mut report);
    }
    check_settled(&ledger, lists, &mut report);
    check_orders(&ledger, lists, &mut report);
    for journal in journals {
        check_screen(journal, lists, &mut report);
    }
    check_agreement(lists, &mut report);
    report
}

/// Which message: a `clientId` is unique per chat and sender.
type Key<'a> = (ChatId, UserId, &'a str);

struct Ledger<'a> {
    /// With the position among all that its sender wrote in this chat.
    sent: HashMap<Key<'a>, usize>,
    acked: HashSet<Key<'a>>,
    /// Reported failed, and not accepted again after that.
    failed: HashSet<Key<'a>>,
}

impl<'a> Ledger<'a> {
    fn of(journals: &'a [Journal]) -> Ledger<'a> {
        let mut ledger =
            Ledger { sent: HashMap::new(), acked: HashSet::new(), failed: HashSet::new() };
        for journal in journals {
            let mut failed: HashSet<Key<'a>> = HashSet::new();
            for entry in &journal.entries {
                match entry {
                    Entry::Sent { chat, client_id } => {
                        let place = ledger.sent.len();
                        ledger.sent.entry((*chat, journal.user, client_id)).or_insert(place);
                    }
                    Entry::Acked { chat, client_id } => {
                        let message: Key<'_> = (*chat, journal.user, client_id);
                        ledger.acked.insert(message);
                        failed.remove(&message);
                    }
                    Entry::Failed { chat, client_id } => {
                        failed.insert((*chat, journal.user, client_id));
                    }
                    Entry::Seen(_) | Entry::Skipped { .. } | Entry::Left { .. } => {}
                }
            }
            ledger.failed.extend(failed);
        }
        ledger
    }
}

fn key(seen: &Seen) -> Key<'_> {
    (seen.chat, seen.sender, &seen.client_id)
}

fn check_list(list: &ServerList, ledger: &Ledger<'_>, report: &mut Report) {
    let viewer = list.viewer;
    let mut known = HashSet::new();
    for (at, message) in list.messages.iter().enumerate() {
        let place = at as u64 + 1;
        if message.seq != place {
            report.holes.push(format!("{viewer} has seq {} at place {place}", message.seq));
        }
        if !known.insert(key(message)) {
            report.doubled.push(format!("{viewer} is listed {} twice", message.client_id));
        }
        if !message.system && !ledger.sent.contains_key(&key(message)) {
            report
                .foreign
                .push(format!("nobody wrote {} (seq {})", message.client_id, message.seq));
        }
    }
    let chat = list.chat;
    for (_, sender, client_id) in ledger.acked.iter().filter(|(in_chat, ..)| *in_chat == chat) {
        let is_lost = !known.contains(&(chat, *sender, *client_id));
        if is_lost && !ledger.failed.contains(&(chat, *sender, *client_id)) {
            report.acked_lost.push(format!("{client_id} is missing for {viewer}"));
        }
    }
    let unread = list.messages.iter().filter(|message| {
        message.countable && message.sender != viewer && message.seq > list.read_seq
    });
    let unread = unread.count() as u64;
    if unread != list.unread {
        report.unread_wrong.push(format!("{viewer} is told {} instead of {unread}", list.unread));
    }
}

/// Whatever was accepted ends as committed or as failed, never as both: the last word holds.
fn check_settled(ledger: &Ledger<'_>, lists: &[ServerList], report: &mut Report) {
    let committed: HashSet<Key<'_>> =
        lists.iter().flat_map(|list| list.messages.iter().map(key)).collect();
    for message in &ledger.acked {
        match (committed.contains(message), ledger.failed.contains(message)) {
            (true, false) | (false, true) => {}
            (true, true) => report.unsettled.push(format!("{} was sent and failed", message.2)),
            (false, false) => report.unsettled.push(format!("{} never ended", message.2)),
        }
    }
}

fn check_orders(ledger: &Ledger<'_>, lists: &[ServerList], report: &mut Report) {
    for list in lists {
        let mut latest: HashMap<UserId, (usize, &str)> = HashMap::new();
        for message in &list.messages {
            let Some(place) = ledger.sent.get(&key(message)) else { continue };
            let last = latest.entry(message.sender).or_insert((*place, &message.client_id));
            if *place < last.0 {
                report.inversions.push(format!("{} came after {}", message.client_id, last.1));
            } else {
                *last = (*place, &message.client_id);
            }
        }
    }
}

/// A chat as one client shows it.
#[derive(Default)]
struct Screen {
    shown: HashSet<u64>,
    /// Below this nothing needs to be shown.
    from: u64,
}

/// What a client put on its screen: each message once, only of its own chats, as the server has it.
fn check_screen(journal: &Journal, lists: &[ServerList], report: &mut Report) {
    let user = journal.user;
    let listed: HashMap<(ChatId, u64), Key<'_>> = lists
        .iter()
        .flat_map(|list| list.messages.iter().map(|m| ((list.chat, m.seq), key(m))))
        .collect();
    let mut screens: HashMap<ChatId, Screen> = HashMap::new();
    for entry in &journal.entries {
        match entry {
            Entry::Seen(seen) => {
                if !screens.entry(seen.chat).or_default().shown.insert(seen.seq) {
                    report.doubled.push(format!("{user} was shown seq {} twice", seen.seq));
                }
                if listed.get(&(seen.chat, seen.seq)) != Some(&key(seen)) {
                    let Seen { client_id, seq, .. } = seen;
                    report.differing.push(format!("{user} saw {client_id} as seq {seq}"));
                }
            }
            Entry::Skipped { chat, from } => screens.entry(*chat).or_default().from = *from,
            Entry::Left { chat } => drop(screens.remove(chat)),
            Entry::Sent { .. } | Entry::Acked { .. } | Entry::Failed { .. } => {}
        }
    }
    for list in lists.iter().filter(|list| list.viewer == user) {
        let screen = screens.remove(&list.chat).unwrap_or_default();
        let is_missing = |m: &&Seen| m.seq >= screen.from && !screen.shown.contains(&m.seq);
        let missing = list.messages.iter().filter(is_missing).count();
        if missing > 0 {
            report.differing.push(format!("{user} was never shown {missing} of {}", list.chat));
        }
    }
    for (chat, _) in screens.iter().filter(|(_, screen)| !screen.shown.is_empty()) {
        report.foreign.push(format!("{user} is shown {chat}, which is not theirs"));
    }
}

/// All members are listed the same, and only members are listed anything.
fn check_agreement(lists: &[ServerList], report: &mut Report) {
    let mut first: HashMap<ChatId, &ServerList> = HashMap::new();
    for list in lists {
        if !list.members.contains(&list.viewer) {
            report.foreign.push(format!("{} reads a chat they are not in", list.viewer));
        }
        let model = first.entry(list.chat).or_insert(list);
        if model.messages != list.messages {
            report.differing.push(format!("{} and {} are listed other", model.viewer, list.viewer));
        }
    }
}
