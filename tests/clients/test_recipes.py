"""What is wished for in each client's settings, and what the user is told of it."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from understudy.io.clients import claude_code, codex, shell
from understudy.io.clients.circumstances import Circumstances
from understudy.io.clients.program import OwnProgram
from understudy.io.clients.setup import Target
from understudy.protocols.routing.table import RoutingTable
from understudy.protocols.settings import parse_settings

ADDRESS = "http://127.0.0.1:7337"
PROGRAM = OwnProgram(("/opt/my programs/understudy",))
LOCAL = """
[[endpoint]]
name = "local"
dialect = "openai-chat"
base_url = "http://127.0.0.1:9000"
models = ["qwen"]
context_tokens = 32768
"""
ANTHROPIC = """
[[endpoint]]
name = "cloud"
dialect = "anthropic"
base_url = "https://api.anthropic.com"
models = ["claude-x"]
key = "env:KEY"
context_tokens = 200000
"""
JUDGE = '[safeguards]\nclassifier = "local/qwen"\n'
RULE = '[[rule]]\nmodel = "coder"\nto = ["local/qwen"]\n'


PRINTING = "import os, sys; print(sys.argv[1], os.environ.get('UNDERSTUDY_HOME'))"


def circumstances(settings: str) -> Circumstances:
    table = RoutingTable.of(parse_settings(settings, "settings.toml"))
    return Circumstances(ADDRESS, table, PROGRAM)


def values(targets: list[Target]) -> dict[str, Any]:
    return {".".join(wish.path): wish.value for target in targets for wish in target.wishes}


def claude(settings: str, *, statusline: bool = False, mode: bool = True) -> dict[str, Any]:
    found = circumstances(settings)
    own = Path("own.json")
    return values(claude_code.targets(found, Path("f"), own, statusline=statusline, mode=mode))


def test_claude_code_is_led_here_by_its_settings_without_a_token_in_them() -> None:
    assert claude(LOCAL) == {
        "env.ANTHROPIC_BASE_URL": ADDRESS,
        "apiKeyHelper": "'/opt/my programs/understudy' token",
        "env.CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY": "1",
        "env.ENABLE_TOOL_SEARCH": "true",
        "env.ANTHROPIC_CUSTOM_MODEL_OPTION": "anthropic/local/qwen",
        "env.ANTHROPIC_CUSTOM_MODEL_OPTION_NAME": "qwen · local · 32K",
        "env.ANTHROPIC_CUSTOM_MODEL_OPTION_DESCRIPTION": "Understudy's default",
        "env.CLAUDE_CODE_MAX_CONTEXT_TOKENS": "32768",
        "env.CLAUDE_CODE_MAX_OUTPUT_TOKENS": "4096",
        "model": "anthropic/local/qwen",
        "permissions.defaultMode": "default",
        "mcpServers.understudy": {
            "type": "stdio",
            "command": "/opt/my programs/understudy",
            "args": ["mcp"],
            "env": {},
        },
    }


def test_a_status_line_is_wished_for_if_it_is_asked_for() -> None:
    line = claude(LOCAL, statusline=True)["statusLine"]
    assert line == {"type": "command", "command": "'/opt/my programs/understudy' statusline"}


@pytest.mark.parametrize(
    ("settings", "is_manual", "told"),
    [
        (LOCAL, True, False),
        (ANTHROPIC, False, False),
        (LOCAL + ANTHROPIC, False, True),
        (LOCAL + JUDGE, False, False),
        ("", True, False),
    ],
)
def test_the_mode_is_manual_where_nobody_gives_verdicts(
    settings: str, is_manual: bool, told: bool
) -> None:
    assert ("permissions.defaultMode" in claude(settings)) == is_manual
    assert "permissions.defaultMode" not in claude(settings, mode=False)
    notes = claude_code.notes(circumstances(settings))
    assert any("nobody gives one for local" in note for note in notes) == told
    assert any("offers once" in note for note in notes) == is_manual
    assert circumstances(settings).number.why == notes[0]


def test_a_rule_s_id_may_be_the_default_and_is_known_as_ours() -> None:
    found = circumstances(f'default = "coder"\n{RULE}{LOCAL}')
    assert found.default == "coder"
    assert claude(f'default = "coder"\n{RULE}{LOCAL}')["model"] == "anthropic/coder"
    assert {"local/qwen", "anthropic/local/qwen", "anthropic/coder"} <= found.model_ids
    assert "coder" not in found.model_ids


def test_codex_gets_a_provider_with_a_command_for_the_token() -> None:
    [target] = codex.targets(circumstances(LOCAL), Path("f"))
    assert values([target]) == {
        "model": "local/qwen",
        "model_provider": "understudy",
        "model_context_window": 32768,
        "model_providers.understudy": {
            "name": "Understudy",
            "base_url": f"{ADDRESS}/v1",
            "wire_api": "responses",
            "auth": {
                "command": "/opt/my programs/understudy",
                "args": ["token"],
                "timeout_ms": 10_000,
            },
        },
        "mcp_servers.understudy": {"command": "/opt/my programs/understudy", "args": ["mcp"]},
    }


def test_codex_is_told_one_window_and_the_user_which_or_that_nobody_knows() -> None:
    [note] = codex.notes(circumstances(LOCAL + ANTHROPIC))
    assert note.startswith("Codex is told 32,768 tokens for every model: the window of local/qwen")
    unknown = circumstances(LOCAL.replace("context_tokens = 32768\n", ""))
    assert "nobody has said how much local/qwen holds" in codex.notes(unknown)[0]
    [target] = codex.targets(unknown, Path("f"))
    assert "model_context_window" not in values([target])


@pytest.mark.parametrize("environ", [{}, {"UNDERSTUDY_HOME": "/srv/a b"}])
def test_our_program_starts_from_anywhere_and_is_the_same_installation(
    environ: dict[str, str], tmp_path: Path
) -> None:
    program = OwnProgram.of(environ)
    assert program.words[0].startswith("/")
    played = OwnProgram((sys.executable, "-c", PRINTING), program.variables)
    first, rest = played.for_exec("token")
    for words in (["/bin/sh", "-c", played.for_shell("token")], [first, *rest]):
        said = subprocess.check_output(words, cwd=tmp_path, env={}, text=True)
        assert said == f"token {environ.get('UNDERSTUDY_HOME')}\n"
    assert shlex.split(program.for_shell("token"))[-1] == "token"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, None),
        ({"CLAUDE_CONFIG_DIR": "/c"}, None),
        ({"CLAUDE_CONFIG_DIR": "/c"}, Path("/d")),
    ],
)
def test_claude_code_s_two_files_are_where_it_looks_for_them(
    environ: dict[str, str], named: Path | None
) -> None:
    folder = claude_code.settings_folder(environ, named)
    own = claude_code.own_file(environ, named)
    if environ:
        assert (folder, own) == (named or Path("/c"), (named or Path("/c")) / ".claude.json")
    else:
        assert (folder, own) == (Path.home() / ".claude", Path.home() / ".claude.json")


def test_an_older_own_file_of_claude_code_is_used_while_it_is_there(tmp_path: Path) -> None:
    (tmp_path / ".config.json").write_text("{}")
    assert claude_code.own_file({}, tmp_path) == tmp_path / ".config.json"


@pytest.mark.parametrize(
    ("client", "environ", "words"),
    [
        ("claude-code", {"ANTHROPIC_API_KEY": "sk-planted-secret"}, ["beside the token"]),
        ("claude-code", {"ANTHROPIC_AUTH_TOKEN": "x"}, ["is refused"]),
        ("claude-code", {"ANTHROPIC_MODEL": "x"}, ["decides the model"]),
        ("claude-code", {"CLAUDE_CODE_USE_VERTEX": "1"}, ["does not use Understudy"]),
        ("claude-code", {"ANTHROPIC_BASE_URL": "http://other"}, ["to another address"]),
        ("claude-code", {"ANTHROPIC_BASE_URL": ADDRESS}, []),
        ("codex", {"ANTHROPIC_API_KEY": "x", "UNDERSTUDY_TOKEN": "t"}, ["has to have the same"]),
        ("codex", {"HTTP_PROXY": "http://p"}, ["add 127.0.0.1 to NO_PROXY"]),
        ("codex", {"HTTP_PROXY": "http://p", "NO_PROXY": "a, 127.0.0.1"}, []),
        ("codex", {}, []),
    ],
)
def test_variables_that_would_win_are_told_without_their_values(
    client: str, environ: dict[str, str], words: list[str]
) -> None:
    told = shell.warnings(environ, client, ADDRESS)
    assert len(told) == len(words)
    for line, each in zip(told, words, strict=True):
        assert each in line
        assert "sk-planted-secret" not in line
