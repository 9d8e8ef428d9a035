"""Print mode of the real client, through to a scripted upstream: answers, tools, sub-agents."""

from __future__ import annotations

import json
import re

import pytest

from .conftest import DIRECT, Target
from .scripted_reply import Json
from .understudy_process import UPSTREAM_KEY


def _last_message(body: Json, role: str) -> Json:
    fitting = [message for message in body["messages"] if message["role"] == role]
    found: Json = fitting[-1]
    return found


def _blocks(body: Json, role: str, kind: str) -> list[Json]:
    content = _last_message(body, role)["content"]
    return [block for block in content if isinstance(block, dict) and block["type"] == kind]


async def test_text_answer(target: Target) -> None:
    result = await target.ask("SCN=text:round_and_back")
    assert result.exit_code == 0
    assert result.text == "The scripted answer: round and back"
    [request] = target.upstream.message_requests
    assert request.json["model"] == "claude-x"
    assert request.streaming
    assert request.target == "/v1/messages?beta=true"
    assert request.finished
    if not DIRECT:
        assert UPSTREAM_KEY in (request.headers.get("x-api-key", ""))
        assert "tok-test" not in str(request.headers)


async def test_text_is_streamed(target: Target) -> None:
    result = await target.ask("SCN=text:one_two_three", output_format="stream-json")
    assert "".join(result.partial_texts) == "The scripted answer: one two three"
    assert len(result.partial_texts) == 6


@pytest.mark.parametrize("scenario", ["tool", "toolbare", "toolend", "toolonechunk"])
async def test_bash_round_trip(target: Target, scenario: str) -> None:
    result = await target.ask(f"SCN={scenario}")
    assert result.text == "The tools said: bash-says-42"
    first, second = target.upstream.message_requests
    assert not _blocks(first.json, "user", "tool_result")
    [use] = _blocks(second.json, "assistant", "tool_use")
    [answer] = _blocks(second.json, "user", "tool_result")
    assert answer["tool_use_id"] == use["id"]
    assert use["input"]["command"].startswith("echo bash-says")
    if scenario == "toolbare" and not DIRECT:  # the dot is one that the API would not take back
        assert re.fullmatch(r"call_abc-123_x_[0-9a-f]+", use["id"])


async def test_read_round_trip(target: Target) -> None:
    note = target.home.project / "note.txt"
    note.write_text("what the note says\n")
    tool_input = json.dumps({"file_path": str(note)}, separators=(",", ":"))
    result = await target.ask(f"SCN=call:Read:{tool_input}")
    assert "what the note says" in result.text


async def test_parallel_tools_answer_in_one_message(target: Target) -> None:
    note = target.home.project / "note.txt"
    note.write_text("what the note says\n")
    result = await target.ask(f"SCN=par:{note}")
    _, second = target.upstream.message_requests
    uses = _blocks(second.json, "assistant", "tool_use")
    answers = _blocks(second.json, "user", "tool_result")
    assert len(uses) == 3
    assert {one["tool_use_id"] for one in answers} == {one["id"] for one in uses}
    for said in ("one-1", "two-2", "what the note says"):
        assert said in result.text


async def test_tool_loop_of_several_rounds(target: Target) -> None:
    result = await target.ask("SCN=loop:4")
    assert result.text == "The tools said: round-3"
    assert len(target.upstream.message_requests) == 5


async def test_sub_agent(target: Target) -> None:
    agent = {
        "description": "scripted",
        "subagent_type": "Explore",
        "prompt": "SCN=text:from_the_sub_agent",
        "run_in_background": False,
    }
    result = await target.ask(f"SCN=call:Agent:{json.dumps(agent, separators=(',', ':'))}")
    assert "The scripted answer: from the sub agent" in result.text
    requests = target.upstream.message_requests
    inner = [one for one in requests if one.scenario == "text:from_the_sub_agent"]
    assert inner
    assert all("x-claude-code-agent-id" in one.headers for one in inner)
    sessions = {one.headers["x-claude-code-session-id"] for one in requests}
    assert len(sessions) == 1


@pytest.mark.parametrize("scenario", ["badjson", "badargs", "unktool", "toolfullinput"])
async def test_bad_tool_call_comes_back_as_an_error_result(target: Target, scenario: str) -> None:
    result = await target.ask(f"SCN={scenario}")
    assert not result.is_error
    _, second = target.upstream.message_requests
    [answer] = _blocks(second.json, "user", "tool_result")
    assert answer["is_error"] is True
    [use] = _blocks(second.json, "assistant", "tool_use")
    if scenario == "badjson":
        assert use["input"]["__unparsedToolInput"]["raw"].startswith('{"command"')


async def test_signed_thinking_is_replayed_to_its_upstream(target: Target) -> None:
    result = await target.ask("SCN=think:c2lnbmF0dXJl")
    assert result.text == "The tools said: bash-says-42"
    _, second = target.upstream.message_requests
    [thought] = _blocks(second.json, "assistant", "thinking")
    assert thought["thinking"] == "A scripted thought."
    assert thought["signature"] == "c2lnbmF0dXJl"


async def test_unsigned_thinking_does_not_stop_the_loop(target: Target) -> None:
    result = await target.ask("SCN=think")
    assert result.text == "The tools said: bash-says-42"
    _, second = target.upstream.message_requests
    # An upstream may refuse an unsigned thought, so either nothing of it goes back or all of it.
    for thought in _blocks(second.json, "assistant", "thinking"):
        assert thought == {"type": "thinking", "thinking": "A scripted thought.", "signature": ""}


@pytest.mark.parametrize("reason", ["max_tokens", "model_context_window_exceeded"])
async def test_cut_off_answer_is_continued(target: Target, reason: str) -> None:
    result = await target.ask(f"SCN=stopreason:{reason}")
    first, second = target.upstream.message_requests
    assert len(second.json["messages"]) > len(first.json["messages"])
    assert "The second part." in result.text


@pytest.mark.parametrize("reason", ["stop_sequence", "pause_turn", "a_future_reason"])
async def test_other_stop_reasons_end_the_turn(target: Target, reason: str) -> None:
    result = await target.ask(f"SCN=stopreason:{reason}")
    assert result.text == "The first part."
    assert len(target.upstream.message_requests) == 1


async def test_empty_reply_is_asked_once_more(target: Target) -> None:
    result = await target.ask("SCN=empty")
    assert not result.is_error
    assert result.text == ""
    assert len(target.upstream.message_requests) == 2


async def test_reply_without_usage(target: Target) -> None:
    result = await target.ask("SCN=nousage")
    assert result.text == "An answer without usage."


async def test_usage_is_reported_to_the_client(target: Target) -> None:
    result = await target.ask("SCN=bigusage:4321")
    assert result.last["usage"]["input_tokens"] == 4321
    assert result.last["usage"]["output_tokens"] == 7
