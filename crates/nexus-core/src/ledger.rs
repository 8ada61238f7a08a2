//! What became of a message, stage by stage.

use nexus_protocol::{LedgerEntry, MessageId, MessageReceipt, OpId, UserId};

use crate::{Core, Error, Result, messages::require_left, ports::StoredMessage, receipts};

/// Each stage of a message's way, for its sender alone.
pub async fn of_message(core: &Core, sender: UserId, id: MessageId) -> Result<Vec<LedgerEntry>> {
    if let Some(stored) = core.store.message(id).await? {
        return of_committed(core, sender, &stored).await;
    }
    if let Some(waiting) = core.queue.queued(OpId(id.0)).await? {
        if waiting.op.actor != sender {
            return Err(Error::NotFound("message"));
        }
        let mut ledger = vec![LedgerEntry::Queued { at: waiting.op.queued_at }];
        if let (Some(error), Some(at)) = (waiting.last_error, waiting.last_tried_at) {
            ledger.push(LedgerEntry::Retrying { at, attempt: waiting.attempts, error });
        }
        return Ok(ledger);
    }
    let letter = core.queue.dead_letter(OpId(id.0)).await?;
    let letter =
        letter.filter(|letter| letter.op.actor == sender).ok_or(Error::NotFound("message"))?;
    let error = letter.op.failed(&letter.rejection).error;
    Ok(vec![
        LedgerEntry::Queued { at: letter.op.queued_at },
        LedgerEntry::Failed { at: letter.died_at, error },
    ])
}

async fn of_committed(
    core: &Core,
    sender: UserId,
    stored: &StoredMessage,
) -> Result<Vec<LedgerEntry>> {
    let message = &stored.message;
    if message.sender_id != sender || core.store.role(message.chat_id, sender).await?.is_none() {
        return Err(Error::NotFound("message"));
    }
    require_left(message)?;
    let mut ledger = vec![
        LedgerEntry::Queued { at: stored.queued_at },
        LedgerEntry::Committed { at: stored.committed_at, seq: message.seq },
    ];
    let are_kept = core.retention.has_receipts(stored.committed_at, core.clock.now());
    let receipts = match are_kept {
        true => receipts::of_message(core, sender, message).await?,
        false => Vec::new(),
    };
    let mut seen = Vec::new();
    for MessageReceipt { user_id, delivered_at, read_at } in receipts {
        seen.extend(delivered_at.map(|at| (at, LedgerEntry::Delivered { at, user_id })));
        seen.extend(read_at.map(|at| (at, LedgerEntry::Read { at, user_id })));
    }
    seen.sort_by_key(|(at, _)| *at);
    ledger.extend(seen.into_iter().map(|(_, entry)| entry));
    Ok(ledger)
}
