"""The check after a kill: all that was acknowledged is there, and nothing half-written is visible."""

import pathlib
import re
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

from load import UNFINISHED, content
from wire import Connection

CHECKERS = 4
STAGING_SECONDS = 10


def check_writers(url, token, writers):
    """Every finding about the runs of `writers`, as sentences."""
    shares = [writers[n::CHECKERS] for n in range(CHECKERS)]

    def share_of(some):
        connection = Connection(url, token)
        findings = [finding for writer in some for finding in check_writer(connection, writer)]
        connection.close()
        return findings

    with ThreadPoolExecutor(CHECKERS) as executor:
        return [finding for findings in executor.map(share_of, shares) for finding in findings]


def check_writer(connection, writer):
    if writer.run_id is None:
        return []
    run = connection.get("runs/get", run_id=writer.run_id)["run"]
    history = connection.get("metrics/get-history", run_id=writer.run_id, metric_key="m").get("metrics", [])
    findings = [
        *check_texts(writer, run["data"]),
        *check_metrics(writer, run["data"], history),
        *check_batches(writer, run["data"]),
        *check_files(connection, writer),
    ]
    return [f"{writer.name} (run {writer.run_id}): {finding}" for finding in findings]


def pairs(entries):
    return {entry["key"]: entry["value"] for entry in entries or []}


def check_texts(writer, data):
    params, tags = pairs(data.get("params")), pairs(data.get("tags"))
    kinds = (("param", r"p(\d+)", params), ("tag", r"t(\d+)", tags))
    for kind, pattern, found in kinds:
        numbers = {int(match[1]) for match in (re.fullmatch(pattern, key) for key in found) if match}
        yield from compare(writer, kind, numbers)
        for number in numbers:
            value = found[f"{kind[0]}{number}"]
            if value != f"{kind} {number}":
                yield f"{kind} {number} has the value {value!r}"
    yield from check_overwritten(writer, "cursor", int(tags["cursor"]) if "cursor" in tags else None)


def check_metrics(writer, data, history):
    steps = [int(point["step"]) for point in history]
    yield from compare(writer, "metric", set(steps))
    if len(set(steps)) != len(steps):
        yield f"the history of m has a point twice: {steps}"
    for point in history:
        if (point["value"], int(point["timestamp"])) != (point["step"] / 4, 1000 + point["step"]):
            yield f"the history of m has a wrong point {point}"
    latest = pairs(data.get("metrics")).get("m")
    if latest != (max(steps) / 4 if steps else None):
        yield f"the latest m is {latest}, but the history ends at step {max(steps, default=None)}"


def check_batches(writer, data):
    parts = {kind: pairs(data.get(kind)) for kind in ("params", "tags", "metrics")}
    found = {}
    for kind, entries in parts.items():
        for key, value in entries.items():
            match = re.fullmatch(r"b(\d+)\.([ab])", key)
            if not match:
                continue
            number = int(match[1])
            found.setdefault(number, set()).add((kind, match[2]))
            if value != (number if kind == "metrics" else f"batch {number}"):
                yield f"{key} of {kind} has the value {value!r}"
    whole = {(kind, half) for kind in parts for half in "ab"}
    for number, seen in found.items():
        if seen != whole:
            yield f"batch {number} is half there: {sorted(seen)}"
    yield from compare(writer, "batch", set(found))


def check_files(connection, writer):
    sizes = connection.list_files(writer.root)
    if UNFINISHED in sizes:
        yield "an upload that never ended is visible"
    numbers = {int(match[1]) for match in (re.fullmatch(r"f(\d+)\.bin", name) for name in sizes) if match}
    yield from compare(writer, "file", numbers)
    for number in numbers & set(writer.attempted["file"]):
        name = f"f{number}.bin"
        expected = content(writer.run_id, name, number)
        if connection.get_file(writer.root, name) != expected or sizes[name] != len(expected):
            yield f"{name} is not what was sent"
    newest = None
    if "latest.bin" in sizes:
        found = connection.get_file(writer.root, "latest.bin")
        # Newest first, because the empty contents are alike.
        numbers = reversed(writer.attempted["latest"])
        newest = next((n for n in numbers if content(writer.run_id, "latest.bin", n) == found), "no known content")
        if sizes["latest.bin"] != len(found):
            yield f"latest.bin is listed with {sizes['latest.bin']} bytes and has {len(found)}"
    yield from check_overwritten(writer, "latest", newest)
    strangers = {n for n in sizes if not re.fullmatch(r"f\d+\.bin", n)} - {"latest.bin", UNFINISHED}
    if strangers:
        yield f"files that nobody sent: {sorted(strangers)}"


def compare(writer, kind, numbers):
    lost = set(writer.acknowledged[kind]) - numbers
    invented = numbers - set(writer.attempted[kind])
    if lost:
        yield f"acknowledged and lost: {kind} {sorted(lost)}"
    if invented:
        yield f"never written, but there: {kind} {sorted(invented)}"


def check_overwritten(writer, kind, number):
    """The last acknowledged value, or the one whose answer was still awaited."""
    acknowledged, attempted = writer.acknowledged[kind], writer.attempted[kind]
    allowed = {attempted[-1] if attempted else None, acknowledged[-1] if acknowledged else None}
    if number not in allowed:
        yield f"{kind} stands at {number}, expected one of {sorted(allowed, key=str)}"


def check_staging(data):
    """The folder for uploads under way holds nothing of the dead process: one folder, that of the living one."""
    deadline = time.monotonic() + STAGING_SECONDS
    while True:
        findings = []
        for uploads in pathlib.Path(data).rglob("uploads"):
            if not uploads.is_dir():
                continue
            instances = [entry.name for entry in uploads.iterdir() if entry.is_dir()]
            leftovers = [str(file.relative_to(data)) for file in uploads.rglob("*") if file.is_file()]
            leftovers = [name for name in leftovers if not name.endswith("/lock")]
            if len(instances) > 1 or leftovers:
                findings.append(f"left in the staging folder: folders {instances}, files {leftovers[:10]}")
        if not findings or time.monotonic() > deadline:
            return findings
        time.sleep(0.05)


def check_databases(data):
    """SQLite's own opinion of each database file, once the server has ended."""
    findings = []
    for path in pathlib.Path(data).rglob("*"):
        if not path.is_file():
            continue
        with open(path, "rb") as file:
            if file.read(16) != b"SQLite format 3\0":
                continue
        database = sqlite3.connect(path)
        try:
            for pragma in ("integrity_check", "foreign_key_check"):
                rows = database.execute(f"PRAGMA {pragma}").fetchall()
                if rows not in ([], [("ok",)]):
                    findings.append(f"{path.name}: PRAGMA {pragma} says {rows[:5]}")
        finally:
            database.close()
    return findings
