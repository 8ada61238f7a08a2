//! Passkeys: keys that an authenticator holds for somebody, and uses only after it has made sure who
//! is there. One stands for both password and second factor.

use std::time::Duration;

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use nexus_protocol::{
    AddPasskey, AuditAction, AuthenticatorSelection, ConfirmWithPassword, Passkey,
    PasskeyAlgorithm, PasskeyCreation, PasskeyCreationOptions, PasskeyDescriptor, PasskeyId,
    PasskeyLogin, PasskeyRequest, PasskeyRequestOptions, PasskeyUser, RenamePasskey,
    UsedCredential, UserId,
};

use crate::{
    Core, Error, Result, accounts,
    auth::{self, Caller, Grant, Origin},
    bans, letters,
    mail::Letter,
    ports::{Ceremony, CeremonyKind, PasskeyRecord, PasskeyUse, TokenHash},
    step_up,
    validate::Findings,
    ways_in,
    webauthn::{ALGORITHMS, Asked, Flaw, RelyingParty},
};

const LASTS: Duration = Duration::from_secs(5 * 60);
const MOST: usize = 20;
const MAX_NAME_CHARS: usize = 64;
/// Words of browsers for ways to an authenticator.
const TRANSPORTS: [&str; 6] = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"];
const KIND: &str = "public-key";

/// What a browser needs to have a passkey made. It is one more way into the account, so it takes a
/// proof that it is the owner who adds it.
pub async fn start_adding(
    core: &Core,
    caller: Caller,
    req: ConfirmWithPassword,
) -> Result<PasskeyCreation> {
    let rp = relying_party(core)?;
    step_up::require(core, caller, req.password.as_deref()).await?;
    let user = core.store.user(caller.user).await?.ok_or(Error::Unauthenticated)?;
    let known = room_for_one(core, caller.user).await?;
    let challenge = begin(core, CeremonyKind::AddPasskey, Some(caller.user)).await?;
    let algorithms =
        ALGORITHMS.iter().map(|alg| PasskeyAlgorithm { r#type: KIND.into(), alg: *alg });
    Ok(PasskeyCreation {
        public_key: PasskeyCreationOptions {
            rp: nexus_protocol::RelyingParty {
                id: rp.id.clone(),
                name: core.mail.from.name.clone(),
            },
            user: PasskeyUser {
                id: handle(user.id),
                name: user.username,
                display_name: user.display_name,
            },
            challenge,
            pub_key_cred_params: algorithms.collect(),
            timeout: millis(LASTS),
            exclude_credentials: known.iter().map(descriptor).collect(),
            authenticator_selection: AuthenticatorSelection {
                resident_key: "required".into(),
                require_resident_key: true,
                user_verification: "required".into(),
            },
            attestation: "none".into(),
        },
    })
}

pub async fn finish_adding(core: &Core, caller: Caller, req: AddPasskey) -> Result<Passkey> {
    let name = valid_name(&req.name)?;
    let key = made(core, caller, &req).await?;
    room_for_one(core, caller.user).await?;
    let new = PasskeyRecord {
        id: PasskeyId(core.ids.uuid()),
        credential_id: key.credential_id,
        user_id: caller.user,
        name: name.clone(),
        public_key: key.public_key,
        counter: key.counter,
        transports: transports(&req.credential.response.transports),
        backed_up: key.backed_up,
        created_at: core.clock.now(),
        last_used_at: None,
    };
    accounts::note(core, caller.user, AuditAction::PasskeyChanged, "added").await?;
    if !core.store.add_passkey(&new).await? {
        return Err(Error::Conflict("this passkey is in use already".into()));
    }
    letters::tell(core, caller.user, Letter::PasskeyAdded { name }).await?;
    Ok(show(new))
}

pub async fn list(core: &Core, caller: Caller) -> Result<Vec<Passkey>> {
    Ok(core.store.passkeys(caller.user).await?.into_iter().map(show).collect())
}

pub async fn rename(
    core: &Core,
    caller: Caller,
    id: PasskeyId,
    req: RenamePasskey,
) -> Result<Passkey> {
    let name = valid_name(&req.name)?;
    let renamed = core.store.rename_passkey(caller.user, id, &name).await?;
    renamed.map(show).ok_or(Error::NotFound("passkey"))
}

pub async fn remove(core: &Core, caller: Caller, id: PasskeyId) -> Result<()> {
    let known = core.store.passkeys(caller.user).await?;
    let found = known.into_iter().find(|passkey| passkey.id == id);
    let passkey = found.ok_or(Error::NotFound("passkey"))?;
    step_up::require(core, caller, None).await?;
    ways_in::require_another(core, caller.user).await?;
    accounts::note(core, caller.user, AuditAction::PasskeyChanged, "removed").await?;
    if !core.store.remove_passkey(caller.user, id).await? {
        return Err(Error::NotFound("passkey"));
    }
    letters::tell(core, caller.user, Letter::PasskeyRemoved { name: passkey.name }).await
}

/// What a browser needs to have somebody sign in, whoever it will be.
pub async fn start_login(core: &Core) -> Result<PasskeyRequest> {
    let challenge = begin(core, CeremonyKind::PasskeyLogin, None).await?;
    request(core, challenge, Vec::new())
}

/// One answer for all that can be wrong: whether there is such an account is nobody's business.
pub async fn login(core: &Core, req: PasskeyLogin, origin: &Origin) -> Result<Grant> {
    let proven = prove(core, CeremonyKind::PasskeyLogin, None, &req.credential).await?;
    let passkey = proven.ok_or(Error::WrongPasskey)?;
    let user = core.store.user(passkey.user_id).await?.ok_or(Error::WrongPasskey)?;
    bans::refuse_banned(core, &user)?;
    let grant = auth::sign_in(core, user, req.device, origin).await?;
    // Whoever has removed it in the meantime wants nobody in.
    if core.store.passkey(&passkey.credential_id).await?.is_none() {
        core.store.revoke_session(passkey.user_id, grant.session, core.clock.now()).await?;
        return Err(Error::WrongPasskey);
    }
    step_up::note(core, grant.session).await?;
    Ok(grant)
}

/// What a browser needs to have its user prove once more who they are.
pub async fn start_step_up(core: &Core, caller: Caller) -> Result<PasskeyRequest> {
    let known = core.store.passkeys(caller.user).await?;
    if known.is_empty() {
        return Err(Error::Conflict("there is no passkey to ask for".into()));
    }
    let challenge = begin(core, CeremonyKind::PasskeyStepUp, Some(caller.user)).await?;
    request(core, challenge, known.iter().map(descriptor).collect())
}

pub(crate) async fn proves(core: &Core, caller: Caller, used: &UsedCredential) -> Result<bool> {
    let kind = CeremonyKind::PasskeyStepUp;
    Ok(prove(core, kind, Some(caller.user), used).await?.is_some())
}

fn relying_party(core: &Core) -> Result<&RelyingParty> {
    core.passkeys.as_ref().ok_or(Error::NotFound("address"))
}

async fn room_for_one(core: &Core, user: UserId) -> Result<Vec<PasskeyRecord>> {
    let known = core.store.passkeys(user).await?;
    if known.len() >= MOST {
        return Err(Error::Conflict("there are too many passkeys: remove one first".into()));
    }
    Ok(known)
}

fn valid_name(name: &str) -> Result<String> {
    let name = name.trim();
    let mut findings = Findings::default();
    findings.name("name", name, MAX_NAME_CHARS);
    findings.done()?;
    Ok(name.to_owned())
}

/// A challenge that can be answered once, and for a while.
async fn begin(core: &Core, kind: CeremonyKind, user: Option<UserId>) -> Result<String> {
    relying_party(core)?;
    let mut challenge = [0; 32];
    core.ids.fill(&mut challenge);
    let ceremony = Ceremony {
        hash: hash(&challenge),
        kind,
        user_id: user,
        detail: String::new(),
        expires_at: core.clock.now().plus(LASTS),
    };
    core.store.put_ceremony(&ceremony).await?;
    Ok(URL_SAFE_NO_PAD.encode(challenge))
}

/// Uses the challenge up that this answers, whatever else will be found wrong with it.
async fn answered(
    core: &Core,
    kind: CeremonyKind,
    user: Option<UserId>,
    client_data: &[u8],
) -> Result<Result<(), Flaw>> {
    let asked = match kind {
        CeremonyKind::AddPasskey => Asked::Create,
        _ => Asked::Get,
    };
    let challenge = match relying_party(core)?.challenge_of(asked, client_data) {
        Ok(challenge) => challenge,
        Err(flaw) => return Ok(Err(flaw)),
    };
    let taken = core.store.take_ceremony(kind, &hash(&challenge), core.clock.now()).await?;
    Ok(match taken.is_some_and(|ceremony| ceremony.user_id == user) {
        true => Ok(()),
        false => Err(Flaw::Challenge),
    })
}

async fn made(core: &Core, caller: Caller, req: &AddPasskey) -> Result<crate::webauthn::NewKey> {
    let answer = &req.credential.response;
    let client_data = decode(&answer.client_data).map_err(unusable)?;
    let attestation = decode(&answer.attestation_object).map_err(unusable)?;
    let kind = CeremonyKind::AddPasskey;
    answered(core, kind, Some(caller.user), &client_data).await?.map_err(unusable)?;
    let key = relying_party(core)?.new_key(&attestation).map_err(unusable)?;
    match decode(&req.credential.id) {
        Ok(id) if id == key.credential_id => Ok(key),
        _ => Err(unusable(Flaw::Unreadable("its id"))),
    }
}

fn unusable(flaw: Flaw) -> Error {
    Error::invalid("credential", &format!("is no good: {flaw}"))
}

/// The passkey that has answered; `None`, and the reason in the log, if none has rightly.
async fn prove(
    core: &Core,
    kind: CeremonyKind,
    user: Option<UserId>,
    used: &UsedCredential,
) -> Result<Option<PasskeyRecord>> {
    let answer = &used.response;
    let parts = [&used.id, &answer.client_data, &answer.authenticator_data, &answer.signature];
    let [Ok(id), Ok(client_data), Ok(data), Ok(signature)] = parts.map(|part| decode(part)) else {
        return Ok(refused(Flaw::Unreadable("base64")));
    };
    if let Err(flaw) = answered(core, kind, user, &client_data).await? {
        return Ok(refused(flaw));
    }
    let Some(passkey) = core.store.passkey(&id).await? else { return Ok(None) };
    if !is_theirs(&passkey, user, answer.user_handle.as_deref()) {
        return Ok(None);
    }
    let rp = relying_party(core)?;
    let signed = match rp.signed(&passkey.public_key, &client_data, &data, &signature) {
        Ok(signed) => signed,
        Err(flaw) => return Ok(refused(flaw)),
    };
    let at = core.clock.now();
    let used = PasskeyUse { counter: signed.counter, backed_up: signed.backed_up, at };
    if !core.store.use_passkey(&id, &used).await? {
        tracing::warn!(user = %passkey.user_id, passkey = %passkey.id, "there may be two of a passkey");
        return Ok(None);
    }
    Ok(Some(passkey))
}

fn refused<T>(flaw: Flaw) -> Option<T> {
    tracing::debug!(%flaw, "a passkey was refused");
    None
}

/// An authenticator says whose it is, unless it was asked for that very passkey.
fn is_theirs(passkey: &PasskeyRecord, user: Option<UserId>, given: Option<&str>) -> bool {
    let of_user = user.is_none_or(|user| user == passkey.user_id);
    let as_said = match given {
        Some(given) => given == handle(passkey.user_id),
        None => user.is_some(),
    };
    of_user && as_said
}

fn request(
    core: &Core,
    challenge: String,
    allow_credentials: Vec<PasskeyDescriptor>,
) -> Result<PasskeyRequest> {
    let public_key = PasskeyRequestOptions {
        challenge,
        timeout: millis(LASTS),
        rp_id: relying_party(core)?.id.clone(),
        allow_credentials,
        user_verification: "required".into(),
    };
    Ok(PasskeyRequest { public_key })
}

fn show(record: PasskeyRecord) -> Passkey {
    Passkey {
        id: record.id,
        name: record.name,
        backed_up: record.backed_up,
        created_at: record.created_at,
        last_used_at: record.last_used_at,
    }
}

fn descriptor(record: &PasskeyRecord) -> PasskeyDescriptor {
    PasskeyDescriptor {
        r#type: KIND.into(),
        id: URL_SAFE_NO_PAD.encode(&record.credential_id),
        transports: record.transports.clone(),
    }
}

fn transports(named: &[String]) -> Vec<String> {
    let known = TRANSPORTS.iter().filter(|known| named.iter().any(|name| name == *known));
    known.map(|name| (*name).to_owned()).collect()
}

/// What authenticators call somebody.
fn handle(user: UserId) -> String {
    URL_SAFE_NO_PAD.encode(user.0.as_bytes())
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn decode(text: &str) -> Result<Vec<u8>, Flaw> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Flaw::Unreadable("base64"))
}

fn hash(challenge: &[u8]) -> TokenHash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, challenge).as_ref());
    hash
}
