//! What operators and their machines ask.

use weir_testing::TestServer;

#[tokio::test]
async fn health_readiness_and_metrics_answer_anybody() {
    let server = TestServer::start().await;
    let anybody = server.anonymous().at_root();
    for path in ["/health", "/ready"] {
        let answer = anybody.send(anybody.request(reqwest::Method::GET, path)).await;
        assert_eq!((answer.status, answer.bytes.as_slice()), (200, b"OK".as_slice()), "{path}");
    }
    let answer = anybody.send(anybody.request(reqwest::Method::GET, "/metrics")).await;
    let text = String::from_utf8(answer.bytes).unwrap();
    assert!(
        text.contains("weir_http_request_seconds_count{route=\"/health\",method=\"GET\",status=\"200\"} 1"),
        "{text}"
    );
}

#[tokio::test]
async fn both_mounts_say_which_protocol_they_speak() {
    let server = TestServer::start().await;
    for client in [server.root(), server.root().at_root()] {
        let version = client.send(client.request(reqwest::Method::GET, "/version")).await;
        assert_eq!((version.status, version.bytes.as_slice()), (200, b"3.3.2".as_slice()));
        let info =
            client.send(client.request(reqwest::Method::GET, "/api/3.0/mlflow/server-info")).await.ok();
        assert_eq!(info["workspaces_enabled"], false);
    }
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_unknown_routes_say_so() {
    let server = TestServer::start().await;
    let root = server.root();
    let answer = root.get("bogus/route").await;
    assert_eq!(
        answer.to_string(),
        "404 ENDPOINT_NOT_FOUND: no route GET /api/v4/projects/1/ml/mlflow/api/2.0/mlflow/bogus/route"
    );
    assert_eq!(answer.header("x-request-id").map(str::len), Some(16));
}
