"""Stop sequences under every split of the text, against the plain search of the whole."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.engine.stop_text import StopText


def told(sequences: tuple[str, ...], pieces: list[str]) -> tuple[str, str]:
    """What is told of an answer in these pieces, and the sequence that has stopped it."""
    stop = StopText(sequences)
    text = ""
    for piece in pieces:
        released = stop.receive_text(piece)
        text += released.text
        if released.stop:
            return text, released.stop
    return text + stop.receive_end(), ""


def expected(sequences: tuple[str, ...], text: str) -> tuple[str, str]:
    """The earliest end of a sequence stops; of several that end there, the longest."""
    found = [
        (text.index(sequence) + len(sequence), -len(sequence), sequence)
        for sequence in sequences
        if sequence and sequence in text
    ]
    if not found:
        return text, ""
    end, _, sequence = min(found)
    return text[: end - len(sequence)], sequence


def splits(text: str) -> list[list[str]]:
    """The text whole, in single characters, and cut at every one and two places."""
    found = [[text], list(text)]
    for places in (*combinations(range(1, len(text)), 1), *combinations(range(1, len(text)), 2)):
        borders = (0, *places, len(text))
        found.append([text[a:b] for a, b in pairwise(borders)])
    return found


@pytest.mark.parametrize(
    ("sequences", "text"),
    [
        (("END",), "This is the END of it"),
        (("END",), "This is the EN of it"),
        (("END",), "This is the EN"),
        (("aab",), "aaaab and more"),
        (("abab", "ba"), "xababab"),
        (("\n\nHuman:", "\n\n"), "words\n\nHuman: more"),
        (("é🙂",), "caf é🙂 end"),
        ((), "nothing stops this"),
        (("", "x"), "an empty one is ignored"),
        (("long", "longer", "onger"), "no longer"),
    ],
)
def test_every_split_tells_the_same(sequences: tuple[str, ...], text: str) -> None:
    for pieces in splits(text):
        assert told(sequences, pieces) == expected(sequences, text), pieces


@given(
    st.lists(st.text("ab", max_size=4), max_size=4).map(tuple),
    st.lists(st.text("ab", max_size=5), max_size=8),
)
def test_any_pieces_tell_the_same(sequences: tuple[str, ...], pieces: list[str]) -> None:
    assert told(sequences, pieces) == expected(sequences, "".join(pieces))


@given(
    st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=3).map(tuple),
    st.text("ab", max_size=20),
)
def test_no_more_is_held_back_than_may_begin_a_sequence(
    sequences: tuple[str, ...], text: str
) -> None:
    stop = StopText(sequences)
    given_text = ""
    for character in text:
        released = stop.receive_text(character)
        if released.stop:
            return
        given_text += released.text
    held = text[len(given_text) :]
    assert not held or any(sequence.startswith(held) for sequence in sequences)
    longer = text[len(given_text) - 1 :] if given_text else ""
    assert not longer or not any(
        sequence.startswith(longer) and len(sequence) > len(longer) for sequence in sequences
    )


def test_a_long_repetition_is_told_but_for_what_may_begin_a_sequence() -> None:
    stop = StopText(("a" * 500 + "b",))
    assert sum(len(stop.receive_text("a" * 100).text) for _ in range(200)) == 20_000 - 500
    assert stop.receive_text("b").stop == "a" * 500 + "b"
