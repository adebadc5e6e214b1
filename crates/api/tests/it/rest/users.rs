//! Users: listed by everybody, made and ended by administrators.

use std::time::Duration;

use serde_json::{Value, json};
use weir_domain::access::{Role, Scopes, Visibility};
use weir_testing::TestServer;

use super::{each, id_of, read, refusal};

#[tokio::test]
async fn a_bot_is_shown_to_those_of_its_place_and_is_not_changed() {
    let server = TestServer::start().await;
    let (root, alice) = (server.root(), server.user("alice", &[], Scopes::API, "1").await);
    let (maintainer, guest) =
        (server.member("mary", Role::Maintainer).await, server.member("gus", Role::Guest).await);
    let body = json!({ "name": "hidden-plan", "scopes": ["api"] });
    let made = maintainer.api_post("projects/1/access_tokens", body).await.with(201);
    let path = format!("users/{}", made["user_id"]);
    assert_eq!(refusal(&alice.api_get(&path).await), "404 404 User Not Found");
    for caller in [&root, &guest, &alice.with_token(made["token"].as_str().unwrap().to_owned())] {
        assert_eq!(caller.api_get(&path).await.ok()["name"], "hidden-plan");
    }
    let refused = root.api_put(&path, json!({ "admin": true })).await;
    assert!(refusal(&refused).ends_with("is the bot of a token or trust rule, and is not changed"));
}

#[tokio::test]
async fn two_administrators_cannot_block_each_other_at_once() {
    let server = TestServer::start().await;
    let root = server.root();
    let body = json!({ "username": "ada", "name": "Ada", "email": "ada@x.example", "admin": true,
                       "password": "correct horse battery" });
    let id = root.api_post("users", body).await.with(201)["id"].clone();
    let body = json!({ "name": "x", "scopes": ["api"] });
    let made = root.api_post(&format!("users/{id}/personal_access_tokens"), body).await.with(201);
    let ada = root.with_token(made["token"].as_str().unwrap().to_owned());
    let block = format!("users/{id}/block");
    let (one, other) =
        tokio::join!(root.api_post(&block, Value::Null), ada.api_post("users/1/block", Value::Null));
    assert_eq!([one.status, other.status].iter().filter(|status| **status == 201).count(), 1);
}

#[tokio::test]
async fn administrators_make_and_change_users() {
    let server = TestServer::start().await;
    let root = server.root();
    let body = json!({ "username": "alice", "name": "Alice A.", "email": "alice@example.org", "force_random_password": true });
    let alice = root.api_post("users", body).await.with(201);
    assert_eq!(
        (&alice["username"], &alice["email"], &alice["is_admin"]),
        (&json!("alice"), &json!("alice@example.org"), &json!(false))
    );
    let path = format!("users/{}", alice["id"]);
    assert_eq!(root.api_get(&path).await.ok(), alice);
    let changed = root.api_put(&path, json!({ "name": "Alice B.", "admin": true })).await.ok();
    assert_eq!(
        (&changed["name"], &changed["is_admin"], &changed["email"]),
        (&json!("Alice B."), &json!(true), &alice["email"])
    );
    for (body, sentence) in [
        (json!({ "name": "x", "email": "x@y" }), "400 username is missing"),
        (json!({ "username": "x", "name": "x" }), "400 email is missing"),
        (json!({ "username": "ALICE", "name": "x", "email": "x@y" }), "409 the name 'ALICE' is taken"),
        (
            json!({ "username": "x", "name": "x", "email": "Alice@Example.org" }),
            "409 the email address 'Alice@Example.org' is taken",
        ),
        (
            json!({ "username": "x", "name": "x", "email": "x" }),
            "400 'x' is not an email address: write name@host",
        ),
        (
            json!({ "username": "projects", "name": "x", "email": "x@y" }),
            "400 'projects' is not a user name: it is reserved for the server's own pages",
        ),
    ] {
        assert_eq!(refusal(&root.api_post("users", body).await), sentence);
    }
    let with = |field: &str, value: Value| {
        let mut body = json!({ "username": "bob", "name": "Bob", "email": "bob@example.org" });
        body[field] = value;
        body
    };
    let refused = refusal(&root.api_post("users", with("reset_password", json!(true))).await);
    assert!(refused.starts_with("400 reset_password sends a mail"), "{refused}");
    assert_eq!(root.api_post("users", with("password", json!("short"))).await.status, 400);
    let bob = root.api_post("users", with("password", json!("correct horse battery"))).await.with(201);
    let id = bob["id"].as_i64().unwrap();
    let kept = server.store.read(move |tx| weir_store::passwords::find(tx, id)).await.unwrap();
    assert!(kept.unwrap().starts_with("$argon2id$"));
    // The namespace is there.
    let token = root
        .api_post(&format!("{path}/personal_access_tokens"), json!({ "name": "x", "scopes": ["api"] }))
        .await
        .with(201);
    let client = root.with_token(token["token"].as_str().unwrap().to_owned());
    client.api_post("projects", json!({ "name": "iris" })).await.with(201);
}

#[tokio::test]
async fn everybody_lists_users_and_administrators_see_more() {
    let server = TestServer::start().await;
    let root = server.root();
    let alice = server.user("alice", &[(1, Role::Guest)], Scopes::parse("read_user").unwrap(), "1").await;
    server.developer("bob").await;
    let token =
        root.api_post("projects/1/access_tokens", json!({ "name": "ci", "scopes": ["api"] })).await.with(201);
    let list = alice.api_get("users?sort=asc").await.ok();
    assert_eq!(each(&list, "username"), ["root", "alice", "bob"]);
    assert_eq!((list[0].get("email"), list[0].get("is_admin")), (None, None));
    assert_eq!(each(&alice.api_get("users?username=BOB").await.ok(), "username"), ["bob"]);
    assert_eq!(each(&alice.api_get("users?search=li").await.ok(), "username"), ["alice"]);
    let user = id_of(&alice).await;
    assert_eq!(alice.api_get(&format!("users/{user}")).await.ok()["is_admin"], false);
    assert_eq!(alice.api_get("users/1").await.ok().get("is_admin"), None);
    assert_eq!(root.api_get("users?humans=true").await.header("x-total"), Some("3"));
    assert!(each(&root.api_get("users").await.ok(), "id").contains(&token["user_id"]));
    assert_eq!(each(&root.api_get("users?admins=true").await.ok(), "username"), ["root"]);
    assert_eq!(alice.api_get("users?admins=true").await.status, 403);
    for (method, path) in [
        (reqwest::Method::POST, "users"),
        (reqwest::Method::PUT, "users/1"),
        (reqwest::Method::DELETE, "users/1"),
        (reqwest::Method::POST, "users/1/block"),
    ] {
        assert_eq!(alice.api(method.clone(), path, json!({})).await.status, 403, "{method} {path}");
    }
    assert_eq!(refusal(&root.api_get("users/4711").await), "404 404 User Not Found");
}

#[tokio::test]
async fn an_email_address_finds_its_user_for_administrators_and_that_user() {
    let server = TestServer::start().await;
    let (root, alice) = (server.root(), server.developer("alice").await);
    let dave = server.developer("dave").await;
    let id = id_of(&alice).await;
    root.api_put(&format!("users/{id}"), json!({ "email": "Alice@x.example" })).await.ok();
    let found = async |client: &weir_testing::Client| {
        each(&client.api_get("users?search=alice@X.example").await.ok(), "username")
    };
    assert_eq!(found(&dave).await, [json!(null); 0]);
    assert_eq!(found(&alice).await, ["alice"]);
    assert_eq!(found(&root).await, ["alice"]);
}

#[tokio::test]
async fn a_blocked_user_is_out_until_unblocked() {
    let server = TestServer::start().await;
    let (root, alice) = (server.root(), server.developer("alice").await);
    let user = id_of(&alice).await;
    root.api_post(&format!("users/{user}/block"), Value::Null).await.with(201);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(read(&alice, "1").await.status, 401);
    assert_eq!(each(&root.api_get("users?blocked=true").await.ok(), "state"), ["blocked"]);
    assert_eq!(each(&root.api_get("users?active=true").await.ok(), "username"), ["root"]);
    root.api_post(&format!("users/{user}/unblock"), Value::Null).await.with(201);
    tokio::time::sleep(Duration::from_millis(600)).await;
    read(&alice, "1").await.ok();
    assert_eq!(
        refusal(&root.api_post("users/1/block", Value::Null).await),
        "403 403 Forbidden - you may not block yourself"
    );
    let refused = root.api_put("users/1", json!({ "admin": false })).await;
    assert_eq!(
        refusal(&refused),
        "409 user 'root' is the last administrator who is not blocked, and cannot be no administrator any more"
    );
}

#[tokio::test]
async fn a_deleted_user_leaves_runs_and_nothing_else() {
    let server = TestServer::start().await;
    let (root, alice) = (server.root(), server.developer("alice").await);
    let user = id_of(&alice).await;
    let run = alice.create_run().await;
    let own = alice.api_post("projects", json!({ "name": "own" })).await.with(201);
    let team = alice.api_post("groups", json!({ "name": "t", "path": "team" })).await.with(201);
    let path = format!("users/{user}");
    assert_eq!(refusal(&root.api_delete("users/1").await), "403 403 Forbidden - you may not delete yourself");
    assert_eq!(
        refusal(&root.api_delete(&path).await),
        "409 user 'alice' cannot be deleted: the project 'alice/own' would have no owner; delete it first, or give it another"
    );
    let project = format!("projects/{}", own["id"]);
    root.api_delete(&project).await.with(202);
    root.api_delete(&format!("{project}?permanently_remove=true&full_path=alice/own")).await.with(202);
    assert!(refusal(&root.api_delete(&path).await).contains("the group 'team' would have no owner"));
    root.api_post(&format!("groups/{}/members", team["id"]), json!({ "user_id": 1, "access_level": 50 }))
        .await
        .with(201);
    root.api_delete(&path).await.with(204);

    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(read(&alice, "1").await.status, 401);
    assert_eq!(refusal(&root.api_get(&path).await), "404 404 User Not Found");
    assert_eq!(each(&root.api_get("users").await.ok(), "username"), ["root"]);
    assert_eq!(root.get_run(&run).await["info"]["run_id"], run.id.as_str());
    // The name is free again, for a user or a group.
    server.group("alice", Visibility::Private).await;
}

#[tokio::test]
async fn people_change_their_own_name_and_administrators_their_address() {
    let server = TestServer::start().await;
    let (root, alice) = (server.root(), server.user("alice", &[(1, Role::Guest)], Scopes::API, "1").await);
    let changed = alice.api_put("user", json!({ "name": "Alice Liddell" })).await.ok();
    assert_eq!((&changed["name"], &changed["username"]), (&json!("Alice Liddell"), &json!("alice")));
    // At once, wherever it is read.
    assert_eq!(alice.api_get("user").await.ok()["name"], "Alice Liddell");
    assert_eq!(root.api_get("users?username=alice").await.ok()[0]["name"], "Alice Liddell");
    let own = alice.api_get("user").await.ok();
    assert_eq!(alice.api_put("user", json!({ "name": "Alice Liddell" })).await.ok(), own);
    assert_eq!(alice.api_put("user", json!({})).await.ok(), own);

    let root_at = |email: &str| json!({ "email": email });
    assert_eq!(root.api_put("user", root_at("root@x.example")).await.ok()["email"], "root@x.example");
    // Whether somebody has an address or not is not told to who may not have it anyway.
    for email in ["root@x.example", "nobody@x.example"] {
        let refused = refusal(&alice.api_put("user", root_at(email)).await);
        let sentence =
            "403 403 Forbidden - you may not change your email address: this server sends no mails";
        assert!(refused.starts_with(sentence), "{refused}");
    }
    for (body, sentence) in [
        (json!({ "username": "al" }), "400 'username' cannot be changed: leave it out"),
        (
            json!({ "name": "x", "admin": true }),
            "400 'admin' is not changed here: administrators do it with PUT /users/:id",
        ),
        (
            json!({ "password": "a new long password" }),
            "400 'password' is not changed here: use PUT /-/password with the current one",
        ),
    ] {
        assert_eq!(refusal(&alice.api_put("user", body).await), sentence);
    }
    assert_eq!(alice.api_put("user", json!({ "name": "" })).await.status, 400);
    assert_eq!(alice.api_get("user").await.ok(), own);
}

#[tokio::test]
async fn a_profile_is_changed_with_the_right_scope_by_people_and_not_all_the_time() {
    let server = TestServer::start().await;
    let reader = server.user("rita", &[], Scopes::parse("read_api").unwrap(), "1").await;
    assert_eq!(reader.api_put("user", json!({ "name": "R" })).await.status, 403);
    assert_eq!(server.anonymous().api_put("user", json!({ "name": "R" })).await.status, 401);
    let body = json!({ "name": "ci", "scopes": ["api"] });
    let made = server.root().api_post("projects/1/access_tokens", body).await.with(201);
    let bot = server.anonymous().with_token(made["token"].as_str().unwrap().to_owned());
    assert_eq!(bot.api_put("user", json!({ "name": "R" })).await.status, 403);

    let alice = server.user("alice", &[], Scopes::API, "1").await;
    for number in 0..20 {
        alice.api_put("user", json!({ "name": format!("Alice {number}") })).await.ok();
    }
    let refused = alice.api_put("user", json!({ "name": "Alice" })).await;
    assert_eq!(refusal(&refused), "429 too many changes of your profile: try again in 10 min");
    assert_eq!(refused.header("retry-after"), Some("600"));
    // Nobody else is kept from anything, and nothing was changed.
    server.root().api_put("user", json!({ "name": "Root" })).await.ok();
    assert_eq!(alice.api_get("user").await.ok()["name"], "Alice 19");
    server.advance_ms(10 * 60 * 1000);
    alice.api_put("user", json!({ "name": "Alice" })).await.ok();
}
