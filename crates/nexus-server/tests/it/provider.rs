//! A provider of sign-ins, over real HTTP: it checks what a real one would, and misbehaves where a
//! test wants it to.

use std::{collections::HashMap, sync::Arc, time::Duration};

use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use nexus_core::{memory::SystemClock, ports::Clock};
use nexus_server::config::{Config, Oidc};
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::authenticator::encode;

const CLIENT: &str = "nexus chat";
const SECRET: &str = "a secret: with /signs?";
const HERE: &str = "https://chat.example.com";

/// How a token lies.
#[derive(Clone, Default)]
pub struct Lies {
    /// Merged over the claims.
    pub claims: Value,
    /// `none`, or `HS256` with the public key as its secret.
    pub algorithm: Option<&'static str>,
    /// Names a key that is shown, and signs with another.
    pub other_key: bool,
    pub key_id: Option<&'static str>,
    pub token: Option<Trouble>,
    pub discovery: Option<Trouble>,
}

#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    Slow,
    Huge,
    Away,
    Redirect,
    Nonsense,
}

struct Asked {
    nonce: String,
    challenge: String,
    redirect_uri: String,
    subject: Value,
}

pub struct Provider {
    pub url: String,
    pub lies: Mutex<Lies>,
    codes: Mutex<HashMap<String, Asked>>,
    pub keys: Mutex<Vec<Key>>,
    pub key_requests: Mutex<usize>,
    post_only: bool,
}

pub enum Key {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
}

impl Key {
    pub fn es256() -> Key {
        Key::Es256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    pub fn rs256() -> Key {
        Key::Rs256(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Key::Es256(_) => "ES256",
            Key::Rs256(_) => "RS256",
        }
    }

    fn show(&self, id: &str) -> Value {
        match self {
            Key::Es256(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y), "kid": id,
                    "use": "sig", "alg": "ES256" })
            }
            Key::Rs256(key) => {
                let n = key.public_key().modulus().big_endian_without_leading_zero();
                let e = key.public_key().exponent().big_endian_without_leading_zero();
                json!({ "kty": "RSA", "n": encode(n), "e": encode(e), "kid": id, "use": "sig" })
            }
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let chance = SystemRandom::new();
        match self {
            Key::Es256(key) => key.sign(&chance, message).unwrap().as_ref().to_vec(),
            Key::Rs256(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &chance, message, &mut signature).unwrap();
                signature
            }
        }
    }
}

impl Provider {
    pub async fn start() -> Arc<Provider> {
        Provider::with(Key::es256(), false).await
    }

    /// `post_only`: it wants its clients' secrets in the form.
    pub async fn with(key: Key, post_only: bool) -> Arc<Provider> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let provider = Arc::new(Provider {
            url,
            lies: Mutex::default(),
            codes: Mutex::default(),
            keys: Mutex::new(vec![key]),
            key_requests: Mutex::default(),
            post_only,
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        provider
    }

    pub fn set_up(&self, config: &mut Config) {
        config.server.public_url = HERE.to_owned();
        config.oidc.push(Oidc {
            id: "example".to_owned(),
            name: "Example".to_owned(),
            issuer: self.url.clone(),
            client_id: CLIENT.to_owned(),
            client_secret: SECRET.to_owned().into(),
            client_secret_file: Default::default(),
            client_secret_env: String::new(),
            scopes: vec!["openid".to_owned(), "email".to_owned()],
        });
    }

    /// Somebody comes, signs in there and agrees: answers where they are sent.
    pub fn consent(&self, address: &str, subject: Value) -> String {
        let (at, query) = address.split_once('?').unwrap();
        assert_eq!(at, format!("{}/authorize", self.url));
        let asked = read_form(query);
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!(asked["scope"], "openid email");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["redirect_uri"], format!("{HERE}/api/v1/auth/oidc/example/callback"));
        let code = format!("code {}", self.codes.lock().len());
        let redirect_uri = asked["redirect_uri"].clone();
        let back = Asked {
            nonce: asked["nonce"].clone(),
            challenge: asked["code_challenge"].clone(),
            redirect_uri: redirect_uri.clone(),
            subject,
        };
        self.codes.lock().insert(code.clone(), back);
        let path = redirect_uri.strip_prefix(&format!("{HERE}/api/v1")).unwrap();
        format!("{path}?code={}&state={}", code.replace(' ', "%20"), asked["state"])
    }

    fn check(&self, headers: &HeaderMap, form: &HashMap<String, String>) -> Option<Asked> {
        let given = headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap());
        if self.post_only {
            assert_eq!(given, None);
            assert_eq!(
                (form["client_id"].as_str(), form["client_secret"].as_str()),
                (CLIENT, SECRET)
            );
        } else {
            let login = STANDARD.decode(given?.strip_prefix("Basic ")?).unwrap();
            assert_eq!(login, b"nexus+chat:a+secret%3A+with+%2Fsigns%3F");
        }
        assert_eq!(form["grant_type"], "authorization_code");
        let asked = self.codes.lock().remove(&form["code"])?;
        let verifier = digest(&SHA256, form["code_verifier"].as_bytes());
        let same = encode(verifier.as_ref()) == asked.challenge;
        (same && form["redirect_uri"] == asked.redirect_uri).then_some(asked)
    }

    fn id_token(&self, asked: &Asked) -> String {
        let lies = self.lies.lock().clone();
        let now = SystemClock.now().0 / 1_000;
        let mut claims = json!({ "iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": asked.nonce });
        for part in [&asked.subject, &lies.claims] {
            for (name, value) in part.as_object().into_iter().flatten() {
                claims[name] = value.clone();
            }
        }
        let keys = self.keys.lock();
        let (number, key) = (keys.len() - 1, keys.last().unwrap());
        let id = lies.key_id.map_or(format!("key {number}"), str::to_owned);
        let algorithm = lies.algorithm.unwrap_or(key.algorithm());
        let head = json!({ "alg": algorithm, "kid": id, "typ": "JWT" });
        let signed = format!(
            "{}.{}",
            encode(head.to_string().as_bytes()),
            encode(claims.to_string().as_bytes())
        );
        let signature = match algorithm {
            "none" => Vec::new(),
            "HS256" => {
                let public = key.show(&id).to_string();
                let secret = hmac::Key::new(hmac::HMAC_SHA256, public.as_bytes());
                hmac::sign(&secret, signed.as_bytes()).as_ref().to_vec()
            }
            _ if lies.other_key => Key::es256().sign(signed.as_bytes()),
            _ => key.sign(signed.as_bytes()),
        };
        format!("{signed}.{}", encode(&signature))
    }
}

async fn cause(trouble: Trouble) -> Response {
    match trouble {
        Trouble::Slow => {
            tokio::time::sleep(Duration::from_secs(20)).await;
            StatusCode::OK.into_response()
        }
        Trouble::Huge => format!("{{\"id_token\":\"{}\"}}", "x".repeat(1 << 20)).into_response(),
        Trouble::Away => StatusCode::BAD_GATEWAY.into_response(),
        Trouble::Redirect => Redirect::temporary("/keys").into_response(),
        Trouble::Nonsense => "<html>".into_response(),
    }
}

async fn discovery(State(provider): State<Arc<Provider>>) -> Response {
    let trouble = provider.lies.lock().discovery;
    if let Some(trouble) = trouble {
        return cause(trouble).await;
    }
    let url = &provider.url;
    let method = if provider.post_only { "client_secret_post" } else { "client_secret_basic" };
    Json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/keys"),
        "token_endpoint_auth_methods_supported": [method],
        "response_types_supported": ["code"],
    }))
    .into_response()
}

async fn keys(State(provider): State<Arc<Provider>>) -> Json<Value> {
    *provider.key_requests.lock() += 1;
    let keys = provider.keys.lock();
    let mut shown: Vec<Value> =
        keys.iter().enumerate().map(|(number, key)| key.show(&format!("key {number}"))).collect();
    // Of a kind that is not known here.
    shown.push(json!({ "kty": "LMS", "kid": "of the future" }));
    Json(json!({ "keys": shown }))
}

async fn token(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let trouble = provider.lies.lock().token;
    if let Some(trouble) = trouble {
        return cause(trouble).await;
    }
    match provider.check(&headers, &read_form(&body)) {
        Some(asked) => Json(json!({ "access_token": "unused", "token_type": "Bearer",
            "id_token": provider.id_token(&asked) }))
        .into_response(),
        None => {
            (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response()
        }
    }
}

fn read_form(text: &str) -> HashMap<String, String> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (plain(name), plain(value))).collect()
}

fn plain(text: &str) -> String {
    let text = text.replace('+', " ");
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        out.push(u8::from_str_radix(&part[..2], 16).unwrap());
        out.extend(&part.as_bytes()[2..]);
    }
    String::from_utf8(out).unwrap()
}
