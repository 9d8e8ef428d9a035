"""The gateway benchmark: what does Understudy cost between a client and its upstream?

One run measures, over the same mock upstream: `direct` (no gateway), `floor` (a bare pass-through
on the same server library) and `understudy`, and prints one table with the goals beside it
(docs/benchmarks.md). It is a report, not a test: a missed goal is shown and the exit status is
still 0; it is 1 only when something failed to run.

    python bench/gateway.py [--quick] [--rounds N] [--json FILE] [--profile FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path

import report
from http_client import Control, LoadError, Target
from measure import QUICK, Peer, Session, Sizes
from mock_upstream import new_event_loop
from processes import Process, StartError, choose_cpus, pinned, script

PEERS = (report.DIRECT, report.FLOOR, report.SUBJECT)
TOKEN = "bench-token"
BUSY = (
    "The machine was busy: milliseconds and rates are too bad, and CPU per event is too good"
    " (late events share a wake-up)."
)
SETTINGS = """\
[[endpoint]]
name = "work"
dialect = "anthropic"
base_url = "{upstream_url}"
models = ["mock"]
key = "env:WORK_KEY"
"""


def start_peer(
    name: str, upstream_url: str, home: Path, cpus: set[int], profile: Path | None
) -> Process:
    """Starts one gateway in front of the upstream; raises StartError."""
    sampler = [] if profile is None else [script("sampler.py"), str(profile / f"{name}.txt")]
    if name == report.FLOOR:
        command = [sys.executable, *sampler, script("floor.py"), upstream_url]
        return Process(command, os.environ, cpus)
    settings = home / "bench.toml"
    settings.write_text(SETTINGS.format(upstream_url=upstream_url), encoding="utf-8")
    environment = {
        **os.environ,
        "UNDERSTUDY_HOME": str(home),
        "UNDERSTUDY_TOKEN": TOKEN,
        "WORK_KEY": "key",
    }
    program = [*(sampler or ["-m"]), "understudy"]
    serve = ["serve", "--config", str(settings), "--port", "0"]
    return Process([sys.executable, *program, *serve], environment, cpus)


def measure(
    names: list[str], sizes: Sizes, profile: Path | None, say: Callable[[str], None]
) -> Session:
    """Starts everything, measures, and ends everything."""
    load_cpus, peer_cpus = choose_cpus()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="understudy-bench-")))
        stack.enter_context(pinned(load_cpus))
        mock = Process([sys.executable, script("mock_upstream.py")], os.environ, load_cpus)
        stack.callback(mock.end)
        session = Session(sizes, Control(mock.base_url), say)
        peers: list[Peer] = []
        for name in names:
            if name == report.DIRECT:
                peers.append(Peer(name, Target(mock.base_url), None))
                continue
            start_seconds: list[float] = []
            for _ in range(sizes.starts - 1):
                process = start_peer(name, mock.base_url, home, peer_cpus, None)
                start_seconds.append(process.start_seconds)
                process.end()
            process = start_peer(name, mock.base_url, home, peer_cpus, profile)
            stack.callback(process.end, signal.SIGTERM if profile is None else signal.SIGINT)
            model = "work/mock" if name == report.SUBJECT else "mock"
            peer = Peer(name, Target(process.base_url, model, TOKEN), process)
            if profile is None:
                start_seconds.append(process.start_seconds)
            session.samples.add(peer, "start_seconds", *start_seconds)
            peers.append(peer)
            say(f"{name} is ready")
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(session.run(peers))
    return session


def describe_machine() -> dict[str, object]:
    """Returns what the numbers depend on, beside the code."""
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 2),
        "uvloop_for_the_load": find_spec("uvloop") is not None,
        "pinned": bool(choose_cpus()[0]),
    }


def parse_arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="a smoke run of seconds")
    parser.add_argument("--rounds", type=int, help="rounds to take medians over (default 3)")
    parser.add_argument("--aborts", type=int, help="aborts per round and place (default 10)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all values there too")
    parser.add_argument(
        "--profile", type=Path, metavar="FOLDER", help="sample the peers and write NAME.txt there"
    )
    parser.add_argument(
        "--peers", default=",".join(PEERS), help="which to measure (default: %(default)s)"
    )
    arguments = parser.parse_args()
    unknown = set(arguments.peers.split(",")) - set(PEERS)
    if unknown:
        parser.error(f"--peers: unknown {', '.join(sorted(unknown))}; known: {', '.join(PEERS)}")
    return arguments


def main() -> int:
    """Runs the benchmark; returns the exit status."""
    arguments = parse_arguments()
    names = [name for name in PEERS if name in arguments.peers.split(",")]
    sizes = QUICK if arguments.quick else Sizes()
    sizes = replace(
        sizes,
        rounds=arguments.rounds or sizes.rounds,
        aborts=sizes.aborts if arguments.aborts is None else arguments.aborts,
    )
    profile: Path | None = arguments.profile and arguments.profile.resolve()
    if profile is not None:
        profile.mkdir(parents=True, exist_ok=True)
    machine = describe_machine()
    started_at = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - started_at:6.1f} s  {what}", file=sys.stderr, flush=True)

    try:
        session = measure(names, sizes, profile, say)
    except (LoadError, StartError, OSError, TimeoutError) as failure:
        print(f"bench/gateway.py: {type(failure).__name__}: {failure}", file=sys.stderr)
        return 1
    print(", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in machine.items()))
    if os.getloadavg()[0] > (os.cpu_count() or 1):
        print(BUSY)
    print(report.make_table(session.samples, names))
    if arguments.json:
        results = {
            "machine": machine,
            "sizes": asdict(sizes),
            "summary": report.summarize(session.samples, names),
            "samples": {
                peer: {
                    name: [report.finite(value) for value in values] for name, values in of.items()
                }
                for peer, of in session.samples.values.items()
            },
        }
        arguments.json.write_text(
            json.dumps(results, indent=1, allow_nan=False) + "\n", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
