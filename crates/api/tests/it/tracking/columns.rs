//! The catalogue of an experiment's columns.

use serde_json::{Value, json};
use weir_testing::TestServer;

use super::{get, log};

#[tokio::test]
async fn every_key_is_told_with_its_runs_and_values() {
    let server = TestServer::start().await;
    let root = server.root();
    log(&root, "0", "a", &[("lr", "0.1"), ("opt", "adam")], &[("loss", &[json!(1)])]).await;
    log(&root, "0", "b", &[("lr", "1e-3"), ("opt", "sgd")], &[("loss", &[json!(1)]), ("acc", &[json!(1)])])
        .await;
    let gone = log(&root, "0", "c", &[("only", "deleted")], &[("lost", &[json!(1)])]).await;
    root.post("runs/delete", json!({ "run_id": gone.id })).await.ok();
    let other = root.create_experiment("other").await;
    log(&root, &other, "d", &[("elsewhere", "1")], &[]).await;

    let columns = get(&root, "experiments/0/columns").await.ok();
    assert_eq!((&columns["runs"], &columns["more"]), (&json!(2), &json!(false)));
    assert_eq!(
        columns["metrics"],
        json!([{ "key": "acc", "runs": 1, "exact": true }, { "key": "loss", "runs": 2, "exact": true }])
    );
    assert_eq!(
        columns["params"],
        json!([
            { "key": "lr", "runs": 2, "exact": true, "kind": "number", "values": ["0.1", "1e-3"] },
            { "key": "opt", "runs": 2, "exact": true, "kind": "text", "values": ["adam", "sgd"] },
        ])
    );
    let keys: Vec<&Value> = columns["tags"].as_array().unwrap().iter().map(|tag| &tag["key"]).collect();
    assert_eq!(keys, ["mlflow.runName"]);
    let deleted = get(&root, "experiments/0/columns?state=deleted").await.ok();
    assert_eq!(
        (&deleted["params"][0]["key"], &deleted["metrics"][0]["key"]),
        (&json!("only"), &json!("lost"))
    );
    let all = get(&root, "experiments/0/columns?state=all").await.ok();
    assert_eq!((all["params"].as_array().unwrap().len(), &all["runs"]), (3, &json!(3)));
    assert_eq!(get(&root, "experiments/9/columns").await.status, 404);
}

#[tokio::test]
async fn values_are_left_out_when_they_are_many() {
    let server = TestServer::start().await;
    let root = server.root();
    for number in 0..21 {
        let seed = number.to_string();
        log(&root, "0", &seed, &[("seed", &seed), ("even", &(number % 2).to_string())], &[]).await;
    }
    let columns = get(&root, "experiments/0/columns").await.ok();
    let even = json!({ "key": "even", "runs": 21, "exact": true, "kind": "number", "values": ["0", "1"] });
    let seed = json!({ "key": "seed", "runs": 21, "exact": true, "kind": "number", "values": null });
    assert_eq!(columns["params"], json!([even, seed]));
}

/// Runs by the thousand, straight into the database.
async fn many(server: &TestServer, runs: i64) {
    let keys = server.store.intern(&["even", "rare", "seed", "late"]).await.unwrap();
    let add = move |tx: &mut weir_store::Tx<'_>| {
        let experiment = weir_store::experiments::get(tx, 1, 0)?.id;
        tx.execute(
            "WITH RECURSIVE made (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM made WHERE i < ?2)
             INSERT INTO runs (run_id, project_id, experiment_id, iid, name, user_id, creator_id, status, started_at,
                               deleted, created_at, sealed)
             SELECT '100000000000000' || CAST(10000000000000000 + i AS TEXT), 1, ?1, i, 'r', '', 1, 3, i, FALSE, i, FALSE
             FROM made",
            &[&experiment, &runs],
        )?;
        for (key, value, condition) in [
            (keys[0], "'yes'", "iid % 2 = 0"),
            (keys[1], "'x'", "iid <= 10"),
            (keys[2], "CAST(iid AS TEXT)", "1 = 1"),
            (keys[3], "'y'", "iid BETWEEN 5 AND 8"),
        ] {
            let sql = format!(
                "INSERT INTO params (run_id, key_id, experiment_id, value)
                 SELECT id, ?1, experiment_id, {value} FROM runs WHERE {condition}"
            );
            tx.execute(&sql, &[&key])?;
        }
        Ok(())
    };
    server.store.write(add).await.unwrap();
}

#[tokio::test]
async fn of_many_runs_a_sample_is_read_and_rare_keys_are_counted() {
    let server = TestServer::start().await;
    many(&server, 6000).await;
    let columns = get(&server.root(), "experiments/0/columns").await.ok();
    assert_eq!(columns["runs"], 6000);
    let told: Vec<Value> = columns["params"]
        .as_array()
        .unwrap()
        .iter()
        .map(|param| json!([param["key"], param["exact"], param["kind"], param["values"]]))
        .collect();
    assert_eq!(told[0], json!(["even", false, "text", ["yes"]]));
    assert_eq!(
        (&told[2][0], &told[2][1], &columns["params"][2]["runs"]),
        (&json!("rare"), &json!(true), &json!(10))
    );
    assert_eq!(told[3], json!(["seed", false, "number", null]));
    let even = columns["params"][0]["runs"].as_i64().unwrap();
    assert!((2700..3300).contains(&even), "{even}");
    assert_eq!(columns["params"][3]["runs"], 6000);
}

#[tokio::test]
async fn rare_keys_are_counted_among_the_runs_in_the_state_asked_for() {
    let server = TestServer::start().await;
    many(&server, 6000).await;
    let delete = |tx: &mut weir_store::Tx<'_>| {
        tx.execute("UPDATE runs SET deleted = TRUE WHERE iid BETWEEN 5 AND 8 OR iid > 3000", &[])
    };
    server.store.write(delete).await.unwrap();
    for (state, expected) in [
        ("active", json!([["rare", 6, true]])),
        ("deleted", json!([["late", 4, true], ["rare", 4, true]])),
        ("all", json!([["late", 4, true], ["rare", 10, true]])),
    ] {
        let columns = get(&server.root(), &format!("experiments/0/columns?state={state}")).await.ok();
        let params = columns["params"].as_array().unwrap().iter();
        let rare = params.filter(|param| param["key"] == "rare" || param["key"] == "late");
        let rare: Vec<Value> =
            rare.map(|param| json!([param["key"], param["runs"], param["exact"]])).collect();
        assert_eq!(json!(rare), expected, "{state}");
    }
}
