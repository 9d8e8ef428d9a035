"""What an answer is held to, from what is asked and how its prompt ends."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.io.engines.worker.rules import BadRules, RuleBook, either
from understudy.protocols.engine.messages import Ask, Chat, ToolShape
from understudy.protocols.model_format.formats import FORMATS

SIMPLE = ToolShape("look", "", {"type": "object", "properties": {"at": {"type": "string"}}})
JUDGED = ToolShape("pick", "", {"type": "object", "not": {"required": ["x"]}})
THINKING = "<|im_start|>assistant\n<think>\n"
PLAIN = "<|im_start|>assistant\n"


def ask(*tools: ToolShape, **more: Any) -> Ask:
    """A question with these tools."""
    return Ask(1, Chat([{"role": "user", "content": "?"}], list(tools)), **more)


@pytest.fixture
def book() -> RuleBook:
    """The rules of Hermes's form."""
    return RuleBook(FORMATS["hermes"])


def test_free_answers_have_no_rules(book: RuleBook) -> None:
    assert book.rules(ask(), PLAIN) is None
    assert book.rules(ask(SIMPLE, tool_mode="none"), PLAIN) is None


def test_a_call_may_begin_with_its_mark(book: RuleBook) -> None:
    rules = book.rules(ask(SIMPLE), PLAIN)
    assert rules is not None
    assert rules.opening is not None
    assert rules.opening.texts == (b"<tool_call>",)
    assert rules.opening.inside
    assert rules.check is None


def test_a_demanded_call_begins_at_once_or_behind_open_thinking(book: RuleBook) -> None:
    for mode in ({"tool_mode": "any"}, {"tool_mode": "tool", "tool_name": "look"}):
        rules = book.rules(ask(SIMPLE, **mode), PLAIN)
        assert rules is not None
        assert rules.opening is None
        behind = book.rules(ask(SIMPLE, **mode), THINKING)
        assert behind is not None
        assert behind.opening is not None
        assert behind.opening.texts == (b"</think>",)
        assert not behind.opening.inside


def test_a_named_tool_is_the_only_one(book: RuleBook) -> None:
    rules = book.rules(ask(SIMPLE, JUDGED, tool_mode="tool", tool_name="look"), PLAIN)
    assert rules is not None
    assert "look" in rules.gbnf
    assert "pick" not in rules.gbnf
    assert rules.check is None


def test_a_schema_that_no_grammar_holds_is_judged(book: RuleBook) -> None:
    rules = book.rules(ask(SIMPLE, JUDGED), PLAIN)
    assert rules is not None
    assert rules.check is not None
    output = book.rules(ask(output={"type": "integer", "not": {"const": 3}}), PLAIN)
    assert output is not None
    assert output.check is not None
    assert output.opening is None


def test_output_is_held_from_its_start(book: RuleBook) -> None:
    rules = book.rules(ask(output={"type": "integer"}), PLAIN)
    assert rules is not None
    assert rules.opening is None
    assert rules.check is None
    both = book.rules(ask(SIMPLE, output={"type": "integer"}), PLAIN)
    assert both is not None
    assert "one-root | other-root" in both.gbnf


@pytest.mark.parametrize(
    "wrong",
    [
        {"tool_mode": "perhaps"},
        {"tool_mode": "tool", "tool_name": "unknown"},
    ],
)
def test_what_cannot_be_demanded_is_said(book: RuleBook, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadRules):
        book.rules(ask(SIMPLE, **wrong), PLAIN)
    with pytest.raises(BadRules):
        book.rules(ask(tool_mode="any"), PLAIN)


def test_two_grammars_keep_their_rules_apart_and_their_texts_as_they_are() -> None:
    joined = either(
        'root ::= "root a" [a-z\\]] b{1,2}\nb ::= "\\"b"\n', 'root ::= "x" b\nb ::= .\n'
    )
    assert joined == (
        "root ::= one-root | other-root\n"
        'one-root ::= "root a" [a-z\\]] one-b{1,2}\none-b ::= "\\"b"\n\n'
        'other-root ::= "x" other-b\nother-b ::= .\n\n'
    )
