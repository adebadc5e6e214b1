"""The model registry's part of GitLab's page "MLflow client compatibility", with the stock client."""

import time

import mlflow
import numpy
import pytest
from client_version import MAJOR
from mlflow import MlflowClient
from mlflow.entities import Metric, Param
from mlflow.exceptions import RestException
from registry import predicted, refused
from sklearn.dummy import DummyRegressor

# MLflow's own server knows no SemVer and no experiment of a model, and refuses these sources.
pytestmark = pytest.mark.weir_only

FEATURES = numpy.array([[1.0]])


@pytest.fixture
def model_name(tracking):
    """A model made as the page does it."""
    name = tracking.model_name("page")
    MlflowClient().create_registered_model(name, description="Model description")
    return name


@pytest.fixture
def model_version(model_name):
    """A version made as the page does it: the second argument, MLflow's `source`, is the version again."""
    client = MlflowClient()
    version = "1.0.0"
    tags = {"gitlab.version": version}
    return client.create_model_version(model_name, version, description="Version description", tags=tags)


def test_creating_fetching_updating_and_deleting_a_model(tracking):
    client = MlflowClient()
    model_name = tracking.model_name("page")
    model = client.create_registered_model(model_name, description="Model description")
    assert (model.name, model.description) == (model_name, "Model description")

    model = client.get_registered_model(model_name)
    assert model.description == "Model description"

    client.update_registered_model(model_name, description="New description")
    assert client.get_registered_model(model_name).description == "New description"

    client.delete_registered_model(model_name)
    refused(lambda: client.get_registered_model(model_name), "RESOURCE_DOES_NOT_EXIST")
    with pytest.raises(RestException, match="RESOURCE_DOES_NOT_EXIST"):
        client.delete_registered_model(model_name)


def test_logging_runs_to_a_model(model_name):
    client = MlflowClient()
    exp = client.get_experiment_by_name(f"[model]{model_name}")
    run = client.create_run(exp.experiment_id)

    client.log_metric(run.info.run_id, "auc", 0.9)
    assert [found.info.run_id for found in client.search_runs([exp.experiment_id])] == [run.info.run_id]


def test_creating_a_version_that_is_counted(model_name):
    client = MlflowClient()
    versions = [client.create_model_version(model_name, source="") for _ in range(2)]

    assert [version.aliases for version in versions] == [["1.0.0"], ["1.0.1"]]


def test_creating_a_version_that_is_chosen(model_name):
    client = MlflowClient()
    version = "1.0.0"
    tags = {"gitlab.version": version}
    created = client.create_model_version(model_name, version, description="Version description", tags=tags)

    assert (created.name, created.description, created.status) == (model_name, "Version description", "READY")
    assert created.aliases == ["1.0.0"]
    assert created.tags["gitlab.version"] == "1.0.0"
    with pytest.raises(RestException, match="Version has already been taken"):
        client.create_model_version(model_name, version, description="again", tags=tags)


def test_updating_and_fetching_a_version(model_name, model_version):
    client = MlflowClient()
    version = "1.0.0"
    client.update_model_version(model_name, version, "New description")

    fetched = client.get_model_version(model_name, version)
    assert fetched.description == "New description"
    assert (fetched.run_id, fetched.version) == (model_version.run_id, model_version.version)
    assert client.get_model_version(model_name, model_version.version).aliases == ["1.0.0"]
    refused(lambda: client.get_model_version(model_name, "9.0.0"), "RESOURCE_DOES_NOT_EXIST")
    refused(lambda: client.update_model_version(model_name, "9.0.0", "text"), "RESOURCE_DOES_NOT_EXIST")


def test_the_latest_versions_of_a_model(model_name):
    client = MlflowClient()
    assert client.get_latest_versions(model_name) == []

    for version in ("1.0.0", "2.0.0", "1.5.0"):
        client.create_model_version(model_name, version, tags={"gitlab.version": version})
    assert [version.aliases for version in client.get_latest_versions(model_name)] == [["2.0.0"]]


def test_logging_metrics_and_parameters_to_a_version(model_version):
    client = MlflowClient()
    run_id = model_version.run_id
    client.log_metric(run_id, "auc", 0.5)
    client.log_param(run_id, "lr", "0.01")
    client.log_batch(run_id, [Metric("loss", 0.25, int(time.time() * 1000), 1)], [Param("depth", "3")])

    run = client.get_run(run_id)
    assert run.data.metrics == {"auc": 0.5, "loss": 0.25}
    assert run.data.params == {"lr": "0.01", "depth": "3"}


def test_logging_artifacts_to_a_version(model_version, tmp_path):
    from matplotlib import pyplot

    client = MlflowClient()
    run_id = model_version.run_id
    (tmp_path / "file.txt").write_text("content")
    client.log_artifact(run_id, str(tmp_path / "file.txt"), artifact_path="")
    figure, _ = pyplot.subplots()
    client.log_figure(run_id, figure, artifact_file="my_plot.png")
    pyplot.close(figure)
    client.log_dict(run_id, {"a": 1}, artifact_file="my_dict.json")
    client.log_image(run_id, numpy.zeros((4, 4, 3), dtype=numpy.uint8), artifact_file="image.png")
    # Directories, which GitLab refuses.
    client.log_text(run_id, "deep", "some/folder/text.txt")

    listed = [file.path for file in client.list_artifacts(run_id)]
    assert listed == ["file.txt", "image.png", "my_dict.json", "my_plot.png", "some"]
    with open(client.download_artifacts(run_id, "some/folder/text.txt")) as file:
        assert file.read() == "deep"


def test_logging_and_loading_a_model(model_name, model_version, saved_model):
    model = DummyRegressor(strategy="constant", constant=7.0).fit(FEATURES, [0.0])
    if MAJOR < 3:
        # The client starts no run of another experiment than the one that is set.
        mlflow.set_experiment(f"[model]{model_name}")
        with mlflow.start_run(run_id=model_version.run_id):
            mlflow.sklearn.log_model(model, artifact_path="", pip_requirements=["scikit-learn"])
    else:
        # There is no empty name in 3.x, whose models go to a place of their own.
        MlflowClient().log_artifacts(model_version.run_id, str(saved_model(7)), artifact_path="")

    for uri in (f"models:/{model_name}/latest", f"models:/{model_name}/1.0.0", f"models:/{model_name}/1"):
        assert predicted(uri) == 7


def test_linking_a_version_to_a_job(model_version):
    client = MlflowClient()
    client.set_tag(model_version.run_id, "gitlab.CI_JOB_ID", "1")

    assert client.get_run(model_version.run_id).data.tags["gitlab.CI_JOB_ID"] == "1"


def test_what_gitlab_does_not_do(model_name, model_version):
    """The gaps that the page names, and some it does not."""
    client = MlflowClient()
    client.set_registered_model_tag(model_name, "team", "weir")
    client.set_registered_model_tag(model_name, "team", "weir again")
    client.set_model_version_tag(model_name, "1.0.0", "checked", "yes")
    client.set_registered_model_alias(model_name, "champion", model_version.version)
    assert client.get_registered_model(model_name).tags["team"] == "weir again"
    assert client.get_model_version_by_alias(model_name, "champion").tags["checked"] == "yes"
    assert [model.name for model in client.search_registered_models(f"name = '{model_name}'")] == [model_name]
    assert [version.version for version in client.search_model_versions(f"name = '{model_name}'")] == ["1"]
    client.delete_model_version(model_name, "1.0.0")
    assert client.search_model_versions(f"name = '{model_name}'") == []


def test_the_run_of_a_version_and_the_experiment_of_a_model_stay(model_name, model_version):
    """Almost in GitLab's words."""
    client = MlflowClient()
    experiment = client.get_experiment_by_name(f"[model]{model_name}")
    with pytest.raises(RestException, match="Cannot delete an experiment associated to a model"):
        client.delete_experiment(experiment.experiment_id)
    with pytest.raises(RestException, match="Cannot delete a .* associated to a model version"):
        client.delete_run(model_version.run_id)
