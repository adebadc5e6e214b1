//! Where the files of a version are, by what it was made from: here as links, or elsewhere for good.

use reqwest::Method;
use serde_json::{Value, json};
use weir_domain::run::RunId;
use weir_store::runs;
use weir_testing::{Answer, Client, TestRun, TestServer};

async fn uri(client: &Client, model: &str, version: &str) -> String {
    let path = format!("model-versions/get-download-uri?name={model}&version={version}");
    client.get(&path).await.ok()["artifact_uri"].as_str().unwrap().to_owned()
}

async fn make(client: &Client, model: &str, source: &str) -> Value {
    client.create_version(model, json!({ "source": source })).await
}

async fn refused(client: &Client, fields: Value) -> String {
    let mut body = fields;
    body["name"] = json!("m");
    let answer = client.post("model-versions/create", body).await;
    assert!(matches!(answer.status, 400 | 404), "{answer}");
    answer.to_string()
}

async fn experiment_at(client: &Client, name: &str, location: &str) -> String {
    let body = json!({ "name": name, "artifact_location": location });
    client.post("experiments/create", body).await.ok()["experiment_id"].as_str().unwrap().to_owned()
}

/// A logged model of `run`, whose artifacts are addressed as those of a run are.
async fn logged_model(client: &Client, experiment: &str, name: &str, run: &str) -> TestRun {
    let body = json!({ "experiment_id": experiment, "name": name, "source_run_id": run });
    let model = client.post("logged-models", body).await.ok()["model"]["info"].clone();
    let text = |field: &str| model[field].as_str().unwrap().to_owned();
    TestRun { id: text("model_id"), artifact_uri: text("artifact_uri") }
}

async fn own(client: &Client, method: Method, path: &str) -> Answer {
    let address = client.tracking.replace("/ml/mlflow", &format!("/ml/{path}"));
    client.send(client.request(method, &address)).await
}

#[tokio::test]
async fn a_copy_of_files_elsewhere_stays_what_it_is_when_an_alias_moves() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    alice.create_model("copy").await;
    make(&alice, "m", "s3://bucket/first").await;
    make(&alice, "m", "s3://bucket/second").await;
    let champion = async |version: &str| {
        let body = json!({ "name": "m", "alias": "champion", "version": version });
        alice.post("registered-models/alias", body).await.ok();
    };
    champion("1").await;
    let copied = make(&alice, "copy", "models:/m@champion").await;
    make(&alice, "copy", "models:/copy/latest").await;
    champion("2").await;
    make(&alice, "copy", "models:/m@champion").await;
    alice.delete("model-versions/delete", json!({ "name": "m", "version": "1" })).await.ok();
    let expected = ["s3://bucket/first", "s3://bucket/first", "s3://bucket/second"];
    for (version, expected) in ["1", "2", "3"].into_iter().zip(expected) {
        assert_eq!(uri(&alice, "copy", version).await, expected, "{version}");
    }
    alice.delete("registered-models/delete", json!({ "name": "m" })).await.ok();
    assert_eq!(uri(&alice, "copy", "1").await, expected[0]);

    // The version's run says the same, and nothing can be put where no client would look for it.
    let run = alice.run_of(&copied).await;
    assert_eq!(run.artifact_uri, expected[0]);
    let found = alice.get("experiments/get-by-name?experiment_name=[model]copy").await.ok();
    let experiment = found["experiment"]["experiment_id"].as_str().unwrap();
    let here = TestRun {
        artifact_uri: format!("mlflow-artifacts:/{experiment}/{}/artifacts", run.id),
        id: run.id.clone(),
    };
    let elsewhere = "400 INVALID_PARAMETER_VALUE: The artifacts of run [id] are in 's3://bucket/first', where this server does not look; use the client's own access to it";
    for answer in [
        alice.put_file(&here, "MLmodel", "x").await,
        alice.get_file(&here, "MLmodel").await,
        alice.get(&format!("artifacts/list?run_id={}", run.id)).await,
    ] {
        assert_eq!(answer.to_string(), elsewhere);
    }
    alice.log_param(&run, "depth", "3").await.ok();
    let source = refused(&alice, json!({ "source": here.artifact_uri })).await;
    assert!(source.contains("Registered Model with name=m not found"), "{source}");
    alice.create_model("m").await;
    let source = refused(&alice, json!({ "source": here.artifact_uri })).await;
    assert!(source.contains("Invalid model version source"), "{source}");
}

#[tokio::test]
async fn a_version_whose_files_are_elsewhere_is_told_so_and_not_published() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    make(&alice, "m", "s3://bucket/model").await;
    let told = own(&alice, Method::GET, "models/m/versions/1").await.ok();
    assert_eq!(told["artifact_uri"], "s3://bucket/model");
    let warning = "the files of version 1.0.0 of the model 'm' are in 's3://bucket/model', where this server does not look";
    assert_eq!(told["mlmodel_warning"], warning);
    let answer = own(&alice, Method::GET, "models/m/versions/1/mlmodel").await;
    assert_eq!((answer.status, answer.json()["message"].clone()), (404, json!(warning)));
    let answer = own(&alice, Method::POST, "models/m/versions/1/publish").await;
    assert_eq!(answer.status, 400, "{answer}");
    assert!(
        answer.to_string().contains("cannot be published: its files are in 's3://bucket/model'"),
        "{answer}"
    );
    assert_eq!(own(&alice, Method::GET, "models/m/versions/1").await.ok(), told);
}

#[tokio::test]
async fn an_experiment_with_a_place_of_its_own_gives_it_to_its_versions() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let experiment = experiment_at(&alice, "own", "s3://team/own/").await;
    let run = alice.create_run_in(&experiment, json!({})).await;
    alice.log_param(&run, "depth", "3").await.ok();
    let model = logged_model(&alice, &experiment, "net", &run.id).await;
    let (at_run, at_model) = (
        format!("s3://team/own/{}/artifacts", run.id),
        format!("s3://team/own/models/{}/artifacts", model.id),
    );
    assert_eq!((&run.artifact_uri, &model.artifact_uri), (&at_run, &at_model));
    let cases = [
        (format!("runs:/{}/model", run.id), "", format!("{at_run}/model")),
        (format!("runs:/{}", run.id), "", at_run.clone()),
        (String::new(), run.id.as_str(), at_run.clone()),
        (format!("models:/{}", model.id), "", at_model.clone()),
        (format!("models:/{}/data", model.id), "", format!("{at_model}/data")),
        (format!("runs:/{}/net", run.id), "", at_model.clone()),
        ("models:/m/1".to_owned(), "", format!("{at_run}/model")),
        (format!("{at_run}/model"), run.id.as_str(), format!("{at_run}/model")),
    ];
    for (source, run_id, _) in &cases {
        let made = alice.create_version("m", json!({ "source": source, "run_id": run_id })).await;
        let record = alice.get_run(&alice.run_of(&made).await).await;
        assert_eq!(record["data"]["params"], json!([{ "key": "depth", "value": "3" }]), "{source}");
    }
    alice.post("runs/delete", json!({ "run_id": run.id })).await.ok();
    for (number, (source, _, expected)) in cases.iter().enumerate() {
        assert_eq!(uri(&alice, "m", &(number + 1).to_string()).await, *expected, "{source}");
    }
}

#[tokio::test]
async fn the_artifact_uri_of_a_logged_model_is_as_good_as_its_id() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let custom = experiment_at(&alice, "custom", "mlflow-artifacts:/my/artifacts-place").await;
    for experiment in ["0", &custom] {
        let run = alice.create_run_in(experiment, json!({})).await;
        alice.log_param(&run, "depth", "3").await.ok();
        let model = logged_model(&alice, experiment, "net", &run.id).await;
        assert_eq!(alice.put_file(&model, "data/w.bin", "weights").await.status, 200);
        for (source, path) in [
            (format!("models:/{}", model.id), "data/w.bin"),
            (model.artifact_uri.clone(), "data/w.bin"),
            (format!("{}/data", model.artifact_uri), "w.bin"),
            (format!("{}/data/w.bin", model.artifact_uri), "w.bin"),
            (format!("models:/{}/data", model.id), "w.bin"),
            // What MLflow 3 makes of runs:/<id>/net when it is asked for the address behind it.
            (format!("{}/net", run.artifact_uri), "data/w.bin"),
        ] {
            let made = make(&alice, "m", &source).await;
            assert_eq!(made["model_id"], model.id, "{source}");
            let own = alice.run_of(&made).await;
            assert_eq!(alice.get_file(&own, path).await.bytes, b"weights", "{source}");
            assert_eq!(alice.get_run(&own).await["data"]["params"][0]["value"], "3", "{source}");
        }
        for source in [format!("{}/dat", model.artifact_uri), format!("models:/{}/dat", model.id)] {
            let answer = refused(&alice, json!({ "source": source })).await;
            let expected =
                "404 RESOURCE_DOES_NOT_EXIST: No such artifact: 'dat' in the logged model 'm-[id]'";
            assert_eq!(answer, expected);
        }
        let elsewhere = model.artifact_uri.replace("mlflow-artifacts:/", "mlflow-artifacts:/other/");
        let answer = refused(&alice, json!({ "source": elsewhere })).await;
        assert!(answer.starts_with("400 INVALID_PARAMETER_VALUE: Invalid model version source"), "{answer}");
    }
}

/// MLflow 2 registers a run of such an experiment by the path itself.
#[tokio::test]
async fn a_local_path_is_a_source_inside_the_folder_of_its_run() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let shared = experiment_at(&alice, "shared", "file:///shared/place").await;
    let (run, here) = (alice.create_run_in(&shared, json!({})).await, alice.create_run().await);
    let at_run = format!("file:///shared/place/{}/artifacts", run.id);
    assert_eq!(run.artifact_uri, at_run);
    for source in [format!("{at_run}/model"), at_run.trim_start_matches("file://").to_owned()] {
        let made = alice.create_version("m", json!({ "source": source, "run_id": run.id })).await;
        assert_eq!(uri(&alice, "m", made["version"].as_str().unwrap()).await, source);
        assert_eq!(alice.run_of(&made).await.artifact_uri, source);
    }
    for (source, run_id) in [
        (format!("{at_run}/model"), ""),
        (format!("{at_run}/model"), here.id.as_str()),
        (format!("{at_run}x"), run.id.as_str()),
        (format!("{at_run}/../x"), run.id.as_str()),
        ("/etc/passwd".to_owned(), run.id.as_str()),
        ("file:///etc/passwd".to_owned(), here.id.as_str()),
        ("dummy-source".to_owned(), run.id.as_str()),
    ] {
        let answer = refused(&alice, json!({ "source": source, "run_id": run_id })).await;
        assert!(answer.starts_with("400 INVALID_PARAMETER_VALUE: Invalid model version source"), "{answer}");
    }
}

/// MLflow's own clients and tests register runs:/<id>/model of runs that have logged no files.
#[tokio::test]
async fn a_version_of_a_run_without_files_is_made_without_files() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let run = alice.create_run().await;
    let made = alice
        .create_version("m", json!({ "source": format!("runs:/{}/model", run.id), "run_id": run.id }))
        .await;
    let own = alice.run_of(&made).await;
    assert_eq!(uri(&alice, "m", "1").await, own.artifact_uri);
    assert_eq!(alice.get(&format!("artifacts/list?run_id={}", own.id)).await.ok()["files"], Value::Null);
    assert_eq!(alice.put_file(&own, "MLmodel", "flavors: {}").await.status, 200);
}

#[tokio::test]
async fn what_is_deleted_is_not_promoted() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let (run, elsewhere) = (alice.create_run().await, alice.create_experiment("deleted").await);
    let model = logged_model(&alice, "0", "net", &run.id).await;
    let closed = logged_model(&alice, &elsewhere, "closed", &run.id).await;
    alice.delete(&format!("logged-models/{}", model.id), json!({})).await.ok();
    alice.post("experiments/delete", json!({ "experiment_id": elsewhere })).await.ok();
    let gone = "404 RESOURCE_DOES_NOT_EXIST: Logged model with ID 'm-[id]' not found.";
    let of_deleted = "must be in the 'active' state. Current state is deleted.";
    for (source, part) in [
        (format!("models:/{}", model.id), gone),
        (model.artifact_uri.clone(), gone),
        (format!("runs:/{}/net", run.id), gone),
        (format!("{}/net", run.artifact_uri), gone),
        (format!("models:/{}", closed.id), of_deleted),
        (closed.artifact_uri.clone(), of_deleted),
        (format!("runs:/{}/closed", run.id), of_deleted),
    ] {
        let answer = refused(&alice, json!({ "source": source })).await;
        assert!(answer.contains(part), "{source}: {answer}");
    }
    // A model of that name that is there counts, and so does a folder of the run.
    let newer = logged_model(&alice, "0", "net", &run.id).await;
    assert_eq!(make(&alice, "m", &format!("runs:/{}/net", run.id)).await["model_id"], newer.id);
    alice.delete(&format!("logged-models/{}", newer.id), json!({})).await.ok();
    alice.put_file(&run, "net/MLmodel", "flavors: {}").await;
    assert_eq!(make(&alice, "m", &format!("runs:/{}/net", run.id)).await["model_id"], Value::Null);
}

#[tokio::test]
async fn a_version_is_copied_after_its_logged_model_is_gone() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for name in ["m", "home", "a@b"] {
        alice.create_model(name).await;
    }
    let home = alice.get("experiments/get-by-name?experiment_name=[model]home").await.ok();
    let home = home["experiment"]["experiment_id"].as_str().unwrap().to_owned();
    let model = logged_model(&alice, &home, "net", "").await;
    let other = logged_model(&alice, "0", "other", "").await;
    alice.put_file(&model, "MLmodel", "flavors: {}").await;
    let source = json!({ "source": format!("models:/{}", model.id), "model_id": model.id });
    alice.create_version("a@b", source).await;
    // As `copy_model_version` of MLflow 3 sends it.
    let copy = json!({ "source": "models:/a@b/1", "model_id": model.id });
    alice.create_version("m", copy.clone()).await;
    let tags = alice.get(&format!("logged-models/{}", model.id)).await.ok()["model"]["info"]["tags"].clone();
    let noted = r#"[{"name":"a@b","version":1},{"name":"m","version":1}]"#;
    assert_eq!(tags, json!([{ "key": "mlflow.modelVersions", "value": noted }]), "copies too, as in MLflow");
    let answer = refused(&alice, json!({ "source": "models:/a@b/1", "model_id": other.id })).await;
    assert!(answer.contains("must match the referenced model version"), "{answer}");

    alice.delete(&format!("logged-models/{}", model.id), json!({})).await.ok();
    for removed in [false, true] {
        if removed {
            // It takes its experiment along, and that what is in it.
            alice.delete("registered-models/delete", json!({ "name": "home" })).await.ok();
        }
        let made = alice.create_version("m", copy.clone()).await;
        assert_eq!(made["model_id"], model.id);
        let own = alice.run_of(&made).await;
        assert_eq!(alice.get_file(&own, "MLmodel").await.bytes, b"flavors: {}");
    }
}

#[tokio::test]
async fn many_points_of_a_logged_model_are_copied_whole() {
    const POINTS: i64 = 10_500;
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    alice.create_model("m").await;
    let (run, later) = (alice.create_run().await, alice.create_run().await);
    let model = logged_model(&alice, "0", "net", &run.id).await;
    for start in (0..POINTS).step_by(1000) {
        let metrics: Vec<Value> = (start..POINTS.min(start + 1000))
            .map(|step| json!({ "key": "acc", "value": step, "timestamp": step, "step": step, "model_id": model.id }))
            .collect();
        alice.post("runs/log-batch", json!({ "run_id": later.id, "metrics": metrics })).await.ok();
    }
    let made = make(&alice, "m", &format!("models:/{}", model.id)).await;
    let own = alice.run_of(&made).await;
    let history = format!("metrics/get-history?run_id={}&metric_key=acc&max_results=25000", own.id);
    let history = alice.get(&history).await.ok()["metrics"].as_array().unwrap().clone();
    assert_eq!(history.len(), POINTS as usize);
    assert!((0..POINTS).zip(&history).all(|(step, point)| point["step"] == step));

    let ids = [&later.id, &own.id].map(|id| RunId::parse(id).unwrap());
    let iids = server
        .second_store()
        .read(move |tx| {
            ids.iter()
                .map(|id| runs::get(tx, 1, id).map(|run| run.iid))
                .collect::<weir_domain::Result<Vec<_>>>()
        })
        .await
        .unwrap();
    assert_eq!(iids[1], iids[0] + 1, "the run of a version is numbered like any other");
}
