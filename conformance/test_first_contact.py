"""The first thing a user does: paste two lines, run a few more unchanged."""

import re

import mlflow
import pytest
from click.testing import CliRunner

SNIPPET = """\
import mlflow
mlflow.set_experiment("iris")
with mlflow.start_run() as run:
    mlflow.log_param("lr", 0.1); mlflow.log_metric("loss", 0.5, step=1); mlflow.log_text("hi", "notes/hello.txt")
print(mlflow.search_runs(filter_string="metrics.loss < 1 and params.lr = '0.1'"))
"""


def test_the_snippet_of_the_issue_runs_unchanged(tracking):
    printed = tracking.python(SNIPPET)

    assert re.search(r"^0 +[0-9a-f]{32}\b", printed, re.MULTILINE), printed
    iris = mlflow.get_experiment_by_name("iris")
    newest = mlflow.search_runs(experiment_ids=[iris.experiment_id], max_results=1, output_format="list")[0]
    assert newest.data.params == {"lr": "0.1"}
    assert newest.data.metrics == {"loss": 0.5}
    assert mlflow.artifacts.load_text(f"{newest.info.artifact_uri}/notes/hello.txt") == "hi"


@pytest.mark.weir_only
def test_the_project_can_be_named_by_its_path(tracking):
    mlflow.set_tracking_uri(f"{tracking.server.url}/api/v4/projects/root%2Fdefault/ml/mlflow")

    with mlflow.start_run() as run:
        mlflow.log_text("by path", "a/b.txt")

    assert mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/a/b.txt") == "by path"
    mlflow.set_tracking_uri(tracking.uri)
    assert mlflow.get_run(run.info.run_id).info.status == "FINISHED"


def test_the_default_experiment_is_there(client):
    default = client.get_experiment("0")

    assert default.name == "Default"
    assert default.lifecycle_stage == "active"


def test_the_command_line_client_works(tracking, monkeypatch):
    from mlflow.cli import cli

    def command(*arguments):
        done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    monkeypatch.setenv("MLFLOW_TRACKING_URI", tracking.uri)
    name = tracking.unique("from the command line")
    command("experiments", "create", "--experiment-name", name)
    experiment_id = mlflow.get_experiment_by_name(name).experiment_id
    with mlflow.start_run(experiment_id=experiment_id) as run:
        pass
    notes = tracking.folder / "notes.txt"
    notes.write_text("from the command line")
    command("artifacts", "log-artifact", "--local-file", str(notes), "--run-id", run.info.run_id)

    assert name in command("experiments", "search")
    assert "notes.txt" in command("artifacts", "list", "--run-id", run.info.run_id)
    assert run.info.run_id in command("runs", "list", "--experiment-id", experiment_id)
    command("experiments", "delete", "--experiment-id", experiment_id)
    assert mlflow.get_experiment(experiment_id).lifecycle_stage == "deleted"
