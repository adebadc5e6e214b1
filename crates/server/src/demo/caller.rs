//! Requests of the demo to the server's own routes, within the process: what it makes is made as clients make it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use hyper::service::Service as _;
use hyper::{Method, Request};
use hyper_util::service::TowerToHyperService;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use weir_domain::audit::Actor;
use weir_domain::{Error, Result};

/// An answer of the demo's own requests is never longer.
const MOST_BYTES: usize = 1 << 20;

pub struct Caller {
    routes: TowerToHyperService<Router>,
    project_id: i64,
    clock: Arc<AtomicI64>,
    /// Whose doing it is in the audit log, where nothing is made up.
    actor: Actor,
}

impl Caller {
    pub fn new(routes: Router, project_id: i64, clock: Arc<AtomicI64>, actor: Actor) -> Self {
        Self { routes: TowerToHyperService::new(routes), project_id, clock, actor }
    }

    /// From here on it is this time, in milliseconds since 1970.
    pub fn at(&self, now: i64) {
        self.clock.store(now, Ordering::Relaxed);
    }

    /// `POST` to MLflow's API of the project.
    pub async fn post(&self, path: &str, body: Value) -> Result<Value> {
        let path = format!("/api/v4/projects/{}/ml/mlflow/api/2.0/mlflow/{path}", self.project_id);
        self.send(Method::POST, &path, body.to_string().into_bytes()).await
    }

    /// `GET` of the same.
    pub async fn get(&self, path: &str) -> Result<Value> {
        let path = format!("/api/v4/projects/{}/ml/mlflow/api/2.0/mlflow/{path}", self.project_id);
        self.send(Method::GET, &path, Vec::new()).await
    }

    /// The same with another method.
    pub async fn patch(&self, path: &str, body: Value) -> Result<Value> {
        let path = format!("/api/v4/projects/{}/ml/mlflow/api/2.0/mlflow/{path}", self.project_id);
        self.send(Method::PATCH, &path, body.to_string().into_bytes()).await
    }

    /// `POST` to Weir's own API of the project.
    pub async fn post_own(&self, path: &str) -> Result<Value> {
        let path = format!("/api/v4/projects/{}/ml/{path}", self.project_id);
        self.send(Method::POST, &path, b"{}".to_vec()).await
    }

    /// Puts a file into the tree at an `mlflow-artifacts:/` address.
    pub async fn put(&self, tree: &str, path: &str, bytes: Vec<u8>) -> Result<()> {
        let tree = tree.trim_start_matches("mlflow-artifacts:/");
        let name = |name: &str| utf8_percent_encode(name, NON_ALPHANUMERIC).to_string();
        let path: Vec<String> = path.split('/').map(name).collect();
        let mount = format!("/api/v4/projects/{}/ml/mlflow", self.project_id);
        let address = format!("{mount}/api/2.0/mlflow-artifacts/artifacts/{tree}/{}", path.join("/"));
        self.send(Method::PUT, &address, bytes).await.map(|_| ())
    }

    async fn send(&self, method: Method, path: &str, body: Vec<u8>) -> Result<Value> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .header("content-length", body.len())
            .extension(self.actor.clone())
            .body(Body::from(body))
            .map_err(Error::internal)?;
        let Ok(answer) = self.routes.call(request).await;
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), MOST_BYTES).await.map_err(Error::internal)?;
        if !status.is_success() {
            let text = String::from_utf8_lossy(&bytes);
            return Err(Error::internal(format!("{path} answered {status}: {text}")));
        }
        if bytes.is_empty() {
            return Ok(json!({}));
        }
        serde_json::from_slice(&bytes).map_err(Error::internal)
    }
}

/// A text in an answer.
pub fn text<'a>(value: &'a Value, pointer: &str) -> Result<&'a str> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.ok_or_else(|| Error::internal(format!("an answer without {pointer}: {value}")))
}
