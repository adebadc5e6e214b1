//! Bytes up and down: headers, ranges, digests, limits, and uploads that break off.

use std::time::Duration;

use futures_util::{TryStreamExt as _, stream};
use reqwest::Method;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use weir_store::files;
use weir_testing::{Answer, Client, TestRun, TestServer, Wishes};

use super::{STORES, blobs, connect, get, list, mount, names, put, raw_head, server_with, url};

/// SHA-256 of `hello`.
const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

#[tokio::test]
async fn a_file_comes_back_as_it_went() {
    for store in STORES {
        let server = server_with(store).await;
        let alice = server.developer("alice").await;
        let run = alice.create_run().await;
        let large: Vec<u8> = (0..13_000_001_u32).map(|number| (number ^ (number >> 8)) as u8).collect();

        let stored = put(&alice, &run, "a/b/large.bin", large.clone()).await;
        assert_eq!((stored.status, stored.bytes.len()), (200, 0), "{store:?} {stored}");
        let etag = format!("\"{}\"", hex::encode(Sha256::digest(&large)));
        assert_eq!(stored.header("etag"), Some(etag.as_str()));
        let answer = get(&alice, &run, "a/b/large.bin").await;
        assert_eq!(answer.status, 200);
        assert!(answer.bytes == large, "{store:?}: the same bytes");
        assert_eq!(answer.header("content-length"), Some("13000001"));

        let part = with_header(&alice, &run, "a/b/large.bin", "range", "bytes=12999000-13000000").await;
        assert_eq!(part.status, 206);
        assert!(part.bytes == large[12_999_000..], "{store:?}: the same part");
        assert_eq!(part.header("content-range"), Some("bytes 12999000-13000000/13000001"));
    }
}

#[tokio::test]
async fn a_download_says_what_the_file_is_and_is_safe_in_a_browser() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    put(&alice, &run, "d/sp ace é.html", "hello").await;

    let answer = get(&alice, &run, "d/sp ace é.html").await;
    for (name, value) in [
        ("etag", format!("\"{HELLO}\"").as_str()),
        ("x-checksum-sha256", HELLO),
        ("content-length", "5"),
        ("content-type", "text/html"),
        (
            "content-disposition",
            "attachment; filename=\"sp ace _.html\"; filename*=UTF-8''sp%20ace%20%C3%A9.html",
        ),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("accept-ranges", "bytes"),
        ("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let head = alice.send(alice.request(Method::HEAD, &url(&run, "d/sp ace é.html"))).await;
    assert_eq!((head.status, head.bytes.len(), head.header("content-length")), (200, 0, Some("5")));
}

#[tokio::test]
async fn an_empty_file_comes_without_a_length() {
    for store in STORES {
        let server = server_with(store).await;
        let alice = server.developer("alice").await;
        let run = alice.create_run().await;
        let nothing = reqwest::Body::wrap_stream(stream::empty::<Result<Vec<u8>, std::io::Error>>());

        assert_eq!(put(&alice, &run, "empty.bin", nothing).await.status, 200, "{store:?}");
        let answer = get(&alice, &run, "empty.bin").await;
        assert_eq!((answer.status, answer.bytes.len(), answer.header("content-length")), (200, 0, Some("0")));
        let range = with_header(&alice, &run, "empty.bin", "range", "bytes=0-").await;
        assert_eq!((range.status, range.header("content-range")), (416, Some("bytes */0")));
        let listing = list(&alice, &run, "").await.ok();
        assert_eq!(listing["files"], serde_json::json!([{ "path": "empty.bin", "is_dir": false }]));
    }
}

async fn with_header(client: &Client, run: &TestRun, path: &str, name: &str, value: &str) -> Answer {
    client.send(client.request(Method::GET, &url(run, path)).header(name, value)).await
}

#[tokio::test]
async fn ranges_are_served_one_at_a_time() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    put(&alice, &run, "a.txt", "0123456789").await;

    for (range, status, body, content_range) in [
        ("bytes=0-0", 206, "0", Some("bytes 0-0/10")),
        ("bytes=3-5", 206, "345", Some("bytes 3-5/10")),
        ("bytes=7-", 206, "789", Some("bytes 7-9/10")),
        ("bytes=8-100", 206, "89", Some("bytes 8-9/10")),
        ("bytes=-2", 206, "89", Some("bytes 8-9/10")),
        ("bytes=-20", 206, "0123456789", Some("bytes 0-9/10")),
        ("bytes=10-", 416, "", Some("bytes */10")),
        ("bytes=-0", 416, "", Some("bytes */10")),
        ("bytes=0-1,4-5", 200, "0123456789", None),
        ("bytes=5-2", 200, "0123456789", None),
        ("lines=1-2", 200, "0123456789", None),
    ] {
        let answer = with_header(&alice, &run, "a.txt", "range", range).await;
        assert_eq!(answer.status, status, "{range}");
        assert_eq!(String::from_utf8_lossy(&answer.bytes), body, "{range}");
        assert_eq!(answer.header("content-range"), content_range, "{range}");
    }
    let head =
        alice.send(alice.request(Method::HEAD, &url(&run, "a.txt")).header("range", "bytes=0-1")).await;
    assert_eq!((head.status, head.header("content-length")), (200, Some("10")));
}

#[tokio::test]
async fn a_download_is_resumed_only_of_the_same_file() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    put(&alice, &run, "a.txt", "hello").await;
    let etag = format!("\"{HELLO}\"");

    let same = format!("\"x\", W/{etag}");
    for known in [etag.as_str(), &same, "*"] {
        let answer = with_header(&alice, &run, "a.txt", "if-none-match", known).await;
        assert_eq!((answer.status, answer.bytes.len()), (304, 0), "{known}");
        assert_eq!(answer.header("etag"), Some(etag.as_str()));
    }
    assert_eq!(with_header(&alice, &run, "a.txt", "if-none-match", "\"other\"").await.status, 200);
    let begin = "Thu, 01 Jan 2026 00:00:00 GMT";
    assert_eq!(with_header(&alice, &run, "a.txt", "if-modified-since", begin).await.status, 304);

    let resume = async |condition: &str| {
        let request = alice.request(Method::GET, &url(&run, "a.txt")).header("range", "bytes=3-");
        alice.send(request.header("if-range", condition)).await
    };
    assert_eq!(resume(&etag).await.bytes, b"lo");
    assert_eq!(resume(begin).await.status, 206);
    for stale in ["\"other\"", "Thu, 01 Jan 2025 00:00:00 GMT", &format!("W/{etag}")] {
        let answer = resume(stale).await;
        assert_eq!((answer.status, answer.bytes.as_slice()), (200, &b"hello"[..]), "{stale}");
    }
}

#[tokio::test]
async fn an_announced_digest_is_checked() {
    for store in STORES {
        let server = server_with(store).await;
        let alice = server.developer("alice").await;
        let run = alice.create_run().await;
        let send = async |name: &str, value: &str| {
            let request = alice.request(Method::PUT, &url(&run, "a.txt")).header(name, value);
            alice.send(request.body("hello")).await
        };
        let wrong = "ab".repeat(32);
        let answer = send("x-checksum-sha256", &wrong).await;
        assert_eq!(answer.status, 400, "{answer}");
        assert!(answer.to_string().contains(HELLO) && answer.to_string().contains(&wrong), "{answer}");
        assert_eq!(send("content-digest", &format!("sha-256=:{}:", "q".repeat(42) + "o=")).await.status, 400);
        assert_eq!(send("content-digest", "sha-256=nonsense").await.status, 400);
        assert_eq!((get(&alice, &run, "a.txt").await.status, blobs(&server).await), (404, 0), "{store:?}");

        assert_eq!(send("x-checksum-sha256", HELLO).await.status, 200);
        let coded = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
        assert_eq!(send("content-digest", &format!("sha-512=:YQ==:, sha-256=:{coded}:")).await.status, 200);
    }
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused_before_it_is_read() {
    for artifacts in STORES {
        let server =
            TestServer::with(Wishes { artifacts, max_file_bytes: Some(1000), ..Wishes::default() }).await;
        let alice = server.developer("alice").await;
        let run = alice.create_run().await;
        assert_eq!(put(&alice, &run, "fits.bin", vec![7; 1000]).await.status, 200);

        // The head alone is sent: an answer cannot have waited for the body.
        let mut socket = connect(&alice).await;
        let line = format!("PUT {}{}", mount(&alice), url(&run, "a.bin"));
        socket.write_all(&raw_head(&alice, &line, "content-length: 1001\r\n")).await.unwrap();
        let mut answer = vec![0; 4096];
        let length = socket.read(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("limit of 1000 bytes"), "{answer}");

        let pieces = (0..20).map(|_| Ok::<_, std::io::Error>(vec![7_u8; 100]));
        let chunked = put(&alice, &run, "a.bin", reqwest::Body::wrap_stream(stream::iter(pieces))).await;
        assert!(chunked.status == 413 && chunked.to_string().contains("limit of 1000 bytes"), "{chunked}");
        assert_eq!(names(&list(&alice, &run, "").await.ok()), ["fits.bin"]);
        assert_eq!(blobs(&server).await, 1);
    }
}

#[tokio::test]
async fn a_refused_client_that_still_sends_gets_its_answer() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    alice.post("runs/delete", serde_json::json!({ "run_id": run.id })).await.ok();

    let answer = put(&alice, &run, "a.bin", vec![0; 20_000_000]).await;
    assert_eq!(answer.status, 400, "{answer}");
}

/// Files being written by this server's process.
fn staged(server: &TestServer) -> usize {
    let instances = std::fs::read_dir(server.artifact_folder.join("uploads")).unwrap();
    let folders = instances.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    folders.map(|folder| std::fs::read_dir(folder).unwrap().count() - 1).sum()
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..1000 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited in vain until {what}");
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    for length in ["content-length: 9000000\r\n", "transfer-encoding: chunked\r\n"] {
        let mut socket = connect(&alice).await;
        let line = format!("PUT {}{}", mount(&alice), url(&run, "half.bin"));
        socket.write_all(&raw_head(&alice, &line, length)).await.unwrap();
        if length.starts_with("transfer") {
            socket.write_all(b"44AA20\r\n").await.unwrap();
        }
        socket.write_all(&vec![1; 4_500_000]).await.unwrap();
        until("the upload has begun", || staged(&server) == 1).await;
        assert_eq!(list(&alice, &run, "").await.ok(), serde_json::json!({}));

        drop(socket);
        until("its bytes are gone", || staged(&server) == 0).await;
        assert_eq!(get(&alice, &run, "half.bin").await.status, 404);
        assert_eq!(list(&alice, &run, "").await.ok(), serde_json::json!({}));
        assert_eq!(blobs(&server).await, 0);
    }
}

#[tokio::test]
async fn a_part_of_a_file_is_not_taken_for_the_whole() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    put(&alice, &run, "a.txt", "whole").await;

    let request = alice.request(Method::PUT, &url(&run, "a.txt")).header("content-range", "bytes 0-1/5");
    let answer = alice.send(request.body("wh")).await;
    assert!(answer.status == 400 && answer.to_string().contains("Content-Range"), "{answer}");
    assert_eq!(get(&alice, &run, "a.txt").await.bytes, b"whole");
}

#[tokio::test]
async fn bytes_that_a_killed_server_left_without_a_row_are_found() {
    for store in STORES {
        let server = server_with(store).await;
        let alice = server.developer("alice").await;
        let run = alice.create_run().await;
        put(&alice, &run, "a.txt", "hello").await;
        let pieces = stream::iter([Ok(bytes::Bytes::from_static(b"left"))]);
        let left = server.app.blobs.put(None, pieces).await.unwrap();

        let all = server.app.blobs.list(Duration::ZERO).await.unwrap().try_collect::<Vec<_>>().await.unwrap();
        assert_eq!(all.len(), 2);
        let ask = all.clone();
        let lost = server.store.write(move |tx| files::mark_lost(tx, &ask, 0)).await.unwrap();
        assert_eq!(lost, 1, "{store:?}");
        let garbage = server.store.read(|tx| files::garbage(tx, 0, 10)).await.unwrap();
        assert_eq!(garbage, [left.location]);
        let again = server.store.write(move |tx| files::mark_lost(tx, &all, 0)).await.unwrap();
        assert_eq!(again, 0, "{store:?}: what is to be removed is known");
        assert_eq!(get(&alice, &run, "a.txt").await.bytes, b"hello");
    }
}
