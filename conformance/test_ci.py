"""A CI job that logs with the stock client and the ID token that its CI made for it: nothing is stored there."""

import json

import pytest
import requests
import server as servers
from issuer import Issuer

pytestmark = [pytest.mark.weir_only, pytest.mark.one_mount]

AUDIENCE = "https://weir.example.com"
JOB = {
    "sub": "project_path:acme/vision:ref_type:branch:ref:main",
    "project_path": "acme/vision",
    "pipeline_id": "574",
    "job_id": "302",
    "ref": "main",
    "ref_protected": "true",
    "user_login": "alice",
    "sha": "714a629c0b401fdce83e847fc9589983fc6f46bc",
}

TRAIN = """
import pathlib

import mlflow

with mlflow.start_run() as run:
    mlflow.log_params({"lr": 0.1, "layers": 3})
    for step in range(5):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    pathlib.Path("model.txt").write_text("weights")
    mlflow.log_artifact("model.txt", "model")
client = mlflow.MlflowClient()
client.create_registered_model("vision")
version = client.create_model_version("vision", f"runs:/{run.info.run_id}/model", run.info.run_id)
print(run.info.run_id, version.version)
"""

REFUSED = """
import mlflow

try:
    mlflow.MlflowClient().get_experiment("0")
except mlflow.MlflowException as error:
    assert "401" in str(error), error
    print("refused")
"""


@pytest.fixture(scope="module")
def issuer():
    issuer = Issuer()
    yield issuer
    issuer.stop()


@pytest.fixture(scope="module")
def trusting(issuer, tmp_path_factory):
    """A server of its own, which may fetch from the issuer and trusts the jobs of `acme/vision` on `main`."""
    data = tmp_path_factory.mktemp("trusting") / "data"
    server = servers.start_weir(data, servers.create_database(), "--outbound-allow", issuer.url)
    claims = ["--claim", "project_path=acme/vision", "--claim", "ref=main"]
    server.command("trust", "add", "1", "--issuer", issuer.url, "--audience", AUDIENCE, *claims)
    yield server
    assert server.stop() == 0, server.log.read_text()[-4000:]


@pytest.fixture
def job(tracking, trusting):
    """Runs a script as a job would: all it has is the address and a token."""

    def run(code, token, mount="/api/v4/projects/1/ml/mlflow"):
        return tracking.python(code, MLFLOW_TRACKING_URI=trusting.url + mount, MLFLOW_TRACKING_TOKEN=token)

    return run


def read(trusting, path):
    answer = requests.get(
        f"{trusting.url}/api/v4/projects/1/ml/{path}", headers={"PRIVATE-TOKEN": servers.TOKEN}, timeout=60
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_job_trains_and_registers_with_its_own_token(job, trusting, issuer):
    run_id, version = job(TRAIN, issuer.token(AUDIENCE, **JOB)).split()[-2:]

    (verified,) = read(trusting, f"runs/{run_id}/provenance")["verified"]
    assert (verified["job"], verified["actor"], verified["made"]) == ("302", "alice", True)
    assert verified["web_url"] == f"{issuer.url}/acme/vision/-/jobs/302"
    described = read(trusting, f"models/vision/versions/{version}")
    assert described["provenance"]["verified"][0]["commit"] == JOB["sha"]
    run = requests.get(
        f"{trusting.url}/api/2.0/mlflow/runs/get?run_id={run_id}",
        headers={"PRIVATE-TOKEN": servers.TOKEN},
        timeout=60,
    ).json()["run"]
    assert run["info"]["user_id"] == "ci:alice"
    assert {param["key"]: param["value"] for param in run["data"]["params"]} == {"lr": "0.1", "layers": "3"}


@pytest.mark.parametrize(
    "claims", [{"ref": "dev"}, {"project_path": "mallory/vision"}, {"aud": "https://other.example.com"}, {"exp": 1}]
)
def test_another_token_is_refused(job, issuer, claims):
    assert job(REFUSED, issuer.token(AUDIENCE, **{**JOB, **claims})).strip() == "refused"


def test_a_foreign_issuer_is_refused_and_the_log_says_why_without_the_token(job, trusting, issuer):
    foreign = Issuer()
    token = foreign.token(AUDIENCE, **JOB)
    assert job(REFUSED, token, mount="").strip() == "refused"
    foreign.stop()
    log = trusting.log.read_text()
    assert "an ID token is refused" in log and json.dumps(foreign.url)[1:-1] in log
    assert token not in log and token.rsplit(".", 1)[1] not in log
