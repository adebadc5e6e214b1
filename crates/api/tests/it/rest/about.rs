//! The server and the caller, as GitLab's clients ask for them; pages of a list.

use serde_json::json;
use weir_domain::access::{Role, Scopes};
use weir_testing::TestServer;

use super::{each, refusal};

#[tokio::test]
async fn the_server_says_what_it_is() {
    let server = TestServer::start().await;
    let version = server.root().api_get("version").await.ok();
    assert!(version["version"].as_str().unwrap().starts_with("18.0.0-weir."), "{version}");
    let metadata = server.root().api_get("metadata").await.ok();
    assert_eq!(metadata["enterprise"], false);
    assert_eq!(metadata["kas"]["externalUrl"], json!(null));
    for path in ["version", "metadata", "user", "personal_access_tokens"] {
        assert_eq!(refusal(&server.anonymous().api_get(path).await), "401 401 Unauthorized", "{path}");
    }
}

#[tokio::test]
async fn the_caller_is_who_the_token_says() {
    let server = TestServer::start().await;
    let alice = server.user("alice", &[(1, Role::Guest)], Scopes::parse("read_user").unwrap(), "1").await;
    let user = alice.api_get("user").await.ok();
    assert_eq!(user["username"], "alice");
    assert_eq!(user["state"], "active");
    assert_eq!((&user["bot"], &user["is_admin"]), (&json!(false), &json!(false)));
    assert_eq!(user["web_url"], format!("{}/alice", server.address));
    // The scope goes no further.
    let refused = alice.api_get("version").await;
    assert_eq!(
        refusal(&refused),
        "403 403 Forbidden - this access token has not the scope 'read_api' or 'api', which reading needs"
    );
    assert_eq!(alice.get("experiments/get?experiment_id=0").await.status, 403);
}

#[tokio::test]
async fn lists_come_in_pages_by_number_and_by_keyset() {
    let server = TestServer::start().await;
    let root = server.root();
    for name in ["a", "b", "c", "d"] {
        let body = json!({ "name": name, "scopes": ["api"] });
        root.api_post("users/1/personal_access_tokens", body).await.with(201);
    }
    let page = root.api_get("personal_access_tokens?per_page=2&page=2&sort=name_asc").await;
    assert_eq!(each(&page.ok(), "name"), ["c", "d"]);
    for (name, value) in [
        ("x-page", "2"),
        ("x-per-page", "2"),
        ("x-next-page", "3"),
        ("x-prev-page", "1"),
        ("x-total", "5"),
        ("x-total-pages", "3"),
    ] {
        assert_eq!(page.header(name), Some(value), "{name}");
    }
    let last = root.api_get("personal_access_tokens?per_page=2&page=3&sort=name_asc").await;
    assert_eq!((each(&last.ok(), "name"), last.header("x-next-page")), (vec![json!("test")], Some("")));
    let beyond = root.api_get("personal_access_tokens?per_page=2&page=9").await;
    assert_eq!((beyond.ok(), beyond.header("x-total")), (json!([]), Some("5")));

    let mut seen = Vec::new();
    let mut next = Some(format!(
        "{}/api/v4/personal_access_tokens?pagination=keyset&order_by=id&sort=asc&per_page=2",
        server.address
    ));
    while let Some(address) = next {
        let page = root.send(root.request(reqwest::Method::GET, &address)).await;
        seen.extend(each(&page.ok(), "name"));
        assert_eq!(page.header("x-total"), None);
        next = page.header("link").map(|link| {
            let (address, rel) = link.split_once(">; ").unwrap();
            assert_eq!(rel, "rel=\"next\"");
            address.trim_start_matches('<').to_owned()
        });
    }
    assert_eq!(seen, ["test", "a", "b", "c", "d"]);
    assert_eq!(
        refusal(&root.api_get("personal_access_tokens?page=0").await),
        "400 page is invalid: '0' is not a number from 1 on"
    );
}
