"""Pains 11, 12, 16, 17 and 18: counts, windows, the picker, the model that is used, and trust."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from trio.testing import MockClock
from understudy.io.cli.client import plan_client
from understudy.protocols.listing import models_page
from understudy.protocols.routing.table import RoutingTable
from understudy.protocols.secret import Secret
from understudy.protocols.settings import parse_settings
from understudy.protocols.settings_problems import SettingsError
from understudy.protocols.turn import ListModels

from .stage import OTHERS, TOOL, Json, body, chunks, open_product, said, streamed, text, whole

ROOT = Path(__file__).parents[2]
IMAGE: Json = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}
WORDS = "The river runs under the bridge, and every keeper counts the stones. " * 40
SETTINGS = """
[[endpoint]]
name = "work"
dialect = "openai-chat"
base_url = "http://127.0.0.1:9000"
models = ["m"]
context_tokens = 32768
key = "env:WORK_KEY"
"""


@pytest.mark.parametrize("dialect", ["openai-chat", "ollama"])
async def test_pain_11_counts_of_text_alone(dialect: str, autojump_clock: MockClock) -> None:
    """Here the endpoint cannot count, so it is asked nothing, and each block has its part."""
    async with open_product(dialect, lambda _: []) as product:

        async def counted(*blocks: Json, **members: object) -> int:
            request = body(said("user", *blocks), **members)
            found: Json = json.loads((await product.read(request, counting=True)).body)
            count: int = found["input_tokens"]
            return count

        plain = await counted(text(WORDS))
        assert 400 < plain < 1_200
        assert await counted(text(WORDS), {"type": "image", "source": IMAGE}) > plain + 500
        tools = [{**TOOL, "name": f"Read{number}"} for number in range(30)]
        assert await counted(text(WORDS), tools=tools) > plain + 300
        assert product.upstream.exchanges == []


async def test_pain_11_the_count_agrees_with_the_usage(autojump_clock: MockClock) -> None:
    reported = 1_500
    usage = {"prompt_tokens": reported, "completion_tokens": 1}
    answer = streamed(*chunks({"content": "x"}, usage=usage))
    request = body(said("user", text(WORDS)))
    async with open_product("openai-chat", lambda _: answer) as product:
        for _ in range(8):
            await product.read(request)
        found = json.loads((await product.read(request, counting=True)).body)
    assert abs(found["input_tokens"] - reported) < 0.03 * reported


@pytest.mark.parametrize("dialect", OTHERS)
async def test_pain_12_a_window_that_the_client_does_not_know(
    dialect: str, autojump_clock: MockClock
) -> None:
    """The prompt is refused before it is sent, in the words by which Claude Code compacts."""
    counted = whole({"input_tokens": 123_456, "totalTokens": 123_456})
    async with open_product(dialect, lambda _: counted, context_tokens=100_000) as product:
        refused = (await product.read(body(said("user", WORDS * 250)))).refused
    assert refused is not None
    assert (refused.status, refused.kind) == (400, "invalid_request_error")
    tokens, window = refused.message.removeprefix("prompt is too long: ").split(" tokens > ")
    assert int(tokens) > 100_000
    assert window == "100000 maximum"


def test_pain_12_the_client_is_told_the_window_of_the_chosen_model() -> None:
    table = RoutingTable.of(parse_settings(SETTINGS, "settings.toml"))
    plan = plan_client({}, [], "http://127.0.0.1:7337", Secret("t"), table)
    assert plan.settings["CLAUDE_CODE_MAX_CONTEXT_TOKENS"] == "32768"


async def test_pain_12_ollama_cuts_the_prompt_and_says_nothing(autojump_clock: MockClock) -> None:
    answer = whole({"message": {"content": "x"}, "done": True})
    async with open_product("ollama", lambda _: answer) as product:
        await product.read(body(said("user", "hi")))
        [asked] = product.asked()
    assert (asked["truncate"], asked["shift"]) == (False, False)


async def test_pain_16_the_picker_shows_nothing(autojump_clock: MockClock) -> None:
    """It shows ids alone that hold `claude` or `anthropic`."""
    async with open_product("openai-chat", lambda _: []) as product:
        page = models_page("anthropic", await product.router.ask(ListModels()))
    shown = [model["id"] for model in page["data"] if "anthropic" in model["id"]]
    assert shown == ["anthropic/work/m", "anthropic/work/small", "anthropic/rehearsal/rehearsal"]


@pytest.mark.parametrize(
    ("named", "used"),
    [
        ("work/small", "small"),
        ("anthropic/work/small", "small"),
        ("small", "small"),
        ("claude-haiku-4-5-20251001", "m"),
        ("claude-opus-4-5[1m]", "m"),
    ],
)
async def test_pain_17_the_chosen_model_is_not_the_one_that_is_used(
    named: str, used: str, autojump_clock: MockClock
) -> None:
    """The client's background requests name models of Anthropic's: the default answers them."""
    answer = streamed(*chunks({"content": "x"}))
    async with open_product("openai-chat", lambda _: answer) as product:
        await product.read(body(said("user", "hi"), model=named))
        assert [asked["model"] for asked in product.asked()] == [used]


DEPENDENCIES_MAX = 19
"""Four of them are what reads a keychain, and they came with it; the last is the official SDK of
the Model Context Protocol."""


def test_pain_18_many_dependencies_and_keys_in_files() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert len(project["dependencies"]) <= DEPENDENCIES_MAX
    with pytest.raises(SettingsError) as refused:
        parse_settings(SETTINGS.replace("env:WORK_KEY", "sk-secret-key"), "settings.toml")
    assert "sk-secret-key" not in str(refused.value)
    assert "sk-secret-key" not in repr(Secret("sk-secret-key"))
