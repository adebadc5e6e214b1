//! Streams: opened, resumed, limited, and ended when who has them may not read any more.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use weir_api::Pace;
use weir_domain::access::{Role, Scopes, Visibility};
use weir_testing::Client;

use super::{PACE, Stream, ask, server, server_at};

#[tokio::test]
async fn a_stream_goes_on_where_it_broke_off() {
    let server = server().await;
    let alice = server.developer("alice").await;
    let mut stream = Stream::new(&alice).await;
    alice.create_experiment("one").await;
    assert_eq!(stream.change().await, "experiment created experiment_id=1");
    let last = stream.last_id.clone();
    drop(stream);
    alice.create_experiment("two").await;
    alice.create_experiment("three").await;

    let (mut again, resumed) = Stream::open(&alice, Some(&last)).await;
    assert!(resumed);
    let mut told = [again.change().await, again.change().await];
    told.sort();
    assert_eq!(told, ["experiment created experiment_id=2", "experiment created experiment_id=3"]);

    // From the beginning of a quiet stream, too, and by the query.
    let (quiet, _) = Stream::open(&alice, None).await;
    let last = quiet.last_id.clone();
    drop(quiet);
    alice.create_experiment("four").await;
    let url = format!("{}/api/v4/projects/1/ml/events?last_event_id={last}", alice.server);
    let response = alice.request(Method::GET, &url).send().await.unwrap();
    let mut again = Stream { response, buffer: String::new(), last_id: String::new() };
    assert_eq!(again.any().await.data, json!({ "resumed": true }));
    assert_eq!(again.change().await, "experiment created experiment_id=4");
}

#[tokio::test]
async fn an_id_that_nobody_knows_any_more_means_to_fetch_everything() {
    let server = server().await;
    let alice = server.developer("alice").await;
    for last in ["0123456789abcdef-7-0", "x", "é"] {
        let (mut stream, resumed) = Stream::open(&alice, Some(last)).await;
        assert!(!resumed);
        let event = stream.next().await;
        assert_eq!((event.name.as_str(), event.data), ("refetch", json!({})));
    }
    let (mut stream, resumed) = Stream::open(&alice, Some("")).await;
    assert!(!resumed);
    assert_eq!(stream.any().await.name, "beat");
}

#[tokio::test]
async fn a_stream_gives_signs_of_life_and_the_headers_that_keep_it_flowing() {
    let server = server_at(Pace { beat_ms: 400, ..PACE }).await;
    let alice = server.developer("alice").await;
    let response = ask(&alice, None).await;
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/event-stream");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("x-accel-buffering"), "no");
    assert!(!response.headers().contains_key("content-length"));
    let mut stream = Stream { response, buffer: String::new(), last_id: String::new() };
    assert_eq!(stream.any().await.name, "ready");
    // A server that is short of breath may say something else in between.
    for _ in 0..2 {
        while stream.any().await.name != "beat" {}
    }
}

#[tokio::test]
async fn nothing_is_told_of_other_projects() {
    let server = server().await;
    let alice = server.developer("alice").await;
    let other = server.project("root/other", Visibility::Private).await;
    let root = Client::new(&server.address, &other.to_string(), server.root().token);
    let mut stream = Stream::new(&alice).await;
    root.create_experiment("secret").await;
    root.create_model("secret model").await;
    alice.create_experiment("own").await;
    assert_eq!(stream.change().await, "experiment created experiment_id=1");
}

#[tokio::test]
async fn a_registry_that_is_off_tells_nothing() {
    let server = server().await;
    let (alice, root) = (server.developer("alice").await, server.root());
    root.create_model("m").await;
    let off = json!({ "model_registry_access_level": "disabled" });
    root.api_put("projects/1", off).await.ok();
    let mut stream = Stream::new(&alice).await;
    // As another process may do it, which has not heard of the switch yet.
    let delete = |tx: &mut weir_store::Tx<'_>| {
        let model = weir_store::registered_models::get(tx, 1, "m")?;
        let tag = weir_domain::value::Entry { key: "a".to_owned(), value: "b".to_owned() };
        weir_store::registered_models::set_tag(tx, &model, &tag, &weir_domain::audit::Actor::SERVER, 0)
    };
    server.store.write(delete).await.unwrap();
    alice.create_experiment("own").await;
    assert!(stream.change().await.starts_with("experiment created"));
}

/// Waits for the end of a stream, which has to come soon.
async fn ends(mut stream: Stream) {
    let begun = Instant::now();
    loop {
        let event = stream.next().await;
        if event.name == "end" {
            assert_eq!(event.data, json!({ "reason": "access" }));
            break;
        }
    }
    assert!(stream.find().await.is_none(), "something came behind the end");
    assert!(begun.elapsed() < Duration::from_secs(5), "it took {:?}", begun.elapsed());
}

#[tokio::test]
async fn a_member_who_is_removed_hears_nothing_more() {
    let server = server().await;
    let (alice, root) = (server.member("alice", Role::Guest).await, server.root());
    let stream = Stream::new(&alice).await;
    let user = alice.api_get("user").await.ok()["id"].as_i64().unwrap();
    root.api_delete(&format!("projects/1/members/{user}")).await.with(204);
    ends(stream).await;
    assert_eq!(ask(&alice, None).await.status().as_u16(), 404);
}

#[tokio::test]
async fn a_revoked_token_and_a_blocked_user_hear_nothing_more() {
    let server = server().await;
    let (alice, bob) = (server.developer("alice").await, server.developer("bob").await);
    let (of_alice, of_bob) = (Stream::new(&alice).await, Stream::new(&bob).await);
    // By another process: nothing tells this one.
    let other = server.second_store();
    let now = server.now();
    let revoke = move |tx: &mut weir_store::Tx<'_>| {
        let alice = weir_store::users::by_name(tx, "alice")?;
        let bob = weir_store::users::by_name(tx, "bob")?;
        weir_store::users::set_blocked(tx, &bob, true)?;
        for token in weir_store::tokens::list(tx)? {
            if token.user_id == alice.id {
                weir_store::tokens::revoke(tx, &weir_domain::audit::Actor::SERVER, token.id, now)?;
            }
        }
        Ok(())
    };
    other.write(revoke).await.unwrap();
    ends(of_alice).await;
    ends(of_bob).await;
    assert_eq!(ask(&alice, None).await.status().as_u16(), 401);
}

/// Nobody can say who a caller is while the table is away.
async fn rename(server: &weir_testing::TestServer, from: &'static str, to: &'static str) {
    let sql = format!("ALTER TABLE {from} RENAME TO {to}");
    server.store.write(move |tx| tx.execute(&sql, &[])).await.unwrap();
}

#[tokio::test]
async fn a_database_that_fails_for_a_while_ends_no_stream_and_tells_nothing_meanwhile() {
    let server = server_at(Pace { beat_ms: 200, doubt_ms: 120_000, ..PACE }).await;
    let alice = server.developer("alice").await;
    let mut stream = Stream::new(&alice).await;
    alice.create_model("m").await;
    let tag = json!({ "name": "m", "key": "a", "value": "b" });
    alice.post("registered-models/set-tag", tag).await.ok();
    let model = server.store.read(|tx| weir_store::registered_models::get(tx, 1, "m")).await.unwrap();
    rename(&server, "users", "users_away").await;
    // Until what came before is told, and the failure is met: what was known before counts for a while.
    for _ in 0..15 {
        while stream.any().await.name != "beat" {}
    }
    // The value that it has: another would leave an audit entry, which takes the table.
    let change = move |tx: &mut weir_store::Tx<'_>| {
        let tag = weir_domain::value::Entry { key: "a".to_owned(), value: "b".to_owned() };
        weir_store::registered_models::set_tag(tx, &model, &tag, &weir_domain::audit::Actor::SERVER, 0)
    };
    server.store.write(change).await.unwrap();
    for _ in 0..4 {
        assert_eq!(stream.any().await.name, "beat");
    }
    rename(&server, "users_away", "users").await;
    // Between replicas the news itself may have been lost with the database: then all is to be read again.
    let told = stream.next().await;
    assert!(told.name == "refetch" || (told.name == "change" && told.data["model"] == "m"), "{told:?}");
}

#[tokio::test]
async fn a_database_that_goes_on_failing_is_no_loss_of_access() {
    let server = server_at(Pace { doubt_ms: 300, ..PACE }).await;
    let alice = server.developer("alice").await;
    let mut stream = Stream::new(&alice).await;
    rename(&server, "users", "users_away").await;
    let event = stream.next().await;
    assert_eq!((event.name.as_str(), event.data), ("end", json!({ "reason": "stop" })));
    assert!(stream.find().await.is_none());
}

#[tokio::test]
async fn a_token_that_may_not_read_opens_no_stream() {
    let server = server().await;
    assert_eq!(ask(&server.anonymous(), None).await.status().as_u16(), 401);
    let stranger = server.user("stranger", &[], Scopes::API, "1").await;
    assert_eq!(ask(&stranger, None).await.status().as_u16(), 404);
}

#[tokio::test]
async fn streams_of_a_user_are_limited_and_given_back() {
    let server = server().await;
    let alice = server.developer("alice").await;
    let mut streams = Vec::new();
    for _ in 0..3 {
        streams.push(Stream::new(&alice).await);
    }
    let refused = ask(&alice, None).await;
    assert_eq!(refused.status().as_u16(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    let body: Value = refused.json().await.unwrap();
    assert_eq!(
        body["message"],
        json!("too many event streams are open: close some, or ask again in a while")
    );
    let bob = server.developer("bob").await;
    let first_of_bob = Stream::new(&bob).await;
    streams.pop();
    // The server notices at its next sign of life.
    for _ in 0..300 {
        if ask(&alice, None).await.status().as_u16() == 200 {
            drop(first_of_bob);
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the place was not given back");
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams_at_once() {
    let server = server().await;
    let alice = server.developer("alice").await;
    let mut stream = Stream::new(&alice).await;
    server.app.end_streams();
    let event = stream.next().await;
    assert_eq!((event.name.as_str(), event.data), ("end", json!({ "reason": "stop" })));
    assert!(stream.find().await.is_none());
}

#[tokio::test]
async fn what_a_command_writes_beside_the_server_means_to_look_again() {
    let server = server().await;
    if server.is_shared() {
        return;
    }
    let alice = server.developer("alice").await;
    let other = server.second_store();
    let mut stream = Stream::new(&alice).await;
    // Its own writes are no reason to.
    for step in 0..20 {
        alice.create_experiment(&format!("own {step}")).await;
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    for _ in 0..20 {
        assert!(stream.change().await.starts_with("experiment created"));
    }
    other.write(|tx| weir_store::projects::set_visibility(tx, 1, Visibility::Internal)).await.unwrap();
    assert_eq!(stream.next().await.name, "refetch");
}

#[tokio::test]
async fn streams_are_counted_for_prometheus() {
    let server = server().await;
    let alice = server.developer("alice").await;
    let mut stream = Stream::new(&alice).await;
    alice.create_experiment("one").await;
    stream.change().await;
    let request = alice.request(Method::GET, &format!("{}/metrics", server.address));
    let text = String::from_utf8(alice.send(request).await.bytes).unwrap();
    for line in ["weir_events_streams 1", "weir_events_sent_total 1", "weir_events_refused_total 0"] {
        assert!(text.lines().any(|own| own == line), "{line} in {text}");
    }
}
