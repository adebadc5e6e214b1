"""Multipart upload through the proxy (MLflow's page "Artifact Stores"): parts of 5 MiB from 6 MB on."""

import hashlib

import mlflow
import pytest
from client_version import only_3x

MIB = 1 << 20
SIZES = {"whole parts": 10 * MIB, "a short last part": 12 * MIB + 345, "below the threshold": MIB}


@pytest.fixture(autouse=True)
def multipart(monkeypatch):
    monkeypatch.setenv("MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD", "true")
    monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE", "6000000")
    monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE", str(5 * MIB))


def content_of(size):
    return hashlib.shake_256(str(size).encode()).digest(size)


def check(run, path, content, tmp_path):
    (listed,) = mlflow.MlflowClient().list_artifacts(run.info.run_id, path.rpartition("/")[0] or None)
    assert (listed.path, listed.file_size) == (path, len(content))
    to = str(tmp_path / "to")
    local = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path=path, dst_path=to)
    with open(local, "rb") as file:
        assert hashlib.sha256(file.read()).digest() == hashlib.sha256(content).digest()


@pytest.mark.parametrize("name", list(SIZES))
def test_a_large_file_arrives_whole(run, tmp_path, name):
    content = content_of(SIZES[name])
    (tmp_path / f"{name} + ü.bin").write_bytes(content)
    (tmp_path / "to").mkdir()
    mlflow.log_artifact(str(tmp_path / f"{name} + ü.bin"), artifact_path="models/größe")

    check(run, f"models/größe/{name} + ü.bin", content, tmp_path)


def test_a_large_file_is_overwritten(run, tmp_path):
    (tmp_path / "to").mkdir()
    for size in (11 * MIB, 7 * MIB):
        (tmp_path / "weights.bin").write_bytes(content_of(size))
        mlflow.log_artifact(str(tmp_path / "weights.bin"))

    check(run, "weights.bin", content_of(7 * MIB), tmp_path)


@only_3x
def test_a_large_file_comes_down_in_parts(run, tmp_path, monkeypatch):
    """A server without presigned downloads says so, and the client falls back to one GET."""
    monkeypatch.setenv("MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD", "true")
    monkeypatch.setenv("MLFLOW_MULTIPART_DOWNLOAD_MINIMUM_FILE_SIZE", "1000000")
    monkeypatch.setenv("MLFLOW_MULTIPART_DOWNLOAD_CHUNK_SIZE", "1000000")
    (tmp_path / "to").mkdir()
    (tmp_path / "weights.bin").write_bytes(content_of(3 * MIB))
    mlflow.log_artifact(str(tmp_path / "weights.bin"))

    check(run, "weights.bin", content_of(3 * MIB), tmp_path)
