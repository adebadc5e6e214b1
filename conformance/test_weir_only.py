"""Where Weir deliberately does more than MLflow's own server, or answers what that one leaves to a 5xx."""

import math

import mlflow
import pytest
from mlflow.exceptions import MlflowException

pytestmark = pytest.mark.weir_only


def test_infinities_are_kept(run, client):
    mlflow.log_metric("up", math.inf)
    mlflow.log_metrics({"down": -math.inf})

    assert client.get_run(run.info.run_id).data.metrics == {"up": math.inf, "down": -math.inf}
    assert [point.value for point in client.get_metric_history(run.info.run_id, "up")] == [math.inf]
    found = client.search_runs([run.info.experiment_id], "metrics.up > 1.7976931348623157e308")
    assert [each.info.run_id for each in found] == [run.info.run_id]


def test_values_are_kept_whole_up_to_64_kib(run, client):
    value = "größe " * 8192  # 7 bytes in UTF-8 each, so 57,344 bytes
    client.log_param(run.info.run_id, "param", value)
    client.set_tag(run.info.run_id, "tag", value)
    mlflow.log_params({"batched": "x" * 65536})
    mlflow.set_tags({"batched": "x" * 65536})

    data = client.get_run(run.info.run_id).data
    assert data.params == {"param": value, "batched": "x" * 65536}
    assert (data.tags["tag"], data.tags["batched"]) == (value, "x" * 65536)


def test_values_beyond_64_kib_are_refused(run, client):
    for call in (
        lambda: client.log_param(run.info.run_id, "param", "x" * 65537),
        lambda: client.set_tag(run.info.run_id, "tag", "x" * 65537),
        lambda: mlflow.log_params({"param": "x" * 65537}),
        lambda: mlflow.set_tags({"tag": "x" * 65537}),
    ):
        with pytest.raises(MlflowException, match="65,?536|64 KiB") as failure:
            call()
        assert failure.value.error_code == "INVALID_PARAMETER_VALUE"
    data = client.get_run(run.info.run_id).data
    assert data.params == {}
    assert "tag" not in data.tags


def test_filters_know_or_not_and_parentheses(tracking, client):
    for number in range(6):
        run = client.create_run(tracking.experiment_id, run_name=f"run-{number}")
        client.log_metric(run.info.run_id, "loss", number)
        client.log_param(run.info.run_id, "parity", ["even", "odd"][number % 2])

    def found(text):
        runs = client.search_runs([tracking.experiment_id], text, order_by=["metrics.loss"])
        return [int(run.data.metrics["loss"]) for run in runs]

    assert found("metrics.loss < 1 OR metrics.loss > 4") == [0, 5]
    assert found("NOT metrics.loss < 4") == [4, 5]
    assert found("metrics.loss < 1 or metrics.loss >= 3 and params.parity = 'odd'") == [0, 3, 5]
    assert found("(metrics.loss < 1 OR metrics.loss >= 3) AND params.parity = 'odd'") == [3, 5]
    assert found("not (params.parity = 'odd' or metrics.loss = 2)") == [0, 4]


def test_pages_survive_runs_that_come_and_go_between_them(tracking, client):
    made = [client.create_run(tracking.experiment_id, start_time=time).info.run_id for time in range(100, 120)]
    found, token = [], None
    while True:
        page = client.search_runs([tracking.experiment_id], max_results=4, page_token=token)
        found += [run.info.run_id for run in page]
        token = page.token
        if not token:
            break
        # Newest first, so this one belongs before all pages; and one of those already seen goes.
        client.create_run(tracking.experiment_id, start_time=1000)
        client.delete_run(page[0].info.run_id)

    assert found == made[::-1]


def test_a_bad_filter_points_at_the_character(tracking, client):
    with pytest.raises(MlflowException, match=r"(?i)(character|position|column|at) \d+|\^") as failure:
        client.search_runs([tracking.experiment_id], "metrics.loss > 1 AND AND metrics.")

    assert failure.value.error_code == "INVALID_PARAMETER_VALUE"


def test_mistakes_are_never_a_5xx(tracking, client):
    other = client.create_experiment(tracking.unique("deleted"))
    client.delete_experiment(other)
    for call in (
        lambda: client.rename_experiment(other, tracking.unique("new name")),
        lambda: client.search_runs([tracking.experiment_id], order_by=["metrics.m", "metrics.m DESC"]),
    ):
        with pytest.raises(MlflowException) as failure:
            call()
        assert failure.value.get_http_status_code() == 400
        assert failure.value.error_code == "INVALID_PARAMETER_VALUE"


def test_a_file_where_a_folder_is_and_a_folder_where_a_file_is(run):
    mlflow.log_text("file", "a/b.txt")

    for path in ("a", "a/b.txt/c.txt"):
        with pytest.raises(Exception, match="400"):
            mlflow.log_text("clash", path)
    assert mlflow.artifacts.load_text(f"{run.info.artifact_uri}/a/b.txt") == "file"


@pytest.mark.parametrize("token", ["", "glpat-00000000000000000000"])
def test_without_a_valid_token_nobody_gets_in(tracking, client, monkeypatch, token):
    run_id = client.create_run(tracking.experiment_id).info.run_id
    if token:
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", token)
    else:
        monkeypatch.delenv("MLFLOW_TRACKING_TOKEN")

    for call in (lambda: client.get_run(run_id), lambda: client.log_metric(run_id, "loss", 1)):
        with pytest.raises(MlflowException) as failure:
            call()
        # gitlab-mlops tells a bad token by this text, and by the absence of a code.
        assert str(failure.value) == "INTERNAL_ERROR: 401 Unauthorized"


def test_a_token_is_also_a_password(tracking, client, monkeypatch):
    run_id = client.create_run(tracking.experiment_id).info.run_id
    token = tracking.token
    monkeypatch.delenv("MLFLOW_TRACKING_TOKEN")
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "root")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", token)

    client.log_metric(run_id, "loss", 1)
    assert client.get_run(run_id).data.metrics == {"loss": 1}


def test_a_project_that_is_not_there(tracking):
    mlflow.set_tracking_uri(f"{tracking.server.url}/api/v4/projects/987654/ml/mlflow")

    with pytest.raises(MlflowException) as failure:
        mlflow.MlflowClient().search_experiments()
    assert failure.value.get_http_status_code() == 404
