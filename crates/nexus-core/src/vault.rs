//! Secrets that have to be read again are sealed where they are stored.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::{
    Result,
    ports::{Ids, PortError},
};

/// AES-256-GCM; the nonce, by chance, stands before what it sealed.
pub struct Vault(LessSafeKey);

impl Vault {
    pub fn new(key: &[u8; 32]) -> Result<Vault> {
        let key = UnboundKey::new(&AES_256_GCM, key)
            .map_err(|_| PortError::new("open the vault", "the key is no AES-256 key"))?;
        Ok(Vault(LessSafeKey::new(key)))
    }

    /// `about` says whose and what it is: the seal opens for nothing else.
    pub fn seal(&self, ids: &dyn Ids, about: &str, secret: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        ids.fill(&mut nonce);
        let mut sealed = secret.to_vec();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(about),
                &mut sealed,
            )
            .map_err(|_| PortError::new("seal a secret", "the cipher failed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub fn open(&self, about: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let unsealed = || PortError::new("open a sealed secret", "it was not sealed with our key");
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(unsealed)?;
        let mut opened = sealed.to_vec();
        let secret = self
            .0
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(about), &mut opened)
            .map_err(|_| unsealed())?;
        Ok(secret.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::Vault;
    use crate::memory::SystemIds;

    #[test]
    fn a_sealed_secret_opens_for_its_owner_with_its_key_and_untouched() {
        let (vault, ids) = (Vault::new(&[7; 32]).unwrap(), SystemIds::new());
        let sealed = vault.seal(&ids, "ann", b"secret").unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_ne!(vault.seal(&ids, "ann", b"secret").unwrap(), sealed);
        assert_eq!(vault.open("ann", &sealed).unwrap(), b"secret");
        assert!(vault.open("bob", &sealed).is_err());
        assert!(Vault::new(&[8; 32]).unwrap().open("ann", &sealed).is_err());
        for place in 0..sealed.len() {
            let mut touched = sealed.clone();
            touched[place] ^= 1;
            assert!(vault.open("ann", &touched).is_err(), "{place}");
        }
        assert!(vault.open("ann", &sealed[..8]).is_err());
    }
}
