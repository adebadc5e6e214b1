"""GitLab's packages with python-gitlab and with plain requests, beside the MLflow client on the same files."""

import hashlib
import io
import pathlib
import re

import mlflow
import pytest
from client_version import only_2x
from registry import predicted

# The packages of project 1 stand at one address, whatever the mount of MLflow's API.
pytestmark = [pytest.mark.weir_only, pytest.mark.one_mount]

PACKAGES = "/api/v4/projects/1/packages"


@pytest.fixture
def project(tracking):
    # It shares the environment of the 2.x client.
    import gitlab

    server = gitlab.Gitlab(tracking.server.url, private_token=tracking.token)
    return server.projects.get(1)


@pytest.fixture
def name(tracking):
    return tracking.model_name("package")


def the_package(tracking, name, version):
    found = tracking.http("GET", f"{PACKAGES}?package_name={name}&package_version={version}").json()
    assert len(found) == 1, found
    return found[0]


@only_2x
def test_python_gitlab_uploads_and_downloads(project, name, tmp_path):
    content = bytes(range(256)) * 5000
    (tmp_path / "data.bin").write_bytes(content)

    put = project.generic_packages.upload(name, "1.0.0", "data.bin", path=tmp_path / "data.bin")
    assert (put.package_name, put.message) == (name, "201 Created")
    described = project.generic_packages.upload(
        name, "1.0.0", "deep/er/data.txt", data=io.BytesIO(b"text"), select="package_file"
    )
    assert (described.size, described.file_sha256) == (4, hashlib.sha256(b"text").hexdigest())

    assert project.generic_packages.download(name, "1.0.0", "data.bin") == content
    pieces = []
    project.generic_packages.download(name, "1.0.0", "deep/er/data.txt", streamed=True, action=pieces.append)
    assert b"".join(pieces) == b"text"


@only_2x
def test_python_gitlab_lists_and_deletes(project, name):
    import gitlab

    for number in range(25):
        project.generic_packages.upload(name, f"0.{number}.0", "a.txt", data=b"a")
    project.generic_packages.upload(name, "0.0.0", "b.txt", data=b"b")

    page = project.packages.list(package_name=name, package_type="generic", page=2, per_page=10)
    assert [package.version for package in page] == [f"0.{number}.0" for number in range(10, 20)]
    every = project.packages.list(iterator=True, package_name=name, per_page=10)
    assert (every.total, every.total_pages, every.next_page) == (25, 3, 2)
    assert len(list(every)) == 25
    assert len(project.packages.list(package_name=name, order_by="created_at", sort="desc", get_all=True)) == 25

    package = project.packages.list(package_name=name, package_version="0.0.0", get_all=True)[0]
    assert project.packages.get(package.id).name == name
    files = package.package_files.list(get_all=True)
    assert [file.file_name for file in files] == ["a.txt", "b.txt"]
    files[1].delete()
    assert [file.file_name for file in package.package_files.list(get_all=True)] == ["a.txt"]
    with pytest.raises(gitlab.exceptions.GitlabGetError) as gone:
        project.generic_packages.download(name, "0.0.0", "b.txt")
    assert gone.value.response_code == 404
    package.delete()
    with pytest.raises(gitlab.exceptions.GitlabGetError):
        project.packages.get(package.id)


@only_2x
def test_python_gitlab_is_told_why_not(tracking, name):
    import gitlab

    guest = gitlab.Gitlab(tracking.server.url, private_token=tracking.member("reporter"))
    project = guest.projects.get(1, lazy=True)
    with pytest.raises(gitlab.exceptions.GitlabUploadError) as refused:
        project.generic_packages.upload(name, "1.0.0", "a.txt", data=b"a")
    assert refused.value.response_code == 403
    assert "developer or above" in refused.value.error_message
    assert project.packages.list(package_name=name, get_all=True) == []


def test_a_run_and_its_package_share_their_files(tracking, client, run, tmp_path):
    mlflow.log_text("from mlflow", "notes/a.txt")
    package = next(
        package
        for package in tracking.http("GET", f"{PACKAGES}?sort=desc&per_page=100").json()
        if package["run_id"] == run.info.run_id
    )
    number = package["version"].removeprefix("candidate_")
    assert package["name"] == f"ml_experiment_{tracking.experiment_id}"

    legacy = f"{PACKAGES}/generic/ml_experiment_{tracking.experiment_id}/{number}"
    assert tracking.http("GET", f"{legacy}/notes/a.txt").text == "from mlflow"
    assert tracking.http("PUT", f"{legacy}/notes/b.txt", data=b"generic").status_code == 201
    candidate = f"{PACKAGES}/ml_models/candidate:{number}/files"
    assert tracking.http("PUT", f"{candidate}/c.txt", data=b"candidate").status_code == 201

    folder = pathlib.Path(client.download_artifacts(run.info.run_id, "", str(tmp_path)))
    files = {file.relative_to(folder).as_posix(): file.read_text() for file in folder.rglob("*") if file.is_file()}
    assert files == {"c.txt": "candidate", "notes/a.txt": "from mlflow", "notes/b.txt": "generic"}
    answer = tracking.http("GET", f"{candidate}/c.txt", headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.text) == (206, "cand")


def test_a_version_is_made_of_a_form_and_loaded_by_mlflow(tracking, client, saved_model):
    name = tracking.model_name()
    client.create_registered_model(name)
    version = client.create_model_version(name, source="", tags={"gitlab.version": "1.2.0"})
    package = the_package(tracking, name, "1.2.0")
    assert package["run_id"] == version.run_id

    folder = saved_model(7)
    files = f"{PACKAGES}/ml_models/{package['model_version_id']}/files"
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        at = f"{files}/{file.relative_to(folder).as_posix()}"
        with open(file, "rb") as content:
            sent = tracking.http("PUT", at, files={"file": (file.name, content)})
        assert (sent.status_code, sent.json()) == (201, {"message": "201 Created"})
        assert tracking.http("GET", at).content == file.read_bytes()

    assert predicted(f"models:/{name}@1.2.0") == 7

    published = tracking.http("POST", f"/api/v4/projects/1/ml/models/{name}/versions/1.2.0/publish")
    assert published.status_code == 200
    refused = tracking.http("PUT", f"{files}/more.txt", data=b"x")
    assert refused.status_code == 409 and "is published" in refused.json()["message"]
    refused = tracking.http("DELETE", f"{PACKAGES}/{package['id']}")
    assert refused.status_code == 409


def peak_memory(server):
    """The most bytes that the server ever had in memory."""
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


def test_a_large_form_is_not_held_in_memory(tracking, name):
    piece = b"\r\n--boundary\r\n" * 65536
    pieces = 256
    digest = hashlib.sha256()

    def form():
        yield b'--b0\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n\r\n'
        for _ in range(pieces):
            digest.update(piece)
            yield piece
        yield b'\r\n--b0\r\nContent-Disposition: form-data; name="status"\r\n\r\nhidden\r\n--b0--\r\n'

    at = f"{PACKAGES}/generic/{name}/1/large.bin"
    before = peak_memory(tracking.server)
    headers = {"Content-Type": "multipart/form-data; boundary=b0"}
    sent = tracking.http("PUT", at, data=form(), headers=headers)
    assert sent.status_code == 201, sent.text
    assert peak_memory(tracking.server) - before < pieces * len(piece) / 3

    answer = tracking.http("GET", at, headers={"Range": "bytes=-2"})
    assert answer.headers["X-Checksum-SHA256"] == digest.hexdigest()
    assert (answer.content, answer.headers["Content-Range"]) == (
        b"\r\n",
        f"bytes {pieces * len(piece) - 2}-{pieces * len(piece) - 1}/{pieces * len(piece)}",
    )
    assert tracking.http("GET", f"{PACKAGES}?package_name={name}").json() == []
    assert len(tracking.http("GET", f"{PACKAGES}?package_name={name}&status=hidden").json()) == 1
