"""Metrics: histories, latest values, NaN and infinities, many at once, and MLflow's page "System Metrics"."""

import math
import time

import mlflow
import pytest
from client_version import only_3x
from mlflow.entities import Metric


def test_a_history_is_ordered_by_time_then_step(run, client):
    points = [(3.0, 300, 1), (1.0, 100, 2), (2.0, 200, 0), (1.5, 100, 1)]
    for value, timestamp, step in points:
        client.log_metric(run.info.run_id, "loss", value, timestamp=timestamp, step=step)

    history = client.get_metric_history(run.info.run_id, "loss")
    assert [(p.value, p.timestamp, p.step) for p in history] == [
        (1.5, 100, 1),
        (1.0, 100, 2),
        (2.0, 200, 0),
        (3.0, 300, 1),
    ]
    assert {point.key for point in history} == {"loss"}
    # Greatest step first, then greatest time, then greatest value: not the newest, not the last written.
    assert client.get_run(run.info.run_id).data.metrics == {"loss": 1.0}


def test_an_identical_point_is_kept_once(run, client):
    for _ in range(3):
        client.log_metric(run.info.run_id, "loss", 1.0, timestamp=100, step=1)
    client.log_metric(run.info.run_id, "loss", 2.0, timestamp=100, step=1)

    assert [p.value for p in client.get_metric_history(run.info.run_id, "loss")] == [1.0, 2.0]
    assert client.get_run(run.info.run_id).data.metrics == {"loss": 2.0}


def test_a_history_of_none_is_empty(run, client):
    assert client.get_metric_history(run.info.run_id, "never logged") == []


def test_nan_comes_back_as_nan(run, client):
    mlflow.log_metric("loss", math.nan, step=1)
    mlflow.log_metrics({"loss": math.nan, "fine": 1.25}, step=2)

    metrics = client.get_run(run.info.run_id).data.metrics
    assert math.isnan(metrics["loss"]) and metrics["fine"] == 1.25
    assert [math.isnan(p.value) for p in client.get_metric_history(run.info.run_id, "loss")] == [True, True]


def test_infinities_keep_their_sign(run, client):
    mlflow.log_metric("up", math.inf)
    mlflow.log_metrics({"down": -math.inf})

    metrics = client.get_run(run.info.run_id).data.metrics
    # MLflow's own server stores the greatest double in their place.
    assert metrics["up"] >= 1.797e308
    assert metrics["down"] <= -1.797e308


def test_numbers_are_kept_to_the_last_bit(run, client):
    values = [0.1, 1 / 3, -0.0, 5e-324, 1.7976931348623157e308, 2.0**53 + 2, 123456789.123456789, 1e-7]
    for step, value in enumerate(values):
        mlflow.log_metric("exact", value, step=step, timestamp=1000 + step)

    assert [p.value for p in client.get_metric_history(run.info.run_id, "exact")] == values


def test_a_thousand_and_one_metrics_go_in_two_requests(run, client):
    metrics = {f"metric {number}": float(number) for number in range(1001)}
    mlflow.log_metrics(metrics, step=3)

    assert client.get_run(run.info.run_id).data.metrics == metrics


def test_a_long_history_comes_whole(run, client):
    for begin in range(0, 3000, 1000):
        batch = [Metric("loss", step / 7, 1000 + step, step) for step in range(begin, begin + 1000)]
        client.log_batch(run.info.run_id, metrics=batch)

    history = client.get_metric_history(run.info.run_id, "loss")
    assert [(p.step, p.timestamp, p.value) for p in history] == [(s, 1000 + s, s / 7) for s in range(3000)]


@pytest.mark.one_mount
def test_a_history_of_more_than_one_page_comes_whole(run, client):
    # The client asks for 25,000 points at a time.
    for begin in range(0, 26000, 1000):
        batch = [Metric("loss", step / 7, 1000 + step, step) for step in range(begin, begin + 1000)]
        client.log_batch(run.info.run_id, metrics=batch)

    assert [p.step for p in client.get_metric_history(run.info.run_id, "loss")] == list(range(26000))


def test_names_of_every_kind(run, client):
    names = ["val/loss", "größe α", "損失", "a:b", "with.dots-and_more", "x" * 250]
    for number, name in enumerate(names):
        mlflow.log_metric(name, number)

    assert client.get_run(run.info.run_id).data.metrics == {name: number for number, name in enumerate(names)}
    assert [client.get_metric_history(run.info.run_id, name)[0].value for name in names] == list(range(len(names)))


@only_3x
def test_a_metric_can_name_its_dataset(run, client):
    import numpy

    dataset = mlflow.data.from_numpy(numpy.zeros((2, 2)), name="evaluation", digest="d1")
    mlflow.log_metric("accuracy", 0.9, dataset=dataset)

    assert client.get_run(run.info.run_id).data.metrics == {"accuracy": 0.9}


def test_system_metrics_are_sampled_when_asked_for(client):
    pytest.importorskip("psutil")
    mlflow.set_system_metrics_sampling_interval(0.2)
    mlflow.set_system_metrics_samples_before_logging(1)
    try:
        with mlflow.start_run(log_system_metrics=True) as run:
            deadline = time.monotonic() + 20
            while not client.get_metric_history(run.info.run_id, "system/cpu_utilization_percentage"):
                assert time.monotonic() < deadline, "no system metric arrived"
                time.sleep(0.1)
    finally:
        mlflow.set_system_metrics_sampling_interval(None)
        mlflow.set_system_metrics_samples_before_logging(None)

    names = set(client.get_run(run.info.run_id).data.metrics)
    assert {"system/system_memory_usage_megabytes", "system/disk_usage_percentage"} <= names
