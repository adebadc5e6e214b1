"""Fixtures: one server for the whole run, and the stock client pointed at one of its mounts for each test."""

import os
import pathlib
import subprocess
import sys
import uuid

# Read by the client when it is imported, so set before that. A 5xx must fail at once, not be retried for minutes.
CLIENT_ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "GIT_PYTHON_REFRESH": "quiet",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING": "false",
    "MPLBACKEND": "Agg",
    "NO_PROXY": "*",
    "no_proxy": "*",
}
for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
    os.environ.pop(name, None)
for name in [name for name in os.environ if name.startswith("MLFLOW_")]:
    os.environ.pop(name)
os.environ.update(CLIENT_ENVIRONMENT)

import mlflow  # noqa: E402
import pytest  # noqa: E402
import requests  # noqa: E402

import server as servers  # noqa: E402

os.environ["MLFLOW_TRACKING_TOKEN"] = servers.TOKEN

MOUNTS = {"project": "/api/v4/projects/1/ml/mlflow", "root": ""}


def pytest_report_header():
    return f"mlflow {mlflow.__version__} against {servers.TARGET} on {servers.DATABASE}"


def pytest_collection_modifyitems(items):
    for item in items:
        if servers.TARGET == "mlflow" and item.get_closest_marker("weir_only"):
            item.add_marker(pytest.mark.skip(reason="weir_only, and this is MLflow's own server"))
    if servers.TARGET == "weir":
        twice = [item for item in items if item.get_closest_marker("one_mount") and "[root" in item.name]
        items[:] = [item for item in items if item not in twice]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    data = tmp_path_factory.mktemp("server") / "data"
    if servers.TARGET == "mlflow":
        server = servers.start_mlflow(data)
    else:
        server = servers.start_weir(data, servers.create_database())
    yield server
    status = server.stop()
    if servers.TARGET == "weir":
        assert status == 0, f"SIGTERM ended the server with {status}:\n{server.log.read_text()[-4000:]}"


class Tracking:
    """Where the client is pointed in this test, and the experiment of its own that is active there."""

    def __init__(self, server, uri, experiment, folder):
        self.server = server
        self.uri = uri
        self.experiment = experiment
        self.experiment_id = experiment.experiment_id
        self.folder = folder
        self.token = servers.TOKEN

    def unique(self, name):
        """A name that no other test, mount or run of the suite uses."""
        return f"{name} {uuid.uuid4().hex[:8]}"

    def model_name(self, name="model"):
        """The same without a blank, which GitLab takes in no model name."""
        return self.unique(name).replace(" ", "-")

    def http(self, method, path, **options):
        """A request that the client has no call for; `path` starts at the server's root, or at the tracking URI."""
        base = self.server.url if path.startswith("/api/v4/") else self.uri
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return requests.request(method, base + path, headers=headers, timeout=60, **options)

    def member(self, role):
        """The token of a new user who has that role in project 1."""
        username = f"{role}-{uuid.uuid4().hex[:8]}"
        self.server.command("user", "create", username)
        self.server.command("member", "add", "1", username, role)
        return self.server.command("token", "create", "--user", username)

    def python(self, code, *arguments, **environment):
        """Runs a script with a fresh client that knows only what a user exports; returns what it printed."""
        script = self.folder / f"script_{uuid.uuid4().hex[:8]}.py"
        script.write_text(code)
        # set_experiment() leaves the experiment of this process's server in the environment for its children.
        inherited = {name: value for name, value in os.environ.items() if name != "MLFLOW_EXPERIMENT_ID"}
        done = subprocess.run(
            [sys.executable, str(script), *arguments],
            env={**inherited, "MLFLOW_TRACKING_URI": self.uri, **environment},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"the script failed:\n{done.stdout}\n{done.stderr}"
        return done.stdout


# MLflow's own server has no projects, so it is asked at its root only.
@pytest.fixture(params=["root"] if servers.TARGET == "mlflow" else list(MOUNTS), autouse=True)
def tracking(request, server, tmp_path, monkeypatch):
    uri = server.url + MOUNTS[request.param]
    monkeypatch.chdir(tmp_path)
    mlflow.set_tracking_uri(uri)
    experiment = mlflow.set_experiment(f"{request.node.name} {uuid.uuid4().hex[:8]}")
    yield Tracking(server, uri, experiment, pathlib.Path(tmp_path))
    while mlflow.active_run():
        mlflow.end_run()


@pytest.fixture
def client():
    return mlflow.MlflowClient()


@pytest.fixture
def run(tracking):
    """An active run of the test's own experiment."""
    with mlflow.start_run() as run:
        yield run


@pytest.fixture
def sent(monkeypatch):
    """Each request of the client from here on: its method and the path below the API's root."""
    requests_sent = []
    send = requests.Session.request

    def record(session, method, url, *arguments, **options):
        requests_sent.append(f"{method} {url.split('/mlflow/')[-1].split('?')[0]}")
        return send(session, method, url, *arguments, **options)

    monkeypatch.setattr(requests.Session, "request", record)
    return requests_sent


@pytest.fixture(scope="session")
def saved_model(tmp_path_factory):
    """`saved_model(number)` is a folder with a scikit-learn model, saved by the client, that predicts that number."""
    import mlflow.sklearn
    import numpy
    from sklearn.dummy import DummyRegressor

    features = numpy.array([[1.0]])
    folders = {}

    def save(number):
        if number not in folders:
            model = DummyRegressor(strategy="constant", constant=float(number)).fit(features, [0.0])
            signature = mlflow.models.infer_signature(features, model.predict(features))
            folder = tmp_path_factory.mktemp("saved") / "model"
            # Named, because finding them out starts another Python, which is slow and none of the server's business.
            mlflow.sklearn.save_model(model, folder, signature=signature, pip_requirements=["scikit-learn"])
            folders[number] = folder
        return folders[number]

    return save


@pytest.fixture
def model_run(saved_model, client, tracking):
    """`model_run(number)` is a finished run whose folder `model` holds `saved_model(number)`."""

    def log(number=1):
        with mlflow.start_run() as run:
            mlflow.log_param("predicts", number)
            mlflow.log_metric("loss", 1 / number)
            mlflow.log_artifacts(str(saved_model(number)), "model")
        return client.get_run(run.info.run_id)

    return log
