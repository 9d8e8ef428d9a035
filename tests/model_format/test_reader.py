"""What all families share: limits, ids, what is told at once, and questions without tools."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.conversation.answer import TextDelta, ThinkingDelta, ToolUseStarted
from understudy.protocols.conversation.arguments import unparsed
from understudy.protocols.model_format import reader
from understudy.protocols.model_format.format import Expectation, ModelFormat
from understudy.protocols.model_format.hermes import Hermes
from understudy.protocols.model_format.mistral import Mistral

from .blocks import Called, Example, Spoken, blocks_of, told
from .hermes_examples import HELLO, ONE, ONE_JSON, tagged
from .test_examples import FAMILIES
from .tool_shapes import TOOLS

UNHURRIED = settings(deadline=None)  # a busy machine is not a failure

EXPECTED = Expectation(TOOLS, answer="7")


def test_text_is_told_as_it_comes() -> None:
    parser = Hermes().parser(EXPECTED)
    assert parser.receive_text("Hello") == [TextDelta("Hello")]
    assert parser.receive_text(" wor<") == [TextDelta(" wor")]
    assert parser.receive_text("tool") == []
    assert parser.receive_text("s>") == [TextDelta("<tools>")]


def test_thinking_is_told_as_it_comes() -> None:
    parser = Hermes().parser(Expectation(prompt_tail="<think>\n"))
    assert parser.receive_text("Let me") == [ThinkingDelta("Let me")]
    assert parser.receive_text(" see") == [ThinkingDelta(" see")]


def test_a_call_is_told_when_its_last_mark_has_come() -> None:
    parser = Hermes().parser(EXPECTED)
    assert parser.receive_text(f"<tool_call>{ONE_JSON}</tool_call") == []
    assert blocks_of(parser.receive_text(">")) == [ONE]


def test_ids_are_the_answer_s_and_end_with_the_model_s_own() -> None:
    parser = Mistral().parser(EXPECTED)
    said = parser.receive_text("[TOOL_CALLS]f[CALL_ID]a1b2c3d4e[ARGS]{}[TOOL_CALLS]g[ARGS]{}")
    said += parser.receive_text('[TOOL_CALLS][{"name": "h", "arguments": {}, "id": "x y"}]')
    assert [event for event in said if isinstance(event, ToolUseStarted)] == [
        ToolUseStarted("call_7_0_a1b2c3d4e", "f"),
        ToolUseStarted("call_7_1", "g"),
        ToolUseStarted("call_7_2", "h"),
    ]


@pytest.mark.parametrize("end", range(1, len(tagged(ONE_JSON))))
def test_a_call_that_is_cut_is_text(end: int) -> None:
    written = tagged(ONE_JSON)[:end]
    assert told(Hermes(), [written], TOOLS, whole=False) == [Spoken(written)]


def test_a_call_that_is_cut_within_a_string_with_a_closing_mark_is_text() -> None:
    written = '<tool_call>{"name": "python", "arguments": {"code": "a</tool_call>b'
    assert told(Hermes(), [written], TOOLS, whole=False) == [Spoken(written)]


def test_calls_before_the_one_that_is_cut_are_told() -> None:
    written = f"{tagged(ONE_JSON)}\n<tool_call>\n{ONE_JSON[:20]}"
    assert told(Hermes(), [written], TOOLS, whole=False) == [
        ONE,
        Spoken(f"<tool_call>\n{ONE_JSON[:20]}"),
    ]


@pytest.mark.parametrize(("form", "examples"), FAMILIES)
def test_what_looks_like_a_call_is_text_where_there_are_no_tools(
    form: ModelFormat, examples: list[Example]
) -> None:
    for example in examples:
        found = told(form, [example.written], (), example.tail)
        assert not [block for block in found if isinstance(block, Called)]


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("excess", [0, 1])
def test_a_section_that_is_too_long_is_text(
    monkeypatch: pytest.MonkeyPatch, size: int, excess: int
) -> None:
    written = tagged(ONE_JSON, "")
    held = len(written) - len("<tool_call></tool_call>")
    monkeypatch.setattr(reader, "SECTION_CHARACTERS_MAX", held - excess)
    pieces = [written[at : at + size] for at in range(0, len(written), size)]
    expected = [Spoken(f"{written} Done.")] if excess else [ONE, Spoken("Done.")]
    assert told(Hermes(), [*pieces, " Done."], TOOLS) == expected


@pytest.mark.parametrize("size", [1, 5, 100_000])
def test_unclosed_strings_are_read_twice_and_no_more(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Each of these calls swallows the others; reading each to the end would never be done."""
    monkeypatch.setattr(reader, "PIECE_CHARACTERS_MAX", 512)
    torn = '<tool_call>{"name": "f", "arguments": {"a</tool_call>"'
    text = torn * 2000 + tagged(ONE_JSON)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    found = told(Hermes(), pieces, TOOLS)
    assert found[:2] == [Called("f", unparsed('{"a')), Spoken('"')]
    assert found[-1] == ONE
    assert len(found) == 4001


@pytest.mark.parametrize("size", [1, 5, 100_000])
def test_a_large_argument_takes_linear_time(size: int) -> None:
    code = 'x = {"</tool_call>": [1]}\\n' * 4000
    text = tagged('{"name": "python", "arguments": {"code": "' + code.replace('"', '\\"') + '"}}')
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert told(Hermes(), pieces, TOOLS) == [Called("python", {"code": code.replace("\\n", "\n")})]


def test_a_large_argument_in_one_piece_is_longer_than_a_piece() -> None:
    code = "x" * 3 * reader.PIECE_CHARACTERS_MAX
    text = tagged(f'{{"name": "python", "arguments": {{"code": "{code}"}}}}')
    assert told(Hermes(), [HELLO + text], TOOLS) == [
        Spoken(HELLO),
        Called("python", {"code": code}),
    ]


SCRAPS = sorted(
    {
        *(example.written[:12] for _, examples in FAMILIES for example in examples),
        *("<tool_call>", "</tool_call>", "<think>", "</think>", "[TOOL_CALLS]", "[ARGS]"),
        *("<function=", "python>", "<parameter=", "code>", "</parameter>", "</function>"),
        *("<|tool_call|>", "<|python_tag|>", ">>>", "all\n", "functools", "<response>"),
        *("<|tool_call_start|>", "<|tool_call_end|>", "</response>", "[CALL_ID]", "[BEGIN FINAL"),
        *('{"name": "f", "arguments": {', "}}", '"', "'", "\\", "[", "]", "(", ")", "a=1", "f("),
        *(" ", "\n", ",", "x", "é", "\U0001f600", "null", '{"a": 1}', tagged(ONE_JSON)),
    }
)


@UNHURRIED
@given(
    st.sampled_from([form for form, _ in FAMILIES]),
    st.lists(st.sampled_from(SCRAPS) | st.text(max_size=3), max_size=24),
    st.sampled_from(["", "<think>\n", "[THINK]", ">>>"]),
    st.booleans(),
)
def test_any_text_means_the_same_in_pieces_and_at_once(
    form: ModelFormat, scraps: list[str], tail: str, whole: bool
) -> None:
    text = "".join(scraps)
    at_once = told(form, [text], TOOLS, tail, whole=whole)
    assert told(form, scraps, TOOLS, tail, whole=whole) == at_once
    assert told(form, list(text), TOOLS, tail, whole=whole) == at_once


def without_marks(text: str) -> str:
    return "".join(text.replace("<think>", "").replace("</think>", "").split())


@UNHURRIED
@given(st.lists(st.sampled_from(SCRAPS) | st.text(max_size=3), max_size=12), st.booleans())
def test_nothing_but_marks_and_the_space_beside_them_is_left_out(
    scraps: list[str], whole: bool
) -> None:
    found = told(Hermes(), scraps, TOOLS, whole=whole)
    spoken = "".join(block.text for block in found if not isinstance(block, Called))
    kept = iter(without_marks("".join(scraps)))
    assert all(character in kept for character in without_marks(spoken))
    if not any(isinstance(block, Called) for block in found):
        assert without_marks(spoken) == without_marks("".join(scraps))
