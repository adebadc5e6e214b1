//! `weir demo`: what it makes can be read as clients and pages read it, and it removes nothing but what it made.

use serde_json::{Value, json};

use crate::http::{get, post};
use crate::program::{Home, Server, text};

/// The id of the demo's project.
fn project(home: &Home) -> i64 {
    let projects: Value = serde_json::from_str(&home.done(&["project", "list", "--json"])).unwrap();
    let demo = projects.as_array().unwrap().iter().find(|one| one["path_with_namespace"] == "root/demo");
    demo.unwrap()["id"].as_i64().unwrap()
}

struct Reader<'a> {
    server: &'a Server,
    project: i64,
    token: String,
}

impl Reader<'_> {
    fn get(&self, path: &str) -> Value {
        let path = format!("/api/v4/projects/{}/ml/{path}", self.project);
        let answer = get(self.server.address, &path, Some(&self.token));
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    fn search(&self, experiments: &Value, filter: &str, most: usize) -> Vec<Value> {
        let path = format!("/api/v4/projects/{}/ml/mlflow/api/2.0/mlflow/runs/search", self.project);
        let body = json!({ "experiment_ids": experiments, "filter": filter, "max_results": most });
        let answer = post(self.server.address, &path, Some(&self.token), &body.to_string());
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["runs"].as_array().cloned().unwrap_or_default()
    }
}

#[test]
fn the_demo_is_made_once_and_removed_whole() {
    for home in Home::each() {
        let mut server = home.serve();
        let token = server.first_token();
        let printed = home.done(&["demo"]);
        assert!(printed.contains("root/demo") && printed.contains("200 runs"), "{printed}");
        let reader = Reader { server: &server, project: project(&home), token };
        look(&reader);

        let again = home.run(&["demo"]);
        assert!(!again.status.success());
        assert!(text(&again.stderr).contains("is there already"), "{}", text(&again.stderr));
        home.done(&["demo", "--remove"]);
        let gone = format!("/api/v4/projects/{}", reader.project);
        assert_eq!(get(server.address, &gone, Some(&reader.token)).status, 404);
        let projects: Value = serde_json::from_str(&home.done(&["project", "list", "--json"])).unwrap();
        assert_eq!(projects.as_array().unwrap().len(), 1);
        // And it can be made anew.
        home.done(&["demo"]);
    }
}

/// What the pages show of it is there.
fn look(reader: &Reader<'_>) {
    let found = reader.get("mlflow/api/2.0/mlflow/experiments/search?max_results=100");
    let mut ids = Vec::new();
    for experiment in found["experiments"].as_array().unwrap() {
        let name = experiment["name"].as_str().unwrap();
        if ["churn-classifier", "building-segmentation", "optimizer-sweep"].contains(&name) {
            ids.push(experiment["experiment_id"].clone());
        }
    }
    let ids = json!(ids);
    assert_eq!(ids.as_array().unwrap().len(), 3);
    assert_eq!(reader.search(&ids, "", 1000).len(), 200);
    assert_eq!(reader.search(&ids, "tags.`mlflow.parentRunId` LIKE '%'", 1000).len(), 32);
    assert!(reader.search(&ids, "attributes.status = 'RUNNING'", 1000).len() >= 4);
    let good = reader.search(&ids, "metrics.auc > 0.9 and params.model = 'gradient_boosting'", 1000);
    assert!(good.len() >= 4, "{}", good.len());
    assert_eq!(good[0]["inputs"]["dataset_inputs"].as_array().unwrap().len(), 2);
    let network = &reader.search(&ids, "params.backbone = 'unet' and attributes.status = 'FINISHED'", 1)[0];
    let run_id = network["info"]["run_id"].as_str().unwrap();
    let history =
        reader.get(&format!("mlflow/api/2.0/mlflow/metrics/get-history?run_id={run_id}&metric_key=loss"));
    assert_eq!(history["metrics"].as_array().unwrap().len(), 200);

    for (version, published) in [("1.0.0", true), ("1.1.1", true), ("1.2.0-rc.1", false)] {
        let found = reader.get(&format!("models/churn/versions/{version}"));
        assert_eq!(found["published_at"].is_string(), published, "{found}");
        assert_eq!(found["mlmodel"]["signature"]["inputs"].as_array().map(Vec::len), Some(4), "{found}");
        assert_eq!(found["mlmodel_warning"], Value::Null);
    }
    assert_eq!(reader.get("models/churn/versions/@champion")["version"], "1.1.1");
    let source = reader.get("models/churn/versions/@challenger");
    let run_id = source["source"]["run_id"].as_str().unwrap();
    let files = reader.get(&format!("mlflow/api/2.0/mlflow/artifacts/list?run_id={run_id}"));
    let mut names: Vec<&str> =
        files["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["importance.html", "metrics.json", "model", "plots", "predictions.csv", "report.md", "train.log"]
    );
}

#[test]
fn a_project_that_is_no_demo_is_left_alone() {
    for home in Home::each() {
        home.done(&["migrate"]);
        home.done(&["project", "create", "root/demo"]);
        for args in [&["demo"][..], &["demo", "--remove"], &["demo", "--remove", "--project", "root/default"]]
        {
            let refused = home.run(args);
            assert!(!refused.status.success(), "{args:?}");
            assert!(text(&refused.stderr).contains("no demo"), "{}", text(&refused.stderr));
        }
        let missing = home.run(&["demo", "--remove", "--project", "other"]);
        assert!(
            text(&missing.stderr).contains("there is no project 'root/other'"),
            "{}",
            text(&missing.stderr)
        );
        assert!(home.done(&["project", "list"]).contains("root/demo"));
    }
}

#[test]
fn a_server_that_starts_after_the_demo_takes_its_files_for_its_own() {
    let home = Home::sqlite();
    home.done(&["migrate"]);
    home.done(&["demo", "--project", "root/early"]);
    let server = home.serve();
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert!(!server.log().contains("belong to another installation"), "{}", server.log());
    server.stop();
}
