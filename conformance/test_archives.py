"""Folders of artifacts as zip files, read by Python's own reader; and live events of what the client does."""

import io
import json
import threading
import zipfile

import mlflow
import pytest
import requests

pytestmark = [pytest.mark.weir_only, pytest.mark.one_mount]

OWN = "/api/v4/projects/1/ml"


def archive(tracking, path):
    answer = tracking.http("GET", f"{OWN}/{path}")
    assert answer.status_code == 200, answer.text
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_a_run_s_artifacts_are_read_by_python(tracking, run):
    mlflow.log_text("# héllo", "notes/größe 東京.md")
    mlflow.log_text("", "notes/empty.txt")
    mlflow.log_text("w" * 1_000_000, "model/weights.bin")

    with archive(tracking, f"runs/{run.info.run_id}/artifacts.zip") as whole:
        assert whole.testzip() is None
        assert whole.namelist() == ["model/weights.bin", "notes/empty.txt", "notes/größe 東京.md"]
        assert whole.read("notes/größe 東京.md").decode() == "# héllo"
        assert whole.read("model/weights.bin") == b"w" * 1_000_000
        assert all(info.date_time[0] >= 2024 for info in whole.infolist())
    with archive(tracking, f"runs/{run.info.run_id}/artifacts.zip?path=notes") as folder:
        assert folder.testzip() is None
        assert folder.namelist() == ["notes/empty.txt", "notes/größe 東京.md"]


def test_many_files_are_one_archive(tracking, run, tmp_path):
    for number in range(300):
        (tmp_path / f"{number:03}.txt").write_text(str(number))
    mlflow.log_artifacts(str(tmp_path), "many")

    with archive(tracking, f"runs/{run.info.run_id}/artifacts.zip") as whole:
        assert whole.testzip() is None
        assert len(whole.namelist()) == 300
        assert whole.read("many/299.txt") == b"299"


def test_what_the_client_logs_is_told(tracking):
    url = f"{tracking.server.url}{OWN}/events"
    headers = {"Authorization": f"Bearer {tracking.token}"}
    with requests.get(url, headers=headers, stream=True, timeout=60) as stream:
        assert stream.status_code == 200
        lines = stream.iter_lines(decode_unicode=True, chunk_size=1)
        ready = next(json.loads(line[6:]) for line in lines if line.startswith("data: "))
        assert ready == {"resumed": False}

        def log():
            with mlflow.start_run(experiment_id=tracking.experiment_id) as run:
                mlflow.log_metric("loss", 0.5)
                mlflow.log_text("text", "notes.txt")
            made.append(run.info.run_id)

        made = []
        thread = threading.Thread(target=log)
        thread.start()
        seen = set()
        for line in lines:
            change = json.loads(line[6:]) if line.startswith("data: ") else {}
            if change.get("kind") == "run" and change["experiment_id"] == str(tracking.experiment_id):
                seen.update(change["changes"])
            if seen >= {"created", "metrics", "artifacts", "updated"}:
                break
        thread.join()
        assert len(made) == 1
