//! Folders of artifacts as zip files.

use reqwest::Method;
use serde_json::json;
use weir_testing::client::TestRun;
use weir_testing::{Client, TestServer};

/// A reader of its own: the entries of an archive by its directory, each with its bytes, checksums looked at.
mod zip {
    fn int(bytes: &[u8], at: usize, length: usize) -> usize {
        bytes[at..at + length].iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
    }

    /// The bytes of a deflated entry that was not made smaller.
    fn unpacked(mut bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        loop {
            let length = int(bytes, 1, 2);
            assert_eq!(length ^ 0xffff, int(bytes, 3, 2), "the length of a block and its complement");
            out.extend_from_slice(&bytes[5..5 + length]);
            let last = bytes[0];
            bytes = &bytes[5 + length..];
            match last {
                0 => assert!(!bytes.is_empty()),
                1 => break,
                other => panic!("a block of kind {other}"),
            }
        }
        assert!(bytes.is_empty(), "bytes behind the last block");
        out
    }

    pub fn entries(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
        let end = archive.len() - 22;
        assert_eq!(int(archive, end, 4), 0x0605_4b50);
        let (count, mut at) = (int(archive, end + 10, 2), int(archive, end + 16, 4));
        assert_eq!(at + int(archive, end + 12, 4), end);
        let mut entries = Vec::new();
        for _ in 0..count {
            assert_eq!(int(archive, at, 4), 0x0201_4b50);
            assert_eq!(int(archive, at + 8, 2), 0x0808, "names in UTF-8, sizes behind the bytes");
            assert_eq!(int(archive, at + 10, 2), 8);
            let (crc, packed, size) =
                (int(archive, at + 16, 4), int(archive, at + 20, 4), int(archive, at + 24, 4));
            let (name, extra) = (int(archive, at + 28, 2), int(archive, at + 30, 2));
            let local = int(archive, at + 42, 4);
            let text = String::from_utf8(archive[at + 46..at + 46 + name].to_vec()).unwrap();
            at += 46 + name + extra;
            assert_eq!(int(archive, local, 4), 0x0403_4b50);
            let begin = local + 30 + int(archive, local + 26, 2) + int(archive, local + 28, 2);
            let bytes = unpacked(&archive[begin..begin + packed]);
            assert_eq!(bytes.len(), size);
            let descriptor = begin + packed;
            assert_eq!(int(archive, descriptor, 4), 0x0807_4b50);
            assert_eq!((int(archive, descriptor + 4, 4), int(archive, descriptor + 8, 4)), (crc, packed));
            assert_eq!(crc32fast::hash(&bytes) as usize, crc, "the checksum of {text}");
            entries.push((text, bytes));
        }
        entries
    }
}

async fn archive(client: &Client, path: &str) -> weir_testing::Answer {
    client.api_get(&format!("projects/1/ml/{path}")).await
}

fn names(answer: &weir_testing::Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{answer}");
    zip::entries(&answer.bytes).into_iter().map(|(name, _)| name).collect()
}

async fn with_files(client: &Client) -> TestRun {
    let run = client.create_run_in("0", json!({ "run_name": "früh/lauf" })).await;
    for (path, bytes) in [
        ("model/MLmodel", "flavors: {}"),
        ("model/data/weights.bin", &"w".repeat(300_000)),
        ("model/data/empty", ""),
        ("notes/é.md", "# héllo"),
        ("top.txt", "top"),
    ] {
        assert_eq!(client.put_file(&run, path, bytes).await.status, 200, "{path}");
    }
    run
}

#[tokio::test]
async fn a_run_s_files_are_one_archive() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = with_files(&alice).await;
    let answer = archive(&alice, &format!("runs/{}/artifacts.zip", run.id)).await;
    let entries = zip::entries(&answer.bytes);
    let found: Vec<(&str, usize)> = entries.iter().map(|(name, bytes)| (&**name, bytes.len())).collect();
    assert_eq!(
        found,
        [
            ("model/MLmodel", 11),
            ("model/data/empty", 0),
            ("model/data/weights.bin", 300_000),
            ("notes/é.md", 8),
            ("top.txt", 3)
        ]
    );
    assert_eq!(entries[3].1, "# héllo".as_bytes());
    assert!(entries[2].1.iter().all(|byte| *byte == b'w'));
    assert_eq!(answer.header("content-type"), Some("application/zip"));
    assert_eq!(answer.header("content-length"), Some(answer.bytes.len().to_string().as_str()));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(
        answer.header("content-disposition"),
        Some("attachment; filename=\"fr_h_lauf.zip\"; filename*=UTF-8''fr%C3%BCh_lauf.zip")
    );
}

#[tokio::test]
async fn a_folder_keeps_its_own_name_and_loses_those_above() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = with_files(&alice).await;
    let of = |path: &str| format!("runs/{}/artifacts.zip?path={path}", run.id);
    let answer = archive(&alice, &of("model/data")).await;
    assert_eq!(names(&answer), ["data/empty", "data/weights.bin"]);
    assert!(answer.header("content-disposition").unwrap().contains("lauf-data.zip"));
    assert_eq!(names(&archive(&alice, &of("notes/")).await), ["notes/é.md"]);
    assert_eq!(
        archive(&alice, &of("top.txt")).await.to_string(),
        r#"400 {"message":"'top.txt' is a file: download it as it is"}"#
    );
    assert_eq!(archive(&alice, &of("mod")).await.to_string(), r#"404 {"message":"No such folder: 'mod'"}"#);
    assert_eq!(archive(&alice, &of("../x")).await.status, 400);
    let empty = alice.create_run().await;
    let answer = archive(&alice, &format!("runs/{}/artifacts.zip", empty.id)).await;
    assert_eq!(names(&answer), [""; 0]);
}

#[tokio::test]
async fn versions_and_logged_models_have_archives_too() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m odel").await;
    let version = alice.create_semver("m odel", "1.2.0").await;
    let run = alice.run_of(&version).await;
    alice.put_file(&run, "MLmodel", "flavors: {}").await;
    let answer = archive(&alice, "models/m%20odel/versions/1.2.0/artifacts.zip").await;
    assert_eq!(names(&answer), ["MLmodel"]);
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"m odel-1.2.0.zip\""));
    assert_eq!(names(&archive(&alice, "models/m%20odel/versions/latest/artifacts.zip").await), ["MLmodel"]);
    assert_eq!(archive(&alice, "models/m%20odel/versions/2.0.0/artifacts.zip").await.status, 404);

    let model = alice.post("logged-models", json!({ "experiment_id": "0", "name": "net" })).await.ok();
    let info = &model["model"]["info"];
    let tree = TestRun {
        id: info["model_id"].as_str().unwrap().to_owned(),
        artifact_uri: info["artifact_uri"].as_str().unwrap().to_owned(),
    };
    alice.put_file(&tree, "a/b.txt", "b").await;
    let answer = archive(&alice, &format!("logged-models/{}/artifacts.zip", tree.id)).await;
    assert_eq!(names(&answer), ["a/b.txt"]);
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"net.zip\""));
}

#[tokio::test]
async fn who_may_not_read_gets_no_archive() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = with_files(&alice).await;
    let path = format!("runs/{}/artifacts.zip", run.id);
    let stranger = server.user("stranger", &[], weir_domain::access::Scopes::API, "1").await;
    assert_eq!(archive(&stranger, &path).await.status, 404);
    assert_eq!(archive(&server.anonymous(), &path).await.status, 401);
    let other = server.project("root/other", weir_domain::access::Visibility::Private).await;
    let elsewhere = server.root().api_get(&format!("projects/{other}/ml/{path}")).await;
    assert_eq!(elsewhere.status, 404);
}

#[tokio::test]
async fn bytes_that_are_gone_break_the_connection_and_make_no_short_archive() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = with_files(&alice).await;
    // The bytes of the files go, the rows stay.
    for entry in walk(&server.artifact_folder) {
        if std::fs::metadata(&entry).unwrap().len() == 300_000 {
            std::fs::remove_file(entry).unwrap();
        }
    }
    let url = format!("{}/api/v4/projects/1/ml/runs/{}/artifacts.zip", server.address, run.id);
    // The connection may break before the head has left the server, too.
    let Ok(response) = alice.request(Method::GET, &url).send().await else { return };
    assert_eq!(response.status().as_u16(), 200);
    assert!(response.bytes().await.is_err(), "the answer ended as if it were whole");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(walk(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[tokio::test]
async fn a_file_whose_name_becomes_a_folder_s_stays_apart_from_it() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    for path in ["a%5Cb", "a_b/c"] {
        assert_eq!(alice.put_file(&run, path, path).await.status, 200, "{path}");
    }
    let answer = archive(&alice, &format!("runs/{}/artifacts.zip", run.id)).await;
    assert_eq!(names(&answer), ["a_b~2", "a_b/c"]);
}

#[tokio::test]
async fn a_user_has_so_many_archives_at_once() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    // More than the systems at both ends keep of an answer that is not read.
    let large = "x".repeat(24 << 20);
    assert_eq!(alice.put_file(&run, "large", &large).await.status, 200);
    let path = format!("runs/{}/artifacts.zip", run.id);
    let url = format!("{}/api/v4/projects/1/ml/{path}", server.address);
    let mut open = Vec::new();
    for _ in 0..8 {
        let response = alice.request(Method::GET, &url).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        open.push(response);
    }
    let refused = archive(&alice, &path).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("30")));
    assert_eq!(
        refused.to_string(),
        r#"429 {"message":"too many zip files are being downloaded: wait for one to end, or ask again in a while"}"#
    );
    let bob = server.developer("bob").await;
    assert_eq!(archive(&bob, &path).await.status, 200);
    // One ends, one is given up.
    assert!(open.remove(0).bytes().await.unwrap().len() > large.len());
    assert_eq!(archive(&alice, &path).await.status, 200);
    open.truncate(1);
    for _ in 0..300 {
        let next = alice.request(Method::GET, &url).send().await.unwrap();
        if next.status().as_u16() == 200 {
            open.push(next);
        }
        if open.len() == 8 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the places were not given back");
}
