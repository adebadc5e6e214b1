"""Promotion: a version made of a run, of a logged model or of another version, and what comes along with it."""

import hashlib
import json
import pathlib

import mlflow
import numpy
import pytest
from client_version import MAJOR, only_3x
from mlflow.exceptions import RestException
from mlflow.store.artifact.runs_artifact_repo import RunsArtifactRepository
from registry import predicted, refused
from sklearn.dummy import DummyRegressor

FEATURES = numpy.array([[1.0]])
NAMED = {"name": "model"} if MAJOR >= 3 else {"artifact_path": "model"}


def fitted(number):
    return DummyRegressor(strategy="constant", constant=float(number)).fit(FEATURES, [0.0])


def log_model(number, **options):
    """`mlflow.sklearn.log_model` as the documentation writes it for the client at hand."""
    return mlflow.sklearn.log_model(fitted(number), **NAMED, pip_requirements=["scikit-learn"], **options)


def files_at(uri):
    """Path and digest of every file below an artifact URI."""
    folder = pathlib.Path(mlflow.artifacts.download_artifacts(uri))
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "registered_model_meta"
    }


@pytest.fixture
def name(tracking):
    """A name that no model has yet."""
    return tracking.model_name()


def test_register_model(name, model_run):
    runs = [model_run(number).info.run_id for number in (1, 2)]
    versions = [mlflow.register_model(f"runs:/{run_id}/model", name, tags={"k": "v"}) for run_id in runs]

    assert [(version.version, version.tags["k"]) for version in versions] == [("1", "v"), ("2", "v")]
    assert [predicted(f"models:/{name}/{number}") for number in (1, 2)] == [1, 2]
    assert predicted(f"models:/{name}/latest") == 2


def test_a_model_is_registered_while_it_is_logged(name):
    for number in (3, 4):
        with mlflow.start_run():
            log_model(number, registered_model_name=name)

    assert [predicted(f"models:/{name}/{number}") for number in (1, 2)] == [3, 4]


def test_loaded_by_flavour(name, model_run):
    mlflow.register_model(f"runs:/{model_run(5).info.run_id}/model", name)

    assert mlflow.sklearn.load_model(f"models:/{name}/1").predict(FEATURES) == [5.0]
    assert mlflow.models.get_model_info(f"models:/{name}/1").signature.inputs is not None


def test_a_version_is_copied(name, model_run, client, tracking):
    mlflow.register_model(f"runs:/{model_run(6).info.run_id}/model", name, tags={"k": "v"})
    client.update_model_version(name, "1", "text")
    client.set_registered_model_alias(name, "champion", "1")
    target = tracking.model_name("production")

    copies = [client.copy_model_version(uri, target) for uri in (f"models:/{name}/1", f"models:/{name}@champion")]

    assert [(copy.name, copy.version) for copy in copies] == [(target, "1"), (target, "2")]
    assert [(copy.source, copy.description) for copy in copies] == [(f"models:/{name}/1", "text")] * 2
    assert copies[0].tags["k"] == "v"
    assert [predicted(f"models:/{target}/{number}") for number in (1, 2)] == [6, 6]
    copy_of_a_copy = client.copy_model_version(f"models:/{target}/2", name)
    assert (copy_of_a_copy.version, predicted(f"models:/{name}/2")) == ("2", 6)


@pytest.mark.weir_only
def test_a_copy_keeps_the_semver_where_it_is_free(name, client, tracking):
    """The client copies all tags, `gitlab.version` too."""
    client.create_registered_model(name)
    client.create_model_version(name, "", tags={"gitlab.version": "2.3.0"})
    target = tracking.model_name("production")

    copies = [client.copy_model_version(f"models:/{name}/2.3.0", target) for _ in range(2)]

    assert [copy.aliases for copy in copies] == [["2.3.0"], ["2.3.1"]]


@pytest.mark.weir_only
def test_a_copied_prerelease_stays_one(name, client, tracking):
    client.create_registered_model(name)
    client.create_model_version(name, "", tags={"gitlab.version": "2.3.0-rc.1"})
    target = tracking.model_name("production")
    client.create_registered_model(target)
    client.create_model_version(target, "", tags={"gitlab.version": "1.0.0"})

    copies = [client.copy_model_version(f"models:/{name}/2.3.0-rc.1", target) for _ in range(3)]

    assert [copy.aliases for copy in copies] == [["2.3.0-rc.1"], ["2.3.0-rc.2"], ["2.3.0-rc.3"]]
    assert client.get_model_version_by_alias(target, "latest").aliases == ["1.0.0"]


@only_3x
def test_a_logged_model_is_registered(name, client):
    with mlflow.start_run() as run:
        model_id = log_model(7).model_id

    version = mlflow.register_model(f"models:/{model_id}", name)
    assert (version.version, version.source) == ("1", f"models:/{model_id}")
    assert predicted(f"models:/{name}/1") == 7
    tag = client.get_logged_model(model_id).tags["mlflow.modelVersions"]
    assert name in tag
    # What has no folder of that name in the run is looked for among the logged models.
    version = mlflow.register_model(f"runs:/{run.info.run_id}/model", name)
    assert (version.version, version.source) == ("2", f"models:/{model_id}")
    assert predicted(f"models:/{name}/2") == 7


def test_a_model_in_a_place_of_the_experiments_own(name, client, tracking, tmp_path):
    """The client reads and writes there by itself; the server only says where it is."""
    mlflow.set_experiment(experiment_id=client.create_experiment(tracking.unique("own"), tmp_path.as_uri()))
    with mlflow.start_run() as run:
        info = log_model(12)
    mlflow.register_model(f"runs:/{run.info.run_id}/model", name)
    target = tracking.model_name("production")
    client.copy_model_version(f"models:/{name}/1", target)

    kept = client.get_logged_model(info.model_id).artifact_location if MAJOR >= 3 else None
    location = kept or f"{run.info.artifact_uri}/model"
    assert location.startswith(tmp_path.as_uri())
    for model in (name, target):
        assert client.get_model_version_download_uri(model, "1") == location
        assert predicted(f"models:/{model}/1") == 12


def test_a_version_of_a_run_without_files(name, client):
    with mlflow.start_run() as run:
        mlflow.log_metric("loss", 1)
    client.create_registered_model(name)

    version = client.create_model_version(name, f"runs:/{run.info.run_id}/model", run.info.run_id)
    assert (version.version, version.status) == ("1", "READY")


@only_3x
@pytest.mark.weir_only
def test_the_address_behind_a_logged_model(name, client):
    """As the client's documentation registers what `log_model(name=…)` saved; MLflow's version of it has no files."""
    with mlflow.start_run() as run:
        model_id = log_model(13).model_id
    client.create_registered_model(name)
    behind = RunsArtifactRepository.get_underlying_uri(f"runs:/{run.info.run_id}/model")
    client.create_model_version(name, behind, run.info.run_id)
    location = client.get_logged_model(model_id).artifact_location
    client.create_model_version(name, location, model_id=model_id)

    assert [predicted(f"models:/{name}/{number}") for number in (1, 2)] == [13, 13]


@only_3x
@pytest.mark.weir_only
def test_a_full_tag_blocks_no_registration(name, client):
    with mlflow.start_run():
        model_id = log_model(14).model_id
    full = [{"name": "älteres-modell", "version": str(number)} for number in range(900)]
    client.set_logged_model_tags(model_id, {"mlflow.modelVersions": json.dumps(full)})

    for _ in range(2):
        mlflow.register_model(f"models:/{model_id}", name)
    noted = json.loads(client.get_logged_model(model_id).tags["mlflow.modelVersions"])
    assert [str(version["version"]) for version in noted[-4:]] == ["1", "1", "2", "2"]
    assert predicted(f"models:/{name}/2") == 14


@only_3x
@pytest.mark.weir_only
def test_a_copy_after_the_logged_model_is_deleted(name, client, tracking):
    with mlflow.start_run():
        model_id = log_model(15).model_id
    mlflow.register_model(f"models:/{model_id}", name)
    client.delete_logged_model(model_id)
    target = tracking.model_name("production")

    client.copy_model_version(f"models:/{name}/1", target)
    assert predicted(f"models:/{target}/1") == 15
    refused(lambda: client.create_model_version(name, f"models:/{model_id}"), "RESOURCE_DOES_NOT_EXIST", model_id)


def test_what_the_source_cannot_be(name, client, model_run):
    client.create_registered_model(name)
    run_id = model_run().info.run_id
    for source in (f"runs:/{run_id}/../other", f"runs:/{run_id}/%2e%2e/other", "/etc", "file:///etc"):
        refused(lambda: client.create_model_version(name, source), "INVALID_PARAMETER_VALUE")
    assert client.search_model_versions(f"name = '{name}'") == []


# From here on: every version is a run of its own.


@pytest.fixture
def promoted(name, model_run, client):
    """A run with params, a history, tags and files, and the version made of its folder `model`."""
    run_id = model_run(8).info.run_id
    for step in range(20):
        client.log_metric(run_id, "loss", 1 / (step + 2), timestamp=1000 + step, step=step)
    client.set_tag(run_id, "team", "weir")
    client.log_text(run_id, "outside the model", "notes/read.me")
    client.create_registered_model(name)
    return client.get_run(run_id), client.create_model_version(name, f"runs:/{run_id}/model", run_id)


def points(client, run_id, key):
    return [(p.value, p.timestamp, p.step) for p in client.get_metric_history(run_id, key)]


@pytest.mark.weir_only
def test_params_metrics_and_tags_arrive(promoted, client, name):
    run, version = promoted
    assert version.run_id != run.info.run_id
    own = client.get_run(version.run_id)

    assert (own.data.params, own.data.metrics) == (run.data.params, client.get_run(run.info.run_id).data.metrics)
    assert own.data.tags["team"] == "weir"
    history = points(client, run.info.run_id, "loss")
    assert len(history) == 21
    assert points(client, version.run_id, "loss") == history
    assert own.info.experiment_id == client.get_experiment_by_name(f"[model]{name}").experiment_id
    assert client.get_model_version(name, "1").source == f"runs:/{run.info.run_id}/model"


@pytest.mark.weir_only
def test_files_arrive_with_their_checksums(promoted, client, name, saved_model, tracking):
    run, version = promoted
    expected = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in saved_model(8).iterdir()}

    uri = client.get_model_version_download_uri(name, "1")
    assert files_at(uri) == files_at(f"models:/{name}/1") == expected
    assert uri.startswith(client.get_run(version.run_id).info.artifact_uri)
    for file, digest in expected.items():
        path = f"/api/2.0/mlflow-artifacts/artifacts/{uri.removeprefix('mlflow-artifacts:/')}/{file}"
        assert tracking.http("GET", path).headers["x-checksum-sha256"] == digest


@pytest.mark.weir_only
def test_the_run_of_a_version_takes_everything(promoted, client, name):
    _, version = promoted
    client.log_param(version.run_id, "later", "yes")
    client.log_metric(version.run_id, "accuracy", 0.75, step=3)
    client.set_tag(version.run_id, "checked", "by hand")
    client.log_text(version.run_id, "report", "reports/evaluation.txt")

    own = client.get_run(version.run_id)
    assert (own.data.params["later"], own.data.metrics["accuracy"]) == ("yes", 0.75)
    assert own.data.tags["checked"] == "by hand"
    assert "reports" in [file.path for file in client.list_artifacts(version.run_id)]
    with open(client.download_artifacts(version.run_id, "reports/evaluation.txt")) as file:
        assert file.read() == "report"


@pytest.mark.weir_only
def test_the_source_stays_as_it_was(promoted, client, name, saved_model):
    run, version = promoted
    before = (client.get_run(run.info.run_id).to_dictionary(), files_at(f"runs:/{run.info.run_id}/"))
    client.log_param(version.run_id, "later", "yes")
    client.log_metric(version.run_id, "loss", 99, timestamp=5000, step=99)
    client.log_artifact(version.run_id, saved_model(9) / "MLmodel", "model")
    client.log_text(version.run_id, "new", "new.txt")
    assert (client.get_run(run.info.run_id).to_dictionary(), files_at(f"runs:/{run.info.run_id}/")) == before

    # And the other way round: what happens to the run later does not reach the version.
    client.log_text(run.info.run_id, "broken", "model/MLmodel")
    client.delete_run(run.info.run_id)
    assert predicted(f"models:/{name}/1") == 8


@pytest.mark.weir_only
def test_a_model_is_logged_to_the_run_of_a_version(name, client):
    client.create_registered_model(name)
    version = client.create_model_version(name, "", tags={"gitlab.version": "1.0.0"})

    # The client starts no run of another experiment than the one that is set.
    mlflow.set_experiment(f"[model]{name}")
    with mlflow.start_run(run_id=version.run_id):
        info = log_model(9)

    assert predicted(info.model_uri) == 9
    if MAJOR < 3:
        assert predicted(f"runs:/{version.run_id}/model") == 9
        assert [file.path for file in client.list_artifacts(version.run_id)] == ["model"]


@pytest.mark.weir_only
def test_files_logged_to_a_version_are_the_model(name, client, saved_model):
    """As GitLab's page does it: the version first, then its files at the root of its run."""
    client.create_registered_model(name)
    version = client.create_model_version(name, "", tags={"gitlab.version": "1.0.0"})
    client.log_artifacts(version.run_id, str(saved_model(10)))

    for selector in ("/1", "/1.0.0", "@1.0.0", "/latest"):
        assert predicted(f"models:/{name}{selector}") == 10


@pytest.mark.weir_only
def test_a_run_alone_is_promoted_whole(name, model_run, client):
    """GitLab's client sends `runs:/<id>` without a path."""
    run_id = model_run(11).info.run_id
    client.create_registered_model(name)
    version = client.create_model_version(name, f"runs:/{run_id}", run_id)

    assert files_at(f"runs:/{version.run_id}/") == files_at(f"runs:/{run_id}/")
    assert client.get_run(version.run_id).data.params == {"predicts": "11"}


@pytest.mark.weir_only
def test_a_version_is_promoted_from_a_version(promoted, client, tracking):
    run, version = promoted
    client.create_registered_model(target := tracking.model_name("target"))
    copy = client.create_model_version(target, f"models:/{version.name}/{version.version}")

    assert copy.run_id not in (version.run_id, run.info.run_id)
    assert points(client, copy.run_id, "loss") == points(client, run.info.run_id, "loss")
    assert files_at(f"models:/{target}/1") == files_at(f"models:/{version.name}/1")
    client.delete_registered_model(version.name)
    assert predicted(f"models:/{target}/1") == 8


@pytest.mark.weir_only
def test_an_unknown_source(name, client, model_run):
    client.create_registered_model(name)
    unknown = "0123456789abcdef" * 2
    for call in (
        lambda: client.create_model_version(name, "", unknown),
        lambda: client.create_model_version(name, f"runs:/{unknown}/model", unknown),
        lambda: client.create_model_version(name, f"runs:/{unknown}/model"),
        lambda: client.create_model_version(name, f"models:/{name}/99"),
        lambda: client.create_model_version(name, f"models:/m-{unknown}"),
    ):
        refused(call, "RESOURCE_DOES_NOT_EXIST")
    assert client.search_model_versions(f"name = '{name}'") == []


@pytest.mark.weir_only
def test_the_run_of_a_version_is_not_deleted(promoted, client, name):
    _, version = promoted
    with pytest.raises(RestException, match="version") as failure:
        client.delete_run(version.run_id)
    assert failure.value.get_http_status_code() == 400

    assert client.get_run(version.run_id).info.lifecycle_stage == "active"
    assert predicted(f"models:/{name}/1") == 8
