//! What the door lets out, and what it never does.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use bytes::Bytes;
use weir_identity::outbound::{Error, Outbound, Request, Settings};

use crate::web::{door, door_with_names, serve, settings};

#[tokio::test]
async fn an_allowed_origin_answers() {
    let router = Router::new()
        .route("/hello", get(|| async { "hello" }))
        .route(
            "/form",
            post(|headers: HeaderMap, body: String| async move {
                format!("{} {body}", headers["content-type"].to_str().unwrap())
            }),
        )
        .route("/gone", get(|| async { (StatusCode::GONE, "{\"a\": 1}") }));
    let address = serve(router).await;
    let door = door(&[format!("http://{address}")]);

    let hello = door.send(Request::get(format!("http://{address}/hello"))).await.unwrap();
    assert_eq!((hello.status, &hello.body[..]), (StatusCode::OK, &b"hello"[..]));

    let form = Request::form(format!("http://{address}/form"), &[("a", "1 2"), ("b", "&=")]);
    let form = door.send(form).await.unwrap();
    assert_eq!(&form.body[..], b"application/x-www-form-urlencoded a=1+2&b=%26%3D");

    // A status is an answer; what it means is the caller's business.
    let gone = door.send(Request::get(format!("http://{address}/gone"))).await.unwrap();
    assert_eq!(gone.status, StatusCode::GONE);
    assert_eq!(gone.json::<serde_json::Value>().unwrap()["a"], 1);
    assert!(matches!(hello.json::<serde_json::Value>(), Err(Error::NotJson { .. })));
}

#[tokio::test]
async fn nothing_else_on_the_machine_is_reached() {
    let hits = Arc::new(AtomicUsize::new(0));
    let counter = hits.clone();
    let router = Router::new().fallback(move || {
        counter.fetch_add(1, Ordering::SeqCst);
        async { "secret" }
    });
    let port = serve(router).await.port();
    // The host entries allow these names, which lead to the loopback all the same.
    let allow =
        ["*.example.com", "localhost", "ip6-localhost", "http://allowed.example.com"].map(str::to_owned);
    let allow = [&allow[..], &[format!("localhost:{port}"), format!("*.example.com:{port}")]].concat();
    let door = door(&allow);

    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://[::ffff:7f00:1]:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://0x7f000001:{port}/"),
        format!("http://0177.0.0.1:{port}/"),
        format!("http://127.1:{port}/"),
        format!("http://0.0.0.0:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("http://allowed.example.com:{port}/"),
        format!("http://allowed.example.com@127.0.0.1:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[fd00:ec2::254]/latest/meta-data/".to_owned(),
        "http://metadata.google.internal/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "ftp://a.example.com/".to_owned(),
        "gopher://a.example.com/".to_owned(),
        "data:,x".to_owned(),
        "//a.example.com/".to_owned(),
        String::new(),
    ] {
        let refused = door.send(Request::get(url.as_str())).await;
        assert!(matches!(refused, Err(Error::NotAllowed(_) | Error::NotWeb(_))), "{url}: {refused:?}");
        assert_eq!(door.check(&url).unwrap_err(), refused.unwrap_err());
    }

    let localhost = door.send(Request::get(format!("https://localhost:{port}/"))).await;
    assert!(matches!(localhost, Err(Error::NotPublic { .. })), "{localhost:?}");
    assert_eq!(hits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_name_leads_only_where_it_may() {
    let allow = ["*.example.com".to_owned(), "http://gitlab.corp".to_owned()];
    let (door, names) = door_with_names(&allow, &[]);
    let ask = async |host: &str, addresses: &[&str]| {
        let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
        names.lock().insert(host.to_owned(), addresses);
        let scheme = if host == "gitlab.corp" { "http" } else { "https" };
        door.send(Request::get(format!("{scheme}://{host}/"))).await
    };

    for (i, address) in [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fc00::1",
        "fe80::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "100.100.100.200",
    ]
    .into_iter()
    .enumerate()
    {
        let host = format!("h{i}.example.com");
        let refused = ask(&host, &[address]).await;
        let expected =
            Error::NotPublic { origin: format!("https://{host}"), address: address.parse().unwrap() };
        assert_eq!(refused.unwrap_err(), expected);
    }
    // One good address does not excuse a bad one.
    let mixed = ask("mixed.example.com", &["8.8.8.8", "127.0.0.1"]).await;
    assert!(matches!(mixed, Err(Error::NotPublic { .. })), "{mixed:?}");

    // An origin may be private, yet its name never leads to a metadata service.
    for address in ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "fd00:ec2::254", "0.0.0.0"] {
        let refused = ask("gitlab.corp", &[address]).await;
        assert!(matches!(refused, Err(Error::NotPublic { .. })), "{address}: {refused:?}");
    }
    let nowhere = ask("nowhere.example.com", &[]).await;
    assert!(matches!(nowhere, Err(Error::Unreachable { .. })), "{nowhere:?}");
}

#[tokio::test]
async fn an_origin_named_by_name_may_be_private() {
    let port = serve(Router::new().route("/", get(|| async { "inside" }))).await.port();
    let origin = format!("http://gitlab.corp:{port}");
    let (door, names) = door_with_names(std::slice::from_ref(&origin), &[("gitlab.corp", &["127.0.0.1"])]);

    assert_eq!(&door.send(Request::get(format!("{origin}/"))).await.unwrap().body[..], b"inside");
    // The permission is for the origin, not for its host, nor for its address.
    names.lock().insert("other.corp".to_owned(), vec!["127.0.0.1".parse().unwrap()]);
    for url in [
        format!("http://other.corp:{port}/"),
        format!("http://127.0.0.1:{port}/"),
        "http://gitlab.corp/".to_owned(),
    ] {
        let refused = door.send(Request::get(url.as_str())).await;
        assert!(matches!(refused, Err(Error::NotAllowed(_))), "{url}: {refused:?}");
    }
}

#[tokio::test]
async fn a_metadata_address_is_reached_only_when_it_is_written_out() {
    let written = "http://169.254.169.254".to_owned();
    let url = "http://169.254.169.254/latest/meta-data/";
    assert_eq!(door(&[written]).check(url), Ok(()));
    let other = ["http://169.254.169.253".to_owned(), "*.254.169.254.example.com".to_owned()];
    assert_eq!(door(&other).check(url), Err(Error::NotAllowed("http://169.254.169.254".to_owned())));
}

#[tokio::test]
async fn a_name_is_checked_when_it_is_connected_to() {
    let allow = ["ci.example.com".to_owned()];
    let (door, names) = door_with_names(&allow, &[("ci.example.com", &["203.0.114.1"])]);
    assert_eq!(door.check("https://ci.example.com/"), Ok(()));

    names.lock().insert("ci.example.com".to_owned(), vec!["127.0.0.1".parse().unwrap()]);

    let rebound = door.send(Request::get("https://ci.example.com/")).await;
    assert!(matches!(rebound, Err(Error::NotPublic { .. })), "{rebound:?}");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let hits = Arc::new(AtomicUsize::new(0));
    let counter = hits.clone();
    let router = Router::new()
        .route(
            "/target",
            get(move || {
                counter.fetch_add(1, Ordering::SeqCst);
                async { "target" }
            }),
        )
        .route("/here", get(|| async { (StatusCode::FOUND, [("location", "/target")]) }))
        .route(
            "/elsewhere",
            get(|| async {
                (StatusCode::TEMPORARY_REDIRECT, [("location", "http://169.254.169.254/latest")])
            }),
        );
    let address = serve(router).await;
    let door = door(&[format!("http://{address}")]);

    for (path, status) in [("here", 302), ("elsewhere", 307)] {
        let refused = door.send(Request::get(format!("http://{address}/{path}"))).await;
        assert_eq!(refused.unwrap_err(), Error::Redirect { origin: format!("http://{address}"), status });
    }
    assert_eq!(hits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_answer_is_cut_at_its_limit() {
    let router = Router::new()
        .route("/fits", get(|| async { vec![b'x'; 100] }))
        .route("/announced", get(|| async { vec![b'x'; 101] }))
        .route(
            "/endless",
            get(|| async {
                let chunks =
                    futures_util::stream::repeat(Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 40])));
                Body::from_stream(chunks)
            }),
        );
    let address = serve(router).await;
    let door = door(&[format!("http://{address}")]);
    let ask =
        async |path: &str| door.send(Request::get(format!("http://{address}/{path}")).max_bytes(100)).await;

    assert_eq!(ask("fits").await.unwrap().body.len(), 100);
    for path in ["announced", "endless"] {
        assert_eq!(
            ask(path).await.unwrap_err(),
            Error::TooLarge { origin: format!("http://{address}"), limit: 100 }
        );
    }
}

#[tokio::test]
async fn a_slow_server_is_given_up() {
    let router =
        Router::new().route("/silent", get(|| async { std::future::pending::<String>().await })).route(
            "/stalled",
            get(|| async {
                use futures_util::StreamExt;
                let first = futures_util::stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"x"))]);
                Body::from_stream(first.chain(futures_util::stream::pending()))
            }),
        );
    let address = serve(router).await;
    let limits =
        Settings { total_timeout: Duration::from_millis(200), ..settings(&[format!("http://{address}")]) };
    let door = Outbound::new(limits).unwrap();

    for path in ["silent", "stalled"] {
        let given_up = door.send(Request::get(format!("http://{address}/{path}"))).await;
        let expected = Error::TimedOut { origin: format!("http://{address}"), limit_ms: 200 };
        assert_eq!(given_up.unwrap_err(), expected);
    }
}

#[tokio::test]
async fn only_so_many_requests_are_under_way() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counter, peak) = (now.clone(), most.clone());
    let handler = async move || {
        peak.fetch_max(counter.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        // Long enough for the others to arrive, if they were let out.
        tokio::time::sleep(Duration::from_millis(20)).await;
        counter.fetch_sub(1, Ordering::SeqCst);
        "done"
    };
    let address = serve(Router::new().route("/", get(handler))).await;
    let two = Settings { max_concurrent: 2, ..settings(&[format!("http://{address}")]) };
    let door = Outbound::new(two).unwrap();
    let ask = || door.send(Request::get(format!("http://{address}/")));

    let (a, b, c, d, e) = tokio::join!(ask(), ask(), ask(), ask(), ask());

    assert!([a, b, c, d, e].iter().all(|answer| answer.is_ok()));
    assert_eq!((now.load(Ordering::SeqCst), most.load(Ordering::SeqCst)), (0, 2));
}

#[tokio::test]
async fn waiting_for_a_slot_ends_with_the_deadline() {
    let none = Settings {
        max_concurrent: 0,
        total_timeout: Duration::from_millis(50),
        ..settings(&["http://127.0.0.1:1".to_owned()])
    };
    let door = Outbound::new(none).unwrap();
    let refused = door.send(Request::get("http://127.0.0.1:1/")).await;
    assert_eq!(refused.unwrap_err(), Error::Busy("http://127.0.0.1:1".to_owned()));
}

#[tokio::test]
async fn errors_keep_secrets() {
    let (door, _) = door_with_names(&["secret.example.com".to_owned()], &[]);
    for url in [
        "https://secret.example.com/path?private_token=hunter2",
        "https://user:hunter2@secret.example.com/",
        "https://other.example.com/?token=hunter2#hunter2",
        "hunter2-is-no-address",
    ] {
        let error = door.send(Request::get(url)).await.unwrap_err();
        let shown = if url.starts_with("hunter2") { "hunter2-is-no-address" } else { "" };
        assert!(!error.to_string().replace(shown, "").contains("hunter2"), "{error}");
    }
}
