//! One provider: what it says of itself, and what it says of people. It may be hostile: nothing of
//! it counts that was not checked.

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use nexus_protocol::{OidcProvider, Timestamp};
use parking_lot::Mutex;
use serde::{Deserialize, de::DeserializeOwned};
use url::{Url, form_urlencoded};

use super::{
    claims::Claims,
    keys::{self, Keys},
};
use crate::{
    Core, Error,
    ports::{PortError, WebAnswer, WebRequest},
};

/// What it says of itself is asked for again after so long.
const REMEMBERED: Duration = Duration::from_secs(60 * 60);
/// Between two requests for keys: an unknown name of one makes us ask, and anybody can name one.
const BETWEEN_KEYS: Duration = Duration::from_secs(60);

/// As the operator has set it.
#[derive(Clone)]
pub struct ProviderSettings {
    pub id: String,
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
    pub scopes: Vec<String>,
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    /// Worth another try.
    #[error(transparent)]
    Away(#[from] PortError),
    #[error("{0}")]
    Wrong(&'static str),
}

impl Problem {
    /// For the address of the page; the reason is for the log.
    pub fn word(&self, provider: &str) -> &'static str {
        let error = self as &dyn std::error::Error;
        tracing::warn!(provider, error, "a sign-in elsewhere has failed");
        match self {
            Problem::Away(_) => "unavailable",
            Problem::Wrong(_) => "invalid",
        }
    }

    pub fn refusal(self, provider: &str) -> Error {
        self.word(provider);
        match self {
            Problem::Away(cause) => Error::Unavailable(cause),
            Problem::Wrong(what) => Error::Unavailable(PortError::new("ask a provider", what)),
        }
    }
}

/// OpenID Connect Discovery, as far as we need it.
#[derive(Debug, Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

#[derive(Deserialize)]
struct Redeemed {
    id_token: String,
}

pub(super) struct Provider {
    pub settings: ProviderSettings,
    known: Mutex<Option<(Timestamp, Arc<Discovery>)>>,
    keys: Mutex<Option<(Timestamp, Arc<Keys>)>>,
}

impl Provider {
    pub fn new(settings: ProviderSettings) -> Provider {
        Provider { settings, known: Mutex::default(), keys: Mutex::default() }
    }

    pub fn show(&self) -> OidcProvider {
        OidcProvider { id: self.settings.id.clone(), name: self.settings.name.clone() }
    }

    pub async fn authorization_url(
        &self,
        core: &Core,
        state: &str,
        nonce: &str,
        challenge: &str,
    ) -> Result<String, Problem> {
        let known = self.discover(core).await?;
        let mut url = Url::parse(&known.authorization_endpoint)
            .map_err(|_| Problem::Wrong("its authorization endpoint is no address"))?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &core.oidc.redirect_uri(self))
            .append_pair("scope", &self.settings.scopes.join(" "))
            .append_pair("state", state)
            .append_pair("nonce", nonce)
            .append_pair("code_challenge", challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// Who has given the code.
    pub async fn redeem(
        &self,
        core: &Core,
        code: &str,
        verifier: &str,
        nonce: &str,
    ) -> Result<Claims, Problem> {
        let known = self.discover(core).await?;
        let form = self.form(&known, &core.oidc.redirect_uri(self), code, verifier);
        let authorization = known.takes_basic().then(|| self.basic());
        let request = WebRequest {
            url: &known.token_endpoint,
            form: Some(&form),
            authorization: authorization.as_deref(),
        };
        let answer = core.oidc.web.ask(request).await?;
        let redeemed: Redeemed = read(&answer, "it does not take its own code")?;
        self.verify(core, &redeemed.id_token, nonce).await
    }

    fn form(&self, known: &Discovery, redirect_uri: &str, code: &str, verifier: &str) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("code_verifier", verifier);
        if !known.takes_basic() {
            form.append_pair("client_id", &self.settings.client_id)
                .append_pair("client_secret", &self.settings.client_secret);
        }
        form.finish()
    }

    async fn verify(&self, core: &Core, token: &str, nonce: &str) -> Result<Claims, Problem> {
        let known = self.discover(core).await?;
        let key = keys::named(token)?;
        let mut keys = self.keys(core, &known, REMEMBERED).await?;
        if !keys.have(&key) {
            keys = self.keys(core, &known, BETWEEN_KEYS).await?;
        }
        let claims = keys.verify(token, &key)?;
        claims.check(&self.settings, nonce, core.clock.now())?;
        Ok(claims)
    }

    async fn discover(&self, core: &Core) -> Result<Arc<Discovery>, Problem> {
        let now = core.clock.now();
        if let Some((at, known)) = &*self.known.lock()
            && now.since(*at) < REMEMBERED
        {
            return Ok(known.clone());
        }
        let issuer = &self.settings.issuer;
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let known: Discovery = get(core, &address, "it does not say where to go").await?;
        if known.issuer != *issuer {
            return Err(Problem::Wrong("it calls itself by another name"));
        }
        for endpoint in [&known.authorization_endpoint, &known.token_endpoint, &known.jwks_uri] {
            require_safe(issuer, endpoint)?;
        }
        let known = Arc::new(known);
        *self.known.lock() = Some((now, known.clone()));
        Ok(known)
    }

    /// Those that are known, unless they are older.
    async fn keys(
        &self,
        core: &Core,
        known: &Discovery,
        oldest: Duration,
    ) -> Result<Arc<Keys>, Problem> {
        let now = core.clock.now();
        if let Some((at, keys)) = &*self.keys.lock()
            && now.since(*at) < oldest
        {
            return Ok(keys.clone());
        }
        let keys: Arc<Keys> = Arc::new(get(core, &known.jwks_uri, "it shows no keys").await?);
        *self.keys.lock() = Some((now, keys.clone()));
        Ok(keys)
    }

    /// RFC 6749, §2.3.1.
    fn basic(&self) -> String {
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let id = encode(&self.settings.client_id);
        let secret = encode(&self.settings.client_secret);
        format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
    }
}

impl Discovery {
    fn takes_basic(&self) -> bool {
        let supported = &self.token_endpoint_auth_methods_supported;
        supported.is_empty() || supported.iter().any(|method| method == "client_secret_basic")
    }
}

/// What crosses a network is encrypted; only a provider on this machine may do without.
fn require_safe(issuer: &str, endpoint: &str) -> Result<(), Problem> {
    let url = Url::parse(endpoint).map_err(|_| Problem::Wrong("an endpoint is no address"))?;
    let is_local = issuer.starts_with("http://");
    let safe = url.scheme() == "https" || (is_local && url.scheme() == "http");
    match safe && url.host().is_some() && url.username().is_empty() && url.password().is_none() {
        true => Ok(()),
        false => Err(Problem::Wrong("an endpoint is not safe")),
    }
}

async fn get<T: DeserializeOwned>(
    core: &Core,
    url: &str,
    otherwise: &'static str,
) -> Result<T, Problem> {
    let request = WebRequest { url, form: None, authorization: None };
    read(&core.oidc.web.ask(request).await?, otherwise)
}

fn read<T: DeserializeOwned>(answer: &WebAnswer, otherwise: &'static str) -> Result<T, Problem> {
    if answer.status >= 500 {
        return Err(
            PortError::new("ask a provider", format!("it answers {}", answer.status)).into()
        );
    }
    if answer.status != 200 {
        return Err(Problem::Wrong(otherwise));
    }
    serde_json::from_slice(&answer.body).map_err(|_| Problem::Wrong(otherwise))
}
