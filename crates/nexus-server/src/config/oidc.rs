//! `[[oidc]]`: those whose accounts sign in here.

use std::{collections::HashMap, path::PathBuf};

use nexus_core::oidc::ProviderSettings;
use nexus_protocol::OidcProvider;
use serde::{Deserialize, Serialize};

use super::{Config, Secret, check::Problems};

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    pub id: String,
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    #[serde(default)]
    pub client_secret: Secret,
    #[serde(default)]
    pub client_secret_file: PathBuf,
    /// The variable of the environment that holds it.
    #[serde(default)]
    pub client_secret_env: String,
    #[serde(default = "usual_scopes")]
    pub scopes: Vec<String>,
}

fn usual_scopes() -> Vec<String> {
    ["openid", "profile", "email"].map(str::to_owned).to_vec()
}

impl Oidc {
    pub fn show(&self) -> OidcProvider {
        OidcProvider { id: self.id.clone(), name: self.name.clone() }
    }

    /// What is wrong, if the variable that is named is not there.
    pub(super) fn read_env(&mut self, environment: &HashMap<String, String>) -> Option<String> {
        if self.client_secret_env.is_empty() {
            return None;
        }
        let (id, variable) = (&self.id, &self.client_secret_env);
        if !self.client_secret.is_empty() {
            return Some(format!("oidc {id:?} has two client secrets; remove one of them"));
        }
        match environment.get(variable) {
            Some(secret) if !secret.trim().is_empty() => {
                self.client_secret = secret.trim().to_owned().into();
                None
            }
            _ => Some(format!("oidc {id:?}: the environment has no {variable}; set it")),
        }
    }
}

impl Config {
    pub fn oidc_providers(&self) -> Vec<ProviderSettings> {
        let settings = |oidc: &Oidc| ProviderSettings {
            id: oidc.id.clone(),
            name: oidc.name.clone(),
            issuer: oidc.issuer.clone(),
            client_id: oidc.client_id.clone(),
            client_secret: oidc.client_secret.expose().to_owned(),
            scopes: oidc.scopes.clone(),
        };
        self.oidc.iter().map(settings).collect()
    }
}

pub(super) fn check(config: &Config, found: &mut Problems) {
    for (number, oidc) in config.oidc.iter().enumerate() {
        let id = oidc.id.as_str();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        found.unless(!id.is_empty() && id.len() <= 32 && id.chars().all(plain), || {
            format!("oidc {id:?}: the id is part of an address; write up to 32 of a-z, 0-9 and -")
        });
        // These are routes of their own.
        found.unless(!["links", "login", "signup", "ticket"].contains(&id), || {
            format!("oidc {id:?}: this id is taken; choose another")
        });
        let before = &config.oidc[..number];
        found.unless(before.iter().all(|other| other.id != id), || {
            format!("oidc {id:?} stands twice; give each provider an id of its own")
        });
        found.unless(before.iter().all(|other| other.issuer != oidc.issuer), || {
            format!("oidc {id:?} has the issuer of another one; remove one of them")
        });
        found.unless(!oidc.name.trim().is_empty(), || format!("oidc {id:?} has no name; name it"));
        found.unless(is_issuer(&oidc.issuer), || {
            format!(
                "oidc {id:?}: the issuer is {:?}; write its https address, as the provider does",
                oidc.issuer
            )
        });
        found.unless(!oidc.client_id.is_empty() && !oidc.client_secret.is_empty(), || {
            format!(
                "oidc {id:?} lacks client_id or its secret; put what the provider gave you into \
                 client_id and a file that client_secret_file names"
            )
        });
        found.unless(oidc.scopes.iter().any(|scope| scope == "openid"), || {
            format!("oidc {id:?}: scopes lack \"openid\"; add it")
        });
    }
    found.unless(config.oidc.is_empty() || !config.server.public_url.is_empty(), || {
        "[[oidc]] is set, but server.public_url is empty: providers could not send people back; \
         set it to the address people use"
            .to_owned()
    });
}

/// Without TLS only on this machine: for tests.
fn is_issuer(issuer: &str) -> bool {
    let local = ["http://127.0.0.1", "http://localhost"];
    let safe = issuer.starts_with("https://") || local.iter().any(|host| issuer.starts_with(host));
    safe && !issuer.contains(['?', '#', '@', ' '])
}
