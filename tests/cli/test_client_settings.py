"""What a settings file would rule is said on the client's command line, and the token never is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from understudy.io.cli.client import ClientPlan, plan_client
from understudy.io.cli.client_settings import over_files
from understudy.io.clients.program import OwnProgram
from understudy.io.clients.ruling_files import Rank, RulingFile
from understudy.protocols.routing.table import RoutingTable
from understudy.protocols.secret import Secret
from understudy.protocols.settings import Settings

ADDRESS, TOKEN = "http://127.0.0.1:39000", "planted-token-of-ours"
PROGRAM = OwnProgram(("/opt/understudy",))


def planned(*files: RulingFile, arguments: tuple[str, ...] = ()) -> ClientPlan:
    table = RoutingTable.of(Settings())
    plan = plan_client({}, arguments, ADDRESS, Secret(TOKEN), table)
    return over_files(plan, arguments, files, PROGRAM)


def file(rank: Rank = "own", **variables: object) -> RulingFile:
    return RulingFile(Path(f"/{rank}.json"), rank, {"env": variables})


def said(plan: ClientPlan) -> object:
    """What stands behind --settings; None if it is not there."""
    if "--settings" not in plan.arguments:
        return None
    return json.loads(plan.arguments[plan.arguments.index("--settings") + 1])


@pytest.mark.parametrize(
    "files",
    [
        (),
        (file(),),
        (file(ANTHROPIC_BASE_URL=ADDRESS),),
        (file(CLAUDE_CODE_USE_BEDROCK="0", ANTHROPIC_AUTH_TOKEN=""),),
        (file(ANTHROPIC_AUTH_TOKEN=TOKEN),),
        (file(CLAUDE_CODE_MAX_CONTEXT_TOKENS="1", ANTHROPIC_MODEL="mine"),),
        (file("local", ANTHROPIC_BASE_URL=ADDRESS), file(ANTHROPIC_BASE_URL="http://other")),
    ],
)
def test_nothing_is_said_where_no_file_is_in_the_way(files: tuple[RulingFile, ...]) -> None:
    assert planned(*files) == planned()


@pytest.mark.parametrize("rank", ["own", "project", "local"])
def test_the_address_is_said_where_a_file_has_another(rank: Rank) -> None:
    plan = planned(file(rank, ANTHROPIC_BASE_URL="http://127.0.0.1:7337"))
    assert said(plan) == {"env": {"ANTHROPIC_BASE_URL": ADDRESS}}
    assert plan.arguments[2:] == planned().arguments
    assert plan.notes == planned().notes


def test_another_s_token_is_emptied_and_a_command_prints_ours() -> None:
    plan = planned(file(ANTHROPIC_AUTH_TOKEN="theirs", ANTHROPIC_API_KEY="x"))
    assert said(plan) == {
        "env": {"ANTHROPIC_AUTH_TOKEN": "", "ANTHROPIC_API_KEY": ""},
        "apiKeyHelper": f"/opt/understudy token --for {ADDRESS}",
    }
    assert TOKEN not in " ".join(plan.arguments)


def test_a_cloud_is_turned_off() -> None:
    assert said(planned(file("project", CLAUDE_CODE_USE_VERTEX=1))) == {
        "env": {"CLAUDE_CODE_USE_VERTEX": "0"}
    }


@pytest.mark.parametrize(
    ("rank", "arguments", "words"),
    [
        ("managed", (), "whoever manages this machine"),
        ("own", ("--settings", "{}"), "say ANTHROPIC_BASE_URL in your --settings as well"),
    ],
)
def test_what_cannot_be_ruled_over_is_told(
    rank: Rank, arguments: tuple[str, ...], words: str
) -> None:
    plan = planned(file(rank, ANTHROPIC_BASE_URL="http://planted"), arguments=arguments)
    assert plan.arguments == planned(arguments=arguments).arguments
    assert words in plan.notes[-1]
    assert "planted" not in plan.notes[-1]
