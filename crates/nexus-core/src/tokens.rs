//! Access tokens: RS256 JWTs that any node can check by itself.

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash},
};
use nexus_protocol::{SessionId, Timestamp, UserId};
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Error, ports::PortError};

/// Sets access tokens apart from every other JWT (RFC 9068).
const TYPE: &str = "at+jwt";
/// Longer ones are refused unread. Ours have about 700 bytes.
const MAX_TOKEN_BYTES: usize = 4_096;
/// How far the clocks of two nodes may differ.
const LEEWAY_SECS: i64 = 5;

/// What an access token says. Times are in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessClaims {
    pub iss: String,
    pub aud: String,
    pub sub: UserId,
    pub sid: SessionId,
    pub iat: i64,
    pub exp: i64,
    pub jti: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
}

impl AccessClaims {
    pub fn expires_at(&self) -> Timestamp {
        Timestamp(self.exp.saturating_mul(1_000))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Genuine, but too old: worth a refresh.
    #[error("the access token has expired")]
    Expired,
    #[error("the access token is not valid")]
    Invalid,
}

impl From<TokenError> for Error {
    fn from(err: TokenError) -> Error {
        match err {
            TokenError::Expired => Error::TokenExpired,
            TokenError::Invalid => Error::Unauthenticated,
        }
    }
}

/// A key pair that signs from `active_from` on, until a newer one does.
#[derive(Clone)]
pub struct TokenKey {
    kid: String,
    active_from: Timestamp,
    signing: EncodingKey,
    verifying: DecodingKey,
    jwk: Jwk,
}

impl TokenKey {
    /// From an RSA key in PKCS#8 PEM.
    pub fn from_pem(
        kid: &str,
        active_from: Timestamp,
        pem: &[u8],
    ) -> Result<TokenKey, jsonwebtoken::errors::Error> {
        let signing = EncodingKey::from_rsa_pem(pem)?;
        let mut jwk = Jwk::from_encoding_key(&signing, Algorithm::RS256)?;
        jwk.common.key_id = Some(kid.to_owned());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let verifying = DecodingKey::from_jwk(&jwk)?;
        Ok(TokenKey { kid: kid.to_owned(), active_from, signing, verifying, jwk })
    }

    pub fn kid(&self) -> &str {
        &self.kid
    }

    pub fn active_from(&self) -> Timestamp {
        self.active_from
    }

    /// RFC 7638: names the public key by its content.
    pub fn thumbprint(&self) -> Result<String, jsonwebtoken::errors::Error> {
        self.jwk.thumbprint(ThumbprintHash::SHA256)
    }
}

/// Never shows the key.
impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey")
            .field("kid", &self.kid)
            .field("active_from", &self.active_from)
            .finish_non_exhaustive()
    }
}

/// All keys that are alive, by `kid`.
#[derive(Clone, Debug, Default)]
pub struct KeySet(BTreeMap<String, TokenKey>);

impl KeySet {
    pub fn new(keys: impl IntoIterator<Item = TokenKey>) -> KeySet {
        KeySet(keys.into_iter().map(|key| (key.kid.clone(), key)).collect())
    }

    pub fn get(&self, kid: &str) -> Option<&TokenKey> {
        self.0.get(kid)
    }

    pub fn kids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The newest whose time has come.
    pub fn signing(&self, now: Timestamp) -> Option<&TokenKey> {
        let active = self.0.values().filter(|key| key.active_from <= now);
        active.max_by_key(|key| (key.active_from, &key.kid))
    }

    /// The first whose time will come.
    fn next(&self) -> Option<&TokenKey> {
        self.0.values().min_by_key(|key| (key.active_from, &key.kid))
    }

    /// As `/.well-known/jwks.json` answers it; keys that don't sign yet are in it already.
    pub fn jwks(&self) -> JwkSet {
        JwkSet { keys: self.0.values().map(|key| key.jwk.clone()).collect() }
    }
}

/// Issues and checks tokens by a set of keys that can be replaced while it runs.
pub struct Signer {
    issuer: String,
    audience: String,
    keys: RwLock<Arc<KeySet>>,
    validation: Validation,
}

impl Signer {
    pub fn new(issuer: &str, audience: &str, keys: KeySet) -> Signer {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
        // Time is an input here, so `check_times` does this part.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Signer {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            keys: RwLock::new(Arc::new(keys)),
            validation,
        }
    }

    pub fn keys(&self) -> Arc<KeySet> {
        self.keys.read().clone()
    }

    pub fn replace_keys(&self, keys: KeySet) {
        *self.keys.write() = Arc::new(keys);
    }

    pub fn jwks(&self) -> JwkSet {
        self.keys().jwks()
    }

    /// A token for this user and session, good for `ttl` from `now`.
    pub fn issue(
        &self,
        user: UserId,
        session: SessionId,
        jti: Uuid,
        now: Timestamp,
        ttl: Duration,
    ) -> Result<String, PortError> {
        const DOING: &str = "sign an access token";
        let iat = seconds(now);
        let claims = AccessClaims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: user,
            sid: session,
            iat,
            exp: iat.saturating_add(i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX)),
            jti,
            nbf: None,
        };
        let keys = self.keys();
        // A key made this very second, or a clock that was set back, must lock nobody out.
        let key = keys.signing(now).or_else(|| keys.next());
        let key = key.ok_or_else(|| PortError::new(DOING, "there is no key"))?;
        let mut header = Header::new(Algorithm::RS256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.kid.clone());
        jsonwebtoken::encode(&header, &claims, &key.signing)
            .map_err(|err| PortError::new(DOING, err))
    }

    /// Believes nothing that the token says about how to check it: algorithm and place of the key
    /// are ours, `kid` only chooses among our keys.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<AccessClaims, TokenError> {
        let kid = kid_of(token).ok_or(TokenError::Invalid)?;
        let keys = self.keys();
        let key = keys.get(&kid).ok_or(TokenError::Invalid)?;
        let token = jsonwebtoken::decode::<AccessClaims>(token, &key.verifying, &self.validation)
            .map_err(|err| {
            tracing::debug!(error = %err, "token refused");
            TokenError::Invalid
        })?;
        check_times(&token.claims, seconds(now))?;
        Ok(token.claims)
    }
}

/// The whole header that a token of ours has. Anything more (`crit`, `jwk`, `jku`, `x5c`, `zip` …),
/// less or twice makes it somebody else's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnHeader {
    alg: String,
    typ: String,
    kid: String,
}

fn kid_of(token: &str) -> Option<String> {
    if token.len() > MAX_TOKEN_BYTES || token.split('.').count() != 3 {
        return None;
    }
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next()?).ok()?;
    let header: OwnHeader = serde_json::from_slice(&header).ok()?;
    (header.alg == "RS256" && header.typ.eq_ignore_ascii_case(TYPE)).then_some(header.kid)
}

fn check_times(claims: &AccessClaims, now: i64) -> Result<(), TokenError> {
    let latest = now.saturating_add(LEEWAY_SECS);
    if claims.iat > latest || claims.nbf.is_some_and(|nbf| nbf > latest) || claims.exp <= claims.iat
    {
        return Err(TokenError::Invalid);
    }
    if claims.exp.saturating_add(LEEWAY_SECS) <= now {
        return Err(TokenError::Expired);
    }
    Ok(())
}

fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000)
}
