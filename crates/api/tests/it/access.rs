//! Who gets in: every route, without a token and with each kind of it.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use weir_domain::access::{Right, Role, Scopes, Visibility};
use weir_domain::audit::Actor;
use weir_store::tokens;
use weir_testing::server::{new_personal, new_token, new_user};
use weir_testing::{Client, TestServer};

/// A private group that the callers of these tests are in.
const GROUP: &str = "team";

/// A request that a route answers with its own words once the guard lets it through.
pub fn addresses(pattern: &str) -> String {
    pattern
        .replace("{project}", "1")
        .replace("{*path}", "0/0123456789abcdef0123456789abcdef/artifacts/x")
        .replace("{upload_id}", "0123456789abcdef0123456789abcdef")
        .replace("{part}", "1")
        .replace("{name}", "nothing")
        .replace("{version}", "1.0.0")
        .replace("{model_id}", "m-0123456789abcdef0123456789abcdef")
        .replace("{*tag_key}", "a")
        .replace("{package_id}", "1")
        .replace("{package_file_id}", "1")
        .replace("{model_version_id}", "1")
        .replace("{package_name}", "p")
        .replace("{package_version}", "1.0")
        .replace("{audit_event}", "999999")
        .replace("{group}", GROUP)
        .replace("{run_id}", "0123456789abcdef0123456789abcdef")
        .replace("{experiment}", "0")
        .replace("{candidate}", "77")
        .replace("{rule}", "77")
        .replace("{token}", "77")
        .replace("{user}", "77")
        .replace("{secret}", "none")
        .replace("{id}", "77")
}

/// The status of a request without content.
async fn status(client: &Client, method: Method, address: &str) -> u16 {
    let request = client.request(method, &format!("{}{address}", client.server));
    client.send(request.header("content-type", "application/json").body("{}")).await.status
}

/// Whether a route ends the token that it is asked with.
fn spends_the_token(route: &weir_api::Route) -> bool {
    route.method != Method::GET && route.path.contains("/self")
}

/// What a caller with this role, and with a token of every scope, gets of a route that it sees.
fn expected(route: &weir_api::Route, role: Option<Role>) -> &'static [u16] {
    const THROUGH: &[u16] = &[200, 201, 202, 204, 400, 404, 409, 501];
    match (route.right, role) {
        (Right::Administrate | Right::Oversee, _) => &[403],
        (Right::Read | Right::See | Right::SignedIn | Right::Profile | Right::Act | Right::Rotate, _) => {
            THROUGH
        }
        (right, role) if role >= right.least_role() => THROUGH,
        _ => &[403],
    }
}

#[tokio::test]
async fn every_route_keeps_out_who_has_not_its_right() {
    let server = TestServer::start().await;
    let group = server.group(GROUP, Visibility::Private).await;
    let stranger = server.user("stranger", &[], Scopes::API, "1").await;
    let reader = server.user("reader", &[(1, Role::Developer)], Scopes::READ_API, "1").await;
    let guest = server.member("guest", Role::Guest).await;
    let developer = server.developer("developer").await;
    for (name, role) in [("reader", Role::Developer), ("guest", Role::Guest), ("developer", Role::Developer)]
    {
        server.join_group(group, name, role).await;
    }
    let bad = server.anonymous().with_token(new_token());
    let routes = server.routes();
    assert!(routes.len() > 160, "the table has {} routes", routes.len());
    // Else the answer with the events would have no end.
    server.app.end_streams();
    for route in routes {
        let address = addresses(&route.path);
        let of_place = route.right.least_role().is_some();
        for (client, who) in [
            (&server.anonymous(), "nobody"),
            (&bad, "a bad token"),
            (&stranger, "a stranger"),
            (&reader, "read_api"),
            (&guest, "a guest"),
            (&developer, "a developer"),
        ] {
            if spends_the_token(&route) && client.token.is_some() && who != "a bad token" {
                continue;
            }
            let status = status(client, route.method.clone(), &address).await;
            let what = format!("{who} {} {address}: {status}", route.method);
            match (route.right, who) {
                // Signed addresses check their own signature.
                (Right::Anyone, _) => assert!(matches!(status, 200 | 400 | 403 | 404), "{what}"),
                (Right::Session, _) => assert_eq!(status, 401, "{what}"),
                // The project could be public.
                (Right::ReadPackages, "nobody") => assert_eq!(status, 404, "{what}"),
                (_, "nobody" | "a bad token") => assert_eq!(status, 401, "{what}"),
                (_, "a stranger") if of_place => assert_eq!(status, 404, "{what}"),
                (right, "read_api") if !right.reads() => assert_eq!(status, 403, "{what}"),
                // Maintainers delete packages.
                (Right::Write, "a developer") if route.path.contains("{package_id}") => {
                    assert_eq!(status, 403, "{what}");
                }
                // `{user}` is somebody else: one sends only oneself away.
                (Right::Leave, "a guest" | "a developer") => assert_eq!(status, 403, "{what}"),
                (_, "a stranger") => assert!(expected(&route, None).contains(&status), "{what}"),
                (_, "a guest") => assert!(expected(&route, Some(Role::Guest)).contains(&status), "{what}"),
                _ => assert!(expected(&route, Some(Role::Developer)).contains(&status), "{what}"),
            }
        }
    }
}

#[tokio::test]
async fn only_searches_are_posted_to_by_readers() {
    let server = TestServer::start().await;
    for route in server.routes() {
        if route.path.starts_with("/-/") {
            continue;
        }
        let posted_read = ["/search", "/search-datasets", "/presigned-download-url", "/get-latest-versions"]
            .iter()
            .chain(&[
                "/ml/experiments/{experiment}/table",
                "/ml/experiments/{experiment}/groups",
                "/ml/series",
            ])
            .any(|end| route.path.ends_with(end));
        let signed = route.path.ends_with("/mpu/part/{upload_id}/{part}");
        // Whoever holds a token may end it.
        let gives_up = route.path == "/api/v4/personal_access_tokens/self";
        // GitLab shows a group's tokens to its owners only, who have no right of their own for reading.
        let owners =
            route.path.starts_with("/api/v4/groups/{group}/access_tokens") && route.right == Right::Own;
        let expected = route.method == Method::GET && !owners || posted_read || signed || gives_up;
        assert_eq!(route.right.reads(), expected, "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn anyone_is_only_let_in_where_nothing_of_a_project_is_told() {
    let server = TestServer::start().await;
    let open: Vec<String> = server
        .routes()
        .into_iter()
        .filter(|route| route.right == Right::Anyone)
        .map(|route| route.path)
        .filter(|path| !path.ends_with("/mpu/part/{upload_id}/{part}"))
        .collect();
    let project = "/api/v4/projects/{project}/ml/mlflow";
    let (version, health) = (format!("{project}/version"), format!("{project}/health"));
    let mut expected =
        vec!["/health", "/ready", "/metrics", "/version", "/api/openapi.json", &version, &health];
    let link = "/-/sign-in/link/{secret}";
    expected.extend(["/-/session", "/-/sign-in/methods", "/-/oidc/start", "/-/oidc/callback", link, link]);
    let mut open: Vec<&str> = open.iter().map(String::as_str).collect();
    open.sort_unstable();
    expected.sort_unstable();
    assert_eq!(open, expected);
}

#[tokio::test]
async fn an_invisible_project_and_one_that_is_not_there_look_the_same() {
    let server = TestServer::start().await;
    let stranger = server.user("stranger", &[], Scopes::API, "1").await;
    let there = stranger.get("experiments/get?experiment_id=0").await;
    assert_eq!(there.to_string(), "404 RESOURCE_DOES_NOT_EXIST: Project '1' not found");
    let nowhere = Client::new(&server.address, "77", stranger.token.clone());
    assert_eq!(
        nowhere.get("experiments/get?experiment_id=0").await.to_string(),
        "404 RESOURCE_DOES_NOT_EXIST: Project '77' not found"
    );
}

#[tokio::test]
async fn visibility_opens_a_project_for_reading_only() {
    let server = TestServer::start().await;
    for visibility in [Visibility::Internal, Visibility::Public] {
        let id = server.project(&format!("root/{}", visibility.name()), visibility).await;
        let visitor =
            server.user(&format!("v-{}", visibility.name()), &[], Scopes::API, &id.to_string()).await;
        visitor.get("experiments/get?experiment_id=0").await.ok();
        let refused = visitor.post("experiments/create", json!({ "name": "x" })).await;
        assert_eq!(
            refused.to_string(),
            "403 PERMISSION_DENIED: you may not change anything in this project: you are no member, and it needs developer or above"
        );
        let nobody = Client::new(&server.address, &id.to_string(), None);
        assert_eq!(
            nobody.get("experiments/get?experiment_id=0").await.to_string(),
            r#"401 {"message":"401 Unauthorized"}"#
        );
    }
}

#[tokio::test]
async fn reading_needs_a_guest_and_writing_a_developer() {
    let server = TestServer::start().await;
    for role in Role::ALL {
        let member = server.member(role.name(), role).await;
        member.post("runs/search", json!({ "experiment_ids": ["0"] })).await.ok();
        let written = member.post("runs/create", json!({ "experiment_id": "0" })).await;
        assert_eq!(written.status == 200, role >= Role::Developer, "{} {written}", role.name());
    }
}

#[tokio::test]
async fn a_token_may_stand_in_three_places() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let (token, nobody) = (alice.token.clone().unwrap(), server.anonymous());
    let request = || nobody.request(Method::GET, "/api/2.0/mlflow/experiments/get?experiment_id=0");
    for request in [
        request().bearer_auth(&token),
        request().header("PRIVATE-TOKEN", &token),
        request().basic_auth("whoever", Some(&token)),
    ] {
        nobody.send(request).await.ok();
    }
    for request in [
        request().header("authorization", token.as_str()),
        request().header("authorization", "Basic !"),
        request().header("authorization", format!("Digest {token}")),
        request().basic_auth(&token, None::<&str>),
        request().bearer_auth(format!("{token}x")),
    ] {
        let answer = nobody.send(request).await;
        assert_eq!(answer.status, 401, "{answer}");
        assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"weir\""));
    }
}

#[tokio::test]
async fn expired_revoked_and_blocked_are_refused_within_a_second() {
    let server = TestServer::start().await;
    let now = server.now();
    let (secret, short) = (new_token(), new_token());
    let (digest, short_digest) = (tokens::digest(&secret), tokens::digest(&short));
    let (user, token) = server
        .store
        .write(move |tx| {
            let user = weir_store::users::create(tx, &new_user("alice", true, now))?;
            let token = tokens::create_personal(tx, user.id, &new_personal(digest, Scopes::API, None, now))?;
            tokens::create_personal(
                tx,
                user.id,
                &new_personal(short_digest, Scopes::API, Some(now + 1000), now),
            )?;
            Ok((user.id, token.id))
        })
        .await
        .unwrap();
    let alice = server.anonymous().with_token(secret);
    let hasty = server.anonymous().with_token(short);
    let read = "experiments/get?experiment_id=0";
    alice.get(read).await.ok();
    hasty.get(read).await.ok();

    server.advance_ms(1000);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(hasty.get(read).await.status, 401, "expired");
    alice.get(read).await.ok();

    // As another process does it: nothing tells the server.
    let other = server.second_store();
    other
        .write(move |tx| {
            let user = weir_store::users::get(tx, user)?;
            weir_store::users::set_blocked(tx, &user, true)
        })
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(alice.get(read).await.status, 401, "blocked");
    other
        .write(move |tx| {
            let user = weir_store::users::get(tx, user)?;
            weir_store::users::set_blocked(tx, &user, false)
        })
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    alice.get(read).await.ok();
    other.write(move |tx| tokens::revoke(tx, &Actor::SERVER, token, now)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(alice.get(read).await.status, 401, "revoked");
}

#[tokio::test]
async fn tokens_that_have_ended_are_told_alike_and_so_are_those_that_never_were() {
    let server = TestServer::start().await;
    let root = server.root();
    let make = async |user: i64, day: &str| {
        let body = json!({ "name": "t", "scopes": ["api"], "expires_at": day });
        let made = root.api_post(&format!("users/{user}/personal_access_tokens"), body).await.with(201);
        (made["id"].clone(), made["token"].as_str().unwrap().to_owned())
    };
    let alice = server.user("alice", &[], Scopes::API, "1").await.api_get("user").await.ok()["id"].clone();
    let alice = alice.as_i64().unwrap();
    let ((_, expired), (id, revoked)) = (make(1, "2026-01-02").await, make(1, "2026-03-01").await);
    let ((_, blocked), (old, rotated)) = (make(alice, "2026-03-01").await, make(1, "2026-03-01").await);
    root.api_delete(&format!("personal_access_tokens/{id}")).await.with(204);
    root.api_post(&format!("personal_access_tokens/{old}/rotate"), json!({})).await.ok();
    root.api_post(&format!("users/{alice}/block"), json!({})).await.with(201);
    server.advance_ms(24 * 60 * 60 * 1000);
    let unknown = json!({ "message": "401 Unauthorized" });
    let ended = json!({
        "message": "401 Unauthorized",
        "error": "invalid_token",
        "error_description": "The access token has expired, was revoked or is of a blocked user.",
    });
    for (token, expected) in [
        (Some(expired), &ended),
        (Some(revoked), &ended),
        (Some(rotated), &ended),
        (Some(blocked), &ended),
        (Some(new_token()), &unknown),
        (Some("x".to_owned()), &unknown),
        (Some("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.eA".to_owned()), &unknown),
        (None, &unknown),
    ] {
        let client = Client::new(&server.address, "1", token);
        for answer in [
            client.get("experiments/get?experiment_id=0").await,
            client.api_get("user").await,
            client.api_get("projects/1").await,
            client.api_get("groups/1").await,
            client.api_post("personal_access_tokens/self/rotate", json!({})).await,
        ] {
            assert_eq!((answer.status, &answer.json()), (401, expected));
        }
    }
}

#[tokio::test]
async fn a_token_without_the_scope_hears_which_one_it_takes() {
    let server = TestServer::start().await;
    let reader = server.user("reader", &[(1, Role::Owner)], Scopes::READ_API, "1").await;
    let profile = server.user("pat", &[(1, Role::Owner)], Scopes::parse("read_user").unwrap(), "1").await;
    for (answer, scope, sentence) in [
        (reader.api_post("projects", json!({ "name": "x" })).await, "api", "changing anything needs"),
        (reader.api_put("projects/1", json!({ "name": "x" })).await, "api", "changing anything needs"),
        (profile.api_get("projects/1").await, "api read_api", "reading needs"),
        (profile.api_get("version").await, "api read_api", "reading needs"),
        (
            reader.api_post("personal_access_tokens/self/rotate", json!({})).await,
            "api self_rotate",
            "itself needs",
        ),
        (reader.post("experiments/create", json!({ "name": "x" })).await, "api", "changing anything needs"),
        (profile.get("experiments/get?experiment_id=0").await, "api read_api", "reading needs"),
    ] {
        let body = answer.json();
        assert_eq!(
            (answer.status, &body["error"], &body["scope"]),
            (403, &json!("insufficient_scope"), &json!(scope))
        );
        let description = "The request requires higher privileges than provided by the access token.";
        assert_eq!(body["error_description"], description);
        assert!(body["message"].as_str().unwrap().ends_with(sentence), "{body}");
    }
    // MLflow's client reads the code.
    let refused = reader.post("experiments/create", json!({ "name": "x" })).await;
    assert_eq!(
        refused.to_string(),
        "403 PERMISSION_DENIED: this access token has not the scope 'api', which changing anything needs"
    );
}

#[tokio::test]
async fn the_use_of_a_token_is_noted() {
    let server = TestServer::start().await;
    server.advance_ms(5000);
    server.root().get("experiments/get?experiment_id=0").await.ok();
    for _ in 0..100 {
        let noted = server.store.read(|tx| Ok(tokens::list(tx)?[0].last_used_at)).await.unwrap();
        if noted == Some(server.now()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the use was not noted");
}

#[tokio::test]
async fn a_project_token_opens_its_own_project_only() {
    let server = TestServer::start().await;
    let now = server.now();
    let internal = server.project("root/internal", Visibility::Internal).await;
    let secret = new_token();
    let digest = tokens::digest(&secret);
    server
        .store
        .write(move |tx| {
            let new = new_personal(digest, Scopes::API, None, now);
            tokens::create_for_project(tx, 1, Role::Developer, "b0", &new)
        })
        .await
        .unwrap();
    let own = server.anonymous().with_token(secret.clone());
    own.create_experiment("mine").await;
    let other = Client::new(&server.address, &internal.to_string(), Some(secret));
    let refused = other.get("experiments/get?experiment_id=0").await;
    assert_eq!(refused.to_string(), format!("404 RESOURCE_DOES_NOT_EXIST: Project '{internal}' not found"));
}
