"""Words of ours stand only in what a user reads: not in what a program does."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.protocols.advice.audience import is_heard
from understudy.protocols.turn import Operation

from ..actors.dialects import (
    ANTHROPIC,
    CHAT,
    COMPLETIONS,
    GEMINI,
    GENERATE,
    OLLAMA,
    RESPONSES,
    dialect_turn,
)
from ..actors.scripts import turn

Json = dict[str, Any]
SCHEMA: Json = {"type": "object"}
TOOL: Json = {"name": "Read"}


def asked(*texts: str, role: str = "assistant") -> list[Json]:
    """A history, of the user and of others by turns."""
    roles = ("user", role)
    return [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("dialect", "members"),
    [
        (ANTHROPIC, {}),
        (ANTHROPIC, {"tools": [TOOL], "tool_choice": {"type": "auto"}}),
        (ANTHROPIC, {"output_config": {"effort": "high"}}),
        (CHAT, {"response_format": {"type": "text"}, "n": 1, "logprobs": False}),
        (CHAT, {"tool_choice": "auto", "audio": None, "modalities": ["text"]}),
        (CHAT, {"tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": []}}),
        (CHAT, {"messages": asked("Explain state_snapshot", "It is one", "and now?")}),
        (CHAT, {"messages": [*asked("Hi"), {"role": "system", "content": "Be short"}]}),
        (RESPONSES, {"text": {"format": {"type": "text"}, "verbosity": "low"}}),
        (RESPONSES, {"input": "Hello", "tool_choice": "none"}),
        (GEMINI, {"generationConfig": {"responseMimeType": "text/plain"}}),
        (GEMINI, {"toolConfig": {"functionCallingConfig": {"mode": "AUTO"}}}),
        (OLLAMA, {"format": ""}),
    ],
)
def test_what_a_user_reads(dialect: str, members: Json) -> None:
    assert is_heard(dialect_turn(dialect, **members))


@pytest.mark.parametrize(
    ("dialect", "members"),
    [
        (ANTHROPIC, {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}),
        (ANTHROPIC, {"tool_choice": {"type": "any"}}),
        (ANTHROPIC, {"tool_choice": {"type": "tool", "name": "Read"}}),
        (ANTHROPIC, {"messages": asked("Give me JSON", "{")}),
        (ANTHROPIC, {"model": "claude-haiku-4-5"}),
        (CHAT, {"response_format": {"type": "json_object"}}),
        (CHAT, {"response_format": {"type": "grammar", "grammar": "root ::= x"}}),
        (CHAT, {"guided_choice": ["yes", "no"]}),
        (CHAT, {"structured_outputs": {"regex": "a*"}}),
        (CHAT, {"grammar": "root ::= x"}),
        (CHAT, {"tool_choice": "required"}),
        (CHAT, {"tool_choice": {"type": "function", "function": TOOL}}),
        (CHAT, {"tool_choice": {"type": "allowed_tools", "mode": "required"}}),
        (CHAT, {"function_call": {"name": "Read"}}),
        (CHAT, {"n": 2}),
        (CHAT, {"logprobs": True}),
        (CHAT, {"modalities": ["text", "audio"]}),
        (CHAT, {"messages": asked("Go on", "Once upon")}),
        (CHAT, {"messages": asked("### Task:\nGenerate 1-3 broad tags")}),
        (COMPLETIONS, {}),
        (RESPONSES, {"text": {"format": {"type": "json_schema", "schema": SCHEMA}}}),
        (RESPONSES, {"tool_choice": {"type": "function", "name": "Read"}}),
        (RESPONSES, {"include": ["message.output_text.logprobs"]}),
        (RESPONSES, {"input": "You are performing a CONTEXT CHECKPOINT COMPACTION."}),
        (GEMINI, {"generationConfig": {"responseMimeType": "application/json"}}),
        (GEMINI, {"generation_config": {"response_json_schema": SCHEMA}}),
        (GEMINI, {"generationConfig": {"responseModalities": ["TEXT", "IMAGE"]}}),
        (GEMINI, {"toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}),
        (GEMINI, {"contents": [{"role": "model", "parts": [{"text": "Once"}]}]}),
        (OLLAMA, {"format": "json"}),
        (OLLAMA, {"format": SCHEMA}),
        (GENERATE, {}),
    ],
)
def test_what_a_program_reads(dialect: str, members: Json) -> None:
    assert not is_heard(dialect_turn(dialect, **members))


@pytest.mark.parametrize(
    "words",
    [
        "Your task is to create a detailed summary of the conversation so far",
        "[SUGGESTION MODE: Suggest what the user might naturally type next]",
        "The user stepped away and is coming back. Recap",
        "Provide a detailed prompt for continuing our conversation above.",
        "First, reason in your scratchpad. Then, generate the <state_snapshot>.",
    ],
)
def test_what_clients_ask_for_themselves(words: str) -> None:
    history = asked("Explain the parser", "It parses", words)
    assert not is_heard(turn(messages=history, tools=[TOOL]))
    later = [*history, *asked("", "A summary")[1:], *asked("Thank you")]
    assert is_heard(turn(messages=later, tools=[TOOL]))


def test_neither_agents_nor_counts_hear_it() -> None:
    assert not is_heard(turn(agent="a1"))
    assert not is_heard(turn(operation=Operation.COUNT_TOKENS))


@pytest.mark.parametrize("members", [{"messages": [10**400]}, {"tool_choice": 10**400}])
def test_what_nobody_can_read_harms_nobody(members: Json) -> None:
    assert is_heard(dialect_turn(CHAT, **members))
