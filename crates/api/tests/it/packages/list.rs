//! Listing packages: filters, order, and what stands in one.

use serde_json::json;
use weir_domain::access::{Role, Visibility};
use weir_testing::{Client, TestServer};

use super::{get, keep, listed, message, package, put};

#[tokio::test]
async fn filters_and_orders_are_gitlabs() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("net_1").await;
    alice.create_semver("net_1", "2.0.0").await;
    server.advance_ms(1);
    keep(&alice, "/generic/netX1/1.0.0/a", "a").await;
    server.advance_ms(1);
    let run = alice.create_run().await;
    alice.put_file(&run, "a", "a").await;
    alice.create_run().await;
    server.advance_ms(1);
    put(&alice, "/generic/aaa/2.0.0/a?status=hidden", "a").await;

    let (model, generic, candidate) =
        ("ml_model net_1 2.0.0", "generic netX1 1.0.0", "ml_model ml_experiment_0 candidate_2");
    let hidden = "generic aaa 2.0.0";
    for (query, expected) in [
        ("", &[model, generic, candidate][..]),
        ("?sort=desc", &[candidate, generic, model]),
        ("?order_by=name", &[candidate, generic, model]),
        ("?order_by=version&sort=desc", &[candidate, model, generic]),
        ("?order_by=type", &[generic, model, candidate]),
        ("?package_type=generic", &[generic]),
        ("?package_type=ml_model&status=default", &[model, candidate]),
        ("?package_type=npm", &[]),
        ("?package_name=NET", &[model, generic]),
        ("?package_name=net_", &[model]),
        ("?package_name=net%25", &[]),
        ("?package_version=2.0.0", &[model]),
        ("?package_version=candidate_2", &[candidate]),
        ("?status=hidden", &[hidden]),
        ("?status=error", &[]),
        ("?status=&package_type=&order_by=&sort=&include_versionless=true", &[model, generic, candidate]),
    ] {
        let expected: Vec<&str> = expected.to_vec();
        assert_eq!(listed(&alice, query).await, expected, "{query}");
    }
    for (query, sentence) in [
        ("?package_type=x", "package_type does not have a valid value: 'x' is not ml_model or generic"),
        ("?status=x", "status does not have a valid value: 'x' is not default or hidden"),
        (
            "?order_by=x",
            "order_by does not have a valid value: 'x' is not id, created_at, name, version or type",
        ),
        ("?sort=up", "sort does not have a valid value: 'up' is not asc or desc"),
    ] {
        assert_eq!(message(&get(&alice, query).await), format!("400 {sentence}"));
    }
}

#[tokio::test]
async fn a_package_tells_what_it_is_and_where() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let mel = server.member("mel", Role::Maintainer).await;
    let made = alice.create_model("m").await;
    assert_eq!(made["name"], "m");
    let version = alice.create_semver("m", "1.0.0").await;
    let own = package(&mel, "m", "1.0.0").await;
    let (id, row) = (own["id"].as_i64().unwrap(), own["model_version_id"].as_i64().unwrap());
    let web_path = own["_links"]["web_path"].as_str().unwrap().to_owned();
    assert!(web_path.starts_with("/root/default/-/ml/models/"), "{web_path}");
    assert!(web_path.ends_with(&format!("/versions/{row}")), "{web_path}");
    let expected = json!({
        "id": id,
        "name": "m",
        "version": "1.0.0",
        "package_type": "ml_model",
        "status": "default",
        "_links": {
            "web_path": web_path,
            "delete_api_path": format!("{}/api/v4/projects/1/packages/{id}", server.address),
        },
        "created_at": "2026-01-01T00:00:00.000Z",
        "last_downloaded_at": null,
        "tags": [],
        "run_id": version["run_id"],
        "model_version_id": row,
    });
    assert_eq!(own, expected);
    assert_eq!(get(&mel, &format!("/{id}")).await.ok(), expected);
    let for_alice = get(&alice, &format!("/{id}")).await.ok();
    assert_eq!(for_alice["_links"], json!({ "web_path": web_path }), "who may not delete is told no address");
    assert_eq!(get(&alice, "/x").await.status, 404);

    // Ids of one project are nothing in another.
    let other = server.project("root/other", Visibility::Private).await;
    let elsewhere = Client::new(&server.address, &other.to_string(), server.root().token);
    assert_eq!(get(&elsewhere, &format!("/{id}")).await.status, 404);
    assert_eq!(get(&elsewhere, "").await.ok(), json!([]));
}

#[tokio::test]
async fn what_is_removed_for_good_is_no_package_any_more() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    alice.create_semver("m", "1.0.0").await;
    alice.create_semver("m", "1.1.0").await;
    alice.delete("model-versions/delete", json!({ "name": "m", "version": "1.0.0" })).await.ok();
    assert_eq!(listed(&alice, "").await, ["ml_model m 1.1.0"]);
    alice.delete("registered-models/delete", json!({ "name": "m" })).await.ok();
    assert!(listed(&alice, "").await.is_empty());
    let rows = server.store.read(|tx| tx.get("SELECT COUNT(*) FROM packages", &[], |row| row.int(0))).await;
    assert_eq!(rows.unwrap(), 0);
}
