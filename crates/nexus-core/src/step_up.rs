//! Before something dangerous, whoever holds a session proves once more to be its user.

use std::time::Duration;

use nexus_protocol::{SessionId, StepUp, SteppedUp, Timestamp};

use crate::{Core, Error, Result, accounts, auth::Caller, passkeys, second_factors};

const LASTS: Duration = Duration::from_secs(10 * 60);

/// By password, one-time code, passkey or several; all that is given must be right.
pub async fn step_up(core: &Core, caller: Caller, req: StepUp) -> Result<SteppedUp> {
    if req.password.is_none() && req.totp.is_none() && req.passkey.is_none() {
        return Err(Error::invalid("password", "is missing, and so is every other proof"));
    }
    if let Some(password) = &req.password {
        require_password(core, caller, password).await?;
    }
    if let Some(code) = &req.totp
        && !second_factors::has_code(core, caller, code).await?
    {
        return Err(Error::invalid("totp", "is not a code that is good now"));
    }
    if let Some(used) = &req.passkey
        && !passkeys::proves(core, caller, used).await?
    {
        return Err(Error::invalid("passkey", "does not prove that it is you"));
    }
    Ok(SteppedUp { until: note(core, caller.session).await? })
}

/// Whoever signs in by what can't be guessed has proven enough for a while.
pub(crate) async fn note(core: &Core, session: SessionId) -> Result<Timestamp> {
    let until = core.clock.now().plus(LASTS);
    core.store.note_step_up(session, until).await?;
    Ok(until)
}

/// The password right here, or a step-up some minutes ago.
pub(crate) async fn require(core: &Core, caller: Caller, password: Option<&str>) -> Result<()> {
    match password {
        Some(password) => require_password(core, caller, password).await,
        None => require_recent(core, caller.session).await,
    }
}

/// A step-up some minutes ago.
pub(crate) async fn require_recent(core: &Core, session: SessionId) -> Result<()> {
    match core.store.stepped_up(session, core.clock.now()).await? {
        true => Ok(()),
        false => Err(Error::StepUpRequired),
    }
}

async fn require_password(core: &Core, caller: Caller, password: &str) -> Result<()> {
    match accounts::knows_password(core, caller, password).await? {
        true => Ok(()),
        false => Err(Error::invalid("password", "is not your password")),
    }
}
