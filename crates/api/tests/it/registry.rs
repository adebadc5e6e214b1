//! Weir's own routes of the model registry: versions whole, publishing, comparison, history, descriptions.

use reqwest::Method;
use serde_json::{Value, json};
use weir_domain::access::{Role, Visibility};
use weir_domain::logged_model::ModelId;
use weir_domain::run::RunId;
use weir_domain::source::Source;
use weir_domain::stage::Stage;
use weir_domain::value::Entry;
use weir_domain::version::Version;
use weir_store::files::{self, Owner, Stored};
use weir_store::{aliases, experiments, logged_models, model_versions, registered_models};
use weir_testing::{Answer, Client, TestRun, TestServer};

use crate::artifacts::put;

const FRAME_2: &str = include_str!("../../../domain/tests/data/mlmodel/sklearn_frame_mlflow2.yaml");
const FRAME_3: &str = include_str!("../../../domain/tests/data/mlmodel/sklearn_frame_mlflow3.yaml");
const REQUIREMENTS: &str = "mlflow==3.17.2\n# by hand\n--index-url https://pip.example\n";
const TENSOR_3: &str = include_str!("../../../domain/tests/data/mlmodel/sklearn_tensor_mlflow3.yaml");

/// `/api/v4/projects/1/ml/<path>`
async fn own(client: &Client, method: Method, path: &str) -> Answer {
    let address = client.tracking.strip_suffix("/mlflow").unwrap();
    client.send(client.request(method, &format!("{address}/{path}"))).await
}

async fn get(client: &Client, path: &str) -> Answer {
    own(client, Method::GET, path).await
}

/// The body of an error, which has nothing but its sentence.
fn message(answer: &Answer) -> String {
    let body = answer.json();
    assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
    format!("{} {}", answer.status, body["message"].as_str().unwrap())
}

async fn keep(client: &Client, run: &TestRun, path: &str, bytes: impl Into<reqwest::Body>) {
    let answer = put(client, run, path, bytes).await;
    assert_eq!(answer.status, 200, "{answer}");
}

async fn make_model(server: &TestServer, name: &'static str) {
    let now = server.now();
    let make = move |tx: &mut weir_store::Tx<'_>| {
        let tags = [Entry { key: "team".to_owned(), value: "a".to_owned() }];
        let new = registered_models::NewModel { name, description: "", tags: &tags, creator_id: 1, now };
        registered_models::create(tx, 1, &new)
    };
    server.store.write(make).await.unwrap();
}

/// A version of a model and the run that it is.
async fn make_version(server: &TestServer, model: &'static str, version: &str) -> TestRun {
    let now = server.now();
    let version = Version::parse(version).unwrap();
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).unwrap();
    let new_run_id = RunId::from_random(bytes);
    let name_key = server.store.intern(&["mlflow.runName"]).await.unwrap()[0];
    let made = server
        .store
        .write(move |tx| {
            let new = model_versions::NewVersion {
                model,
                version: Some(&version),
                source: &Source::None,
                source_text: "",
                run_id: None,
                model_id: None,
                description: "as told",
                run_link: "https://ci.example/1",
                tags: &[Entry { key: "k".to_owned(), value: "v".to_owned() }],
                is_prompt: false,
                new_run_id: &new_run_id,
                name_key,
                creator_id: 1,
                now,
            };
            model_versions::create(tx, 1, &new)
        })
        .await
        .unwrap();
    TestRun { id: made.run_id.as_str().to_owned(), artifact_uri: made.artifact_uri() }
}

#[tokio::test]
async fn a_version_is_told_whole() {
    let server = TestServer::start().await;
    let root = server.root();
    make_model(&server, "iris model").await;
    let run = make_version(&server, "iris model", "1.2.0-rc.1+b5").await;
    keep(&root, &run, "MLmodel", FRAME_3).await;
    keep(&root, &run, "requirements.txt", REQUIREMENTS).await;
    keep(&root, &run, "model.skops", "bytes").await;

    let told = get(&root, "models/iris%20model/versions/1").await.ok();
    assert_eq!(told["model"], "iris model");
    assert_eq!((&told["number"], &told["version"]), (&json!(1), &json!("1.2.0-rc.1+b5")));
    assert_eq!((&told["stage"], &told["description"]), (&json!("None"), &json!("as told")));
    assert_eq!(told["run_id"], run.id.as_str());
    assert_eq!(told["artifact_uri"], run.artifact_uri.as_str());
    assert_eq!(told["source"]["run_link"], "https://ci.example/1");
    assert_eq!(told["created_at"], "2026-01-01T00:00:00.000Z");
    assert_eq!(told["created_by"], "root");
    assert_eq!((&told["published_at"], &told["digest"]), (&Value::Null, &Value::Null));
    let size_bytes = FRAME_3.len() + REQUIREMENTS.len() + 5;
    assert_eq!(told["files"], json!({ "count": 3, "size_bytes": size_bytes }));
    assert!(told["tags"].as_array().unwrap().contains(&json!({ "key": "k", "value": "v" })));
    assert_eq!(told["mlmodel"]["flavors"]["sklearn"]["sklearn_version"], "1.8.0");
    assert_eq!(told["mlmodel"]["path"], "MLmodel");
    assert_eq!(
        told["mlmodel"]["signature"]["inputs"][0],
        json!({ "name": "sepal length (cm)", "type": "double", "required": true })
    );
    assert_eq!(
        told["mlmodel"]["signature"]["outputs"][0],
        json!({ "name": null, "type": "tensor", "dtype": "int64", "required": true, "shape": [-1] })
    );
    assert_eq!(
        told["mlmodel"]["requirements"],
        json!({
            "packages": [{ "name": "mlflow", "specifier": "==3.17.2" }],
            "options": ["--index-url https://pip.example"],
            "comments": ["by hand"],
        })
    );
    assert_eq!(told["mlmodel_warning"], Value::Null);

    // The same version by every name of it; `+` in a path is itself.
    for version in ["1.2.0-rc.1+b5", "1.2.0-rc.1%2Bb5", "latest", "^1.2.0-rc.1"] {
        let same = get(&root, &format!("models/iris%20model/versions/{version}")).await.ok();
        assert_eq!(same, told, "{version}");
    }
    let described = get(&root, "models/iris%20model/versions/1/mlmodel").await.ok();
    assert_eq!(described, told["mlmodel"]);
}

#[tokio::test]
async fn what_is_not_there_is_said_in_gitlabs_form() {
    let server = TestServer::start().await;
    let root = server.root();
    make_model(&server, "m").await;
    make_version(&server, "m", "1.0.0").await;
    let told = get(&root, "models/m/versions/1.0.0").await.ok();
    assert_eq!(told["files"], json!({ "count": 0, "size_bytes": 0 }));
    assert_eq!((&told["mlmodel"], &told["mlmodel_warning"]), (&Value::Null, &Value::Null));

    for (path, expected) in [
        ("models/none/versions/1", "404 Registered Model with name=none not found"),
        ("models/m/versions/2.0.0", "404 Model Version (name=m, version=2.0.0) not found"),
        ("models/m/versions/%40champion", "404 Registered model alias champion not found"),
        ("models/m/versions/1/mlmodel", "404 version 1.0.0 of the model 'm' has no MLmodel file"),
        ("models/m/versions/1%00", "400 the address cannot be read: its version contains a NUL character"),
        ("models/m%ff/versions/1", "400 the address cannot be read"),
        ("models/m/versions/%5Enope", "400 "),
        ("models/m/compare?from=1", "400 Missing value for required parameter 'to'."),
        ("models/m/compare?from=1&to=9", "404 Model Version (name=m, version=9) not found"),
        ("models/none/compare?from=1&to=1", "404 Registered Model with name=none not found"),
        ("models/none/events", "404 Registered Model with name=none not found"),
        ("models/m/events?max_results=0", "400 max_results is 0, write a number from 1 to 1000"),
        ("models/m/events?max_results=1001", "400 max_results is 1001, write a number from 1 to 1000"),
        ("models/m/events?page_token=x", "400 Invalid page token"),
        ("logged-models/x/mlmodel", "404 Logged model with ID 'x' not found."),
    ] {
        let answer = get(&root, path).await;
        assert!(message(&answer).starts_with(expected), "{path}: {}", message(&answer));
    }
}

#[tokio::test]
async fn callers_without_the_right_hear_gitlabs_words() {
    let server = TestServer::start().await;
    make_model(&server, "m").await;
    make_version(&server, "m", "1.0.0").await;
    let guest = server.member("guest", Role::Guest).await;
    get(&guest, "models/m/versions/1").await.ok();
    get(&guest, "models/m/events").await.ok();
    let refused = own(&guest, Method::POST, "models/m/versions/1/publish").await;
    assert_eq!(
        message(&refused),
        "403 403 Forbidden - you may not change anything in this project: you are guest, and it needs developer or above"
    );
    assert_eq!(message(&get(&server.anonymous(), "models/m/versions/1").await), "401 401 Unauthorized");
    let other = server.project("root/other", Visibility::Private).await;
    let nowhere = Client::new(&server.address, &other.to_string(), guest.token.clone());
    assert_eq!(message(&get(&nowhere, "models/m/versions/1").await), "404 404 Project Not Found");
    // A model of another project does not exist in this one.
    let elsewhere = Client::new(&server.address, &other.to_string(), server.root().token.clone());
    let missing = get(&elsewhere, "models/m/versions/1").await;
    assert_eq!(message(&missing), "404 Registered Model with name=m not found");
}

#[tokio::test]
async fn a_published_version_has_the_digest_that_the_documentation_computes() {
    let server = TestServer::start().await;
    let root = server.root();
    make_model(&server, "m").await;
    let run = make_version(&server, "m", "1.0.0").await;
    // The files of the unit test of the seal, whose digest Python computed; put in another order.
    for (path, content) in [("a/b.txt", "hello"), ("MLmodel", ""), ("a b/é.txt", "hello"), ("a.txt", "hello")]
    {
        keep(&root, &run, path, content).await;
    }
    server.advance_ms(1500);
    let alice = server.developer("alice").await;
    let published = own(&alice, Method::POST, "models/m/versions/1.0.0/publish").await.ok();
    assert_eq!(
        published["digest"],
        "sha256:84e66682b730d399d80cc160bc28af05d793da071fcc4baf9f1113af00c193b2"
    );
    assert_eq!(published["published_at"], "2026-01-01T00:00:01.500Z");
    assert_eq!(published["published_by"], "alice");
    assert_eq!(get(&alice, "models/m/versions/1").await.ok(), published);
    assert_eq!(published["mlmodel_warning"], "the MLmodel file cannot be read: it is empty");

    let again = own(&alice, Method::POST, "models/m/versions/1/publish").await;
    assert_eq!(message(&again), "409 version 1.0.0 of the model 'm' is published already");
    for refused in [
        put(&root, &run, "late.txt", "x").await,
        put(&root, &run, "a.txt", "x").await,
        crate::artifacts::delete(&root, &run, "a.txt").await,
        root.log_param(&run, "p", "1").await,
        root.log_metric(&run, "m", json!(1.0), 0, 0).await,
    ] {
        assert!(matches!(refused.status, 400 | 409), "{refused}");
        assert!(refused.to_string().contains("published"), "{refused}");
    }
    assert_eq!(get(&alice, "models/m/versions/1").await.ok(), published);

    make_version(&server, "m", "1.1.0").await;
    let empty = own(&alice, Method::POST, "models/m/versions/2/publish").await.ok();
    assert_eq!(
        empty["digest"], "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "of no files"
    );
}

#[tokio::test]
async fn two_versions_are_compared() {
    let server = TestServer::start().await;
    let root = server.root();
    make_model(&server, "m").await;
    let (old, new) = (make_version(&server, "m", "1.0.0").await, make_version(&server, "m", "2.0.0").await);
    keep(&root, &old, "MLmodel", FRAME_2).await;
    keep(&root, &old, "requirements.txt", "mlflow==2.22.5\nscikit_learn==1.6.1\ncloudpickle").await;
    keep(&root, &old, "model.pkl", "old").await;
    keep(&root, &old, "same.txt", "same").await;
    // What log_model puts into a folder of the version's run.
    keep(&root, &new, "model/MLmodel", FRAME_3.replace("\"required\": true}]", "\"required\": false}]"))
        .await;
    keep(&root, &new, "model/requirements.txt", "mlflow==3.17.2\nscikit-learn==1.6.1\nskops").await;
    keep(&root, &new, "model.pkl", "new").await;
    keep(&root, &new, "same.txt", "same").await;
    for (run, alpha, extra) in [(&old, "0.1", "gone"), (&new, "0.2", "come")] {
        root.log_param(run, "alpha", alpha).await.ok();
        root.log_param(run, extra, "x").await.ok();
        root.log_param(run, "same", "x").await.ok();
        root.log_metric(run, "same", json!("NaN"), 0, 0).await.ok();
        root.log_metric(run, "loss", json!(alpha), 0, 0).await.ok();
    }
    root.log_metric(&new, "bad", json!("NaN"), 0, 0).await.ok();

    let found = get(&root, "models/m/compare?from=1.0.0&to=%5E2").await.ok();
    assert_eq!(found["from"], json!({ "number": 1, "version": "1.0.0" }));
    assert_eq!(found["to"], json!({ "number": 2, "version": "2.0.0" }));
    let inputs = &found["schema"]["inputs"];
    assert_eq!((&inputs["added"], &inputs["removed"]), (&json!([]), &json!([])));
    assert_eq!(
        inputs["changed"],
        json!([{
            "name": "petal width (cm)",
            "position": null,
            "changed": ["required"],
            "from": { "name": "petal width (cm)", "type": "double", "required": true },
            "to": { "name": "petal width (cm)", "type": "double", "required": false },
        }])
    );
    let options: Vec<&str> = found["flavors"]["changed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["option"].as_str().unwrap())
        .collect();
    assert!(options.contains(&"sklearn_version") && options.contains(&"pickled_model"), "{options:?}");
    assert_eq!(
        found["requirements"],
        json!([
            { "name": "cloudpickle", "from": "", "to": null },
            { "name": "mlflow", "from": "==2.22.5", "to": "==3.17.2" },
            { "name": "skops", "from": null, "to": "" },
        ])
    );
    assert_eq!(
        found["params"],
        json!([
            { "name": "alpha", "from": "0.1", "to": "0.2" },
            { "name": "come", "from": null, "to": "x" },
            { "name": "gone", "from": "x", "to": null },
        ])
    );
    assert_eq!(
        found["metrics"],
        json!([{ "name": "bad", "from": null, "to": "NaN" }, { "name": "loss", "from": 0.1, "to": 0.2 }])
    );
    let paths = |list: &Value| -> Vec<String> {
        let paths = list.as_array().unwrap().iter();
        paths.map(|file| file["path"].as_str().unwrap().to_owned()).collect()
    };
    let files = &found["files"];
    assert_eq!(paths(&files["added"]), ["model/MLmodel", "model/requirements.txt"]);
    assert_eq!(paths(&files["removed"]), ["MLmodel", "requirements.txt"]);
    assert_eq!(paths(&files["changed"]), ["model.pkl"]);
    assert_eq!(files["changed"][0]["to"]["size_bytes"], 3);
    assert_eq!((&files["unchanged"], &files["not_listed"]), (&json!(1), &json!(0)));
    assert_eq!(found["warnings"], json!([]));

    let itself = get(&root, "models/m/compare?from=latest&to=2").await.ok();
    for side in ["inputs", "outputs", "params"] {
        assert_eq!(itself["schema"][side], json!({ "added": [], "removed": [], "changed": [] }));
    }
    assert_eq!((&itself["params"], &itself["metrics"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn a_version_without_a_readable_description_compares_in_the_rest() {
    let server = TestServer::start().await;
    let root = server.root();
    make_model(&server, "m").await;
    let (old, new) = (make_version(&server, "m", "1.0.0").await, make_version(&server, "m", "1.1.0").await);
    keep(&root, &old, "MLmodel", TENSOR_3).await;
    keep(&root, &new, "MLmodel", "flavors: [").await;
    let found = get(&root, "models/m/compare?from=1&to=2").await.ok();
    assert_eq!((&found["schema"], &found["flavors"]), (&Value::Null, &Value::Null));
    assert_eq!(found["files"]["changed"].as_array().unwrap().len(), 1);
    let warning = "version 1.1.0: the MLmodel file cannot be read: unclosed bracket '[' (line 1, column 10)";
    assert_eq!(found["warnings"], json!([warning]));
    assert_eq!(
        message(&get(&root, "models/m/versions/2/mlmodel").await),
        "400 the MLmodel file cannot be read: unclosed bracket '[' (line 1, column 10)"
    );
}

#[tokio::test]
async fn hostile_and_doubtful_descriptions_harm_nobody() {
    let server = TestServer::start().await;
    let root = server.root();
    make_model(&server, "m").await;
    let run = make_version(&server, "m", "1.0.0").await;
    let mut laughs = "a0: &a0 lol\n".to_owned();
    for level in 1..100 {
        laughs += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 20].join(", "));
    }
    for (content, expected) in [
        (laughs.into_bytes(), None),
        (b"[".repeat(1 << 20), Some("recursion limit")),
        (b" ".repeat((1 << 20) + 1), Some("has 1048577 bytes, at most 1048576 are read")),
        (b"a: \xff".to_vec(), Some("is not UTF-8 (byte 3)")),
        (b"\0".to_vec(), Some("cannot be read")),
    ] {
        keep(&root, &run, "MLmodel", content).await;
        let told = get(&root, "models/m/versions/1").await.ok();
        match expected {
            None => assert_eq!(told["mlmodel"]["flavors"], json!({}), "{told}"),
            Some(sentence) => {
                assert!(told["mlmodel_warning"].as_str().unwrap().contains(sentence), "{told}");
                let status = get(&root, "models/m/versions/1/mlmodel").await.status;
                assert!(matches!(status, 400 | 413), "{status}");
            }
        }
    }
    assert_eq!(crate::artifacts::delete(&root, &run, "MLmodel").await.status, 200);
    keep(&root, &run, "one/MLmodel", FRAME_2).await;
    assert_eq!(get(&root, "models/m/versions/1/mlmodel").await.ok()["path"], "one/MLmodel");
    keep(&root, &run, "two/MLmodel", FRAME_2).await;
    let told = get(&root, "models/m/versions/1").await.ok();
    assert!(told["mlmodel_warning"].as_str().unwrap().contains("'one' and in 'two'"), "{told}");
    assert_eq!(get(&root, "models/m/versions/1/mlmodel").await.status, 409);
}

#[tokio::test]
async fn the_history_tells_who_did_what_and_when() {
    let server = TestServer::start().await;
    let root = server.root();
    make_model(&server, "m").await;
    make_version(&server, "m", "1.0.0").await;
    make_version(&server, "m", "1.1.0").await;
    let alice = server.developer("alice").await;
    let now = server.now();
    server
        .store
        .write(move |tx| {
            let model = registered_models::get(tx, 1, "m")?;
            for version in ["1.0.0", "1.1.0"] {
                let selector = weir_domain::selector::Selector::of_version(version)?;
                let version = model_versions::select(tx, &model, &selector)?;
                aliases::set(tx, &version, "champion", 1, now)?;
                model_versions::move_to(tx, &version, Stage::Production, true, 1, now)?;
            }
            aliases::delete(tx, &model, "champion", 1, now)
        })
        .await
        .unwrap();
    server.advance_ms(250);
    own(&alice, Method::POST, "models/m/versions/2/publish").await.ok();

    let all = get(&root, "models/m/events").await.ok();
    let events = all["events"].as_array().unwrap();
    let told: Vec<String> = events
        .iter()
        .map(|event| {
            let field =
                |name: &str| event[name].as_str().map_or_else(String::new, |text| format!(" {name}={text}"));
            let fields: String = ["version", "alias", "from", "to"].map(field).concat();
            format!("{}{fields}", event["kind"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            "version_published version=1.1.0 to=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "alias_deleted alias=champion from=1.1.0",
            "stage_changed version=1.1.0 from=None to=Production",
            "stage_changed version=1.0.0 from=Production to=Archived",
            "alias_set version=1.1.0 alias=champion from=1.0.0 to=1.1.0",
            "stage_changed version=1.0.0 from=None to=Production",
            "alias_set version=1.0.0 alias=champion to=1.0.0",
            "version_created version=1.1.0",
            "version_created version=1.0.0",
            "model_created to=m",
        ]
    );
    assert_eq!(events[0]["user"]["username"], "alice");
    assert_eq!(events[0]["created_at"], "2026-01-01T00:00:00.250Z");
    assert_eq!(
        (&events[0]["number"], &events[1]["user"]),
        (&json!(2), &json!({ "id": 1, "username": "root" }))
    );
    assert_eq!(all["next_page_token"], Value::Null);

    let mut paged = Vec::new();
    let mut token = String::new();
    loop {
        let page = get(&root, &format!("models/m/events?max_results=4&page_token={token}")).await.ok();
        paged.extend(page["events"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next_page_token"].as_str() else { break };
        token = next.to_owned();
    }
    assert_eq!(&paged, events);
    make_model(&server, "other").await;
    let foreign = get(&root, &format!("models/other/events?page_token={token}")).await;
    assert!(message(&foreign).contains("does not belong to this search"), "{foreign}");
}

#[tokio::test]
async fn a_logged_models_description_is_told() {
    let server = TestServer::start().await;
    let root = server.root();
    let model_id = ModelId::from_random([7; 16]);
    let mut upload = server.app.blobs.begin(None).await.unwrap();
    upload.write(FRAME_3.as_bytes().to_vec().into()).await.unwrap();
    let stored = upload.finish().await.unwrap();
    let (now, id) = (server.now(), model_id.clone());
    server
        .store
        .write(move |tx| {
            let experiment = experiments::get(tx, 1, 0)?;
            let new = logged_models::NewLoggedModel {
                model_id: &id,
                name: "model",
                model_type: "",
                source_run_id: "",
                params: &[],
                tags: &[],
                creator_id: 1,
                now,
            };
            let model = logged_models::create(tx, &experiment, &new)?;
            let stored =
                Stored { sha256: &stored.sha256, size_bytes: stored.size as i64, location: &stored.location };
            files::put(tx, Owner::LoggedModel(model.id), "MLmodel", &stored, now)
        })
        .await
        .unwrap();
    let address = format!("logged-models/{}/mlmodel", model_id.as_str());
    let told = get(&root, &address).await.ok();
    assert_eq!(told["mlflow_version"], "3.17.2");
    assert_eq!(told["requirements"], Value::Null);
    server.store.write(move |tx| logged_models::delete(tx, 1, &model_id, now)).await.unwrap();
    assert!(message(&get(&root, &address).await).starts_with("404 Logged model with ID"));
}
