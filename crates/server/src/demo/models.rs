//! The demo's registered model: versions from the best runs, one published, one a prerelease, with aliases and stages.

use serde_json::json;
use weir_domain::Result;

use super::caller::{Caller, text};
use super::runs::Made;

const MODEL: &str = "churn";
const CARD: &str = "# Churn\n\nWhether a customer leaves within a month.\n\n- **Input**: tenure, charges, contract, paperless\n\
- **Output**: a probability\n- **Not for**: customers of less than a month\n\n```python\nimport mlflow\n\n\
model = mlflow.pyfunc.load_model(\"models:/churn@champion\")\nmodel.predict(customers)\n```\n";

/// The versions, each of one of the best runs, and what is said of them.
const VERSIONS: [(&str, usize, &str); 5] = [
    ("0.9.0", 0, "The first that was tried in the shop."),
    ("1.0.0", 1, "The first release: trained on all regions."),
    ("1.1.0", 2, "Knows about paperless billing."),
    ("1.1.1", 2, "The same model with its requirements pinned."),
    ("1.2.0-rc.1", 3, "A candidate: better, and not yet looked at by the shop."),
];

/// Makes the model from the best runs, the best of them last.
pub async fn fill(caller: &Caller, best: &[Made], now: i64) -> Result<()> {
    const HOUR: i64 = 60 * 60 * 1000;
    let begin = best.iter().map(|made| made.ended_at).max().unwrap_or(now).min(now - 12 * HOUR);
    caller.at(begin);
    let tags = json!([{ "key": "team", "value": "demo" }, { "key": "task", "value": "classification" }]);
    let model = json!({ "name": MODEL, "description": CARD, "tags": tags });
    caller.post("registered-models/create", model).await?;
    for (index, (version, run, description)) in VERSIONS.into_iter().enumerate() {
        let Some(made) = best.get(run) else { continue };
        caller.at(begin + (index as i64 + 1) * HOUR);
        let body = json!({
            "name": MODEL, "source": format!("runs:/{}/model", made.run_id), "run_id": made.run_id,
            "description": description, "tags": [{ "key": "gitlab.version", "value": version }],
        });
        caller.post("model-versions/create", body).await?;
    }
    caller.at(begin + 7 * HOUR);
    let version = |alias: &str, version: &str| json!({ "name": MODEL, "alias": alias, "version": version });
    caller.post("registered-models/alias", version("champion", "1.1.1")).await?;
    caller.post("registered-models/alias", version("challenger", "1.2.0-rc.1")).await?;
    for (version, stage) in [("0.9.0", "Archived"), ("1.1.1", "Production"), ("1.2.0-rc.1", "Staging")] {
        let body =
            json!({ "name": MODEL, "version": version, "stage": stage, "archive_existing_versions": false });
        caller.post("model-versions/transition-stage", body).await?;
    }
    caller.at(begin + 8 * HOUR);
    for version in ["1.0.0", "1.1.1"] {
        caller.post_own(&format!("models/{MODEL}/versions/{version}/publish")).await?;
    }
    logged_model(caller, best).await
}

/// A model as MLflow 3 logs them, of the best run.
async fn logged_model(caller: &Caller, best: &[Made]) -> Result<()> {
    let Some(made) = best.last() else { return Ok(()) };
    let run = caller.get(&format!("runs/get?run_id={}", made.run_id)).await?;
    let experiment = text(&run, "/run/info/experiment_id")?;
    let body = json!({
        "experiment_id": experiment, "name": "churn-model", "source_run_id": made.run_id,
        "params": [{ "key": "max_depth", "value": "6" }], "tags": [{ "key": "team", "value": "demo" }],
    });
    let model = caller.post("logged-models", body).await?;
    let id = text(&model, "/model/info/model_id")?;
    let tree = text(&model, "/model/info/artifact_uri")?;
    caller.put(tree, "MLmodel", super::files::MLMODEL.into()).await?;
    caller.put(tree, "requirements.txt", super::files::REQUIREMENTS.into()).await?;
    let ready = json!({ "model_id": id, "status": "LOGGED_MODEL_READY" });
    caller.patch(&format!("logged-models/{id}"), ready).await?;
    let outputs = json!({ "run_id": made.run_id, "models": [{ "model_id": id, "step": 0 }] });
    caller.post("runs/outputs", outputs).await?;
    Ok(())
}
