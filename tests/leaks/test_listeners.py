"""The token is shown to a listener of this user alone, where the server keeps to itself."""

from __future__ import annotations

import os
import socket
from typing import NoReturn

import psutil
import pytest
from understudy.io.cli.server import is_its_own
from understudy.io.listeners import TABLES, listeners_on, user_listens
from understudy.io.server_file import RunningServer

TABLE = """  sl  local_address rem_address   st and what else the kernel tells
   0: 0100007F:1CA9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 35 1
   1: 0100007F:1CA9 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000  1001        0 36 1
   2: 0100007F:1CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1002        0 37 1
"""


def test_only_listeners_on_the_port_count() -> None:
    assert listeners_on(0x1CA9, TABLE) == {1000}
    assert listeners_on(0x1CAA, TABLE) == {1002}
    assert listeners_on(0xD2F0, TABLE) == set()


@pytest.mark.skipif(not TABLES[0].exists(), reason="reads Linux' /proc")
def test_a_listener_of_ours_is_seen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert user_listens(port)
        assert listeners_on(port, TABLES[0].read_text()) == {os.geteuid()}
    assert not user_listens(port)


@pytest.mark.skipif(not TABLES[0].exists(), reason="reads Linux' /proc")
def test_a_server_that_keeps_to_itself_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_process: psutil.Process, kind: str) -> NoReturn:
        raise psutil.AccessDenied(1, msg=kind)

    monkeypatch.setattr(psutil.Process, "net_connections", refuse)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        note = RunningServer(address, os.getpid(), "1", "settings.toml")
        assert is_its_own(note)
    assert not is_its_own(note)
