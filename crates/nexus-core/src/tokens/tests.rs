use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
};
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::*;

const NOW: Timestamp = Timestamp(1_767_434_400_000);
const TTL: Duration = Duration::from_secs(900);
const ANN: UserId = UserId(Uuid::from_u128(1));
const PHONE: SessionId = SessionId(Uuid::from_u128(2));

/// One pair for all tests: making one takes a while in a debug build.
fn pem() -> &'static str {
    static PEM: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    PEM.get_or_init(new_pem)
}

fn new_pem() -> String {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", wrapped(der.as_ref()))
}

fn wrapped(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join("\n")
}

fn signer() -> Signer {
    let key = TokenKey::from_pem("k1", Timestamp(0), pem().as_bytes()).unwrap();
    Signer::new("https://nexus.test", "nexus", KeySet::new([key]))
}

fn token() -> String {
    signer().issue(ANN, PHONE, Uuid::from_u128(3), NOW, TTL).unwrap()
}

fn header() -> Value {
    json!({"alg": "RS256", "typ": "at+jwt", "kid": "k1"})
}

fn claims() -> Value {
    let now = NOW.0 / 1_000;
    json!({
        "iss": "https://nexus.test", "aud": "nexus", "sub": ANN, "sid": PHONE,
        "iat": now, "exp": now + 900, "jti": Uuid::from_u128(3),
    })
}

/// Signed with the right key, whatever header and claims say.
fn signed(header: &str, claims: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let key = EncodingKey::from_rsa_pem(pem().as_bytes()).unwrap();
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::RS256).unwrap();
    format!("{message}.{signature}")
}

fn with(mut object: Value, field: &str, value: Value) -> String {
    object[field] = value;
    object.to_string()
}

fn check(token: &str, expected: Result<(), TokenError>) {
    assert_eq!(signer().verify(token, NOW).map(|_| ()), expected, "{token}");
}

#[test]
fn a_token_says_who_for_how_long() {
    let claims = signer().verify(&token(), NOW).unwrap();
    assert_eq!((claims.sub, claims.sid), (ANN, PHONE));
    assert_eq!(claims.expires_at(), NOW.plus(TTL));
    check(&signed(&header().to_string(), &self::claims().to_string()), Ok(()));
}

#[test]
fn a_token_ends_with_its_time() {
    let (signer, token) = (signer(), token());
    let leeway = Duration::from_secs(4);
    assert!(signer.verify(&token, NOW.plus(TTL).plus(leeway)).is_ok());
    let late = NOW.plus(TTL).plus(Duration::from_secs(6));
    assert_eq!(signer.verify(&token, late), Err(TokenError::Expired));
}

#[test]
fn s8_a_header_can_not_choose_how_it_is_checked() {
    let jwk = json!(signer().jwks().keys[0]);
    for (field, value) in [
        ("alg", json!("none")),
        ("alg", json!("None")),
        ("alg", json!("HS256")),
        ("alg", json!("RS512")),
        ("alg", json!("PS256")),
        ("alg", json!("ES256")),
        ("alg", json!(["RS256"])),
        ("typ", json!("JWT")),
        ("typ", json!("refresh+jwt")),
        ("typ", json!(null)),
        ("kid", json!("../../dev/null")),
        ("kid", json!("k1'--")),
        ("kid", json!("k1\u{0}")),
        ("kid", json!("K1")),
        ("kid", json!("")),
        ("kid", json!(1)),
        ("kid", json!(null)),
        ("jwk", jwk),
        ("jku", json!("https://evil.test/jwks.json")),
        ("x5u", json!("https://evil.test/cert.pem")),
        ("x5c", json!(["MIIB"])),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("zip", json!("DEF")),
        ("b64", json!(false)),
    ] {
        let forged = signed(&with(header(), field, value), &claims().to_string());
        check(&forged, Err(TokenError::Invalid));
    }
    let twice = r#"{"alg":"RS256","typ":"at+jwt","kid":"k0","kid":"k1"}"#;
    check(&signed(twice, &claims().to_string()), Err(TokenError::Invalid));
}

#[test]
fn s8_claims_must_be_ours_complete_and_said_once() {
    let now = NOW.0 / 1_000;
    for (field, value) in [
        ("iss", json!("https://evil.test")),
        ("iss", json!(null)),
        ("aud", json!("other")),
        ("aud", json!(["nexus", "other"])),
        ("sub", json!("ann")),
        ("sid", json!(null)),
        ("iat", json!(now + 60)),
        ("nbf", json!(now + 60)),
        ("exp", json!(now - 901)),
        ("exp", json!("9999999999")),
        ("exp", json!(1e300)),
        ("exp", json!("٩٩٩٩٩٩٩٩٩٩")),
        ("exp", json!(null)),
        ("role", json!("admin")),
    ] {
        let forged = signed(&header().to_string(), &with(claims(), field, value));
        check(&forged, Err(TokenError::Invalid));
    }
    let twice = claims().to_string().replacen('{', r#"{"aud":"nexus","#, 1);
    check(&signed(&header().to_string(), &twice), Err(TokenError::Invalid));
}

#[test]
fn s8_nothing_else_is_a_token() {
    let token = token();
    let parts: Vec<&str> = token.split('.').collect();
    let unsigned = with(header(), "alg", json!("none"));
    for forged in [
        "",
        ".",
        "..",
        "...",
        &format!("{}.{}", parts[0], parts[1]),
        &format!("{}.{}.", parts[0], parts[1]),
        &format!("{token}."),
        &format!("{token}.{}", parts[2]),
        &format!("{}.{}.{}.{}.{}", parts[0], parts[1], parts[2], parts[0], parts[1]),
        &token[..token.len() - 4],
        &format!("{token}===="),
        &format!("{}.{}.", URL_SAFE_NO_PAD.encode(unsigned), parts[1]),
        &format!("{}.{}.{}", parts[0], parts[1], parts[2].to_lowercase()),
        &format!("{} ", token),
        &"a".repeat(1 << 20),
        &format!("{}{}", token, "A".repeat(MAX_TOKEN_BYTES)),
    ] {
        check(forged, Err(TokenError::Invalid));
    }
}

#[test]
fn s8_the_public_key_is_no_hmac_secret() {
    let public = serde_json::to_vec(&signer().jwks().keys[0]).unwrap();
    let secret = EncodingKey::from_secret(&public);
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some("k1".to_owned());
    let forged = jsonwebtoken::encode(&header, &claims(), &secret).unwrap();
    check(&forged, Err(TokenError::Invalid));
}

#[test]
fn s8_another_pair_with_our_kid_signs_nothing() {
    let other = TokenKey::from_pem("k1", Timestamp(0), new_pem().as_bytes()).unwrap();
    let other = Signer::new("https://nexus.test", "nexus", KeySet::new([other]));
    check(&other.issue(ANN, PHONE, Uuid::nil(), NOW, TTL).unwrap(), Err(TokenError::Invalid));
}

#[test]
fn the_newest_active_key_signs_and_older_ones_still_verify() {
    let signer = signer();
    let before = token();
    let soon = NOW.plus(Duration::from_secs(10));
    let old = TokenKey::from_pem("k1", Timestamp(0), pem().as_bytes()).unwrap();
    let new = TokenKey::from_pem("k2", soon, new_pem().as_bytes()).unwrap();
    signer.replace_keys(KeySet::new([old, new]));

    assert_eq!(signer.keys().signing(NOW).map(TokenKey::kid), Some("k1"));
    assert_eq!(signer.keys().signing(soon).map(TokenKey::kid), Some("k2"));
    assert_eq!(signer.jwks().keys.len(), 2);
    assert!(signer.verify(&before, soon).is_ok());
    let after = signer.issue(ANN, PHONE, Uuid::nil(), soon, TTL).unwrap();
    assert!(signer.verify(&after, soon).is_ok());
}

#[test]
fn a_key_whose_time_has_not_come_signs_when_there_is_no_other() {
    let early = Timestamp(NOW.0 - 60 * 60 * 1_000);
    let key = TokenKey::from_pem("k1", NOW, pem().as_bytes()).unwrap();
    let signer = Signer::new("https://nexus.test", "nexus", KeySet::new([key]));
    assert_eq!(signer.keys().signing(early).map(TokenKey::kid), None);
    assert!(signer.issue(ANN, PHONE, Uuid::nil(), early, TTL).is_ok());
}

#[test]
fn a_public_key_set_holds_no_private_part() {
    let jwks = json!(signer().jwks());
    let key = jwks["keys"][0].as_object().unwrap();
    for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
        assert!(!key.contains_key(private), "{private}");
    }
    assert_eq!(
        (&key["kid"], &key["use"], &key["alg"]),
        (&json!("k1"), &json!("sig"), &json!("RS256"))
    );
}
