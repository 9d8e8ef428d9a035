"""Whose port it is, and that the token is shown to nobody else."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from understudy.io import listeners
from understudy.io.cli.server import Server, ServerStatus, find_server, is_its_own
from understudy.io.cli.token import command as token_command
from understudy.io.discovery import port_owner
from understudy.io.folders import Folders
from understudy.io.server_file import RunningServer
from understudy.io.service.holder import foreign_holder, holder, settings_port
from understudy.io.token import ServerToken

TOKEN = "planted-token-0123456789"
STRANGER = os.geteuid() + 54_321
LINE = "   0: 0100007F:{port:04X} 00000000:0000 0A 0:0 0:0 0 {user} 0 35 1\n"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders.from_environment({"UNDERSTUDY_HOME": str(tmp_path / "home")})


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        opened.settimeout(5)
        yield opened


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listener: socket.socket) -> Path:
    """The kernel's table, in which the listener is another user's."""
    table = tmp_path / "tcp"
    table.write_text("header\n" + LINE.format(port=port_of(listener), user=STRANGER))
    monkeypatch.setattr(listeners, "TABLES", (table,))
    monkeypatch.setattr(port_owner, "SOCKET_TABLES", (table,))
    monkeypatch.setattr(port_owner, "platform", lambda: "linux")
    return table


def port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


def claim(folders: Folders, port: int) -> RunningServer:
    """Leaves the note of a server in this process."""
    note = RunningServer(f"http://127.0.0.1:{port}", os.getpid(), "1.2", "s.toml")
    folders.server_file.parent.mkdir(parents=True)
    folders.server_file.write_text(json.dumps(note._asdict()))
    return note


def test_nothing_is_sent_to_another_user_s_listener(listener: socket.socket, tables: Path) -> None:
    server = Server(f"http://127.0.0.1:{port_of(listener)}", ServerToken(TOKEN))
    with pytest.raises(Exception, match="another user's program listens at port"):
        server.read("/status.json", ServerStatus)
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(5)
        assert connection.recv(1_000) == b""


def test_a_process_of_another_user_s_is_not_our_server(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch, folders: Folders
) -> None:
    note = claim(folders, port_of(listener))
    assert is_its_own(note)
    monkeypatch.setattr(os, "geteuid", lambda: STRANGER)
    assert not is_its_own(note)
    assert find_server(folders, ServerToken(TOKEN)) is None


def test_the_token_is_not_printed_while_somebody_else_listens_at_its_port(
    listener: socket.socket,
    tables: Path,
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folders.settings_file.parent.mkdir(parents=True)
    folders.settings_file.write_text(f"[server]\nport = {port_of(listener)}\n")
    monkeypatch.setenv("UNDERSTUDY_HOME", str(folders.settings_file.parent))
    monkeypatch.setenv("UNDERSTUDY_TOKEN", TOKEN)
    refused = CliRunner().invoke(token_command)
    assert refused.exit_code == 2
    assert TOKEN not in refused.output
    assert f"port {port_of(listener)}, where another user's program listens" in refused.output
    tables.write_text("header\n" + LINE.format(port=port_of(listener), user=os.getuid()))
    assert CliRunner().invoke(token_command).output.strip() == TOKEN


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"])
def test_the_token_is_not_printed_for_an_address_where_somebody_else_listens(
    listener: socket.socket,
    tables: Path,
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
) -> None:
    monkeypatch.setenv("UNDERSTUDY_HOME", str(folders.settings_file.parent))
    monkeypatch.setenv("UNDERSTUDY_TOKEN", TOKEN)
    port = port_of(listener)
    refused = CliRunner().invoke(token_command, ["--for", f"http://{host}:{port}"])
    assert refused.exit_code == 2
    assert TOKEN not in refused.output
    assert f"port {port}, where another user's program listens" in refused.output
    for other in (f"http://127.0.0.1:{port + 1}", f"http://far.example:{port}"):
        assert CliRunner().invoke(token_command, ["--for", other]).output.strip() == TOKEN


@pytest.mark.parametrize("address", ["127.0.0.1:9", "http://", "ftp://a:9", "http://a:99999"])
def test_what_is_no_address_gets_no_token(
    address: str, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNDERSTUDY_HOME", str(folders.settings_file.parent))
    monkeypatch.setenv("UNDERSTUDY_TOKEN", TOKEN)
    refused = CliRunner().invoke(token_command, ["--for", address])
    assert refused.exit_code == 2
    assert "--for" in refused.output
    assert TOKEN not in refused.output


def test_the_holder_of_a_port_is_named(
    listener: socket.socket, tables: Path, folders: Folders
) -> None:
    port = port_of(listener)
    assert f"({STRANGER})" in foreign_holder(port)
    assert holder(port, folders).startswith("it is held by another user's program")
    tables.write_text("header\n" + LINE.format(port=port, user=os.getuid()))
    assert foreign_holder(port) == ""
    assert holder(port, folders).startswith("another program of yours listens there")
    claim(folders, port)
    assert holder(port, folders) == (
        f"Understudy 1.2 runs at http://127.0.0.1:{port} (process {os.getpid()}, settings s.toml)"
    )
    tables.write_text("header\n")
    assert holder(port, folders) == ""


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("[server]\nport = 1234\n", 1234),
        ("", 7337),
        ("[server]\nport = 'x'\n", 7337),
        ("nonsense", 7337),
        ("server = 1\n", 7337),
    ],
)
def test_the_port_is_read_from_settings_with_mistakes_too(
    text: str, port: int, tmp_path: Path
) -> None:
    file = tmp_path / "settings.toml"
    assert settings_port(file) == 7337
    file.write_text(text)
    assert settings_port(file) == port
