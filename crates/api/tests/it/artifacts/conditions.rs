//! Uploads and downloads with a condition: of two writers of one file none undoes the other's unseen.

use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use weir_testing::{Answer, Client, TestRun, TestServer};

use super::{STORES, blobs, connect, get, mount, put, raw_head, server_with, url};

async fn put_if(client: &Client, run: &TestRun, name: &str, value: &str, bytes: &'static str) -> Answer {
    client.send(client.request(Method::PUT, &url(run, "a.txt")).header(name, value).body(bytes)).await
}

#[tokio::test]
async fn a_file_is_put_only_when_the_condition_holds() {
    for store in STORES {
        let server = server_with(store).await;
        let alice = server.developer("alice").await;
        let run = alice.create_run().await;

        let none = put_if(&alice, &run, "if-match", "*", "0").await;
        assert_eq!(none.status, 412, "{none}");
        assert_eq!(none.json()["error_code"], "RESOURCE_CONFLICT");
        assert!(none.to_string().contains("there is no such file"), "{none}");

        let first = put_if(&alice, &run, "if-none-match", "*", "first").await;
        assert_eq!(first.status, 200, "{first}");
        let etag = first.header("etag").unwrap().to_owned();
        for (name, value) in
            [("if-none-match", "*"), ("if-none-match", etag.as_str()), ("if-match", "\"0123\"")]
        {
            let answer = put_if(&alice, &run, name, value, "lost").await;
            assert_eq!(answer.status, 412, "{name} {value}: {answer}");
            assert!(answer.json()["message"].as_str().unwrap().contains(&etag), "{answer}");
            assert_eq!(answer.header("etag"), Some(etag.as_str()));
        }
        assert_eq!(get(&alice, &run, "a.txt").await.bytes, b"first");

        assert_eq!(put_if(&alice, &run, "if-match", &etag, "second").await.status, 200);
        assert_eq!(put_if(&alice, &run, "if-match", &etag, "third").await.status, 412);
        assert_eq!(put_if(&alice, &run, "if-match", "first", "third").await.status, 400);
        assert_eq!(get(&alice, &run, "a.txt").await.bytes, b"second");
    }
}

#[tokio::test]
async fn of_writers_at_once_one_creates_the_file() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for _ in 0..5 {
        let run = alice.create_run().await;
        let write = |bytes| put_if(&alice, &run, "if-none-match", "*", bytes);
        let (a, b, c) = tokio::join!(write("aaa"), write("bbb"), write("ccc"));
        let mut statuses = [a.status, b.status, c.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412], "{a} {b} {c}");
    }
    // What lost was removed.
    assert!(blobs(&server).await <= 3);
}

#[tokio::test]
async fn a_condition_is_checked_when_the_file_is_committed() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    // It holds when the head is read, and no longer when the last byte has come.
    let mut socket = connect(&alice).await;
    let line = format!("PUT {}{}", mount(&alice), url(&run, "a.txt"));
    let headers = "connection: close\r\nif-none-match: *\r\nexpect: 100-continue\r\ncontent-length: 4\r\n";
    socket.write_all(&raw_head(&alice, &line, headers)).await.unwrap();
    let mut interim = [0; 25];
    socket.read_exact(&mut interim).await.unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n", "the body is wanted");
    assert_eq!(put(&alice, &run, "a.txt", "quicker").await.status, 200);
    socket.write_all(b"late").await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();

    assert!(answer.starts_with("HTTP/1.1 412") && answer.contains("RESOURCE_CONFLICT"), "{answer}");
    assert_eq!(get(&alice, &run, "a.txt").await.bytes, b"quicker");
    assert_eq!(blobs(&server).await, 1);
}

#[tokio::test]
async fn a_file_that_is_there_is_refused_before_its_bytes_are_read() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    put(&alice, &run, "a.txt", "there").await;
    let mut socket = connect(&alice).await;
    let line = format!("PUT {}{}", mount(&alice), url(&run, "a.txt"));
    let headers = "if-none-match: *\r\ncontent-length: 1000\r\n";
    socket.write_all(&raw_head(&alice, &line, headers)).await.unwrap();
    let mut answer = [0; 12];
    socket.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 412");
}

#[tokio::test]
async fn a_download_may_ask_for_one_state_of_the_file() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let etag = put(&alice, &run, "a.txt", "hello").await.header("etag").unwrap().to_owned();
    let ask = async |value: &str| {
        alice.send(alice.request(Method::GET, &url(&run, "a.txt")).header("if-match", value)).await
    };
    assert_eq!(ask(&etag).await.bytes, b"hello");
    assert_eq!(ask("*").await.bytes, b"hello");
    let other = ask("\"0123\"").await;
    assert_eq!(other.status, 412, "{other}");
    assert!(other.json()["message"].as_str().unwrap().contains(&etag), "{other}");
}
