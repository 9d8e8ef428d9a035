"""`understudy claude` with a client that prints what it was given."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from .stage import SECONDS_MAX, TOKEN, Stage, endpoint, first_line, is_alive, wait_until

WORK = endpoint("http://127.0.0.1:9", key="none")


def given(ran: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(ran.stdout)


def test_the_client_gets_its_arguments_and_environment(stage: Stage) -> None:
    stage.write_settings(WORK)
    arguments = ("-p", "two words", "--verbose", "--help", "--", "--json")
    ran = stage.run("claude", *arguments, ANTHROPIC_API_KEY="sk-planted", FAKE_EXIT="3")
    client = given(ran)
    assert ran.returncode == 3
    assert client["arguments"] == ["--permission-mode", "default", *arguments]
    environment = client["environment"]
    assert environment["ANTHROPIC_BASE_URL"].startswith("http://127.0.0.1:")
    assert environment["ANTHROPIC_AUTH_TOKEN"] == TOKEN
    assert environment["ANTHROPIC_MODEL"] == "work/claude-x"
    assert environment["CLAUDE_CODE_MAX_CONTEXT_TOKENS"] == "200000"
    assert "ANTHROPIC_API_KEY" not in environment
    assert not client["interrupt_ignored"]
    first, second = ran.stderr.splitlines()
    assert first.startswith("understudy: ANTHROPIC_API_KEY is not passed on")
    assert second.startswith("understudy: permission mode is manual")
    assert "sk-planted" not in ran.stderr


def test_a_server_of_its_own_is_stopped_and_nothing_of_the_client_s_is_touched(
    stage: Stage,
) -> None:
    ran = stage.run("claude")
    assert ran.returncode == 0
    assert stage.servers() == []
    assert "INFO stopping" in stage.log
    assert sorted(path.name for path in stage.folder.iterdir()) == ["home", "programs"]
    assert not (stage.home / "state" / "server.json").exists()


def test_a_running_server_is_used_and_left_alone(stage: Stage) -> None:
    with stage.serving() as server:
        ran = stage.run("claude")
        assert given(ran)["environment"]["ANTHROPIC_BASE_URL"] == server.address
        assert stage.servers() == [server.process.pid]
    assert not (stage.home / "logs").exists()


def test_two_clients_share_a_server_until_the_last_has_left(stage: Stage) -> None:
    with stage.start("claude", "--wait") as first:
        address = first_line(first)["environment"]["ANTHROPIC_BASE_URL"]
        with stage.start("claude", "--wait") as second:
            assert first_line(second)["environment"]["ANTHROPIC_BASE_URL"] == address
            first.communicate(timeout=SECONDS_MAX)
            (server,) = stage.servers()
            second.communicate(timeout=SECONDS_MAX)
    wait_until(lambda: not is_alive(server))


def test_a_command_that_is_killed_leaves_no_server(stage: Stage) -> None:
    with stage.start("claude", "--wait") as process:
        first_line(process)
        (server,) = stage.servers()
        process.kill()
        process.communicate(timeout=SECONDS_MAX)
    wait_until(lambda: not is_alive(server))


def test_ctrl_c_is_the_client_s_and_sigterm_is_passed_on(stage: Stage) -> None:
    with stage.start("claude", "--wait") as process:
        first_line(process)
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.2)
        process.send_signal(signal.SIGTERM)
        # Before `communicate`, which closes the client's stdin and so ends it by itself.
        assert first_line(process) == {"signal": signal.SIGTERM}
        process.communicate(timeout=SECONDS_MAX)
    assert process.returncode == 7
    assert stage.servers() == []


def test_ctrl_c_while_the_server_starts_ends_both(stage: Stage) -> None:
    with stage.start("claude") as process:
        wait_until(stage.servers)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SECONDS_MAX)
    assert (process.returncode, out, err) == (130, "", "")
    assert stage.servers() == []


def test_a_client_ended_by_a_signal_is_told_as_shells_do(stage: Stage) -> None:
    assert stage.run("claude", "--die").returncode == 128 + signal.SIGKILL


def test_our_own_options_stand_in_front(stage: Stage) -> None:
    assert stage.run("claude", "--help").stdout.startswith("Usage: understudy claude")
    mode = ["--permission-mode", "default"]
    assert given(stage.run("claude", "--", "--help"))["arguments"] == [*mode, "--help"]
    assert given(stage.run("claude", "-h"))["arguments"] == [*mode, "-h"]


def test_a_missing_client_is_told_with_the_command_that_installs_it(stage: Stage) -> None:
    ran = stage.run("claude", PATH="/nowhere")
    assert ran.returncode == 2
    assert "npm install -g @anthropic-ai/claude-code" in ran.stderr
    assert not stage.home.exists()


def test_another_program_can_be_named(stage: Stage) -> None:
    program = stage.folder / "programs" / "claude"
    other = program.rename(program.with_name("other"))
    assert stage.run("claude", UNDERSTUDY_CLAUDE=str(other)).returncode == 0
    ran = stage.run("claude", UNDERSTUDY_CLAUDE="/nowhere/claude")
    assert ran.returncode == 2
    assert "UNDERSTUDY_CLAUDE=/nowhere/claude: there is no such program" in ran.stderr


def test_a_program_that_cannot_be_run_is_told(stage: Stage) -> None:
    program = stage.folder / "programs" / "claude"
    program.write_bytes(b"\0not a program")
    ran = stage.run("claude")
    assert ran.returncode == 2
    assert "claude cannot be run: Exec format error" in ran.stderr
    assert stage.servers() == []


def test_a_server_that_cannot_start_says_why(stage: Stage) -> None:
    file = stage.write_settings("[server]\nhots = 1\n")
    ran = stage.run("claude")
    assert ran.returncode == 2
    assert f"{file}:2: server.hots: unknown key" in ran.stderr
    assert str(stage.home / "logs" / "server.log") in ran.stderr


def test_a_server_with_another_token_is_told(stage: Stage) -> None:
    with stage.serving(UNDERSTUDY_TOKEN="another-token-0123") as server:
        ran = stage.run("claude")
    assert ran.returncode == 2
    assert f"{server.address} (process {server.process.pid}) was started with another" in ran.stderr


def test_a_crashed_server_s_note_is_no_server(stage: Stage) -> None:
    note = stage.home / "state" / "server.json"
    note.parent.mkdir(parents=True)
    claim = {"address": "http://127.0.0.1:9", "process_id": os.getpid(), "version": "0"}
    note.write_text(json.dumps(claim))
    assert given(stage.run("claude"))["environment"]["ANTHROPIC_BASE_URL"] != claim["address"]


@pytest.mark.parametrize("runs", [True, False])
def test_the_environment_can_be_shown_without_a_start(stage: Stage, runs: bool) -> None:
    stage.write_settings(WORK)
    arguments = ("claude", "--show-environment", "-p", "two words")
    if runs:
        with stage.serving() as server:
            ran, address = stage.run(*arguments, ANTHROPIC_API_KEY="sk-planted"), server.address
    else:
        ran, address = (
            stage.run(*arguments, ANTHROPIC_API_KEY="sk-planted"),
            "http://127.0.0.1:PORT",
        )
    assert ran.returncode == 0
    assert ran.stdout.splitlines() == [
        f"ANTHROPIC_BASE_URL={address}",
        "ANTHROPIC_AUTH_TOKEN=(not shown)",
        "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY=1",
        "ANTHROPIC_MODEL=work/claude-x",
        "CLAUDE_CODE_MAX_CONTEXT_TOKENS=200000",
        "unset ANTHROPIC_API_KEY",
        "claude --permission-mode default -p 'two words'",
    ]
    assert TOKEN not in ran.stdout + ran.stderr
    assert not Path(stage.home / "logs").exists()
