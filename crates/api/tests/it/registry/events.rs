//! The history of a model.

use std::collections::HashSet;

use reqwest::Method;
use serde_json::{Value, json};
use weir_testing::TestServer;

use super::{get, make_version, message, own};

#[tokio::test]
async fn the_history_tells_who_did_what_and_when() {
    let server = TestServer::start().await;
    let root = server.root();
    root.create_model("m").await;
    make_version(&root, "m", "1.0.0").await;
    make_version(&root, "m", "1.1.0").await;
    let alice = server.developer("alice").await;
    for version in ["1.0.0", "1.1.0"] {
        let alias = json!({ "name": "m", "alias": "champion", "version": version });
        root.post("registered-models/alias", alias).await.ok();
        let body = json!({ "name": "m", "version": version, "stage": "Production", "archive_existing_versions": true });
        root.post("model-versions/transition-stage", body).await.ok();
    }
    root.delete("registered-models/alias", json!({ "name": "m", "alias": "champion" })).await.ok();
    server.advance_ms(250);
    own(&alice, Method::POST, "models/m/versions/2/publish").await.ok();

    let all = get(&root, "models/m/events").await.ok();
    let events = all["events"].as_array().unwrap();
    let told: Vec<String> = events
        .iter()
        .map(|event| {
            let field =
                |name: &str| event[name].as_str().map_or_else(String::new, |text| format!(" {name}={text}"));
            let fields: String = ["version", "alias", "from", "to"].map(field).concat();
            format!("{}{fields}", event["kind"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            "version_published version=1.1.0 to=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "alias_deleted alias=champion from=1.1.0",
            "stage_changed version=1.1.0 from=None to=Production",
            "stage_changed version=1.0.0 from=Production to=Archived",
            "alias_set version=1.1.0 alias=champion from=1.0.0 to=1.1.0",
            "stage_changed version=1.0.0 from=None to=Production",
            "alias_set version=1.0.0 alias=champion to=1.0.0",
            "version_created version=1.1.0",
            "version_created version=1.0.0",
            "model_created to=m",
        ]
    );
    assert_eq!(events[0]["user"]["username"], "alice");
    assert_eq!(events[0]["created_at"], "2026-01-01T00:00:00.250Z");
    assert_eq!(
        (&events[0]["number"], &events[1]["user"]),
        (&json!(2), &json!({ "id": 1, "username": "root" }))
    );
    assert_eq!(all["next_page_token"], Value::Null);

    let mut paged = Vec::new();
    let mut token = String::new();
    loop {
        let page = get(&root, &format!("models/m/events?max_results=4&page_token={token}")).await.ok();
        paged.extend(page["events"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next_page_token"].as_str() else { break };
        token = next.to_owned();
    }
    assert_eq!(&paged, events);
    let ids: HashSet<&str> = events.iter().map(|event| event["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), events.len(), "each event has an id of its own");
    root.create_model("other").await;
    let foreign = get(&root, &format!("models/other/events?page_token={token}")).await;
    assert!(message(&foreign).contains("does not belong to this search"), "{foreign}");
}

#[tokio::test]
async fn aliases_that_go_with_their_version_are_told() {
    let server = TestServer::start().await;
    let root = server.root();
    root.create_model("m").await;
    make_version(&root, "m", "1.0.0").await;
    for alias in ["champion", "best"] {
        let body = json!({ "name": "m", "alias": alias, "version": "1.0.0" });
        root.post("registered-models/alias", body).await.ok();
    }
    let alice = server.developer("alice").await;
    alice.delete("model-versions/delete", json!({ "name": "m", "version": "1" })).await.ok();
    let events = get(&root, "models/m/events?max_results=3").await.ok()["events"].clone();
    let told: Vec<Value> = events
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            json!([event["kind"], event["version"], event["alias"], event["from"], event["user"]["username"]])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!(["version_deleted", "1.0.0", null, null, "alice"]),
            json!(["alias_deleted", null, "champion", "1.0.0", "alice"]),
            json!(["alias_deleted", null, "best", "1.0.0", "alice"]),
        ]
    );
}
