"""`understudy serve` as a process: its one line, its end, and what it says when it cannot start."""

from __future__ import annotations

import re
import signal
import socket
import stat
from collections.abc import Callable, Generator
from pathlib import Path
from typing import NoReturn

import httpx
import pytest
from click.testing import CliRunner, Result
from understudy.io.cli.main import Starters, make_command
from understudy.io.ports import StateError

from .stage import SECONDS_MAX, Stage

Run = Callable[[Callable[[], None]], Result]


def test_it_prints_one_line_when_it_listens(stage: Stage) -> None:
    with stage.serving() as server:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.address)
        with socket.create_connection(("127.0.0.1", server.port), timeout=5):
            pass
        server.process.send_signal(signal.SIGTERM)
        out, err = server.process.communicate(timeout=SECONDS_MAX)
    assert out == ""
    assert "INFO stopping" in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_success(stage: Stage, number: signal.Signals) -> None:
    with stage.serving("--log-level", "error") as server:
        server.process.send_signal(number)
        _, err = server.process.communicate(timeout=SECONDS_MAX)
    assert (server.process.returncode, err) == (0, "")


def test_a_log_can_be_kept_in_a_file(stage: Stage) -> None:
    log = stage.folder / "a folder" / "service.log"
    with stage.serving("--log-file", str(log)) as server:
        server.process.send_signal(signal.SIGTERM)
        _, err = server.process.communicate(timeout=SECONDS_MAX)
    assert (server.process.returncode, err) == (0, "")
    assert "INFO stopping" in log.read_text()
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


def refused(stage: Stage, *arguments: str, **environ: str) -> str:
    ran = stage.run("serve", *arguments, **environ)
    assert ran.returncode == 2, ran
    assert ran.stdout == ""
    return ran.stderr


def test_every_problem_of_the_settings_is_told_with_its_line(stage: Stage) -> None:
    file = stage.write_settings('[server]\nport = "x"\n\n[[endpoint]]\nname = "a"\nmodls = []\n')
    said = refused(stage)
    assert f"{file}:2: server.port: must be a whole number" in said
    assert f'{file}:6: endpoint[0].modls: unknown key; did you mean "models"?' in said
    assert all(line.startswith("understudy: ") for line in said.splitlines())


def test_the_settings_file_can_be_named(stage: Stage) -> None:
    named = stage.folder / "named.toml"
    named.write_text("nonsense")
    assert f"understudy: {named}:1:" in refused(stage, "--config", str(named))


def test_an_unusable_token_is_told_and_not_shown(stage: Stage) -> None:
    said = refused(stage, UNDERSTUDY_TOKEN="sh/rt secret")
    assert "is no usable token" in said
    assert "secret" not in said


def test_an_unusable_folder_is_told(stage: Stage) -> None:
    stage.home.write_text("a file in the way")
    said = refused(stage, "--port", "0")
    assert f"understudy: {stage.home}" in said


def test_a_second_server_says_who_runs_there(stage: Stage) -> None:
    with stage.serving() as server:
        said = refused(stage, "--port", str(server.port))
        process_id = server.process.pid
    assert f"cannot listen on 127.0.0.1 port {server.port}" in said
    assert f"runs at {server.address} (process {process_id}, settings " in said


def test_a_port_of_another_program_is_told(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = refused(stage, "--port", str(taken.getsockname()[1]))
    assert "understudy doctor" in said
    assert " runs at " not in said


def listen_at(port: int) -> str:
    return f'[[listen]]\nport = {port}\ndialect = "ollama"\n'


def test_an_address_without_a_token_is_served_beside_its_own(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    stage.write_settings(listen_at(port))
    with stage.serving() as server:
        greeting = httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
        assert (greeting.status_code, greeting.text) == (200, "Ollama is running")
        assert httpx.get(f"{server.address}/", trust_env=False).status_code == 403
        server.process.send_signal(signal.SIGTERM)
        _, err = server.process.communicate(timeout=SECONDS_MAX)
    assert server.process.returncode == 0
    assert f"WARNING http://127.0.0.1:{port} serves Ollama's routes to every program" in err


def test_a_port_of_such_an_address_that_is_taken_is_told(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        file = stage.write_settings(listen_at(port))
        said = refused(stage, "--port", "0")
    assert f"cannot listen on 127.0.0.1 port {port}, as a [[listen]] table of {file} says" in said
    assert "give the table another port, or take it out" in said


@pytest.fixture
def run_serve() -> Generator[Run]:
    """Runs the command in this process around a server of the test's own making."""
    handler = signal.getsignal(signal.SIGTERM)

    def run(body: Callable[[], None]) -> Result:
        def serve(file: Path | None, port: int | None, announce: Callable[[str], None]) -> None:
            body()

        def explorer() -> NoReturn:
            raise AssertionError("nothing is simulated here")

        return CliRunner().invoke(make_command(Starters(serve, explorer)), ["serve"])

    yield run
    signal.signal(signal.SIGTERM, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_it_starts_ends_it_with_success(
    run_serve: Run, number: signal.Signals
) -> None:
    assert run_serve(lambda: signal.raise_signal(number)).exit_code == 0


def test_a_second_signal_while_it_stops_is_no_failure(run_serve: Run) -> None:
    def body() -> None:
        raise BaseExceptionGroup("", [BaseExceptionGroup("", [KeyboardInterrupt()])])

    assert run_serve(body).exit_code == 0


def test_errors_with_a_remedy_are_found_in_a_group(run_serve: Run) -> None:
    def body() -> None:
        raise ExceptionGroup("", [StateError("state.db: remove it")])

    result = run_serve(body)
    assert (result.exit_code, result.stderr) == (2, "understudy: state.db: remove it\n")


def test_a_bug_keeps_its_traceback(run_serve: Run) -> None:
    def body() -> None:
        raise ExceptionGroup("", [StateError("state.db: remove it"), ZeroDivisionError()])

    assert isinstance(run_serve(body).exception, ExceptionGroup)
