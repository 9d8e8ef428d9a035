"""What the real client's turns look like to a rule: each trait, read from its own requests.

The client talks to the scripted upstream itself; what it sends is read as the router reads it. No
text of its prompts is kept, only whether a turn has a trait.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

import attrs
import pytest
from understudy.protocols.anthropic.request import parse_request
from understudy.protocols.identity import AGENT_HEADER
from understudy.protocols.routing.traits import matches
from understudy.protocols.settings_data import RuleSettings, Trait
from understudy.protocols.turn import Operation, Turn

from .client import ClientHome, run_print
from .script import Call, as_scenario
from .scripted_upstream import RecordedRequest, ScriptedUpstream
from .terminal import open_terminal

TRAITS: Sequence[Trait] = ("background", "vision", "sub-agent", "thinking", "plan")
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)
MODEL = "work/claude-x"
SMALL = "small/fast"
IN_PLAN_MODE, IN_AUTO_MODE = "plan mode on", "auto mode on"


class TalkativeHome(ClientHome):
    """A home whose client may send what is not essential, but nothing to other hosts."""

    def environment(self, base_url: str, context_tokens: int, token: str = "tok") -> dict[str, str]:
        """See ClientHome."""
        found = super().environment(base_url, context_tokens, token)
        del found["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"]
        quiet = ("DISABLE_AUTOUPDATER", "DISABLE_TELEMETRY", "DISABLE_ERROR_REPORTING")
        return {**found, **dict.fromkeys(quiet, "1"), "ANTHROPIC_SMALL_FAST_MODEL": SMALL}


def traits(request: RecordedRequest) -> list[Trait]:
    """The traits of a turn, as a rule would find them."""
    agent = request.headers.get(AGENT_HEADER.decode(), "")
    parsed = parse_request(request.body)
    turn = Turn("t", "c", True, agent, Operation.MESSAGES, parsed)
    return [each for each in TRAITS if matches(RuleSettings(("a/b",), when=(each,)), turn)]


async def seen(
    upstream: ScriptedUpstream, home: ClientHome, prompt: str, *arguments: str, model: str = MODEL
) -> list[RecordedRequest]:
    """The turns of one run in print mode."""
    before = len(upstream.message_requests)
    await run_print(
        prompt,
        home=home,
        base_url=upstream.base_url,
        model=model,
        allowed_tools=("Bash", "Read", "Agent"),
        extra_arguments=arguments,
    )
    return upstream.message_requests[before:]


@pytest.mark.parametrize(
    ("arguments", "model", "expected"),
    [
        ((), MODEL, []),
        ((), "claude-opus-5-5", []),
        (("--effort", "xhigh"), MODEL, ["thinking"]),
        (("--permission-mode", "plan"), MODEL, ["plan"]),
        ((), "claude-sonnet-4-5", ["thinking"]),
        ((), "claude-haiku-5-5", ["background"]),
    ],
)
async def test_a_turn_has_the_traits_that_were_chosen(
    upstream: ScriptedUpstream,
    client_home: ClientHome,
    arguments: tuple[str, ...],
    model: str,
    expected: list[Trait],
) -> None:
    [turn] = await seen(upstream, client_home, "SCN=text", *arguments, model=model)
    assert traits(turn) == expected


@pytest.mark.parametrize(
    ("more", "expected"), [({}, ["sub-agent"]), ({"model": "haiku"}, ["background", "sub-agent"])]
)
async def test_a_sub_agent_is_known_by_its_header(
    upstream: ScriptedUpstream,
    client_home: ClientHome,
    more: dict[str, str],
    expected: list[Trait],
) -> None:
    given = {"description": "look", "subagent_type": "general-purpose", "prompt": "SCN=text"}
    call = Call("Agent", {**given, "run_in_background": False, **more})
    turns = await seen(upstream, client_home, as_scenario(call))
    assert [traits(turn) for turn in turns] == [[], expected, []]


async def test_a_picture_that_was_read_is_vision(
    upstream: ScriptedUpstream, client_home: ClientHome
) -> None:
    picture = client_home.project / "picture.png"
    picture.write_bytes(PICTURE)
    call = Call("Read", {"file_path": str(picture)})
    turns = await seen(upstream, client_home, as_scenario(call))
    assert [traits(turn) for turn in turns] == [[], ["vision"]]


async def test_plan_mode_ends_and_a_title_is_small_work(
    upstream: ScriptedUpstream, tmp_path: Path
) -> None:
    made = ClientHome.create(tmp_path / "client", permission_mode="plan")
    home = TalkativeHome(**attrs.asdict(made))
    async with open_terminal(
        tmp_path, home=home, base_url=upstream.base_url, model=MODEL, ready=IN_PLAN_MODE
    ) as terminal:
        await terminal.submit("SCN=text:planned")
        await terminal.wait_for("answer: planned")
        await terminal.press("BTab")
        await terminal.wait_for(IN_AUTO_MODE)
        await terminal.submit("SCN=text:done")
        await terminal.wait_for("answer: done")
    small = [one for one in upstream.message_requests if one.json["model"] == SMALL]
    turns = [one for one in upstream.message_requests if one not in small]
    assert [traits(turn) for turn in turns] == [["plan"], []]
    assert small
    assert all("background" in traits(turn) for turn in small)
