"""kill -9 of the server under load, again and again on the same data. Standard library only.

    WEIR_CONFORMANCE_DATABASE=sqlite python3 conformance/crash/crash.py --rounds 20
"""

import argparse
import pathlib
import random
import shutil
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import check  # noqa: E402
import load  # noqa: E402
import server as servers  # noqa: E402
from wire import Connection  # noqa: E402

WRITERS = 64
LOAD_SECONDS = (1.0, 1.5)
# A round that acknowledges less proves nothing.
LEAST_WRITES = 100


class Failed(Exception):
    """What was found, a sentence a line."""


def one_round(server, number, start, chance):
    """Load, kill, restart, check. Returns the restarted server and this round's writers."""
    experiment_id = make_experiment(server.url, f"round {number}")
    writers = load.start(server, servers.TOKEN, experiment_id, number, WRITERS)
    seconds = chance.uniform(*LOAD_SECONDS)
    time.sleep(seconds)
    if server.process.poll() is not None:
        raise Failed(f"the server ended by itself with {server.process.returncode}:\n{tail(server)}")
    server.kill()
    for writer in writers:
        writer.join(30)
    findings = [writer.finding for writer in writers if writer.finding]
    findings += [f"{writer.name} did not notice the end" for writer in writers if writer.is_alive()]
    acknowledged = sum(writer.count for writer in writers)
    if acknowledged < LEAST_WRITES:
        findings.append(f"only {acknowledged} writes were acknowledged in {seconds:.1f} s")

    begin = time.monotonic()
    server = start()
    up = time.monotonic() - begin
    try:
        findings += check.check_writers(server.url, servers.TOKEN, writers)
        findings += check.check_staging(server.log.with_suffix(""))
        if findings:
            raise Failed("\n".join(findings[:50]) + f"\n{tail(server)}")
    except BaseException:
        server.stop()
        raise
    print(
        f"round {number}: {acknowledged} acknowledged writes in {seconds:.1f} s, killed, "
        f"up again in {up:.2f} s, all there",
        flush=True,
    )
    return server, writers


def make_experiment(url, name):
    connection = Connection(url, servers.TOKEN)
    try:
        return connection.post("experiments/create", {"name": name})["experiment_id"]
    finally:
        connection.close()


def tail(server):
    return "The server's log ends:\n" + server.log.read_text(errors="replace")[-3000:]


def all_rounds(folder, rounds, seed):
    data = folder / "data"
    database_url = servers.create_database()
    chance = random.Random(seed)

    def start():
        return servers.start_weir(data, database_url)

    server = start()
    writers = []
    for number in range(1, rounds + 1):
        server, mine = one_round(server, number, start, chance)
        writers += mine
    try:
        findings = check.check_writers(server.url, servers.TOKEN, writers)
    finally:
        status = server.stop()
    if status != 0:
        findings.append(f"SIGTERM ended the server with {status}")
    findings += check.check_databases(data)
    if findings:
        raise Failed("after all rounds:\n" + "\n".join(findings[:50]) + f"\n{tail(server)}")
    return sum(writer.count for writer in writers)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--keep", action="store_true", help="leave the data folder for a look")
    options = parser.parse_args()

    begin = time.monotonic()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-crash."))
    print(f"{options.rounds} rounds, {WRITERS} writers, {servers.DATABASE}, seed {options.seed}", flush=True)
    try:
        total = all_rounds(folder, options.rounds, options.seed)
    except Failed as failed:
        print(f"FAILED (data in {folder})\n{failed}", file=sys.stderr)
        return 1
    if not options.keep:
        shutil.rmtree(folder)
    print(f"{total} acknowledged writes survived {options.rounds} kills, in {time.monotonic() - begin:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
