"""The real client with our MCP server: a model sets its conversation to another endpoint."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import trio

from .client import TOKEN, ClientHome
from .client_session import ClientSession, open_session
from .scripted_reply import Json
from .scripted_upstream import ScriptedUpstream, open_scripted_upstream
from .test_mcp_pipe import COMMAND, environment
from .understudy_process import UnderstudyProcess, endpoint_settings, open_understudy

SECONDS_MAX = 60.0
TOOL = "mcp__understudy__endpoint_set"
PERMISSION = "mcp__understudy"
OTHER = """
[[endpoint]]
name = "other"
dialect = "anthropic"
base_url = "{url}"
models = ["claude-y"]
context_tokens = 200000
"""


@attrs.frozen
class House:
    """A server with two endpoints, and a client that has its tools."""

    understudy: UnderstudyProcess
    work: ScriptedUpstream
    other: ScriptedUpstream
    client: ClientSession


def over_http(understudy: UnderstudyProcess, _folder: Path) -> Json:
    """The server as a client is told of it that speaks HTTP itself."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return {"type": "http", "url": f"{understudy.base_url}/mcp", "headers": headers}


def through_the_pipe(_understudy: UnderstudyProcess, folder: Path) -> Json:
    """The program that a client starts instead."""
    [command, *arguments] = COMMAND
    return {"command": command, "args": arguments, "env": environment(folder)}


@asynccontextmanager
async def open_house(
    folder: Path, told: Callable[[UnderstudyProcess, Path], Json] = over_http
) -> AsyncGenerator[House]:
    async with (
        open_scripted_upstream() as work,
        open_scripted_upstream() as other,
        open_understudy(
            folder / "server", endpoint_settings(work.base_url) + OTHER.format(url=other.base_url)
        ) as understudy,
    ):
        config = json.dumps({"mcpServers": {"understudy": told(understudy, folder / "server")}})
        arguments = ("--mcp-config", config, "--strict-mcp-config", "--allowedTools", PERMISSION)
        home = ClientHome.create(folder)
        async with open_session(
            home=home,
            base_url=understudy.base_url,
            model="work/claude-x",
            extra_arguments=arguments,
        ) as client:
            yield House(understudy, work, other, client)


async def test_a_model_sets_its_own_conversation_elsewhere(tmp_path: Path) -> None:
    """The rest of the answer and the next one come from there; the client's model stays named."""
    (tmp_path / "server").mkdir()
    call = json.dumps({"endpoint": "other"}, separators=(",", ":"))
    chosen = f"call:{TOOL}:{call}"
    with trio.fail_after(SECONDS_MAX):
        async with open_house(tmp_path) as house:
            result = await house.client.say(f"SCN={chosen}")
            assert not result["is_error"], result
            assert result["permission_denials"] == []
            assert '"place":"other/claude-y"' in result["result"].replace(" ", ""), result
            result = await house.client.say("SCN=text:after_the_switch")
            assert result["result"] == "The scripted answer: after the switch"
            asked = house.work.message_requests, house.other.message_requests
            told = [[request.scenario for request in requests] for requests in asked]
            assert told == [[chosen], [chosen, "text:after_the_switch"]]
            assert asked[1][0].json["model"] == "claude-y"


async def test_a_model_sets_the_rest_of_its_answer_through_the_pipe(tmp_path: Path) -> None:
    """What comes after the call is from there; the next prompt goes where the others went."""
    (tmp_path / "server").mkdir()
    call = json.dumps({"endpoint": "other", "scope": "answer"}, separators=(",", ":"))
    chosen = f"call:{TOOL}:{call}"
    with trio.fail_after(SECONDS_MAX):
        async with open_house(tmp_path, through_the_pipe) as house:
            result = await house.client.say(f"SCN={chosen}")
            assert not result["is_error"], result
            await house.client.say("SCN=text:the_next_prompt")
            asked = house.work.message_requests, house.other.message_requests
            told = [[request.scenario for request in requests] for requests in asked]
            assert told == [[chosen, "text:the_next_prompt"], [chosen]]
