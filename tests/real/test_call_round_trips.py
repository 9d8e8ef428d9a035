"""What a template shows of a call is what the family's parser reads as that call.

A conversation is rendered up to the question, and up to the results; what lies between is what the
model would have written, and what begins the results. Each of llama.cpp's templates is tried whose
family is known and which shows calls.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import pytest
from understudy.io.engines.chat_template import ChatTemplate
from understudy.protocols.conversation.answer import ToolInputDelta, ToolUseStarted
from understudy.protocols.engine.messages import Chat, ToolShape
from understudy.protocols.model_format.format import Expectation
from understudy.protocols.model_format.formats import FORMATS

from .template_corpus import template_files
from .template_families import FAMILIES

STRING = {"type": "string", "description": "A string."}
DEEP = {"type": "object", "properties": {"x": {"type": "boolean", "description": "Whether."}}}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "at": STRING,
        "n": {"type": "integer", "description": "A number."},
        "deep": {**DEEP, "description": "An object."},
    },
    "required": ["at"],
}
NOTHING: dict[str, Any] = {"type": "object", "properties": {}}
TOOLS = [ToolShape("look", "Looks.", SCHEMA), ToolShape("stop", "Stops.", NOTHING)]
Calls = list[tuple[str, dict[str, Any]]]
LOOK: tuple[str, dict[str, Any]] = ("look", {"at": 'a <b>\n"c" é', "n": 3, "deep": {"x": True}})
STOP: tuple[str, dict[str, Any]] = ("stop", {})
ASKED = {"role": "user", "content": "What is there?"}
UNREAD = {
    "MiniMax-M3": "objects and lists as tags within tags",
    "muse-glimmer": "messages to recipients, with tags within",
}
"""Templates whose form no family of ours reads: what they write that others do not."""
ONLY_CALLS = ("llama", "functools")
"""Families that write words or calls: a call counts where the answer begins."""
ANSWERS: dict[str, tuple[Calls, str, str]] = {
    "bare": ([LOOK], "", ""),
    "thinking": ([LOOK], "", "I should look."),
    "words": ([LOOK], "I look.", "I should look."),
    "two": ([LOOK, STOP], "", ""),
}
TRIED = [
    (name, answer)
    for name, family in FAMILIES.items()
    for answer in ANSWERS
    if family != "plain" and name not in UNREAD
    if not (family in ONLY_CALLS and answer == "words")
]


def conversation(calls: Calls, words: str, thinking: str) -> list[Any]:
    """The question, the answer with these calls, and their results."""
    made = [
        {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": given}}
        for number, (name, given) in enumerate(calls)
    ]
    answer: dict[str, Any] = {"role": "assistant", "content": words, "tool_calls": made}
    if thinking:
        answer["reasoning_content"] = thinking
    results = [
        {"role": "tool", "tool_call_id": call["id"], "name": name, "content": f"RESULT {number}"}
        for number, (call, (name, _)) in enumerate(zip(made, calls, strict=True))
    ]
    return [ASKED, answer, *results]


@pytest.mark.parametrize(("name", "answer"), TRIED)
def test_a_call_as_a_template_shows_it_is_read_as_that_call(name: str, answer: str) -> None:
    calls, words, thinking = ANSWERS[answer]
    form = FORMATS[FAMILIES[name]]
    template = ChatTemplate.load(template_files()[name].read_text(), form, datetime.now)
    variables = {"enable_thinking": bool(thinking)}
    prompt = template.render(Chat([ASKED], TOOLS, variables))
    whole = template.render(Chat(conversation(calls, words, thinking), TOOLS, variables))
    begun = _end_of_shared(prompt, whole)
    written = whole[begun : whole.index("RESULT 0")]
    parser = form.parser(Expectation(tuple(TOOLS), whole[:begun], "a1"))
    said = parser.receive_text(written) + parser.receive_end(whole=True)
    names = [event.name for event in said if isinstance(event, ToolUseStarted)]
    inputs = [event.json_text for event in said if isinstance(event, ToolInputDelta)]
    found = list(zip(names, map(msgspec.json.decode, inputs), strict=True))
    shows_one = not template.traits(with_tools=True).parallel_calls
    assert found == (calls[:1] if shows_one else calls), written


def _end_of_shared(prompt: str, whole: str) -> int:
    """Where the answer begins: behind the prompt, or at the mark in which the two part."""
    shared = next(
        (place for place, pair in enumerate(zip(prompt, whole, strict=False)) if len({*pair}) > 1),
        len(prompt),
    )
    if shared == len(prompt):
        return shared
    return max(prompt.rfind("<", 0, shared), prompt.rfind("[", 0, shared) + 1)
