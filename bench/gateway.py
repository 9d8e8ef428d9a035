"""The gateway benchmark: what does Understudy cost between a client and its upstream?

One run measures, over the same mock upstream, in each case of `peers.CASES`: `direct` (no gateway),
`floor` (a bare pass-through on the same server library), `understudy`, and other gateways where
they are installed; it prints one table a case with the goals beside it (docs/benchmarks.md). It is
a report, not a test: a missed goal is shown and the exit status is still 0; it is 1 only when
something of ours failed to run.

    python bench/gateway.py [--case a2a,a2o] [--quick] [--rounds N] [--json FILE] [--profile FOLDER]
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
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path

import report
from http_client import Control, LoadError, Target
from measure import QUICK, Peer, Session, Sizes
from mock_upstream import new_event_loop
from peers import CASES, DIRECT, OTHERS, TOKEN, Case, Place, missing, model_of
from processes import Process, StartError, choose_cpus, pinned, script

PEERS = tuple(dict.fromkeys(peer for case in CASES.values() for peer in case.peers))
BUSY = (
    "The machine was busy: milliseconds and rates are too bad, and CPU per event is too good"
    " (late events share a wake-up)."
)
Say = Callable[[str], None]


def start_peer(name: str, place: Place, session: Session, profile: Path | None) -> Peer:
    """Starts one gateway, ours several times to measure that, and leaves it running."""
    starts = 1 if name in OTHERS else session.sizes.starts
    start_seconds: list[float] = []
    for _ in range(starts - 1):
        process = place.start(name)
        start_seconds.append(process.start_seconds)
        process.end()
    process = place.start(name, profile)
    peer = Peer(name, Target(process.base_url, model_of(name), TOKEN), process)
    if profile is None:
        start_seconds.append(process.start_seconds)
    session.samples.add(peer, "start_seconds", *start_seconds)
    return peer


def measure(case: Case, names: list[str], sizes: Sizes, profile: Path | None, say: Say) -> Session:
    """Starts everything, measures one case, and ends everything."""
    load_cpus, peer_cpus = choose_cpus()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="understudy-bench-")))
        stack.enter_context(pinned(load_cpus))
        mock = Process([sys.executable, script("mock_upstream.py")], os.environ, load_cpus)
        stack.callback(mock.end)
        place = Place(case, mock.base_url, home, peer_cpus)
        session = Session(case, sizes, Control(mock.base_url), say)
        peers: list[Peer] = []
        for name in names:
            if name == DIRECT:
                target = Target(mock.base_url, dialect=case.upstream)
                peers.append(Peer(name, target, None))
                continue
            try:
                peer = start_peer(name, place, session, profile)
            except StartError as failure:
                if name not in OTHERS:
                    raise
                session.faults[name] = [f"it did not start: {failure}"]
                continue
            assert peer.process is not None
            ended_by = signal.SIGTERM if profile is None else signal.SIGINT
            stack.callback(peer.process.end, ended_by)
            peers.append(peer)
            say(f"{case.name}: {name} is ready")
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
        "--case",
        default=",".join(CASES),
        type=names_of(CASES),
        help="pairs of client and upstream (default: %(default)s)",
    )
    parser.add_argument(
        "--peers",
        default=",".join(PEERS),
        type=names_of(PEERS),
        help="which to measure, as far as they are installed (default: %(default)s)",
    )
    return parser.parse_args()


def names_of(known: Iterable[str]) -> Callable[[str], list[str]]:
    """Returns a reader of comma-separated names, which puts them in the known order."""

    def read(text: str) -> list[str]:
        given = set(text.split(","))
        if unknown := given - set(known):
            names = ", ".join(sorted(unknown))
            raise argparse.ArgumentTypeError(f"unknown {names}; known: {', '.join(known)}")
        return [name for name in known if name in given]

    return read


def run(arguments: argparse.Namespace, sizes: Sizes, say: Say) -> list[Session]:
    """Measures each case that was asked for, and prints its table as soon as it is there."""
    sessions: list[Session] = []
    left_out = {name: why for name in arguments.peers if (why := missing(name))}
    for name, why in left_out.items():
        print(f"{name} is left out: {why}")
    for case in (CASES[name] for name in arguments.case):
        names = [name for name in case.peers if name in arguments.peers and name not in left_out]
        profile: Path | None = arguments.profile and arguments.profile.resolve() / case.name
        if profile is not None:
            profile.mkdir(parents=True, exist_ok=True)
        session = measure(case, names, sizes, profile, say)
        print(f"\n{case.name}: {case.title}; load average now {os.getloadavg()[0]:.1f}")
        print(report.make_table(case, session.samples, names))
        for name, faults in session.faults.items():
            print(f"{name} is wrong: {'; '.join(faults)}")
        sys.stdout.flush()
        sessions.append(session)
    return sessions


def results_of(session: Session) -> dict[str, object]:
    """Returns everything measured in one case, as data."""
    samples = session.samples
    return {
        "summary": report.summarize(session.case, samples, list(samples.values)),
        "wrong": session.faults,
        "samples": {
            peer: {name: [report.finite(value) for value in values] for name, values in of.items()}
            for peer, of in samples.values.items()
        },
    }


def main() -> int:
    """Runs the benchmark; returns the exit status."""
    arguments = parse_arguments()
    sizes = QUICK if arguments.quick else Sizes()
    sizes = replace(
        sizes,
        rounds=arguments.rounds or sizes.rounds,
        aborts=sizes.aborts if arguments.aborts is None else arguments.aborts,
    )
    machine = describe_machine()
    started_at = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - started_at:6.1f} s  {what}", file=sys.stderr, flush=True)

    print(", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in machine.items()))
    try:
        sessions = run(arguments, sizes, say)
    except (LoadError, StartError, OSError, TimeoutError) as failure:
        print(f"bench/gateway.py: {type(failure).__name__}: {failure}", file=sys.stderr)
        return 1
    if os.getloadavg()[0] > (os.cpu_count() or 1):
        print(BUSY)
    if arguments.json:
        cases = {session.case.name: results_of(session) for session in sessions}
        results = {"machine": machine, "sizes": asdict(sizes), "cases": cases}
        arguments.json.write_text(
            json.dumps(results, indent=1, allow_nan=False) + "\n", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
