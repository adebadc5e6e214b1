"""Deleting a model or a version while another client downloads from it, and what is left afterwards."""

import hashlib
import threading

import mlflow
import pytest
from registry import predicted, refused

pytestmark = pytest.mark.weir_only

# More than fits in the buffers of two sockets, so the server is still sending when the model goes.
SIZE = 48 << 20


@pytest.fixture
def name(tracking, client):
    return client.create_registered_model(tracking.model_name("deleted")).name


def slow_download(tracking, path):
    """Reads the first bytes, then waits until it is told to go on; `go()` gives the size and the digest of it all."""
    answer = tracking.http("GET", path, stream=True)
    assert answer.status_code == 200, answer.text
    pieces = answer.iter_content(1 << 16)
    digest = hashlib.sha256(next(pieces))
    size = 1 << 16

    def go():
        nonlocal size
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
        return size, digest.hexdigest()

    return go


def address(uri, path):
    return f"/api/2.0/mlflow-artifacts/artifacts/{uri.removeprefix('mlflow-artifacts:/')}/{path}"


@pytest.mark.one_mount
def test_a_download_goes_on_while_its_model_goes(tracking, client, name, model_run, tmp_path):
    content = hashlib.shake_256(name.encode()).digest(1 << 20) * (SIZE >> 20)
    (tmp_path / "weights.bin").write_bytes(content)
    run_id = model_run(1).info.run_id
    versions = []
    for number in range(3):
        version = client.create_model_version(name, f"runs:/{run_id}/model", run_id, tags={"k": str(number)})
        versions.append(version)
    client.log_artifact(versions[0].run_id, str(tmp_path / "weights.bin"))
    client.set_registered_model_alias(name, "champion", "1")
    client.transition_model_version_stage(name, "2", "Production")
    uri = client.get_run(versions[0].run_id).info.artifact_uri
    downloads = [slow_download(tracking, address(uri, "weights.bin")) for _ in range(3)]

    client.delete_registered_model(name)

    ended = []
    threads = [threading.Thread(target=lambda go=go: ended.append(go())) for go in downloads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert ended == [(SIZE, hashlib.sha256(content).hexdigest())] * 3
    assert tracking.http("GET", address(uri, "weights.bin")).status_code == 404
    assert tracking.http("GET", address(uri, "MLmodel")).status_code == 404
    for call in (
        lambda: client.get_registered_model(name),
        lambda: client.get_model_version(name, "1"),
        lambda: client.get_model_version_by_alias(name, "champion"),
        lambda: client.get_run(versions[0].run_id),
        lambda: client.log_metric(versions[0].run_id, "loss", 1),
        lambda: predicted(f"models:/{name}/1"),
    ):
        refused(call, "RESOURCE_DOES_NOT_EXIST")
    # The run that they were made of is still there, with its files.
    assert predicted(f"runs:/{run_id}/model") == 1


def test_the_name_is_free_again(tracking, client, name, model_run):
    runs = [model_run(number).info.run_id for number in (1, 2)]
    first = client.create_model_version(name, f"runs:/{runs[0]}/model", runs[0])
    client.set_registered_model_alias(name, "champion", "1")
    client.set_registered_model_tag(name, "k", "v")
    client.delete_registered_model(name)
    model = client.create_registered_model(name)
    assert (model.tags, model.aliases, model.latest_versions) == ({}, {}, [])

    second = client.create_model_version(name, f"runs:/{runs[1]}/model", runs[1])
    assert (second.version, second.aliases) == ("1", ["1.0.0"])
    assert second.run_id != first.run_id
    assert predicted(f"models:/{name}/1") == predicted(f"models:/{name}/latest") == 2


def test_a_version_goes_with_its_run_and_files(tracking, client, name, model_run):
    run_id = model_run(1).info.run_id
    versions = [client.create_model_version(name, f"runs:/{run_id}/model", run_id) for _ in range(2)]
    client.set_registered_model_alias(name, "champion", "1")
    uri = client.get_run(versions[0].run_id).info.artifact_uri
    client.delete_model_version(name, "1.0.0")

    assert tracking.http("GET", address(uri, "MLmodel")).status_code == 404
    refused(lambda: client.get_run(versions[0].run_id), "RESOURCE_DOES_NOT_EXIST")
    refused(lambda: predicted(f"models:/{name}/1"), "RESOURCE_DOES_NOT_EXIST")
    assert "champion" not in client.get_registered_model(name).aliases
    # The other version holds the same bytes.
    assert predicted(f"models:/{name}/2") == predicted(f"runs:/{run_id}/model") == 1
    experiment = client.get_experiment_by_name(f"[model]{name}")
    left = mlflow.search_runs([experiment.experiment_id], output_format="list")
    assert [run.info.run_id for run in left] == [versions[1].run_id]


def test_runs_of_the_model_go_with_it(client, name):
    experiment_id = client.get_experiment_by_name(f"[model]{name}").experiment_id
    run_id = client.create_run(experiment_id).info.run_id
    client.log_metric(run_id, "auc", 0.5)
    client.delete_registered_model(name)

    assert client.get_experiment_by_name(f"[model]{name}") is None
    assert client.search_runs([experiment_id]) == []
