//! `weir gc`: what was deleted goes for good, and nothing else.

use serde_json::{Value, json};

use crate::http::{delete as delete_at, get, post};
use crate::program::{Home, Server, text};

/// Calls MLflow's API of project 1 as root.
struct Root<'a> {
    server: &'a Server,
    token: String,
}

impl Root<'_> {
    fn call(&self, path: &str, body: &Value) -> Value {
        let path = format!("/api/2.0/mlflow/{path}");
        let answer = post(self.server.address, &path, Some(&self.token), &body.to_string());
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    fn experiment(&self, name: &str) -> String {
        let made = self.call("experiments/create", &json!({ "name": name }));
        made["experiment_id"].as_str().unwrap().to_owned()
    }

    fn run(&self, experiment: &str) -> String {
        let made = self.call("runs/create", &json!({ "experiment_id": experiment }));
        let id = made["run"]["info"]["run_id"].as_str().unwrap().to_owned();
        self.call("runs/log-metric", &json!({ "run_id": id, "key": "loss", "value": 0.5, "timestamp": 1 }));
        self.call("runs/set-tag", &json!({ "run_id": id, "key": "a", "value": "b" }));
        id
    }

    fn model(&self, experiment: &str) -> String {
        let made = self.call("logged-models", &json!({ "experiment_id": experiment, "name": "m" }));
        made["model"]["info"]["model_id"].as_str().unwrap().to_owned()
    }

    /// Whether a run is there, deleted or not.
    fn has(&self, run: &str) -> bool {
        let path = format!("/api/2.0/mlflow/runs/get?run_id={run}");
        get(self.server.address, &path, Some(&self.token)).status == 200
    }
}

#[test]
fn what_was_deleted_goes_for_good_and_nothing_else() {
    for home in Home::each() {
        let mut server = home.serve();
        let token = server.first_token();
        let root = Root { server: &server, token };
        let (gone, kept) = (root.experiment("gone"), root.experiment("kept"));
        let (deleted, alive) = (root.run(&kept), root.run(&kept));
        let inside = root.run(&gone);
        let (model, other) = (root.model(&kept), root.model(&kept));
        root.call("runs/delete", &json!({ "run_id": deleted }));
        root.call("experiments/delete", &json!({ "experiment_id": gone }));
        // Its logged model is not deleted with it.
        let standing = root.experiment("standing");
        let model_there = root.model(&standing);
        root.call("experiments/delete", &json!({ "experiment_id": standing }));
        // A model's run and its experiment are the registry's.
        root.call("registered-models/create", &json!({ "name": "iris" }));
        let version = root.call("model-versions/create", &json!({ "name": "iris", "source": "" }));
        let delete = format!("/api/2.0/mlflow/logged-models/{model}");
        let answer = delete_at(server.address, &delete, Some(&root.token));
        assert_eq!(answer.status, 200, "{}", answer.body);

        // By default what was deleted lately stays.
        assert_eq!(home.json(&["gc"]), json!([]));
        let row = json!([{ "project_id": 1, "project": "root/default", "experiments": 1, "runs": 2, "logged_models": 1 }]);
        assert_eq!(home.json(&["gc", "--older-than", "0d", "--dry-run"]), row);
        assert!(root.has(&deleted) && root.has(&inside));
        home.done(&["project", "create", "root/other"]);
        assert_eq!(home.json(&["gc", "--older-than", "0d", "--project", "root/other"]), json!([]));
        assert!(root.has(&deleted));
        let output = home.run(&["gc", "--older-than", "0d", "--project", "1"]);
        let table = text(&output.stdout);
        assert!(
            output.status.success() && table.lines().nth(1).unwrap().starts_with("root/default"),
            "{table}"
        );
        assert!(text(&output.stderr).contains("removed for good"));
        assert_eq!(home.json(&["gc", "--older-than", "0d"]), json!([]));

        assert!(!root.has(&deleted) && !root.has(&inside) && root.has(&alive));
        assert!(root.has(version["model_version"]["run_id"].as_str().unwrap()));
        let path = format!("/api/2.0/mlflow/logged-models/{model_there}");
        assert_eq!(get(server.address, &path, Some(&root.token)).status, 200);
        // The names are free again, and what stays can be used.
        root.experiment("gone");
        root.call(
            "runs/log-metric",
            &json!({ "run_id": alive, "key": "loss", "value": 0.1, "timestamp": 2 }),
        );
        let found = root.call("logged-models/search", &json!({ "experiment_ids": [kept] }));
        assert_eq!(found["models"][0]["info"]["model_id"], json!(other));

        let listed = home.json(&["audit", "list", "--limit", "4"]);
        let told: Vec<_> = listed
            .as_array()
            .unwrap()
            .iter()
            .map(|event| {
                (event["event"].as_str().unwrap(), event["author"].as_str().unwrap(), event["count"].clone())
            })
            .collect();
        assert_eq!(told[0], ("ml_experiment_destroyed", "command line", json!(1)));
        assert_eq!(told[1], ("ml_logged_model_destroyed", "command line", json!(1)));
        assert!(
            told[2..].iter().all(|told| *told == ("ml_run_destroyed", "command line", json!(1))),
            "{told:?}"
        );
        assert_eq!(listed[3]["before"], json!({ "experiment": "kept", "ids": deleted }));
        home.done(&["audit", "verify"]);
    }
}

#[test]
fn many_runs_go_in_steps() {
    for home in Home::each() {
        let mut server = home.serve();
        let token = server.first_token();
        let root = Root { server: &server, token };
        let experiment = root.experiment("many");
        let runs: Vec<String> = (0..120).map(|_| root.run(&experiment)).collect();
        for run in &runs[..110] {
            root.call("runs/delete", &json!({ "run_id": run }));
        }
        assert_eq!(home.json(&["gc", "--older-than", "0d"])[0]["runs"], 110);
        assert!(!root.has(&runs[0]) && !root.has(&runs[109]) && root.has(&runs[110]));
        let listed = home.json(&["audit", "list"]);
        let destroyed =
            listed.as_array().unwrap().iter().filter(|event| event["event"] == "ml_run_destroyed");
        assert_eq!(destroyed.map(|event| event["count"].as_i64().unwrap()).sum::<i64>(), 110);
    }
}

#[test]
fn a_span_that_is_none_is_refused() {
    let home = Home::sqlite();
    let output = home.run(&["gc", "--older-than", "soon"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("such as 7d"), "{}", text(&output.stderr));
}
