//! Several servers on one PostgreSQL database: each tells what any of them changed. On SQLite there is one server.

use std::time::Duration;

use serde_json::json;
use weir_store::Tx;
use weir_testing::TestServer;

use super::{Stream, listening, server};

#[tokio::test]
async fn a_change_at_one_server_is_told_at_the_other() {
    let server = server().await;
    if !server.is_shared() {
        return;
    }
    let replica = server.replica().await;
    let alice = server.developer("alice").await;
    let there = replica.client(&alice);
    let (mut here_stream, mut there_stream) = (settled(&alice).await, settled(&there).await);
    alice.create_experiment("one").await;
    for stream in [&mut here_stream, &mut there_stream] {
        assert_eq!(stream.change().await, "experiment created experiment_id=1");
    }
    assert_eq!(here_stream.last_id, there_stream.last_id, "one change has one id everywhere");
    there.create_experiment("two").await;
    for stream in [&mut here_stream, &mut there_stream] {
        assert_eq!(stream.change().await, "experiment created experiment_id=2");
    }
}

/// A stream of a server that hears what is told already.
async fn settled(client: &weir_testing::Client) -> Stream {
    listening(client).await;
    Stream::new(client).await
}

#[tokio::test]
async fn a_stream_goes_on_at_another_server() {
    let server = server().await;
    if !server.is_shared() {
        return;
    }
    let replica = server.replica().await;
    let alice = server.developer("alice").await;
    let there = replica.client(&alice);
    let mut stream = settled(&alice).await;
    alice.create_experiment("one").await;
    stream.change().await;
    let last = stream.last_id.clone();
    drop(stream);
    there.create_experiment("two").await;
    let (mut again, resumed) = Stream::open(&there, Some(&last)).await;
    assert!(resumed);
    assert_eq!(again.change().await, "experiment created experiment_id=2");
}

#[tokio::test]
async fn a_lost_connection_is_renewed_and_pages_are_told_to_look_again() {
    let server = server().await;
    if !server.is_shared() {
        return;
    }
    let alice = server.developer("alice").await;
    let mut stream = settled(&alice).await;
    alice.create_experiment("one").await;
    stream.change().await;
    let last = stream.last_id.clone();
    assert_eq!(server.store.write(kill_listeners).await.unwrap(), 1);
    alice.create_experiment("two").await;
    // Whether "two" itself is told depends on who was faster; that something may have been missed is told for certain.
    while stream.next().await.name != "refetch" {}
    let (_, resumed) = Stream::open(&alice, Some(&last)).await;
    assert!(!resumed, "what was before the gap cannot be resumed from");
    alice.create_experiment("three").await;
    while stream.change().await != "experiment created experiment_id=3" {}
}

/// Answers how many connections of listeners were closed.
fn kill_listeners(tx: &mut Tx<'_>) -> weir_domain::Result<usize> {
    let killed = tx.list(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND query LIKE '%LISTEN weir_changes%' AND pid <> pg_backend_pid()",
        &[],
        |row| row.bool(0),
    )?;
    Ok(killed.len())
}

#[tokio::test]
async fn a_server_that_dies_is_missed_and_one_that_stops_is_not() {
    let server = server().await;
    if !server.is_shared() {
        return;
    }
    let alice = server.developer("alice").await;
    let stopped = server.replica().await;
    let died = server.replica().await;
    let mut stream = settled(&alice).await;
    stopped.client(&alice).create_experiment("one").await;
    assert_eq!(stream.change().await, "experiment created experiment_id=1");
    stopped.stop().await;
    quiet(&mut stream, Duration::from_secs(6)).await;
    drop(died);
    assert_eq!(stream.next().await.name, "refetch");
}

/// Fails when anything but signs of life comes.
async fn quiet(stream: &mut Stream, time: Duration) {
    let _ = tokio::time::timeout(time, async {
        let event = stream.next().await;
        panic!("{event:?}");
    })
    .await;
}

#[tokio::test]
async fn a_change_right_before_a_stop_is_told() {
    let server = server().await;
    if !server.is_shared() {
        return;
    }
    let alice = server.developer("alice").await;
    let replica = server.replica().await;
    let mut stream = settled(&alice).await;
    let there = replica.client(&alice);
    there.post("experiments/create", json!({ "name": "last" })).await.ok();
    replica.stop().await;
    assert_eq!(stream.change().await, "experiment created experiment_id=1");
}

#[tokio::test]
async fn a_restarted_server_resumes_no_stream_of_its_former_life() {
    let server: TestServer = server().await;
    if !server.is_shared() {
        return;
    }
    let alice = server.developer("alice").await;
    let first = server.replica().await;
    let mut stream = settled(&first.client(&alice)).await;
    alice.create_experiment("one").await;
    stream.change().await;
    let last = stream.last_id.clone();
    first.stop().await;
    let second = server.replica().await;
    let there = second.client(&alice);
    listening(&there).await;
    let (mut again, resumed) = Stream::open(&there, Some(&last)).await;
    assert!(!resumed);
    assert_eq!(again.next().await.name, "refetch");
}
