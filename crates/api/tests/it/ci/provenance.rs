//! What is known of where runs and versions come from.

use serde_json::{Value, json};
use weir_testing::{Client, TestRun};

use super::Bench;

async fn provenance(caller: &Client, run: &TestRun) -> Value {
    caller.api_get(&format!("projects/1/ml/runs/{}/provenance", run.id)).await.ok()
}

#[tokio::test]
async fn a_run_carries_the_job_that_made_it() {
    let bench = Bench::new().await;
    bench.trust(json!({})).await;
    let run = bench.job(json!({})).create_run().await;
    let found = provenance(&bench.maintainer, &run).await;
    let expected = json!({
        "kind": "gitlab", "issuer": bench.issuer.url, "subject": "project_path:acme/vision:ref_type:branch:ref:main",
        "project": "acme/vision", "pipeline": "574", "attempt": null, "job": "302", "workflow": null,
        "commit": "714a629c0b401fdce83e847fc9589983fc6f46bc", "ref": "main", "ref_protected": true,
        "environment": null, "actor": "alice", "web_url": format!("{}/acme/vision/-/jobs/302", bench.issuer.url),
        "made": true, "first_at": "2026-01-01T00:00:00.000Z",
    });
    assert_eq!(found["verified"], json!([expected]));
    assert_eq!(found["claimed"], json!([]));
}

#[tokio::test]
async fn tags_claim_and_change_nothing_that_is_verified() {
    let bench = Bench::new().await;
    bench.trust(json!({})).await;
    let job = bench.job(json!({}));
    let run = job.create_run().await;
    let before = provenance(&job, &run).await["verified"].clone();
    for (key, value) in [
        ("gitlab.CI_JOB_URL", "https://evil.example/1"),
        ("CI_JOB_URL", "https://evil.example/2"),
        ("github.actor", "mallory"),
        ("verified", "yes"),
        ("gitlab.version", "9"),
    ] {
        bench.maintainer.set_tag(&run, key, value).await.ok();
    }
    let after = provenance(&job, &run).await;
    assert_eq!(after["verified"], before);
    let keys = after["claimed"].as_array().unwrap().iter().map(|tag| tag["key"].clone()).collect::<Vec<_>>();
    assert_eq!(keys, ["CI_JOB_URL", "github.actor", "gitlab.CI_JOB_URL"]);
}

#[tokio::test]
async fn later_jobs_that_write_are_noted_once_each() {
    let bench = Bench::new().await;
    bench.trust(json!({})).await;
    // People leave nothing.
    let run = bench.maintainer.create_run().await;
    assert_eq!(provenance(&bench.maintainer, &run).await["verified"], json!([]));
    let (train, test) = (bench.job(json!({})), bench.job(json!({ "job_id": "303" })));
    bench.server.advance_ms(1000);
    train.log_param(&run, "p", "1").await.ok();
    bench.server.advance_ms(1000);
    for step in 0..3 {
        test.log_metric(&run, "m", json!(0.5), step, step).await.ok();
    }
    test.get_run(&run).await;
    bench.job(json!({ "job_id": "304" })).get_run(&run).await;
    let found = provenance(&bench.maintainer, &run).await;
    let jobs = found["verified"].as_array().unwrap();
    let jobs = jobs.iter().map(|job| (&job["job"], &job["made"], &job["first_at"])).collect::<Vec<_>>();
    let (no, first, second) =
        (json!(false), json!("2026-01-01T00:00:01.000Z"), json!("2026-01-01T00:00:02.000Z"));
    assert_eq!(jobs, [(&json!("302"), &no, &first), (&json!("303"), &no, &second)]);
}

#[tokio::test]
async fn every_way_of_writing_leaves_the_job() {
    let bench = Bench::new().await;
    bench.trust(json!({})).await;
    let job = bench.job(json!({}));
    for (path, fields) in [
        ("runs/log-metric", json!({ "key": "m", "value": 1, "timestamp": 1, "step": 0 })),
        ("runs/log-parameter", json!({ "key": "p", "value": "1" })),
        ("runs/log-batch", json!({ "params": [{ "key": "p", "value": "1" }] })),
        ("runs/set-tag", json!({ "key": "t", "value": "1" })),
        ("runs/delete-tag", json!({ "key": "old" })),
        ("runs/update", json!({ "status": "FINISHED" })),
        ("runs/delete", json!({})),
        ("runs/log-inputs", json!({ "datasets": [] })),
        (
            "runs/log-model",
            json!({ "model_json": "{\"artifact_path\":\"m\",\"flavors\":{},\"utc_time_created\":\"x\",\"run_id\":\"x\"}" }),
        ),
    ] {
        let run = bench.maintainer.create_run().await;
        bench.maintainer.set_tag(&run, "old", "1").await.ok();
        let mut body = fields;
        body["run_id"] = json!(run.id);
        job.post(path, body).await.ok();
        assert_eq!(provenance(&job, &run).await["verified"][0]["job"], "302", "{path}");
    }
    let run = bench.maintainer.create_run().await;
    job.put_file(&run, "a.txt", "a").await.with(200);
    assert_eq!(provenance(&job, &run).await["verified"][0]["job"], "302");
}

#[tokio::test]
async fn a_version_carries_the_job_that_made_it() {
    let bench = Bench::new().await;
    bench.trust(json!({})).await;
    let job = bench.job(json!({}));
    job.create_model("m").await;
    job.create_semver("m", "1.0.0").await;
    let address = "projects/1/ml/models/m/versions/1.0.0";
    let version = bench.maintainer.api_get(address).await.ok();
    assert_eq!(version["provenance"]["verified"][0]["job"], "302");
    assert_eq!(version["provenance"]["verified"][0]["made"], true);

    // One made by a person, and tagged by a job.
    bench.maintainer.create_semver("m", "1.1.0").await;
    let tag = json!({ "name": "m", "version": "1.1.0", "key": "a", "value": "b" });
    job.post("model-versions/set-tag", tag).await.ok();
    let version = bench.maintainer.api_get("projects/1/ml/models/m/versions/1.1.0").await.ok();
    assert_eq!(version["provenance"]["verified"][0]["made"], false);
    // A deleted one takes what hung on it along.
    job.delete("model-versions/delete", json!({ "name": "m", "version": "1.1.0" })).await.ok();
}

#[tokio::test]
async fn a_run_of_another_project_is_not_there() {
    let bench = Bench::new().await;
    let nothing = "projects/1/ml/runs/0123456789abcdef0123456789abcdef/provenance";
    assert_eq!(bench.maintainer.api_get(nothing).await.status, 404);
    assert_eq!(bench.maintainer.api_get("projects/1/ml/runs/x/provenance").await.status, 404);
}
