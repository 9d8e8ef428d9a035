"""`understudy memory`: where its report comes from, and how one leaves what is shown live."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import subprocess
import sys
import termios
from typing import Any, cast

import attrs
import psutil
import pytest
from understudy.io.cli import memory
from understudy.io.cli.errors import Failed
from understudy.io.cli.memory import MemoryStatus, Seen, look
from understudy.io.cli.server import Server
from understudy.io.folders import Folders
from understudy.protocols.resources.report import MemoryReport

from .memory_reports import BUSY
from .stage import SECONDS_MAX, Stage
from .test_output import on_a_terminal

ADDRESS = "http://127.0.0.1:7337"


@attrs.frozen
class Running:
    """A server that tells what was planted, or does not answer."""

    report: MemoryReport | None
    gone: bool = False
    address: str = ADDRESS

    def read(self, path: str, kind: type[Any]) -> MemoryStatus:
        """Answers the one question that is asked."""
        assert (path, kind) == ("/status.json", MemoryStatus)
        if self.gone:
            raise Failed(f"the server at {ADDRESS} does not answer")
        return MemoryStatus(self.report)


@pytest.fixture
def folders(stage: Stage, environ: dict[str, str]) -> Folders:
    return Folders.from_environment(environ)


def running(monkeypatch: pytest.MonkeyPatch, server: Running) -> None:
    def found(folders: Folders) -> Server:
        return cast(Server, server)

    monkeypatch.setattr(memory, "running_server", found)


def test_without_a_server_the_machine_itself_is_read(stage: Stage) -> None:
    ran = stage.run("memory")
    assert ran.returncode == 0
    assert ran.stdout.startswith("Memory: ")
    assert "No model is loaded." in ran.stdout
    assert ran.stderr == "understudy: no server runs; this is the machine as it is\n"
    assert not stage.home.exists()


def test_json_is_the_report_as_the_server_would_give_it(stage: Stage) -> None:
    ran = stage.run("memory", "--json")
    found = json.loads(ran.stdout)
    assert (found["server"], ran.stderr) == (None, "")
    assert found["memory"]["reading"]["total_bytes"] <= psutil.virtual_memory().total
    assert found["memory"]["leases"] == []


def test_a_running_server_is_asked(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    running(monkeypatch, Running(BUSY))
    assert look(folders) == Seen(BUSY, f"the server at {ADDRESS}", ADDRESS)


def test_a_server_that_does_not_tell_is_no_reason_to_say_nothing(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    running(monkeypatch, Running(None))
    seen = look(folders)
    assert seen.remark == f"the server at {ADDRESS} does not tell of memory just now"
    assert (seen.address, seen.report.leases) == ("", ())
    assert seen.report.reading.total_bytes > 0


def test_one_that_stops_while_it_is_watched_is_told(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    running(monkeypatch, Running(None, gone=True))
    with pytest.raises(Failed):
        look(folders)
    seen = memory.look_again(folders)
    assert seen.remark == f"the server at {ADDRESS} does not answer"


def test_a_real_server_is_found_by_its_note(stage: Stage) -> None:
    with stage.serving() as server:
        ran = stage.run("memory")
    assert server.address in ran.stderr
    assert ran.stdout.startswith("Memory: ")


def test_once_is_once_on_a_terminal_too(stage: Stage) -> None:
    shown = on_a_terminal(stage, "memory", "--once")
    assert "\x1b[1mMemory: \x1b[0m\x1b[3" in shown
    assert "No model is loaded." in shown


@pytest.mark.parametrize("key", [b"q", b"\x1b", b"\x03"])
def test_a_key_leaves_and_the_terminal_is_as_it_was(stage: Stage, key: bytes) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "understudy", "memory"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=stage.folder,
        env=stage.environment | {"COLUMNS": "90", "LINES": "24"},
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(theirs, termios.TIOCSCTTY, 0),
    )
    before = termios.tcgetattr(theirs)
    shown = b""
    while b"q leaves" not in shown:
        shown += os.read(ours, 65_536)
    os.write(ours, key)
    while b"\x1b[?1049l" not in shown:
        shown += os.read(ours, 65_536)
    assert process.wait(SECONDS_MAX) == 0
    assert termios.tcgetattr(theirs) == before
    os.close(ours)
    os.close(theirs)
