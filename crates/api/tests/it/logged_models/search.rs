//! The search for logged models.

use serde_json::{Value, json};
use weir_testing::{Client, TestServer};

use super::{create, delete, entry, finalize, id_of};

/// The names that a search finds, in its order.
async fn names(client: &Client, mut body: Value) -> Vec<String> {
    if body.get("experiment_ids").is_none() {
        body["experiment_ids"] = json!(["0"]);
    }
    let answer = client.post("logged-models/search", body).await.ok();
    let models = answer["models"].as_array().cloned().unwrap_or_default();
    models.iter().map(|model| model["info"]["name"].as_str().unwrap().to_owned()).collect()
}

async fn filtered(client: &Client, filter: &str) -> String {
    let mut found = names(client, json!({ "filter": filter })).await;
    found.sort();
    found.join(" ")
}

/// `(key, value, step, dataset)` of a model.
type Measure = (&'static str, f64, i64, &'static str);

/// Models `a`, `b`, … of experiment 0 with their metrics, each created a little later than the one before.
async fn models(server: &TestServer, client: &Client, measures: &[&[Measure]]) -> Vec<String> {
    let run = client.create_run().await;
    let mut ids = Vec::new();
    for (name, measures) in ('a'..).zip(measures) {
        server.advance_ms(10);
        let fields = json!({
            "name": name.to_string(),
            "model_type": if name < 'c' { "tree" } else { "net" },
            "source_run_id": run.id,
            "params": [entry("lr", if name == 'a' { "1" } else { "0.1" })],
            "tags": if name == 'b' { json!([entry("my tag", "Best")]) } else { json!([]) },
        });
        let id = id_of(&create(client, "0", fields).await);
        for (key, value, step, dataset) in *measures {
            let (dataset, digest) = dataset.split_once(':').unwrap_or((dataset, ""));
            let value = if value.is_nan() { json!("NaN") } else { json!(value) };
            let body = json!({
                "run_id": run.id, "key": key, "value": value, "step": step, "timestamp": 100 + step,
                "model_id": id, "dataset_name": dataset, "dataset_digest": digest,
            });
            client.post("runs/log-metric", body).await.ok();
        }
        ids.push(id);
    }
    ids
}

#[tokio::test]
async fn every_kind_of_condition_finds_its_models() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let ids = models(
        &server,
        &alice,
        &[
            &[("acc", 1.0, 1, ""), ("acc", 5.0, 2, "")],
            &[("acc", f64::NAN, 1, ""), ("loss a", 0.5, 1, "")],
            &[("acc", 3.0, 1, "")],
            &[],
        ],
    )
    .await;
    finalize(&alice, &ids[2], json!(2)).await.ok();
    let (second, third) = (ids[1].clone(), ids[2].clone());
    for (filter, found) in [
        ("", "a b c d"),
        ("name = 'b'", "b"),
        ("name = b", "b"),
        ("name != 'b'", "a c d"),
        ("attributes.name LIKE 'A%'", ""),
        ("attributes.name ILIKE 'A%'", "a"),
        ("name IN ('a', 'd', 'z')", "a d"),
        ("name NOT IN ('a', 'd')", "b c"),
        ("name IN ()", ""),
        ("model_type = 'tree' AND name = 'b'", "b"),
        ("status = 2", "c"),
        ("status = 'READY'", "c"),
        ("status IN ('PENDING')", "a b d"),
        ("experiment_id = 0", "a b c d"),
        ("experiment_id = 1", ""),
        ("creation_timestamp > 1767225600015", "b c d"),
        ("creation_time <= 1767225600010", "a"),
        ("last_updated_timestamp >= 1767225600040", "c d"),
        ("params.lr = 1", "a"),
        ("params.lr != '1'", "b c d"),
        ("params.nothing != '1'", ""),
        ("params.nothing IS NULL", "a b c d"),
        ("tags.`my tag` = 'Best'", "b"),
        ("tags.`my tag` ILIKE 'be%'", "b"),
        ("tags.`my tag` IS NULL", "a c d"),
        // Any one logged value counts, each condition on its own.
        ("metrics.acc > 4 AND metrics.acc < 2", "a"),
        ("metrics.acc = 3", "c"),
        ("metrics.acc != 3", "a b"),
        ("metrics.acc < 4", "a c"),
        ("metrics.`loss a` < 1", "b"),
        ("metrics.nothing > 0", ""),
        ("NOT metrics.acc = 3", "a b d"),
        ("name = 'a' OR (params.lr = '0.1' AND metrics.acc > 2)", "a c"),
        ("artifact_location LIKE 'mlflow-artifacts:/0/models/m-%/artifacts'", "a b c d"),
        (&format!("model_id = '{second}'"), "b"),
        (&format!("attributes.model_id IN ('{second}', '{third}')"), "b c"),
    ] {
        assert_eq!(filtered(&alice, filter).await, found, "{filter}");
    }
    let run = alice.post("logged-models/search", json!({ "experiment_ids": ["0"] })).await.ok();
    let run = run["models"][0]["info"]["source_run_id"].as_str().unwrap().to_owned();
    assert_eq!(filtered(&alice, &format!("source_run_id = '{run}'")).await, "a b c d");
    delete(&alice, &ids[0]).await.ok();
    assert_eq!(filtered(&alice, "name IN ('a', 'b')").await, "b");
}

#[tokio::test]
async fn a_dataset_narrows_which_metrics_count() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    models(
        &server,
        &alice,
        &[
            &[("acc", 0.9, 1, "train:1"), ("acc", 0.5, 1, "test:1")],
            &[("acc", 0.8, 1, "test:2"), ("loss", 0.9, 1, "test:1")],
            &[("acc", 0.99, 1, "")],
        ],
    )
    .await;
    let on = |name: &str, digest: &str| json!({ "dataset_name": name, "dataset_digest": digest });
    for (filter, datasets, found) in [
        ("", json!([on("test", "1")]), "b a"),
        ("", json!([on("test", "")]), "b a"),
        ("", json!([on("test", "2"), on("train", "1")]), "b a"),
        ("", json!([on("nothing", "1")]), ""),
        ("metrics.acc > 0.6", json!([on("test", "")]), "b"),
        ("metrics.acc > 0.6", json!([on("train", "1")]), "a"),
        ("metrics.acc > 0.6", json!([]), "c b a"),
        ("metrics.acc > 0.6 AND name = 'b'", json!([on("test", "1")]), ""),
        ("metrics.acc > 0.6 AND metrics.loss > 0.6", json!([on("test", "1"), on("test", "2")]), "b"),
        ("name = 'a'", json!([on("train", "1")]), "a"),
    ] {
        let body = json!({ "filter": filter, "datasets": datasets });
        assert_eq!(names(&alice, body).await.join(" "), found, "{filter} on {datasets}");
    }
    let ordered = async |name: &str, digest: &str| {
        let key = json!({ "field_name": "metrics.acc", "ascending": false, "dataset_name": name, "dataset_digest": digest });
        names(&alice, json!({ "order_by": [key] })).await.join(" ")
    };
    assert_eq!(ordered("", "").await, "c a b");
    assert_eq!(ordered("test", "").await, "b a c");
    assert_eq!(ordered("test", "1").await, "a c b");
    assert_eq!(ordered("train", "1").await, "a c b");
}

#[tokio::test]
async fn models_come_in_the_order_asked_for() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let nan = f64::NAN;
    let ids = models(
        &server,
        &alice,
        &[
            // The latest is the one with the greatest time, not the best.
            &[("acc", 9.0, 1, ""), ("acc", 2.0, 2, "")],
            &[("acc", nan, 1, "")],
            &[],
            &[("acc", 3.0, 1, ""), ("acc", -1.0, 0, "")],
            &[("acc", 2.0, 5, "")],
        ],
    )
    .await;
    server.advance_ms(10);
    finalize(&alice, &ids[0], json!(2)).await.ok();
    for (order, found) in [
        (json!([]), "e d c b a"),
        (json!([{ "field_name": "name" }]), "a b c d e"),
        (json!([{ "field_name": "name", "ascending": false }]), "e d c b a"),
        (json!([{ "field_name": "creation_time" }]), "a b c d e"),
        (json!([{ "field_name": "last_updated_timestamp", "ascending": false }]), "a e d c b"),
        (json!([{ "field_name": "status", "ascending": false }]), "a e d c b"),
        (json!([{ "field_name": "model_type" }, { "field_name": "name" }]), "c d e a b"),
        (json!([{ "field_name": "source_run_id" }]), "e d c b a"),
        (json!([{ "field_name": "experiment_id" }]), "e d c b a"),
        (json!([{ "field_name": "metrics.acc" }]), "e a d b c"),
        (json!([{ "field_name": "metrics.acc", "ascending": false }]), "d e a b c"),
        (json!([{ "fieldName": "metrics.nothing" }]), "e d c b a"),
        (json!([{ "field_name": "metrics.acc" }, { "field_name": "name" }]), "a e d b c"),
    ] {
        let whole = names(&alice, json!({ "order_by": order })).await;
        assert_eq!(whole.join(" "), found, "{order}");
        // The same in pages of two.
        let (mut token, mut paged) = (Value::Null, Vec::new());
        loop {
            let body =
                json!({ "experiment_ids": ["0"], "order_by": order, "max_results": 2, "page_token": token });
            let page = alice.post("logged-models/search", body).await.ok();
            let models = page["models"].as_array().unwrap();
            assert!(models.len() <= 2);
            paged.extend(models.iter().map(|model| model["info"]["name"].as_str().unwrap().to_owned()));
            token = page["next_page_token"].clone();
            if token.is_null() {
                break;
            }
        }
        assert_eq!(paged, whole, "{order}");
    }
    let mut sorted = ids.clone();
    sorted.sort();
    let by_id = json!({ "experiment_ids": ["0"], "order_by": [{ "field_name": "model_id" }] });
    let found = alice.post("logged-models/search", by_id).await.ok();
    let found: Vec<String> = found["models"].as_array().unwrap().iter().map(id_of).collect();
    assert_eq!(found, sorted);
}

#[tokio::test]
async fn pages_are_exact_and_their_tokens_good_for_one_search() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let other = alice.create_experiment("other").await;
    for index in 0..52 {
        create(&alice, if index < 2 { &other } else { "0" }, json!({ "name": format!("m{index:02}") })).await;
    }
    let search = async |body: Value| alice.post("logged-models/search", body).await;
    assert_eq!(search(json!({ "experiment_ids": [] })).await.ok(), json!({}), "no experiment, no models");
    let unsaid = search(json!({})).await;
    assert!(unsaid.to_string().contains("Missing value for required parameter 'experiment_ids'"), "{unsaid}");
    assert_eq!(search(json!({ "experiment_ids": ["77"] })).await.ok(), json!({}));
    let exact = search(json!({ "experiment_ids": ["0"] })).await.ok();
    assert_eq!(exact["models"].as_array().unwrap().len(), 50, "the default");
    assert_eq!(exact.get("next_page_token"), None, "what just fills the page has no token");
    let all = search(json!({ "experiment_ids": ["0", other], "max_results": 100_000 })).await.ok();
    assert_eq!(all["models"].as_array().unwrap().len(), 52);

    let first =
        search(json!({ "experiment_ids": ["0", other], "max_results": 0, "filter": "name LIKE 'm%'" }))
            .await
            .ok();
    assert_eq!(first["models"].as_array().unwrap().len(), 50, "0 is the default");
    let token = first["next_page_token"].clone();
    let second =
        search(json!({ "experiment_ids": ["0", other], "filter": "name LIKE 'm%'", "page_token": token }))
            .await
            .ok();
    assert_eq!(second["models"].as_array().unwrap().len(), 2);
    assert_eq!(second.get("next_page_token"), None);
    for other_search in [
        json!({ "experiment_ids": ["0"], "filter": "name LIKE 'm%'", "page_token": token }),
        json!({ "experiment_ids": ["0", other], "page_token": token }),
        json!({ "experiment_ids": ["0", other], "filter": "name LIKE 'm%'", "order_by": [{ "field_name": "name" }], "page_token": token }),
        json!({ "experiment_ids": ["0", other], "filter": "name LIKE 'm%'", "datasets": [{ "dataset_name": "d" }], "page_token": token }),
    ] {
        let answer = search(other_search).await;
        assert!(
            answer.status == 400 && answer.to_string().contains("does not belong to this search"),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_search_that_cannot_be_read_is_refused() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for (body, said) in [
        (
            json!({ "filter": "attribute.name = 'x'" }),
            "Invalid entity type: 'attribute'. Expected one of ['attributes', 'metrics', 'params', 'tags'].",
        ),
        (json!({ "filter": "params.lr > 1" }), "Invalid comparison operator for params.lr: '>'"),
        (json!({ "filter": "bogus = 1" }), "Invalid attribute key 'bogus'"),
        (
            json!({ "order_by": [{ "field_name": "params.lr" }] }),
            "Invalid order by field name: params.lr. Only metrics are supported.",
        ),
        (json!({ "order_by": [{ "field_name": "bogus" }] }), "Invalid order by field name: bogus"),
        (json!({ "order_by": [{}] }), "Invalid order by field name: "),
        (json!({ "order_by": "name" }), "Invalid value \"name\" for parameter 'order_by'"),
        (json!({ "order_by": vec![json!({ "field_name": "name" }); 33] }), "at most 32 are allowed"),
        (json!({ "order_by": [{ "field_name": "name", "dataset_name": "d" }] }), "for metrics only"),
        (
            json!({ "order_by": [{ "field_name": "metrics.m", "dataset_digest": "d" }] }),
            "needs the 'dataset_name'",
        ),
        (
            json!({ "order_by": [{ "field_name": "name", "ascending": 3 }] }),
            "Invalid value 3 for parameter 'ascending'",
        ),
        (
            json!({ "datasets": [{ "dataset_digest": "d" }] }),
            "`dataset_name` in the `datasets` clause must be specified.",
        ),
        (
            json!({ "max_results": -1 }),
            "Invalid value -1 for parameter 'max_results' supplied. It must be a positive integer",
        ),
        (json!({ "experiment_ids": ["x"] }), "Invalid experiment ID 'x'"),
        (json!({ "page_token": "%" }), "Invalid page token, could not base64-decode"),
    ] {
        let mut body = body;
        if body.get("experiment_ids").is_none() {
            body["experiment_ids"] = json!(["0"]);
        }
        let answer = alice.post("logged-models/search", body.clone()).await;
        assert!(answer.status == 400 && answer.to_string().contains(said), "{body}: {answer}");
    }
}
