//! CI jobs with ID tokens of an issuer: what its tests share.

mod fake_ci;
mod jobs;
mod provenance;
mod tokens;
mod trust_rules;

use serde_json::{Value, json};
use weir_domain::access::Role;
use weir_fake_issuer::{Issuer, SigningKey};
use weir_testing::server::Wishes;
use weir_testing::{Client, TestServer};

/// What the tokens of these tests are for.
const AUDIENCE: &str = "https://weir.example.com";

/// A server and an issuer that it may fetch from.
struct Bench {
    server: TestServer,
    issuer: Issuer,
    /// Of project 1.
    maintainer: Client,
}

impl Bench {
    async fn new() -> Self {
        Self::with_key(SigningKey::generate("key-1", "ES256")).await
    }

    async fn with_key(key: SigningKey) -> Self {
        let issuer = Issuer::start(key).await;
        let wishes = Wishes { outbound_allow: vec![issuer.url.clone()], ..Wishes::default() };
        let server = TestServer::with(wishes).await;
        let maintainer = server.member("mary", Role::Maintainer).await;
        Self { server, issuer, maintainer }
    }

    /// A rule of project 1 for a GitLab project's jobs on `main`; `more` is put over it.
    async fn trust(&self, more: Value) -> Value {
        self.maintainer.api_post("projects/1/ml/trust_rules", self.rule(more)).await.with(201)
    }

    fn rule(&self, more: Value) -> Value {
        let mut rule = json!({
            "name": "training", "issuer": self.issuer.url, "audience": AUDIENCE,
            "claims": { "project_path": "acme/vision", "ref": "main" }, "access_level": 30,
        });
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rule
    }

    /// The claims of a GitLab job of `acme/vision` on `main`, and what is put over them; `null` takes one away.
    fn claims(&self, more: Value) -> Value {
        self.issuer.claims(AUDIENCE, self.server.now(), gitlab_job(more))
    }

    /// A caller of project 1 with a token of these claims.
    fn job(&self, more: Value) -> Client {
        self.caller(&self.issuer.token(AUDIENCE, self.server.now(), gitlab_job(more)))
    }

    fn caller(&self, token: &str) -> Client {
        self.server.anonymous().with_token(token.to_owned())
    }
}

/// Whether the caller may read project 1: 200, or the 401 of every stranger.
async fn gets_in(caller: &Client) -> bool {
    let answer = caller.get("experiments/get?experiment_id=0").await;
    match answer.status {
        200 => true,
        401 => {
            assert_eq!(answer.to_string(), r#"401 {"message":"401 Unauthorized"}"#);
            false
        }
        _ => panic!("{answer}"),
    }
}

fn gitlab_job(more: Value) -> Value {
    let mut claims = json!({
        "sub": "project_path:acme/vision:ref_type:branch:ref:main", "project_path": "acme/vision",
        "pipeline_id": "574", "job_id": "302", "ref": "main", "ref_protected": "true", "user_login": "alice",
        "sha": "714a629c0b401fdce83e847fc9589983fc6f46bc",
    });
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    claims
}
