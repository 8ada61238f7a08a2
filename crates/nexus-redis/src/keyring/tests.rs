use super::*;
use crate::setup;

fn kids(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn a_node_whose_keys_nobody_shares_is_told_so() {
    for (redis, _kept) in [setup::alone().await, setup::cluster().await] {
        let keyring = Keyring::new(redis);
        assert!(keyring.share(&kids(&["a", "b"])).await.unwrap(), "the first says what they are");
        assert!(keyring.share(&kids(&["b", "c"])).await.unwrap(), "one in common will do");
        assert!(!keyring.share(&kids(&["d"])).await.unwrap());
        assert!(!keyring.share(&kids(&["d"])).await.unwrap(), "nothing was noted");
        assert_eq!(keyring.known().await.unwrap(), kids(&["a", "b", "c"]));
        assert!(keyring.share(&kids(&["c"])).await.unwrap());
    }
}
