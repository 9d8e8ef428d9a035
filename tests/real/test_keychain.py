"""Keys in a real Secret Service: on the disk, in trouble, and in front of a running server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import pytest
import trio
from understudy.io.keychain.os_keychain import OsKeychain
from understudy.io.ports import KeptKey, KeychainError
from understudy.protocols.secret import Secret

from .client import TOKEN
from .plain_client import messages_request, open_plain_client
from .scripted_upstream import ScriptedUpstream, open_scripted_upstream
from .secret_service import (
    Home,
    children_of_keychain,
    look_up,
    missing_programs,
    open_bus,
    open_fake,
    open_session,
)
from .understudy_process import UnderstudyProcess, open_understudy

FIRST, SECOND = "sk-canary-first-0123456789", "sk-canary-second-9876543210"
DEADLINE_SECONDS = 10.0
ESC_SECONDS_MAX = 2.0
pytestmark = pytest.mark.skipif(bool(missing_programs()), reason="no Secret Service here")


def keychain_of(environ: Mapping[str, str]) -> OsKeychain:
    return OsKeychain(environ, DEADLINE_SECONDS)


def everything_below(folder: Path) -> bytes:
    """All that is on the disk there."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def test_a_key_is_on_the_disk_encrypted_and_there_in_the_next_session(
    tmp_path: Path,
) -> None:
    with open_session(tmp_path) as environ:
        await keychain_of(environ).write("work", KeptKey(Secret(FIRST), "api.example.com"))
        seen = look_up(environ, "service", "understudy", "username", "work")
        assert seen.strip() == f'{{"value":"{FIRST}","host":"api.example.com"}}'
    assert Home(tmp_path).keyring_files
    assert FIRST.encode() not in everything_below(tmp_path)
    with open_session(tmp_path) as environ:
        found = await keychain_of(environ).read("work")
        assert found == KeptKey(Secret(FIRST), "api.example.com")
    with open_session(tmp_path, "a wrong passphrase") as environ:
        with pytest.raises(KeychainError, match="the passphrase was wrong") as caught:
            await keychain_of(environ).read("work")
        assert caught.value.is_locked


async def test_without_a_service_or_a_bus_there_is_a_choice(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with open_bus(home) as environ:
        with pytest.raises(KeychainError, match="has no Secret Service") as caught:
            await keychain_of(environ).read("work")
        assert 'store = "file"' in str(caught.value)
    for environ in (home.environ(), home.environ(f"unix:path={tmp_path}/gone")):
        with pytest.raises(KeychainError, match="there is no D-Bus session here") as caught:
            await keychain_of(environ).read("work")
        assert 'key = "env:NAME"' in str(caught.value)
        assert not caught.value.is_locked


def settings_for(url: str) -> str:
    return f"""
[[endpoint]]
name = "work"
dialect = "anthropic"
base_url = "{url}"
models = ["claude-x"]
key = "keychain:work"
"""


@attrs.frozen
class Server:
    """A running server, and the commands of its user."""

    process: UnderstudyProcess
    folder: Path
    environ: Mapping[str, str]

    async def keys(self, *arguments: str, piped: str = "") -> str:
        """Runs `understudy keys`; returns what it says."""
        ran = await trio.run_process(
            [sys.executable, "-m", "understudy", "keys", *arguments],
            stdin=piped.encode(),
            stderr=subprocess.STDOUT,
            capture_stdout=True,
            check=False,
            cwd=self.folder,
            env={
                **self.environ,
                "UNDERSTUDY_HOME": str(self.folder / "state"),
                "UNDERSTUDY_TOKEN": TOKEN,
            },
        )
        said = ran.stdout.decode()
        assert ran.returncode == 0, said
        return said

    async def ask(self) -> tuple[int, bytes]:
        """One turn."""
        async with open_plain_client(self.process.port) as client:
            await client.send(messages_request("work/claude-x", "text", stream=False))
            return await client.read_response()

    @property
    def settings_file(self) -> Path:
        return self.folder / "understudy.toml"


@asynccontextmanager
async def open_server(folder: Path, environ: Mapping[str, str], url: str) -> AsyncGenerator[Server]:
    """A server that has the keychain of this environment."""
    async with open_understudy(folder, settings_for(url), environ) as process:
        yield Server(process, folder, environ)


def keys_seen(upstream: ScriptedUpstream) -> list[str]:
    return [one.headers.get("x-api-key", "") for one in upstream.message_requests]


async def test_a_key_that_is_rotated_removed_or_led_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    with open_session(tmp_path / "home") as environ:
        async with (
            open_scripted_upstream() as upstream,
            open_scripted_upstream() as stranger,
            open_server(tmp_path / "server", environ, upstream.base_url) as server,
        ):
            status, body = await server.ask()
            assert (status, b"understudy keys add work" in body) == (403, True)
            await server.keys(
                "add",
                "work",
                "--endpoint",
                "work",
                "--stdin",
                piped=FIRST,
            )
            assert (await server.ask())[0] == 200
            await server.keys("add", "work", "--stdin", "--endpoint", "work", piped=SECOND)
            assert (await server.ask())[0] == 200
            assert keys_seen(upstream) == [FIRST, SECOND]

            server.settings_file.write_text(settings_for(stranger.base_url))
            with trio.fail_after(DEADLINE_SECONDS):
                while (await server.ask())[0] != 403:
                    await trio.sleep(0.05)
            status, body = await server.ask()
            assert b"was given for 127.0.0.1" in body
            assert stranger.requests == []

            server.settings_file.write_text(settings_for(upstream.base_url))
            with trio.fail_after(DEADLINE_SECONDS):
                while (await server.ask())[0] != 200:
                    await trio.sleep(0.05)
            await server.keys("remove", "work", "--yes")
            assert (await server.ask())[0] == 403
    left = everything_below(tmp_path) + server.process.explain().encode()
    assert FIRST.encode() not in left
    assert SECOND.encode() not in left


async def test_esc_ends_a_question_that_nobody_answers(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    with open_fake(tmp_path / "home", "ignore") as environ:
        async with open_server(tmp_path / "server", environ, "http://127.0.0.1:9") as server:
            owner = server.process.process_id
            async with open_plain_client(server.process.port) as client:
                await client.send(messages_request("work/claude-x", "text", stream=True))
                with trio.fail_after(DEADLINE_SECONDS):
                    while not children_of_keychain(owner):
                        await trio.sleep(0.02)
            with trio.fail_after(ESC_SECONDS_MAX):
                while children_of_keychain(owner):
                    await trio.sleep(0.01)
