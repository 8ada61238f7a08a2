//! Addresses that letters are not sent to any more: those that bounce get nothing at all, and who
//! calls letters spam, or wants none, gets those only that an account can't do without.

use nexus_protocol::{AuditAction, AuditTarget, SuppressionReason, Timestamp};
use serde_json::json;

use crate::{
    Core, Error, Result, audit,
    mail::Letter,
    ports::{Suppression, UserRecord},
    staff::Order,
};

/// What a mail server says may be long.
const MAX_DETAIL_CHARS: usize = 300;

/// Why this letter is not to be sent to this address, if it is not.
pub(crate) async fn reason_against(
    core: &Core,
    address: &str,
    letter: &Letter,
) -> Result<Option<SuppressionReason>> {
    let found = core.store.suppression(&address.to_lowercase()).await?;
    let reason = found.map(|found| found.reason);
    Ok(reason.filter(|reason| *reason == SuppressionReason::Bounce || letter.is_dispensable()))
}

/// Why letters don't reach a user, as they are told.
pub(crate) async fn of_user(core: &Core, user: &UserRecord) -> Result<Option<SuppressionReason>> {
    Ok(core.store.suppression(&user.email).await?.map(|found| found.reason))
}

pub(crate) async fn suppress(
    core: &Core,
    address: &str,
    reason: SuppressionReason,
    detail: &str,
    at: Timestamp,
) -> Result<()> {
    let detail = detail.chars().filter(|c| !c.is_control()).take(MAX_DETAIL_CHARS).collect();
    let new = Suppression { address: address.to_lowercase(), reason, detail, at };
    if core.store.suppress(&new).await? {
        tracing::info!(reason = reason.as_str(), detail = new.detail, "an address is suppressed");
    }
    Ok(())
}

/// By `nexus admin`.
pub async fn lift_by_operator(order: &Order<'_>, address: &str) -> Result<()> {
    let address = address.trim().to_lowercase();
    let known = order.store.suppression(&address).await?;
    let known = known.ok_or(Error::NotFound("suppression"))?;
    let user = order.store.credentials(&address).await?.map(|known| known.user_id);
    let (action, target) = (AuditAction::SuppressionLifted, user.map(AuditTarget::user));
    // The log outlives accounts: where there is one, it stands for its address.
    let named = user.is_none().then_some(&address);
    let detail = json!({ "reason": known.reason, "address": named });
    audit::note_in(order.store, order.at, order.actor, action, target, detail).await?;
    order.store.lift_suppression(&address).await?;
    Ok(())
}

/// Somebody has answered a letter to it.
pub(crate) async fn lift(core: &Core, address: &str) -> Result<()> {
    core.store.lift_suppression(&address.to_lowercase()).await?;
    Ok(())
}
