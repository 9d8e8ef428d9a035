"""Three models where two fit, while a program takes memory and gives it back: who does what.

Understudy, and llama-server in its router mode (`--models-dir`, `--models-max 2`), each in a
control group of the same size with the same hog, asked the same questions: to and fro between two
models for a while, then one of the two is exchanged. Each is asked once for each model before the
hog comes, and who is refused asks again a second later. Prints a table: answers, refusals before
them, failures, loads, processes that the kernel killed, and the time lost beside warm answers.

    python bench/memory_contention.py MODEL.gguf LLAMA_SERVER [--requests 200]

The model should be of about 100 MB. Needs Linux, and the right to make a control group.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from processes import Process, free_port
from understudy.io.engines.child import engine_threads
from understudy.io.memory.own_group import OwnGroup, open_group

MODELS = ("a", "b", "c")
MEBIBYTE = 2**20
LIMIT_MEBIBYTES = 850
HOG_MEBIBYTES = 740
"""The most that the hog takes, within four seconds: one process of a model fits beside it."""
CONTEXT_TOKENS = 2048
ANSWER_TOKENS = 4
TURN_SECONDS_MAX = 120.0
RUN = 10
"""Requests until a model is exchanged."""
RETRY_SECONDS = 1.0
TRIES_MAX = 60
LOOK_SECONDS = 0.05
TOKEN = "bench-token-of-32-characters-long"
SETTINGS = """
[engines]
worker = "direct"
state_gibibytes = 0
[memory]
budget_gibibytes = 0.52
keep_free_gibibytes = 0.3
worker_limit = false
"""
HOG = """
import random, sys, time
random, most = random.Random(1), int(sys.argv[1])
while True:
    held, size = [], random.choice((0.2, 0.5, 0.8, 1.0)) * most
    while len(held) * 16 < size:
        held.append(bytearray(b"x" * (16 << 20)))
        time.sleep(0.1)
    time.sleep(random.uniform(1, 4))
    held.clear()
    time.sleep(random.uniform(1, 6))
"""

OpenSubject = Callable[[OwnGroup], AbstractContextManager[tuple[Process, str]]]


@dataclass
class Tally:
    """What became of the requests, and what was seen of the processes."""

    name: str
    seconds: list[float] = field(default_factory=list[float])
    refused: int = 0
    failures: list[str] = field(default_factory=list[str])
    processes: set[int] = field(default_factory=set[int])
    killed: int = 0
    major_faults: int = 0
    total_seconds: float = 0.0

    @property
    def warm_seconds(self) -> float:
        """What an answer takes where nothing has to be loaded: the lower quartile."""
        return statistics.quantiles(self.seconds, n=4)[0] if len(self.seconds) > 1 else 0.0

    def row(self) -> str:
        """A row of the table."""
        lost = sum(self.seconds) - len(self.seconds) * self.warm_seconds
        slowest = max(self.seconds, default=0.0)
        cells = (
            self.name,
            str(len(self.seconds)),
            str(self.refused),
            str(len(self.failures)),
            str(len(self.processes)),
            str(self.killed),
            str(self.major_faults),
            f"{self.total_seconds:.0f} s",
            f"{self.warm_seconds:.2f} s",
            f"{lost:.0f} s",
            f"{slowest:.1f} s",
        )
        return f"| {' | '.join(cells)} |"


HEAD = (
    "| | answered | refused before | failed | loads | killed | major faults | in all "
    "| warm answer | lost beside warm | slowest |\n|---|---|---|---|---|---|---|---|---|---|---|"
)


def inside(group: OwnGroup, command: Sequence[str]) -> list[str]:
    """The command, begun in the group."""
    enter = 'echo $$ > "$0/cgroup.procs"; exec "$@"'
    return ["sh", "-c", enter, str(group.folder), *command]


@contextmanager
def understudy(group: OwnGroup, models: Path) -> Generator[tuple[Process, str]]:
    """Understudy with an endpoint for each model; the model's id is twice its name."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "understudy.toml"
        endpoints = (
            f'[[endpoint]]\nname = "{name}"\nengine = "llama.cpp"\n'
            f'file = "{models / name}.gguf"\ncontext_tokens = {CONTEXT_TOKENS}\n'
            for name in MODELS
        )
        file.write_text(SETTINGS + "".join(endpoints))
        command = [sys.executable, "-m", "understudy", "serve", "--config", str(file)]
        environment = {**os.environ, "UNDERSTUDY_HOME": folder, "UNDERSTUDY_TOKEN": TOKEN}
        process = Process(inside(group, [*command, "--port", "0"]), environment, set())
        try:
            yield process, "{0}/{0}"
        finally:
            process.end()


@contextmanager
def router(group: OwnGroup, models: Path, server: str) -> Generator[tuple[Process, str]]:
    """llama-server, which starts a server for each model, two at most."""
    port = free_port()
    options = f"--models-max 2 --port {port} -c {CONTEXT_TOKENS} -np 2 -t {engine_threads()}"
    command = [server, "--models-dir", str(models), *options.split(), "--no-webui"]
    health = f"http://127.0.0.1:{port}/health"
    process = Process(inside(group, command), dict(os.environ), set(), health)
    try:
        yield process, "{0}"
    finally:
        process.end()


def ask(base_url: str, model: str, at: int, tally: Tally) -> None:
    """One question, asked again while it is refused; its time is that of all tries."""
    begun, failure = time.perf_counter(), None
    for _ in range(TRIES_MAX):
        failure = try_once(base_url, model, at)
        if failure is None:
            tally.seconds.append(time.perf_counter() - begun)
            return
        if not failure.startswith("503") or "iB" not in failure:
            break
        tally.refused += 1
        time.sleep(RETRY_SECONDS)
    tally.failures.append(failure or "")


def try_once(base_url: str, model: str, at: int) -> str | None:
    """One request; what went wrong in words, or None."""
    content = [{"role": "user", "content": f"Hello number {at}"}]
    body = {"model": model, "max_tokens": ANSWER_TOKENS, "messages": content}
    request = urllib.request.Request(
        f"{base_url}/v1/chat/completions",
        json.dumps(body).encode(),
        {"content-type": "application/json", "authorization": f"Bearer {TOKEN}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TURN_SECONDS_MAX) as response:
            response.read()
    except urllib.error.HTTPError as error:
        return f"{error.code}: {error.read().decode(errors='replace')[:2000]}"
    except OSError as error:
        return repr(error)
    return None


def watch(group: OwnGroup, models: Path, tally: Tally, done: threading.Event) -> None:
    """Counts the processes in the group that have mapped a model."""
    while not done.wait(LOOK_SECONDS):
        for process_id in map(int, (group.folder / "cgroup.procs").read_text().split()):
            if process_id not in tally.processes:
                with suppress(OSError):
                    if f"{models}/" in Path(f"/proc/{process_id}/maps").read_text():
                        tally.processes.add(process_id)


class Hog:
    """The program that takes memory and gives it back; begun anew where it was killed."""

    def __init__(self, group: OwnGroup) -> None:
        self._command = inside(group, [sys.executable, "-c", HOG, str(HOG_MEBIBYTES)])
        self._process = subprocess.Popen(self._command)

    def keep(self) -> None:
        """Sees to it that it runs."""
        if self._process.poll() is not None:
            self._process = subprocess.Popen(self._command)

    def end(self) -> None:
        """Ends it."""
        self._process.kill()
        self._process.wait()


def measure(name: str, models: Path, requests: int, open_subject: OpenSubject) -> Tally:
    """Asks one subject everything, in a group of its own."""
    tally, done = Tally(name), threading.Event()
    limit_bytes = LIMIT_MEBIBYTES * MEBIBYTE
    with open_group(limit_bytes) as group, open_subject(group) as (process, model):
        for name in MODELS:
            ask(process.base_url, model.format(name), 0, Tally(""))
        watching = threading.Thread(target=watch, args=(group, models, tally, done))
        watching.start()
        hog = Hog(group)
        begun = time.perf_counter()
        for at in range(requests):
            ask(
                process.base_url,
                model.format(MODELS[(at // RUN + at % 2) % len(MODELS)]),
                at,
                tally,
            )
            hog.keep()
        tally.total_seconds = time.perf_counter() - begun
        hog.end()
        done.set()
        watching.join()
        tally.killed = group.killed()
        stat = (group.folder / "memory.stat").read_text()
        tally.major_faults = int(dict(map(str.split, stat.splitlines()))["pgmajfault"])
    return tally


def main() -> None:
    """Prints the table, and the first failures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("model", type=Path)
    parser.add_argument("server")
    parser.add_argument("--requests", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        models = Path(folder).resolve()
        for name in MODELS:
            shutil.copy(options.model, models / f"{name}.gguf")
        tallies = [
            measure("understudy", models, options.requests, partial(understudy, models=models)),
            measure(
                "llama-server, router mode",
                models,
                options.requests,
                partial(router, models=models, server=options.server),
            ),
        ]
    print(HEAD)
    for tally in tallies:
        print(tally.row())
    for tally in tallies:
        for failure in tally.failures[:3]:
            print(f"{tally.name}: {failure[:300]}")


if __name__ == "__main__":
    main()
