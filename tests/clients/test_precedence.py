"""What rules over the settings of ours: told with its file and key, and nothing else is told."""

from __future__ import annotations

import json
import plistlib
from pathlib import Path
from typing import Any

import attrs
import pytest
from understudy.io.clients.merge import Wish
from understudy.io.clients.precedence import Ruling, rulings
from understudy.io.clients.ruling_files import RulingPlaces

ADDRESS = "http://127.0.0.1:7337"
WISHES = (
    Wish(("env", "ANTHROPIC_BASE_URL"), ADDRESS, ""),
    Wish(("env", "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY"), "1", ""),
    Wish(("apiKeyHelper",), "/opt/understudy token", ""),
    Wish(("model",), "anthropic/local/q", "", frozenset({"local/q"})),
    Wish(("permissions", "defaultMode"), "default", "", frozenset({"plan"})),
    Wish(("mcpServers", "understudy"), {"command": "/opt/understudy", "args": ["mcp"]}, ""),
)
LINE = Wish(("statusLine",), {"type": "command", "command": "/opt/understudy statusline"}, "")
MANAGED, DROP_IN = "etc/managed-settings.json", "etc/managed-settings.d/{}.json"
SERVERS = "etc/managed-mcp.json"
OWN = "home/.claude/settings.json"
SHARED, LOCAL = "project/.claude/settings.json", "project/.claude/settings.local.json"
BELOW = "project/below/.claude/settings.local.json"
LISTED = {"availableModels": ["opus"]}
OTHERS = [{"serverName": "other"}]
OURS = [{"serverName": "understudy"}]
OUR_COMMAND = [{"serverCommand": ["/opt/understudy", "mcp"]}]
OTHER_COMMAND = [{"serverCommand": ["/opt/other"]}]


@attrs.frozen
class Machine:
    """A machine with settings files on it, and a user in a folder."""

    folder: Path

    def write(self, files: dict[str, object]) -> None:
        """Writes files: text as it is, anything else as JSON."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content if isinstance(content, str) else json.dumps(content))

    def rulings(self, *more: Wish, working: str = "project") -> list[Ruling]:
        """What rules there."""
        preferences = tuple(self.folder / name for name in ("user.plist", "machine.plist"))
        places = RulingPlaces(self.folder / "etc", self.folder / working, preferences)
        return list(rulings((*WISHES, *more), places.files(self.folder / OWN), places.servers()))

    def told(self, *more: Wish, working: str = "project") -> list[tuple[str, str]]:
        """The files and keys that rule."""
        found = self.rulings(*more, working=working)
        return [(each.file.path.relative_to(self.folder).as_posix(), each.key) for each in found]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "project" / "below").mkdir(parents=True)
    return Machine(tmp_path)


def test_nothing_is_told_where_nothing_rules(machine: Machine) -> None:
    assert machine.told(LINE) == []
    ours = {
        "env": {"ANTHROPIC_BASE_URL": ADDRESS, "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY": 1},
        "apiKeyHelper": "/opt/understudy token",
        "model": "local/q",
        "permissions": {"defaultMode": "plan", "allow": ["Bash"]},
        "availableModels": ["opus", "anthropic/local/q"],
        "allowedMcpServers": [*OTHERS, *OURS],
        "deniedMcpServers": OTHERS,
        "theme": "dark",
    }
    machine.write(
        {MANAGED: ours, LOCAL: ours, SHARED: ours, OWN: ours, SERVERS: {"mcpServers": {}}}
    )
    machine.write({SERVERS: {"mcpServers": {"understudy": {}}}})
    assert machine.told(LINE) == []


BASE_URL = {"env": {"ANTHROPIC_BASE_URL": "https://me:planted-secret@other.example"}}


@pytest.mark.parametrize("file", [MANAGED, DROP_IN.format("10-a"), LOCAL, SHARED])
@pytest.mark.parametrize(
    ("values", "key"),
    [
        (BASE_URL, "env.ANTHROPIC_BASE_URL"),
        ({"env": {"ANTHROPIC_BASE_URL": ""}}, "env.ANTHROPIC_BASE_URL"),
        ({"apiKeyHelper": "planted-secret"}, "apiKeyHelper"),
        ({"model": "opus"}, "model"),
        ({"permissions": {"defaultMode": "auto"}}, "permissions.defaultMode"),
        (
            {"env": {"CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY": False}},
            "env.CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY",
        ),
        ({"statusLine": {"type": "command", "command": "mine"}}, "statusLine"),
    ],
)
def test_a_file_that_rules_over_ours_is_told_without_its_value(
    machine: Machine, file: str, values: dict[str, Any], key: str
) -> None:
    machine.write({OWN: values})
    assert machine.told(LINE) == [], "what the user's own file says of our keys is a conflict"
    machine.write({file: values})
    assert machine.told(LINE) == [(file, key)]
    [ruling] = machine.rulings(LINE)
    assert ruling.sentence.startswith(f"{machine.folder / file}: {key}: ")
    assert "planted-secret" not in ruling.sentence
    is_managed = file.startswith("etc/")
    assert ("whoever manages this machine" in ruling.remedy) == is_managed
    assert ("in another folder" in ruling.remedy) != is_managed


@pytest.mark.parametrize("file", [MANAGED, LOCAL, SHARED, OWN])
@pytest.mark.parametrize(
    ("name", "value", "consequence"),
    [
        ("ANTHROPIC_AUTH_TOKEN", "planted-secret", "instead of Understudy's token, and is refused"),
        ("ANTHROPIC_API_KEY", "planted-secret", "beside the token"),
        ("ANTHROPIC_MODEL", "opus", "decides the model"),
        ("CLAUDE_CODE_USE_BEDROCK", "1", "does not use Understudy"),
        ("CLAUDE_CODE_USE_VERTEX", True, "does not use Understudy"),
        ("ANTHROPIC_AUTH_TOKEN", "", ""),
        ("CLAUDE_CODE_USE_BEDROCK", "0", ""),
        ("CLAUDE_CODE_USE_FOUNDRY", "false", ""),
    ],
)
def test_a_variable_that_defeats_ours_is_told_in_the_user_s_own_file_too(
    machine: Machine, file: str, name: str, value: object, consequence: str
) -> None:
    machine.write({file: {"env": {name: value}}})
    assert machine.told() == ([(file, f"env.{name}")] if consequence else [])
    for ruling in machine.rulings():
        assert consequence in ruling.sentence
        assert "planted-secret" not in ruling.sentence


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({MANAGED: {"forceLoginMethod": "claudeai"}}, [(MANAGED, "forceLoginMethod")]),
        ({MANAGED: {"forceLoginOrgUUID": "x"}}, [(MANAGED, "forceLoginOrgUUID")]),
        ({OWN: {"forceLoginMethod": "claudeai"}}, []),
        ({OWN: LISTED}, [(OWN, "availableModels")]),
        (
            {MANAGED: {"availableModels": ["a"]}, OWN: {"availableModels": ["anthropic/local/q"]}},
            [],
        ),
        ({SHARED: {"disableAllHooks": True}}, [(SHARED, "disableAllHooks")]),
        ({SHARED: {"disableAllHooks": False}}, []),
        ({MANAGED: {"allowManagedHooksOnly": True}}, [(MANAGED, "allowManagedHooksOnly")]),
        ({SHARED: {"allowManagedHooksOnly": True}}, []),
        ({SERVERS: {"mcpServers": {}}}, [(SERVERS, "mcpServers")]),
        ({SHARED: {"deniedMcpServers": OURS}}, [(SHARED, "deniedMcpServers")]),
        ({OWN: {"deniedMcpServers": OUR_COMMAND}}, [(OWN, "deniedMcpServers")]),
        ({MANAGED: {"allowedMcpServers": []}}, [(MANAGED, "allowedMcpServers")]),
        ({MANAGED: {"allowedMcpServers": OURS + OTHER_COMMAND}}, [(MANAGED, "allowedMcpServers")]),
        ({MANAGED: {"allowedMcpServers": OTHERS + OUR_COMMAND}}, []),
        ({MANAGED: {"allowedMcpServers": OTHERS}, OWN: {"allowedMcpServers": OURS}}, []),
        (
            {
                MANAGED: {"allowedMcpServers": OTHERS, "allowManagedMcpServersOnly": True},
                OWN: {"allowedMcpServers": OURS},
            },
            [(MANAGED, "allowedMcpServers")],
        ),
    ],
)
def test_what_is_forbidden_or_not_on_a_list_is_told(
    machine: Machine, files: dict[str, object], told: list[tuple[str, str]]
) -> None:
    machine.write(files)
    assert machine.told(LINE) == told


def test_no_status_line_is_missed_where_none_is_wished_for(machine: Machine) -> None:
    machine.write({OWN: {"disableAllHooks": True}, SHARED: {"statusLine": {"type": "command"}}})
    assert machine.told() == []


@pytest.mark.parametrize(
    ("names", "ruling"),
    [
        ([MANAGED, LOCAL, SHARED], MANAGED),
        ([LOCAL, SHARED], LOCAL),
        ([MANAGED, DROP_IN.format("10-a"), DROP_IN.format("9-b")], DROP_IN.format("9-b")),
        ([DROP_IN.format(".hidden"), MANAGED], MANAGED),
        (["machine.plist", MANAGED], "machine.plist"),
        (["user.plist", "machine.plist"], "user.plist"),
    ],
)
def test_of_several_files_the_first_in_rank_is_told(
    machine: Machine, names: list[str], ruling: str
) -> None:
    text = plistlib.dumps({"model": "opus"}).decode()
    machine.write({each: text if each.endswith(".plist") else {"model": "opus"} for each in names})
    assert machine.told() == [(ruling, "model")]


def test_the_first_file_decides_also_where_it_says_what_we_need(machine: Machine) -> None:
    machine.write({MANAGED: {"model": "anthropic/local/q"}, SHARED: {"model": "opus"}})
    assert machine.told() == []


def test_below_a_work_tree_s_root_its_local_file_rules_and_its_shared_one_does_not(
    machine: Machine,
) -> None:
    machine.write({LOCAL: {"model": "opus"}, SHARED: {"apiKeyHelper": "x"}})
    assert machine.told(working="project/below") == []
    machine.write({"project/.git": "gitdir: elsewhere"})
    assert machine.told(working="project/below") == [(LOCAL, "model")]
    machine.write({BELOW: {"model": "opus", "apiKeyHelper": "x"}})
    told = machine.told(working="project/below")
    assert sorted(told) == [(LOCAL, "model"), (BELOW, "apiKeyHelper")]


def test_in_the_home_folder_the_user_s_own_file_is_no_project_s(machine: Machine) -> None:
    machine.write({OWN: {"model": "opus"}})
    assert machine.told(working="home") == []


@pytest.mark.parametrize(
    ("text", "file", "told"),
    [
        ("{ nope", MANAGED, [(MANAGED, "is no object of settings")]),
        ("[]", DROP_IN.format("1"), [(DROP_IN.format("1"), "is no object of settings")]),
        ("<plist", "machine.plist", [("machine.plist", "is no object of settings")]),
        ("{ nope", SHARED, []),
        ("{ nope", OWN, []),
        ('\ufeff{"model": "opus"}', MANAGED, [(MANAGED, "model")]),
    ],
)
def test_a_file_that_cannot_be_understood_stops_the_client_or_counts_for_nothing(
    machine: Machine, text: str, file: str, told: list[tuple[str, str]]
) -> None:
    machine.write({file: text})
    assert machine.told() == told


def test_a_managed_file_that_may_not_be_read_is_told(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.write({MANAGED: {"model": "opus"}})

    def closed(path: Path, mode: str) -> None:
        raise PermissionError(13, f"{path} {mode}")

    monkeypatch.setattr(Path, "open", closed)
    [ruling] = machine.rulings()
    assert (ruling.key, "is not known here" in ruling.sentence) == ("cannot be read", True)
