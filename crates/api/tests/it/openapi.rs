//! The OpenAPI document: what it was when it was last looked at, and all routes but MLflow's.

use std::collections::BTreeSet;

use weir_testing::TestServer;

/// Beside this file; `WEIR_RENEW_OPENAPI=1 cargo nextest run -p weir-api openapi` writes it anew.
const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/openapi.json");

#[tokio::test]
async fn the_document_changes_only_when_somebody_looks() {
    let server = TestServer::start().await;
    let nobody = server.anonymous();
    let answer = nobody
        .send(nobody.request(reqwest::Method::GET, &format!("{}/api/openapi.json", server.address)))
        .await;
    assert_eq!(answer.ok()["openapi"].as_str().unwrap()[..4], *"3.1.");
    if std::env::var_os("WEIR_RENEW_OPENAPI").is_some() {
        std::fs::write(KEPT, &answer.bytes).unwrap();
    }
    let kept = std::fs::read(KEPT).unwrap_or_default();
    assert!(
        answer.bytes == kept,
        "the OpenAPI document is another than tests/it/openapi.json: run `WEIR_RENEW_OPENAPI=1 cargo nextest run -p weir-api openapi` and look at the difference"
    );
}

#[tokio::test]
async fn every_route_of_our_own_is_in_the_document() {
    let server = TestServer::start().await;
    let document: serde_json::Value = serde_json::from_slice(&std::fs::read(KEPT).unwrap()).unwrap();
    let (mut own, mut names) = (0, BTreeSet::new());
    for route in server.routes() {
        // MLflow describes its own.
        let of_mlflow = route.path.starts_with("/api/v4/projects/{project}/ml/mlflow");
        if of_mlflow || !["/api/v4/", "/-/"].iter().any(|prefix| route.path.starts_with(prefix)) {
            continue;
        }
        own += 1;
        // OpenAPI knows no rest of a path.
        let path = route.path.replace("{*", "{");
        let operation = &document["paths"][&path][route.method.as_str().to_ascii_lowercase()];
        assert!(operation.is_object(), "{} {} is not described", route.method, route.path);
        assert!(names.insert(operation["operationId"].as_str().unwrap()), "{}", operation["operationId"]);
        let places: Vec<&str> = path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        let described: Vec<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        assert_eq!(described, places, "{}", route.path);
    }
    let operations =
        document["paths"].as_object().unwrap().values().map(|item| item.as_object().unwrap().len());
    assert_eq!(operations.sum::<usize>(), own, "nothing is described that is not there");
    assert!(own > 100, "{own}");
}
