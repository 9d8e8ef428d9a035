"""The tools as a model and a client read them: their schemas, their hints, and what they refuse."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.io.mcp.model_tools import PROGRESS_SECONDS, ModelTools
from understudy.io.mcp.results import ROWS_PER_PAGE
from understudy.protocols.engine.board import LOADING, EngineLine
from understudy.protocols.models.local_model import LocalModel, ModelFacts
from understudy.protocols.switching.choice import NO_CHOICE

from .conftest import McpStage
from .raw import ERAS, MODERN
from .test_tools import META, choice_of, known, words

RESULT_BYTES_MAX = 25_000
TOOLS = {
    "endpoint_list", "endpoint_set", "endpoint_recommend", "endpoint_test", "usage_report",
    "context_stats", "route_explain", "model_list", "model_load", "model_unload",
    "memory_pressure",
}  # fmt: skip


@pytest.mark.parametrize("era", ERAS)
async def test_all_tools_are_listed_with_schemas_and_hints(served: McpStage, era: str) -> None:
    raw = await served.raw(era)
    tools = (await raw.ask("tools/list"))["tools"]
    assert {tool["name"] for tool in tools} == TOOLS, "and no fixture of the conformance suite"
    for tool in tools:
        assert tool["outputSchema"]["type"] == "object"
        assert tool["annotations"]["readOnlyHint"] in (True, False)
        assert len(tool["description"]) < 200
        assert "  " not in tool["description"]
        assert "\n" not in tool["description"]
        assert tool["inputSchema"]["additionalProperties"] is False
        for argument in tool["inputSchema"]["properties"].values():
            assert argument["description"].endswith(".")


async def test_an_argument_that_is_not_there_is_refused_and_not_passed_over(
    served: McpStage,
) -> None:
    raw = await known(served, "a")
    told = words(await raw.call("endpoint_set", META, endpoint="rehearsal", scop="answer"))
    takes = "endpoint_set takes endpoint, scope, conversation"
    assert told == f"scop: there is no such argument; {takes}. Nothing was done"
    assert await choice_of(served, "a") == NO_CHOICE
    assert "takes no arguments" in words(await raw.call("memory_pressure", page=1))


async def test_a_refusal_is_told_in_our_words_alone(served: McpStage) -> None:
    raw = await known(served, "a")
    told = words(await raw.call("endpoint_set", META, endpoint="gpt-9"))
    assert told.startswith("'gpt-9' is no endpoint or model here")
    assert words(await raw.call("nothing")) == "Unknown tool: nothing"


async def test_a_client_may_measure_nothing_unasked(served: McpStage) -> None:
    raw = await served.raw(MODERN)
    tools = {tool["name"]: tool["annotations"] for tool in (await raw.ask("tools/list"))["tools"]}
    changing = {name for name, hints in tools.items() if not hints["readOnlyHint"]}
    assert changing == {"endpoint_set", "endpoint_test", "model_load", "model_unload"}
    assert {name for name in changing if tools[name]["destructiveHint"]} == {"model_unload"}


async def test_a_wrong_argument_is_told_by_its_name(served: McpStage) -> None:
    raw = await served.raw(MODERN)
    told = words(await raw.call("endpoint_set", endpoint="work", scope="everywhere"))
    assert told.startswith("scope: input should be 'answer', 'conversation' or 'default'")
    told = words(await raw.call("endpoint_set"))
    assert told == "endpoint: field required. Nothing was done"


async def test_progress_is_that_of_the_model_itself_and_only_grows(
    autojump_clock: MockClock,
) -> None:
    told: list[float] = []
    lines = [EngineLine("one", "m", "", LOADING), EngineLine("two", "m", "", LOADING, 0.9)]

    class Ctx:
        async def report_progress(self, progress: float, *_: object) -> None:
            await trio.lowlevel.checkpoint()
            told.append(progress)

    ctx: Any = Ctx()
    desk: Any = SimpleNamespace(board=SimpleNamespace(engines=SimpleNamespace(lines=lines)))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(ModelTools(desk).report, ctx, "one")
        for loaded in (0.2, 0.2, 0.1, 0.5):
            lines[0] = attrs.evolve(lines[0], loaded=loaded)
            await trio.sleep(10 * PROGRESS_SECONDS)
        nursery.cancel_scope.cancel()
    assert told == [0.2, 0.5]


async def test_models_are_listed_in_pages_that_a_client_takes(served: McpStage) -> None:
    for number in range(60):
        facts = ModelFacts("gguf", parameters=7_000_000_000, quantisation="Q4_K_M", tools=True)
        path = f"/models/{number}.gguf"
        model = LocalModel(f"model-{'x' * 200}-{number}", "ollama", path, 2**32, facts)
        served.models.append(model)
    raw = await served.raw(MODERN)
    result = await raw.call("model_list", page=3)
    found = result["structuredContent"]
    assert (found["page"], found["pages"], len(found["models"])) == (3, 3, 10)
    whole = await raw.call("model_list")
    assert len(whole["structuredContent"]["models"]) == ROWS_PER_PAGE
    assert len(whole["content"][0]["text"].encode()) < RESULT_BYTES_MAX
