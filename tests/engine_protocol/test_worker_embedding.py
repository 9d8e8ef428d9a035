"""Vectors of a worker: raw floats in, numbers out."""

from __future__ import annotations

import struct
from math import sqrt

import pytest
from understudy.protocols.dialect import UpstreamNonsense
from understudy.protocols.embedding import EmbeddingWish
from understudy.protocols.engine.embedding import embed_request, read_embedded
from understudy.protocols.engine.frames import frame
from understudy.protocols.engine.messages import (
    Counted,
    Embed,
    Embedded,
    FromWorker,
    decode_to_worker,
    encode,
)
from understudy.protocols.request import BadRequest

WISH = EmbeddingWish(("one", "two"))
VECTORS = struct.pack("<6f", 1, 0, 0, 0.6, 0.64, 0.48)


def body(message: FromWorker) -> bytes:
    return frame(encode(message))


def test_texts_are_asked_as_they_are() -> None:
    assert decode_to_worker(embed_request(WISH).body) == Embed(0, ["one", "two"])


def test_the_ids_of_tokens_cannot_be_asked() -> None:
    with pytest.raises(BadRequest):
        embed_request(EmbeddingWish(((1, 2),)))


def test_vectors_come_in_the_order_of_the_texts() -> None:
    found = read_embedded(body(Embedded(1, VECTORS, 2, 7)), WISH)
    assert found.tokens == 7
    assert found.vectors[0] == (1.0, 0.0, 0.0)
    assert found.vectors[1] == pytest.approx((0.6, 0.64, 0.48))


def test_fewer_dimensions_are_of_length_one_again() -> None:
    found = read_embedded(body(Embedded(1, VECTORS, 2, 7)), EmbeddingWish(WISH.inputs, 2))
    length = sqrt(0.6**2 + 0.64**2)
    assert found.vectors[0] == pytest.approx((1.0, 0.0))
    assert found.vectors[1] == pytest.approx((0.6 / length, 0.64 / length))


def test_more_dimensions_than_there_are_change_nothing() -> None:
    found = read_embedded(body(Embedded(1, VECTORS, 2, 7)), EmbeddingWish(WISH.inputs, 99))
    assert [len(vector) for vector in found.vectors] == [3, 3]


@pytest.mark.parametrize(
    "message",
    [
        Embedded(1, VECTORS, 3, 7),
        Embedded(1, VECTORS[:-4], 2, 7),
        Embedded(1, b"", 2, 7),
        Counted(1, 2),
    ],
)
def test_what_are_no_vectors_of_these_texts(message: FromWorker) -> None:
    with pytest.raises(UpstreamNonsense):
        read_embedded(body(message), WISH)
