"""What is shown on a terminal and elsewhere: a real pseudo-terminal, read like a person would."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from .stage import SECONDS_MAX, Stage, endpoint


def on_a_terminal(stage: Stage, *arguments: str, **environ: str) -> str:
    """Runs a command whose stdout and stderr are a terminal; returns what appeared there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "understudy", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        cwd=stage.folder,
        env=stage.environment | {"COLUMNS": "160"} | environ,
    )
    os.close(theirs)
    shown = b""
    try:
        while data := os.read(ours, 65_536):
            shown += data
    except OSError:
        pass  # Linux says so when the last process has closed its side
    os.close(ours)
    process.wait(SECONDS_MAX)
    return shown.decode()


def test_a_terminal_gets_colours_and_a_pipe_none(stage: Stage) -> None:
    assert "\x1b[32m" in on_a_terminal(stage, "doctor")
    assert "\x1b" not in stage.run("doctor").stdout


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_taken_away(stage: Stage, environ: dict[str, str]) -> None:
    shown = on_a_terminal(stage, "doctor", **environ)
    assert "ok" in shown
    assert "\x1b[32m" not in shown


def test_a_table_is_for_people_on_a_terminal(stage: Stage) -> None:
    stage.write_settings(endpoint("https://a.example"))
    shown = on_a_terminal(stage, "endpoints")
    assert "work/claude-x" in shown
    assert "─" in shown
    assert "─" not in stage.run("endpoints").stdout


def test_the_token_on_a_terminal_comes_with_a_warning(stage: Stage) -> None:
    assert "keep it" in on_a_terminal(stage, "token")


def test_long_lines_are_folded_between_words_for_a_terminal_alone(stage: Stage) -> None:
    advice = "-> run: npm install -g @anthropic-ai/claude-code"
    shown = on_a_terminal(stage, "doctor", PATH="/nowhere", COLUMNS="50")
    assert advice not in shown
    assert advice.split() == shown[shown.rindex("->") :].split()
    assert advice in stage.run("doctor", PATH="/nowhere", COLUMNS="50").stdout
