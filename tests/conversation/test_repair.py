"""A history that any API takes, made of one that none takes."""

from __future__ import annotations

import itertools

import attrs
import pytest
from hypothesis import given
from understudy.protocols.conversation.blocks import (
    Text,
    Thinking,
    ToolResult,
    ToolUse,
)
from understudy.protocols.conversation.pairing import INTERRUPTED
from understudy.protocols.conversation.repair import repaired, repaired_messages
from understudy.protocols.conversation.request import Conversation, Message

from .histories import HISTORIES, assistant, result, system, use, user


def made_up(identity: str) -> ToolResult:
    return ToolResult(identity, (Text(INTERRUPTED),), is_error=True)


WHOLE = (
    user("look"),
    assistant("I look.", use("a"), use("b")),
    user(result("b"), result("a")),
    system("3 tokens left"),
    assistant("Seen."),
    user("thanks"),
)


def test_a_whole_history_is_the_same_object() -> None:
    conversation = Conversation(WHOLE)
    assert repaired(conversation) is conversation


def test_pain_10_an_esc_between_call_and_result_leaves_no_orphan() -> None:
    marker = "[a mark of the client's]"
    before = (user("go"), assistant("On it.", use("a"), use("b")), user(result("b"), marker, "new"))
    assert repaired_messages(before) == (
        *before[:2],
        user(result("b"), made_up("a"), marker, "new"),
    )


def test_a_result_without_a_call_goes_and_does_not_become_the_user_s_word() -> None:
    before = (user("go"), assistant("On it."), user(result("a", "rm -rf"), "next"))
    assert repaired_messages(before) == (*before[:2], user("next"))
    assert repaired_messages((user(result("a")),)) == ()


def test_a_result_that_comes_a_turn_late_goes() -> None:
    before = (user("go"), assistant(use("a")), user("wait"), assistant("Yes?"), user(result("a")))
    assert repaired_messages(before) == (
        *before[:2],
        user(made_up("a"), "wait"),
        assistant("Yes?"),
    )


def test_a_call_at_the_very_end_is_answered() -> None:
    before = (user("go"), assistant(use("a")))
    assert repaired_messages(before) == (*before, user(made_up("a")))


def test_pain_9_results_of_parallel_calls_in_several_messages_come_together() -> None:
    before = (user("go"), assistant(use("a"), use("b")), user(result("b")), user(result("a"), "go"))
    assert repaired_messages(before) == (*before[:2], user(result("b"), result("a"), "go"))


def test_results_come_in_front_of_what_the_user_and_the_system_say() -> None:
    before = (user("go"), assistant(use("a")), system("hear"), user("and", result("a")))
    after = (user("go"), assistant(use("a")), user(result("a"), "and"), system("hear"))
    assert repaired_messages(before) == after


def test_the_second_result_for_one_call_goes() -> None:
    before = (user("go"), assistant(use("a")), user(result("a", "first"), result("a", "second")))
    assert repaired_messages(before) == (*before[:2], user(result("a", "first")))


def test_ids_that_every_turn_uses_anew_are_told_apart() -> None:
    turn = (assistant(use("call_0")), user(result("call_0")))
    after = repaired_messages((user("go"), *turn, *turn, *turn))
    assert [list(message.blocks) for message in after[1:]] == [
        [use("call_0")],
        [result("call_0")],
        [use("call_0_2")],
        [result("call_0_2")],
        [use("call_0_3")],
        [result("call_0_3")],
    ]


def test_two_calls_of_one_id_get_their_results_in_order() -> None:
    before = (user("go"), assistant(use("a"), use("a")), user(result("a", "1"), result("a", "2")))
    assert repaired_messages(before) == (
        user("go"),
        assistant(use("a"), use("a_2")),
        user(result("a", "1"), result("a_2", "2")),
    )


def test_a_call_without_an_id_gets_one() -> None:
    after = repaired_messages((user("go"), assistant(use("")), user(result(""))))
    assert after[1:] == (assistant(use("call")), user(result("call")))


@pytest.mark.parametrize("blank", ["", " ", "\n\t"])
def test_blank_text_goes_and_a_message_of_nothing_else(blank: str) -> None:
    before = (user("a", blank), assistant(blank), system(blank), user("b"))
    assert repaired_messages(before) == (user("a", "b"),)


def test_blocks_go_that_stand_with_the_wrong_role() -> None:
    before = (
        user("go", use("a"), Thinking("hm", "c2ln")),
        assistant("x", result("a"), Thinking("hm", "c2ln")),
    )
    assert repaired_messages(before) == (user("go"), assistant("x", Thinking("hm", "c2ln")))


def test_ids_are_made_to_fit_the_same_each_time() -> None:
    before = (user("go"), assistant(use("call.1")), user(result("call.1")))
    after = repaired_messages(before, lambda said: said.replace(".", "-"))
    assert after[1:] == (assistant(use("call-1")), user(result("call-1")))


def test_many_calls_of_one_id_take_linear_time() -> None:
    count = 20_000
    before = (
        assistant(*itertools.repeat(use("x"), count)),
        user(*itertools.repeat(result("x"), count)),
    )
    after = repaired_messages(before)
    found = {block.id for block in after[0].blocks if isinstance(block, ToolUse)}
    assert len(found) == count


@given(HISTORIES)
def test_any_history_is_made_whole(history: tuple[Message, ...]) -> None:
    after = repaired_messages(history)
    assert all(message.blocks for message in after)
    assert all(first.role != second.role for first, second in itertools.pairwise(after))
    calls: list[str] = []
    for place, message in enumerate(after):
        used = [block.id for block in message.blocks if isinstance(block, ToolUse)]
        answered = [block.tool_use_id for block in message.blocks if isinstance(block, ToolResult)]
        assert not used or message.role == "assistant"
        assert not answered or message.role == "user"
        if message.role == "assistant":
            calls += used
            following = after[place + 1] if place + 1 < len(after) else Message("user", ())
            first = following.blocks[: len(used)]
            assert sorted(used) == sorted(
                block.tool_use_id for block in first if isinstance(block, ToolResult)
            )
        elif message.role == "user" and answered:
            before = after[place - 1].blocks if place else ()
            assert set(answered) <= {b.id for b in before if isinstance(b, ToolUse)}
            assert len(set(answered)) == len(answered)
    assert len(set(calls)) == len(calls)


@given(HISTORIES)
def test_what_is_whole_stays(history: tuple[Message, ...]) -> None:
    once = Conversation(repaired_messages(history))
    assert repaired(once) is once


@given(HISTORIES, HISTORIES)
def test_a_repaired_beginning_stays_as_the_history_grows(
    history: tuple[Message, ...], later: tuple[Message, ...]
) -> None:
    """Prompt caches and signed thinking need it."""
    asked = (*history, user("go on"))
    settled = repaired_messages(asked)
    grown = repaired_messages((*asked, assistant("then"), *later))
    assert grown[: len(settled)] == settled


@given(HISTORIES)
def test_no_word_is_lost_but_of_results(history: tuple[Message, ...]) -> None:
    def words(messages: tuple[Message, ...]) -> list[str]:
        return [
            block.text
            for message in messages
            for block in message.blocks
            if isinstance(block, Text) and block.text.strip()
        ]

    assert sorted(words(repaired_messages(history))) == sorted(words(history))


def test_the_rest_of_the_conversation_is_untouched() -> None:
    before = Conversation((user("go"), assistant(use("a"))), system=(Text("s"),), user="u")
    assert repaired(before) == attrs.evolve(before, messages=(*before.messages, user(made_up("a"))))
