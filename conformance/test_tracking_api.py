"""MLflow's page "Tracking APIs": setting up, logging, naming steps and times, children, parallel runs, tags."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import mlflow
import pandas
import pytest
from mlflow.entities import Metric, Param, RunTag


def history(run, key):
    return [(point.step, point.value) for point in mlflow.MlflowClient().get_metric_history(run.info.run_id, key)]


def test_manual_logging_of_a_training_loop():
    with mlflow.start_run() as run:
        mlflow.log_param("learning_rate", 0.01)
        mlflow.log_param("batch_size", 32)
        for epoch in range(5):
            mlflow.log_metrics({"train_loss": 1 / (epoch + 1), "val_loss": 2 / (epoch + 1)}, step=epoch)

    logged = mlflow.get_run(run.info.run_id)
    assert logged.data.params == {"learning_rate": "0.01", "batch_size": "32"}
    assert logged.data.metrics == {"train_loss": 0.2, "val_loss": 0.4}
    assert history(run, "train_loss") == [(epoch, 1 / (epoch + 1)) for epoch in range(5)]


def test_setting_up(tracking):
    mlflow.set_tracking_uri(tracking.uri)
    name = tracking.unique("my experiment")

    created = mlflow.create_experiment(name, tags={"team": "data-science", "environment": "prod"})
    active = mlflow.set_experiment(name)

    assert mlflow.get_tracking_uri() == tracking.uri
    assert active.experiment_id == created
    assert active.tags["team"] == "data-science"
    assert active.tags["environment"] == "prod"
    assert mlflow.set_experiment(experiment_id=created).name == name
    assert active.artifact_location.startswith("mlflow-artifacts:/")


def test_an_experiment_can_name_a_bucket(tracking, client):
    bucket = "s3://my-bucket/experiments/"
    created = mlflow.create_experiment(tracking.unique("production-models"), artifact_location=bucket)

    run = client.create_run(created)
    assert client.get_experiment(created).artifact_location.rstrip("/") == bucket.rstrip("/")
    assert run.info.artifact_uri == f"{bucket}{run.info.run_id}/artifacts"


def test_an_experiment_can_keep_its_artifacts_elsewhere(tracking):
    elsewhere = tracking.folder / "elsewhere"
    created = mlflow.create_experiment(tracking.unique("elsewhere"), artifact_location=elsewhere.as_uri())

    with mlflow.start_run(experiment_id=created) as run:
        mlflow.log_text("kept by the client", "a.txt")

    assert run.info.artifact_uri == f"{elsewhere.as_uri()}/{run.info.run_id}/artifacts"
    assert (elsewhere / run.info.run_id / "artifacts/a.txt").read_text() == "kept by the client"


@pytest.mark.one_mount
def test_the_experiment_can_come_from_the_environment(tracking):
    name = tracking.unique("fraud-detection-v2")
    tracking.python(
        "import mlflow\nwith mlflow.start_run():\n    mlflow.log_param('a', 1)\n    mlflow.log_metric('b', 2)\n",
        MLFLOW_EXPERIMENT_NAME=name,
    )

    runs = mlflow.search_runs(experiment_names=[name], output_format="list")
    assert [run.data.params for run in runs] == [{"a": "1"}]


def test_active_and_last_active_run():
    run = mlflow.start_run()
    assert mlflow.active_run().info.run_id == run.info.run_id
    mlflow.log_metric("accuracy", 0.95, step=10)
    data = mlflow.MlflowClient().get_run(mlflow.active_run().info.run_id).data
    assert data.metrics == {"accuracy": 0.95}
    mlflow.end_run(status="FINISHED")

    assert mlflow.active_run() is None
    last = mlflow.last_active_run()
    assert last.info.run_id == run.info.run_id
    assert last.info.status == "FINISHED"


def test_logging_starts_a_run_when_none_is_active():
    mlflow.log_param("no_start_run", True)

    run = mlflow.active_run()
    assert mlflow.get_run(run.info.run_id).data.params == {"no_start_run": "True"}


def test_steps_and_timestamps_are_kept_as_given(run, client):
    now = int(time.time() * 1000)
    mlflow.log_metric("latency", 12.5, timestamp=now)
    for step in (1, 5, 75, -20):
        mlflow.log_metric("gaps", step * 10, step=step, timestamp=now + step)

    (latency,) = client.get_metric_history(run.info.run_id, "latency")
    assert (latency.value, latency.timestamp, latency.step) == (12.5, now, 0)
    gaps = client.get_metric_history(run.info.run_id, "gaps")
    assert [(point.step, point.timestamp) for point in gaps] == [(s, now + s) for s in (-20, 1, 5, 75)]
    # The latest value is that of the greatest step, not the one written last.
    assert client.get_run(run.info.run_id).data.metrics["gaps"] == 750


def test_a_step_is_any_64_bit_integer(run, client):
    for step in (2**63 - 1, -(2**63)):
        mlflow.log_metric("far", 1.5, step=step, timestamp=1)

    steps = [point.step for point in client.get_metric_history(run.info.run_id, "far")]
    assert steps == [-(2**63), 2**63 - 1]


def test_a_parameter_sweep_with_child_runs(tracking):
    with mlflow.start_run(run_name="hyperparameter_sweep") as parent:
        mlflow.log_param("search_strategy", "random")
        best = None
        for learning_rate in (0.001, 0.01):
            for batch_size in (16, 32):
                name = f"lr_{learning_rate}_bs_{batch_size}"
                with mlflow.start_run(nested=True, run_name=name) as child:
                    mlflow.log_params({"learning_rate": learning_rate, "batch_size": batch_size})
                    score = learning_rate * batch_size
                    mlflow.log_metric("accuracy", score)
                if best is None or score > best[0]:
                    best = (score, learning_rate, batch_size)
        mlflow.log_params({"learning_rate": best[1], "batch_size": best[2]})
        mlflow.log_metric("best_accuracy", best[0])

    children = mlflow.search_runs(
        experiment_ids=[tracking.experiment_id],
        filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'",
    )
    assert len(children[["run_id", "params.learning_rate", "metrics.accuracy"]]) == 4
    assert set(children["tags.mlflow.runName"]) == {f"lr_{a}_bs_{b}" for a in (0.001, 0.01) for b in (16, 32)}
    assert mlflow.get_parent_run(child.info.run_id).info.run_id == parent.info.run_id
    assert mlflow.get_parent_run(parent.info.run_id) is None
    assert mlflow.get_run(parent.info.run_id).data.metrics == {"best_accuracy": 0.32}


def test_a_child_of_a_run_that_is_not_active(tracking):
    with mlflow.start_run() as parent:
        pass
    with mlflow.start_run(parent_run_id=parent.info.run_id) as child:
        mlflow.log_param("p", 0.01)

    assert mlflow.get_parent_run(child.info.run_id).info.run_id == parent.info.run_id


def test_sequential_runs(tracking):
    configurations = [{"model": "RandomForest", "n": 100}, {"model": "XGBoost", "n": 6}]
    for configuration in configurations:
        with mlflow.start_run(run_name=configuration["model"]):
            mlflow.log_params(configuration)
            mlflow.log_metric("f1_score", configuration["n"] / 100)

    frame = mlflow.search_runs(experiment_ids=[tracking.experiment_id], order_by=["metrics.f1_score DESC"])
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["tags.mlflow.runName"]) == ["RandomForest", "XGBoost"]
    assert list(frame["params.n"]) == ["100", "6"]


def test_child_runs_in_threads(tracking):
    with mlflow.start_run(run_name="threaded_experiment") as parent:

        def train(epochs):
            with mlflow.start_run(nested=True, parent_run_id=parent.info.run_id):
                mlflow.log_params({"lr": 0.01, "epochs": epochs})
                mlflow.log_metric("accuracy", epochs / 100)
            return epochs / 100

        with ThreadPoolExecutor(max_workers=4) as executor:
            results = list(executor.map(train, range(10, 101, 10)))
        mlflow.log_metric("avg_accuracy", sum(results) / len(results))
        mlflow.log_metric("max_accuracy", max(results))

    children = mlflow.search_runs(
        experiment_ids=[tracking.experiment_id],
        filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'",
        order_by=["metrics.accuracy"],
        output_format="list",
    )
    assert [run.data.metrics["accuracy"] for run in children] == sorted(results)
    assert all(run.data.params["epochs"] == str(round(run.data.metrics["accuracy"] * 100)) for run in children)


def test_threads_share_one_run(run, client):
    def write(number):
        client.log_metric(run.info.run_id, "shared", number, step=number)
        client.log_param(run.info.run_id, f"param_{number}", number)
        client.set_tag(run.info.run_id, f"tag_{number}", number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(history(run, "shared")) == [(number, number) for number in range(20)]
    data = client.get_run(run.info.run_id).data
    assert data.params == {f"param_{number}": str(number) for number in range(20)}
    assert all(data.tags[f"tag_{number}"] == str(number) for number in range(20))


PROCESSES = """\
import multiprocessing as mp
import sys
import mlflow

def train(p):
    if sys.argv[1] == "spawn":
        mlflow.set_experiment(sys.argv[2])
    with mlflow.start_run():
        mlflow.log_params({"p": p, "method": sys.argv[1]})
        mlflow.log_metric("accuracy", p)
    return p

if __name__ == "__main__":
    mlflow.set_experiment(sys.argv[2])
    with mp.get_context(sys.argv[1]).Pool(processes=2) as pool:
        print(sum(pool.map(train, [1, 2, 3, 4])))
"""


@pytest.mark.one_mount
def test_processes_log_runs_of_their_own(tracking):
    for method in ("fork", "spawn"):
        name = tracking.unique(f"multi-process {method}")
        assert tracking.python(PROCESSES, method, name).strip().splitlines()[-1] == "10"

        runs = mlflow.search_runs(experiment_names=[name], output_format="list")
        assert sorted(run.data.metrics["accuracy"] for run in runs) == [1, 2, 3, 4]
        assert {run.info.status for run in runs} == {"FINISHED"}


def test_tags_for_organization_and_notes(tracking):
    tags = {"model_family": "transformer", "environment": "production", "gpu_type": "V100"}
    with mlflow.start_run() as run:
        mlflow.set_tags(tags)
        mlflow.set_tag("mlflow.note.content", "Baseline with attention dropout. *Testing* schedules.")
        mlflow.log_metric("accuracy", 0.97)

    def search(text):
        found = mlflow.search_runs(experiment_ids=[tracking.experiment_id], filter_string=text)
        return list(found["run_id"]) if len(found) else []

    assert search("tags.model_family = 'transformer'") == [run.info.run_id]
    assert search("tags.environment = 'production' AND metrics.accuracy > 0.95") == [run.info.run_id]
    assert search("tags.environment = 'production' AND metrics.accuracy > 0.98") == []
    logged = mlflow.get_run(run.info.run_id).data.tags
    assert tags.items() <= logged.items()
    assert logged["mlflow.note.content"].startswith("Baseline with")


def test_system_tags(run):
    tags = mlflow.get_run(run.info.run_id).data.tags

    assert tags["mlflow.source.type"] == "LOCAL"
    assert tags["mlflow.user"] == mlflow.get_run(run.info.run_id).info.user_id
    assert os.path.basename(tags["mlflow.source.name"])
    assert tags["mlflow.runName"] == run.info.run_name


def test_log_batch(run, client):
    metrics = [Metric(key="loss", value=1 / (step + 1), timestamp=1000 + step, step=step) for step in range(50)]
    params = [Param(key=f"p{number}", value=str(number)) for number in range(30)]
    tags = [RunTag(key=f"t{number}", value=f"v{number}") for number in range(30)]
    client.log_batch(run.info.run_id, metrics=metrics, params=params, tags=tags)
    client.log_batch(run.info.run_id)

    data = client.get_run(run.info.run_id).data
    assert data.metrics == {"loss": 1 / 50}
    assert data.params == {f"p{number}": str(number) for number in range(30)}
    assert all(data.tags[f"t{number}"] == f"v{number}" for number in range(30))
    assert history(run, "loss") == [(step, 1 / (step + 1)) for step in range(50)]


def test_asynchronous_logging(run, client):
    for step in range(30):
        mlflow.log_metric("loss", step / 10, step=step, synchronous=False)
    params = mlflow.log_params({"a": 1, "b": "two"}, synchronous=False)
    tags = mlflow.set_tags({"c": 3}, synchronous=False)
    metrics = mlflow.log_metrics({"m": 1, "n": 2}, step=3, synchronous=False)
    for operation in (params, tags, metrics):
        operation.wait()
    mlflow.flush_async_logging()

    data = client.get_run(run.info.run_id).data
    assert data.params == {"a": "1", "b": "two"}
    assert data.tags["c"] == "3"
    assert data.metrics == {"loss": 2.9, "m": 1, "n": 2}
    assert sorted(history(run, "loss")) == [(step, step / 10) for step in range(30)]
