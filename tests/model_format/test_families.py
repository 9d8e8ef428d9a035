"""What holds for each family with marks of its own, whatever its marks are."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.protocols.model_format.format import Expectation

from .blocks import Called, Spoken, splits, told
from .families import FAMILIES, TEMPLATES, Family
from .tool_shapes import TOOLS

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("empty_args", {}),
    ("python", {"code": 'if a < b:\n\tprint("{[\\u00e9]}")  # 日本語 🎉 <tag> </tag> & ```'}),
    ("python", {"code": ""}),
    ("set_config", {"config": {"list": [1, -2.5, True, None, "x"], "nested": {"a": {}}}}),
    ("edit", {"oldString": "null", "newString": "7", "replaceAll": True}),
    ("set_union", {"value": {"a": "}"}, "amount": 12}),
]
LARGE_CHARACTERS = 1024 * 1024

each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.form.name)


@each_family
@pytest.mark.parametrize(("name", "given"), CALLS, ids=range(len(CALLS)))
def test_a_call_as_the_model_writes_it_is_read_back(
    family: Family, name: str, given: dict[str, Any]
) -> None:
    written = f"I call.\n\n{family.form.told_call(name, given)}"
    if not family.is_parallel:
        written = family.form.told_call(name, given)
    expected = [Spoken("I call.")] if family.is_parallel else []
    for pieces in splits(written):
        assert told(family.form, pieces, TOOLS) == [*expected, Called(name, given)]


@each_family
def test_a_call_that_is_cut_is_text_until_it_is_whole(family: Family) -> None:
    written = family.form.told_call("python", {"code": "a\nb"})
    was_called = False
    for cut in range(1, len(written) + 1):
        blocks = told(family.form, list(written[:cut]), TOOLS, whole=False)
        calls = [block for block in blocks if isinstance(block, Called)]
        assert len(calls) == was_called or calls == [Called("python", {"code": "a\nb"})]
        was_called = bool(calls)
        if not was_called:
            shown = written[:cut].removeprefix(family.section)
            is_header = shown.startswith("<|channel|>") and "<|message|>" not in shown
            assert blocks == ([Spoken(shown)] if shown and not is_header else [])
    assert was_called or written.endswith("}")


@each_family
def test_a_large_input_takes_time_in_proportion(family: Family) -> None:
    code = "".join(f'line {number} = ["{number}"]\n' for number in range(50_000))[:LARGE_CHARACTERS]
    written = family.form.told_call("python", {"code": code})
    pieces = [written[start : start + 997] for start in range(0, len(written), 997)]
    assert told(family.form, pieces, TOOLS) == [Called("python", {"code": code})]
    written = family.form.told_call("python", {"code": code[:40_000]})
    assert told(family.form, list(written), TOOLS) == [Called("python", {"code": code[:40_000]})]


@each_family
def test_what_is_held_back_has_a_limit(family: Family) -> None:
    begun = family.form.told_call("python", {"code": "§"}).partition("§")[0]
    parser = family.form.parser(Expectation(TOOLS, "", "a1"))
    assert not parser.receive_text(begun)
    chunk = "x" * LARGE_CHARACTERS
    told_at = [bool(parser.receive_text(chunk)) for _ in range(6)]
    assert told_at == [False, False, False, True, True, True]


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_is_known_by_its_marks(template: str) -> None:
    form, written = TEMPLATES[template]
    assert form.fits(written)
    fitting = [name for name, (other, _) in TEMPLATES.items() if other.fits(written)]
    first = {"Kimi K2, first": "Kimi K2", "Gemma 4, first": "Gemma 4"}
    assert fitting == [each for each in TEMPLATES if each in (template, first.get(template))]
