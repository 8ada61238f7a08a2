//! Signing in with an account elsewhere: OpenID Connect, the authorization code flow with PKCE.
//!
//! A browser goes to the provider and comes back with a code, which yields a ticket: who that is
//! there. What the ticket opens is asked for by the page: a sign-in, a new account, or a link to an
//! account that somebody is signed in to. State and ticket are good once, for some minutes, and in
//! the browser that began.

mod claims;
mod keys;
mod links;
mod provider;
mod tickets;

use std::{sync::Arc, time::Duration};

use aws_lc_rs::{constant_time::verify_slices_are_equal, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use nexus_protocol::{OidcProvider, StartOidc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub use links::{link, links, unlink};
pub use provider::ProviderSettings;
pub use tickets::{login, look, signup};

use crate::{
    Core, Error, Result,
    ports::{Ceremony, CeremonyKind, TokenHash, Web},
};
use provider::Provider;

const LASTS: Duration = Duration::from_secs(10 * 60);
const MAX_PATH_BYTES: usize = 512;
const MAX_CODE_BYTES: usize = 4_096;

/// Those that the operator trusts.
pub struct Providers {
    all: Vec<Provider>,
    web: Arc<dyn Web>,
    /// Where browsers reach us.
    public_url: String,
}

impl Providers {
    pub fn new(all: Vec<ProviderSettings>, web: Arc<dyn Web>, public_url: &str) -> Providers {
        let all = all.into_iter().map(Provider::new).collect();
        Providers { all, web, public_url: public_url.to_owned() }
    }

    pub fn list(&self) -> Vec<OidcProvider> {
        self.all.iter().map(Provider::show).collect()
    }

    fn find(&self, id: &str) -> Result<&Provider> {
        let found = self.all.iter().find(|provider| provider.settings.id == id);
        found.ok_or(Error::NotFound("provider"))
    }

    fn redirect_uri(&self, provider: &Provider) -> String {
        format!("{}/api/v1/auth/oidc/{}/callback", self.public_url, provider.settings.id)
    }
}

/// Where the browser is to go, and what it is recognised by when it comes back.
pub struct Begun {
    pub url: String,
    pub browser: String,
}

/// What a provider's answer comes with.
#[derive(Debug, Default, Deserialize)]
pub struct Callback {
    pub state: Option<String>,
    pub code: Option<String>,
    pub error: Option<String>,
    pub iss: Option<String>,
}

/// Of a browser that is at its provider.
#[derive(Serialize, Deserialize)]
struct Away {
    provider: String,
    nonce: String,
    verifier: String,
    return_to: String,
    browser: TokenHash,
}

/// What a provider says of somebody.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Somebody {
    provider: String,
    issuer: String,
    subject: String,
    /// Which the provider vouches for.
    email: Option<String>,
    label: Option<String>,
    username: Option<String>,
    display_name: Option<String>,
    browser: TokenHash,
}

pub async fn start(core: &Core, provider: &str, req: StartOidc) -> Result<Begun> {
    let provider = core.oidc.find(provider)?;
    let return_to = req.return_to.unwrap_or_else(|| "/".to_owned());
    if !is_path_of_ours(&return_to) {
        return Err(Error::invalid("returnTo", "is no path of this server"));
    }
    let [state, nonce, verifier, browser] = [(); 4].map(|()| secret(core));
    let url = provider.authorization_url(core, &state, &nonce, &challenge(&verifier)).await;
    let url = url.map_err(|problem| problem.refusal(&provider.settings.id))?;
    let id = provider.settings.id.clone();
    let away = Away { provider: id, nonce, verifier, return_to, browser: hash(&browser) };
    put(core, CeremonyKind::OidcRedirect, &state, &away).await?;
    Ok(Begun { url, browser })
}

/// Where the browser goes on: with a ticket, or with what went wrong.
pub async fn come_back(
    core: &Core,
    provider: &str,
    answer: Callback,
    browser: Option<&str>,
) -> Result<String> {
    let state = answer.state.as_deref().unwrap_or_default();
    let base = &core.oidc.public_url;
    let Some(away) = take::<Away>(core, CeremonyKind::OidcRedirect, state).await? else {
        return Ok(format!("{base}/#oidc-error=expired"));
    };
    let arrived = if is_same(browser, &away.browser) && away.provider == provider {
        arrive(core, &away, answer).await?
    } else {
        Err("invalid")
    };
    let outcome = match arrived {
        Ok(ticket) => format!("ticket={ticket}"),
        Err(reason) => format!("error={reason}"),
    };
    Ok(format!("{base}{}#oidc-{outcome}", away.return_to))
}

async fn arrive(
    core: &Core,
    away: &Away,
    answer: Callback,
) -> Result<Result<String, &'static str>> {
    let provider = core.oidc.find(&away.provider)?;
    if answer.iss.is_some_and(|issuer| issuer != provider.settings.issuer) {
        return Ok(Err("invalid"));
    }
    let code = answer.code.filter(|code| !code.is_empty() && code.len() <= MAX_CODE_BYTES);
    let code = match (answer.error.as_deref(), code) {
        (None, Some(code)) => code,
        (Some("access_denied"), _) => return Ok(Err("refused")),
        _ => return Ok(Err("invalid")),
    };
    let claims = match provider.redeem(core, &code, &away.verifier, &away.nonce).await {
        Ok(claims) => claims,
        Err(problem) => return Ok(Err(problem.word(&away.provider))),
    };
    let ticket = secret(core);
    let somebody = claims.somebody(&away.provider, away.browser);
    put(core, CeremonyKind::OidcTicket, &ticket, &somebody).await?;
    Ok(Ok(ticket))
}

/// Within this server: nothing that a browser could take for an address of another one.
fn is_path_of_ours(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#');
    path.len() <= MAX_PATH_BYTES
        && path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(plain)
}

/// A way to it for `fuzz/`; only its builds have it.
#[cfg(fuzzing)]
pub fn leads_back(path: &str) -> bool {
    is_path_of_ours(path)
}

fn secret(core: &Core) -> String {
    let mut bytes = [0; 32];
    core.ids.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// PKCE, S256.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(hash(verifier))
}

fn hash(secret: &str) -> TokenHash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, secret.as_bytes()).as_ref());
    hash
}

fn is_same(browser: Option<&str>, known: &TokenHash) -> bool {
    browser.is_some_and(|browser| verify_slices_are_equal(&hash(browser), known).is_ok())
}

async fn put(core: &Core, kind: CeremonyKind, secret: &str, detail: &impl Serialize) -> Result<()> {
    let detail = serde_json::to_string(detail).map_err(crate::ports::failed("note a sign-in"))?;
    let expires_at = core.clock.now().plus(LASTS);
    let ceremony = Ceremony { hash: hash(secret), kind, user_id: None, detail, expires_at };
    Ok(core.store.put_ceremony(&ceremony).await?)
}

async fn take<T: DeserializeOwned>(
    core: &Core,
    kind: CeremonyKind,
    secret: &str,
) -> Result<Option<T>> {
    let taken = core.store.take_ceremony(kind, &hash(secret), core.clock.now()).await?;
    Ok(taken.and_then(|ceremony| serde_json::from_str(&ceremony.detail).ok()))
}

#[cfg(test)]
mod tests {
    use super::{challenge, is_path_of_ours};

    #[test]
    fn the_way_back_leads_nowhere_else() {
        for path in ["/", "/settings/account", "/chat/1?at=2"] {
            assert!(is_path_of_ours(path), "{path}");
        }
        for path in [
            "",
            "x",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a b",
            "/\n",
            "/#x",
            "/ü",
        ] {
            assert!(!is_path_of_ours(path), "{path}");
        }
        assert!(!is_path_of_ours(&format!("/{}", "x".repeat(512))));
    }

    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
