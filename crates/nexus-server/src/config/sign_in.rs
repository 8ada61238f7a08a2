//! What signing in by other means than a password needs to know of the settings.

use std::net::IpAddr;

use nexus_core::webauthn::RelyingParty;

use super::Config;

impl Config {
    /// Whom passkeys are for; `None` where `server.public_url` has no name but an address: browsers
    /// make none there.
    pub fn relying_party(&self) -> Option<RelyingParty> {
        let server = &self.server;
        if server.public_url.is_empty() {
            let id = "localhost".to_owned();
            return Some(RelyingParty { id, origins: server.origins(), local: true });
        }
        let id = server.public_host().to_ascii_lowercase();
        let is_address = id.starts_with('[') || id.parse::<IpAddr>().is_ok();
        (!is_address).then(|| RelyingParty { id, origins: server.origins(), local: false })
    }
}
