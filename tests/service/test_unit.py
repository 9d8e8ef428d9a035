"""The two descriptions of the service: what stands in them, and what must not."""

from __future__ import annotations

import plistlib
import shlex
import sys
from pathlib import Path

import pytest
from understudy.io.folders import Folders
from understudy.io.service.agent import LABEL, agent_text
from understudy.io.service.plan import ServicePlan, make_plan, program
from understudy.io.service.steps import MARK, ServiceError
from understudy.io.service.unit import unit_text

ODD = '/odd "folder" %h $HOME \\x & <b>'
PLAN = ServicePlan((f"{ODD}/understudy", "serve"), {"UNDERSTUDY_HOME": ODD}, Path("/logs/x.log"))


def test_only_folders_of_the_environment_are_carried_over() -> None:
    environ = {
        "UNDERSTUDY_HOME": "/srv/me",
        "XDG_STATE_HOME": "/state",
        "XDG_DATA_HOME": " ",
        "UNDERSTUDY_TOKEN": "planted-token",
        "UNDERSTUDY_KEYS_PASSPHRASE": "planted",
        "WORK_KEY": "planted",
        "PATH": "/usr/bin",
    }
    plan = make_plan(Folders.from_environment(environ), environ, None)
    assert plan.environment == {"UNDERSTUDY_HOME": "/srv/me", "XDG_STATE_HOME": "/state"}
    for text in (unit_text(plan), agent_text(plan)):
        assert "planted" not in text
        assert MARK in text


def test_the_program_is_this_installation_s_by_its_whole_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "understudy"
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert program() == (str(tmp_path / "python"), "-P", "-m", "understudy")
    script.touch(0o755)
    assert program() == (str(script),)


def test_a_settings_file_of_one_s_own_is_named_absolutely(monkeypatch: pytest.MonkeyPatch) -> None:
    folders = Folders.from_environment({"UNDERSTUDY_HOME": "/srv/me"})
    plan = make_plan(folders, {}, Path("own.toml"))
    assert plan.command[-3:] == ("serve", "--config", str(Path.cwd() / "own.toml"))


def test_nothing_in_a_path_is_read_by_systemd() -> None:
    lines = unit_text(PLAN).splitlines()
    (command,) = (line.removeprefix("ExecStart=") for line in lines if "ExecStart=" in line)
    (kept,) = (line.removeprefix("Environment=") for line in lines if "Environment=" in line)
    words = [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(command)]
    assert words == [*PLAN.command]
    assert "$HOME" not in command.replace("$$", "")
    assert shlex.split(kept)[0].replace("%%", "%") == f"UNDERSTUDY_HOME={ODD}"


def test_a_line_break_in_a_path_makes_no_line_of_the_unit() -> None:
    with pytest.raises(ServiceError, match="control characters"):
        unit_text(ServicePlan(("/a\nExecStartPre=/bad", "serve"), {}, Path("/l")))


def test_the_agent_is_a_property_list_with_the_same_command() -> None:
    agent = plistlib.loads(agent_text(PLAN).encode())
    assert agent["Label"] == LABEL
    assert agent["ProgramArguments"] == [*PLAN.command, "--log-file", "/logs/x.log"]
    assert agent["EnvironmentVariables"] == PLAN.environment
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert agent["StandardErrorPath"] == "/logs/x.err"


@pytest.mark.parametrize(
    "line",
    ["Restart=on-failure", "StartLimitBurst=10", "OOMPolicy=continue", "WantedBy=default.target"],
)
def test_the_unit_starts_again_within_limits(line: str) -> None:
    assert line in unit_text(PLAN).splitlines()
