"""`models pull` as a process: killed in the middle, stopped by a signal and by Esc, two at once.

A range of each connection at most comes twice after a kill; after a stop, next to nothing.
"""

from __future__ import annotations

import hashlib
import os
import pty
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import psutil
import pytest
from understudy.protocols.models.hub_ranges import CONNECTIONS, RANGE_BYTES

ROOT = Path(__file__).parents[2]
SIZE_BYTES = 10 * RANGE_BYTES
PIECE_BYTES, PIECE_SECONDS = 256 * 1024, 0.016
"""What the hub's second host sends at a time, and how long it then rests."""
SECONDS_MAX = 60.0
ON_THE_WAY_BYTES_MAX = CONNECTIONS * 8 * 2**20
"""What may have left the server and not have reached the client that was stopped."""
PULL = ("-m", "understudy", "models", "pull", "a/b")


class Hub:
    """The hub's process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert process.stdout is not None
        self.url, self.digest, size = process.stdout.readline().split()
        self.size_bytes = int(size)

    def ask(self, line: str) -> int:
        """Says a line; the bytes that the second host has sent by then."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def serving() -> Generator[Hub]:
    """Runs the hub around the block."""
    words = [str(each) for each in (SIZE_BYTES, PIECE_BYTES, PIECE_SECONDS)]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.models_hub.serve", *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Hub(process)
        finally:
            process.kill()


@attrs.frozen
class Pulls:
    """Starts pulls of the hub's model into a home of the test's own."""

    hub: Hub
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "UNDERSTUDY_HOME": str(self.home / "house"),
            "HF_ENDPOINT": self.hub.url,
        }

    @property
    def folder(self) -> Path:
        """The repository's."""
        return self.home / "house" / "data" / "models" / "a" / "b"

    def start(self) -> subprocess.Popen[str]:
        """Starts a pull without a terminal."""
        return subprocess.Popen(
            [sys.executable, *PULL, "--yes", "--no-import"],
            env=self.environment,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def comes_whole(self) -> int:
        """Runs a pull to its end; how much the server has sent for it."""
        before = self.hub.ask("fast")
        status, told = ended(self.start())
        assert status == 0, told
        with (self.folder / "m-Q4_K_M.gguf").open("rb") as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() == self.hub.digest
        assert not list(self.folder.glob("*.part"))
        return self.hub.ask("sent") - before


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Waits for its end; its exit status and what it said."""
    _, told = process.communicate(timeout=SECONDS_MAX)
    return process.returncode, told


@pytest.fixture
def pulls(tmp_path: Path) -> Iterator[Pulls]:
    """A hub that sends about 60 MB a second, and a home."""
    with serving() as hub:
        yield Pulls(hub, tmp_path)


@pytest.mark.parametrize("share", [0.3, 0.55, 0.8])
def test_a_kill_costs_a_range_of_each_connection_at_most(pulls: Pulls, share: float) -> None:
    first = pulls.start()
    pulls.hub.ask(f"wait {int(share * SIZE_BYTES)}")
    first.kill()
    ended(first)
    sent_before = pulls.hub.ask("sent")
    sent = pulls.comes_whole()
    assert sent < pulls.hub.size_bytes or share < 0.4, "what was done was fetched again"
    twice = sent_before + sent - pulls.hub.size_bytes
    assert twice <= CONNECTIONS * RANGE_BYTES + ON_THE_WAY_BYTES_MAX


def test_each_kill_leaves_less_to_fetch(pulls: Pulls) -> None:
    for _ in range(2):
        process = pulls.start()
        before = pulls.hub.ask("sent")
        pulls.hub.ask(f"wait {before + CONNECTIONS * RANGE_BYTES + 2**24}")
        process.kill()
        ended(process)
    assert pulls.comes_whole() < pulls.hub.size_bytes // 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_keeps_all_that_has_come(pulls: Pulls, number: signal.Signals) -> None:
    process = pulls.start()
    pulls.hub.ask(f"wait {SIZE_BYTES // 2}")
    process.send_signal(number)
    status, told = ended(process)
    assert status == 130
    assert "this goes on with it: understudy models pull a/b --yes --no-import" in told
    sent_before = pulls.hub.ask("sent")
    twice = sent_before + pulls.comes_whole() - pulls.hub.size_bytes
    assert twice <= ON_THE_WAY_BYTES_MAX


def test_two_pulls_of_one_file_do_not_fight(pulls: Pulls) -> None:
    first = pulls.start()
    pulls.hub.ask(f"wait {RANGE_BYTES}")
    status, told = ended(pulls.start())
    assert status == 1
    assert "another pull fetches this file" in told
    first.send_signal(signal.SIGINT)
    assert ended(first)[0] == 130
    pulls.comes_whole()


def test_a_pull_takes_little_memory(pulls: Pulls) -> None:
    process = pulls.start()
    pulls.hub.ask(f"wait {SIZE_BYTES // 2}")
    memory_bytes = psutil.Process(process.pid).memory_info().rss
    process.kill()
    ended(process)
    assert memory_bytes < 120 * 2**20


def test_esc_stops_it_and_the_terminal_is_as_it_was(pulls: Pulls) -> None:
    keys, terminal = pty.openpty()
    before = termios.tcgetattr(terminal)
    process = subprocess.Popen(
        ["setsid", "--ctty", "--wait", sys.executable, *PULL],
        env=pulls.environment,
        cwd=pulls.home,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    screen = Screen(keys)
    try:
        screen.shows(b"Fetch ")
        os.write(keys, b"y\n")
        pulls.hub.ask(f"wait {SIZE_BYTES // 4}")
        screen.shows(b"MB/s")
        os.write(keys, b"\x1b[A")  # an arrow, which begins as Esc does
        pulls.hub.ask(f"wait {SIZE_BYTES // 2}")
        os.write(keys, b"\x1b")
        screen.shows(b"goes on with it")
        assert process.wait(SECONDS_MAX) == 130
        assert termios.tcgetattr(terminal) == before
    finally:
        process.kill()
        os.close(keys)
        os.close(terminal)
    assert pulls.comes_whole() < 0.7 * SIZE_BYTES


class Screen:
    """What a terminal has shown."""

    def __init__(self, keys: int) -> None:
        self._keys = keys
        self._shown = b""

    def shows(self, words: bytes) -> None:
        """Waits until it shows this."""
        while words not in self._shown:
            ready, _, _ = select.select([self._keys], [], [], SECONDS_MAX)
            assert ready, self._shown[-2_000:]
            self._shown += os.read(self._keys, 65_536)
