//! The keys of a provider, and what they have signed. Which algorithms count is said here, never by
//! a token.

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse},
};
use serde::Deserialize;

use super::{claims::Claims, provider::Problem};

/// Longer tokens are refused unread.
const MAX_TOKEN_BYTES: usize = 16 * 1_024;
const MAX_KEYS: usize = 64;

/// What a token says it was signed with.
pub struct Named {
    algorithm: Algorithm,
    id: Option<String>,
}

pub fn named(token: &str) -> Result<Named, Problem> {
    let unreadable = Problem::Wrong("its token can't be read");
    if token.len() > MAX_TOKEN_BYTES {
        return Err(unreadable);
    }
    let header = decode_header(token).map_err(|_| unreadable)?;
    match header.alg {
        Algorithm::RS256 | Algorithm::ES256 => Ok(Named { algorithm: header.alg, id: header.kid }),
        _ => Err(Problem::Wrong("its token is signed in no way that counts")),
    }
}

/// Providers add keys of kinds that we don't know: those are left out.
#[derive(Deserialize)]
#[serde(from = "Listed")]
pub struct Keys(Vec<Jwk>);

#[derive(Deserialize)]
struct Listed {
    keys: Vec<serde_json::Value>,
}

impl From<Listed> for Keys {
    fn from(listed: Listed) -> Keys {
        let keys = listed.keys.into_iter().take(MAX_KEYS);
        Keys(keys.filter_map(|key| serde_json::from_value(key).ok()).collect())
    }
}

impl Keys {
    pub fn have(&self, named: &Named) -> bool {
        self.find(named).is_some()
    }

    pub fn verify(&self, token: &str, named: &Named) -> Result<Claims, Problem> {
        let key =
            self.find(named).ok_or(Problem::Wrong("its token is signed with no key of it"))?;
        let key = DecodingKey::from_jwk(key).map_err(|_| Problem::Wrong("its key is none"))?;
        // Times, names and the rest by our clock and our rules: `Claims::check`.
        let mut validation = Validation::new(named.algorithm);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let token = decode(token, &key, &validation)
            .map_err(|_| Problem::Wrong("its token is not rightly signed"))?;
        Ok(token.claims)
    }

    /// A token that names no key is signed with the only one that fits.
    fn find(&self, named: &Named) -> Option<&Jwk> {
        let mut fitting = self.0.iter().filter(|key| fits(key, named.algorithm));
        match &named.id {
            Some(id) => fitting.find(|key| key.common.key_id.as_ref() == Some(id)),
            None => fitting.next().filter(|_| fitting.next().is_none()),
        }
    }
}

fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let signs = matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let of_kind = match &key.algorithm {
        AlgorithmParameters::RSA(_) => algorithm == Algorithm::RS256,
        AlgorithmParameters::EllipticCurve(curve) => {
            algorithm == Algorithm::ES256 && curve.curve == EllipticCurve::P256
        }
        _ => false,
    };
    let says = key.common.key_algorithm.map(|said| said.to_string());
    signs && of_kind && says.is_none_or(|said| said == format!("{algorithm:?}"))
}
