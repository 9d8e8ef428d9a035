"""Answers under grammars from a model with random weights: whatever it says, its calls are valid.

A random model never opens a call by itself, so it is made to: a bias on the mark's token, or a
demand. What comes after is held by the grammar alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from understudy.protocols.conversation.answer import ToolInputDelta, ToolUseStarted
from understudy.protocols.engine.messages import (
    LENGTH,
    STOP,
    Chat,
    Piece,
    Refused,
    Render,
    Rendered,
    Sampling,
    ToolShape,
)
from understudy.protocols.grammar.validation import problems
from understudy.protocols.model_format.format import Expectation
from understudy.protocols.model_format.formats import FORMATS

from .gguf_model import SHAPES, write_model
from .llama_worker_process import Reply, Worker, load_of, open_worker

pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")

WEATHER = ToolShape(
    "get_weather",
    "Tells the weather",
    {
        "type": "object",
        "properties": {
            "city": {"type": "string", "maxLength": 12},
            "unit": {"enum": ["c", "f"]},
            "days": {"type": "integer", "minimum": 1, "maximum": 9},
        },
        "required": ["city", "unit"],
        "additionalProperties": False,
    },
)
READ = ToolShape(
    "Read",
    "Reads a file",
    {
        "type": "object",
        "properties": {"path": {"type": "string", "maxLength": 20}, "lines": {"type": "boolean"}},
        "required": ["path"],
        "additionalProperties": False,
    },
)
UNEQUAL = ToolShape(
    "pick",
    "Picks a number that is not 1",
    {
        "type": "object",
        "properties": {
            "number": {"type": "integer", "minimum": 1, "maximum": 2, "not": {"const": 1}}
        },
        "required": ["number"],
        "additionalProperties": False,
    },
)
IMPOSSIBLE = ToolShape(
    "pick",
    "Picks a number that is not a number",
    {
        "type": "object",
        "properties": {"number": {"type": "integer", "minimum": 1, "maximum": 2, "not": {}}},
        "required": ["number"],
        "additionalProperties": False,
    },
)


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """A worker with the tiny model."""
    file = tmp_path_factory.mktemp("models") / "tiny.gguf"
    write_model(file, SHAPES["tiny"])
    with open_worker(load_of(file)) as running:
        yield running


def asked(text: str, *tools: ToolShape) -> Chat:
    """A question with tools."""
    return Chat([{"role": "user", "content": text}], list(tools))


def calls(reply: Reply, *tools: ToolShape) -> list[tuple[str, Any]]:
    """The calls in an answer, as the parent reads them."""
    form = FORMATS[reply.started.format]
    parser = form.parser(Expectation(tuple(tools), reply.started.prompt_tail))
    said = [
        each
        for message in reply.messages
        if isinstance(message, Piece)
        for each in parser.receive_text(message.text)
    ]
    said += parser.receive_end(whole=reply.ended.whole)
    names = [each.name for each in said if isinstance(each, ToolUseStarted)]
    inputs = [json.loads(each.json_text) for each in said if isinstance(each, ToolInputDelta)]
    return list(zip(names, inputs, strict=True))


def assert_valid(found: list[tuple[str, Any]], *tools: ToolShape) -> None:
    """Every call is of a tool and valid for its schema."""
    schemas = {tool.name: tool.schema for tool in tools}
    for name, value in found:
        assert problems(schemas[name], value) == (), (name, value)


@pytest.mark.parametrize("seed", range(6))
def test_a_demanded_call_is_valid(worker: Worker, seed: int) -> None:
    chat = asked("What is the weather?", WEATHER, READ)
    drawn = Sampling(temperature=1.0, seed=seed)
    reply = worker.ask(chat, 500, drawn, tool_mode="any", parallel=False)
    found = calls(reply, WEATHER, READ)
    assert reply.ended.whole == (reply.ended.reason == STOP)
    assert len(found) == reply.ended.whole
    assert_valid(found, WEATHER, READ)


def test_a_named_tool_is_called(worker: Worker) -> None:
    chat = asked("What is the weather?", WEATHER, READ)
    for seed in range(4):
        drawn = Sampling(temperature=1.0, seed=seed)
        reply = worker.ask(
            chat, 500, drawn, tool_mode="tool", tool_name="get_weather", parallel=False
        )
        found = calls(reply, WEATHER, READ)
        assert {name for name, _ in found} <= {"get_weather"}
        assert_valid(found, WEATHER)


def test_a_call_that_the_model_opens_is_held_from_there(worker: Worker) -> None:
    (mark,) = mark_tokens(worker)
    chat = asked("What is the weather?", WEATHER, READ)
    ended = 0
    for seed in range(8):
        drawn = Sampling(temperature=1.0, seed=seed, logit_bias={mark: 6.0})
        reply = worker.ask(chat, 400, drawn)
        found = calls(reply, WEATHER, READ)
        assert_valid(found, WEATHER, READ)
        assert reply.ended.reason in (STOP, LENGTH)
        ended += bool(found)
        if "<tool_call>" in reply.text and reply.ended.reason == STOP:
            assert found, reply.text
    assert ended


def mark_tokens(worker: Worker) -> list[int]:
    """The tokens of the mark that opens a call."""
    rendered = worker.call(Render(worker.next_request(), Chat([], prompt="<tool_call>")))
    assert isinstance(rendered, Rendered)
    return list(memoryview(rendered.tokens).cast("i"))


def test_no_grammar_holds_where_tools_may_not_be_called(worker: Worker) -> None:
    (mark,) = mark_tokens(worker)
    forced = Sampling(temperature=0.0, logit_bias={mark: 1000.0})
    reply = worker.ask(asked("What?", WEATHER), 5, forced, tool_mode="none")
    assert reply.text == "<tool_call>" * 5


def test_a_model_that_must_call_may_not_end_while_it_thinks(worker: Worker) -> None:
    # Rendered here, so that thinking is open; the end of the answer is all that the model wants.
    ends = dict.fromkeys(end_tokens(worker), 1000.0)
    chat = Chat([], [WEATHER], prompt="<|im_start|>assistant\n<think>\n")
    eager = Sampling(temperature=0.0, logit_bias=ends)
    reply = worker.ask(chat, 20, eager, tool_mode="any")
    assert reply.ended.reason == LENGTH
    assert worker.ask(chat, 20, eager).ended.output_tokens == 0


def end_tokens(worker: Worker) -> list[int]:
    """The tokens that end an answer."""
    text = "<|im_end|><|endoftext|>"
    rendered = worker.call(Render(worker.next_request(), Chat([], prompt=text)))
    assert isinstance(rendered, Rendered)
    return list(memoryview(rendered.tokens).cast("i"))


def test_a_cut_call_is_not_whole(worker: Worker) -> None:
    reply = worker.ask(asked("What?", WEATHER), 4, tool_mode="any")
    assert reply.ended.reason == LENGTH
    assert not reply.ended.whole
    assert calls(reply, WEATHER) == []


@pytest.mark.parametrize(
    "schema",
    [
        {
            "type": "object",
            "properties": {"name": {"type": "string", "maxLength": 9}, "age": {"type": "integer"}},
            "required": ["name", "age"],
            "additionalProperties": False,
        },
        {"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 2, "maxItems": 4},
        {"type": "integer", "minimum": 1, "maximum": 2, "not": {"const": 1}},
    ],
)
def test_structured_output_is_valid(worker: Worker, schema: dict[str, Any]) -> None:
    for seed in range(3):
        drawn = Sampling(temperature=1.0, seed=seed)
        reply = worker.ask(asked("Who?"), 400, drawn, output=schema)
        if isinstance(reply.last, Refused):
            assert reply.last.status == 500
            assert "not" in str(schema)
            continue
        if reply.ended.reason == STOP:
            assert problems(schema, json.loads(reply.text)) == ()
        else:
            assert not reply.ended.whole


def test_what_no_grammar_holds_is_sampled_once_more(worker: Worker) -> None:
    chat = asked("Pick", UNEQUAL)
    outcomes: set[str] = set()
    for seed in range(12):
        drawn = Sampling(temperature=1.5, seed=seed)
        reply = worker.ask(chat, 300, drawn, tool_mode="any", parallel=False)
        assert sum(type(each).__name__ == "Started" for each in reply.messages) == 1
        if isinstance(reply.last, Refused):
            assert reply.last.status == 500
            assert "pick" in reply.last.message
            assert not reply.text
            outcomes.add("refused")
        elif reply.ended.reason == STOP:
            assert calls(reply, UNEQUAL) == [("pick", {"number": 2})]
            assert reply.ended.output_tokens == len(reply.tokens)
            outcomes.add("called")
    assert "called" in outcomes


def test_what_can_never_be_valid_is_refused_after_two_tries(worker: Worker) -> None:
    drawn = Sampling(temperature=1.0, seed=1)
    reply = worker.ask(asked("Pick", IMPOSSIBLE), 300, drawn, tool_mode="any", parallel=False)
    assert isinstance(reply.last, Refused)
    assert reply.last.status == 500
    assert worker.ask(asked("Hello"), 3).ended.reason == LENGTH


def test_demands_that_make_no_sense_are_refused(worker: Worker) -> None:
    wrong: list[dict[str, Any]] = [
        {"tool_mode": "perhaps"},
        {"tool_mode": "tool", "tool_name": "unknown"},
    ]
    for demand in wrong:
        reply = worker.ask(asked("Pick", WEATHER), 4, **demand)
        assert isinstance(reply.last, Refused), demand
        assert reply.last.status == 400
    reply = worker.ask(asked("Pick"), 4, tool_mode="any")
    assert isinstance(reply.last, Refused)
    assert worker.ask(asked("Hello"), 3).ended.reason == LENGTH


def test_many_tools_make_one_grammar(worker: Worker) -> None:
    tools = [ToolShape(f"tool{at}", "Does it", WEATHER.schema) for at in range(24)]
    chat = asked("Pick", *tools)
    drawn = Sampling(temperature=1.0, seed=5)
    reply = worker.ask(chat, 300, drawn, tool_mode="any", parallel=False)
    assert len(calls(reply, *tools)) == reply.ended.whole
