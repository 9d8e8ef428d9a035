"""Any text at all, made of each family's marks: no exception, and the same for every split."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from .blocks import Called, told
from .families import FAMILIES, Family
from .tool_shapes import TOOLS

COMMON = (
    "<think>",
    "</think>",
    "look",
    " ",
    "\n",
    "{",
    "}",
    "[",
    "]",
    '"',
    "\\",
    ":",
    ",",
    "é",
    "<",
    "1",
)


@st.composite
def answers(draw: st.DrawFn) -> tuple[Family, list[str], list[int]]:
    """A family, pieces of text, and where else to cut them."""
    family = draw(st.sampled_from(FAMILIES))
    alphabet = st.one_of(
        st.sampled_from(family.pieces), st.sampled_from(COMMON), st.text(max_size=3)
    )
    pieces = draw(st.lists(alphabet, max_size=30))
    return family, pieces, draw(st.lists(st.integers(0, 200), max_size=6))


@given(answers(), st.booleans(), st.booleans())
@settings(deadline=None)
def test_anything_is_told_the_same_for_every_split(
    answer: tuple[Family, list[str], list[int]], whole: bool, has_tools: bool
) -> None:
    family, pieces, places = answer
    text = "".join(pieces)
    tools = TOOLS if has_tools else ()
    cuts = [0, *sorted(min(place, len(text)) for place in places), len(text)]
    ways = (
        [text],
        list(text),
        pieces,
        [text[a:b] for a, b in pairwise(cuts)],
    )
    found = [told(family.form, way, tools, whole=whole) for way in ways]
    assert all(blocks == found[0] for blocks in found)
    assert has_tools or not any(isinstance(block, Called) for block in found[0])
