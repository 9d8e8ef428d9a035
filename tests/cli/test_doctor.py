"""`understudy doctor`: each check against a thing that is really broken, and its advice."""

from __future__ import annotations

import json
import os
import socket
import sys
from typing import Any

import attrs
import psutil
import pytest
from understudy.io.cli.checks_endpoints import check_endpoints
from understudy.io.cli.checks_machine import (
    check_client,
    check_python,
    check_state_folder,
    check_token,
)
from understudy.io.cli.checks_server import check_port, check_server, check_settings
from understudy.io.cli.doctor import circumstances_of
from understudy.io.cli.findings import Finding

from .circumstances import only, with_settings
from .peer import playing
from .stage import KEY, TOKEN, Stage, endpoint, without


def on_port(port: int) -> str:
    return f"[server]\nport = {port}\n"


def test_python_that_is_too_old() -> None:
    found = only(check_python((3, 10, 9)))
    assert (found.state, found.found[:6]) == ("fail", "3.10.9")
    assert "install Python 3.11 or newer" in found.advice
    assert only(check_python()).state == "ok"


def test_settings_with_mistakes(stage: Stage, environ: dict[str, str]) -> None:
    here = with_settings(stage, '[server]\nport = "x"\nhots = 1\n')
    found = list(check_settings(here))
    assert [(each.state, each.name) for each in found] == [("fail", "settings")] * 2
    assert f"{stage.home}/settings.toml:2: server.port: must be a whole number" in found[0].found
    assert f"correct it in {stage.home}/settings.toml" in found[1].advice


def test_settings_that_are_good_or_not_there(stage: Stage, environ: dict[str, str]) -> None:
    found = only(check_settings(circumstances_of(None)))
    assert (found.state, "the defaults hold" in found.found) == ("ok", True)
    found = only(check_settings(with_settings(stage, endpoint("https://a.example"))))
    assert found.state == "ok"
    assert found.found.endswith("settings.toml: 1 endpoint, default work/claude-x")


def test_a_state_folder_that_is_none(stage: Stage, environ: dict[str, str]) -> None:
    stage.home.mkdir()
    (stage.home / "state").write_text("in the way")
    found = only(check_state_folder(circumstances_of(None)))
    assert (found.state, found.found) == ("fail", f"{stage.home}/state is not a folder")
    assert "set UNDERSTUDY_HOME to another" in found.advice


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that root cannot write")
def test_a_state_folder_that_cannot_be_written(stage: Stage, environ: dict[str, str]) -> None:
    environ["UNDERSTUDY_HOME"] = "/proc/understudy"
    found = only(check_state_folder(circumstances_of(None)))
    assert (found.state, found.found[:27]) == ("fail", "/proc cannot be written: No")
    assert "that you can write" in found.advice


def test_a_state_folder_open_to_others(stage: Stage, environ: dict[str, str]) -> None:
    folder = stage.home / "state"
    assert only(check_state_folder(circumstances_of(None))).found.endswith("at the first start)")
    folder.mkdir(parents=True, mode=0o700)
    assert only(check_state_folder(circumstances_of(None))) == Finding(
        "state folder", "ok", str(folder)
    )
    folder.chmod(0o755)
    found = only(check_state_folder(circumstances_of(None)))
    assert (found.state, found.advice) == ("warn", f"run: chmod 700 {folder}")


def test_a_token_file_that_others_can_read(stage: Stage, environ: dict[str, str]) -> None:
    del environ["UNDERSTUDY_TOKEN"]
    assert only(check_token(circumstances_of(None))).found.endswith("(made at the first start)")
    file = stage.home / "state" / "token"
    assert not file.exists()
    file.parent.mkdir(parents=True)
    file.write_text(TOKEN)
    file.chmod(0o644)
    found = only(check_token(circumstances_of(None)))
    assert found.state == "fail"
    assert "remove it, and the next start makes a new one" in found.advice
    assert TOKEN not in str(found)
    file.chmod(0o600)
    assert only(check_token(circumstances_of(None))) == Finding("token", "ok", f"{file}, private")


def test_a_token_in_the_environment(stage: Stage, environ: dict[str, str]) -> None:
    assert only(check_token(circumstances_of(None))).found == "from $UNDERSTUDY_TOKEN"
    environ["UNDERSTUDY_TOKEN"] = "too/bad"
    found = only(check_token(circumstances_of(None)))
    assert (found.state, "allowed: 8 to 256" in found.advice) == ("fail", True)
    assert "too/bad" not in str(found)


def test_a_port_that_another_program_has(stage: Stage, environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = only(check_port(with_settings(stage, on_port(port))))
    assert found.state == "fail"
    assert f"{port} on 127.0.0.1 is taken by process {os.getpid()} (" in found.found
    assert "set another port below [server]" in found.advice
    assert only(check_port(circumstances_of(None))).state == "ok"


def test_a_host_that_is_not_this_machine_s(stage: Stage, environ: dict[str, str]) -> None:
    settings = '[server]\nhost = "192.0.2.1"\nport = 9\nallow_remote = true\n'
    found = only(check_port(with_settings(stage, settings)))
    assert (found.state, "correct `host` and `port`" in found.advice) == ("fail", True)


def test_a_server_that_is_well(stage: Stage, environ: dict[str, str]) -> None:
    assert only(check_server(circumstances_of(None))).found.startswith("none runs")
    with stage.serving() as server:
        stage.write_settings(on_port(server.port))
        here = circumstances_of(None)
        found = only(check_server(here)), only(check_port(here))
    assert [each.state for each in found] == ["ok", "ok"]
    assert f"{server.address} (process {server.process.pid}) answers" in found[0].found
    assert f"Understudy itself (process {server.process.pid})" in found[1].found


def test_a_server_that_hangs(
    stage: Stage, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("understudy.io.cli.server.ANSWER_SECONDS_MAX", 0.1)
    with stage.serving() as server:
        psutil.Process(server.process.pid).suspend()
        try:
            found = only(check_server(circumstances_of(None)))
        finally:
            psutil.Process(server.process.pid).resume()
    assert (found.state, "does not answer /healthz" in found.found) == ("fail", True)
    assert f"kill {server.process.pid}" in found.advice


def test_a_server_with_another_token(stage: Stage, environ: dict[str, str]) -> None:
    with stage.serving():
        environ["UNDERSTUDY_TOKEN"] = "another-token-0123"
        found = only(check_server(circumstances_of(None)))
    assert (found.state, "refuses the token (403)" in found.found) == ("fail", True)
    assert "set UNDERSTUDY_TOKEN as it was there" in found.advice


def test_a_server_of_another_version(
    stage: Stage, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("understudy.io.cli.checks_server.__version__", "9.9")
    with stage.serving():
        found = only(check_server(circumstances_of(None)))
    assert (found.state, found.found[-8:]) == ("warn", "mand 9.9")
    assert "start the server again" in found.advice


def test_a_note_of_a_server_that_is_gone(stage: Stage, environ: dict[str, str]) -> None:
    file = stage.home / "state" / "server.json"
    file.parent.mkdir(parents=True)
    note = {"address": "http://127.0.0.1:9", "process_id": os.getpid(), "version": "0"}
    file.write_text(json.dumps(note))
    found = only(check_server(circumstances_of(None)))
    assert (found.state, found.advice) == ("warn", f"run: rm {file}")


def ask(stage: Stage, settings: str) -> Finding:
    return only(check_endpoints(with_settings(stage, settings)))


@pytest.mark.parametrize("status", [401, 403])
def test_an_endpoint_that_refuses_the_key(
    stage: Stage, environ: dict[str, str], status: int
) -> None:
    environ["WORK_KEY"] = KEY
    with playing(models_status=status) as peer:
        found = ask(stage, endpoint(peer.url))
    assert found.state == "fail"
    assert f"refuses the key of env:WORK_KEY (status {status})" in found.found
    assert "put a valid key for it into WORK_KEY" in found.advice
    assert peer.keys == [KEY]
    assert KEY not in str(found)


def test_an_endpoint_whose_key_is_not_set(stage: Stage, environ: dict[str, str]) -> None:
    with playing() as peer:
        found = ask(stage, endpoint(peer.url))
    assert found.state == "fail"
    assert "run `export WORK_KEY=...`" in found.advice
    assert peer.keys == []


def test_an_endpoint_that_wants_a_key(stage: Stage, environ: dict[str, str]) -> None:
    with playing(models_status=401) as peer:
        found = ask(stage, endpoint(peer.url, key="none"))
    assert (found.state, 'key = "env:NAME"' in found.advice) == ("fail", True)


def test_an_endpoint_where_nobody_listens(stage: Stage, environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    found = ask(stage, endpoint(url, key="none"))
    assert (found.state, "cannot be reached" in found.found) == ("fail", True)
    assert url in found.advice


def test_an_endpoint_that_is_silent(
    stage: Stage, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("understudy.io.cli.checks_endpoints.ANSWER_SECONDS_MAX", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = ask(stage, endpoint(f"http://127.0.0.1:{silent.getsockname()[1]}", key="none"))
    assert (found.state, "did not answer within 0.05 s" in found.found) == ("fail", True)
    assert "proxy or firewall" in found.advice


@pytest.mark.parametrize(
    ("status", "state", "advice"),
    [(200, "ok", ""), (404, "ok", ""), (302, "warn", "use the address"), (503, "warn", "later")],
)
def test_an_endpoint_is_judged_by_its_status(
    stage: Stage, environ: dict[str, str], status: int, state: str, advice: str
) -> None:
    environ["WORK_KEY"] = KEY
    with playing(models_status=status) as peer:
        found = ask(stage, endpoint(peer.url))
    assert found.state == state
    assert advice in found.advice
    assert bool(found.advice) == bool(advice)
    assert ("taken" in found.found) == (status == 200)


def test_a_client_that_is_missing_or_broken(stage: Stage, environ: dict[str, str]) -> None:
    here = circumstances_of(None)
    program = stage.folder / "programs" / "claude"
    assert only(check_client(here)) == Finding("claude", "ok", f"{program}, 9.9.9 (Fake Code)")
    environ["FAKE_VERSION_EXIT"] = "4"
    found = only(check_client(circumstances_of(None)))
    assert (found.state, "exit status 4" in found.found) == ("fail", True)
    assert "npm install -g @anthropic-ai/claude-code" in found.advice
    named = attrs.evolve(here, environ=environ | {"UNDERSTUDY_CLAUDE": "/nowhere"})
    assert only(check_client(named)).advice == "unset UNDERSTUDY_CLAUDE, or correct it"
    missing = attrs.evolve(here, environ=without(environ, "PATH") | {"PATH": "/nowhere"})
    found = only(check_client(missing))
    assert (found.state, found.advice) == ("warn", "run: npm install -g @anthropic-ai/claude-code")


def test_the_command_shows_each_finding_with_its_advice(stage: Stage) -> None:
    ran = stage.run("doctor", PATH="/nowhere")
    assert ran.returncode == 0
    lines = ran.stdout.splitlines()
    assert lines[0].startswith("ok    python           3.")
    assert "\x1b" not in ran.stdout
    warning = next(index for index, line in enumerate(lines) if line.startswith("warn  claude"))
    assert lines[warning + 1].strip() == "-> run: npm install -g @anthropic-ai/claude-code"
    assert not stage.home.exists()


def test_the_command_fails_if_a_check_does_and_knows_json(stage: Stage) -> None:
    file = stage.write_settings("[server]\nport = 0\n")
    assert stage.run("doctor").returncode == 0
    file.write_text("nonsense")
    ran = stage.run("doctor", "--json")
    answer: Any = json.loads(ran.stdout)
    assert (ran.returncode, answer["ok"]) == (1, False)
    names = [each["name"] for each in answer["checks"]]
    assert names[:6] == ["python", "settings", "state folder", "token", "port", "server"]
    failed = [each for each in answer["checks"] if each["state"] == "fail"]
    assert f"{file}:1:" in failed[0]["found"]
