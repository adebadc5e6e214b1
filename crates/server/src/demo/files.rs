//! The demo's artifacts: one of every kind that the pages show.

use weir_domain::Result;

use super::caller::Caller;
use super::dice::Dice;
use super::png::png;
use super::runs::Made;

/// Dark to bright, as maps of heat have them.
fn heat() -> Vec<[u8; 3]> {
    (0..=255_u8)
        .map(|value| {
            let level = f64::from(value) / 255.0;
            let channel = |from: f64, to: f64| (255.0 * ((level - from) / (to - from)).clamp(0.0, 1.0)) as u8;
            [channel(0.25, 0.7), channel(0.0, 1.0) / 2 + channel(0.6, 1.0) / 2, channel(0.0, 0.4).max(60)]
        })
        .collect()
}

/// Two classes, as they were and as they were taken for.
fn confusion(right: f64) -> Vec<u8> {
    const SIDE: usize = 192;
    let level = |x: usize, y: usize| {
        let share = if (x < SIDE / 2) == (y < SIDE / 2) { right } else { 1.0 - right };
        let line = x.abs_diff(SIDE / 2) < 2 || y.abs_diff(SIDE / 2) < 2;
        if line { 0 } else { (230.0 * share) as u8 }
    };
    let pixels: Vec<u8> = (0..SIDE * SIDE).map(|at| level(at % SIDE, at / SIDE)).collect();
    png(SIDE as u32, &pixels, &heat())
}

/// A few roofs, some brighter than others.
fn mask(dice: &mut Dice) -> Vec<u8> {
    const SIDE: usize = 256;
    let mut pixels = vec![18_u8; SIDE * SIDE];
    for _ in 0..14 {
        let (left, top) = ((dice.unit() * 210.0) as usize, (dice.unit() * 210.0) as usize);
        let (width, height) = (14 + (dice.unit() * 30.0) as usize, 14 + (dice.unit() * 30.0) as usize);
        let level = 120 + (dice.unit() * 130.0) as u8;
        for y in top..(top + height).min(SIDE) {
            pixels[y * SIDE + left..y * SIDE + (left + width).min(SIDE)].fill(level);
        }
    }
    png(SIDE as u32, &pixels, &heat())
}

pub const MLMODEL: &str = r#"artifact_path: model
flavors:
  python_function:
    env:
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
    predict_fn: predict
    python_version: 3.12.4
  sklearn:
    code: null
    pickled_model: model.pkl
    serialization_format: cloudpickle
    sklearn_version: 1.5.1
mlflow_version: 2.22.5
model_size_bytes: 18240
model_uuid: 5f1f8f0c6c1e4bb0a7d1d1f3a1c2b3d4
signature:
  inputs: '[{"type": "long", "name": "tenure_months", "required": true}, {"type": "double", "name": "monthly_charges", "required": true}, {"type": "string", "name": "contract", "required": true}, {"type": "boolean", "name": "paperless", "required": false}]'
  outputs: '[{"type": "double", "name": "churn_probability", "required": true}]'
  params: null
utc_time_created: '2026-01-05 09:30:00.000000'
"#;

pub const REQUIREMENTS: &str = "mlflow==2.22.5\ncloudpickle==3.1.0\nnumpy==1.26.4\nscikit-learn==1.5.1\n";

const REPORT: &str = "# Churn, gradient boosting\n\nThe **best** of its grid. What it looks at most:\n\n\
1. `tenure_months`\n2. `contract`\n3. `monthly_charges`\n\n| class | precision | recall |\n|---|---:|---:|\n\
| stays | 0.94 | 0.96 |\n| leaves | 0.86 | 0.81 |\n\n```python\nmodel = mlflow.pyfunc.load_model(\"models:/churn@champion\")\n```\n\n\
> Customers without a contract are few in the training data: see `predictions.csv`.\n";

const PAGE: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Importance</title>\n\
<style>body{font:14px sans-serif;margin:2em}div{background:#3b82f6;color:#fff;margin:4px 0;padding:4px 8px}</style></head>\n\
<body><h1>What the model looks at</h1>\n<div style=\"width:80%\">tenure_months 0.41</div>\n\
<div style=\"width:55%\">contract 0.28</div>\n<div style=\"width:35%\">monthly_charges 0.18</div>\n\
<script>document.title = 'scripts run here, and they must not'</script></body></html>\n";

fn predictions(dice: &mut Dice) -> String {
    let mut csv = String::from("customer,tenure_months,contract,\"churn, probability\",left\n");
    for customer in 0..400 {
        let tenure = (dice.unit() * 72.0) as u32;
        let contract = dice.pick(&["month-to-month", "one year", "two years"]);
        let probability = ((0.9 - f64::from(tenure) / 90.0) * dice.unit()).clamp(0.0, 1.0);
        let left = u8::from(probability > 0.5);
        csv.push_str(&format!("{},{tenure},{contract},{probability:.4},{left}\n", 10_000 + customer));
    }
    csv
}

fn log(dice: &mut Dice, epochs: usize) -> String {
    let mut text = String::from("INFO  reading data/customers.parquet (50000 rows)\n");
    let mut loss = 0.69;
    for epoch in 1..=epochs {
        loss *= 0.93 + 0.02 * dice.unit();
        text.push_str(&format!("INFO  epoch {epoch:>3}  loss {loss:.5}\n"));
        if epoch % 11 == 0 {
            text.push_str("WARN  a batch had no customer that left\n");
        }
    }
    text.push_str("INFO  done\n");
    text
}

/// What a classifier leaves, with the model itself.
pub async fn of_classifier(caller: &Caller, made: &Made) -> Result<()> {
    let mut dice = Dice::new(10);
    let metrics = r#"{"threshold": 0.5, "confusion": [[7720, 310], [372, 1598]], "auc": {"train": 0.991, "validation": 0.958}, "features": ["tenure_months", "contract", "monthly_charges"], "notes": null}"#;
    // What stands for the pickled model: nobody should load a pickle of unknown origin anyway.
    let weights: Vec<u8> = (0..18_240).map(|_| dice.next() as u8).collect();
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("train.log", log(&mut dice, 60).into_bytes()),
        ("report.md", REPORT.into()),
        ("plots/confusion.png", confusion(0.93)),
        ("predictions.csv", predictions(&mut dice).into_bytes()),
        ("metrics.json", metrics.into()),
        ("importance.html", PAGE.into()),
        ("model/MLmodel", MLMODEL.into()),
        ("model/requirements.txt", REQUIREMENTS.into()),
        ("model/python_env.yaml", "python: 3.12.4\ndependencies:\n- -r requirements.txt\n".into()),
        ("model/model.pkl", weights),
    ];
    put(caller, made, files).await
}

/// What a network leaves.
pub async fn of_network(caller: &Caller, made: &Made, dice: &mut Dice) -> Result<()> {
    let config = "backbone:\n  pretrained: true\n  stages: [64, 128, 320, 512]\noptimizer:\n  name: adamw\n  betas: [0.9, 0.999]\n";
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("config.yaml", config.into()),
        ("train.log", log(dice, 200).into_bytes()),
        ("masks/tile-001.png", mask(dice)),
        ("masks/tile-002.png", mask(dice)),
        ("masks/tile-003.png", mask(dice)),
    ];
    put(caller, made, files).await
}

async fn put(caller: &Caller, made: &Made, files: Vec<(&str, Vec<u8>)>) -> Result<()> {
    caller.at(made.ended_at);
    for (path, bytes) in files {
        caller.put(&made.artifact_uri, path, bytes).await?;
    }
    Ok(())
}
