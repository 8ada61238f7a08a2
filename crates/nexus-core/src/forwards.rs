//! Passing a message on to other chats.

use std::collections::HashSet;

use nexus_protocol::{ChatId, MessageId, MessageType, MsgQueued, OpId, SendStatus, UserId};

use crate::{
    Core, Error, Result, bonds,
    chats::op,
    limits,
    messages::{may_write, message_id, visible},
    ops::{NewMessage, Op, OpKind},
    slow_mode,
};

const MAX_FORWARDS: usize = 20;

/// Answers those chats whose queue has taken it; where none has, it is an error.
pub async fn forward(
    core: &Core,
    sender: UserId,
    id: MessageId,
    chats: Vec<ChatId>,
) -> Result<Vec<MsgQueued>> {
    let mut seen = HashSet::new();
    let chats: Vec<ChatId> = chats.into_iter().filter(|chat| seen.insert(*chat)).collect();
    if chats.is_empty() || chats.len() > MAX_FORWARDS {
        return Err(Error::invalid("chatIds", "must be 1 to 20 chats"));
    }
    let source = visible(core, sender, id).await?.message;
    if source.deleted_at.is_some() || source.r#type == MessageType::System {
        return Err(Error::Gone("there is nothing to forward".into()));
    }
    let mut slow = Vec::new();
    for chat in &chats {
        let members = may_write(core, *chat, sender).await?;
        bonds::require_open(core, sender, &members).await?;
        slow.extend(slow_mode::pause_of(&members, sender).map(|_| (*chat, members)));
    }
    let cost = u32::try_from(chats.len()).unwrap_or(u32::MAX);
    limits::require(&core.limits, limits::Tier::Send, &sender.to_string(), cost).await?;
    let (mut ops, mut queued, mut refusal) = (Vec::new(), Vec::new(), None);
    for chat_id in chats {
        if let Some((_, members)) = slow.iter().find(|(chat, _)| *chat == chat_id)
            && let Err(too_soon) = slow_mode::reserve(core, chat_id, sender, members).await
        {
            refusal = Some(too_soon);
            continue;
        }
        let client_id = core.ids.uuid().to_string();
        let id = message_id(chat_id, sender, &client_id);
        let new = NewMessage {
            client_id: client_id.clone(),
            content: source.content.clone(),
            reply_to: None,
            forwarded: true,
            mentions: Vec::new(),
        };
        ops.push(Op { id: OpId(id.0), ..op(core, chat_id, sender, OpKind::Send(new)) });
        queued.push(MsgQueued { id, client_id, chat_id, status: SendStatus::Queued });
    }
    let mut taken = Vec::new();
    for (queued, pushed) in queued.into_iter().zip(core.queue.push(ops).await) {
        match pushed {
            Ok(_) => taken.push(queued),
            Err(err) => refusal = Some(err.into()),
        }
    }
    match refusal {
        Some(err) if taken.is_empty() => Err(err),
        _ => Ok(taken),
    }
}
