use nexus_fleet::{Gated, proxy::Line, services::mongo::ReplicaSet};

#[tokio::test]
async fn another_member_takes_over_from_a_primary_that_steps_down_dies_or_freezes() {
    let folder = tempfile::tempdir().unwrap();
    let mut set = ReplicaSet::start(folder.path(), 3, Gated::No).await.unwrap();
    let first = set.primary().await.unwrap();
    let second = set.step_down().await.unwrap();
    assert_ne!(second, first);

    set.members[second].process.kill().await.unwrap();
    let third = set.primary().await.unwrap();
    assert_ne!(third, second);
    set.members[second].start_again().await.unwrap();

    set.members[third].process.pause().unwrap();
    let fourth = set.primary().await.unwrap();
    assert_ne!(fourth, third);
    set.members[third].process.resume().unwrap();

    let usage = set.members[fourth].process.usage().unwrap();
    assert!(usage.rss_kib > 10_000, "{usage:?}");
    set.stop().await.unwrap();
    assert!(set.members.iter().all(|member| member.process.pid().is_none()));
}

#[tokio::test]
async fn a_member_behind_a_cut_gate_is_out_of_reach_for_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let set = ReplicaSet::start(folder.path(), 3, Gated::Yes).await.unwrap();
    let gate = |at: usize| set.members[at].gate.as_ref().unwrap();
    assert!(set.url().contains(&gate(0).address()));
    let parted = set.primary().await.unwrap();
    // Nobody reaches it, and it reaches nobody.
    let pid = set.members[parted].process.pid().unwrap();
    for at in 0..3 {
        if at == parted { gate(at).set(Line::cut()) } else { gate(at).set_for(pid, Line::cut()) }
    }
    let elected = async {
        while set.primary().await.unwrap() == parted {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), elected).await.unwrap();
    (0..3).for_each(|at| gate(at).heal());
}
