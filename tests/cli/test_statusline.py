"""The line below the client's prompt: its words, its width, and that it never makes a fuss."""

from __future__ import annotations

import json
import os
import re
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from understudy.io.cli import session_line
from understudy.io.cli.session_line import (
    BAD_INPUT,
    COLUMNS_MAX,
    NO_ANSWER,
    NOT_RUNNING,
    Conversation,
    Usage,
    line,
    status_line,
)
from understudy.io.server_file import RunningServer

from .stage import TOKEN, Stage

LOCAL = Conversation("local/qwen3-coder-30b", context_tokens=65_536, tokens_per_second=31.4)
SAID = {"session_id": "s-1", "context_window": {"current_usage": {"input_tokens": 47_000}}}


def plain(told: Conversation, read_tokens: int = 0) -> str:
    return line(told, Usage(read_tokens), coloured=False)


@pytest.mark.parametrize(
    ("told", "read_tokens", "words"),
    [
        (LOCAL, 48_128, "local/qwen3-coder-30b · 47K of 64K (73%) · 31 tok/s"),
        (Conversation("work/m"), 0, "work/m"),
        (Conversation("work/m"), 1_234_000, "work/m · 1.2M used"),
        (Conversation("work/m", context_tokens=200_000), 0, "work/m · 200K window"),
        (Conversation("work/m", used_tokens=900), 0, "work/m · 900 used"),
        (Conversation("work/m", tokens_per_second=2.25), 0, "work/m · 2.2 tok/s"),
        (
            Conversation("work/m", once=True, private=True, state="resting"),
            0,
            "work/m · resting · once · private",
        ),
        (Conversation("work/m", state="idle"), 0, "work/m"),
        (Conversation("work/\x1b[31mm"), 0, "work/?[31mm"),
    ],
)
def test_the_words(told: Conversation, read_tokens: int, words: str) -> None:
    assert plain(told, read_tokens) == words


def test_the_client_s_own_count_comes_before_the_server_s() -> None:
    told = Conversation("m/m", context_tokens=100_000, used_tokens=90_000)
    usage = Usage(1_000, 2_000, 3_000, 4_000)
    assert line(told, usage, coloured=False) == "m/m · 10K of 100K (10%)"


def test_it_is_never_wider_than_a_terminal_and_the_place_gives_way() -> None:
    told = Conversation(
        "provider/" + "m" * 200 + "-q4", False, 65_536, 0, 31.0, "on trial", private=True
    )
    shown = plain(told, 65_000)
    assert len(shown) == COLUMNS_MAX
    assert shown.startswith("provider/mmm")
    assert "-q4 · 63K of 64K (99%)" in shown


@pytest.mark.parametrize(
    ("read", "colour"), [(10_000, ""), (50_000, "\x1b[33m"), (64_000, "\x1b[31m")]
)
def test_a_full_window_is_coloured(read: int, colour: str) -> None:
    shown = line(LOCAL, Usage(read), coloured=True)
    assert f"{colour}{plain(LOCAL, read).split(' · ')[1]}" in shown
    assert re.sub(r"\x1b\[\d+m", "", shown) == plain(LOCAL, read)


@pytest.mark.parametrize("piped", [b"", b"nonsense", b"[]", b'{"session_id": 1}', b"\xff"])
def test_what_is_no_session_is_said_in_a_few_words(piped: bytes) -> None:
    assert status_line({}, piped) == BAD_INPUT


@contextmanager
def server(answer: bytes) -> Generator[tuple[int, list[bytes]]]:
    """A listener that answers one request by these bytes, and keeps what it was sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(5)
                heard.append(connection.recv(65_536))
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1], heard
        finally:
            thread.join()


def environment(folder: Path, port: int) -> dict[str, str]:
    """A home with the note of a server in this process."""
    note = RunningServer(f"http://127.0.0.1:{port}", os.getpid(), "1")
    (folder / "state").mkdir()
    (folder / "state" / "server.json").write_text(json.dumps(note._asdict()))
    return {"UNDERSTUDY_HOME": str(folder), "UNDERSTUDY_TOKEN": TOKEN}


def http(body: Any, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nx: y\r\n\r\n{json.dumps(body)}".encode()


def test_it_asks_the_server_about_this_session(tmp_path: Path) -> None:
    with server(http({"place": "work/m", "more": 1})) as (port, heard):
        shown = status_line(environment(tmp_path, port), json.dumps(SAID).encode())
    assert shown == "work/m · 47K used"
    head = heard[0].decode()
    assert head.startswith("GET /conversation.json?session=s-1&read=47000 HTTP/1.1\r\n")
    assert f"authorization: Bearer {TOKEN}\r\n" in head


def test_a_speed_may_be_a_whole_number_and_a_wrong_type_is_none() -> None:
    body = {"place": "work/m", "tokens_per_second": 31, "context_tokens": "x", "once": 1}
    told = Conversation.read(json.dumps(body).encode())
    assert told == Conversation("work/m", tokens_per_second=31.0)


def test_a_session_s_id_cannot_leave_its_place_in_the_request(tmp_path: Path) -> None:
    odd = {"session_id": "a b\r\nx: y&read=1/../\x00" + "c" * 500}
    with server(http({"place": "work/m"})) as (port, heard):
        status_line(environment(tmp_path, port), json.dumps(odd).encode())
    session = b"abx:yread1.." + b"c" * 116
    first = heard[0].split(b"\r\n")[0]
    assert first == b"GET /conversation.json?session=%b&read=0 HTTP/1.1" % session
    assert len(session) == 128


@pytest.mark.parametrize(
    "answer", [b"", b"nonsense", http({}, "403 No"), http([]), http({}), b"HTTP/1.1 200 OK\r\n\r\n"]
)
def test_a_server_that_does_not_answer_is_told(answer: bytes, tmp_path: Path) -> None:
    with server(answer) as (port, _):
        assert status_line(environment(tmp_path, port), json.dumps(SAID).encode()) == NO_ANSWER


def test_it_does_not_wait_for_a_server_that_is_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_line, "DEADLINE_SECONDS", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        environ = environment(tmp_path, silent.getsockname()[1])
        assert status_line(environ, json.dumps(SAID).encode()) == NO_ANSWER


def not_ours(_note: RunningServer) -> bool:
    return False


def test_no_server_and_another_user_s_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = json.dumps(SAID).encode()
    assert status_line({"UNDERSTUDY_HOME": str(tmp_path)}, said) == NOT_RUNNING
    with socket.create_server(("127.0.0.1", 0)) as listener:
        environ = environment(tmp_path, listener.getsockname()[1])
        monkeypatch.setattr(session_line, "_is_ours", not_ours)
        assert status_line(environ, said) == NOT_RUNNING
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_token_that_cannot_be_used_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        environ = environment(tmp_path, listener.getsockname()[1]) | {"UNDERSTUDY_TOKEN": "sh/rt"}
        shown = status_line(environ, json.dumps(SAID).encode())
    assert shown.startswith("understudy: $UNDERSTUDY_TOKEN")
    assert len(shown) <= COLUMNS_MAX


def test_the_line_is_utf_8_in_any_locale(stage: Stage) -> None:
    odd = {
        "PYTHONIOENCODING": "ascii:strict",
        "UNDERSTUDY_HOME": "~nobody-of-this-name-that-is-long/x",
    }
    ran = stage.run("statusline", piped=json.dumps(SAID), **odd)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.endswith("annot be expanded; write the whole path\n")
    assert "\N{HORIZONTAL ELLIPSIS}" in ran.stdout


def test_the_command_loads_nothing_heavy_and_ends_well(stage: Stage) -> None:
    ran = stage.run("statusline", piped=json.dumps(SAID), PYTHONPROFILEIMPORTTIME="1")
    assert (ran.returncode, ran.stdout) == (0, NOT_RUNNING + "\n")
    loaded = {text.rpartition("|")[2].strip() for text in ran.stderr.splitlines()}
    heavy = {"trio", "psutil", "http.client", "httpx", "rich", "cryptography", "keyring", "ssl"}
    heavy |= {"click", "attr", "attrs", "msgspec", "inspect", "dataclasses", "hashlib", "base64"}
    assert "understudy.io.listeners" in loaded
    assert "understudy.io.cli.main" not in loaded
    assert loaded & heavy == set()
