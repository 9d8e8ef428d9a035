"""Every parser and reader with INPUTS inputs that nearly are what it expects.

The inputs are the same each time. One that fails is found again by the number in the message.
"""

from __future__ import annotations

from random import Random
from zlib import crc32

import pytest
from understudy.protocols.gguf.feed import Feed
from understudy.protocols.openai_chat import reader

from .targets import Fuzzed, targets

INPUTS = 20_000
ALL = targets()


def fuzz(target: Fuzzed, inputs: int) -> None:
    """Runs a target; says which input it was that it could not stand."""
    random = Random(crc32(target.name.encode()))
    for number in range(inputs):
        data = target.mutate(random.choice(target.corpus), random)
        try:
            target.run(data, number)
        except BaseException as error:
            error.add_note(f"{target.name}, input {number}: {data[:2_000]!r}")
            raise


@pytest.mark.parametrize("target", ALL, ids=lambda target: target.name)
def test_nothing_but_the_protocol_s_exceptions_comes_out(target: Fuzzed) -> None:
    fuzz(target, INPUTS)


@pytest.mark.parametrize("target", ALL, ids=lambda target: target.name)
def test_the_corpus_itself_is_understood(target: Fuzzed) -> None:
    for number in range(60):
        target.run(target.corpus[number % len(target.corpus)], number)


def test_a_reader_that_trusts_a_shape_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def trusting(value: object) -> object:
        return value

    monkeypatch.setattr(reader, "text_of", trusting)
    with pytest.raises((AttributeError, TypeError)) as found:
        fuzz(next(target for target in ALL if target.name == "answer openai-chat"), 2_000)
    assert "answer openai-chat, input" in found.value.__notes__[0]


def test_a_reader_that_believes_a_length_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def believing(*_: object) -> None:
        return None

    monkeypatch.setattr(Feed, "expect", believing)
    with pytest.raises((AssertionError, OverflowError)):
        fuzz(next(target for target in ALL if target.name == "gguf"), 2_000)
