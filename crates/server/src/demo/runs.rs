//! The demo's experiments: a grid of classifiers, training curves of a network, and a nested sweep.

use serde_json::{Value, json};
use weir_domain::Result;

use super::caller::{Caller, text};
use super::dice::Dice;
use super::files;

pub const RUNS: usize = GRID + CURVES + PARENTS * (1 + CHILDREN);
const GRID: usize = 120;
const CURVES: usize = 44;
const PARENTS: usize = 4;
const CHILDREN: usize = 8;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A run to be made.
struct Plan {
    name: String,
    started_at: i64,
    lasts: i64,
    /// `RUNNING` has no end.
    status: &'static str,
    params: Vec<(&'static str, String)>,
    tags: Vec<(&'static str, String)>,
    /// Each with its values by step.
    series: Vec<(&'static str, Vec<f64>)>,
    dataset: &'static str,
}

/// A run that was made.
pub struct Made {
    pub run_id: String,
    pub artifact_uri: String,
    pub ended_at: i64,
}

/// Makes all runs; answers with some good classifiers, the best last.
pub async fn fill(caller: &Caller, now: i64) -> Result<Vec<Made>> {
    let best = grid(caller, now).await?;
    curves(caller, now).await?;
    sweep(caller, now).await?;
    Ok(best)
}

async fn experiment(caller: &Caller, name: &str, note: &str, at: i64) -> Result<String> {
    caller.at(at);
    let tags = json!([{ "key": "mlflow.note.content", "value": note }, { "key": "team", "value": "demo" }]);
    let made = caller.post("experiments/create", json!({ "name": name, "tags": tags })).await?;
    Ok(text(&made, "/experiment_id")?.to_owned())
}

fn pairs(list: &[(&'static str, String)]) -> Vec<Value> {
    list.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
}

async fn make(caller: &Caller, experiment: &str, plan: &Plan) -> Result<Made> {
    caller.at(plan.started_at);
    let fields = json!({
        "experiment_id": experiment, "run_name": plan.name, "start_time": plan.started_at,
        "user_id": "demo", "tags": pairs(&plan.tags),
    });
    let made = caller.post("runs/create", fields).await?;
    let run_id = text(&made, "/run/info/run_id")?.to_owned();
    let artifact_uri = text(&made, "/run/info/artifact_uri")?.to_owned();
    let mut metrics = Vec::new();
    for (key, values) in &plan.series {
        for (step, value) in values.iter().enumerate() {
            let at = plan.started_at + plan.lasts * (step as i64 + 1) / values.len() as i64;
            metrics.push(json!({ "key": key, "value": value, "step": step, "timestamp": at }));
        }
    }
    let mut params = pairs(&plan.params);
    // A thousand is what one batch takes.
    for batch in metrics.chunks(900) {
        let body = json!({ "run_id": run_id, "metrics": batch, "params": std::mem::take(&mut params) });
        caller.post("runs/log-batch", body).await?;
    }
    caller.post("runs/log-inputs", dataset(&run_id, plan.dataset)).await?;
    let ended_at = plan.started_at + plan.lasts;
    caller.at(ended_at);
    if plan.status != "RUNNING" {
        let end = json!({ "run_id": run_id, "status": plan.status, "end_time": ended_at });
        caller.post("runs/update", end).await?;
    }
    Ok(Made { run_id, artifact_uri, ended_at })
}

fn dataset(run_id: &str, name: &str) -> Value {
    let schema =
        r#"{"mlflow_colspec": [{"type": "double", "name": "x"}, {"type": "long", "name": "label"}]}"#;
    let of = |context: &str, digest: &str, rows: u32| {
        json!({
            "tags": [{ "key": "mlflow.data.context", "value": context }],
            "dataset": {
                "name": name, "digest": digest, "source_type": "local", "schema": schema,
                "source": format!("{{\"uri\": \"data/{name}.parquet\"}}"),
                "profile": format!("{{\"num_rows\": {rows}, \"num_elements\": {}}}", rows * 2),
            },
        })
    };
    json!({ "run_id": run_id, "datasets": [of("train", "7c1f0e2a", 40_000), of("validation", "1b88d3f9", 10_000)] })
}

/// What runs that come from a repository say of it.
fn source(dice: &mut Dice, script: &str) -> Vec<(&'static str, String)> {
    let commit: String = (0..5).map(|_| format!("{:08x}", dice.next() as u32)).collect();
    vec![
        ("mlflow.source.name", script.to_owned()),
        ("mlflow.source.type", "LOCAL".to_owned()),
        ("mlflow.source.git.commit", commit),
        ("mlflow.user", dice.pick(&["ada", "grace", "emmy"]).to_owned()),
    ]
}

fn status(index: usize, runs: usize) -> &'static str {
    match index {
        // The newest are under way.
        index if index + 2 >= runs => "RUNNING",
        index if index % 29 == 13 => "FAILED",
        index if index % 41 == 17 => "KILLED",
        _ => "FINISHED",
    }
}

/// From `begin` towards `end`, fast at first.
fn curve(dice: &mut Dice, steps: usize, begin: f64, end: f64, rate: f64, noise: f64) -> Vec<f64> {
    let value = |step: usize, dice: &mut Dice| {
        let left = (-rate * step as f64 / steps as f64).exp();
        end + (begin - end) * left + noise * dice.noise() * (0.3 + left)
    };
    (0..steps).map(|step| value(step, dice)).collect()
}

async fn grid(caller: &Caller, now: i64) -> Result<Vec<Made>> {
    let begin = now - 21 * DAY;
    let note = "# Churn\n\nWhich customers leave next month? Every combination of **model**, depth and rate, \
                three seeds each.\n\n| metric | wanted |\n|---|---|\n| `auc` | above 0.9 |\n| `f1` | above 0.8 |\n";
    let experiment = experiment(caller, "churn-classifier", note, begin).await?;
    let mut dice = Dice::new(1);
    let mut good: Vec<(f64, Made)> = Vec::new();
    for index in 0..GRID {
        let model = ["logreg", "random_forest", "gradient_boosting", "mlp"][index % 4];
        let depth = [2, 4, 6, 8, 12][index / 4 % 5];
        let rate = [0.01, 0.05, 0.1][index / 20 % 3];
        let peak = match model {
            "logreg" => 0.82,
            "random_forest" => 0.88 - 0.002 * (depth as f64 - 8.0).abs(),
            "gradient_boosting" => 0.92 - 0.004 * (depth as f64 - 6.0).abs() - (rate - 0.05_f64).abs() / 4.0,
            _ => 0.87 - (rate - 0.01_f64).abs() / 3.0,
        };
        let accuracy = peak + 0.008 * dice.noise();
        let auc = (accuracy + 0.04 + 0.004 * dice.noise()).min(0.995);
        let failed = status(index, GRID) == "FAILED";
        let steps = if failed { 6 } else { 30 };
        let loss = curve(&mut dice, steps, 0.69, 1.05 - accuracy, 5.0, 0.01);
        let val_loss = loss.iter().map(|loss| loss + 0.03 + 0.01 * dice.noise()).collect();
        let mut series = vec![
            ("train_loss", loss),
            ("val_loss", val_loss),
            ("val_accuracy", curve(&mut dice, steps, 0.55, accuracy, 5.0, 0.008)),
        ];
        if !failed {
            series.extend([
                ("accuracy", vec![accuracy]),
                ("auc", vec![auc]),
                ("f1", vec![accuracy - 0.07 + 0.01 * dice.noise()]),
                ("fit_seconds", vec![3.0 + depth as f64 * 2.5 + 4.0 * dice.unit()]),
            ]);
        }
        let started_at = begin + index as i64 * 4 * HOUR;
        let plan = Plan {
            name: format!("{model}-d{depth}-{index:03}"),
            started_at,
            lasts: 12 * MINUTE + index as i64 % 7 * MINUTE,
            status: status(index, GRID),
            params: vec![
                ("model", model.to_owned()),
                ("max_depth", depth.to_string()),
                ("learning_rate", rate.to_string()),
                ("n_estimators", [100, 200, 400][index % 3].to_string()),
                ("seed", (index / 60).to_string()),
                ("class_weight", "balanced".to_owned()),
            ],
            tags: source(&mut dice, "train.py"),
            series,
            dataset: "customers",
        };
        let made = make(caller, &experiment, &plan).await?;
        if model == "gradient_boosting" && plan.status == "FINISHED" {
            good.push((auc, made));
        }
    }
    good.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let best: Vec<Made> = good.into_iter().rev().take(4).map(|(_, made)| made).rev().collect();
    for made in &best {
        files::of_classifier(caller, made).await?;
    }
    Ok(best)
}

async fn curves(caller: &Caller, now: i64) -> Result<()> {
    let begin = now - 9 * DAY;
    let note =
        "Outlines of buildings from the air. The learning rate falls along a cosine; long runs, many points.";
    let experiment = experiment(caller, "building-segmentation", note, begin).await?;
    let mut dice = Dice::new(2);
    const STEPS: usize = 200;
    for index in 0..CURVES {
        let backbone = ["unet", "deeplab", "segformer"][index % 3];
        let batch = [8, 16, 32][index / 3 % 3];
        let rate = [3e-4, 1e-3, 3e-3, 1e-2][index / 9 % 4];
        // The highest rate does not go well with small batches.
        let diverges = rate > 5e-3 && batch == 8;
        let end =
            if diverges { 1.4 } else { 0.18 + 0.05 * dice.unit() + f64::from(index as u32 % 3) * -0.02 };
        let loss = curve(&mut dice, STEPS, 1.6, end, 4.0, 0.03);
        let cosine =
            |step: usize| rate / 2.0 * (1.0 + (std::f64::consts::PI * step as f64 / STEPS as f64).cos());
        let iou = curve(&mut dice, STEPS, 0.1, 0.95 - end, 4.0, 0.015);
        let plan = Plan {
            name: format!("{backbone}-b{batch}-{index:02}"),
            started_at: begin + index as i64 * 5 * HOUR,
            lasts: 4 * HOUR,
            status: if diverges { "FAILED" } else { status(index, CURVES) },
            params: vec![
                ("backbone", backbone.to_owned()),
                ("batch_size", batch.to_string()),
                ("learning_rate", rate.to_string()),
                ("augment", (index % 2 == 0).to_string()),
                ("image_size", "512".to_owned()),
            ],
            tags: source(&mut dice, "segment.py"),
            series: vec![
                ("loss", loss),
                ("val_iou", iou),
                ("learning_rate", (0..STEPS).map(cosine).collect()),
                (
                    "system/gpu_utilization_percentage",
                    (0..STEPS).map(|_| 82.0 + 9.0 * dice.noise()).collect(),
                ),
            ],
            dataset: "aerial",
        };
        let made = make(caller, &experiment, &plan).await?;
        if index % 11 == 0 {
            files::of_network(caller, &made, &mut dice).await?;
        }
    }
    Ok(())
}

async fn sweep(caller: &Caller, now: i64) -> Result<()> {
    let begin = now - 2 * DAY;
    let note = "A sweep for each optimizer: the parent sums up what its children found.";
    let experiment = experiment(caller, "optimizer-sweep", note, begin).await?;
    let mut dice = Dice::new(3);
    for parent in 0..PARENTS {
        let optimizer = ["adam", "adamw", "sgd", "lion"][parent];
        let started_at = begin + parent as i64 * 10 * HOUR;
        let best = 0.90 - 0.01 * parent as f64;
        let plan = Plan {
            name: format!("sweep-{optimizer}"),
            started_at,
            lasts: 9 * HOUR,
            status: "FINISHED",
            params: vec![("optimizer", optimizer.to_owned()), ("trials", CHILDREN.to_string())],
            tags: source(&mut dice, "sweep.py"),
            series: vec![("best_accuracy", vec![best])],
            dataset: "customers",
        };
        let made = make(caller, &experiment, &plan).await?;
        for child in 0..CHILDREN {
            let exponent = -4.0 + 3.0 * child as f64 / CHILDREN as f64;
            let rate = 10_f64.powf(exponent);
            let accuracy = best - (exponent + 2.6).powi(2) / 30.0 + 0.005 * dice.noise();
            let mut tags = source(&mut dice, "sweep.py");
            tags.push(("mlflow.parentRunId", made.run_id.clone()));
            let plan = Plan {
                name: format!("{optimizer}-{child}"),
                started_at: started_at + child as i64 * HOUR,
                lasts: 50 * MINUTE,
                status: if parent + 1 == PARENTS && child + 1 == CHILDREN { "RUNNING" } else { "FINISHED" },
                params: vec![
                    ("optimizer", optimizer.to_owned()),
                    ("learning_rate", format!("{rate:.5}")),
                    ("weight_decay", dice.pick(&["0", "0.01", "0.1"]).to_owned()),
                ],
                tags,
                series: vec![
                    ("accuracy", curve(&mut dice, 40, 0.5, accuracy, 5.0, 0.01)),
                    ("loss", curve(&mut dice, 40, 0.7, 1.1 - accuracy, 5.0, 0.01)),
                ],
                dataset: "customers",
            };
            make(caller, &experiment, &plan).await?;
        }
    }
    Ok(())
}
