"""The processes of a benchmark: started pinned to a CPU, waited for, weighed, and ended.

The load (client and mock upstream) has one CPU and the peer under test another, where there are
two and the system can pin; a child inherits the affinity its parent has while starting it. CPU and
memory are those of a whole process tree.
"""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil

READY_SECONDS_MAX = 120.0
POLL_SECONDS = 0.02
END_SECONDS_MAX = 10.0
READY_PREFIX = "ready http://"
MEGABYTE = 1_000_000


class StartError(Exception):
    """A process did not come up; the message holds the end of what it said."""


@dataclass(frozen=True)
class Memory:
    """Megabytes (10^6) of a process tree: resident (shared pages count per process), and unique."""

    resident_megabytes: float
    unique_megabytes: float


def choose_cpus() -> tuple[set[int], set[int]]:
    """Returns the CPUs for the load and for the peer; empty sets where nothing can be pinned."""
    if not hasattr(os, "sched_getaffinity"):
        return set(), set()
    cpus = sorted(os.sched_getaffinity(0))
    return ({cpus[0]}, {cpus[1]}) if len(cpus) > 1 else (set(), set())


@contextmanager
def pinned(cpus: set[int]) -> Generator[None]:
    """Runs a block, and what it starts, on these CPUs; does nothing for an empty set."""
    if not cpus or not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cpus)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Process:
    """A server that says `ready http://HOST:PORT` on its standard output when it listens.

    One that does not say so is asked: `health_url` is where it answers as soon as it is ready.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        cpus: set[int],
        health_url: str = "",
    ) -> None:
        """Starts it and waits until it is ready; raises StartError."""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `end`)
        self._lines: queue.Queue[str | None] = queue.Queue()
        started_at = time.monotonic()
        with pinned(cpus):
            self._child = subprocess.Popen(
                command,
                env=environment,
                cwd=tempfile.gettempdir(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                text=True,
            )
        threading.Thread(target=self._read_lines, daemon=True).start()
        deadline = started_at + READY_SECONDS_MAX
        try:
            self.base_url = (
                self._wait_healthy(health_url, deadline)
                if health_url
                else self._wait_ready(deadline)
            )
        except BaseException:
            self.end()
            raise
        self.start_seconds = time.monotonic() - started_at

    def cpu_seconds(self) -> float:
        """Returns the CPU time, user and system, that the tree has used so far."""
        total = 0.0
        for process in self._tree():
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
        return total

    def own_cpu_seconds(self) -> float:
        """Returns the CPU time of the process alone, by its own clock where there is one.

        Linux keeps it to the nanosecond, where its counters have steps of 10 ms; the number of the
        clock is that of clock_getcpuclockid(3).
        """
        try:
            return time.clock_gettime((~self._child.pid << 3) | 2)
        except (AttributeError, OSError):
            return self.cpu_seconds()

    @property
    def process_id(self) -> int:
        """The process that was started, without its children."""
        return self._child.pid

    def memory(self) -> Memory:
        """Weighs the tree now."""
        resident = unique = 0
        for process in self._tree():
            with suppress(psutil.NoSuchProcess):
                full = process.memory_full_info()
                resident += full.rss
                unique += full.uss
        return Memory(resident / MEGABYTE, unique / MEGABYTE)

    def end(self, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """Ends it by a signal, and kills what is left of its tree after END_SECONDS_MAX."""
        tree = self._tree()
        if self._child.poll() is None:
            self._child.send_signal(with_signal)
        _, left = psutil.wait_procs(tree, timeout=END_SECONDS_MAX)
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._child.wait()
        self._errors.close()

    def _tree(self) -> list[psutil.Process]:
        try:
            root = psutil.Process(self._child.pid)
            return [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def _read_lines(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _wait_ready(self, deadline: float) -> str:
        line: str | None = ""
        while line is not None and not line.startswith(READY_PREFIX):
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                line = None
        if line is None:
            raise self._not_ready("no ready line")
        return line.split()[1]

    def _wait_healthy(self, health_url: str, deadline: float) -> str:
        while time.monotonic() < deadline and self._child.poll() is None:
            with suppress(OSError), urllib.request.urlopen(health_url, timeout=1.0):
                parts = urlsplit(health_url)
                return f"{parts.scheme}://{parts.netloc}"
            time.sleep(POLL_SECONDS)
        raise self._not_ready("no answer")

    def _not_ready(self, what: str) -> StartError:
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace")[-2000:].strip()
        state = self._child.poll()
        return StartError(f"{what} (exit status {state}); it said: {said or 'nothing'}")


def free_port() -> int:
    """Returns a port of loopback on which nobody listens now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def script(name: str) -> str:
    """Returns the path of a program in this folder."""
    return str(Path(__file__).parent / name)
