"""The parts of a model in several files, and what is said when they do not fit together."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.protocols.gguf.header import GgufHeader
from understudy.protocols.gguf.split import PARTS_MAX, SplitProblem, check_parts, part_names

from .writing import LLAMA, Placed, header_of

NAMES = ("m-00001-of-00002.gguf", "m-00002-of-00002.gguf")


def first(**more: Any) -> GgufHeader:
    split = {"split.count": 2, "split.no": 0, "split.tensors.count": 5}
    return header_of({**LLAMA, **split, **more})


def second(**more: Any) -> GgufHeader:
    return header_of({"split.count": 2, "split.no": 1, **more}, [Placed("rest", (64, 64))])


def test_a_model_in_one_file_is_that_file() -> None:
    assert part_names("anything", header_of(LLAMA)) == ("anything",)
    assert part_names("m.gguf", header_of({**LLAMA, "split.count": 1})) == ("m.gguf",)


def test_the_parts_of_a_model() -> None:
    assert part_names(NAMES[0], first()) == NAMES
    check_parts(NAMES, (first(), second()))
    check_parts(("m.gguf",), (header_of(LLAMA),))


@pytest.mark.parametrize(
    ("name", "header", "said"),
    [
        (NAMES[1], second(), r"not the first of 2 parts: name m-00001-of-00002\.gguf"),
        (NAMES[0], second(), "not the first of 2 parts"),
        ("model.gguf", first(), r"is not named NAME-00001-of-00002\.gguf"),
        ("m-00001-of-00003.gguf", first(), "is not named"),
        (NAMES[0], first(**{"split.count": PARTS_MAX + 1}), "one of 1025 parts"),
    ],
)
def test_a_part_that_is_named_wrongly(name: str, header: GgufHeader, said: str) -> None:
    with pytest.raises(SplitProblem, match=said):
        part_names(name, header)


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ((first(), header_of(LLAMA)), "m-00002-of-00002.gguf is of another split"),
        ((first(), second(**{"split.no": 2})), "of another split"),
        ((first(), second(**{"split.count": 3})), "of another split"),
        ((first(**{"split.tensors.count": 9}), second()), "have 5 tensors of 9"),
        (
            (first(), header_of({"split.count": 2, "split.no": 1})),
            "has the tensor 'token_embd.weight' once more",
        ),
    ],
)
def test_parts_that_do_not_fit_together(headers: tuple[GgufHeader, ...], said: str) -> None:
    with pytest.raises(SplitProblem, match=said):
        check_parts(NAMES, headers)
