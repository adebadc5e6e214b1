//! A GitLab and a GitHub on the loopback, as far as jobs go.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The token that it wants.
pub const TOKEN: &str = "glpat-of-the-linked-gitlab";

#[derive(Default)]
struct Inner {
    /// By path, as it is sent.
    answers: Mutex<HashMap<String, Value>>,
    status: Mutex<Option<StatusCode>>,
    slow: Mutex<bool>,
    /// Paths and the tokens that they were asked with.
    asked: Mutex<Vec<(String, String)>>,
}

pub struct FakeCi {
    pub url: String,
    inner: Arc<Inner>,
}

impl FakeCi {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Inner::default());
        let router = Router::new().fallback(answer).with_state(inner.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inner }
    }

    /// A job of `acme/vision` in this state, with more put over it.
    pub fn job(&self, id: &str, status: &str, more: Value) {
        let project = format!("{}/acme/vision", self.url);
        let mut job = json!({
            "id": id.parse::<i64>().unwrap(), "name": "train", "status": status, "ref": "main",
            "web_url": format!("{project}/-/jobs/{id}"), "commit": { "id": "714a629c" },
            "pipeline": { "id": 574, "ref": "main", "web_url": format!("{project}/-/pipelines/574") },
            "user": { "username": "alice", "web_url": format!("{}/alice", self.url) },
        });
        job.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.put(&format!("/api/v4/projects/acme%2Fvision/jobs/{id}"), job);
    }

    pub fn put(&self, path: &str, answer: Value) {
        self.inner.answers.lock().insert(path.to_owned(), answer);
    }

    /// Answers everything so; `None`: as it should.
    pub fn status(&self, status: Option<u16>) {
        *self.inner.status.lock() = status.map(|status| StatusCode::from_u16(status).unwrap());
    }

    pub fn slow(&self, slow: bool) {
        *self.inner.slow.lock() = slow;
    }

    pub fn asked(&self) -> Vec<(String, String)> {
        self.inner.asked.lock().clone()
    }
}

async fn answer(State(ci): State<Arc<Inner>>, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().to_owned();
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let token = header("private-token").or(header("authorization")).unwrap_or_default();
    ci.asked.lock().push((path.clone(), token.clone()));
    let slow = *ci.slow.lock();
    if slow {
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    if let Some(status) = *ci.status.lock() {
        return status.into_response();
    }
    if !token.ends_with(TOKEN) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match ci.answers.lock().get(&path) {
        Some(answer) => answer.to_string().into_response(),
        None => (StatusCode::NOT_FOUND, r#"{"message":"404 Not Found"}"#).into_response(),
    }
}
