use super::*;

const INTERVAL: Duration = Duration::from_secs(25);
const TIMEOUT: Duration = Duration::from_secs(20);

#[tokio::test(start_paused = true)]
async fn the_first_ping_comes_after_one_interval_and_death_after_one_timeout_more() {
    let start = Instant::now();
    let mut heartbeat = Heartbeat::new(INTERVAL, TIMEOUT);
    assert_eq!(
        (heartbeat.at, heartbeat.deadline()),
        (start + INTERVAL, start + INTERVAL + TIMEOUT)
    );
    tokio::time::sleep_until(heartbeat.at).await;
    assert_eq!(heartbeat.beat(), Beat::Ping);
    assert_eq!(heartbeat.at, start + INTERVAL + TIMEOUT);
    tokio::time::sleep_until(heartbeat.at).await;
    assert_eq!(heartbeat.beat(), Beat::Dead);
}

#[tokio::test(start_paused = true)]
async fn a_pong_counts_only_when_it_was_asked_for() {
    let mut heartbeat = Heartbeat::new(INTERVAL, TIMEOUT);
    let first = heartbeat.at;
    tokio::time::sleep(INTERVAL / 2).await;
    heartbeat.pong();
    assert_eq!(heartbeat.at, first, "an unasked pong puts off nothing");
    tokio::time::sleep_until(first).await;
    heartbeat.beat();
    tokio::time::sleep(TIMEOUT / 2).await;
    heartbeat.pong();
    assert_eq!(heartbeat.at, first + TIMEOUT / 2 + INTERVAL);
}

#[tokio::test(start_paused = true)]
async fn silence_is_excused_once_for_each_time_we_did_not_listen() {
    let mut heartbeat = Heartbeat::new(INTERVAL, TIMEOUT);
    heartbeat.excuse();
    tokio::time::sleep_until(heartbeat.at).await;
    assert_eq!(heartbeat.beat(), Beat::Ping);
    heartbeat.excuse();
    tokio::time::sleep_until(heartbeat.at).await;
    assert_eq!(heartbeat.beat(), Beat::Excused);
    tokio::time::sleep_until(heartbeat.at).await;
    assert_eq!(heartbeat.beat(), Beat::Dead);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_was_halted_gives_the_client_its_whole_time() {
    let mut heartbeat = Heartbeat::new(INTERVAL, TIMEOUT);
    tokio::time::sleep(INTERVAL * 10).await;
    assert_eq!(heartbeat.beat(), Beat::Ping);
    assert_eq!(heartbeat.at, Instant::now() + TIMEOUT);
}
