"""`understudy keys` with the encrypted file, which any machine has; piped, as scripts use it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from understudy.io.cli.main import Starters, make_command

from .peer import Peer, playing
from .stage import Stage, endpoint, without

CANARY = "sk-canary-0123456789"
PASSPHRASE = "the right passphrase"
FILE_STORE = '[keys]\nstore = "file"\n'
UNLOCKED = {"UNDERSTUDY_KEYS_PASSPHRASE": PASSPHRASE}


@pytest.fixture
def peer() -> Generator[Peer]:
    """An endpoint."""
    with playing() as played:
        yield played


def settings(peer_url: str = "https://api.example.com") -> str:
    return endpoint(peer_url, key="keychain:work") + FILE_STORE


def nobody(*_: object) -> Any:
    """Nothing is served here, and nothing simulated."""
    raise AssertionError


COMMANDS = make_command(Starters(nobody, nobody))


def run(stage: Stage, *arguments: str, piped: str = "", **environ: str) -> Result:
    """Runs a command in this process: what is printed is the same, and it costs a tenth."""
    return CliRunner().invoke(COMMANDS, arguments, piped, env=stage.environment | environ)


def add(stage: Stage, *arguments: str, key: str = CANARY) -> Result:
    return run(stage, "keys", "add", "work", "--stdin", *arguments, piped=f"{key}\n", **UNLOCKED)


def everything_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_key_is_added_listed_and_removed(stage: Stage) -> None:
    stage.write_settings(settings())
    file = stage.home / "data" / "keys.json"
    added = add(stage)
    assert (added.stdout, added.stderr) == (f"kept work in {file}, for api.example.com\n", "")
    listed = run(stage, "keys", "list")
    assert listed.stdout.splitlines()[1].split() == ["work", "api.example.com", "file", "work"]
    told: Any = json.loads(run(stage, "keys", "list", "--json").stdout)
    row = {"name": "work", "host": "api.example.com", "store": "file", "endpoints": ["work"]}
    assert told == {"store": "file", "place": str(file), "keys": [row]}
    shown = run(stage, "endpoints").stdout
    assert "keychain:work (set)" in shown
    removed = run(stage, "keys", "remove", "work", "--yes")
    assert removed.stdout == f"removed work from {file}\n"
    assert "work cannot do without it" in removed.stderr
    assert "keychain:work (not set)" in run(stage, "endpoints").stdout
    assert run(stage, "keys", "remove", "work", "--yes").exit_code == 2
    assert CANARY.encode() not in everything_below(stage.home)


@pytest.mark.parametrize(
    ("status", "word", "code"), [(200, "accepted", 0), (401, "refused (status 401)", 1)]
)
def test_a_key_is_tested_where_it_is_used(
    stage: Stage, peer: Peer, status: int, word: str, code: int
) -> None:
    stage.write_settings(settings(peer.url))
    peer.models_status = status
    assert add(stage).exit_code == 0
    ran = run(stage, "keys", "test", "work", **UNLOCKED)
    assert (ran.exit_code, word in ran.stdout) == (code, True), ran
    assert peer.keys == [CANARY]
    assert CANARY not in ran.stdout + ran.stderr


def test_a_key_for_another_host_is_shown_to_nobody(stage: Stage, peer: Peer) -> None:
    stage.write_settings(settings(peer.url))
    add(stage, "--host", "api.example.com")
    ran = run(stage, "keys", "test", "work", "--json", **UNLOCKED)
    verdict: Any = json.loads(ran.stdout)["endpoints"][0]
    assert verdict["words"] == "not asked: the key is for api.example.com"
    assert (ran.exit_code, verdict["accepted"], peer.keys) == (1, False, [])


def test_doctor_reads_the_key_where_it_is_kept(stage: Stage, peer: Peer) -> None:
    stage.write_settings(settings(peer.url))
    locked = run(stage, "doctor").stdout
    assert "its key is not there: keychain:work" in locked
    add(stage)
    run(stage, "doctor", **UNLOCKED)
    assert peer.keys == [CANARY]


def test_a_running_server_is_unlocked_and_told_of_changes(stage: Stage, peer: Peer) -> None:
    stage.write_settings(settings(peer.url))
    add(stage)
    with stage.serving():
        locked = stage.run("ask", "Hello")
        assert "understudy keys unlock" in locked.stderr
        unlocked = run(stage, "keys", "unlock", **UNLOCKED)
        assert "can read" in unlocked.stdout, unlocked.stderr
        stage.run("ask", "Hello")
        add(stage, key="sk-second-0123456789")
        stage.run("ask", "Hello")
        assert peer.keys == [CANARY, "sk-second-0123456789"]


def test_the_passphrase_of_the_environment_reaches_no_client(stage: Stage) -> None:
    stage.write_settings(settings())
    with stage.serving(**UNLOCKED):
        ran = stage.run("claude", **UNLOCKED)
    given: Any = json.loads(ran.stdout.splitlines()[-1])
    assert "UNDERSTUDY_KEYS_PASSPHRASE" not in given["environment"]


@pytest.mark.parametrize(
    ("arguments", "piped", "words"),
    [
        (["add", CANARY, "--host", "h"], "", "NAME (not shown: it may be a key) is no name"),
        (["add", "home", "--stdin"], "", "say which host the key is for"),
        (["add", "home", "--host", "h", "--provider", "openai"], "", "say one of --host"),
        (["add", "home", "--host", "a b", "--stdin"], "", "is no host"),
        (["add", "home", "--endpoint", "nobody"], "", "there is no such endpoint"),
        (["add", "home", "--provider", "nobody"], "", "is not known; known are: anthropic"),
        (["add", "home", "--host", "h"], "", "pipe it in, and say --stdin"),
        (["add", "home", "--host", "h", "--stdin"], "two words\n", "this (not shown) is no key"),
        (["add", "home", "--host", "h", "--stdin"], "\n", "this (not shown) is no key"),
        (["add", "home", "--host", "h", "--stdin"], f"{CANARY}\n", "nobody can be asked for the"),
        (["remove", "work"], "", "nobody can be asked here: say --yes"),
        (["test", "home"], "", "so nobody can be asked; name it there first"),
        (["unlock"], "", "there are no keys yet"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(
    stage: Stage, arguments: list[str], piped: str, words: str
) -> None:
    stage.write_settings(settings())
    ran = run(stage, "keys", *arguments, piped=piped)
    assert ran.exit_code == 2
    assert words in ran.output, ran.output
    assert CANARY not in ran.output


def test_a_key_of_another_maker_is_asked_about(stage: Stage) -> None:
    stage.write_settings(FILE_STORE)
    ran = add(stage, "--provider", "openai", key="sk-ant-api03-0123456789")
    assert "looks like one for api.anthropic.com, and is kept for api.openai.com" in ran.stderr
    assert 'key = "keychain:work"' in ran.stderr
    assert ran.exit_code == 0


def test_the_shell_completes_names(stage: Stage) -> None:
    stage.write_settings(settings())
    environ = {
        "_UNDERSTUDY_COMPLETE": "bash_complete",
        "COMP_WORDS": "understudy keys test ",
        "COMP_CWORD": "3",
    }
    assert stage.run(**environ).stdout == "plain,work\n"


def test_a_key_that_is_typed_is_not_shown(stage: Stage) -> None:
    stage.write_settings(settings())
    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "understudy", "keys", "add", "work"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=stage.folder,
        env={**without(stage.environment, "TERM"), "TERM": "xterm"},
        start_new_session=True,
    )
    os.close(theirs)
    said = b""
    for word, answer in (
        (b"Key work for api.example.com", CANARY),
        (b"New passphrase", PASSPHRASE),
        (b"Repeat", PASSPHRASE),
        (b"kept work", ""),
    ):
        while word not in said:
            said += os.read(mine, 1_024)
        os.write(mine, f"{answer}\n".encode())
    assert process.wait(20) == 0
    os.close(mine)
    assert CANARY.encode() not in said
    assert PASSPHRASE.encode() not in said
