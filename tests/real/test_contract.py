"""What the real client needs of a backend, row by row, and the test that holds us to it.

Eighteen rows were measured with the client. `ROWS` names a test for each, at the level that proves
it best: with the real client, over real sockets, or in virtual time. The rows that translation
must keep are proved here, with endpoints of three other dialects behind one Understudy.
"""

from __future__ import annotations

import ast
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest

from .client import TOKEN, ClientHome, run_print
from .conftest import DIRECT
from .dialect_upstream import DialectUpstream, open_dialect_upstream
from .script import THE_TOOLS_SAID, Call, Say, Think, tool_loop
from .scripted_dialects import DIALECTS
from .scripted_reply import Json
from .scripted_upstream import ScriptedUpstream
from .understudy_process import open_understudy

HERE = "real/test_contract.py"
ROWS: dict[int, tuple[str, ...]] = {
    1: (
        "gateway/test_routes.py::test_the_query_goes_with_the_message",
        "gateway/test_turns.py::test_many_turns_go_over_one_connection",
        "gateway/test_bodies.py::test_a_body_of_the_limit_is_taken_and_one_more_byte_is_not",
    ),
    2: (
        "gateway/test_door.py::test_the_token_is_shown_in_any_of_four_ways",
        "real/test_client_failures.py::test_wrong_token_fails_at_once",
    ),
    3: (
        "anthropic/test_request.py::test_what_we_do_not_know_is_kept_byte_for_byte",
        f"{HERE}::test_row_3_nothing_unknown_is_refused",
    ),
    4: (f"{HERE}::test_row_4_system_messages_of_every_form_are_told",),
    5: (f"{HERE}::test_row_5_a_translated_stream_has_its_events_in_order",),
    6: (
        "real/test_client_failures.py::test_404_falls_back_to_a_whole_message",
        f"{HERE}::test_row_6_the_same_request_is_answered_whole",
    ),
    7: (
        "actors/test_commit_point.py::test_after_twenty_silent_seconds_we_answer_in_its_place",
        "actors/test_engine.py::test_a_long_prefill_keeps_the_client_waiting_with_pings",
        "real/test_client_failures.py::test_keep_alives_before_the_answer",
    ),
    8: (
        "real/test_aborts.py::test_abort_closes_the_upstream",
        "real/test_aborts_translated.py::test_abort_closes_the_upstream_of_another_dialect",
        "real/test_client_terminal.py::test_escape_reaches_the_upstream",
    ),
    9: (
        "real/test_client_print.py::test_usage_is_reported_to_the_client",
        "real/test_client_failures.py::test_prompt_too_long_is_recognised",
    ),
    10: (
        "real/test_client_failures.py::test_retry_after_is_honoured",
        "real/test_client_failures.py::test_overload_fails_fast_for_a_model_the_client_knows",
        "actors/test_engine.py::test_one_turn_too_many_is_told_when_to_come_again",
    ),
    11: (
        f"{HERE}::test_row_11_a_deferred_tool_is_shown_once_it_is_referenced",
        f"{HERE}::test_row_11_an_input_that_was_no_json_goes_back_as_an_object",
        "real/test_client_dialects.py::test_parallel_calls_keep_their_results",
    ),
    12: ("real/test_client_failures.py::test_cut_after_a_finished_tool_call_runs_it_once",),
    13: (
        "real/test_client_terminal.py::test_safety_verdicts_are_relayed",
        f"{HERE}::test_row_13_no_verdict_is_made_up",
    ),
    14: ("real/test_client_shapes.py::test_models_are_discovered",),
    15: (
        "real/test_client_shapes.py::test_tools_are_counted_before_they_are_deferred",
        f"{HERE}::test_row_15_tokens_are_counted_whatever_is_behind",
    ),
    16: (
        "anthropic/test_local.py"
        "::test_two_turns_that_differ_in_the_billing_line_send_the_same_bytes",
    ),
    17: (
        "actors/test_relay.py::test_thinking_that_nobody_signed_is_taken_out",
        f"{HERE}::test_row_17_thinking_stays_with_the_model_that_thought_it",
    ),
    18: (
        "real/test_client_print.py::test_sub_agent",
        "actors/test_sessions.py::test_turns_of_a_conversation_share_a_session",
    ),
}
EPHEMERAL = {"type": "ephemeral"}
WEATHER: Json = {
    "name": "weather",
    "description": "Tells the weather.",
    "input_schema": {"type": "object", "properties": {"place": {"type": "string"}}},
}
CALL = Call("weather", {"place": "Žilina"})

not_direct = pytest.mark.skipif(DIRECT, reason="it is about translation")


def test_each_row_has_its_tests() -> None:
    tests = Path(__file__).resolve().parents[1]
    assert list(ROWS) == list(range(1, 19))
    for row, names in ROWS.items():
        for name in names:
            file, _, test = name.partition("::")
            tree = ast.parse((tests / file).read_text())
            found = [node for node in ast.walk(tree) if getattr(node, "name", "") == test]
            assert len(found) == 1, f"row {row}: there is no {name}"


@attrs.frozen
class Translating:
    """One Understudy with a scripted peer of each other dialect behind it."""

    peers: Mapping[str, DialectUpstream]
    client: httpx.AsyncClient

    async def ask(self, dialect: str, path: str = "/v1/messages", **body: Any) -> httpx.Response:
        """Sends a Messages request to the endpoint of this dialect."""
        whole = {"model": f"{dialect}/m", "max_tokens": 1000, **body}
        return await self.client.post(f"{path}?beta=true", json=whole)

    def last(self, dialect: str) -> Json:
        """The newest request that the peer was asked to answer."""
        return self.peers[dialect].asked[-1].body


@pytest.fixture
async def translating(tmp_path: Path) -> AsyncIterator[Translating]:
    """Each peer calls the tool in its first step, and says what came of it in the second."""
    async with AsyncExitStack() as stack:
        peers = {
            name: await stack.enter_async_context(open_dialect_upstream(dialect, tool_loop(CALL)))
            for name, dialect in DIALECTS.items()
        }
        settings = "".join(
            f'[[endpoint]]\nname = "{name}"\ndialect = "{name}"\nmodels = ["m"]\n'
            f'base_url = "{peer.base_url}"\n'
            for name, peer in peers.items()
        )
        understudy = await stack.enter_async_context(open_understudy(tmp_path / "s", settings))
        headers = {"authorization": f"Bearer {TOKEN}", "anthropic-version": "2023-06-01"}
        client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=understudy.base_url, headers=headers, trust_env=False)
        )
        yield Translating(peers, client)


def events_of(response: httpx.Response) -> list[Json]:
    """The events of a stream."""
    lines = [line[6:] for line in response.text.splitlines() if line.startswith("data: ")]
    return [json.loads(line) for line in lines]


@not_direct
@pytest.mark.parametrize("dialect", DIALECTS)
async def test_row_3_nothing_unknown_is_refused(translating: Translating, dialect: str) -> None:
    response = await translating.ask(
        dialect,
        messages=[
            {
                "role": "user",
                "content": [{"type": "text", "text": "hello", "future": 1}, {"type": "future"}],
                "future": {},
            }
        ],
        system=[{"type": "text", "text": "Be brief.", "future": []}],
        tools=[{**WEATHER, "future": True}],
        context_management={"edits": [{"type": "future_edit"}]},
        output_config={"effort": "medium", "future": 1},
        thinking={"type": "adaptive", "display": "omitted"},
        future={"of": ["any", "shape"]},
    )
    assert response.status_code == 200, response.text
    assert "hello" in json.dumps(translating.last(dialect))


@not_direct
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "content",
    ["a word from the client", [{"type": "text", "text": "a word from the client"}], []],
    ids=["string", "blocks", "empty"],
)
async def test_row_4_system_messages_of_every_form_are_told(
    translating: Translating, dialect: str, content: str | list[Json]
) -> None:
    text = {"type": "text", "text": "hello", "cache_control": EPHEMERAL}
    response = await translating.ask(
        dialect,
        system=[{"type": "text", "text": "Be brief.", "cache_control": EPHEMERAL}],
        tools=[{**WEATHER, "cache_control": EPHEMERAL}],
        messages=[
            {"role": "user", "content": [text], "output_config": {"effort": "low"}},
            {"role": "system", "content": content},
        ],
    )
    assert response.status_code == 200, response.text
    told = json.dumps(translating.last(dialect))
    assert "hello" in told
    assert ("a word from the client" in told) is bool(content)
    assert "cache_control" not in told


@not_direct
@pytest.mark.parametrize("dialect", DIALECTS)
async def test_row_5_a_translated_stream_has_its_events_in_order(
    translating: Translating, dialect: str
) -> None:
    response = await translating.ask(
        dialect, stream=True, tools=[WEATHER], messages=[{"role": "user", "content": "hello"}]
    )
    events = [one for one in events_of(response) if one["type"] != "ping"]
    kinds = [one["type"] for one in events]
    assert kinds[0] == "message_start"
    assert kinds[-2:] == ["message_delta", "message_stop"]
    assert kinds.count("message_start") == kinds.count("message_stop") == 1
    starts = [one for one in events if one["type"] == "content_block_start"]
    assert [one["index"] for one in starts] == list(range(len(starts)))
    [tool] = [one for one in starts if one["content_block"]["type"] == "tool_use"]
    assert tool["content_block"]["input"] == {}
    deltas = [one["delta"] for one in events if one["type"] == "content_block_delta"]
    pieces = [one["partial_json"] for one in deltas if one["type"] == "input_json_delta"]
    assert json.loads("".join(pieces)) == CALL.input
    assert events[-2]["delta"]["stop_reason"] == "tool_use"


@not_direct
@pytest.mark.parametrize("dialect", DIALECTS)
async def test_row_6_the_same_request_is_answered_whole(
    translating: Translating, dialect: str
) -> None:
    response = await translating.ask(
        dialect,
        stream=False,
        max_tokens=64_000,
        tools=[WEATHER],
        messages=[{"role": "user", "content": "hello"}],
    )
    assert response.status_code == 200, response.text
    message = response.json()
    assert message["type"] == "message"
    assert message["stop_reason"] == "tool_use"
    [use] = [one for one in message["content"] if one["type"] == "tool_use"]
    assert (use["name"], use["input"]) == (CALL.name, CALL.input)


def tool_names(body: Json, dialect: str) -> set[str]:
    """The names of the functions that a request shows to the model."""
    tools: list[Json] = body.get("tools") or []
    if dialect == "gemini":
        return {one["name"] for tool in tools for one in tool.get("functionDeclarations", ())}
    if dialect == "openai-chat":
        return {one["function"]["name"] for one in tools}
    return {one["name"] for one in tools if one["type"] == "function"}


@not_direct
@pytest.mark.parametrize("dialect", DIALECTS)
async def test_row_11_a_deferred_tool_is_shown_once_it_is_referenced(
    tmp_path: Path, client_home: ClientHome, dialect: str
) -> None:
    script = tool_loop(Call("ToolSearch", {"query": "select:WebFetch"}))
    async with open_dialect_upstream(DIALECTS[dialect], script) as peer:
        settings = one_endpoint(dialect, peer.base_url)
        async with open_understudy(tmp_path / "server", settings) as understudy:
            result = await run_print(
                "look for it", home=client_home, base_url=understudy.base_url, model="work/m"
            )
    assert not result.is_error, result.text
    first, second = (tool_names(one.body, dialect) for one in peer.asked)
    assert "Bash" in first
    assert "WebFetch" not in first
    assert "WebFetch" in second
    assert "DeferredToolPlaceholder" not in first | second


@not_direct
@pytest.mark.parametrize("dialect", ["openai-chat", "openai-responses"])
async def test_row_11_an_input_that_was_no_json_goes_back_as_an_object(
    tmp_path: Path, client_home: ClientHome, dialect: str
) -> None:
    script = ((Call("Bash", '{"command": "echo never'),), (THE_TOOLS_SAID,))
    async with open_dialect_upstream(DIALECTS[dialect], script) as peer:
        settings = one_endpoint(dialect, peer.base_url)
        async with open_understudy(tmp_path / "server", settings) as understudy:
            result = await run_print(
                "run it", home=client_home, base_url=understudy.base_url, model="work/m"
            )
    assert not result.is_error, result.text
    assert len(peer.asked) == 2
    body = peer.asked[1].body
    if dialect == "openai-chat":
        calls = [one for message in body["messages"] for one in message.get("tool_calls") or ()]
        [arguments] = [one["function"]["arguments"] for one in calls]
    else:
        items = [one for one in body["input"] if one.get("type") == "function_call"]
        [arguments] = [one["arguments"] for one in items]
    assert isinstance(json.loads(arguments), dict)


@not_direct
@pytest.mark.parametrize("dialect", DIALECTS)
async def test_row_13_no_verdict_is_made_up(translating: Translating, dialect: str) -> None:
    response = await translating.ask(
        dialect,
        stream=True,
        tools=[WEATHER],
        messages=[{"role": "user", "content": "hello"}],
        safeguards=[{"type": "dangerous_tool_use", "classifier_context": {"v": 1}}],
    )
    assert response.status_code == 200
    assert events_of(response)[-1]["type"] == "message_stop"
    assert "safeguard" not in response.text
    assert "safeguards" not in translating.last(dialect)


@not_direct
@pytest.mark.parametrize("dialect", DIALECTS)
async def test_row_15_tokens_are_counted_whatever_is_behind(
    translating: Translating, dialect: str
) -> None:
    async def count(text: str) -> int:
        response = await translating.ask(
            dialect,
            "/v1/messages/count_tokens",
            tools=[WEATHER],
            messages=[{"role": "user", "content": text}],
        )
        assert response.status_code == 200, response.text
        counted = response.json()["input_tokens"]
        assert isinstance(counted, int)
        return counted

    few, many = await count("hello"), await count("hello there " * 1000)
    assert 0 < few < 200
    assert many > few + 1000


@not_direct
async def test_row_17_thinking_stays_with_the_model_that_thought_it(
    tmp_path: Path, client_home: ClientHome, upstream: ScriptedUpstream
) -> None:
    """The client goes on with a conversation at another provider, and replays the thinking."""
    script = ((Think("A thought of another."), Say("The first answer.")),)
    async with open_dialect_upstream(DIALECTS["openai-chat"], script) as peer:
        settings = one_endpoint("openai-chat", peer.base_url) + one_endpoint(
            "anthropic", upstream.base_url, name="other"
        )
        async with open_understudy(tmp_path / "server", settings) as understudy:
            first = await run_print(
                "hello", home=client_home, base_url=understudy.base_url, model="work/m"
            )
            second = await run_print(
                "SCN=text:done",
                home=client_home,
                base_url=understudy.base_url,
                model="other/m",
                extra_arguments=("--continue",),
            )
    assert first.text == "The first answer."
    assert second.text == "The scripted answer: done"
    [request] = upstream.message_requests
    told = json.dumps(request.json["messages"])
    assert "The first answer." in told
    assert "A thought of another." not in told
    assert '"thinking"' not in told


def one_endpoint(dialect: str, base_url: str, name: str = "work") -> str:
    """Settings of an endpoint with one model."""
    return (
        f'[[endpoint]]\nname = "{name}"\ndialect = "{dialect}"\nmodels = ["m"]\n'
        f'base_url = "{base_url}"\n'
    )
