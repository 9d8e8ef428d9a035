"""What changes with every request and says nothing: taken out for a cache by prefix."""

from __future__ import annotations

import pytest
from understudy.protocols.anthropic.reminders import without_countdown
from understudy.protocols.conversation.blocks import Text, ToolResult
from understudy.protocols.conversation.request import Conversation, Message

from .neutral import assistant, result, system, use, user

COUNTDOWN = "<total_tokens>{} tokens left</total_tokens>"
ENVELOPE = "<system-reminder>\n{}\n</system-reminder>"
CALL = (user("go"), assistant(use("t")))


def normal(*messages: Message) -> tuple[Message, ...]:
    return without_countdown(Conversation(messages)).messages


@pytest.mark.parametrize("left", ["14999028", "0", "Infinite", "5,000,000"])
def test_pain_2_the_message_of_the_tokens_left_goes(left: str) -> None:
    told = COUNTDOWN.format(left)
    plain = (*CALL, user(result("t")))
    for words in (told, ENVELOPE.format(told), f"\n{told}\n"):
        assert normal(*plain, system(words)) == plain
        assert normal(*CALL, user(result("t"), words)) == plain
        assert normal(*CALL, user(result("t")), user(words)) == plain


def test_pain_2_two_turns_that_differ_in_the_tokens_left_are_the_same() -> None:
    first, second = (
        normal(*CALL, user(result("t")), system(f"cwd: x\n{COUNTDOWN.format(left)}\nBe brief."))
        for left in (14_999_028, 14_990_001)
    )
    assert first == second
    assert first[-1] == system("cwd: x\nBe brief.")


def test_a_countdown_inside_a_result_goes_and_the_result_stays() -> None:
    wrapped = "done\n" + ENVELOPE.format(COUNTDOWN.format(5))
    assert normal(*CALL, user(result("t", wrapped))) == (*CALL, user(result("t", "done")))
    alone = normal(*CALL, user(result("t", COUNTDOWN.format(5))))
    assert alone == (*CALL, user(ToolResult("t", ())))


@pytest.mark.parametrize(
    "words",
    [
        f"why does it say {COUNTDOWN.format(5)} there?",
        "<total_tokens>",
        "<total_tokens>many <b>tokens left</total_tokens>",
    ],
)
def test_what_the_user_wrote_stays(words: str) -> None:
    conversation = Conversation((user(words), assistant(COUNTDOWN.format(5))))
    assert without_countdown(conversation) is conversation


def test_a_conversation_without_a_countdown_is_the_same_object() -> None:
    conversation = Conversation((*CALL, user(result("t"))), system=(Text("s"),))
    assert without_countdown(conversation) is conversation
