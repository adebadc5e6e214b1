//! Jobs that tags name, looked up at the linked CI in the background.

use std::time::Duration;

use serde_json::{Value, json};
use weir_domain::access::Role;
use weir_testing::server::Wishes;
use weir_testing::{Client, TestRun, TestServer};

use super::fake_ci::{FakeCi, TOKEN};

const LINK: &str = "projects/1/ml/ci_link";

struct Bench {
    server: TestServer,
    ci: FakeCi,
    maintainer: Client,
}

impl Bench {
    async fn new() -> Self {
        let ci = FakeCi::start().await;
        let wishes = Wishes { outbound_allow: vec![ci.url.clone()], ..Wishes::default() };
        let server = TestServer::with(wishes).await;
        let maintainer = server.member("mary", Role::Maintainer).await;
        Self { server, ci, maintainer }
    }

    async fn linked() -> Self {
        let bench = Self::new().await;
        bench.link(json!({})).await;
        bench
    }

    fn wish(&self, more: Value) -> Value {
        let mut wish =
            json!({ "kind": "gitlab", "url": self.ci.url, "project": "acme/vision", "token": TOKEN });
        wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        wish
    }

    async fn link(&self, more: Value) -> Value {
        self.maintainer.api_put(LINK, self.wish(more)).await.ok()
    }

    /// A run with the tag of a job.
    async fn tagged(&self, job: &str) -> TestRun {
        let run = self.maintainer.create_run().await;
        self.maintainer.set_tag(&run, "gitlab.CI_JOB_ID", job).await.ok();
        run
    }

    async fn job(&self, run: &TestRun) -> Value {
        let path = format!("projects/1/ml/runs/{}/provenance", run.id);
        self.maintainer.api_get(&path).await.ok()["job"].clone()
    }

    /// Waits for the background: until the job is as `wanted` says.
    async fn until(&self, run: &TestRun, wanted: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..300 {
            let job = self.job(run).await;
            if wanted(&job) {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("still {}", self.job(run).await);
    }

    async fn until_state(&self, run: &TestRun, state: &str) -> Value {
        self.until(run, |job| job["state"] == state).await
    }
}

#[tokio::test]
async fn a_job_is_found_and_refreshed_until_it_ends() {
    let bench = Bench::linked().await;
    bench.ci.job("302", "running", json!({}));
    let run = bench.tagged("302").await;
    let job = bench.until_state(&run, "found").await;
    let url = &bench.ci.url;
    let expected = json!({
        "kind": "gitlab", "id": "302", "state": "found", "reason": null, "name": "train", "status": "running",
        "web_url": format!("{url}/acme/vision/-/jobs/302"), "pipeline": "574",
        "pipeline_url": format!("{url}/acme/vision/-/pipelines/574"), "ref": "main", "commit": "714a629c",
        "user": "alice", "user_url": format!("{url}/alice"), "merge_request": null, "ended": false,
        "checked_at": "2026-01-01T00:00:00.000Z",
    });
    assert_eq!(job, expected);
    assert_eq!(bench.ci.asked()[0].1, TOKEN);

    bench.ci.job("302", "success", json!({}));
    bench.server.advance_ms(16_000);
    let job = bench.until(&run, |job| job["status"] == "success").await;
    assert_eq!(job["ended"], true);

    // Nobody asks again.
    let asked = bench.ci.asked().len();
    bench.server.advance_ms(24 * 60 * 60_000);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(bench.ci.asked().len(), asked);
}

#[tokio::test]
async fn a_merge_request_is_told_with_its_title() {
    let bench = Bench::linked().await;
    bench.ci.job("302", "success", json!({ "pipeline": { "id": 1, "ref": "refs/merge-requests/12/head" } }));
    let address = format!("{}/acme/vision/-/merge_requests/12", bench.ci.url);
    let request = json!({ "title": "Better eyes", "web_url": address });
    bench.ci.put("/api/v4/projects/acme%2Fvision/merge_requests/12", request);
    let run = bench.tagged("302").await;
    let job = bench.until_state(&run, "found").await;
    assert_eq!(job["merge_request"], json!({ "iid": "12", "title": "Better eyes", "web_url": address }));
}

#[tokio::test]
async fn what_cannot_be_found_is_unverified_with_a_reason_and_fails_no_call() {
    let bench = Bench::linked().await;
    let (unknown, word) = (bench.tagged("404").await, bench.tagged("no job").await);
    let long = bench.tagged(&"9".repeat(5000)).await;
    let job = bench.until_state(&unknown, "unverified").await;
    assert_eq!(job["reason"], "'acme/vision' has no such job, or the link's token may not see it");
    for run in [word, long] {
        let job = bench.until_state(&run, "unverified").await;
        assert_eq!(job["reason"], "the tag's value is not the number of a job");
    }
    // The tag is there all the same.
    let run = bench.maintainer.get_run(&unknown).await;
    assert!(run["data"]["tags"].to_string().contains("gitlab.CI_JOB_ID"), "{run}");
    assert_eq!(bench.ci.asked().len(), 1);
}

#[tokio::test]
async fn without_a_link_a_job_is_claimed_and_a_link_finds_it() {
    let bench = Bench::new().await;
    bench.ci.job("302", "success", json!({}));
    let run = bench.tagged("302").await;
    assert_eq!(bench.job(&run).await["state"], "claimed");
    // Of another project the job is foreign.
    bench.link(json!({ "project": "acme/other" })).await;
    bench.until_state(&run, "unverified").await;
    bench.link(json!({})).await;
    bench.until_state(&run, "found").await;
    bench.maintainer.api_delete(LINK).await.with(204);
    assert_eq!(bench.job(&run).await["state"], "found");
    assert_eq!(bench.job(&bench.tagged("303").await).await["state"], "claimed");
}

#[tokio::test]
async fn a_ci_in_trouble_is_asked_again() {
    let bench = Bench::linked().await;
    bench.ci.job("302", "success", json!({}));
    bench.ci.status(Some(502));
    let run = bench.tagged("302").await;
    let job = bench.until(&run, |job| !job["reason"].is_null()).await;
    assert_eq!((&job["state"], &job["reason"]), (&json!("waiting"), &json!("the linked CI answered 502")));
    bench.ci.status(Some(401));
    bench.server.advance_ms(31_000);
    let refused = "the linked CI refuses the link's token (401) for 'acme/vision'";
    bench.until(&run, |job| job["reason"] == refused).await;
    bench.ci.status(None);
    bench.server.advance_ms(61_000);
    let job = bench.until_state(&run, "found").await;
    assert_eq!(job["reason"], Value::Null);
}

#[tokio::test]
async fn a_slow_ci_holds_up_no_request() {
    let bench = Bench::linked().await;
    bench.ci.slow(true);
    let begun = std::time::Instant::now();
    let run = bench.tagged("302").await;
    bench.maintainer.log_metric(&run, "m", json!(1), 0, 1).await.ok();
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(bench.job(&run).await["state"], "waiting");
    // It is given up in time.
    let job = bench.until(&run, |job| !job["reason"].is_null()).await;
    assert_eq!(job["reason"], "the linked CI did not answer in time");
}

#[tokio::test]
async fn every_way_of_setting_the_tag_counts() {
    let bench = Bench::linked().await;
    for id in ["1", "2", "3", "4"] {
        bench.ci.job(id, "success", json!({}));
    }
    let tag = |id: &str| json!([{ "key": "gitlab.CI_JOB_ID", "value": id }]);
    let created = bench.maintainer.create_run_in("0", json!({ "tags": tag("1") })).await;
    let batched = bench.maintainer.create_run().await;
    let body = json!({ "run_id": batched.id, "tags": tag("2") });
    bench.maintainer.post("runs/log-batch", body).await.ok();
    bench.maintainer.create_model("m").await;
    let version = bench.maintainer.create_version("m", json!({ "tags": tag("3") })).await;
    let version = bench.maintainer.run_of(&version).await;
    let promoted = json!({ "source": format!("runs:/{}/", batched.id), "run_id": batched.id });
    let promoted = bench.maintainer.create_version("m", promoted).await;
    let promoted = bench.maintainer.run_of(&promoted).await;
    for (run, id) in [(&created, "1"), (&batched, "2"), (&version, "3"), (&promoted, "2")] {
        assert_eq!(bench.until_state(run, "found").await["id"], id);
    }
    // Another value is another job; without the tag there is none.
    bench.maintainer.set_tag(&created, "gitlab.CI_JOB_ID", "4").await.ok();
    bench.until(&created, |job| job["id"] == "4" && job["state"] == "found").await;
    let gone = json!({ "run_id": created.id, "key": "gitlab.CI_JOB_ID" });
    bench.maintainer.post("runs/delete-tag", gone).await.ok();
    assert_eq!(bench.job(&created).await, Value::Null);
}

#[tokio::test]
async fn a_job_that_many_runs_name_is_asked_for_once() {
    let bench = Bench::linked().await;
    bench.ci.job("77", "running", json!({}));
    let first = bench.tagged("77").await;
    bench.until_state(&first, "found").await;
    let mut runs = Vec::new();
    for _ in 0..5 {
        runs.push(bench.tagged("77").await);
    }
    for run in &runs {
        // Nobody has to ask for what is known.
        let job = bench.job(run).await;
        assert_eq!((&job["state"], &job["status"]), (&json!("found"), &json!("running")));
    }
    bench.ci.job("77", "success", json!({}));
    bench.server.advance_ms(16_000);
    for run in runs.iter().chain([&first]) {
        bench.until(run, |job| job["status"] == "success").await;
    }
    assert_eq!(bench.ci.asked().len(), 2);

    // Another project's job of that number is another one.
    let other = bench.server.project("root/other", weir_domain::access::Visibility::Private).await;
    let root = Client::new(&bench.server.address, &other.to_string(), bench.server.root().token);
    let run = root.create_run().await;
    root.set_tag(&run, "gitlab.CI_JOB_ID", "77").await.ok();
    let job = root.api_get(&format!("projects/{other}/ml/runs/{}/provenance", run.id)).await.ok();
    assert_eq!(job["job"]["state"], "claimed");
}

#[tokio::test]
async fn runs_of_github_actions_are_found_too() {
    let bench = Bench::new().await;
    bench.link(json!({ "kind": "github", "project": "octo/ml" })).await;
    let page = format!("{}/octo/ml/actions/runs/9001", bench.ci.url);
    let answer = json!({
        "name": "train", "status": "completed", "conclusion": "failure", "html_url": page, "head_branch": "main",
        "head_sha": "6dcb09b5", "actor": { "login": "octocat", "html_url": "javascript:alert(1)" },
        "pull_requests": [{ "number": 7 }],
    });
    bench.ci.put("/repos/octo/ml/actions/runs/9001", answer);
    let run = bench.maintainer.create_run().await;
    bench.maintainer.set_tag(&run, "github.run_id", "9001").await.ok();
    let job = bench.until_state(&run, "found").await;
    assert_eq!((&job["status"], &job["ended"]), (&json!("failure"), &json!(true)));
    assert_eq!((&job["user"], &job["user_url"]), (&json!("octocat"), &Value::Null));
    let request = format!("{}/octo/ml/pull/7", bench.ci.url);
    assert_eq!(job["merge_request"], json!({ "iid": "7", "title": null, "web_url": request }));
    assert_eq!(bench.ci.asked()[0].1, format!("Bearer {TOKEN}"));
    // A GitLab job is not for this link.
    assert_eq!(bench.job(&bench.tagged("302").await).await["state"], "claimed");
}

#[tokio::test]
async fn a_link_is_its_maintainers_and_never_shows_its_token() {
    let bench = Bench::new().await;
    assert_eq!(bench.maintainer.api_get(LINK).await.status, 404);
    let link = bench.link(json!({})).await;
    let expected = json!({
        "kind": "gitlab", "url": bench.ci.url, "project": "acme/vision", "has_token": true,
        "tag": "gitlab.CI_JOB_ID", "updated_by": "mary", "updated_at": "2026-01-01T00:00:00.000Z",
    });
    assert_eq!(link, expected);
    assert_eq!(bench.maintainer.api_get(LINK).await.ok(), expected);
    let developer = bench.server.developer("dave").await;
    assert_eq!(developer.api_get(LINK).await.status, 403);
    assert_eq!(developer.api_put(LINK, bench.wish(json!({}))).await.status, 403);
    assert_eq!(developer.api_delete(LINK).await.status, 403);

    // The token stays as long as nothing else changes.
    let keep = bench.wish(json!({ "token": null }));
    assert_eq!(bench.maintainer.api_put(LINK, keep.clone()).await.ok()["has_token"], true);
    let mut other = keep.clone();
    other["project"] = json!("acme/other");
    assert_eq!(bench.maintainer.api_put(LINK, other).await.ok()["has_token"], false);
    bench.link(json!({})).await;
    assert_eq!(bench.link(json!({ "token": "" })).await["has_token"], false);

    // At rest it is sealed.
    bench.link(json!({})).await;
    let sealed = bench.server.store.read(|tx| weir_store::ci_links::find(tx, 1)).await.unwrap().unwrap();
    let sealed = sealed.token.unwrap();
    assert!(!sealed.windows(10).any(|part| part == &TOKEN.as_bytes()[..10]));
    bench.maintainer.api_delete(LINK).await.with(204);
    assert_eq!(bench.maintainer.api_delete(LINK).await.status, 404);
}

#[tokio::test]
async fn bad_links_are_refused_with_a_reason() {
    let bench = Bench::new().await;
    for (more, reason) in [
        (json!({ "kind": null }), "kind is missing"),
        (json!({ "kind": "jenkins" }), "'jenkins' is not a kind of CI"),
        (json!({ "url": "https://gitlab.com" }), "outbound addresses (--outbound-allow)"),
        (json!({ "url": "file:///etc/passwd" }), "is not the address of a CI"),
        (json!({ "url": format!("{}?x", bench.ci.url) }), "is not the address of a CI"),
        (json!({ "project": null }), "project is missing"),
        (json!({ "project": "vision" }), "is not a project of gitlab"),
        (json!({ "project": "acme/../x" }), "is not a project of gitlab"),
        (json!({ "kind": "github", "project": "a/b/c" }), "is not a project of github"),
        (json!({ "token": "a\nb" }), "token is not an access token"),
    ] {
        let answer = bench.maintainer.api_put(LINK, bench.wish(more.clone())).await;
        assert_eq!(answer.status, 400, "{more} {answer}");
        assert!(answer.to_string().contains(reason), "{more}: {answer}");
    }
    assert_eq!(bench.maintainer.api_get(LINK).await.status, 404);
}
