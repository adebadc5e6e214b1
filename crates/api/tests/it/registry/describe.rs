//! Descriptions that harm nobody, and those of logged models.

use serde_json::{Value, json};
use weir_domain::logged_model::ModelId;
use weir_store::files::{self, Owner, Stored};
use weir_store::{experiments, logged_models};
use weir_testing::TestServer;

use super::{FRAME_2, FRAME_3, get, keep, make_version, message};
use crate::artifacts::delete;

#[tokio::test]
async fn hostile_and_doubtful_descriptions_harm_nobody() {
    let server = TestServer::start().await;
    let root = server.root();
    root.create_model("m").await;
    let run = make_version(&root, "m", "1.0.0").await;
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
    assert_eq!(delete(&root, &run, "MLmodel").await.status, 200);
    keep(&root, &run, "one/MLmodel", FRAME_2).await;
    assert_eq!(get(&root, "models/m/versions/1/mlmodel").await.ok()["path"], "one/MLmodel");
    keep(&root, &run, "two/MLmodel", FRAME_2).await;
    let told = get(&root, "models/m/versions/1").await.ok();
    assert!(told["mlmodel_warning"].as_str().unwrap().contains("'one' and in 'two'"), "{told}");
    assert_eq!(get(&root, "models/m/versions/1/mlmodel").await.status, 409);
}

#[tokio::test]
async fn a_logged_models_description_is_told() {
    let server = TestServer::start().await;
    let root = server.root();
    let model_id = ModelId::new(7, [7; 10]);
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
