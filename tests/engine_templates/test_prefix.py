"""A session as the real client sends it: each prompt begins with all of the one before.

An engine reads again what comes after the first difference, so that is what is looked for here,
from the client's bytes to the rendered prompt.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from understudy.io.engines.chat_template import ChatTemplate
from understudy.protocols.anthropic.dialect import SERVED
from understudy.protocols.conversation.origin import signed
from understudy.protocols.engine.chat import DIALECT, chat_of
from understudy.protocols.model_format.formats import format_of
from understudy.protocols.preparation import prepared

from .habits import ONE_CALL, THINKER

MODEL: Final = "local-model"
DROPPING: Final = THINKER.replace(" or preserve_thinking", "")
"""A template that cannot be told to keep the thinking of older turns."""
TOOLS: Final[list[dict[str, Any]]] = [
    {"name": "Read", "description": "Reads", "input_schema": {"type": "object", "properties": {}}},
    {"name": "Edit", "description": "Edits", "input_schema": {"type": "object", "properties": {}}},
]
REMINDER: Final = "<system-reminder>\nThe file has changed.\n</system-reminder>"

Wire = dict[str, Any]


def thinking(text: str) -> Wire:
    return {"type": "thinking", "thinking": text, "signature": signed(DIALECT, MODEL, "thought")}


def called(identity: str) -> Wire:
    return {"type": "tool_use", "id": identity, "name": "Read", "input": {"path": identity}}


def result(identity: str) -> Wire:
    return {"type": "tool_result", "tool_use_id": identity, "content": f"what {identity} says"}


def text(words: str) -> Wire:
    return {"type": "text", "text": words}


def asked(*blocks: Wire) -> Wire:
    return {"role": "user", "content": list(blocks)}


def answered(*blocks: Wire) -> Wire:
    return {"role": "assistant", "content": list(blocks)}


SESSION: Final[Sequence[Wire]] = (
    asked(text("<system-reminder>\nToday is Tuesday.\n</system-reminder>"), text("Fix the bug")),
    answered(thinking("First."), text("I look."), called("toolu_1")),
    asked(result("toolu_1")),
    answered(thinking("Second."), called("toolu_2"), called("toolu_3")),
    asked(result("toolu_2"), result("toolu_3"), text(REMINDER)),
    answered(thinking("Third."), called("toolu_4")),
    asked(result("toolu_4")),
    answered(thinking("Fourth."), text("Done.")),
    asked(text("And the tests?")),
    answered(thinking("Fifth."), called("toolu_5")),
    asked(result("toolu_5")),
)


def bodies() -> Iterable[bytes]:
    """Every request of the session. Two things change in each, as the client has it: the billing
    header, and the count of the tokens that are left."""
    for turn, end in enumerate(range(1, len(SESSION) + 1, 2)):
        left = f"<total_tokens>{200_000 - turn} tokens left</total_tokens>"
        body: Wire = {
            "model": MODEL,
            "max_tokens": 1000,
            "system": [
                text(f"x-anthropic-billing-header: cc_version=2.1; cch={turn:05x};"),
                text("You are an agent."),
            ],
            "tools": TOOLS,
            "thinking": {"type": "enabled", "budget_tokens": 9_000},
            "messages": [*SESSION[:end], {"role": "system", "content": left}],
        }
        yield json.dumps(body).encode()


def prompts(source: str) -> list[str]:
    """The prompts of the session, rendered with this template."""
    template = ChatTemplate.load(source, format_of(source), lambda: datetime(2026, 3, 4))
    found: list[str] = []
    for body in bodies():
        conversation = SERVED.conversation(SERVED.parse(body))
        chat, left_out = chat_of(prepared(conversation, DIALECT), MODEL)
        assert left_out == ()
        found.append(template.render(chat))
    return found


def test_each_prompt_begins_with_the_one_before() -> None:
    found = prompts(THINKER)
    for before, after in pairwise(found):
        assert after.startswith(before)
    assert "billing" not in found[-1]
    assert "tokens left" not in found[-1]
    assert found[-1].count(REMINDER) == 1
    for thought in ("First.", "Second.", "Third.", "Fourth.", "Fifth."):
        assert f"<think>\n{thought}\n</think>" in found[-1]


def test_a_reminder_in_a_loop_drops_no_thinking() -> None:
    found = prompts(DROPPING)
    for before, after in pairwise(found[:4]):
        assert after.startswith(before)
    assert "Third." in found[3]


def test_a_new_question_drops_thinking_and_with_it_the_prefix_of_that_loop_alone() -> None:
    found = prompts(DROPPING)
    kept = found[3].partition("<think>")[0]
    assert kept.endswith("Fix the bug<|im_end|>\n<|im_start|>assistant\n")
    assert found[4].startswith(kept + "I look.")
    assert found[5].startswith(found[4])


def test_what_is_rewritten_for_a_template_is_rewritten_the_same_each_time() -> None:
    for before, after in pairwise(prompts(ONE_CALL)):
        assert after.startswith(before.removesuffix("[ASSISTANT]"))


def test_the_end_of_the_session_is_compacted_upon_the_same_prefix() -> None:
    """The client asks for a summary with the same system prompt and tools, in a new question."""
    template = ChatTemplate.load(THINKER, format_of(THINKER), lambda: datetime(2026, 3, 4))
    body = json.loads(list(bodies())[-1])
    rendered: list[str] = []
    sessions: list[list[Wire]] = [[], [answered(text("All done.")), asked(text("Summarise."))]]
    for more in sessions:
        wanted = {**body, "messages": [*body["messages"][:-1], *more], "tool_choice": None}
        if more:
            wanted["tool_choice"] = {"type": "none"}
        conversation = SERVED.conversation(SERVED.parse(json.dumps(wanted).encode()))
        rendered.append(template.render(chat_of(prepared(conversation, DIALECT), MODEL)[0]))
    assert rendered[1].startswith(rendered[0])
