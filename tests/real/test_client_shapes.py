"""Every shape of request that the real client has been seen to send is accepted and answered.

The client itself makes them: each shape is a model, an environment or a command line that changes
what it sends. An upstream that refuses nothing answers in one request for each turn; if it was us
who refused, the client would have tried again with less, and there would be more. The shapes that
a terminal has (auto mode, Esc) are in `test_client_terminal.py`, and tool results, broken input and
the like in `test_client_print.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

from .client import TOKEN, ClientHome, PrintResult, run_print
from .conftest import DIRECT
from .dialect_upstream import open_dialect_upstream
from .script import Say
from .scripted_dialects import DIALECTS
from .scripted_reply import Json
from .scripted_upstream import ScriptedUpstream
from .understudy_process import endpoint_settings, open_understudy

PROMPT = "SCN=text:done"
ANSWER = "The scripted answer: done"

pytestmark = pytest.mark.skipif(DIRECT, reason="the shapes are what Understudy is to accept")


@attrs.frozen
class Shape:
    """What makes the client send another form of request, and how that form is known."""

    shows: Callable[[Json], bool]
    model: str = "work/claude-x"
    environment: Mapping[str, str] = attrs.field(factory=dict[str, str])
    arguments: tuple[str, ...] = ()
    settings: Mapping[str, str] = attrs.field(factory=dict[str, str])


def system_message(body: Json) -> Any:
    """The content of the message with the role `system`; None without one."""
    found = [one["content"] for one in body["messages"] if one["role"] == "system"]
    return found[0] if found else None


NO_TOKEN = {"ANTHROPIC_AUTH_TOKEN": ""}
SHAPES = {
    "first print request": Shape(lambda body: isinstance(system_message(body), list)),
    "a model it knows": Shape(
        lambda body: any("output_config" in one for one in body["messages"]),
        model="claude-opus-5-5",
    ),
    "an older model": Shape(
        lambda body: system_message(body) is None and body["thinking"]["type"] == "enabled",
        model="claude-sonnet-4-5",
    ),
    "an unknown model": Shape(lambda body: body["max_tokens"] == 32_000, model="my-local-qwen"),
    "no experimental betas": Shape(
        lambda body: isinstance(system_message(body), str),
        environment={"CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS": "1"},
    ),
    "tool search off": Shape(
        lambda body: len(body["tools"]) > 20, environment={"ENABLE_TOOL_SEARCH": "0"}
    ),
    "bare": Shape(
        lambda body: system_message(body) == [] and len(body["tools"]) == 3,
        model="claude-opus-5-5",
        environment={"ANTHROPIC_API_KEY": TOKEN, **NO_TOKEN},
        arguments=("--bare",),
    ),
    "a key from a helper": Shape(
        lambda body: bool(body["tools"]),
        environment=NO_TOKEN,
        settings={"apiKeyHelper": f"echo {TOKEN}"},
    ),
    "a smaller answer": Shape(
        lambda body: body["max_tokens"] == 4096,
        environment={"CLAUDE_CODE_MAX_OUTPUT_TOKENS": "4096"},
    ),
    "no thinking": Shape(
        lambda body: "thinking" not in body, environment={"MAX_THINKING_TOKENS": "0"}
    ),
}
ALIKE = ("an unknown model", "a key from a helper", "a smaller answer")
"""Shapes that give a translator no other work than the first."""


def prepare(home: ClientHome, shape: Shape) -> None:
    """Writes the shape into the client's settings."""
    file = home.home / ".claude" / "settings.json"
    chosen = json.loads(file.read_text())
    file.write_text(json.dumps({**chosen, "env": dict(shape.environment), **shape.settings}))


async def ask(home: ClientHome, shape: Shape, base_url: str) -> PrintResult:
    """Runs the client in this shape."""
    prepare(home, shape)
    return await run_print(
        PROMPT, home=home, base_url=base_url, model=shape.model, extra_arguments=shape.arguments
    )


async def test_each_shape_is_relayed_at_once(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    settings = endpoint_settings(upstream.base_url)
    async with open_understudy(tmp_path / "server", settings) as understudy:
        for name, shape in SHAPES.items():
            before = len(upstream.requests)
            home = ClientHome.create(tmp_path / name.replace(" ", "-"))
            result = await ask(home, shape, understudy.base_url)
            assert result.text == ANSWER, (name, result.text, understudy.explain())
            assert len(upstream.requests) - before == 1, f"{name} was refused at first"
            assert shape.shows(upstream.requests[-1].json), f"the client no longer sends {name}"


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_each_shape_is_translated_at_once(tmp_path: Path, dialect: str) -> None:
    async with open_dialect_upstream(DIALECTS[dialect], ((Say(ANSWER),),)) as peer:
        settings = endpoint_settings(peer.base_url).replace('"anthropic"', f'"{dialect}"')
        async with open_understudy(tmp_path / "server", settings) as understudy:
            for name, shape in SHAPES.items():
                if name in ALIKE:
                    continue
                before = len(peer.asked)
                home = ClientHome.create(tmp_path / name.replace(" ", "-"))
                result = await ask(home, shape, understudy.base_url)
                assert result.text == ANSWER, (name, result.text, understudy.explain())
                assert len(peer.asked) - before == 1, f"{name} was refused at first"


async def test_tools_are_counted_before_they_are_deferred(
    tmp_path: Path, client_home: ClientHome, upstream: ScriptedUpstream
) -> None:
    shape = Shape(lambda body: True, environment={"ENABLE_TOOL_SEARCH": "auto"})
    settings = endpoint_settings(upstream.base_url)
    async with open_understudy(tmp_path / "server", settings) as understudy:
        result = await ask(client_home, shape, understudy.base_url)
    assert result.text == ANSWER
    counted, asked = upstream.requests
    assert counted.target == "/v1/messages/count_tokens?beta=true"
    assert len(asked.json["tools"]) > len(counted.json["tools"])


async def test_models_are_discovered(
    tmp_path: Path, client_home: ClientHome, upstream: ScriptedUpstream
) -> None:
    shape = Shape(
        lambda body: True, environment={"CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY": "1"}
    )
    settings = endpoint_settings(upstream.base_url)
    async with open_understudy(tmp_path / "server", settings) as understudy:
        result = await ask(client_home, shape, understudy.base_url)
    assert result.text == ANSWER
    found = client_home.home / ".claude" / "cache" / "gateway-models.json"
    names = [one["id"] for one in json.loads(found.read_text())["models"]]
    assert names == ["work/claude-x", "anthropic/rehearsal/rehearsal"]
