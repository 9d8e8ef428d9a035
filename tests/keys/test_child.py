"""The process that asks the keychain: what it is given, what it may say, and that it ends."""

from __future__ import annotations

import ast
import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import msgspec
import psutil
import pytest
import trio
from understudy.io.keychain.child_process import COMMAND, ENVIRONMENT_KEPT, child_environment
from understudy.io.keychain.messages import (
    MESSAGE_BYTES_MAX,
    BadMessage,
    Kept,
    Told,
    Wish,
    framed,
    length_of,
)
from understudy.io.keychain.os_keychain import (
    ANSWER_SECONDS,
    PROMPT_SECONDS,
    OsKeychain,
    patience_seconds,
)
from understudy.io.keychain.words import failure
from understudy.io.ports import KeptKey, KeychainError
from understudy.protocols.secret import Secret

KEY = "sk-planted-0123456789"
PLAYED = """
import json, os, pathlib, struct, subprocess, sys, time
head = sys.stdin.buffer.read(4)
wish = json.loads(sys.stdin.buffer.read(struct.unpack(">I", head)[0]))
given = [sys.argv, dict(os.environ), os.getpid(), os.getsid(0)]
pathlib.Path({notes!r}).write_text(json.dumps(given))
def tell(**told):
    body = json.dumps(told).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(body)) + body)
    sys.stdout.flush()
{script}
"""


class Played:
    """A keychain whose process is played by a script."""

    def __init__(self, folder: Path, script: str, seconds: float = 10.0) -> None:
        self.notes = folder / "notes.json"
        text = PLAYED.format(notes=str(self.notes), script=script)
        environ = {**os.environ, "WORK_KEY": KEY, "UNDERSTUDY_TOKEN": "a-token-of-ours"}
        self.keychain = OsKeychain(environ, seconds, (sys.executable, "-IS", "-c", text))

    @property
    def process_id(self) -> int:
        return int(json.loads(self.notes.read_text())[2])


def noted(path: Path) -> str:
    """What a script has written so far."""
    return path.read_text() if path.exists() else ""


async def test_the_key_goes_through_the_pipe_and_nowhere_else(tmp_path: Path) -> None:
    kept = msgspec.json.encode(Kept(KEY, "h")).decode()
    played = Played(tmp_path, f"tell(outcome='done', kept={kept!r})")
    await played.keychain.write("work", KeptKey(Secret(KEY), "h"))
    assert await played.keychain.read("work") == KeptKey(Secret(KEY), "h")
    arguments, environ, process_id, session_id = json.loads(noted(played.notes))
    assert KEY not in json.dumps([arguments, environ])
    assert "a-token-of-ours" not in json.dumps(environ)
    assert set(environ) <= ENVIRONMENT_KEPT
    assert process_id == session_id
    assert not psutil.pid_exists(process_id)


def test_the_environment_is_a_list_of_what_is_let_through() -> None:
    given = {"HOME": "/h", "DBUS_SESSION_BUS_ADDRESS": "unix:x", "OPENAI_API_KEY": KEY, "X": "y"}
    assert child_environment(given) == {"HOME": "/h", "DBUS_SESSION_BUS_ADDRESS": "unix:x"}


@pytest.mark.parametrize(
    "script",
    [
        "sys.exit(7)",
        "os.kill(os.getpid(), 11)",
        "sys.stdout.write('Traceback')",
        "sys.stdout.buffer.write(struct.pack('>I', 2**30)); sys.stdout.flush()",
        "sys.stdout.buffer.write(struct.pack('>I', 9) + b'{}'); sys.stdout.flush()",
        "sys.stdout.buffer.write(struct.pack('>I', 4) + b'nope'); sys.stdout.flush()",
        "tell(outcome='perhaps')",
    ],
)
async def test_nonsense_is_an_error_and_no_key(tmp_path: Path, script: str) -> None:
    played = Played(tmp_path, script)
    with pytest.raises(KeychainError, match="ended without an answer"):
        await played.keychain.read("work")
    assert not psutil.pid_exists(played.process_id)


async def test_what_somebody_else_has_kept_under_our_name_is_no_key(tmp_path: Path) -> None:
    played = Played(tmp_path, "tell(outcome='done', kept='sk-not-json')")
    with pytest.raises(KeychainError, match="was not written by Understudy") as caught:
        await played.keychain.read("work")
    assert "sk-not-json" not in str(caught.value)


async def test_who_leaves_takes_the_process_and_its_children_along(tmp_path: Path) -> None:
    script = (
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(tmp_path / 'child')!r}).write_text(str(child.pid)); time.sleep(60)"
    )
    played = Played(tmp_path, script)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(played.keychain.read, "work")
        with trio.fail_after(10):
            while not noted(tmp_path / "child"):
                await trio.sleep(0.01)
        nursery.cancel_scope.cancel()
    child = int(noted(tmp_path / "child"))
    assert not psutil.pid_exists(played.process_id)
    with trio.fail_after(5):
        while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
            await trio.sleep(0.01)


async def test_a_question_that_nobody_answers_ends(tmp_path: Path) -> None:
    played = Played(tmp_path, "time.sleep(60)", seconds=0.5)
    with pytest.raises(KeychainError, match=r"did not answer within 0\.5 s") as caught:
        await played.keychain.read("work")
    assert caught.value.is_locked
    assert not psutil.pid_exists(played.process_id)


def test_the_real_process_goes_when_nobody_is_there_any_more() -> None:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(20) != 0


def test_the_backend_is_chosen_by_name() -> None:
    from understudy.io.keychain import backends

    tree = ast.parse(Path(backends.__file__).read_text())
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imported = {
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    assert "KeyringError" in imported
    assert "get_keyring" not in attributes | imported
    assert sorted(backends.BACKENDS) == ["darwin", "linux"]


def test_a_system_without_a_keychain_says_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from understudy.io.keychain import backends

    monkeypatch.setattr(sys, "platform", "plan9")
    told = backends.perform(Wish("read", "work"))
    assert (told.outcome, told.reason) == ("failed", "no-backend")
    assert "use [keys] store" in str(failure(told))


class Backend:
    """A backend of the library, in memory."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        if self.error is not None:
            raise self.error
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def play(monkeypatch: pytest.MonkeyPatch, backend: Backend) -> None:
    from understudy.io.keychain import backends

    monkeypatch.setattr(backends, "BACKENDS", {sys.platform: lambda: backend})


def test_what_is_wished_for_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    from understudy.io.keychain.backends import perform

    play(monkeypatch, backend := Backend())
    assert perform(Wish("read", "work")) == Told("absent")
    assert perform(Wish("write", "work", "{}")) == Told("done")
    assert backend.kept == {("understudy", "work"): "{}"}
    assert perform(Wish("read", "work")) == Told("done", "{}")
    assert perform(Wish("remove", "work")) == Told("done")
    assert perform(Wish("remove", "work")) == Told("absent")


def test_each_failure_has_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.errors import KeyringError, KeyringLocked
    from secretstorage.exceptions import PromptDismissedException
    from understudy.io.keychain.backends import perform

    for error, reason in (
        (KeyringLocked("Failed to unlock the collection!"), "locked"),
        (
            KeyringLocked("Can't get it: (-128, 'Keychain Access Denied')"),
            "denied",
        ),
        (PromptDismissedException("Prompt dismissed."), "denied"),
        (KeyringError("whatever"), "error"),
        (OSError("the bus is gone"), "error"),
    ):
        play(monkeypatch, Backend(error))
        told = perform(Wish("read", "work"))
        assert (told.outcome, told.reason) == ("failed", reason)
        assert str(failure(told))
        assert failure(told).is_locked == (reason in ("locked", "denied"))


def test_a_message_has_a_limit() -> None:
    with pytest.raises(BadMessage, match="at most"):
        framed(Wish("write", "work", "x" * MESSAGE_BYTES_MAX))
    with pytest.raises(BadMessage, match="did not come"):
        length_of(b"\0\0")
    with pytest.raises(BadMessage, match="is announced"):
        length_of(struct.pack(">I", MESSAGE_BYTES_MAX + 1))


def test_where_a_user_can_be_asked_there_is_time_for_it() -> None:
    if sys.platform == "linux":
        assert patience_seconds({}) == ANSWER_SECONDS
    assert patience_seconds({"DISPLAY": ":0"}) == PROMPT_SECONDS
    assert patience_seconds({"WAYLAND_DISPLAY": "wayland-0"}) == PROMPT_SECONDS
