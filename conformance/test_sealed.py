"""Published versions: their files, params and metrics stay as they are, under a digest that anybody can recompute."""

import hashlib
import pathlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import mlflow
import pytest
import requests
from mlflow.entities import Metric, Param
from registry import predicted, refused

pytestmark = pytest.mark.weir_only


def url(name, version, action=""):
    return f"/api/v4/projects/1/ml/models/{name}/versions/{version}{action}"


@pytest.fixture
def version(tracking, client, model_run):
    """A version with files at two depths, a metric and a param, not published yet."""
    name = client.create_registered_model(tracking.model_name("sealed")).name
    run_id = model_run(3).info.run_id
    version = client.create_model_version(name, f"runs:/{run_id}/model", run_id, tags={"gitlab.version": "1.2.0"})
    client.log_text(version.run_id, "", "notes/empty.txt")
    client.log_text(version.run_id, "größe", "notes/größe.txt")
    return version


@pytest.fixture
def published(version, tracking):
    """The same, published."""
    answer = tracking.http("POST", url(version.name, "1.2.0", "/publish"))
    assert answer.status_code == 200, answer.text
    return version


def merkle(files):
    """The digest of {path: bytes} as docs/registry.md describes it, from RFC 6962's tree."""

    def sha256(*parts):
        return hashlib.sha256(b"".join(parts)).digest()

    def root(leaves):
        if len(leaves) == 1:
            return leaves[0]
        left = 1
        while left * 2 < len(leaves):
            left *= 2
        return sha256(b"\x01", root(leaves[:left]), root(leaves[left:]))

    leaves = []
    for path, content in sorted((path.encode(), content) for path, content in files.items()):
        length, size = len(path).to_bytes(8, "big"), len(content).to_bytes(8, "big")
        leaves.append(sha256(b"\x00", length, path, size, sha256(content)))
    return "sha256:" + (root(leaves) if leaves else sha256()).hex()


def downloaded(version):
    """{path: bytes} of all files of a version."""
    folder = pathlib.Path(mlflow.artifacts.download_artifacts(f"models:/{version.name}/{version.version}"))
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    # The client puts this one beside what it downloaded.
    files.pop("registered_model_meta", None)
    return files


def test_an_unpublished_version_has_no_digest(version, tracking):
    answer = tracking.http("GET", url(version.name, "1.2.0")).json()

    assert (answer["digest"], answer["published_at"], answer["published_by"]) == (None, None, None)


def test_the_digest_is_what_the_files_say(published, tracking):
    answer = tracking.http("GET", url(published.name, "1")).json()
    assert (answer["version"], answer["number"], answer["published_by"]) == ("1.2.0", 1, "root")
    assert answer["published_at"].endswith("Z")

    files = downloaded(published)
    assert len(files) == answer["files"]["count"] >= 6
    assert sum(map(len, files.values())) == answer["files"]["size_bytes"]
    assert merkle(files) == answer["digest"]
    files["MLmodel"] += b"\n"
    assert merkle(files) != answer["digest"]


def test_a_version_without_files_has_a_digest_too(tracking, client):
    name = client.create_registered_model(tracking.model_name("sealed")).name
    client.create_model_version(name, "")

    assert tracking.http("POST", url(name, "1.0.0", "/publish")).json()["digest"] == merkle({})


def test_nothing_is_written_to_a_published_version(published, tracking, client, saved_model):
    run_id = published.run_id
    # The client resumes only runs of the experiment that is active.
    mlflow.set_experiment(f"[model]{published.name}")
    for call in (
        lambda: client.log_param(run_id, "new", "1"),
        lambda: client.log_metric(run_id, "loss", 1.0),
        lambda: client.log_batch(run_id, metrics=[Metric("m", 1.0, 1, 0)]),
        lambda: client.log_batch(run_id, params=[Param("p", "1")]),
        lambda: client.set_terminated(run_id, "FAILED"),
        lambda: client.update_run(run_id, name="another"),
        lambda: client.set_tag(run_id, "mlflow.runName", "another"),
        lambda: mlflow.start_run(run_id=run_id),
    ):
        refused(call, "INVALID_PARAMETER_VALUE", "publish")
    for call in (
        lambda: client.log_text(run_id, "changed", "notes/empty.txt"),
        lambda: client.log_text(run_id, "new", "new.txt"),
        lambda: client.log_artifacts(run_id, str(saved_model(4))),
        lambda: mlflow.store.artifact.artifact_repository_registry.get_artifact_repository(
            client.get_run(run_id).info.artifact_uri
        ).delete_artifacts("notes"),
    ):
        with pytest.raises(Exception, match="400"):
            call()

    answer = tracking.http("GET", url(published.name, "1")).json()
    assert merkle(downloaded(published)) == answer["digest"]
    data = client.get_run(run_id).data
    assert (data.params, set(data.metrics)) == ({"predicts": "3"}, {"loss"})
    info = client.get_run(run_id).info
    assert (info.status, info.run_name) == ("FINISHED", "1.2.0")


def test_an_upload_that_began_before_publishing_comes_too_late(version, tracking, client):
    folder = client.get_run(version.run_id).info.artifact_uri.removeprefix("mlflow-artifacts:/")
    artifacts = "/api/2.0/mlflow-artifacts"
    # In parts, as the client uploads large files.
    begin = {"path": "/tmp/parts.bin", "num_parts": 1}
    upload = tracking.http("POST", f"{artifacts}/mpu/create/{folder}", json=begin).json()
    part = requests.put(upload["credentials"][0]["url"], data=b"part", timeout=60)
    end = {"path": "/tmp/parts.bin", "upload_id": upload["upload_id"]}
    end["parts"] = [{"part_number": 1, "etag": part.headers["ETag"]}]

    # And in one piece that is on its way meanwhile.
    published, seen = threading.Event(), []

    def body():
        yield b"before"
        published.wait(30)
        yield b"after"

    def put():
        seen.append(tracking.http("PUT", f"{artifacts}/artifacts/{folder}/piece.bin", data=body()).status_code)

    thread = threading.Thread(target=put)
    thread.start()
    digest = tracking.http("POST", url(version.name, "1", "/publish")).json()["digest"]
    published.set()
    thread.join(60)

    assert seen == [400]
    assert tracking.http("POST", f"{artifacts}/mpu/complete/{folder}", json=end).status_code == 400
    assert digest == merkle(downloaded(version))


@pytest.mark.one_mount
def test_publishing_amid_writes_keeps_what_was_acknowledged(version, tracking, client):
    """Eight writers log until they are refused: all that was acknowledged is there, and under the digest."""
    acknowledged = []

    def write(writer):
        for number in range(1000):
            name = f"writers/{writer}-{number}.txt"
            try:
                client.log_text(version.run_id, name, name)
                acknowledged.append(name)
                client.log_metric(version.run_id, f"writer {writer}", number, step=number)
                acknowledged.append((writer, number))
            except Exception as failure:
                assert "published" in str(failure) or "400" in str(failure), failure
                return
        raise AssertionError("nothing was refused")

    with ThreadPoolExecutor(8) as executor:
        writers = [executor.submit(write, writer) for writer in range(8)]
        while len(acknowledged) < 100:
            assert not any(writer.done() for writer in writers)
            time.sleep(0.01)
        answer = tracking.http("POST", url(version.name, "1", "/publish"))
        for writer in writers:
            writer.result(60)

    files = downloaded(version)
    assert merkle(files) == answer.json()["digest"]
    assert {name for name in acknowledged if isinstance(name, str)} <= set(files)
    for writer in range(8):
        steps = [point.step for point in client.get_metric_history(version.run_id, f"writer {writer}")]
        assert steps == [number for each, number in (x for x in acknowledged if isinstance(x, tuple)) if each == writer]


def test_what_says_where_it_stands_may_change(published, client):
    name = published.name
    client.update_model_version(name, "1.2.0", "New description")
    client.set_model_version_tag(name, "1.2.0", "checked", "yes")
    client.transition_model_version_stage(name, "1.2.0", "Production")
    client.set_registered_model_alias(name, "champion", "1")

    version = client.get_model_version(name, "1.2.0")
    assert (version.description, version.current_stage) == ("New description", "Production")
    assert version.tags["checked"] == "yes"
    assert predicted(f"models:/{name}@champion") == 3


def test_a_version_is_published_once(published, tracking):
    answer = tracking.http("POST", url(published.name, "1.2.0", "/publish"))

    assert answer.status_code == 409
    assert answer.json() == {"message": f"version 1.2.0 of the model '{published.name}' is published already"}


def test_an_unpublished_version_takes_everything(version, client):
    client.log_param(version.run_id, "new", "1")
    client.log_text(version.run_id, "changed", "notes/empty.txt")

    assert client.get_run(version.run_id).data.params["new"] == "1"


def test_a_published_version_is_promoted_further(published, client, tracking):
    target = tracking.model_name("target")
    copy = client.copy_model_version(f"models:/{published.name}/1", target)

    assert predicted(f"models:/{target}/1") == 3
    client.log_param(copy.run_id, "new", "1")


def test_the_source_of_a_published_version_is_free(version, tracking, client, model_run):
    run_id = model_run(5).info.run_id
    made = client.create_model_version(version.name, f"runs:/{run_id}/model", run_id)
    assert tracking.http("POST", url(version.name, made.version, "/publish")).status_code == 200
    client.log_text(run_id, "changed", "model/MLmodel")
    client.log_metric(run_id, "loss", 9.0, step=9)

    assert predicted(f"models:/{version.name}/{made.version}") == 5


def test_only_a_maintainer_deletes_it(published, tracking, client, monkeypatch):
    for role in ("guest", "reporter", "developer"):
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", tracking.member(role))
        for call in (
            lambda: client.delete_model_version(published.name, "1.2.0"),
            lambda: client.delete_registered_model(published.name),
            lambda: client.rename_registered_model(published.name, tracking.model_name("taken-away")),
        ):
            refused(call, "PERMISSION_DENIED")
        assert client.get_model_version(published.name, "1.2.0").version == "1"

    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", tracking.member("maintainer"))
    renamed = tracking.model_name("renamed")
    client.rename_registered_model(published.name, renamed)
    client.delete_model_version(renamed, "1.2.0")
    refused(lambda: client.get_model_version(renamed, "1.2.0"), "RESOURCE_DOES_NOT_EXIST")


def test_a_developer_deletes_what_is_not_published(version, tracking, client, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", tracking.member("developer"))
    client.delete_model_version(version.name, "1.2.0")
    client.delete_registered_model(version.name)


def test_a_guest_and_a_reporter_publish_nothing(version, tracking):
    for role in ("guest", "reporter"):
        answer = tracking.http(
            "POST",
            url(version.name, "1.2.0", "/publish"),
            headers={"Authorization": f"Bearer {tracking.member(role)}"},
        )
        assert answer.status_code == 403, answer.text
    assert tracking.http("GET", url(version.name, "1.2.0")).json()["published_at"] is None


def test_what_is_not_there_is_not_published(version, tracking):
    for name, selector in ((version.name, "9.9.9"), (tracking.model_name("unknown"), "1.0.0")):
        assert tracking.http("POST", url(name, selector, "/publish")).status_code == 404


# The history of a model.


def test_the_history_says_who_did_what(published, tracking, client, monkeypatch):
    name = published.name
    client.set_registered_model_alias(name, "champion", "1")
    client.create_model_version(name, "", tags={"gitlab.version": "1.3.0"})
    token = tracking.member("developer")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", token)
    client.set_registered_model_alias(name, "champion", "2")
    client.transition_model_version_stage(name, "1.2.0", "Staging")
    client.delete_registered_model_alias(name, "champion")

    events = tracking.http("GET", f"/api/v4/projects/1/ml/models/{name}/events").json()["events"]
    newest_first = [(each["kind"], each["alias"], each["from"], each["to"]) for each in events]
    by_kind = {}
    for each in events:
        by_kind.setdefault(each["kind"], []).append(each)
    assert len(events) == 8, newest_first
    developer = [each["user"]["username"] for each in events[:3]]
    assert all(username.startswith("developer-") for username in developer), newest_first
    assert {each["user"]["username"] for each in events[3:]} == {"root"}
    moved = events[2]
    assert (moved["alias"], moved["from"], moved["to"]) == ("champion", "1.2.0", "1.3.0"), newest_first
    assert (events[1]["version"], events[1]["from"], events[1]["to"]) == ("1.2.0", "None", "Staging"), newest_first
    assert all(each["created_at"].endswith("Z") for each in events)
