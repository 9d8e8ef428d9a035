"""A client's request: what routing reads, and all that it says besides its messages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.protocols.conversation.request import (
    OutputFormat,
    Reasoning,
    Sampling,
    Tool,
    ToolChoice,
)
from understudy.protocols.openai_chat.dialect import SERVED, UPSTREAM
from understudy.protocols.request import BadRequest

from .wire import MODEL, asked, request

SCHEMA = {"type": "object", "properties": {"path": {"type": "string"}}}


def test_routing_reads_the_model_whether_it_is_streamed_and_the_limit() -> None:
    found = request(stream=True, max_tokens=9)
    assert (found.model, found.streamed, found.max_tokens) == (MODEL, True, 9)
    assert found.dialect == SERVED.name == UPSTREAM.name == "openai-chat"
    newer = request(max_tokens=None, max_completion_tokens=7, stream=None)
    assert (newer.streamed, newer.max_tokens) == (False, 7)
    assert request(max_tokens=-1).max_tokens == 0


def test_the_same_question_may_be_asked_in_another_manner() -> None:
    first = request(stream=True, tools=[1])
    assert first.same_question(request(tools=[1], seed=3))
    assert not first.same_question(request(tools=[2]))
    assert not first.same_question(request(messages=[], tools=[1]))


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "not a JSON object"),
        (b'{"model":"m"}', "messages: expected a list"),
        (b'{"model":"m","messages":{}}', "messages: expected a list"),
        (b'{"messages":[]}', "model: expected"),
        (b'{"model":"m","messages":[],"stream":"yes"}', "stream: expected"),
        (b'{"model":"m","messages":[],"max_tokens":"many"}', "max_tokens: expected"),
    ],
)
def test_a_request_that_cannot_be_routed_is_refused(body: bytes, complaint: str) -> None:
    with pytest.raises(BadRequest, match=complaint):
        SERVED.parse(body)


def test_a_request_with_a_number_that_no_one_can_hold_is_refused_when_it_is_read() -> None:
    found = SERVED.parse(b'{"model":"m","messages":[],"seed":1e999}')
    with pytest.raises(BadRequest, match="not JSON"):
        SERVED.conversation(found)


@pytest.mark.parametrize("message", [7, None, [], {}, {"content": "hi"}, {"role": 5}, {"role": ""}])
def test_only_a_message_without_a_role_is_refused(message: Any) -> None:
    with pytest.raises(BadRequest, match=r"messages\[1\]"):
        asked(messages=[{"role": "user", "content": "hi"}, message])


def test_what_nobody_knows_is_named_and_no_error() -> None:
    found = asked(verbosity="low", metadata={"a": "b"}, store=None, service_tier="flex", n=2)
    assert found.unknown == ("verbosity", "metadata", "service_tier")


def test_nothing_is_made_up_for_what_the_client_has_not_said() -> None:
    found = asked()
    assert found.sampling == Sampling()
    assert found.reasoning == Reasoning()
    assert (found.tools, found.tool_choice, found.output) == ((), None, None)
    assert (found.parallel_tools, found.user, found.unknown) == (None, "", ())


def test_sampling_is_read_whole() -> None:
    found = asked(
        max_completion_tokens=100,
        max_tokens=5,
        temperature=1,
        top_p=0.5,
        top_k=40,
        stop=["a", "", 7, "b"],
        seed=3,
        presence_penalty=-1,
        frequency_penalty=0.25,
        logit_bias={"50256": -100},
        logprobs=True,
        top_logprobs=5,
        n=2,
    ).sampling
    assert found == Sampling(
        100, 1.0, 0.5, 40, ("a", "b"), 3, -1.0, 0.25, {"50256": -100}, logprobs=5, choices=2
    )


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"stop": "END"}, Sampling(stop_sequences=("END",))),
        ({"logprobs": True}, Sampling(logprobs=0)),
        ({"logprobs": False, "top_logprobs": 3}, Sampling()),
        ({"top_k": 5.0}, Sampling(top_k=5)),
        ({"temperature": "hot", "top_p": True, "seed": 1.5, "n": "2"}, Sampling()),
        ({"max_tokens": -1, "n": -1, "top_logprobs": -1, "logprobs": True}, Sampling(logprobs=0)),
        ({"temperature": 2**60, "n": 0, "logit_bias": []}, Sampling()),
    ],
)
def test_sampling_in_other_forms(members: dict[str, Any], expected: Sampling) -> None:
    assert asked(**members).sampling == expected


def test_tools_are_read_in_both_forms_and_flat() -> None:
    function = {"name": "Read", "description": "Reads.", "parameters": SCHEMA, "strict": True}
    expected = Tool("Read", "Reads.", SCHEMA, strict=True)
    assert asked(tools=[{"type": "function", "function": function}]).tools == (expected,)
    assert asked(tools=[{"type": "function", **function}]).tools == (expected,)
    assert asked(functions=[function]).tools == (expected,)
    cached = {"type": "function", "function": {"name": "x"}, "cache_control": {"type": "ephemeral"}}
    assert asked(tools=[cached]).tools == (Tool("x", cache={"type": "ephemeral"}),)


def test_a_tool_of_an_unknown_kind_is_named() -> None:
    found = asked(tools=[{"type": "custom", "custom": {"name": "x"}}, {"type": "function"}, 7])
    assert found.tools == ()
    assert found.unknown == ("tools[custom]", "tools[function]")


def test_the_provider_s_own_search_is_a_server_tool() -> None:
    place = {"country": "CH", "city": "Bern"}
    options = {"user_location": {"type": "approximate", "approximate": place}}
    server = {"type": "web_search_20250305", "name": "web_search"}
    assert asked(web_search_options={}).tools == (Tool("web_search", server=server),)
    placed = {**server, "user_location": {"type": "approximate", **place}}
    assert asked(web_search_options=options).tools[0].server == placed


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("auto", ToolChoice("auto")),
        ("none", ToolChoice("none")),
        ("required", ToolChoice("any")),
        ({"type": "function", "function": {"name": "f"}}, ToolChoice("tool", "f")),
        ({"type": "function", "name": "f"}, ToolChoice("tool", "f")),
        ({"type": "custom", "custom": {"name": "f"}}, ToolChoice("tool", "f")),
        ({"name": "f"}, ToolChoice("tool", "f")),
        ("sometimes", None),
        (7, None),
        ({}, None),
        (None, None),
    ],
)
@pytest.mark.parametrize("member", ["tool_choice", "function_call"])
def test_a_tool_choice_in_every_form(member: str, choice: Any, expected: Any) -> None:
    assert asked(**{member: choice}).tool_choice == expected


@pytest.mark.parametrize(("mode", "expected"), [("auto", "auto"), ("required", "any")])
def test_allowed_tools_leave_only_themselves(mode: str, expected: Any) -> None:
    tools = [{"type": "function", "function": {"name": name}} for name in "abc"]
    allowed = {"mode": mode, "tools": [tools[2], {"type": "function", "name": "a"}]}
    for choice in ({"allowed_tools": allowed}, allowed):
        found = asked(tools=tools, tool_choice={"type": "allowed_tools", **choice})
        assert [tool.name for tool in found.tools] == ["a", "c"]
        assert found.tool_choice == ToolChoice(expected)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"parallel_tool_calls": True}, True),
        ({"parallel_tool_calls": False}, False),
        ({"functions": [{"name": "f"}]}, False),
        ({"functions": [{"name": "f"}], "tools": [{"type": "function"}]}, None),
        ({"parallel_tool_calls": "yes"}, None),
    ],
)
def test_parallel_calls_and_that_the_old_form_has_none(
    members: dict[str, Any], expected: bool | None
) -> None:
    assert asked(**members).parallel_tools is expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"type": "text"}, None),
        ({"type": "json_object"}, OutputFormat()),
        ({"type": "json_object", "schema": SCHEMA}, OutputFormat(SCHEMA)),
        (
            {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA, "strict": True}},
            OutputFormat(SCHEMA, "n", strict=True),
        ),
        ({"type": "json_schema"}, OutputFormat({})),
        ("json", None),
        (None, None),
    ],
)
def test_the_form_of_the_answer(wanted: Any, expected: OutputFormat | None) -> None:
    assert asked(response_format=wanted).output == expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"reasoning_effort": "high"}, Reasoning(effort="high")),
        ({"reasoning_effort": "none"}, Reasoning(enabled=False, effort="none")),
        ({"reasoning_effort": "enormous"}, Reasoning()),
        ({"reasoning": {"effort": "low", "exclude": True}}, Reasoning(effort="low", shown=False)),
        (
            {"reasoning": {"enabled": True, "max_tokens": 900}},
            Reasoning(enabled=True, budget_tokens=900),
        ),
        ({"chat_template_kwargs": {"enable_thinking": False}}, Reasoning(enabled=False)),
        ({"thinking": {"type": "disabled"}}, Reasoning(enabled=False)),
        (
            {"thinking": {"type": "enabled", "budget_tokens": 5}},
            Reasoning(enabled=True, budget_tokens=5),
        ),
    ],
)
def test_thinking_is_asked_for_in_four_ways(members: Any, expected: Reasoning) -> None:
    assert asked(**members).reasoning == expected


def test_the_user_is_named_by_the_newer_member() -> None:
    assert asked(user="u").user == "u"
    assert asked(user="u", safety_identifier="s").user == "s"


def test_a_relay_changes_the_model_and_nothing_else() -> None:
    raw = b'{ "model" :"m", "messages": [ {"role":"user"} ],\n "made_up": 1.50, "stream":true}'
    out = UPSTREAM.relayed(SERVED.parse(raw), 'a"b')
    assert out.path == "/v1/chat/completions"
    assert out.body == raw.replace(b'"m"', json.dumps('a"b').encode())
    assert out.dropped == ()
