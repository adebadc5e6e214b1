"""Fills a project of a running server with the stock MLflow client: what the pages are looked at and tested with.

usage: seed.py TRACKING_URI [--runs N]
"""

import argparse
import logging
import math
import os
import random
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
warnings.filterwarnings("ignore")

import mlflow
import mlflow.sklearn
import numpy as np
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

# What this program warns about is not what is tested here.
for name in ("mlflow", "mlflow.sklearn", "mlflow.models.model", "mlflow.utils"):
    logging.getLogger(name).setLevel(logging.ERROR)

START = 1_795_000_000_000
STEP_MS = 4_000


def curve(start, end, rate, noise, steps, rng):
    """A training curve: an exponential approach with noise."""
    return [end + (start - end) * math.exp(-rate * i / steps * 5) + rng.gauss(0, noise) for i in range(steps)]


def sweep(client, runs):
    """The experiment of the runs table: many runs, many columns, every status."""
    experiment = client.create_experiment(
        "churn-gradient-boosting",
        tags={
            "mlflow.note.content": "Which customers leave within **90 days**.\n\n"
            "- data: `customers-2026-09`\n- goal: AUC above 0.90, and a *calibrated* score\n",
            "team": "growth",
        },
    )
    rng = random.Random(7)
    best = None
    for index in range(runs):
        model = rng.choice(["xgboost", "lightgbm", "logistic"])
        rate = 10 ** rng.uniform(-3, -0.5)
        depth = rng.randint(3, 12)
        started = START + index * 900_000
        run = client.create_run(
            experiment,
            start_time=started,
            run_name=f"{model}-d{depth}-{index:03d}",
            tags={
                "mlflow.user": rng.choice(["ada", "grace", "edsger"]),
                "mlflow.source.name": "train.py",
                "mlflow.source.git.commit": f"{rng.getrandbits(160):040x}",
                "stage": rng.choice(["explore", "tune"]),
                "gitlab.CI_JOB_ID": str(41_000 + index),
            },
        )
        id = run.info.run_id
        auc_end = 0.78 + 0.14 * math.exp(-((math.log10(rate) + 1.6) ** 2)) - 0.002 * abs(depth - 7)
        steps = 60
        values = {
            "train/loss": curve(0.69, 0.22 + (0.92 - auc_end), 1.1, 0.012, steps, rng),
            "val/loss": curve(0.69, 0.27 + (0.92 - auc_end), 1.0, 0.016, steps, rng),
            "val/auc": curve(0.5, auc_end, 1.3, 0.006, steps, rng),
        }
        points = [
            Metric(key, value, started + step * STEP_MS, step)
            for key, series in values.items()
            for step, value in enumerate(series)
        ]
        for key, value in {
            "val/accuracy": auc_end - 0.03,
            "val/f1": auc_end - 0.11,
            "time/epoch_s": rng.uniform(2, 9),
        }.items():
            points.append(Metric(key, value, started + steps * STEP_MS, steps))
        if index % 17 == 3:
            points.append(Metric("val/calibration", float("nan"), started, 0))
        params = {
            "model": model,
            "learning_rate": f"{rate:.5f}",
            "max_depth": depth,
            "n_estimators": rng.choice([100, 200, 400, 800]),
            "subsample": rng.choice([0.6, 0.8, 1.0]),
            "seed": 7,
            "early_stopping": rng.choice(["true", "false"]),
            "features": "tenure,plan,calls,complaints",
        }
        client.log_batch(
            id,
            metrics=points,
            params=[Param(key, str(value)) for key, value in params.items()],
            tags=[RunTag("dataset", "customers-2026-09")],
        )
        status = "FAILED" if index % 13 == 5 else "KILLED" if index % 29 == 11 else "FINISHED"
        if index < runs - 2:
            client.set_terminated(id, status, started + steps * STEP_MS)
        if status == "FINISHED" and (best is None or auc_end > best[1]):
            best = (id, auc_end)
    return experiment, best[0]


def nested(client):
    """An experiment whose runs stand below others, two deep."""
    experiment = client.create_experiment("nested-search")
    for search in range(3):
        parent = client.create_run(experiment, START + search * 60_000, run_name=f"search-{search}")
        for trial in range(2):
            tags = {"mlflow.parentRunId": parent.info.run_id}
            child = client.create_run(experiment, START + trial, tags, run_name=f"trial-{search}-{trial}")
            client.log_metric(child.info.run_id, "score", search + trial / 10)
        tags = {"mlflow.parentRunId": child.info.run_id}
        client.create_run(experiment, START, tags, run_name=f"refit-{search}")


def files(client, run_id):
    """One file of every kind that the pages preview."""
    client.log_text(
        run_id,
        "# Report\n\nThe **best** model of the sweep.\n\n"
        "| split | AUC |\n|---|---|\n| train | 0.94 |\n| validation | 0.91 |\n\n"
        "```python\nmodel.predict(frame)\n```\n",
        "report.md",
    )
    client.log_dict(run_id, {"threshold": 0.42, "classes": ["stays", "leaves"], "nested": {"a": [1, 2, 3]}}, "config.json")
    rows = "\n".join(f"feature_{i},{1 / (i + 1):.4f},{i % 3}" for i in range(250))
    client.log_text(run_id, "feature,importance,group\n" + rows, "tables/importance.csv")
    client.log_text(run_id, "epoch 1 loss 0.69\nepoch 2 loss 0.51\n" * 200, "logs/train.log")
    # More than is shown.
    client.log_text(run_id, "".join(f"line {i} of many, and none of them short\n" for i in range(60_000)), "logs/long.log")
    client.log_text(
        run_id,
        "<!doctype html><title>r</title><style>body{font-family:sans-serif;color:#234}</style>"
        "<h1>Calibration</h1><p>Rendered in a sandbox.</p>"
        "<script>parent.document.title='escaped';document.body.innerHTML='script ran'</script>",
        "plots/calibration.html",
    )
    image = np.zeros((160, 240, 3), dtype=np.uint8)
    image[..., 0] = np.linspace(20, 230, 240, dtype=np.uint8)
    image[..., 1] = np.linspace(60, 190, 160, dtype=np.uint8)[:, None]
    image[..., 2] = 140
    client.log_image(run_id, image, "plots/confusion.png")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.bin"
        path.write_bytes(bytes(range(256)) * 4096)
        client.log_artifact(run_id, str(path), "checkpoints/step-60")


def models(client):
    """A model with versions, aliases, stages, a signature that changes, and one published version."""
    mlflow.set_experiment("churn-baseline")
    client.create_registered_model(
        "churn",
        tags={"owner": "growth"},
        description="Says who is about to leave.\n\n## Use\n\nScore **weekly**; see the [run book](runbook).\n",
    )
    frame = {"tenure": [1.0, 2.0, 3.0, 4.0], "calls": [0.0, 1.0, 1.0, 5.0]}
    versions = []
    for index, semver in enumerate(["0.9.0", "1.0.0", "1.1.0", "2.0.0-rc.1"]):
        import pandas

        columns = dict(frame) if index < 2 else {**frame, "complaints": [0.0, 0.0, 2.0, 3.0]}
        data = pandas.DataFrame(columns)
        model = LogisticRegression(C=1.0 + index).fit(data, [0, 0, 1, 1])
        with mlflow.start_run(run_name=f"fit-{semver}") as run:
            mlflow.log_params({"C": 1.0 + index, "solver": "lbfgs", "columns": ",".join(columns)})
            mlflow.log_metric("auc", 0.81 + 0.03 * index)
            mlflow.log_input(mlflow.data.from_pandas(data, name="customers"), context="training")
            mlflow.log_metric("brier", 0.19 - 0.02 * index)
            info = mlflow.sklearn.log_model(
                model,
                name="model",
                signature=infer_signature(data, model.predict(data)),
                input_example=data.head(1),
                pip_requirements=["scikit-learn==1.5.2", f"numpy=={'1.26.4' if index < 2 else '2.1.0'}"],
            )
        version = client.create_model_version(
            "churn",
            info.model_uri,
            run.info.run_id,
            tags={"gitlab.version": semver, "validated": "yes" if index < 3 else "no"},
            description=f"Fit of {semver}.",
        )
        versions.append(version)
    client.set_registered_model_alias("churn", "champion", versions[1].version)
    client.set_registered_model_alias("churn", "challenger", versions[2].version)
    client.transition_model_version_stage("churn", versions[1].version, "Production")
    for name, text in [("price-elasticity", "How demand answers to price."), ("fraud-scorer", "")]:
        client.create_registered_model(name, description=text)
    source = client.search_model_versions("name='churn'")[0].source
    client.create_model_version("fraud-scorer", source)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("uri")
    parser.add_argument("--runs", type=int, default=60)
    arguments = parser.parse_args()
    mlflow.set_tracking_uri(arguments.uri)
    mlflow.set_registry_uri(arguments.uri)
    client = MlflowClient()
    experiment, best = sweep(client, arguments.runs)
    nested(client)
    files(client, best)
    models(client)
    for name in ["image-segmentation", "price-elasticity", "smoke-tests"]:
        client.create_experiment(name)
    gone = client.create_experiment("abandoned-idea")
    client.delete_experiment(gone)
    print(f"experiment={experiment} run={best}")


main()
