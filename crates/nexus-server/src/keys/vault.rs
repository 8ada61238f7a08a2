//! The key of the vault, beside the signing keys: what it sealed can be read by nobody without it.

use std::{fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use nexus_core::{ports::Ids, vault::Vault};

use super::{KeyError, io_error, require_private, sync_folder, write_private};

const NAME: &str = "vault.key";

/// Makes the key where there is none.
pub fn open_vault(dir: &Path, ids: &dyn Ids) -> Result<Vault, KeyError> {
    let path = dir.join(NAME);
    if !path.exists() {
        make(dir, &path, ids)?;
    }
    require_private(&path, 0o600)?;
    let text = fs::read_to_string(&path).map_err(io_error(&path))?;
    let foreign =
        |reason: &str| KeyError::Foreign { path: path.clone(), reason: reason.to_owned() };
    let key = STANDARD.decode(text.trim()).map_err(|_| foreign("it is not base64"))?;
    let key = key.try_into().map_err(|_| foreign("it has another length than 32 bytes"))?;
    Vault::new(&key).map_err(|_| foreign("the cipher does not take it"))
}

/// Of several nodes that start at the same time on one folder, one makes it.
fn make(dir: &Path, path: &Path, ids: &dyn Ids) -> Result<(), KeyError> {
    let lock_path = dir.join("first.lock");
    let lock = fs::File::create(&lock_path).map_err(io_error(&lock_path))?;
    lock.lock().map_err(io_error(&lock_path))?;
    if !path.exists() {
        let mut key = [0; 32];
        ids.fill(&mut key);
        write_private(path, STANDARD.encode(key).as_bytes())?;
        sync_folder(dir)?;
    }
    Ok(())
}
