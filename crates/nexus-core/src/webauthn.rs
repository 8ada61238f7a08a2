//! What an authenticator answers, checked: WebAuthn Level 3, §7. Attestations are not asked for, so
//! who made an authenticator isn't known, and isn't looked at.

mod cbor;
mod cose;
#[cfg(test)]
mod tests;

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

pub use cose::ALGORITHMS;

use cbor::{Item, Reader};

/// No authenticator has longer ones (§4).
const MAX_CREDENTIAL_ID_BYTES: usize = 1_023;

const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const MAY_BE_BACKED_UP: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const HAS_KEY: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;

/// Why an answer is no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("{0} can't be read")]
    Unreadable(&'static str),
    #[error("it answers another kind of question")]
    Ceremony,
    #[error("it answers no question that is open")]
    Challenge,
    #[error("it was given to another page")]
    Origin,
    #[error("it is for another server")]
    RelyingParty,
    #[error("nobody was there")]
    NotPresent,
    #[error("it was not made sure who was there")]
    NotVerified,
    #[error("its algorithm was not asked for")]
    Algorithm,
    #[error("the signature is wrong")]
    Signature,
}

/// This server, as authenticators know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    /// The host of its address.
    pub id: String,
    /// The pages that may ask.
    pub origins: Vec<String>,
    /// On this machine any port may.
    pub local: bool,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Create,
    Get,
}

/// A key that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    pub credential_id: Vec<u8>,
    /// As COSE writes it.
    pub public_key: Vec<u8>,
    pub counter: u32,
    pub backed_up: bool,
}

/// A key that was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    pub counter: u32,
    pub backed_up: bool,
}

/// What the browser says of its part.
#[derive(Deserialize)]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

impl RelyingParty {
    /// The challenge that is answered, if it is by a page of ours.
    pub fn challenge_of(&self, asked: Asked, client_data: &[u8]) -> Result<Vec<u8>, Flaw> {
        let data: ClientData = serde_json::from_slice(client_data)
            .map_err(|_| Flaw::Unreadable("what the browser says"))?;
        let expected = match asked {
            Asked::Create => "webauthn.create",
            Asked::Get => "webauthn.get",
        };
        if data.r#type != expected {
            return Err(Flaw::Ceremony);
        }
        // A page in a frame of another one's could be made to ask without anybody seeing it.
        if data.cross_origin || !self.is_ours(&data.origin) {
            return Err(Flaw::Origin);
        }
        URL_SAFE_NO_PAD.decode(data.challenge).map_err(|_| Flaw::Unreadable("the challenge"))
    }

    fn is_ours(&self, origin: &str) -> bool {
        let here = || match origin.strip_prefix("http://localhost") {
            Some("") => true,
            Some(port) => port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok()),
            None => false,
        };
        self.origins.iter().any(|ours| ours == origin) || (self.local && here())
    }

    /// After [`Self::challenge_of`]. Whatever stands beside the key in the attestation is not
    /// looked at.
    pub fn new_key(&self, attestation: &[u8]) -> Result<NewKey, Flaw> {
        let unreadable = Flaw::Unreadable("the attestation");
        let mut reader = Reader::new(attestation);
        let object = reader.item().filter(|_| reader.is_done()).ok_or(unreadable)?;
        let data = object.text_key("authData").and_then(Item::bytes).ok_or(unreadable)?;
        let data = AuthenticatorData::read(data)?;
        data.require(self)?;
        let (credential_id, public_key) = data.key.ok_or(unreadable)?;
        cose::Key::read(public_key)?;
        Ok(NewKey {
            credential_id: credential_id.to_vec(),
            public_key: public_key.to_vec(),
            counter: data.counter,
            backed_up: data.flags & BACKED_UP != 0,
        })
    }

    /// After [`Self::challenge_of`].
    pub fn signed(
        &self,
        public_key: &[u8],
        client_data: &[u8],
        authenticator_data: &[u8],
        signature: &[u8],
    ) -> Result<Signed, Flaw> {
        let data = AuthenticatorData::read(authenticator_data)?;
        data.require(self)?;
        let client_data = digest::digest(&digest::SHA256, client_data);
        let message = [authenticator_data, client_data.as_ref()].concat();
        cose::Key::read(public_key)?.verify(&message, signature)?;
        Ok(Signed { counter: data.counter, backed_up: data.flags & BACKED_UP != 0 })
    }
}

/// §6.1.
struct AuthenticatorData<'a> {
    rp_id_hash: &'a [u8],
    flags: u8,
    counter: u32,
    /// Id and public key.
    key: Option<(&'a [u8], &'a [u8])>,
}

impl<'a> AuthenticatorData<'a> {
    fn read(bytes: &'a [u8]) -> Result<AuthenticatorData<'a>, Flaw> {
        Self::parse(bytes).ok_or(Flaw::Unreadable("the authenticator's data"))
    }

    fn parse(bytes: &'a [u8]) -> Option<AuthenticatorData<'a>> {
        let (rp_id_hash, rest) = bytes.split_at_checked(32)?;
        let (&flags, rest) = rest.split_first()?;
        let (counter, mut rest) = rest.split_first_chunk::<4>()?;
        let mut key = None;
        if flags & HAS_KEY != 0 {
            let (_aaguid, after) = rest.split_at_checked(16)?;
            let (length, after) = after.split_first_chunk::<2>()?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (id, after) = after.split_at_checked(length)?;
            if id.is_empty() || id.len() > MAX_CREDENTIAL_ID_BYTES {
                return None;
            }
            let mut reader = Reader::new(after);
            reader.item()?;
            let (public_key, after) = after.split_at_checked(after.len() - reader.left())?;
            (key, rest) = (Some((id, public_key)), after);
        }
        if flags & HAS_EXTENSIONS != 0 {
            let mut reader = Reader::new(rest);
            reader.item()?;
            rest = reader.rest();
        }
        let sound = rest.is_empty() && (flags & BACKED_UP == 0 || flags & MAY_BE_BACKED_UP != 0);
        sound.then_some(AuthenticatorData {
            rp_id_hash,
            flags,
            counter: u32::from_be_bytes(*counter),
            key,
        })
    }

    /// For this server, with its user there and known to the authenticator: by finger, face or PIN.
    fn require(&self, rp: &RelyingParty) -> Result<(), Flaw> {
        if self.rp_id_hash != digest::digest(&digest::SHA256, rp.id.as_bytes()).as_ref() {
            Err(Flaw::RelyingParty)
        } else if self.flags & PRESENT == 0 {
            Err(Flaw::NotPresent)
        } else if self.flags & VERIFIED == 0 {
            Err(Flaw::NotVerified)
        } else {
            Ok(())
        }
    }
}
