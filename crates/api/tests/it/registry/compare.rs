//! Two versions side by side.

use serde_json::{Value, json};
use weir_domain::run::RunId;
use weir_store::files::{self, Owner, Stored};
use weir_testing::TestServer;

use super::{FRAME_2, FRAME_3, TENSOR_3, get, keep, make_version, message};

#[tokio::test]
async fn two_versions_are_compared() {
    let server = TestServer::start().await;
    let root = server.root();
    root.create_model("m").await;
    let (old, new) = (make_version(&root, "m", "1.0.0").await, make_version(&root, "m", "2.0.0").await);
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
    root.create_model("m").await;
    let (old, new) = (make_version(&root, "m", "1.0.0").await, make_version(&root, "m", "1.1.0").await);
    keep(&root, &old, "MLmodel", TENSOR_3).await;
    keep(&root, &new, "MLmodel", "flavors: [").await;
    let found = get(&root, "models/m/compare?from=1&to=2").await.ok();
    assert_eq!((&found["schema"], &found["flavors"]), (&Value::Null, &Value::Null));
    assert_eq!(found["files"]["changed"].as_array().unwrap().len(), 1);
    let warning = "version 1.1.0: the MLmodel file cannot be read: unclosed bracket '[' (line 1, column 10)";
    assert_eq!(found["warnings"], json!([warning]));
    let itself = get(&root, "models/m/compare?from=2&to=latest").await.ok();
    assert_eq!(itself["warnings"], json!([warning]), "said once");
    assert_eq!(
        message(&get(&root, "models/m/versions/2/mlmodel").await),
        "400 the MLmodel file cannot be read: unclosed bracket '[' (line 1, column 10)"
    );
}

#[tokio::test]
async fn more_files_than_are_listed_are_counted() {
    let server = TestServer::start().await;
    let root = server.root();
    root.create_model("m").await;
    let (old, new) = (make_version(&root, "m", "1.0.0").await, make_version(&root, "m", "1.1.0").await);
    keep(&root, &old, "seed", "x").await;
    // As rows: putting a thousand files by HTTP would take long.
    let (from, to) = (old.id.clone(), new.id.clone());
    server
        .store
        .write(move |tx| {
            let from = weir_store::runs::get(tx, 1, &RunId::parse(&from)?)?.id;
            let to = weir_store::runs::get(tx, 1, &RunId::parse(&to)?)?.id;
            let seed = files::find(tx, Owner::Run(from), "seed")?.unwrap();
            let sha256 = seed.sha256.as_slice().try_into().unwrap();
            let stored = Stored { sha256, size_bytes: seed.size_bytes, location: &seed.location };
            for index in 0..1100 {
                files::put(tx, Owner::Run(to), &format!("f{index:04}"), &stored, 0)?;
            }
            files::put(tx, Owner::Run(to), "seed", &stored, 0)
        })
        .await
        .unwrap();
    let found = get(&root, "models/m/compare?from=1&to=2").await.ok();
    let added = found["files"]["added"].as_array().unwrap();
    assert_eq!((added.len(), &added[999]["path"]), (1000, &json!("f0999")));
    assert_eq!((&found["files"]["not_listed"], &found["files"]["unchanged"]), (&json!(100), &json!(1)));
    let back = get(&root, "models/m/compare?from=2&to=1").await.ok();
    assert_eq!(&back["files"]["removed"], &found["files"]["added"]);
}
