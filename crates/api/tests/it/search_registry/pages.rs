//! Orders and pages of the registry's searches.

use serde_json::json;
use weir_testing::{Client, TestServer};

use super::{MODELS, VERSIONS, model, names, registry, search, version};

#[tokio::test]
async fn orders_are_mlflows_and_ties_are_always_broken() {
    let (_server, alice) = registry().await;
    for (order, found) in [
        (&[][..], "Delta alpha beta gamma"),
        (&["name"], "Delta alpha beta gamma"),
        (&["name DESC"], "gamma beta alpha Delta"),
        // What got a version last was changed last.
        (&["timestamp"], "gamma Delta alpha beta"),
        (&["last_updated_timestamp DESC"], "beta alpha Delta gamma"),
        (&["timestamp DESC", "name"], "beta alpha Delta gamma"),
    ] {
        let params: Vec<(&str, &str)> = order.iter().map(|order| ("order_by", *order)).collect();
        assert_eq!(names(&search(&alice, MODELS, &params).await.ok()).join(" "), found, "{order:?}");
    }
    for (order, found) in [
        (&[][..], "beta/2 beta/1 alpha/2 alpha/1"),
        (&["name"], "alpha/2 alpha/1 beta/2 beta/1"),
        (&["name DESC", "version_number"], "beta/1 beta/2 alpha/1 alpha/2"),
        (&["version_number"], "beta/1 alpha/1 beta/2 alpha/2"),
        (&["version_number DESC", "name"], "alpha/2 beta/2 alpha/1 beta/1"),
        (&["creation_timestamp"], "alpha/1 alpha/2 beta/1 beta/2"),
        (&["attribute.last_updated_timestamp ASC"], "alpha/1 alpha/2 beta/1 beta/2"),
    ] {
        let params: Vec<(&str, &str)> = order.iter().map(|order| ("order_by", *order)).collect();
        assert_eq!(names(&search(&alice, VERSIONS, &params).await.ok()).join(" "), found, "{order:?}");
    }
}

#[tokio::test]
async fn versions_of_one_moment_come_by_name_and_newest_first() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for name in ["b", "a"] {
        model(&alice, name, &[]).await;
    }
    for name in ["b", "a", "a", "b"] {
        version(&alice, name, "", &[]).await;
    }
    assert_eq!(names(&search(&alice, VERSIONS, &[]).await.ok()).join(" "), "a/2 a/1 b/2 b/1");
    assert_eq!(names(&search(&alice, VERSIONS, &[("filter", "name = 'b'")]).await.ok()).join(" "), "b/2 b/1");
    let by_time = [("order_by", "timestamp DESC")];
    assert_eq!(names(&search(&alice, MODELS, &by_time).await.ok()).join(" "), "a b");
}

/// Walks a search page by page.
async fn walk(client: &Client, path: &str, params: &[(&str, &str)], size: &str) -> Vec<String> {
    let (mut found, mut token) = (Vec::new(), String::new());
    loop {
        let more = [("max_results", size), ("page_token", token.as_str())];
        let page = search(client, path, &[params, &more[..]].concat()).await.ok();
        found.extend(names(&page));
        match page["next_page_token"].as_str() {
            Some(next) => token = next.to_owned(),
            None => return found,
        }
    }
}

#[tokio::test]
async fn pages_of_every_order_add_up_to_the_whole() {
    let (server, alice) = registry().await;
    for index in 0..4 {
        model(&alice, &format!("m{index}"), &[("team", "m")]).await;
    }
    for index in 0..8 {
        server.advance_ms(index % 2);
        let tags = [("step", if index % 3 == 0 { "0" } else { "1" })];
        version(&alice, &format!("m{}", index % 4), "", &tags).await;
    }
    let model_filters = ["", "tags.team IS NOT NULL", "tags.team = 'm'", "name LIKE '%a' OR tags.team = 'm'"];
    let version_filters = [
        "",
        "name = 'm1'",
        "name IN ('m1', 'alpha')",
        "tags.step = '1'",
        "name LIKE 'm%' AND NOT tags.step = '0'",
    ];
    let model_orders = [&[][..], &["name DESC"], &["timestamp"], &["timestamp DESC", "name DESC"]];
    let version_orders = [
        &[][..],
        &["name DESC"],
        &["version_number"],
        &["creation_timestamp DESC"],
        &["last_updated_timestamp", "version_number", "name DESC"],
    ];
    for (path, filters, orders) in
        [(MODELS, &model_filters[..], &model_orders[..]), (VERSIONS, &version_filters, &version_orders)]
    {
        for filter in filters {
            for order in orders {
                let mut params: Vec<(&str, &str)> = order.iter().map(|order| ("order_by", *order)).collect();
                params.push(("filter", filter));
                let whole = names(&search(&alice, path, &params).await.ok());
                assert!(whole.len() > 1, "{path} {params:?}");
                for size in ["1", "2", "5"] {
                    assert_eq!(walk(&alice, path, &params, size).await, whole, "{params:?} {size}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_page_that_is_just_full_has_no_token() {
    let (_server, alice) = registry().await;
    for path in [MODELS, VERSIONS] {
        let page = search(&alice, path, &[("max_results", "4")]).await.ok();
        assert_eq!(names(&page).len(), 4);
        assert!(page.get("next_page_token").is_none());
        assert_eq!(search(&alice, path, &[("filter", "name = 'none'")]).await.ok(), json!({}));
    }
}

#[tokio::test]
async fn pages_go_on_while_rows_come_change_and_go() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for name in ["b", "d", "f", "h"] {
        model(&alice, name, &[]).await;
    }
    let first = search(&alice, MODELS, &[("max_results", "2")]).await.ok();
    assert_eq!(names(&first), ["b", "d"]);
    for name in ["a", "e"] {
        model(&alice, name, &[]).await;
    }
    // The row that the token stands at, and one that is to come.
    alice.delete("registered-models/delete", json!({ "name": "d" })).await.ok();
    alice.post("registered-models/rename", json!({ "name": "h", "new_name": "i" })).await.ok();
    let token = first["next_page_token"].as_str().unwrap();
    let second = search(&alice, MODELS, &[("max_results", "5"), ("page_token", token)]).await.ok();
    assert_eq!(names(&second), ["e", "f", "i"]);

    for _ in 0..4 {
        server.advance_ms(1);
        version(&alice, "b", "", &[]).await;
    }
    let of_b = [("filter", "name = 'b'"), ("max_results", "2")];
    let first = search(&alice, VERSIONS, &of_b).await.ok();
    assert_eq!(names(&first), ["b/4", "b/3"]);
    server.advance_ms(1);
    version(&alice, "b", "", &[]).await;
    alice.delete("model-versions/delete", json!({ "name": "b", "version": "3" })).await.ok();
    let token = [("page_token", first["next_page_token"].as_str().unwrap())];
    let second = search(&alice, VERSIONS, &[&of_b[..], &token].concat()).await.ok();
    assert_eq!(names(&second), ["b/2", "b/1"]);

    // The model that all of them are of is gone: nothing follows.
    alice.delete("registered-models/delete", json!({ "name": "b" })).await.ok();
    assert_eq!(search(&alice, VERSIONS, &[&of_b[..], &token].concat()).await.ok(), json!({}));
}

/// The tags that fill up what a model or a version may have.
fn largest() -> Vec<(String, String)> {
    (0..10).map(|index| (format!("tag {index}"), "x".repeat(100_000))).collect()
}

#[tokio::test]
async fn a_page_holds_no_more_than_it_may_however_large_its_rows_are() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let tags = largest();
    let tags: Vec<(&str, &str)> = tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let all: Vec<String> = (0..9).map(|index| format!("m{index}")).collect();
    for name in &all {
        model(&alice, name, &tags).await;
        for (number, stage) in [("1", "None"), ("2", "Staging"), ("3", "Production"), ("4", "Archived")] {
            version(&alice, name, "", &tags).await;
            let body = json!({ "name": name, "version": number, "stage": stage });
            alice.post("model-versions/transition-stage", body).await.ok();
        }
    }
    // 36 versions of a megabyte; 9 models of five, of which a hundred would be one part of a page.
    for (path, whole) in [(VERSIONS, 36), (MODELS, 9)] {
        let (mut found, mut token) = (Vec::new(), String::new());
        loop {
            let answer = search(&alice, path, &[("page_token", token.as_str())]).await;
            assert!(answer.bytes.len() < 34 << 20, "{path}: {} bytes", answer.bytes.len());
            let page = answer.ok();
            found.extend(names(&page));
            let Some(next) = page["next_page_token"].as_str() else { break };
            token = next.to_owned();
        }
        assert_eq!(found.len(), whole, "{path}");
        found.sort();
        found.dedup();
        assert_eq!(found.len(), whole, "{path}: {found:?}");
    }
}
