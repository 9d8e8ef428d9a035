"""Searching for marks: the leftmost one, the beginning of one at the end, or none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.model_format.marks import Found, Marks

UNHURRIED = settings(deadline=None)  # a busy machine is not a failure

MARKS = Marks("<think>", "<tool_call>", "[END]")


@pytest.mark.parametrize(
    ("text", "start", "found"),
    [
        ("", 0, None),
        ("no mark", 0, None),
        ("a < b [x] <y", 0, None),
        ("ab<think>", 0, Found(2, 9, "<think>")),
        ("<think><think>", 1, Found(7, 14, "<think>")),
        ("x[END]<tool_call>", 0, Found(1, 6, "[END]")),
        ("ab<", 0, Found(2, 3, "")),
        ("ab<t", 0, Found(2, 4, "")),
        ("<<think", 0, Found(1, 7, "")),
        ("<tool_call", 0, Found(0, 10, "")),
        ("<tool_call ", 0, None),
    ],
)
def test_a_search_finds_a_mark_or_its_beginning(text: str, start: int, found: Found) -> None:
    assert MARKS.search(text, start) == found


@pytest.mark.parametrize(
    ("text", "start", "found"),
    [
        ("x<think>", 0, None),
        ("x<think>", 1, Found(1, 8, "<think>")),
        ("<thi", 0, Found(0, 4, "")),
        ("<thin>", 0, None),
        ("", 0, None),
    ],
)
def test_a_match_looks_at_one_place(text: str, start: int, found: Found) -> None:
    assert MARKS.match(text, start) == found


def test_no_marks_are_never_found() -> None:
    assert Marks().search("anything") is None
    assert Marks().match("") is None


@pytest.mark.parametrize("marks", [("",), ("<a", "<a>"), ("b", "abc")])
def test_marks_that_hold_one_another_are_refused(marks: tuple[str, ...]) -> None:
    with pytest.raises(AssertionError):
        Marks(*marks)


@UNHURRIED
@given(st.text(alphabet="<think>tool_ca[END]x"))
def test_what_is_held_back_is_the_longest_beginning(text: str) -> None:
    found = MARKS.search(text)
    firsts = [text.find(mark) for mark in MARKS.marks if mark in text]
    if firsts:
        assert found is not None
        assert found.start == min(firsts)
        return
    held = max(
        (size for size in range(12) for mark in MARKS.marks if text.endswith(mark[:size])),
    )
    assert found == (Found(len(text) - held, len(text), "") if held else None)
