//! Uploads into packages: raw and as a form, what may be asked of them, and what they are held against.

use reqwest::Method;
use serde_json::json;
use weir_testing::{Client, TestServer, Wishes};

use super::{get, listed, message, package, put, request, text};

const FILE: &str = "/generic/p/1/f.txt";
/// SHA-256 of `hello`.
const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

/// A form of these parts, sent to `path`.
fn form(client: &Client, path: &str, parts: &[(&str, &str)]) -> reqwest::RequestBuilder {
    let mut body = String::new();
    for (name, content) in parts {
        body.push_str(&format!(
            "--b0\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"f\"\r\n\r\n{content}\r\n"
        ));
    }
    body.push_str("--b0--\r\n");
    request(client, Method::PUT, path).header("content-type", "multipart/form-data; boundary=b0").body(body)
}

#[tokio::test]
async fn a_form_carries_the_same_file_as_a_body() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let content = "line\r\n--b\r\n".repeat(50_000);
    let sent =
        alice.send(form(&alice, FILE, &[("other", "x"), ("file", &content), ("status", "hidden")])).await;
    assert_eq!(sent.to_string(), r#"201 {"message":"201 Created"}"#);
    assert!(text(&alice, FILE).await == content, "the same bytes");
    assert!(listed(&alice, "").await.is_empty(), "the form hid it");
    assert_eq!(listed(&alice, "?status=hidden").await, ["generic p 1"]);

    for (parts, sentence) in [
        (&[("status", "default")][..], "file is missing: put the file into the form's field 'file'"),
        (&[("file", "a"), ("file", "b")], "file is invalid: the form has two; put one file in a request"),
        (
            &[("file", "a"), ("status", "gone")],
            "status does not have a valid value: 'gone' is not default or hidden",
        ),
    ] {
        let answer = alice.send(form(&alice, FILE, parts)).await;
        assert_eq!(message(&answer), format!("400 {sentence}"));
    }
    let broken =
        request(&alice, Method::PUT, FILE).header("content-type", "multipart/form-data; boundary=b0");
    let answer =
        alice.send(broken.body("--b0\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc")).await;
    assert_eq!(
        message(&answer),
        "400 the body is no multipart/form-data as its Content-Type says: it broke off before its last boundary"
    );
    assert!(text(&alice, FILE).await == content, "what was refused changed nothing");
}

#[tokio::test]
async fn the_description_of_the_file_can_be_asked_for() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    server.advance_ms(1);
    let answer = put(&alice, &format!("{FILE}?select=package_file"), "hello").await;
    let own = package(&alice, "p", "1").await;
    let expected = json!({
        "id": answer.ok()["id"],
        "package_id": own["id"],
        "created_at": "2026-01-01T00:00:00.001Z",
        "file_name": "f.txt",
        "size": 5,
        "file_md5": null,
        "file_sha1": null,
        "file_sha256": HELLO,
    });
    assert_eq!(answer.ok(), expected);
    assert_eq!(super::files(&alice, &own, "").await, [expected]);
    assert_eq!(answer.header("etag"), Some(format!("\"{HELLO}\"").as_str()));
    let wrong = put(&alice, &format!("{FILE}?select=all"), "x").await;
    assert_eq!(message(&wrong), "400 select does not have a valid value: 'all' is not package_file");
}

#[tokio::test]
async fn a_state_set_by_an_upload_stays_until_the_next_says_otherwise() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    put(&alice, &format!("{FILE}?status=hidden"), "a").await;
    put(&alice, FILE, "b").await;
    assert!(listed(&alice, "").await.is_empty());
    put(&alice, &format!("{FILE}?status=default"), "c").await;
    assert_eq!(listed(&alice, "").await, ["generic p 1"]);
}

#[tokio::test]
async fn announced_checksums_and_conditions_hold() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let with = async |name: &str, value: &str, body: &'static str| {
        alice.send(request(&alice, Method::PUT, FILE).header(name, value).body(body)).await
    };
    let wrong = with("x-checksum-sha256", HELLO, "other").await;
    assert!(message(&wrong).contains(&format!("{HELLO} was announced")), "{wrong}");
    assert_eq!(with("if-match", &format!("\"{HELLO}\""), "x").await.status, 412);
    assert_eq!(get(&alice, "").await.ok(), json!([]), "no package was made for a refused file");

    assert_eq!(with("x-checksum-sha256", HELLO, "hello").await.status, 201);
    assert_eq!(with("if-none-match", "*", "x").await.status, 412);
    assert_eq!(with("content-range", "bytes 0-1/5", "x").await.status, 400);
    assert_eq!(text(&alice, FILE).await, "hello");
    assert_eq!(with("if-match", &format!("\"{HELLO}\""), "newer").await.status, 201);
    assert_eq!(text(&alice, FILE).await, "newer");
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused_as_gitlab_does() {
    let server = TestServer::with(Wishes { max_file_bytes: Some(10), ..Wishes::default() }).await;
    let alice = server.developer("alice").await;
    for answer in [
        put(&alice, FILE, "12345678901").await,
        alice.send(form(&alice, FILE, &[("file", "12345678901")])).await,
    ] {
        let sentence = "400 400 Bad request - File is too large: a file of 11 bytes or more is over the limit of 10 bytes per file";
        assert_eq!(message(&answer), sentence);
    }
    assert_eq!(put(&alice, FILE, "1234567890").await.status, 201);
}

#[tokio::test]
async fn a_proxy_may_ask_first() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let guest = server.member("guest", weir_domain::access::Role::Guest).await;
    let asked = put(&alice, &format!("{FILE}/authorize"), "").await;
    assert_eq!(asked.to_string(), "200 {}");
    assert_eq!(get(&alice, FILE).await.status, 404, "nothing was put");
    assert_eq!(put(&guest, &format!("{FILE}/authorize"), "").await.status, 403);
    assert_eq!(put(&server.anonymous(), &format!("{FILE}/authorize"), "").await.status, 401);
    assert_eq!(put(&alice, "/ml_models/77/files/a/authorize", "").await.status, 404);
    assert_eq!(put(&alice, "/generic/p/1/..%2Fa/authorize", "").await.status, 400);
    // With a body it is a file of that name.
    assert_eq!(put(&alice, "/generic/p/1/dir/authorize", "x").await.status, 201);
    assert_eq!(put(&alice, "/generic/p/1/authorize", "").await.status, 201);
    assert_eq!(text(&alice, "/generic/p/1/dir/authorize").await, "x");
}
