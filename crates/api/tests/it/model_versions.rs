//! Model versions: numbers and SemVers, stages, tags, deletion and publication.

use serde_json::{Value, json};
use weir_domain::access::Role;
use weir_domain::run::RunId;
use weir_domain::version::Part;
use weir_store::{Tx, runs};
use weir_testing::{Client, TestServer};

async fn version(client: &Client, version: &str) -> Value {
    client.get(&format!("model-versions/get?name=m&version={version}")).await.ok()["model_version"].clone()
}

#[tokio::test]
async fn a_version_has_a_number_a_semver_and_a_run() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let made = alice.create_version("m", json!({ "description": "one", "run_link": "http://ci/1" })).await;
    assert_eq!(
        (&made["name"], &made["version"], &made["status"], &made["current_stage"], &made["aliases"]),
        (&json!("m"), &json!("1"), &json!("READY"), &json!("None"), &json!(["1.0.0"]))
    );
    assert_eq!(made["tags"], json!([{ "key": "gitlab.version", "value": "1.0.0" }]));
    assert_eq!((&made["user_id"], &made["run_link"]), (&json!("alice"), &json!("http://ci/1")));
    assert_eq!(made["creation_timestamp"], server.now());
    for which in ["1", "1.0.0"] {
        assert_eq!(version(&alice, which).await, made);
    }

    let run = alice.run_of(&made).await;
    alice.log_param(&run, "depth", "3").await.ok();
    alice.log_metric(&run, "loss", json!(0.5), 0, 1).await.ok();
    alice.set_tag(&run, "k", "v").await.ok();
    assert_eq!(alice.put_file(&run, "model/MLmodel", "flavors: {}").await.status, 200);
    let uri = alice.get("model-versions/get-download-uri?name=m&version=1.0.0").await.ok();
    assert_eq!(uri["artifact_uri"], run.artifact_uri);
    let delete = alice.post("runs/delete", json!({ "run_id": run.id })).await;
    assert_eq!(
        delete.to_string(),
        "400 INVALID_PARAMETER_VALUE: Cannot delete a run associated to a model version: run [id] goes when its version is deleted"
    );
    let restore = alice.post("runs/restore", json!({ "run_id": run.id })).await;
    assert_eq!(
        restore.to_string(),
        "400 INVALID_PARAMETER_VALUE: Cannot restore a run associated to a model version: run [id] is there as long as its version is"
    );
}

#[tokio::test]
async fn versions_that_nobody_chose_follow_the_latest_release() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let semver = async |fields: Value| alice.create_version("m", fields).await["aliases"][0].clone();
    let chosen = |version: &str| json!({ "tags": [{ "key": "gitlab.version", "value": version }] });
    assert_eq!(semver(json!({})).await, "1.0.0");
    assert_eq!(semver(json!({})).await, "1.0.1");
    assert_eq!(semver(chosen("2.3.4")).await, "2.3.4");
    assert_eq!(semver(chosen("3.0.0-rc.1")).await, "3.0.0-rc.1");
    assert_eq!(semver(json!({})).await, "2.3.5", "a prerelease is not the latest release");
    assert_eq!(semver(chosen("1.5.0")).await, "1.5.0");
    assert_eq!(semver(json!({})).await, "2.3.6");
    assert_eq!(semver(chosen("2.3.6+cuda")).await, "2.3.6+cuda", "build metadata is part of the version");

    alice.create_model("pre").await;
    alice.create_semver("pre", "1.0.0-alpha").await;
    assert_eq!(alice.create_version("pre", json!({})).await["aliases"][0], "1.0.0");
}

#[tokio::test]
async fn a_project_chooses_the_number_that_is_raised() {
    let server = TestServer::start().await;
    let (root, alice) = (server.root(), server.developer("alice").await);
    alice.create_model("m").await;
    alice.create_semver("m", "1.2.3").await;
    for (part, version) in [(Part::Minor, "1.3.0"), (Part::Major, "2.0.0"), (Part::Patch, "2.0.1")] {
        let body = json!({ "version_part": part.name() });
        assert_eq!(root.api_put("projects/1", body).await.ok()["version_part"], part.name());
        assert_eq!(alice.create_version("m", json!({})).await["aliases"][0], version);
    }
}

#[tokio::test]
async fn a_version_is_taken_once_and_has_to_be_one() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    alice.create_semver("m", "1.0.0").await;
    let create = async |version: &str| {
        let tags = json!([{ "key": "gitlab.version", "value": version }]);
        alice.post("model-versions/create", json!({ "name": "m", "source": "", "tags": tags })).await
    };
    let taken = create("1.0.0").await;
    assert_eq!(taken.status, 400);
    assert!(taken.to_string().starts_with("400 RESOURCE_ALREADY_EXISTS: Version has already been taken"));
    for bad in ["1.0", "v1.0.0", "01.0.0", "latest", ""] {
        let answer = create(bad).await;
        assert!(answer.to_string().contains("Version must be semantic version"), "{bad}: {answer}");
    }
    assert_eq!(alice.create_version("m", json!({})).await["version"], "2", "refusals leave no gap");
    let unknown = alice.post("model-versions/create", json!({ "name": "x", "source": "" })).await;
    assert_eq!(unknown.to_string(), "404 RESOURCE_DOES_NOT_EXIST: Registered Model with name=x not found");
    let tag = |key: &str, value: &str| json!({ "name": "m", "version": "1", "key": key, "value": value });
    let answer = alice.post("model-versions/set-tag", tag("gitlab.version", "9.9.9")).await;
    assert_eq!(answer.status, 400, "{answer}");
    alice.post("model-versions/set-tag", tag("gitlab.version", "1.0.0")).await.ok();
    let answer = alice.delete("model-versions/delete-tag", tag("gitlab.version", "")).await;
    assert_eq!(answer.status, 400, "{answer}");
}

#[tokio::test]
async fn many_clients_at_once_leave_no_gap_and_no_double() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let alice = alice.clone();
        tasks.spawn(async move { alice.create_version("m", json!({})).await });
    }
    let made = tasks.join_all().await;
    let mut numbers: Vec<u32> =
        made.iter().map(|made| made["version"].as_str().unwrap().parse().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=64).collect::<Vec<_>>());
    let mut versions: Vec<String> =
        made.iter().map(|made| made["aliases"][0].as_str().unwrap().to_owned()).collect();
    versions.sort();
    versions.dedup();
    assert_eq!(versions.len(), 64);
    for made in &made {
        let number: u32 = made["version"].as_str().unwrap().parse().unwrap();
        assert_eq!(made["aliases"][0], format!("1.0.{}", number - 1));
    }
}

#[tokio::test]
async fn every_route_takes_the_number_and_the_semver() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    alice.create_semver("m", "1.2.0").await;
    for which in ["1", "1.2.0"] {
        let body = |rest: Value| {
            let mut body = json!({ "name": "m", "version": which });
            body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
            body
        };
        let stage = alice.post("model-versions/transition-stage", body(json!({ "stage": "staging" }))).await;
        assert_eq!(stage.ok()["model_version"]["current_stage"], "Staging");
        let updated = alice.patch("model-versions/update", body(json!({ "description": which }))).await;
        assert_eq!(updated.ok()["model_version"]["description"], which);
        alice.post("model-versions/set-tag", body(json!({ "key": "k", "value": which }))).await.ok();
        let tags = version(&alice, which).await["tags"].clone();
        assert!(tags.as_array().unwrap().contains(&json!({ "key": "k", "value": which })), "{tags}");
        alice.delete("model-versions/delete-tag", body(json!({ "key": "k" }))).await.ok();
        assert_eq!(version(&alice, which).await["tags"].as_array().unwrap().len(), 1);
    }
    let bad = alice.get("model-versions/get?name=m&version=abc").await;
    assert!(bad.to_string().contains("Parameter 'version' must be an integer, got 'abc'."), "{bad}");
    let missing = alice.get("model-versions/get?name=m&version=99").await;
    assert_eq!(
        missing.to_string(),
        "404 RESOURCE_DOES_NOT_EXIST: Model Version (name=m, version=99) not found: the model 'm' has the versions 1.2.0 (1, Staging)"
    );
    let number = json!({ "name": "m", "version": 1 });
    assert_eq!(alice.patch("model-versions/update", number).await.status, 400, "a number is no text");
    alice.delete("model-versions/delete", json!({ "name": "m", "version": "1.2.0" })).await.ok();
    assert_eq!(
        alice.delete("model-versions/delete", json!({ "name": "m", "version": "1" })).await.status,
        404
    );
    assert_eq!(alice.create_version("m", json!({})).await["version"], "2", "numbers are never used again");
}

#[tokio::test]
async fn stages_archive_what_stood_there() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    for _ in 0..3 {
        alice.create_version("m", json!({})).await;
    }
    let move_to = async |version: &str, stage: &str, archive: bool| {
        let body =
            json!({ "name": "m", "version": version, "stage": stage, "archive_existing_versions": archive });
        alice.post("model-versions/transition-stage", body).await
    };
    move_to("1", "Production", false).await.ok();
    move_to("2", "Production", false).await.ok();
    move_to("3", "production", true).await.ok();
    let mut stages = Vec::new();
    for number in ["1", "2", "3"] {
        stages.push(version(&alice, number).await["current_stage"].clone());
    }
    assert_eq!(stages, ["Archived", "Archived", "Production"]);
    let bad = move_to("1", "Bogus", false).await;
    assert!(
        bad.to_string().contains(
            "Invalid Model Version stage: Bogus. Value must be one of None, Staging, Production, Archived."
        ),
        "{bad}"
    );
    let archive = move_to("1", "None", true).await;
    assert_eq!(archive.status, 400, "{archive}");
}

#[tokio::test]
async fn a_deleted_version_takes_its_run_and_aliases_with_it() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let made = alice.create_version("m", json!({})).await;
    let run = alice.run_of(&made).await;
    assert_eq!(alice.put_file(&run, "a.txt", "bytes").await.status, 200);
    alice.log_metric(&run, "loss", json!(1.0), 0, 1).await.ok();
    // As folding leaves what it could not read.
    let id = RunId::parse(&run.id).unwrap();
    let damage = move |tx: &mut Tx<'_>| {
        let row = runs::get(tx, 1, &id)?.id;
        tx.execute("INSERT INTO metric_damaged (run_id, body) VALUES (?1, ?2)", &[&row, &vec![1u8]])
    };
    server.store.write(damage).await.unwrap();
    let alias = json!({ "name": "m", "alias": "champion", "version": "1" });
    alice.post("registered-models/alias", alias).await.ok();
    alice.delete("model-versions/delete", json!({ "name": "m", "version": "1" })).await.ok();
    assert_eq!(alice.get(&format!("runs/get?run_id={}", run.id)).await.status, 404);
    assert_eq!(alice.get_file(&run, "a.txt").await.status, 404);
    let count = |tx: &mut Tx<'_>| tx.get("SELECT COUNT(*) FROM metric_damaged", &[], |row| row.int(0));
    assert_eq!(server.store.read(count).await.unwrap(), 0);
    let answer = alice.get("registered-models/alias?name=m&alias=champion").await;
    assert_eq!(
        answer.to_string(),
        "404 RESOURCE_DOES_NOT_EXIST: Registered model alias champion not found: the model 'm' has no versions"
    );
}

#[tokio::test]
async fn only_a_maintainer_deletes_and_renames_what_is_published() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let maintainer = server.member("mia", Role::Maintainer).await;
    alice.create_model("m").await;
    alice.create_version("m", json!({})).await;
    server.publish("m", "1.0.0").await;
    for (path, body) in [
        ("model-versions/delete", json!({ "name": "m", "version": "1" })),
        ("registered-models/delete", json!({ "name": "m" })),
    ] {
        let answer = alice.delete(path, body).await;
        assert!(answer.to_string().starts_with("403 PERMISSION_DENIED"), "{answer}");
        assert!(answer.to_string().contains("published"), "{answer}");
    }
    let to = |name: &str, new: &str| json!({ "name": name, "new_name": new });
    let answer = alice.post("registered-models/rename", to("m", "other")).await;
    assert_eq!(
        answer.to_string(),
        "403 PERMISSION_DENIED: you may not rename the model 'm': its version 1.0.0 is published, and renaming that needs maintainer or above"
    );
    maintainer.post("registered-models/rename", to("m", "n")).await.ok();
    maintainer.post("registered-models/rename", to("n", "m")).await.ok();
    maintainer.delete("model-versions/delete", json!({ "name": "m", "version": "1" })).await.ok();
    let again = alice.create_version("m", json!({})).await;
    assert_eq!(
        (&again["version"], &again["aliases"][0]),
        (&json!("2"), &json!("1.0.0")),
        "a SemVer is free again"
    );
    alice.post("registered-models/rename", to("m", "n")).await.ok();
    alice.post("registered-models/rename", to("n", "m")).await.ok();
    alice.delete("registered-models/delete", json!({ "name": "m" })).await.ok();
}

#[tokio::test]
async fn a_published_version_takes_no_files_params_and_metrics() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let made = alice.create_version("m", json!({})).await;
    let run = alice.run_of(&made).await;
    assert_eq!(alice.put_file(&run, "a.txt", "bytes").await.status, 200);
    server.publish("m", "1.0.0").await;
    let batch = |metrics: Value, params: Value, tags: Value| json!({ "run_id": run.id, "metrics": metrics, "params": params, "tags": tags });
    let metrics = json!([{ "key": "a", "value": 1.0, "timestamp": 1, "step": 0 }]);
    let entries = json!([{ "key": "a", "value": "1" }]);
    let tree = run.artifact_uri.trim_start_matches("mlflow-artifacts:/").to_owned();
    let file = format!("/api/2.0/mlflow-artifacts/artifacts/{tree}/a.txt");
    let id = &run.id;
    let model = json!({ "artifact_path": "m", "flavors": {}, "utc_time_created": "now", "run_id": id });
    for answer in [
        alice.post("runs/update", json!({ "run_id": id, "status": "RUNNING" })).await,
        alice.post("runs/update", json!({ "run_id": id, "run_name": "another" })).await,
        alice.set_tag(&run, "mlflow.runName", "another").await,
        alice.post("runs/log-model", json!({ "run_id": id, "model_json": model.to_string() })).await,
        alice.log_param(&run, "p", "1").await,
        alice.log_metric(&run, "m", json!(1.0), 0, 1).await,
        alice.post("runs/log-batch", batch(metrics, json!([]), json!([]))).await,
        alice.post("runs/log-batch", batch(json!([]), entries.clone(), json!([]))).await,
        alice.put_file(&run, "b.txt", "more").await,
        alice.put_file(&run, "a.txt", "other").await,
        alice.send(alice.request(reqwest::Method::DELETE, &file)).await,
    ] {
        assert!(answer.to_string().starts_with("400"), "{answer}");
        assert!(answer.to_string().contains("version 1.0.0 of the model 'm' is published"), "{answer}");
    }
    assert_eq!(alice.get_file(&run, "a.txt").await.bytes, b"bytes");
    let info = alice.get_run(&run).await["info"].clone();
    assert_eq!((&info["status"], &info["run_name"]), (&json!("FINISHED"), &json!("1.0.0")));
    alice.set_tag(&run, "still", "fine").await.ok();
    alice.post("runs/log-batch", batch(json!([]), json!([]), entries)).await.ok();
    let stage = json!({ "name": "m", "version": "1", "stage": "Production" });
    alice.post("model-versions/transition-stage", stage).await.ok();
    let alias = json!({ "name": "m", "version": "1", "alias": "champion" });
    alice.post("registered-models/alias", alias).await.ok();
}

/// What is acknowledged before the seal is under it, and nothing is acknowledged after it.
#[tokio::test]
async fn nothing_is_logged_behind_the_back_of_publishing() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    for round in 0..8 {
        let made = alice.create_version("m", json!({})).await;
        let run = alice.run_of(&made).await;
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..6 {
            let (alice, run) = (alice.clone(), run.clone());
            writers.spawn(async move {
                let mut taken = 0;
                while alice.log_param(&run, &format!("{writer}.{taken}"), "x").await.status == 200 {
                    taken += 1;
                }
                taken
            });
        }
        tokio::time::sleep(std::time::Duration::from_millis(10 * round)).await;
        server.publish("m", made["version"].as_str().unwrap()).await;
        let sealed = count(&alice.get_run(&run).await, "params");
        let taken: usize = writers.join_all().await.into_iter().sum();
        assert_eq!((sealed, count(&alice.get_run(&run).await, "params")), (taken, taken));
    }
}

fn count(run: &Value, part: &str) -> usize {
    run["data"][part].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn the_tags_of_a_model_and_of_a_version_have_limits_together() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let tags = |count: usize, length: usize| -> Value {
        (0..count).map(|index| json!({ "key": format!("{index:04}"), "value": "x".repeat(length) })).collect()
    };
    alice.create_model("m").await;
    for (create, name) in [("registered-models/create", "n"), ("model-versions/create", "m")] {
        for (tags, part) in [
            (tags(1001, 1), "'tags' has 1001 elements, and at most 1000 are allowed"),
            (
                tags(11, 99_996),
                "'tags' has 1100000 bytes of keys and values, and at most 1048576 are allowed",
            ),
        ] {
            let answer = alice.post(create, json!({ "name": name, "source": "", "tags": tags })).await;
            assert_eq!(answer.status, 400, "{answer}");
            assert!(answer.to_string().contains(part), "{answer}");
        }
        // As many and as large as they may be.
        let fields = json!({ "name": name, "source": "", "tags": tags(1000, 1000) });
        alice.post(create, fields).await.ok();
    }
    for (path, fields) in [
        ("registered-models/set-tag", json!({ "name": "n" })),
        ("model-versions/set-tag", json!({ "name": "m", "version": "1" })),
    ] {
        let set = async |key: &str, length: usize| {
            let mut body = fields.clone();
            body["key"] = json!(key);
            body["value"] = json!("y".repeat(length));
            alice.post(path, body).await
        };
        let more = set("new", 1).await;
        assert!(more.to_string().contains("'tags' has 1001 elements"), "{more}");
        let larger = set("0000", 100_000).await;
        assert!(larger.to_string().contains("bytes of keys and values"), "{larger}");
        set("0000", 1001).await.ok();
    }
    let page = alice.get("model-versions/get?name=m&version=1").await.ok();
    let kept = page["model_version"]["tags"].as_array().unwrap().clone();
    assert_eq!(kept.len(), 1001, "with the SemVer");
    assert_eq!(kept[0]["value"], "y".repeat(1001), "the refused ones left nothing");
}

#[tokio::test]
async fn no_tag_says_another_semver_than_the_versions_own() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let prompt = json!({ "key": "mlflow.prompt.is_prompt", "value": "true" });
    let chosen = json!({ "key": "gitlab.version", "value": "1.5.0" });
    alice.create_version("m", json!({ "tags": [prompt, chosen] })).await;
    alice.create_version("m", json!({})).await;
    let body = |which: &str, key: &str, value: &str| json!({ "name": "m", "version": which, "key": key, "value": value });
    for (number, semver) in [("1", "1.5.0"), ("2", "1.5.1")] {
        for flag in ["true", "false", "true"] {
            let flag = body(number, "mlflow.prompt.is_prompt", flag);
            alice.post("model-versions/set-tag", flag).await.ok();
            for refused in [
                alice.post("model-versions/set-tag", body(number, "gitlab.version", "9.9.9")).await,
                alice.delete("model-versions/delete-tag", body(number, "gitlab.version", "")).await,
            ] {
                assert!(refused.to_string().contains("is its version and cannot be changed"), "{refused}");
            }
            alice.post("model-versions/set-tag", body(number, "gitlab.version", semver)).await.ok();
        }
        let shown = version(&alice, number).await;
        assert_eq!(
            shown["tags"],
            json!([{ "key": "mlflow.prompt.is_prompt", "value": "true" }]),
            "of a prompt"
        );
        let flag = body(number, "mlflow.prompt.is_prompt", "");
        alice.delete("model-versions/delete-tag", flag).await.ok();
        let shown = version(&alice, semver).await;
        assert_eq!(shown["tags"], json!([{ "key": "gitlab.version", "value": semver }]));
        assert_eq!(shown["aliases"], json!([semver]));
    }
}
