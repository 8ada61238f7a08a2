//! What others must hear of an op that was carried out.

use nexus_protocol::{RemovalReason, SystemEvent, UserId};

use super::{ChatState, MemberChange, MessageWrite, Op, OpKind, Write};
use crate::ports::{Done, StoredMessage, Trace};

/// Of one that is carried out now. `present` are the members, where the chat is deleted.
pub fn done(write: Write, present: &[UserId]) -> Done {
    let mut done = Done::default();
    for (user, change) in &write.members {
        match change {
            MemberChange::Join { .. } => done.joined.push(*user),
            MemberChange::Leave(reason) => done.left.push((*user, *reason)),
            MemberChange::Role(_) => {}
        }
    }
    if write.delete_chat {
        let rest: Vec<UserId> =
            present.iter().filter(|user| !left(&done, **user)).copied().collect();
        done.left.extend(rest.into_iter().map(|user| (user, RemovalReason::Deleted)));
    } else {
        done.chat_changed = !write.members.is_empty() || !write.chat.is_empty();
    }
    done.message = write.message.map(|message| match message {
        MessageWrite::Insert(message) => Trace::New(message),
        MessageWrite::Replace { message, .. } => Trace::Updated(message),
    });
    done
}

/// Of one that was carried out before, or that found nothing to do. Told again because the first
/// try may have died before it was broadcast; who joined or left only as far as it is still so.
pub fn done_before<S: ChatState>(
    op: &Op,
    message: Option<StoredMessage>,
    state: &mut S,
) -> Result<Done, S::Error> {
    let Some(message) = message.map(Box::new) else { return Ok(Done::default()) };
    let mut done = Done::default();
    match &message.message.system {
        Some(SystemEvent::GroupCreated { .. }) => {
            done.joined.push(message.message.sender_id);
            if let OpKind::CreateGroup { members, .. } = &op.kind {
                let others = members.iter().filter(|user| **user != op.actor);
                done.joined.extend(others);
            }
        }
        Some(SystemEvent::MembersAdded { user_ids }) => done.joined.clone_from(user_ids),
        Some(SystemEvent::MemberJoined { user_id, .. }) => done.joined.push(*user_id),
        Some(SystemEvent::MemberRemoved { user_id }) => {
            done.left.push((*user_id, RemovalReason::Removed));
        }
        Some(SystemEvent::MemberLeft { user_id, .. }) => {
            done.left.push((*user_id, RemovalReason::Left));
        }
        _ => {}
    }
    done.joined = still(done.joined, |user| Ok(state.role(*user)?.is_some()))?;
    done.left = still(done.left, |(user, _)| Ok(state.role(*user)?.is_none()))?;
    done.chat_changed = message.message.system.is_some();
    done.message = Some(if made_by_this(op, &message) {
        Trace::New(message)
    } else {
        Trace::Updated(message)
    });
    Ok(done)
}

fn made_by_this(op: &Op, message: &StoredMessage) -> bool {
    message.message.id.0 == op.id.0
}

fn left(done: &Done, user: UserId) -> bool {
    done.left.iter().any(|(gone, _)| *gone == user)
}

fn still<T, E>(things: Vec<T>, mut is_so: impl FnMut(&T) -> Result<bool, E>) -> Result<Vec<T>, E> {
    let mut kept = Vec::new();
    for thing in things {
        if is_so(&thing)? {
            kept.push(thing);
        }
    }
    Ok(kept)
}
