"""What the command line tells a server about keys: who may, how much, and what is said of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from understudy.io.key_ring import KeyRing
from understudy.io.keychain.file_keychain import FileKeychain
from understudy.io.keychain.vault import Derivation, new_derivation
from understudy.io.ports import KeptKey
from understudy.io.serving.key_desk import BODY_BYTES_MAX
from understudy.protocols.secret import Secret
from understudy.protocols.settings_data import KeyReference

from .client import BEARER
from .conftest import Stage

PASSPHRASE = "the right passphrase"
WORK = KeyReference("keychain", "work")
KEY = KeptKey(Secret("sk-planted"), "api.example.com")


def quick() -> Derivation:
    return new_derivation(iterations=1, memory_kibibytes=64)


async def locked_file(stage: Stage, folder: Path) -> tuple[FileKeychain, KeyRing]:
    """The server has an encrypted file of keys, which is locked; returns another way to it."""
    command = FileKeychain(folder / "keys.json", Secret(PASSPHRASE), quick)
    await command.write("work", KEY)
    ring = KeyRing({}, FileKeychain(folder / "keys.json", None, quick))
    stage.gateway.desk.keys = ring
    return command, ring


async def test_the_file_is_opened_for_the_server(stage: Stage, tmp_path: Path) -> None:
    _, ring = await locked_file(stage, tmp_path)
    body = json.dumps({"passphrase": PASSPHRASE}).encode()
    answer = await stage.ask("POST", "/keys/unlock", BEARER, body)
    assert (answer.status, answer.json()) == (200, {"unlocked": True})
    assert await ring.find(WORK, "https://api.example.com") == Secret("sk-planted")


async def test_a_wrong_passphrase_is_refused_and_shown_nowhere(
    stage: Stage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await locked_file(stage, tmp_path)
    body = json.dumps({"passphrase": "canary-passphrase"}).encode()
    answer = await stage.ask("POST", "/keys/unlock", BEARER, body)
    assert answer.status == 400
    assert "the passphrase is wrong" in answer.error()[1]
    assert b"canary" not in answer.body
    assert "canary" not in caplog.text


async def test_a_change_applies_to_the_next_turn(stage: Stage, tmp_path: Path) -> None:
    command, ring = await locked_file(stage, tmp_path)
    await ring.unlock(Secret(PASSPHRASE))
    await ring.find(WORK, "https://api.example.com")
    await command.write("work", KeptKey(Secret("sk-rotated"), "api.example.com"))
    for body, found in ((b'{"name": "other"}', "sk-planted"), (b'{"name": "work"}', "sk-rotated")):
        answer = await stage.ask("POST", "/keys/changed", BEARER, body)
        assert (answer.status, answer.json()) == (200, {"forgotten": True})
        assert await ring.find(WORK, "https://api.example.com") == Secret(found)


@pytest.mark.parametrize("path", ["/keys/unlock", "/keys/changed"])
async def test_only_who_has_the_token_is_heard(stage: Stage, path: str) -> None:
    assert (await stage.ask("POST", path, (), b"{}")).status == 403
    assert (await stage.ask("GET", path)).status == 405


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/keys/unlock", b"{}", "is not Passphrase"),
        ("/keys/unlock", b'{"passphrase": 7}', "is not Passphrase"),
        ("/keys/unlock", b'{"passphrase": "' + b"x" * BODY_BYTES_MAX + b'"}', "larger than"),
        ("/keys/unlock", b'{"passphrase": "abc"}', "holds no keys"),
        ("/keys/changed", b"[]", "is not Changed"),
    ],
)
async def test_what_is_wrong_is_said(stage: Stage, path: str, body: bytes, words: str) -> None:
    stage.gateway.desk.keys = None
    answer = await stage.ask("POST", path, BEARER, body)
    assert answer.status == 400
    assert words in answer.error()[1]
