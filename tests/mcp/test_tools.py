"""Every tool over real sockets: what it tells, what it changes, and what it refuses to."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from understudy.actors.router import ApplySettings
from understudy.protocols.records import TurnOutcome, TurnRecord, Usage
from understudy.protocols.settings_data import EndpointSettings, McpSettings
from understudy.protocols.switching.choice import NO_CHOICE, Choice, FindChoice, KeepChoice
from understudy.protocols.tool_uses import FindRecentConversations, NoteToolUses
from understudy.protocols.turn import FindHome, KeepHome, RecordTurn

from ..gateway.upstream import sending
from .conftest import McpStage
from .raw import ERAS, MODERN, Raw

META = {"claudecode/toolUseId": "toolu_1"}
FAR = EndpointSettings("far", ("big",), ("anthropic",), "https://far.invalid", context_tokens=50)
WORK, FAR_BIG = "work/claude-x", "far/big"
ANSWER = b"".join(
    f"event: {kind}\ndata: {json.dumps({'type': kind, **data})}\n\n".encode()
    for kind, data in (
        ("message_start", {"message": {"id": "m", "usage": {"input_tokens": 3}}}),
        ("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}),
        ("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": "one"}}),
        ("content_block_stop", {"index": 0}),
        (
            "message_delta",
            {"delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 40}},
        ),
        ("message_stop", {}),
    )
)
EVENTS = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n%b" % (
    len(ANSWER),
    ANSWER,
)


def line(conversation: str, number: int = 1, tokens: int = 90) -> TurnRecord:
    return TurnRecord(
        turn=f"req_{conversation}_{number}",
        conversation=conversation,
        endpoint="work",
        model="claude-x",
        outcome=TurnOutcome.ANSWERED,
        status=200,
        stop_reason="end_turn",
        usage=Usage(tokens - 60, 10, 50, 0),
        first_byte_seconds=0.5,
        total_seconds=1.5,
        why="work/claude-x was asked for",
    )


async def known(served: McpStage, *conversations: str) -> Raw:
    """Makes conversations known, the first one as the caller of `toolu_1`."""
    ledger = served.stage.parts.conversations
    for name in conversations:
        await ledger.ask(RecordTurn(line(name)))
    ledger.post(NoteToolUses(conversations[0], ("toolu_1",)))
    return await served.raw(MODERN)


async def with_far(served: McpStage, **more: Any) -> None:
    """Adds an endpoint that is not on this machine."""
    settings = served.stage.parts.settings
    changed = attrs.evolve(settings, **{"endpoints": (*settings.endpoints, FAR), **more})
    served.stage.parts.settings = changed
    await served.stage.router.ask(ApplySettings(changed))


async def was_far(served: McpStage, conversation: str) -> None:
    """Has a conversation's last turn answered by the endpoint that is not on this machine."""
    record = attrs.evolve(line(conversation, 2), endpoint="far", model="big")
    await served.stage.parts.conversations.ask(RecordTurn(record))


async def choice_of(served: McpStage, conversation: str) -> Choice:
    found = await served.stage.parts.conversations.ask(FindChoice(conversation))
    assert found is not None
    return found


def words(result: Any) -> str:
    """What a tool's error says."""
    assert result["isError"], result
    text: str = result["content"][0]["text"]
    return text


async def test_the_endpoints_are_listed_with_what_is_chosen(served: McpStage) -> None:
    await with_far(served)
    raw = await known(served, "a")
    await raw.call("endpoint_set", META, endpoint="rehearsal")
    found = (await raw.call("endpoint_list", META))["structuredContent"]
    rows = {row["place"]: row for row in found["places"]}
    assert [*rows] == ["work/claude-x", "far/big", "rehearsal/rehearsal"]
    assert (found["default"], found["chosen"]) == ("work/claude-x", "rehearsal/rehearsal")
    assert (rows["far/big"]["here"], rows["far/big"]["context_tokens"]) == (False, 50)


@pytest.mark.parametrize("era", ERAS)
async def test_the_conversation_of_a_call_is_set_and_no_other(served: McpStage, era: str) -> None:
    await known(served, "a", "b")
    raw = await served.raw(era)
    result = await raw.call("endpoint_set", META, endpoint="rehearsal")
    found = result["structuredContent"]
    assert (found["place"], found["conversation"]) == ("rehearsal/rehearsal", "a")
    assert (await choice_of(served, "a")).place == "rehearsal/rehearsal"
    assert await choice_of(served, "b") == NO_CHOICE


@pytest.mark.parametrize("key", ["claudecode/toolUseId", "toolUseId", "tool_use_id"])
async def test_other_clients_may_say_the_id_in_other_words(served: McpStage, key: str) -> None:
    raw = await known(served, "a")
    await raw.call("endpoint_set", {key: "toolu_1"}, endpoint="rehearsal")
    assert (await choice_of(served, "a")).is_chosen


async def test_an_id_may_be_long(served: McpStage) -> None:
    raw = await known(served, "a")
    long = f"call_1__thought__{'x' * 5_000}"
    served.stage.parts.conversations.post(NoteToolUses("a", (long[:128],)))
    await raw.call("endpoint_set", {"toolUseId": long}, endpoint="rehearsal")
    assert (await choice_of(served, "a")).is_chosen


async def test_one_answer_alone_may_be_set(served: McpStage) -> None:
    raw = await known(served, "a")
    await raw.call("endpoint_set", META, endpoint="rehearsal", scope="answer")
    choice = await choice_of(served, "a")
    assert (choice.once, choice.place) == ("rehearsal/rehearsal", "")


@pytest.mark.parametrize("meta", [None, {"claudecode/toolUseId": "toolu_unknown"}])
async def test_a_call_of_nobody_changes_nothing_and_names_the_conversations(
    served: McpStage, meta: dict[str, Any] | None
) -> None:
    raw = await known(served, "a", "b")
    told = words(await raw.call("endpoint_set", meta, endpoint="rehearsal"))
    assert "Pass `conversation`" in told
    assert "a (work/claude-x, 1 turn" in told
    assert "b (work/claude-x" in told
    for name in ("a", "b"):
        assert await choice_of(served, name) == NO_CHOICE


async def test_an_ambiguous_call_changes_nothing(served: McpStage) -> None:
    raw = await known(served, "a", "b")
    served.stage.parts.conversations.post(NoteToolUses("b", ("toolu_1",)))
    assert "several conversations" in words(await raw.call("endpoint_set", META, endpoint="work"))
    assert await choice_of(served, "a") == NO_CHOICE
    told = words(await raw.call("endpoint_set", META, endpoint="work", conversation="c"))
    assert "of the conversation a or b, and may not change 'c'" in told, "of neither it may be"


async def test_a_conversation_that_is_named_is_set(served: McpStage) -> None:
    raw = await known(served, "a", "b")
    await raw.call("endpoint_set", endpoint="rehearsal", conversation="b")
    assert (await choice_of(served, "b")).is_chosen
    told = words(await raw.call("endpoint_set", endpoint="rehearsal", conversation="x"))
    assert "no conversation 'x'" in told


async def test_a_place_that_is_not_there_is_told_with_those_that_are(served: McpStage) -> None:
    raw = await known(served, "a")
    told = words(await raw.call("endpoint_set", META, endpoint="gpt-9"))
    assert "work/claude-x, rehearsal/rehearsal" in told
    assert await choice_of(served, "a") == NO_CHOICE


async def test_a_private_conversation_goes_to_no_remote_place(served: McpStage) -> None:
    await with_far(served)
    raw = await known(served, "a")
    await served.stage.parts.conversations.ask(KeepHome("a", "work/claude-x"))
    assert "a is private" in words(await raw.call("endpoint_set", META, endpoint="far"))
    assert await choice_of(served, "a") == NO_CHOICE


async def test_what_is_set_to_this_machine_a_tool_takes_nowhere_else(served: McpStage) -> None:
    await with_far(served)
    raw = await known(served, "a")
    await raw.call("endpoint_set", META, endpoint="rehearsal")
    told = words(await raw.call("endpoint_set", META, endpoint="far"))
    assert "only they can take it away from there" in told
    assert (await choice_of(served, "a")).place == "rehearsal/rehearsal"


@pytest.mark.parametrize("choice", [Choice(once=WORK), Choice(FAR_BIG, once=WORK), Choice(WORK)])
async def test_what_the_user_has_set_here_stays_here(served: McpStage, choice: Choice) -> None:
    await with_far(served)
    raw = await known(served, "a")
    await was_far(served, "a")
    await served.stage.parts.conversations.ask(KeepChoice("a", choice))
    told = words(await raw.call("endpoint_set", META, endpoint="far"))
    assert f"the user has set a to {WORK}, which runs on this machine" in told
    assert await choice_of(served, "a") == choice


async def test_what_was_last_answered_here_stays_here(served: McpStage) -> None:
    await with_far(served)
    raw = await known(served, "a")
    told = words(await raw.call("endpoint_set", META, endpoint="far"))
    assert f"a is with {WORK}, which runs on this machine" in told
    await was_far(served, "a")
    await raw.call("endpoint_set", META, endpoint="far")
    assert (await choice_of(served, "a")).place == FAR_BIG


async def test_a_default_on_this_machine_holds_before_the_first_turn(served: McpStage) -> None:
    await with_far(served)
    served.stage.parts.conversations.post(NoteToolUses("new", ("toolu_1",)))
    raw = await served.raw(MODERN)
    told = words(await raw.call("endpoint_set", META, endpoint="far"))
    assert f"new is with {WORK}" in told
    await with_far(served, endpoints=(FAR,), default=FAR_BIG)
    await raw.call("endpoint_set", META, endpoint="far")
    assert (await choice_of(served, "new")).place == FAR_BIG


async def test_a_private_place_is_no_way_out(served: McpStage) -> None:
    private = attrs.evolve(FAR, name="den", private=True)
    await with_far(served, endpoints=(*served.stage.parts.settings.endpoints, FAR, private))
    raw = await known(served, "a")
    await raw.call("endpoint_set", META, endpoint="den")
    told = words(await raw.call("endpoint_set", META, endpoint="far"))
    assert "den/big, which is called private" in told


async def test_a_call_changes_no_conversation_but_its_own(served: McpStage) -> None:
    raw = await known(served, "a", "b")
    told = words(await raw.call("endpoint_set", META, endpoint="rehearsal", conversation="b"))
    assert "may not change 'b'" in told
    assert await choice_of(served, "b") == NO_CHOICE
    await raw.call("endpoint_set", META, endpoint="rehearsal", conversation="a")
    assert (await choice_of(served, "a")).is_chosen
    found = (await raw.call("context_stats", META, conversation="b"))["structuredContent"]
    assert found["conversation"] == "b"


async def test_a_window_that_is_too_small_is_told(served: McpStage) -> None:
    await with_far(served)
    raw = await known(served, "a")
    await was_far(served, "a")
    result = await raw.call("endpoint_set", META, endpoint="far")
    assert "about 90 tokens and far/big holds 50" in result["structuredContent"]["note"]


async def test_the_default_is_changed_only_where_the_settings_allow_it(served: McpStage) -> None:
    raw = await known(served, "a")
    file = served.stage.settings_path.with_name("default.toml")
    told = words(await raw.call("endpoint_set", META, endpoint="rehearsal", scope="default"))
    assert "set_default = true" in told
    assert not file.exists()
    before = served.stage.settings_path.read_text()
    await with_far(served, mcp=McpSettings(set_default=True))
    result = await raw.call("endpoint_set", META, endpoint="rehearsal", scope="default")
    assert result["structuredContent"]["undo"] == "understudy endpoints default --clear"
    assert served.stage.settings_file.load().default == "rehearsal/rehearsal"
    assert served.stage.settings_path.read_text() == before
    assert await choice_of(served, "a") == NO_CHOICE


async def test_a_recommendation_has_its_reasons(served: McpStage) -> None:
    raw = await known(served, "a")
    found = (await raw.call("endpoint_recommend", META, goal="long"))["structuredContent"]
    assert found["summary"]
    assert found["ranking"][0]["place"] == "work/claude-x"
    assert await choice_of(served, "a") == NO_CHOICE


async def test_an_endpoint_is_measured_by_turns_of_its_own(served: McpStage) -> None:
    served.stage.upstream.answer = sending(EVENTS)
    raw = await served.raw(MODERN)
    found = (await raw.call("endpoint_test", endpoint="work", runs=2))["structuredContent"]
    assert [run["output_tokens"] for run in found["runs"]] == [40, 40]
    assert found["median_first_token_seconds"] > 0
    served.stage.upstream.answer = sending(b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n")
    found = (await raw.call("endpoint_test", endpoint="work"))["structuredContent"]
    assert found["runs"][0]["error"]
    assert found["median_tokens_per_second"] is None


async def test_a_test_of_a_private_place_leaves_the_others_to_be_tested(served: McpStage) -> None:
    served.stage.upstream.answer = sending(EVENTS)
    [work] = served.stage.parts.settings.endpoints
    den = attrs.evolve(work, name="den", private=True)
    await with_far(served, endpoints=(work, den))
    raw = await served.raw(MODERN)
    await raw.call("endpoint_test", endpoint="den")
    ask = served.stage.parts.conversations.ask
    recent = await ask(FindRecentConversations())
    homes = [await ask(FindHome(each.conversation)) for each in recent]
    assert homes == ["den/claude-x"]
    await raw.call("endpoint_test", endpoint="work")
    newest = (await ask(FindRecentConversations()))[0].conversation
    assert await ask(FindHome(newest)) == ""


async def test_a_test_is_no_conversation_to_be_named(served: McpStage) -> None:
    served.stage.upstream.answer = sending(EVENTS)
    raw = await known(served, "a")
    await raw.call("endpoint_test", endpoint="work")
    told = words(await raw.call("endpoint_set", endpoint="rehearsal"))
    assert "a (work/claude-x" in told
    assert "endpoint-test" not in told


async def test_usage_is_reported_by_what_is_asked_for(served: McpStage) -> None:
    raw = await known(served, "a", "b")
    found = (await raw.call("usage_report", by="conversation"))["structuredContent"]
    assert {row["name"]: row["turns"] for row in found["rows"]} == {"a": 1, "b": 1}
    assert "since and until" in words(await raw.call("usage_report", since="yesterday"))


async def test_the_context_of_a_conversation_is_told(served: McpStage) -> None:
    await with_far(served)
    raw = await known(served, "a")
    await was_far(served, "a")
    await raw.call("endpoint_set", META, endpoint="far")
    found = (await raw.call("context_stats", META))["structuredContent"]
    assert (found["used_tokens"], found["cached_tokens"]) == (90, 50)
    assert (found["place"], found["context_tokens"]) == ("far/big", 50)
    assert found["used_percent"] == 180.0


async def test_a_route_is_explained(served: McpStage) -> None:
    raw = await known(served, "a", "b")
    [own] = (await raw.call("route_explain", META))["structuredContent"]["attempts"]
    assert (own["conversation"], own["why"]) == ("a", "work/claude-x was asked for")
    [other] = (await raw.call("route_explain", turn="req_b"))["structuredContent"]["attempts"]
    assert other["conversation"] == "b"
    assert "no turn" in words(await raw.call("route_explain", turn="req_c"))


async def test_only_a_model_of_this_machine_is_loaded(served: McpStage) -> None:
    raw = await served.raw(MODERN)
    for name in ("model_load", "model_unload"):
        told = words(await raw.call(name, name="work"))
        assert "no model that Understudy runs on this machine" in told
    found = (await raw.call("model_unload", name="rehearsal"))["structuredContent"]
    assert (found["was_loaded"], found["note"]) == (False, "it was not in memory")


async def test_without_a_watcher_memory_is_told_to_be_unknown(served: McpStage) -> None:
    raw = await served.raw(MODERN)
    assert "nobody watches" in words(await raw.call("memory_pressure"))
