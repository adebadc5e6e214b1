"""The load: writers that log to a run each, one request after the other, and note what was acknowledged."""

import hashlib
import http.client
import threading
import time

from wire import Connection

UNFINISHED = "unfinished.bin"
# What is broken off when the server dies; anything else a writer meets is a finding.
BROKEN = (OSError, http.client.HTTPException)


def content(run_id, name, number):
    """The bytes of a file: told from any other by hash, of many sizes, some larger than one network buffer."""
    size = (17, 0, 900, 5_000, 70_000)[number % 5]
    return hashlib.shake_256(f"{run_id}/{name}/{number}".encode()).digest(size)


class Writer(threading.Thread):
    """Logs numbered things to one run until the server dies.

    `acknowledged` and `attempted` map each kind of write to the numbers it was done with. Only the newest number
    of one kind can be attempted and not acknowledged, because a writer waits for each answer.
    """

    KINDS = ("param", "metric", "tag", "cursor", "batch", "file", "latest")

    def __init__(self, url, token, experiment_id, name, hangs):
        super().__init__(name=name, daemon=True)
        self.url, self.token, self.experiment_id = url, token, experiment_id
        self.hangs = hangs
        self.run_id = None
        self.root = None
        self.acknowledged = {kind: [] for kind in self.KINDS}
        self.attempted = {kind: [] for kind in self.KINDS}
        self.finding = None

    @property
    def count(self):
        return sum(map(len, self.acknowledged.values()))

    def run(self):
        connection = Connection(self.url, self.token)
        try:
            self.create_run(connection)
            if self.hangs:
                # Held by the thread, so that the connection stays open until the server dies.
                self.hanging = Connection(self.url, self.token)
                self.hanging.begin_file(self.root, UNFINISHED, 1 << 20, bytes(300_000))
            number = 0
            while True:
                for kind in self.KINDS:
                    self.attempted[kind].append(number)
                    getattr(self, kind)(connection, number)
                    self.acknowledged[kind].append(number)
                number += 1
        except BROKEN:
            pass
        except Exception as error:  # noqa: BLE001 - every other end is reported, whatever it is
            self.finding = f"{self.name}: {type(error).__name__}: {error}"

    def create_run(self, connection):
        fields = {"experiment_id": self.experiment_id, "run_name": self.name, "start_time": int(time.time() * 1000)}
        info = connection.post("runs/create", fields)["run"]["info"]
        self.root = info["artifact_uri"].removeprefix("mlflow-artifacts:/")
        self.run_id = info["run_id"]

    def param(self, connection, number):
        fields = {"run_id": self.run_id, "key": f"p{number}", "value": f"param {number}"}
        connection.post("runs/log-parameter", fields)

    def metric(self, connection, number):
        fields = {"run_id": self.run_id, "key": "m", "value": number / 4, "timestamp": 1000 + number, "step": number}
        connection.post("runs/log-metric", fields)

    def tag(self, connection, number):
        connection.post("runs/set-tag", {"run_id": self.run_id, "key": f"t{number}", "value": f"tag {number}"})

    def cursor(self, connection, number):
        """One tag, overwritten each time."""
        connection.post("runs/set-tag", {"run_id": self.run_id, "key": "cursor", "value": str(number)})

    def batch(self, connection, number):
        """Six things under matched keys: all of them or none."""
        keys = [f"b{number}.a", f"b{number}.b"]
        texts = [{"key": key, "value": f"batch {number}"} for key in keys]
        metrics = [{"key": key, "value": number, "timestamp": 1000 + number, "step": number} for key in keys]
        fields = {"run_id": self.run_id, "params": texts, "metrics": metrics, "tags": texts}
        connection.post("runs/log-batch", fields)

    def file(self, connection, number):
        name = f"f{number}.bin"
        connection.put_file(self.root, name, content(self.run_id, name, number))

    def latest(self, connection, number):
        """One file, overwritten each time."""
        connection.put_file(self.root, "latest.bin", content(self.run_id, "latest.bin", number))


def start(server, token, experiment_id, round_number, count):
    """Starts `count` writers; every eighth also leaves an upload hanging."""
    writers = [
        Writer(server.url, token, experiment_id, f"round {round_number} writer {n}", hangs=n % 8 == 0)
        for n in range(count)
    ]
    for writer in writers:
        writer.start()
    return writers
