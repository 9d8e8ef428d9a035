"""The cases that a person can check: what they come to, and that the document shows the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from .cases import Case, read_cases, tables

DOCUMENT = Path(__file__).parents[2] / "docs" / "recommendation.md"
BEGIN = "<!-- the tables of tests/advice/cases.toml -->\n"
CASES = read_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_comes_to_what_it_says(case: Case) -> None:
    advice = case.advice
    assert [f"{each.place} {each.share}" for each in advice.ranked] == list(case.ranking)
    assert {each.place: each.cause.value for each in advice.left_out} == case.left_out


def test_the_document_shows_the_cases() -> None:
    shown = DOCUMENT.read_text().partition(BEGIN)[2]
    assert shown.strip() == tables(CASES).strip()
