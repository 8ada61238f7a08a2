//! Places in a list, opaque to clients.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Error, Result};

pub fn write<T: Serialize>(place: &T) -> String {
    // Ids, numbers and times always serialise.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default())
}

pub fn read<T: DeserializeOwned>(cursor: &str) -> Result<T> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let place = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    place.ok_or_else(|| Error::invalid("cursor", "is not one this server gave"))
}

/// Of what was looked for with one more than `limit`, the page, and where the next one begins: that one
/// more only tells that there is a next.
pub(crate) fn cut<T, C>(found: &mut Vec<T>, limit: u32, place: impl FnOnce(&T) -> C) -> Option<C> {
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    found.last().filter(|_| more).map(place)
}
