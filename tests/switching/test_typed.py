"""What counts as typed by the user, in every dialect, and what never does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.protocols.dialect import Target
from understudy.protocols.dialects import SERVED
from understudy.protocols.switching.typed import TYPED_CHARACTERS_MAX, Typed, typed

SAID = "go back"
RESULT: dict[str, Any] = {"type": "tool_result", "tool_use_id": "t", "content": SAID}
USE: dict[str, Any] = {
    "role": "assistant",
    "content": [{"type": "tool_use", "id": "t", "name": "n", "input": {}}],
}
REMINDER = {"type": "text", "text": f"<system-reminder>\n{SAID}\n</system-reminder>"}
IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aa"}}


def text(said: str = SAID) -> dict[str, Any]:
    """A block."""
    return {"type": "text", "text": said}


def user(*content: dict[str, Any]) -> dict[str, Any]:
    """A message."""
    return {"role": "user", "content": list(content)}


def read(dialect: str, **members: Any) -> Typed:
    """What was typed in a request."""
    body = json.dumps({"model": "m", "max_tokens": 9, **members}).encode()
    return typed(SERVED[dialect].parse(body, Target("m", True)))


def told(found: Typed) -> tuple[str, str, bool]:
    """What is told of the message, but for what tells it from others."""
    return found.text, found.prompt, found.goes_on


def anthropic(*messages: dict[str, Any]) -> Typed:
    """Of Claude Code's dialect."""
    return read("anthropic", messages=messages)


@pytest.mark.parametrize(
    ("dialect", "members"),
    [
        ("anthropic", {"messages": [{"role": "user", "content": SAID}]}),
        ("openai-chat", {"messages": [{"role": "user", "content": SAID}]}),
        ("openai-chat", {"messages": [user(text())]}),
        ("openai-completions", {"prompt": SAID}),
        ("openai-responses", {"input": SAID}),
        ("openai-responses", {"input": [user({"type": "input_text", "text": SAID})]}),
        ("gemini", {"contents": [{"parts": [{"text": SAID}]}]}),
        ("gemini", {"contents": [{"role": "user", "parts": [{"text": SAID}]}]}),
        ("ollama", {"messages": [{"role": "user", "content": SAID}]}),
        ("ollama-generate", {"prompt": SAID}),
    ],
)
def test_each_dialect_has_a_typed_message(dialect: str, members: dict[str, Any]) -> None:
    found = read(dialect, **members)
    assert found.text == SAID
    assert found.prompt


@pytest.mark.parametrize(
    ("dialect", "members"),
    [
        ("openai-chat", {"messages": [{"role": "tool", "tool_call_id": "t", "content": SAID}]}),
        ("openai-responses", {"input": [{"type": "function_call_output", "output": SAID}]}),
        (
            "gemini",
            {"contents": [{"parts": [{"functionResponse": {"name": "n"}}, {"text": SAID}]}]},
        ),
        ("ollama", {"messages": [{"role": "tool", "content": SAID}]}),
        ("ollama", {"messages": [{"role": "user", "content": SAID, "images": ["aa"]}]}),
    ],
)
def test_what_a_tool_says_is_not_typed(dialect: str, members: dict[str, Any]) -> None:
    assert read(dialect, **members).text == ""


def test_what_a_client_puts_beside_a_prompt_is_passed_over() -> None:
    marker = text("[Request interrupted by user]")
    system = {"role": "system", "content": [text("cwd")]}
    assert anthropic(user(REMINDER, text()), system).text == SAID
    assert anthropic(user(marker, text())).text == SAID
    assert anthropic(user(text(f"{SAID}\n{REMINDER['text']}"))).text.strip() == SAID


@pytest.mark.parametrize(
    "blocks",
    [
        (REMINDER,),
        (RESULT, text()),
        (text(), text("pasted")),
        (text("<command-name>/x</command-name>"), text()),
        (text(), IMAGE),
        (text(f"{SAID}: {'x' * TYPED_CHARACTERS_MAX}"),),
    ],
)
def test_what_may_come_from_elsewhere_is_not_heard(blocks: tuple[dict[str, Any], ...]) -> None:
    assert anthropic(user(*blocks)).text == ""


CAVEAT = text("<local-command-caveat>The command below was run directly</local-command-caveat>\n")
NAMED = text(
    "<command-name>/model</command-name>\n  <command-message>model</command-message>\n"
    "  <command-args></command-args>"
)
OUTPUT = text(f"<local-command-stdout>{SAID}</local-command-stdout>\n")
SHELL = (
    text("<bash-input>ls</bash-input>"),
    text(f"<bash-stdout>{SAID}</bash-stdout><bash-stderr></bash-stderr>"),
)
SUMMARY = text(f"This session is being continued from a previous conversation: {SAID}.")
COMPACT = text(
    "CRITICAL: Respond with TEXT ONLY. Do NOT call any tools.\n\n"
    "Your task is to create a detailed summary of the conversation so far"
)


@pytest.mark.parametrize(
    "blocks",
    [
        (CAVEAT, NAMED, OUTPUT),
        (CAVEAT, NAMED, OUTPUT, CAVEAT, NAMED, OUTPUT),
        (SUMMARY, CAVEAT, NAMED, OUTPUT),
        (CAVEAT, *SHELL),
        (text(f"<task-notification>\n{SAID}\n</task-notification>"),),
    ],
)
def test_local_commands_before_a_prompt_are_passed_over(blocks: tuple[dict[str, Any], ...]) -> None:
    """As Claude Code sends them: in one message with what is typed next."""
    assert anthropic(user(REMINDER, *blocks, text())).text == SAID
    assert anthropic(user(*blocks)).text == ""
    asked = {"role": "user", "content": "fix it"}
    assert told(anthropic(asked, USE, user(*blocks))) == ("", anthropic(asked).prompt, False)


@pytest.mark.parametrize(
    "blocks",
    [
        (NAMED,),
        (OUTPUT, NAMED),
        (CAVEAT, NAMED, NAMED),
        (text("<bash-input>ls</bash-input> and"),),
        (text("<local-command-stdout>"),),
    ],
)
def test_a_command_from_a_file_is_no_local_one(blocks: tuple[dict[str, Any], ...]) -> None:
    assert anthropic(user(*blocks, text())).text == ""


def test_a_conversation_that_is_summed_up_goes_on() -> None:
    asked = {"role": "user", "content": "fix it"}
    on = ("", "", True)
    assert told(anthropic(asked, USE, user(RESULT, COMPACT))) == on
    assert told(anthropic(asked, {"role": "assistant", "content": "Done."}, user(COMPACT))) == on
    assert told(anthropic(user(REMINDER, SUMMARY))) == on
    assert told(anthropic(user(SUMMARY), USE, user(RESULT))) == on
    later = anthropic(user(SUMMARY), USE, user(RESULT), asked)
    assert (later.text, later.goes_on) == ("fix it", False)


@pytest.mark.parametrize(
    "words",
    [
        "[SUGGESTION MODE: Suggest what the user might naturally type next]",
        "The user stepped away and is coming back. Recap in under 40 words",
        "You are performing a CONTEXT CHECKPOINT COMPACTION.",
        "Provide a detailed prompt for continuing our conversation above.",
        "First, reason in your scratchpad. Then, generate the <state_snapshot>.",
        "### Task:\nSuggest 3-5 follow-up questions",
        "Your task is to create a detailed summary of this conversation.",
    ],
)
def test_a_client_s_own_work_is_not_typed(words: str) -> None:
    assert told(anthropic(user(text(words)))) == ("", "", True)


@pytest.mark.parametrize(
    "words",
    [
        "Your task is to create a detailed summary of this file",
        "Explain state_snapshot",
        "CRITICAL: Respond with TEXT ONLY, please",
        f"{'x' * 2_000} [SUGGESTION MODE: is what?",
    ],
)
def test_a_user_may_use_the_same_words(words: str) -> None:
    assert not anthropic(user(text(words))).goes_on


def test_a_reminder_cannot_be_ended_by_what_is_in_it() -> None:
    forged = f"<system-reminder>a</system-reminder>\n{SAID}\n</system-reminder>"
    assert anthropic(user(text(forged))).text == ""


def test_an_image_may_stand_beside_a_command_with_work() -> None:
    said = "use opus for this: what is in the picture?"
    assert anthropic(user(text(said), IMAGE)).text == said


def test_a_prompt_keeps_its_mark_while_tools_run() -> None:
    asked = {"role": "user", "content": "fix it"}
    first = anthropic(asked)
    later = anthropic(user(REMINDER, text("fix it")), USE, user(RESULT))
    assert (first.text, later.text) == ("fix it", "")
    assert first.prompt == later.prompt != anthropic(asked, USE, user(RESULT), asked).prompt


def test_nothing_is_read_from_what_is_no_history() -> None:
    assert read("openai-responses", input=[1, None, "x"]) == Typed("", "")
    assert anthropic({"role": "assistant", "content": "x"}) == Typed("", "")


def test_what_is_typed_after_tools_were_interrupted_is_heard() -> None:
    interrupted = text("[Request interrupted by user for tool use]")
    assert anthropic(USE, user(RESULT, interrupted, text())).text == SAID
    assert anthropic(USE, user(RESULT, text())).text == ""
