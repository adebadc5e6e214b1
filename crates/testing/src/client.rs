//! A caller of a test server, and the answers it gets.

use std::fmt;

use reqwest::Method;
use serde_json::{Value, json};

/// Calls one project of a server with one token.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    /// The server's address, without a slash at its end.
    pub server: String,
    /// The MLflow tracking address.
    pub tracking: String,
    pub token: Option<String>,
}

/// A run as tests speak of it.
#[derive(Clone, Debug)]
pub struct TestRun {
    pub id: String,
    pub artifact_uri: String,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body, which must be JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {}", String::from_utf8_lossy(&self.bytes)))
    }

    /// The body of a success; anything else fails the test with the answer.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{self}");
        self.json()
    }

    /// The body of an answer with this status; anything else fails the test with the answer.
    #[track_caller]
    pub fn with(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self}");
        if self.bytes.is_empty() { Value::Null } else { self.json() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// `400 INVALID_PARAMETER_VALUE: message`, with ids that vary replaced; `200 body` for a success.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(body) = serde_json::from_slice::<Value>(&self.bytes) else {
            return write!(f, "{} {}", self.status, String::from_utf8_lossy(&self.bytes));
        };
        let text = match (body["error_code"].as_str(), body["message"].as_str()) {
            (Some(code), Some(message)) => format!("{code}: {message}"),
            _ => body.to_string(),
        };
        write!(f, "{} {}", self.status, without_ids(&text))
    }
}

/// Replaces every 32 hex digits by `[id]`.
fn without_ids(text: &str) -> String {
    let mut out = String::new();
    let mut hex = String::new();
    for character in text.chars().chain([' ']) {
        if character.is_ascii_hexdigit() && !character.is_ascii_uppercase() {
            hex.push(character);
            continue;
        }
        out.push_str(if hex.len() == 32 { "[id]" } else { &hex });
        hex.clear();
        out.push(character);
    }
    out.pop();
    out
}

impl Client {
    pub fn new(server: &str, project: &str, token: Option<String>) -> Self {
        // A redirect is an answer that tests look at.
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let http = http.build().expect("an HTTP client");
        let tracking = format!("{server}/api/v4/projects/{project}/ml/mlflow");
        Self { http, server: server.to_owned(), tracking, token }
    }

    /// Another caller at the same address.
    pub fn with_token(&self, token: String) -> Self {
        Self { token: Some(token), ..self.clone() }
    }

    /// The same caller at the server's own mount.
    pub fn at_root(&self) -> Self {
        Self { tracking: self.server.clone(), ..self.clone() }
    }

    /// A request to `path` below the tracking address (or to a whole address) with this caller's token.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.tracking) };
        let request = self.http.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.expect("a body").to_vec();
        Answer { status, headers, bytes }
    }

    /// `POST /api/2.0/mlflow/<path>`
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, &format!("/api/2.0/mlflow/{path}")).json(&body)).await
    }

    /// `PATCH /api/2.0/mlflow/<path>`
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, &format!("/api/2.0/mlflow/{path}")).json(&body)).await
    }

    /// `DELETE /api/2.0/mlflow/<path>` with a body, as MLflow's client sends it.
    pub async fn delete(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::DELETE, &format!("/api/2.0/mlflow/{path}")).json(&body)).await
    }

    /// A request to GitLab's API: `/api/v4/<path>`, with a JSON body unless it is `null`.
    pub async fn api(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = self.request(method, &format!("{}/api/v4/{path}", self.server));
        self.send(if body.is_null() { request } else { request.json(&body) }).await
    }

    /// `GET /api/v4/<path>`
    pub async fn api_get(&self, path: &str) -> Answer {
        self.api(Method::GET, path, Value::Null).await
    }

    /// `POST /api/v4/<path>`
    pub async fn api_post(&self, path: &str, body: Value) -> Answer {
        self.api(Method::POST, path, body).await
    }

    /// `PUT /api/v4/<path>`
    pub async fn api_put(&self, path: &str, body: Value) -> Answer {
        self.api(Method::PUT, path, body).await
    }

    /// `DELETE /api/v4/<path>`
    pub async fn api_delete(&self, path: &str) -> Answer {
        self.api(Method::DELETE, path, Value::Null).await
    }

    /// `POST` of a body as it is, said to be JSON.
    pub async fn post_text(&self, path: &str, body: &str) -> Answer {
        let request = self.request(Method::POST, &format!("/api/2.0/mlflow/{path}"));
        self.send(request.header("content-type", "application/json").body(body.to_owned())).await
    }

    /// `GET /api/2.0/mlflow/<path>`
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, &format!("/api/2.0/mlflow/{path}"))).await
    }

    pub async fn create_experiment(&self, name: &str) -> String {
        let answer = self.post("experiments/create", json!({ "name": name })).await.ok();
        answer["experiment_id"].as_str().expect("an id").to_owned()
    }

    /// A run of experiment `0`.
    pub async fn create_run(&self) -> TestRun {
        self.create_run_in("0", json!({})).await
    }

    /// A run with more fields of `runs/create`.
    pub async fn create_run_in(&self, experiment: &str, mut fields: Value) -> TestRun {
        fields["experiment_id"] = json!(experiment);
        let answer = self.post("runs/create", fields).await.ok();
        let info = &answer["run"]["info"];
        TestRun {
            id: info["run_id"].as_str().expect("an id").to_owned(),
            artifact_uri: info["artifact_uri"].as_str().expect("an address").to_owned(),
        }
    }

    pub async fn log_metric(
        &self,
        run: &TestRun,
        key: &str,
        value: Value,
        step: i64,
        timestamp: i64,
    ) -> Answer {
        let body =
            json!({ "run_id": run.id, "key": key, "value": value, "step": step, "timestamp": timestamp });
        self.post("runs/log-metric", body).await
    }

    pub async fn log_param(&self, run: &TestRun, key: &str, value: &str) -> Answer {
        self.post("runs/log-parameter", json!({ "run_id": run.id, "key": key, "value": value })).await
    }

    pub async fn set_tag(&self, run: &TestRun, key: &str, value: &str) -> Answer {
        self.post("runs/set-tag", json!({ "run_id": run.id, "key": key, "value": value })).await
    }

    pub async fn get_run(&self, run: &TestRun) -> Value {
        self.get(&format!("runs/get?run_id={}", run.id)).await.ok()["run"].clone()
    }

    /// Puts a file of a few bytes into the tree of a run.
    pub async fn put_file(&self, run: &TestRun, path: &str, bytes: &str) -> Answer {
        let tree = run.artifact_uri.trim_start_matches("mlflow-artifacts:/");
        let address = format!("/api/2.0/mlflow-artifacts/artifacts/{tree}/{path}");
        self.send(self.request(Method::PUT, &address).body(bytes.to_owned())).await
    }

    pub async fn get_file(&self, run: &TestRun, path: &str) -> Answer {
        let tree = run.artifact_uri.trim_start_matches("mlflow-artifacts:/");
        self.send(self.request(Method::GET, &format!("/api/2.0/mlflow-artifacts/artifacts/{tree}/{path}")))
            .await
    }

    pub async fn create_model(&self, name: &str) -> Value {
        self.post("registered-models/create", json!({ "name": name })).await.ok()["registered_model"].clone()
    }

    /// A version of a model, with more fields of `model-versions/create`.
    pub async fn create_version(&self, model: &str, mut fields: Value) -> Value {
        fields["name"] = json!(model);
        if fields.get("source").is_none() {
            fields["source"] = json!("");
        }
        self.post("model-versions/create", fields).await.ok()["model_version"].clone()
    }

    /// A version with this SemVer.
    pub async fn create_semver(&self, model: &str, version: &str) -> Value {
        self.create_version(model, json!({ "tags": [{ "key": "gitlab.version", "value": version }] })).await
    }

    /// The run that a version is.
    pub async fn run_of(&self, version: &Value) -> TestRun {
        let id = version["run_id"].as_str().expect("a run id").to_owned();
        let answer = self.get(&format!("runs/get?run_id={id}")).await.ok();
        let uri = answer["run"]["info"]["artifact_uri"].as_str().expect("an address").to_owned();
        TestRun { id, artifact_uri: uri }
    }

    /// The names of the runs that a search finds, in its order.
    pub async fn search_names(&self, body: Value) -> Vec<String> {
        let answer = self.post("runs/search", body).await.ok();
        let runs = answer["runs"].as_array().cloned().unwrap_or_default();
        runs.iter().map(|run| run["info"]["run_name"].as_str().expect("a name").to_owned()).collect()
    }
}
