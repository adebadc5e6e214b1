"""Starts and stops the server under test: Weir, or MLflow's own server as the reference. Standard library only.

Environment:
  WEIR_BIN                    Weir's binary (default target/debug/weir)
  WEIR_CONFORMANCE_DATABASE   sqlite (default) or postgres; postgres needs WEIR_TEST_POSTGRES (scripts/with-postgres)
  WEIR_CONFORMANCE_TARGET     weir (default) or mlflow, which checks the scenarios themselves
"""

import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
TOKEN = "glpat-conformance-0123456789"
TARGET = os.environ.get("WEIR_CONFORMANCE_TARGET", "weir")
DATABASE = os.environ.get("WEIR_CONFORMANCE_DATABASE", "sqlite")
START_SECONDS = 60
STOP_SECONDS = 15


class Server:
    """A running server; `url` is its root, `log` the file with all it wrote."""

    def __init__(self, process, url, log):
        self.process = process
        self.url = url
        self.log = log
        self.store_options = None

    def command(self, *words):
        """Runs another of Weir's commands on the same database, such as `user create`; returns what it printed."""
        command = [weir_binary(), *words, *self.store_options]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WEIR_")}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"weir {' '.join(words)} failed:\n{done.stderr}")
        return done.stdout.strip()

    def kill(self):
        """kill -9, as a power cut of the process would be."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """SIGTERM, and the exit status."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode


def weir_binary():
    return pathlib.Path(os.environ.get("WEIR_BIN") or REPOSITORY / "target/debug/weir")


def create_database():
    """Makes an empty database in the throwaway cluster and returns its URL; None on SQLite."""
    if DATABASE == "sqlite":
        return None
    cluster = os.environ.get("WEIR_TEST_POSTGRES")
    if not cluster:
        raise RuntimeError("WEIR_TEST_POSTGRES is not set: run this through scripts/with-postgres")
    name = f"conformance_{uuid.uuid4().hex[:12]}"
    subprocess.run(["psql", "-q", cluster, "-c", f'CREATE DATABASE "{name}"'], check=True, timeout=60)
    return cluster.rsplit("/", 1)[0] + "/" + name


def start_weir(data, database_url=None, *options, **variables):
    """Starts Weir on `data`, with further options and environment, and returns once it answers /health."""
    store_options = ["--data", str(data)]
    if database_url:
        store_options += ["--database-url", database_url]
    command = [weir_binary(), "serve", "--listen", "127.0.0.1:0", *options, *store_options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WEIR_")}
    environment["WEIR_ROOT_TOKEN"] = TOKEN
    environment.update(variables)
    server = _start(command, environment, pathlib.Path(f"{data}.log"), url=None)
    server.store_options = store_options
    return server


def start_mlflow(data):
    """Starts MLflow's own server (the newest, whatever the client) with proxied artifacts on SQLite."""
    data = pathlib.Path(data)
    data.mkdir(parents=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    binaries = REPOSITORY / ".cache/venv-mlflow3/bin"
    command = [binaries / "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{data}/mlflow.db"]
    command += ["--artifacts-destination", data / "artifacts", "--serve-artifacts"]
    # The server starts its workers by name, and they must be those of its own environment.
    path = f"{binaries}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    environment.pop("MLFLOW_TRACKING_URI", None)
    return _start(command, environment, pathlib.Path(f"{data}.log"), url=f"http://127.0.0.1:{port}")


def _start(command, environment, log, url):
    command = [str(part) for part in command]
    # Appended, so that the log of a restarted server follows that of the killed one.
    with open(log, "ab") as output:
        begin = output.tell()
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    server = Server(process, url, log)
    deadline = time.monotonic() + START_SECONDS
    while True:
        if server.url is None:
            with open(log, "rb") as lines:
                lines.seek(begin)
                printed = re.search(rb"http://127\.0\.0\.1:\d+", lines.read())
            server.url = printed and printed.group().decode()
        if server.url and _healthy(server.url):
            return server
        if process.poll() is not None or time.monotonic() > deadline:
            server.stop()
            text = log.read_text(errors="replace")[-4000:]
            raise RuntimeError(f"the server did not start: {' '.join(command)}\n{text}")
        time.sleep(0.02)


def _healthy(url):
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
