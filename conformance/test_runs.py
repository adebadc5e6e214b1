"""The life of a run: names, notes, resuming, ending, deleting, and params and tags of every kind."""

import re

import mlflow
import pytest
from mlflow.exceptions import MlflowException


def test_a_run_gets_a_nickname():
    with mlflow.start_run() as run:
        pass

    assert re.fullmatch(r"[a-z]+-[a-z]+-\d+", run.info.run_name)
    assert len(run.info.run_name) <= 20
    assert re.fullmatch(r"[0-9a-f]{32}", run.info.run_id)


def test_a_run_knows_where_its_artifacts_are(tracking, run):
    expected = f"mlflow-artifacts:/{tracking.experiment_id}/{run.info.run_id}/artifacts"

    assert run.info.artifact_uri == expected
    assert mlflow.get_artifact_uri() == expected
    assert mlflow.get_artifact_uri("a/b.txt") == f"{expected}/a/b.txt"


def test_name_description_and_tags_at_the_start(client):
    with mlflow.start_run(run_name="名前 🏃 name", description="# Notes\nof *this* run", tags={"a": "1"}) as run:
        pass

    logged = client.get_run(run.info.run_id)
    assert logged.info.run_name == logged.data.tags["mlflow.runName"] == "名前 🏃 name"
    assert logged.data.tags["mlflow.note.content"] == "# Notes\nof *this* run"
    assert logged.data.tags["a"] == "1"


def test_renaming_a_run_moves_the_field_and_the_tag_together(run, client):
    client.update_run(run.info.run_id, name="second")
    logged = client.get_run(run.info.run_id)
    assert (logged.info.run_name, logged.data.tags["mlflow.runName"]) == ("second", "second")

    mlflow.set_tag("mlflow.runName", "third")
    logged = client.get_run(run.info.run_id)
    assert (logged.info.run_name, logged.data.tags["mlflow.runName"]) == ("third", "third")


def test_an_ended_run_can_be_resumed(client):
    with mlflow.start_run() as first:
        mlflow.log_param("lr", 0.1)
        mlflow.log_metric("loss", 2, step=1)
    ended = client.get_run(first.info.run_id)

    with mlflow.start_run(run_id=first.info.run_id) as second:
        assert client.get_run(first.info.run_id).info.status == "RUNNING"
        mlflow.log_param("lr", 0.1)
        mlflow.log_metric("loss", 1, step=2)

    resumed = client.get_run(first.info.run_id)
    assert second.info.run_id == first.info.run_id
    assert resumed.info.status == "FINISHED"
    assert resumed.info.start_time == ended.info.start_time
    assert resumed.info.end_time >= ended.info.end_time
    assert resumed.info.run_name == ended.info.run_name
    assert resumed.data.params == {"lr": "0.1"}
    assert resumed.data.metrics == {"loss": 1}


def test_an_exception_ends_the_run_as_failed(client):
    with pytest.raises(ZeroDivisionError):
        with mlflow.start_run() as run:
            1 / 0

    assert client.get_run(run.info.run_id).info.status == "FAILED"


def test_a_run_can_be_made_and_ended_by_the_client(tracking, client):
    run = client.create_run(tracking.experiment_id, start_time=1234, tags={"t": "v"}, run_name="by hand")
    assert run.info.status == "RUNNING"
    assert run.info.end_time is None
    for status in ("SCHEDULED", "KILLED", "RUNNING", "FAILED"):
        client.update_run(run.info.run_id, status=status)
        assert client.get_run(run.info.run_id).info.status == status

    client.set_terminated(run.info.run_id, status="FINISHED", end_time=5678)
    logged = client.get_run(run.info.run_id)
    assert (logged.info.status, logged.info.start_time, logged.info.end_time) == ("FINISHED", 1234, 5678)
    assert logged.data.tags["t"] == "v"


def test_delete_and_restore(tracking, client):
    with mlflow.start_run() as run:
        mlflow.log_metric("loss", 1)
    run_id = run.info.run_id

    mlflow.delete_run(run_id)
    client.delete_run(run_id)
    assert client.get_run(run_id).info.lifecycle_stage == "deleted"
    assert client.search_runs([tracking.experiment_id]) == []
    with pytest.raises(MlflowException, match=f"The run {run_id} must be in the 'active' state"):
        client.log_metric(run_id, "loss", 2)

    client.restore_run(run_id)
    client.log_metric(run_id, "loss", 0.5, step=1)
    assert client.get_run(run_id).info.lifecycle_stage == "active"
    assert client.get_run(run_id).data.metrics == {"loss": 0.5}


def test_tags_overwrite_and_can_be_deleted(run, client):
    mlflow.set_tag("a", 1)
    mlflow.set_tags({"a": 2, "b": "two", "c": ""})
    client.set_tag(run.info.run_id, "b", "three")
    mlflow.delete_tag("a")

    tags = client.get_run(run.info.run_id).data.tags
    assert "a" not in tags
    assert (tags["b"], tags["c"]) == ("three", "")
    with pytest.raises(MlflowException, match="No tag with name: a") as failure:
        client.delete_tag(run.info.run_id, "a")
    assert failure.value.error_code == "RESOURCE_DOES_NOT_EXIST"


PARAMS = {
    "learning rate": 0.1,
    "größe/α-β_γ.δ": "Ärger 数 🎉",
    "empty": "",
    "lines": "one\ntwo\ttab\r\n",
    "quotes": "it's \"here\" `now` \\ %s",
    "list": [1, 2, 3],
    "none": None,
    "long": "x" * 6000,
}


def test_params_of_every_kind_come_back(run, client):
    for key, value in PARAMS.items():
        assert mlflow.log_param(key, value) == value
    assert client.get_run(run.info.run_id).data.params == {key: str(value) for key, value in PARAMS.items()}

    mlflow.log_params(PARAMS)
    assert client.get_run(run.info.run_id).data.params == {key: str(value) for key, value in PARAMS.items()}


def test_tags_of_every_kind_come_back(run, client):
    mlflow.set_tags(PARAMS)

    tags = client.get_run(run.info.run_id).data.tags
    assert {key: tags[key] for key in PARAMS} == {key: str(value) for key, value in PARAMS.items()}


def test_more_params_and_tags_than_one_request_takes(run, client):
    many = {f"key {number}": str(number) for number in range(250)}
    mlflow.log_params(many)
    mlflow.set_tags(many)

    data = client.get_run(run.info.run_id).data
    assert data.params == many
    assert {key: data.tags[key] for key in many} == many


def test_system_metrics_stay_off(client):
    with mlflow.start_run(log_system_metrics=False) as run:
        mlflow.log_metric("loss", 1)

    assert client.get_run(run.info.run_id).data.metrics == {"loss": 1}
