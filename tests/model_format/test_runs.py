"""White space at the ends of text and thinking: told within a run, dropped beside a mark."""

from __future__ import annotations

import pytest
from understudy.protocols.conversation.answer import TextDelta, ThinkingDelta
from understudy.protocols.model_format.runs import WHITE_SPACE_CHARACTERS_MAX, Run


def told(run: Run, *pieces: str) -> str:
    return "".join(delta.text for piece in pieces for delta in run.receive_text(piece))


@pytest.mark.parametrize("after_mark", [False, True])
def test_white_space_at_the_end_waits_for_what_follows(after_mark: bool) -> None:
    run = Run(TextDelta, after_mark=after_mark)
    assert told(run, "a ") == "a"
    assert told(run, "\n", "b") == " \nb"
    assert told(run, "\t\r\n") == ""
    assert run.receive_end() == [TextDelta("\t\r\n")]


def test_white_space_at_the_beginning_is_dropped_behind_a_mark_alone() -> None:
    assert told(Run(ThinkingDelta, after_mark=True), " ", "\n", " a") == "a"
    assert told(Run(ThinkingDelta, after_mark=False), " ", "\n", " a") == " \n a"


def test_a_run_has_begun_when_something_of_it_is_told() -> None:
    run = Run(TextDelta, after_mark=False)
    assert told(run, " \n") == ""
    assert not run.begun
    assert told(run, "a") == " \na"
    assert run.begun


def test_other_spaces_are_text() -> None:
    assert told(Run(TextDelta, after_mark=True), "\u00a0\u3000") == "\u00a0\u3000"


@pytest.mark.parametrize("size", [1, 7, 10 * WHITE_SPACE_CHARACTERS_MAX])
def test_a_long_stretch_is_told_whatever_follows(size: int) -> None:
    space = " " * (WHITE_SPACE_CHARACTERS_MAX + 500)
    text = f"a{space}b{space}"
    run = Run(TextDelta, after_mark=False)
    assert told(run, *(text[at : at + size] for at in range(0, len(text), size))) == text
    assert told(run, " ", "c ") == " c"
    assert run.receive_end() == [TextDelta(" ")]
