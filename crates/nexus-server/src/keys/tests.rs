use std::sync::Arc;

use nexus_core::tokens::Signer;
use nexus_protocol::{SessionId, UserId};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::*;

const NOW: Timestamp = Timestamp(1_767_434_400_000);
const TTL: Duration = Duration::from_secs(900);

fn token(signer: &Signer, now: Timestamp) -> String {
    signer.issue(UserId(Uuid::nil()), SessionId(Uuid::nil()), Uuid::nil(), now, TTL).unwrap()
}

fn states(dir: &Path, now: Timestamp) -> Vec<KeyState> {
    list(dir, now).unwrap().into_iter().map(|key| key.state).collect()
}

#[test]
fn the_key_of_the_vault_is_made_once_and_is_for_our_eyes_only() {
    let folder = tempfile::tempdir().unwrap();
    let ids = nexus_core::memory::SystemIds::new();
    let sealed = open_vault(folder.path(), &ids).unwrap().seal(&ids, "ann", b"secret").unwrap();
    let again = open_vault(folder.path(), &ids).unwrap();
    assert_eq!(again.open("ann", &sealed).unwrap(), b"secret");
    let path = folder.path().join("vault.key");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(open_vault(folder.path(), &ids), Err(KeyError::Exposed { .. })));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, "c2hvcnQ=").unwrap();
    assert!(matches!(open_vault(folder.path(), &ids), Err(KeyError::Foreign { .. })));
}

#[test]
fn the_first_start_makes_a_key_that_only_we_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("keys");
    let keys = open(&dir, NOW).unwrap();
    assert!(keys.signing(NOW).is_some());
    assert!(open(&dir, NOW).unwrap().kids().eq(keys.kids()), "a second start keeps it");

    let path = dir.join(format!("{}.pem", keys.kids().next().unwrap()));
    assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let refused = open(&dir, NOW).unwrap_err().to_string();
    assert!(refused.contains("chmod 600"), "{refused}");
}

#[test]
fn a_rotated_key_takes_over_later_and_the_old_one_goes_when_its_tokens_have() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("keys");
    let signer = Signer::new("iss", "aud", open(&dir, NOW).unwrap());
    let old_token = token(&signer, NOW);

    rotate(&dir, NOW).unwrap();
    assert_eq!(states(&dir, NOW), [KeyState::Signing, KeyState::Next]);
    let later = NOW.plus(NOTICE);
    assert_eq!(states(&dir, later), [KeyState::Retired, KeyState::Signing]);
    signer.replace_keys(read(&dir).unwrap());
    assert!(signer.verify(&old_token, later).is_ok());

    let just_before = later.plus(TTL);
    assert_eq!(prune(&dir, just_before, TTL).unwrap(), [""; 0]);
    assert_eq!(prune(&dir, just_before.plus(MARGIN), TTL).unwrap().len(), 1);
    assert_eq!(states(&dir, just_before.plus(MARGIN)), [KeyState::Signing]);
}

#[test]
fn a_file_that_is_no_key_of_ours_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("keys");
    let kid = create(&dir, NOW).unwrap();
    let renamed = dir.join("0000000001-AAAAAAAAAAAAAAAA.pem");
    fs::rename(dir.join(format!("{kid}.pem")), &renamed).unwrap();
    assert!(read(&dir).unwrap_err().to_string().contains("0000000001-AAAAAAAAAAAAAAAA.pem"));
    write_private(&renamed, b"not a key").unwrap();
    assert!(read(&dir).is_err());
}

#[tokio::test(start_paused = true)]
async fn a_running_server_finds_new_keys() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("keys");
    let signer = Arc::new(Signer::new("iss", "aud", open(&dir, NOW).unwrap()));
    let stop = CancellationToken::new();
    let watching = tokio::spawn(watch(dir.clone(), signer.clone(), stop.clone()));

    let kid = rotate(&dir, NOW).unwrap();
    tokio::time::timeout(POLL * 3, async {
        while signer.keys().get(&kid).is_none() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await
    .unwrap();
    stop.cancel();
    watching.await.unwrap();
}
