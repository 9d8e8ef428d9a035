"""The commands by name: help, version, completion, suggestions, and what is not imported."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner
from understudy import __version__
from understudy.io.cli.main import COMMANDS, Starters, make_command

from .stage import Stage

HEAVY = ("trio", "rich", "psutil", "httpx", "hypercorn", "quart", "msgspec", "http.client")


def never(settings_file: Path | None, port: int | None, announce: Callable[[str], None]) -> None:
    raise AssertionError("no server is started here")


def no_explorer() -> NoReturn:
    raise AssertionError("nothing is simulated here")


def invoke(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(make_command(Starters(never, no_explorer)), list(arguments))
    return result.exit_code, result.output


def test_the_version_is_the_package_s() -> None:
    assert invoke("--version") == (0, f"understudy {__version__}\n")


def test_help_lists_every_command_in_order() -> None:
    code, output = invoke("--help")
    listed = [line.split()[0] for line in output.partition("Commands:")[2].splitlines() if line]
    assert code == 0
    assert tuple(listed[: len(COMMANDS)]) == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_with_an_example(name: str) -> None:
    code, output = invoke(name, "--help")
    assert code == 0
    assert output.startswith(f"Usage: understudy {name}")
    _, _, examples = output.partition("Examples:")
    assert f"understudy {name}" in examples


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("doktor", "Did you mean doctor?"),
        ("Claud", "Did you mean claude?"),
        ("zzz", "One of serve, claude, ask,"),
    ],
)
def test_an_unknown_command_suggests_near_ones(typed: str, said: str) -> None:
    code, output = invoke(typed)
    assert code == 2
    assert said in output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_says_how_to_install_it(shell: str) -> None:
    code, output = invoke("completion", shell)
    assert code == 0
    first, _, script = output.partition("\n")
    assert first.startswith("# To install")
    assert f"understudy completion {shell}" in first
    assert "_UNDERSTUDY_COMPLETE" in script


def test_completion_completes_commands(stage: Stage) -> None:
    asked = {"_UNDERSTUDY_COMPLETE": "bash_complete", "COMP_WORDS": "understudy en"}
    assert stage.run(COMP_CWORD="1", **asked).stdout == "plain,endpoints\nplain,engines\n"


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["serve", "--help"], ["completion", "-h"], ["simulate", "-h"]],
)
def test_a_quick_command_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys, json\n"
        "from understudy.__main__ import main\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "try:\n    main()\n"
        "except SystemExit:\n    print(json.dumps(sorted(sys.modules)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True
    )
    loaded: list[str] = json.loads(ran.stdout.splitlines()[-1])
    assert not [name for name in HEAVY if name in loaded]


def test_an_error_with_a_remedy_is_shown_without_a_traceback(stage: Stage) -> None:
    ran = stage.run("endpoints", UNDERSTUDY_HOME="~nobody-of-this-name/x")
    assert ran.returncode == 2
    assert "~ cannot be expanded; write the whole path" in ran.stderr
