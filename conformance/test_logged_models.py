"""Logged models of MLflow 3: their life, params, tags, files and metrics, and what runs take in and give out."""

import mlflow
import numpy
import pandas
import pytest
from client_version import MAJOR
from mlflow.exceptions import MlflowException
from registry import predicted, refused

if MAJOR < 3:
    pytest.skip("2.x has no logged models", allow_module_level=True)

from mlflow.entities import LoggedModelInput, LoggedModelOutput, LoggedModelStatus, Metric
from sklearn.dummy import DummyRegressor

UNKNOWN = "m-" + "0123456789abcdef" * 2


def sklearn_model(number):
    return DummyRegressor(strategy="constant", constant=float(number)).fit(numpy.array([[1.0]]), [0.0])


def log_model(number, name="model", **options):
    return mlflow.sklearn.log_model(sklearn_model(number), name=name, pip_requirements=["scikit-learn"], **options)


@pytest.fixture
def model(run):
    """A pending model of an active run."""
    return mlflow.initialize_logged_model(
        name="model", source_run_id=run.info.run_id, params={"lr": "0.1"}, tags={"k": "v"}, model_type="agent"
    )


def test_a_model_is_logged_and_loaded(run):
    info = log_model(1, params={"depth": 3})

    model = mlflow.get_logged_model(info.model_id)
    assert (model.name, model.status, model.source_run_id) == ("model", LoggedModelStatus.READY, run.info.run_id)
    assert (model.experiment_id, model.params) == (run.info.experiment_id, {"depth": "3"})
    assert predicted(info.model_uri) == predicted(f"models:/{info.model_id}") == 1
    assert predicted(f"runs:/{run.info.run_id}/model") == 1
    assert mlflow.last_logged_model().model_id == info.model_id
    assert mlflow.models.get_model_info(info.model_uri).run_id == run.info.run_id


def test_a_model_is_logged_without_a_run(tracking):
    assert mlflow.active_run() is None
    info = log_model(2)

    assert predicted(info.model_uri) == 2
    assert mlflow.get_logged_model(info.model_id).experiment_id == tracking.experiment_id


def test_the_outputs_of_a_run(run, client):
    first = log_model(1, name="first", step=3)
    second = log_model(2, name="second")

    outputs = {out.model_id: out.step for out in client.get_run(run.info.run_id).outputs.model_outputs}
    assert outputs == {first.model_id: 3, second.model_id: 0}
    assert predicted(f"runs:/{run.info.run_id}/first") == 1
    found = client.search_runs([run.info.experiment_id])[0]
    assert {out.model_id for out in found.outputs.model_outputs} == set(outputs)


def test_the_last_of_one_name_is_loaded(run):
    for number in (1, 2):
        log_model(number, step=number)

    assert predicted(f"runs:/{run.info.run_id}/model") == 2


def test_the_inputs_of_a_run(tracking, client):
    info = log_model(1)
    with mlflow.start_run() as run:
        client.log_inputs(run.info.run_id, models=[LoggedModelInput(model_id=info.model_id)])
        client.log_inputs(run.info.run_id, models=[LoggedModelInput(model_id=info.model_id)])

    assert [each.model_id for each in client.get_run(run.info.run_id).inputs.model_inputs] == [info.model_id]
    client.log_outputs(run.info.run_id, [LoggedModelOutput(info.model_id, step=7)])
    assert [out.step for out in client.get_run(run.info.run_id).outputs.model_outputs] == [7]


def test_a_new_model_has_all_its_fields(model, run, client):
    got = client.get_logged_model(model.model_id)

    assert model.model_id.startswith("m-") and len(model.model_id) == 34
    assert (got.name, got.status, got.model_type) == ("model", LoggedModelStatus.PENDING, "agent")
    assert (got.source_run_id, got.experiment_id) == (run.info.run_id, run.info.experiment_id)
    assert (got.params, got.tags["k"], got.metrics or []) == ({"lr": "0.1"}, "v", [])
    assert got.creation_timestamp <= got.last_updated_timestamp
    base = run.info.artifact_uri.split(f"/{run.info.run_id}/")[0]
    assert got.artifact_location == f"{base}/models/{model.model_id}/artifacts"


def test_a_model_is_finalized(model, client):
    assert mlflow.finalize_logged_model(model.model_id, "READY").status == LoggedModelStatus.READY
    assert client.finalize_logged_model(model.model_id, "FAILED").status == LoggedModelStatus.FAILED
    assert client.get_logged_model(model.model_id).status == LoggedModelStatus.FAILED


def test_an_unnamed_model_gets_a_name(client, tracking):
    models = [client.create_logged_model(tracking.experiment_id) for _ in range(2)]

    assert models[0].name and models[1].name
    assert models[0].model_id != models[1].model_id


@pytest.mark.parametrize("name", ["a/b", "a:b", "a.b", "a%b", "a'b", 'a"b'])
def test_a_name_that_is_none(client, tracking, name):
    refused(lambda: client.create_logged_model(tracking.experiment_id, name=name), "INVALID_PARAMETER_VALUE")


def test_an_external_model(client):
    model = mlflow.create_external_model(name="external", params={"a": "b"})

    assert client.get_logged_model(model.model_id).status == LoggedModelStatus.READY
    assert [file.path for file in client.list_logged_model_artifacts(model.model_id)] == ["MLmodel"]
    with pytest.raises(MlflowException, match="(?i)external"):
        predicted(f"models:/{model.model_id}")


def test_params(model, client):
    mlflow.log_model_params({"depth": "3"}, model.model_id)
    client.log_model_params(model.model_id, {f"p{number}": "x" * 100 for number in range(120)})

    params = client.get_logged_model(model.model_id).params
    assert (params["lr"], params["depth"], len(params)) == ("0.1", "3", 122)


def test_a_changed_param(model, client):
    with pytest.raises(MlflowException) as failure:
        client.log_model_params(model.model_id, {"new": "1", "lr": "0.2"})
    assert failure.value.get_http_status_code() == 400
    assert client.get_logged_model(model.model_id).params == {"lr": "0.1"}


def test_tags(model, client):
    mlflow.set_logged_model_tags(model.model_id, {"k": "other", "number": 7})
    tags = client.get_logged_model(model.model_id).tags
    assert (tags["k"], tags["number"]) == ("other", "7")

    mlflow.delete_logged_model_tag(model.model_id, "k")
    assert "k" not in client.get_logged_model(model.model_id).tags
    refused(lambda: client.delete_logged_model_tag(model.model_id, "k"), "RESOURCE_DOES_NOT_EXIST", "k")


def test_files(model, client, tmp_path):
    (tmp_path / "files/deep").mkdir(parents=True)
    (tmp_path / "files/one.txt").write_text("one")
    (tmp_path / "files/deep/two.txt").write_text("two")
    client.log_model_artifacts(model.model_id, str(tmp_path / "files"))
    client.log_model_artifact(model.model_id, str(tmp_path / "files/one.txt"))

    listed = client.list_logged_model_artifacts(model.model_id)
    assert [(file.path, file.is_dir, file.file_size) for file in listed] == [("deep", True, None), ("one.txt", False, 3)]
    deep = client.list_logged_model_artifacts(model.model_id, "deep")
    assert [(file.path, file.file_size) for file in deep] == [("deep/two.txt", 3)]
    folder = mlflow.artifacts.download_artifacts(f"models:/{model.model_id}")
    with open(f"{folder}/deep/two.txt") as file:
        assert file.read() == "two"


def test_metrics_are_linked_to_a_model(model, run, client):
    data = mlflow.data.from_pandas(pandas.DataFrame({"x": [1.0]}), name="train")
    mlflow.log_metric("loss", 0.5, step=1, model_id=model.model_id, dataset=data)
    mlflow.log_metric("loss", 0.25, step=2, model_id=model.model_id, dataset=data)
    mlflow.log_metrics({"auc": 0.9}, model_id=model.model_id)
    mlflow.log_metric("other", 1.0)

    metrics = client.get_logged_model(model.model_id).metrics
    found = {(metric.key, metric.value, metric.step, metric.dataset_name) for metric in metrics}
    assert found == {("loss", 0.5, 1, "train"), ("loss", 0.25, 2, "train"), ("auc", 0.9, 0, None)}
    assert {(metric.run_id, metric.model_id) for metric in metrics} == {(run.info.run_id, model.model_id)}
    assert client.get_run(run.info.run_id).data.metrics == {"loss": 0.25, "auc": 0.9, "other": 1.0}


def test_metrics_of_a_batch_are_linked(model, run, client):
    client.log_batch(run.info.run_id, [Metric("m", 1.0, 5, 0, model_id=model.model_id), Metric("n", 2.0, 5, 0)])

    assert [metric.key for metric in client.get_logged_model(model.model_id).metrics] == ["m"]


def test_an_active_model(run, client):
    with mlflow.set_active_model(name="active") as active:
        mlflow.log_metric("loss", 0.5)

    model = client.get_logged_model(active.model_id)
    assert (model.name, [metric.key for metric in model.metrics]) == ("active", ["loss"])


def test_a_deleted_model(model, client):
    client.delete_logged_model(model.model_id)

    refused(lambda: client.get_logged_model(model.model_id), "RESOURCE_DOES_NOT_EXIST", model.model_id)
    assert mlflow.search_logged_models(output_format="list") == []
    client.delete_logged_model(model.model_id)


def test_an_unknown_model(client):
    for call in (
        lambda: client.get_logged_model(UNKNOWN),
        lambda: client.delete_logged_model(UNKNOWN),
        lambda: client.finalize_logged_model(UNKNOWN, "READY"),
        lambda: predicted(f"models:/{UNKNOWN}"),
    ):
        refused(call, "RESOURCE_DOES_NOT_EXIST", UNKNOWN)


def test_a_model_of_an_unknown_or_deleted_experiment(tracking, client):
    with pytest.raises(MlflowException) as failure:
        client.create_logged_model("987654321", name="model")
    assert failure.value.get_http_status_code() == 404
    client.delete_experiment(tracking.experiment_id)
    refused(lambda: client.create_logged_model(tracking.experiment_id), "INVALID_PARAMETER_VALUE", "deleted")
