//! One-time codes beside the password, and recovery codes for who has lost them.

use aws_lc_rs::digest;
use nexus_protocol::{
    AuditAction, ConfirmWithPassword, RecoveryCodes, TotpCode, TotpSetup, UserId,
};

use crate::{
    Core, Error, Result, accounts,
    auth::{Caller, Origin},
    letters,
    mail::Letter,
    ports::{TokenHash, TotpRecord},
    step_up,
    throttle::{self, Guesser},
    totp,
};

const RECOVERY_CODES: usize = 10;
/// Enough that their hashes need no salt.
const RECOVERY_CODE_BYTES: usize = 10;

/// A secret for an app to make codes with; asked for only once [`enable`]d.
pub async fn set_up(core: &Core, caller: Caller, req: ConfirmWithPassword) -> Result<TotpSetup> {
    step_up::require(core, caller, req.password.as_deref()).await?;
    let user = core.store.user(caller.user).await?.ok_or(Error::Unauthenticated)?;
    let mut secret = [0; totp::SECRET_BYTES];
    core.ids.fill(&mut secret);
    let sealed = core.vault.seal(&*core.ids, &about(caller.user), &secret)?;
    if !core.store.begin_totp(caller.user, &sealed).await? {
        return Err(Error::Conflict("one-time codes are in use already".into()));
    }
    let uri = totp::uri(&core.mail.from.name, &user.username, &secret);
    Ok(TotpSetup { secret: totp::base32(&secret), uri })
}

/// Proves that the app makes the right codes. From now on signing in needs one.
pub async fn enable(core: &Core, caller: Caller, req: TotpCode) -> Result<RecoveryCodes> {
    let begun = core.store.totp(caller.user).await?.filter(|record| record.enabled_at.is_none());
    let record = begun.ok_or(Error::Conflict("set one-time codes up first".into()))?;
    let secret = core.vault.open(&about(caller.user), &record.secret)?;
    let guesser = Guesser::new(&account(caller.user), &caller.session.to_string()).trusted(true);
    let step = throttle::guard(core, &guesser, async {
        Ok(totp::matching_step(&secret, req.code.trim(), core.clock.now()))
    });
    let step = step.await?.ok_or_else(wrong_code)?;
    let (codes, hashes) = new_codes(core, caller.user);
    accounts::note(core, caller.user, AuditAction::TotpChanged, "enabled").await?;
    let now = core.clock.now();
    if !core.store.enable_totp(caller.user, &record.secret, step, &hashes, now).await? {
        return Err(Error::Conflict("set one-time codes up again".into()));
    }
    letters::tell(core, caller.user, Letter::TotpChanged { enabled: true }).await?;
    Ok(RecoveryCodes { codes })
}

pub async fn disable(core: &Core, caller: Caller, req: ConfirmWithPassword) -> Result<()> {
    step_up::require(core, caller, req.password.as_deref()).await?;
    accounts::note(core, caller.user, AuditAction::TotpChanged, "disabled").await?;
    if core.store.disable_totp(caller.user).await? {
        letters::tell(core, caller.user, Letter::TotpChanged { enabled: false }).await?;
    }
    Ok(())
}

/// New recovery codes; the old ones are no good any more.
pub async fn renew_recovery_codes(
    core: &Core,
    caller: Caller,
    req: ConfirmWithPassword,
) -> Result<RecoveryCodes> {
    step_up::require(core, caller, req.password.as_deref()).await?;
    accounts::note(core, caller.user, AuditAction::TotpChanged, "new recovery codes").await?;
    let (codes, hashes) = new_codes(core, caller.user);
    if !core.store.set_recovery_codes(caller.user, &hashes).await? {
        return Err(Error::Conflict("one-time codes are not in use".into()));
    }
    letters::tell(core, caller.user, Letter::RecoveryCodesRenewed).await?;
    Ok(RecoveryCodes { codes })
}

/// At a sign-in, after the password: nothing to do for who has no second factor.
pub(crate) async fn pass(
    core: &Core,
    user: UserId,
    code: Option<&str>,
    origin: &Origin,
) -> Result<()> {
    let in_use = core.store.totp(user).await?.filter(|record| record.enabled_at.is_some());
    let Some(record) = in_use else { return Ok(()) };
    let code = code.ok_or(Error::TotpRequired)?;
    let been_here = core.store.knows_address(user, &origin.address).await?;
    let guesser = Guesser::new(&account(user), &origin.address).trusted(been_here);
    if proves(core, user, &record, code, &guesser).await? { Ok(()) } else { Err(wrong_code()) }
}

/// Of a session that asks for something dangerous.
pub(crate) async fn has_code(core: &Core, caller: Caller, code: &str) -> Result<bool> {
    let in_use = core.store.totp(caller.user).await?.filter(|record| record.enabled_at.is_some());
    let Some(record) = in_use else { return Ok(false) };
    let guesser = Guesser::new(&account(caller.user), &caller.session.to_string()).trusted(true);
    proves(core, caller.user, &record, code, &guesser).await
}

async fn proves(
    core: &Core,
    user: UserId,
    record: &TotpRecord,
    code: &str,
    guesser: &Guesser,
) -> Result<bool> {
    let right = throttle::guard(core, guesser, async {
        let code = code.trim();
        let is_right = match code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
            true => takes_code(core, user, record, code).await?,
            false => takes_recovery_code(core, user, code).await?,
        };
        Ok(is_right.then_some(()))
    });
    Ok(right.await?.is_some())
}

/// Each code once: somebody may have looked over the shoulder.
async fn takes_code(core: &Core, user: UserId, record: &TotpRecord, code: &str) -> Result<bool> {
    let secret = core.vault.open(&about(user), &record.secret)?;
    match totp::matching_step(&secret, code, core.clock.now()) {
        Some(step) => Ok(core.store.use_totp_step(user, step).await?),
        None => Ok(false),
    }
}

async fn takes_recovery_code(core: &Core, user: UserId, code: &str) -> Result<bool> {
    let taken = core.store.take_recovery_code(user, &hash(user, code)).await?;
    if let Some(left) = taken {
        letters::tell(core, user, Letter::RecoveryCodeUsed { left }).await?;
    }
    Ok(taken.is_some())
}

fn new_codes(core: &Core, user: UserId) -> (Vec<String>, Vec<TokenHash>) {
    let codes = std::iter::repeat_with(|| {
        let mut bytes = [0; RECOVERY_CODE_BYTES];
        core.ids.fill(&mut bytes);
        let text = totp::base32(&bytes).to_lowercase();
        let (start, end) = text.split_at(text.len() / 2);
        format!("{start}-{end}")
    });
    codes.take(RECOVERY_CODES).map(|code| (code.clone(), hash(user, &code))).unzip()
}

/// As it is typed: with or without its dash, in capitals, in groups.
fn hash(user: UserId, code: &str) -> TokenHash {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut hash = [0; 32];
    let text = format!("{user} {}", plain.to_ascii_lowercase());
    hash.copy_from_slice(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
    hash
}

fn account(user: UserId) -> String {
    format!("totp {user}")
}

fn about(user: UserId) -> String {
    format!("totp {user}")
}

fn wrong_code() -> Error {
    Error::invalid("totp", "is not a code that is good now")
}
