//! Artifacts: what tests of them share.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod conditions;
mod lifecycle;
mod listing;
mod lost;
mod paths;
mod transfer;

use std::time::Duration;

use futures_util::TryStreamExt as _;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use weir_testing::{Answer, Artifacts, Client, TestRun, TestServer, Wishes};

pub const STORES: [Artifacts; 2] = [Artifacts::Folder, Artifacts::Bucket];

pub async fn server_with(artifacts: Artifacts) -> TestServer {
    TestServer::with(Wishes { artifacts, ..Wishes::default() }).await
}

/// The proxy's address of a run's tree, as MLflow's client makes it from the artifact URI.
pub fn tree(run: &TestRun) -> String {
    run.artifact_uri.strip_prefix("mlflow-artifacts:/").unwrap().to_owned()
}

/// The proxy's address of a file, every name of it encoded.
pub fn url(run: &TestRun, path: &str) -> String {
    url_of("artifacts", run, path)
}

/// The same below another of the proxy's routes.
pub fn url_of(route: &str, run: &TestRun, path: &str) -> String {
    let names: Vec<String> =
        path.split('/').map(|name| utf8_percent_encode(name, NON_ALPHANUMERIC).to_string()).collect();
    format!("/api/2.0/mlflow-artifacts/{route}/{}/{}", tree(run), names.join("/"))
}

pub async fn put(client: &Client, run: &TestRun, path: &str, bytes: impl Into<reqwest::Body>) -> Answer {
    client.send(client.request(Method::PUT, &url(run, path)).body(bytes)).await
}

pub async fn get(client: &Client, run: &TestRun, path: &str) -> Answer {
    client.send(client.request(Method::GET, &url(run, path))).await
}

pub async fn delete(client: &Client, run: &TestRun, path: &str) -> Answer {
    client.send(client.request(Method::DELETE, &url(run, path))).await
}

/// The proxy's listing of a folder (empty: the root).
pub async fn list(client: &Client, run: &TestRun, path: &str) -> Answer {
    let below = if path.is_empty() { tree(run) } else { format!("{}/{path}", tree(run)) };
    list_address(client, &below).await
}

pub async fn list_address(client: &Client, address: &str) -> Answer {
    let query = utf8_percent_encode(address, NON_ALPHANUMERIC);
    client
        .send(client.request(Method::GET, &format!("/api/2.0/mlflow-artifacts/artifacts?path={query}")))
        .await
}

/// `artifacts/list` with the given rest of the query.
pub async fn list_run(client: &Client, run: &TestRun, rest: &str) -> Answer {
    client.get(&format!("artifacts/list?run_id={}{rest}", run.id)).await
}

/// The names in a listing; a folder ends with a slash.
pub fn names(listing: &serde_json::Value) -> Vec<String> {
    let files = listing["files"].as_array().cloned().unwrap_or_default();
    let name = |file: &serde_json::Value| {
        let slash = if file["is_dir"].as_bool().expect("is_dir is always there") { "/" } else { "" };
        format!("{}{slash}", file["path"].as_str().unwrap())
    };
    files.iter().map(name).collect()
}

/// How many files' bytes the artifact store holds, seen or not.
pub async fn blobs(server: &TestServer) -> usize {
    let locations = server.app.blobs.list(Duration::ZERO).await.unwrap();
    locations.try_collect::<Vec<_>>().await.unwrap().len()
}

/// A request byte by byte as written, which no client library would send; the connection is closed behind it.
pub async fn raw(client: &Client, request_line: &str, headers: &str, body: &[u8]) -> String {
    let mut socket = connect(client).await;
    socket
        .write_all(&raw_head(client, request_line, &format!("connection: close\r\n{headers}")))
        .await
        .unwrap();
    socket.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

pub async fn connect(client: &Client) -> TcpStream {
    TcpStream::connect(client.server.strip_prefix("http://").unwrap()).await.unwrap()
}

/// `headers`: each with its line end.
pub fn raw_head(client: &Client, request_line: &str, headers: &str) -> Vec<u8> {
    let token = client.token.as_deref().unwrap();
    format!("{request_line} HTTP/1.1\r\nhost: weir\r\nauthorization: Bearer {token}\r\n{headers}\r\n")
        .into_bytes()
}

/// The path of the tracking address below the server.
pub fn mount(client: &Client) -> String {
    client.tracking.strip_prefix(&client.server).unwrap().to_owned()
}
