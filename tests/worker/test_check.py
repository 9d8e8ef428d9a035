"""What is withheld of an answer, and how it is judged."""

from __future__ import annotations

import json

import pytest
from understudy.io.engines.worker.check import Check, call_judge, output_judge
from understudy.protocols.engine.messages import ToolShape
from understudy.protocols.model_format.format import Expectation
from understudy.protocols.model_format.formats import FORMATS

NOT_ONE = {"type": "object", "properties": {"n": {"not": {"const": 1}}}, "required": ["n"]}


TOOL = ToolShape("t", "", NOT_ONE)


def hermes_check() -> Check:
    """Withholds calls of one tool that may not be given 1."""
    form = FORMATS["hermes"]
    judge = call_judge(lambda: form.parser(Expectation((TOOL,))), {"t": NOT_ONE})
    return Check(("<tool_call>",), judge)


def call(number: int) -> str:
    """A call as Hermes's family writes it."""
    members = {"name": "t", "arguments": {"n": number}}
    return f"<tool_call>\n{json.dumps(members)}\n</tool_call>"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_a_call_is_withheld_and_judged_under_any_split(size: int) -> None:
    for number, is_valid in ((2, True), (1, False)):
        check = hermes_check()
        text = "Words <tool first. " + call(number)
        told = "".join(check.receive_text(text[at : at + size]) for at in range(0, len(text), size))
        assert told == check.told == "Words <tool first. "
        verdict = check.receive_end(whole=True)
        assert verdict.text == call(number)
        assert (verdict.problems == ()) is is_valid


def test_text_without_a_call_is_told_but_for_what_may_begin_one() -> None:
    check = hermes_check()
    assert check.receive_text("only words <tool_") == "only words "
    verdict = check.receive_end(whole=True)
    assert verdict.text == "<tool_"
    assert verdict.problems == ()


def test_a_call_that_was_cut_is_nobody_s_and_one_before_it_is_judged() -> None:
    check = hermes_check()
    check.receive_text(call(2) + "\n" + call(1)[:-14])
    assert check.receive_end(whole=False).problems == ()
    check = hermes_check()
    check.receive_text(call(1) + "\n" + call(2)[:-14])
    assert check.receive_end(whole=False).problems


def test_what_is_sampled_again_is_judged_behind_what_was_told() -> None:
    check = hermes_check()
    assert check.receive_text("Words. " + call(1)) == "Words. "
    assert check.receive_end(whole=True).problems
    check.start_again()
    assert check.receive_text(call(2)) == ""
    assert check.receive_end(whole=True).problems == ()


def test_output_is_withheld_from_its_start_or_from_the_end_of_thinking() -> None:
    check = Check((), output_judge(NOT_ONE), keeps_mark=False)
    assert check.receive_text('{"n": 1}') == ""
    assert check.receive_end(whole=True).problems
    check = Check(("</think>",), output_judge(NOT_ONE), keeps_mark=False)
    assert check.receive_text("thought</th") == "thought"
    assert check.receive_text('ink>\n{"n": 2}') == "</think>"
    verdict = check.receive_end(whole=True)
    assert verdict.text == '\n{"n": 2}'
    assert verdict.problems == ()


def test_output_that_was_cut_is_not_judged_and_one_that_is_no_json_is_wrong() -> None:
    for whole, text, is_valid in ((False, '{"n": 1', True), (True, "{n}", False)):
        check = Check((), output_judge(NOT_ONE))
        check.receive_text(text)
        assert (check.receive_end(whole=whole).problems == ()) is is_valid
