"""GitLab's Python client gitlab-mlops, every method of it."""

import mlflow
import pytest
from client_version import MAJOR

if MAJOR >= 3:
    pytest.skip("gitlab-mlops wants MLflow 2", allow_module_level=True)

from gitlab_mlops import Client
from gitlab_mlops.mlflow.exceptions import (
    AlreadyExistsException,
    NotFoundException,
    UnauthorizedException,
)

# It takes no tracking URI but one with the number of a project.
pytestmark = [pytest.mark.weir_only, pytest.mark.one_mount]


@pytest.fixture
def gitlab(tracking, monkeypatch):
    # The client writes both to the environment, and this puts back what was there.
    monkeypatch.setenv("MLFLOW_TRACKING_URI", tracking.uri)
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", tracking.token)
    monkeypatch.delenv("GITLAB_CI", raising=False)
    return Client(tracking_uri=tracking.uri, gitlab_token=tracking.token)


@pytest.fixture
def model(gitlab, tracking):
    return gitlab.create_model(tracking.model_name(), description="text")


def test_addresses_and_tokens_are_checked(gitlab, tracking):
    assert Client().get_experiment(tracking.experiment.name).id == tracking.experiment_id
    with pytest.raises(ValueError):
        Client(tracking_uri=tracking.server.url)
    with pytest.raises(ValueError):
        Client(gitlab_token="secret")


def test_experiments(gitlab, tracking):
    name = tracking.unique("experiment")
    made = gitlab.create_experiment(name, tags={"team": "weir"})

    found = gitlab.get_experiment(name)
    assert (found.id, found.name, found.tags["team"]) == (made.id, name, "weir")
    assert gitlab.get_experiment(tracking.unique("unknown")) is None
    with pytest.raises(AlreadyExistsException):
        gitlab.create_experiment(name)


def test_runs(gitlab, tracking, tmp_path):
    run = gitlab.get_experiment(tracking.experiment.name).create_run()
    run.log_param("lr", 0.1)
    run.log_metric("loss", 0.5)
    run.log_metric("loss", 0.25, timestamp=5, step=1)
    (tmp_path / "file.txt").write_text("content")
    run.log_artifact(str(tmp_path / "file.txt"))
    run.log_artifact(str(tmp_path / "file.txt"), artifact_path="sub/folder")
    run.log_text("text", "notes/read.me")

    found = gitlab.get_run(run.id)
    assert (found.id, found.experiment_id) == (run.id, tracking.experiment_id)
    assert found.get_params() == {"lr": "0.1"}
    assert found.get_metrics() == {"loss": 0.25}
    listed = [file.path for file in mlflow.artifacts.list_artifacts(run_id=run.id)]
    assert listed == ["file.txt", "notes", "sub"]
    assert gitlab.get_run("0123456789abcdef" * 2) is None


def test_models(gitlab, model, tracking):
    found = gitlab.get_model(model.name)
    assert (found.name, found.description) == (model.name, "text")
    assert gitlab.get_model(gitlab.create_model(tracking.model_name()).name).description is None
    assert found.get_experiment().name == f"[model]{model.name}"
    assert gitlab.get_model(tracking.model_name("unknown")) is None
    with pytest.raises(AlreadyExistsException):
        gitlab.create_model(model.name)


def test_runs_of_a_model(model):
    run = model.get_experiment().create_run()
    run.log_metric("auc", 0.9)

    assert run.get_metrics() == {"auc": 0.9}


def test_versions(gitlab, model):
    assert model.get_latest_version() is None
    counted = model.create_version()
    chosen = model.create_version(version="1.2.0-rc.1", description="chosen", tags={"k": "v"})
    assert (counted.version, chosen.version) == ("1.0.0", "1.2.0-rc.1")
    assert model.create_version(version="1.10.0").version == "1.10.0"
    assert model.create_version(version="1.9.0").version == "1.9.0"

    found = gitlab.get_model_version(model.name, "1.2.0-rc.1")
    assert (found.model_name, found.version, found.description) == (model.name, "1.2.0-rc.1", "chosen")
    assert found.tags["k"] == "v"
    assert found.run_id == chosen.run_id != counted.run_id
    assert model.get_latest_version().version == "1.10.0"
    assert model.create_version().version == "1.10.1"


def test_versions_that_cannot_be(gitlab, model):
    model.create_version(version="1.0.0")
    with pytest.raises(AlreadyExistsException):
        model.create_version(version="1.0.0")
    with pytest.raises(NotFoundException):
        gitlab.get_model_version(model.name, "2.0.0")
    with pytest.raises(ValueError):
        model.create_version(version="1.0")


def test_a_version_with_an_alias_of_its_own(gitlab, model, tracking):
    """The client takes the last alias that is a SemVer, and there is one only."""
    model.create_version(version="2.0.0")
    mlflow.MlflowClient().set_registered_model_alias(model.name, "champion", "1")

    assert gitlab.get_model_version(model.name, "2.0.0").version == "2.0.0"
    assert model.get_latest_version().version == "2.0.0"


def test_a_version_takes_params_metrics_and_files(gitlab, model, tmp_path):
    version = model.create_version(version="1.0.0")
    version.log_param("lr", 0.1)
    version.log_metric("loss", 0.5, step=2)
    version.log_text("text", "notes.txt")
    (tmp_path / "files/deep").mkdir(parents=True)
    (tmp_path / "files/one.bin").write_bytes(b"1")
    (tmp_path / "files/deep/two.bin").write_bytes(b"22")
    version.log_artifact(str(tmp_path / "files/one.bin"))
    version.log_artifacts(str(tmp_path / "files"))
    version.log_artifacts(str(tmp_path / "files"), artifact_path="again")

    found = gitlab.get_model_version(model.name, "1.0.0")
    assert found.get_params() == {"lr": "0.1"}
    assert found.get_metrics() == {"loss": 0.5}
    listed = [file.path for file in mlflow.artifacts.list_artifacts(run_id=version.run_id)]
    assert listed == ["again", "deep", "notes.txt", "one.bin"]
    with open(mlflow.artifacts.download_artifacts(f"models:/{model.name}/1.0.0/again/deep/two.bin")) as file:
        assert file.read() == "22"


def test_a_run_is_promoted(gitlab, model, tracking):
    run = gitlab.get_experiment(tracking.experiment.name).create_run()
    run.log_param("lr", 0.1)
    run.log_metric("loss", 0.5)
    run.log_text("text", "notes.txt")
    version = model.create_version(version="1.0.0", run_id=run.id)

    assert (version.get_params(), version.get_metrics()) == ({"lr": "0.1"}, {"loss": 0.5})
    with open(mlflow.artifacts.download_artifacts(f"models:/{model.name}/1.0.0/notes.txt")) as file:
        assert file.read() == "text"
    with pytest.raises(NotFoundException):
        model.create_version(run_id="0123456789abcdef" * 2)


def test_a_job_is_named(gitlab, model, monkeypatch):
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("CI_JOB_ID", "42")

    assert model.create_version().tags["gitlab.CI_JOB_ID"] == "42"


def test_a_bad_token(gitlab, model):
    stranger = Client(gitlab_token="glpat-" + "x" * 20)

    for call in (
        lambda: stranger.get_model(model.name),
        lambda: stranger.create_model("m"),
        lambda: stranger.get_experiment("e"),
        lambda: stranger.create_experiment("e"),
        lambda: stranger.get_run("0123456789abcdef" * 2),
        lambda: stranger.get_model_version(model.name, "1.0.0"),
        lambda: model.create_version(),
    ):
        with pytest.raises(UnauthorizedException):
            call()
