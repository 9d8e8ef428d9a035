"""The running server: the token is shown to nobody else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from understudy.io.cli.errors import Failed
from understudy.io.cli.server import Server, ServerStatus, find_server
from understudy.io.folders import Folders
from understudy.io.server_file import RunningServer
from understudy.io.token import ServerToken

from .peer import playing
from .stage import TOKEN


def claim(folder: Path, address: str, process_id: int) -> Folders:
    """Leaves a note which says that a process serves at an address."""
    folders = Folders.from_environment({"UNDERSTUDY_HOME": str(folder)})
    folders.state_dir.mkdir(parents=True)
    note = RunningServer(address, process_id, "0")
    folders.server_file.write_text(json.dumps(note._asdict()))
    return folders


def test_a_port_of_another_process_is_not_asked(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        with playing() as peer:
            folders = claim(tmp_path, peer.url, other.pid)
            assert find_server(folders, ServerToken(TOKEN)) is None
            assert peer.keys == []
        other.communicate()


def test_a_program_that_is_no_understudy_does_not_see_the_token(tmp_path: Path) -> None:
    with playing() as peer:
        folders = claim(tmp_path, peer.url, os.getpid())
        assert find_server(folders, ServerToken(TOKEN)) is None
        assert len(peer.keys) == 1  # /healthz, which carries no token


def test_a_wrong_answer_is_told() -> None:
    with playing() as peer, pytest.raises(Failed, match="does not answer as Understudy does"):
        Server(peer.url, ServerToken(TOKEN)).read("/status.json", ServerStatus)
