"""How much of a prompt an engine reads again in the next turn, with each real chat template.

The session has two questions and five calls. Read again is what of a prompt is not the beginning of
the next: in a loop of tools no more than an answer, at a new question no more than that either, but
for the templates in the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any

import attrs
import pytest
from understudy.io.engines.chat_template import ChatTemplate
from understudy.protocols.engine.messages import Chat
from understudy.protocols.model_format.formats import format_of

from .template_corpus import cases, template_files
from .template_families import FAMILIES

ANSWER_CHARACTERS_MAX = 300
"""More than any answer of the session has, as any template writes it."""
RESULT = "what the file says " * 100

DROPPING = {
    "GLM-4.6",
    "Kimi-K2-Thinking",
    "MiniMax-M2",
    "Qwen-Qwen3-0.6B",
    "Reka-Edge",
    "deepseek-ai-DeepSeek-V3.2",
    "google-gemma-4-31B-it",
    "google-gemma-4-31B-it-interleaved",
    "openai-gpt-oss-120b",
    "openbmb-MiniCPM5-1B",
}
"""Show thinking since the last question, whatever they are told."""
DROPPING_EVEN_NONE = {"Qwen3.5-4B", "StepFun3.5-Flash"}
"""Show even empty thinking, and only since the last question."""
MOVING_TOOLS = {"Mistral-Small-3.2-24B-Instruct-2506", "mistralai-Mistral-Nemo-Instruct-2407"}
"""Show the tools before the last question."""
INSTRUCTING_LAST = {"CohereForAI-c4ai-command-r-plus-tool_use"}
"""End each prompt with the same long instructions."""


@attrs.frozen
class ReadAgain:
    """How many characters are read again, at most, within a loop and at a new question."""

    in_loop: int
    at_question: int


def session(thinks: bool) -> list[dict[str, Any]]:
    """Two questions, each answered after some calls, and a third."""
    system = cases()["system"].messages[0]
    found: list[dict[str, Any]] = [system]
    for question, calls in enumerate((range(3), range(3, 5))):
        found.append({"role": "user", "content": f"Question {question}"})
        for number in calls:
            function = {"name": "read_file", "arguments": {"path": f"/etc/{number}"}}
            call = {"id": f"callRead{number}", "type": "function", "function": function}
            found.append(_answer(thinks, f"{number}", tool_calls=[call]))
            result = {"role": "tool", "tool_call_id": call["id"], "name": "read_file"}
            found.append({**result, "content": RESULT})
        found.append(_answer(thinks, "last", content=f"Answer {question}."))
    return [*found, {"role": "user", "content": "Question 3"}]


def _answer(thinks: bool, thought: str, **members: Any) -> dict[str, Any]:
    thinking = {"reasoning_content": f"Thought {thought}."} if thinks else {}
    return {"role": "assistant", "content": "", **thinking, **members}


@cache
def read_again(name: str, *, thinks: bool) -> ReadAgain:
    """Renders the session turn by turn."""
    source = template_files()[name].read_text()
    template = ChatTemplate.load(source, format_of(source), lambda: datetime(2026, 3, 4))
    tools, messages = cases()["tools"].tools, session(thinks)
    turns = [at + 1 for at, each in enumerate(messages) if each["role"] in ("user", "tool")]
    prompts = [
        template.render(Chat(messages[:turn], tools, {"enable_thinking": thinks})) for turn in turns
    ]
    lost = [len(before) - _same(before, after) for before, after in pairwise(prompts)]
    roles = [messages[turn - 1]["role"] for turn in turns[1:]]
    return ReadAgain(max(_of("tool", roles, lost)), max(_of("user", roles, lost)))


def _of(role: str, roles: list[str], lost: list[int]) -> Iterator[int]:
    return (count for each, count in zip(roles, lost, strict=True) if each == role)


def _same(before: str, after: str) -> int:
    """How many characters the two begin with alike."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(before), len(after)))


@pytest.mark.parametrize("name", sorted(set(FAMILIES) - INSTRUCTING_LAST))
def test_in_a_loop_no_more_than_the_last_answer_is_read_again(name: str) -> None:
    for thinks in (False, True):
        assert read_again(name, thinks=thinks).in_loop <= ANSWER_CHARACTERS_MAX


@pytest.mark.parametrize("name", sorted(set(FAMILIES) - INSTRUCTING_LAST))
def test_at_a_question_all_is_kept_but_where_the_table_says_so(name: str) -> None:
    always = name in DROPPING_EVEN_NONE | MOVING_TOOLS
    silent, thinking = read_again(name, thinks=False), read_again(name, thinks=True)
    assert (silent.at_question > ANSWER_CHARACTERS_MAX) == always
    assert (thinking.at_question > ANSWER_CHARACTERS_MAX) == (always or name in DROPPING)


@pytest.mark.parametrize("name", sorted(INSTRUCTING_LAST))
def test_instructions_at_the_end_are_all_that_is_read_again(name: str) -> None:
    assert ANSWER_CHARACTERS_MAX < read_again(name, thinks=True).at_question < 1_000
