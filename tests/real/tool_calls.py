"""Tool calls through the worker, from models that know nothing: how they are asked for and judged.

Every completed call must be read by its format's parser and be valid for its tool's schema. A call
that `max_tokens` has cut must not be told as a call. Random weights rarely end what they begin, so
tokens that end something are favoured, and the strings of every second schema are short.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import msgspec
from understudy.protocols.conversation.answer import ToolInputDelta, ToolUseStarted
from understudy.protocols.engine.messages import STOP, Chat, ToolShape
from understudy.protocols.grammar.writer import outside_subset
from understudy.protocols.model_format.format import Expectation, ModelFormat

from .grammar_sampling import RANDOM
from .grammar_tables import corpus, judge
from .llama_worker_process import Reply, Worker

ANSWER_TOKENS_MAX = 1000
AT_ONCE = 8
OTHERS = 3
"""Tools that are there besides the one that an ask is about."""
MODES: tuple[tuple[str, bool], ...] = (
    ("tool", False),
    ("any", False),
    ("any", True),
    ("tool", True),
)
"""`tool_mode` and `parallel`."""


@attrs.frozen
class Wish:
    """One ask: which tools there are, and how one must be called."""

    tools: tuple[ToolShape, ...]
    mode: str
    parallel: bool

    @property
    def name(self) -> str:
        """The tool that is asked for by name."""
        return self.tools[0].name if self.mode == "tool" else ""


@attrs.define
class Tally:
    """What became of the calls."""

    asked: int = 0
    completed: int = 0
    calls: int = 0
    cut: int = 0
    left: int = 0
    """Calls with features that only validation judges."""
    wrong: list[str] = attrs.field(factory=list[str])
    tokens: int = 0

    def add(self, other: Tally) -> None:
        """Counts another's calls in."""
        for name in ("asked", "completed", "calls", "cut", "left", "wrong", "tokens"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def __str__(self) -> str:
        return (
            f"asked {self.asked}, completed {self.completed} with {self.calls} calls, cut "
            f"{self.cut}, left to validation {self.left}, wrong {len(self.wrong)}"
        )


def wishes(start: int, count: int) -> Iterator[Wish]:
    """Wishes for one tool after another, in every mode."""
    tools: list[ToolShape] = corpus.tools()
    for number in range(start, start + count):
        mode, parallel = MODES[number % len(MODES)]
        at = (number * 7) % len(tools)
        chosen = [tools[(at + step * 31) % len(tools)] for step in range(1 + OTHERS)]
        if number % 5:
            chosen = [_short(tool) for tool in chosen]
        yield Wish(tuple({tool.name: tool for tool in chosen}.values()), mode, parallel)


def run(worker: Worker, form: ModelFormat, wanted: Sequence[Wish], bias: dict[int, float]) -> Tally:
    """Asks for all of these, some at a time, and judges the answers."""
    tally = Tally()
    for first in range(0, len(wanted), AT_ONCE):
        group = wanted[first : first + AT_ONCE]
        requests = [_begin(worker, wish, bias, first + number) for number, wish in enumerate(group)]
        for wish, request in zip(group, requests, strict=True):
            _judge(tally, form, wish, worker.wait(request))
    return tally


def _begin(worker: Worker, wish: Wish, bias: dict[int, float], seed: int) -> int:
    chat = Chat([{"role": "user", "content": "Go on."}], tools=list(wish.tools))
    sampling = msgspec.structs.replace(RANDOM, seed=seed, logit_bias=bias)
    return worker.begin(
        chat,
        ANSWER_TOKENS_MAX,
        sampling,
        tool_mode=wish.mode,
        tool_name=wish.name,
        parallel=wish.parallel,
    )


def _judge(tally: Tally, form: ModelFormat, wish: Wish, reply: Reply) -> None:
    tally.asked += 1
    tally.tokens += reply.ended.output_tokens
    whole = reply.ended.reason == STOP and reply.ended.whole
    parser = form.parser(Expectation(wish.tools, reply.started.prompt_tail, "x"))
    said = parser.receive_text(reply.text) + parser.receive_end(whole=whole)
    names = [each.name for each in said if isinstance(each, ToolUseStarted)]
    inputs = [each.json_text for each in said if isinstance(each, ToolInputDelta)]
    if not whole:
        tally.cut += 1
        if names and not wish.parallel:
            tally.wrong.append(f"{form.name}: a call that was cut is told: {reply.text!r}")
    else:
        tally.completed += 1
        if not names or (len(names) > 1 and not wish.parallel):
            tally.wrong.append(f"{form.name}: {len(names)} calls in {reply.text!r}")
    for name, text in zip(names, inputs, strict=True):
        tally.calls += 1
        _judge_call(tally, form, {tool.name: tool for tool in wish.tools}, name, text)


def _judge_call(
    tally: Tally, form: ModelFormat, tools: dict[str, ToolShape], name: str, text: str
) -> None:
    if name not in tools:
        tally.wrong.append(f"{form.name}: no tool is called {name!r}")
        return
    schema: Any = tools[name].schema
    if outside_subset(schema):
        tally.left += 1
    elif not judge.is_valid(schema, json.loads(text)):
        tally.wrong.append(f"{form.name}: {name} is not valid: {text}")


def _short(tool: ToolShape) -> ToolShape:
    return ToolShape(tool.name, "", corpus.bounded(tool.schema))
