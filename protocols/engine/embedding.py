"""Embeddings of a worker: texts in, and vectors of length one out, as raw 32-bit floats.

A wish for fewer dimensions is granted as Ollama grants it: the first ones, at length one again.
Only models that were trained for it keep their meaning so, and only their users ask.
"""

from __future__ import annotations

from array import array
from math import hypot
from typing import Final

from ..dialect import Outgoing, UpstreamNonsense
from ..embedding import EmbeddingWish, Vectors
from .dialect import only_message
from .envelope import UNNUMBERED
from .messages import Embed, Embedded, encode

EMBED_PATH: Final = "/embed"


def embed_request(wish: EmbeddingWish) -> Outgoing:
    """Writes an `Embed`. Raises BadRequest."""
    return Outgoing(EMBED_PATH, encode(Embed(UNNUMBERED, list(wish.texts))))


def read_embedded(body: bytes, wish: EmbeddingWish) -> Vectors:
    """The vectors in its answer. Raises UpstreamNonsense."""
    message = only_message(body)
    count = len(wish.inputs)
    if not isinstance(message, Embedded) or message.count != count:
        raise UpstreamNonsense(f"not the vectors of {count} texts")
    numbers = array("f")
    width, rest = divmod(len(message.vectors), count * numbers.itemsize)
    if rest or not width:
        raise UpstreamNonsense(f"{len(message.vectors)} bytes are no vectors of {count} texts")
    numbers.frombytes(message.vectors)
    kept = min(wish.dimensions or width, width)
    found = (numbers[start : start + kept] for start in range(0, len(numbers), width))
    vectors = tuple(_of_length_one(vector) if kept < width else tuple(vector) for vector in found)
    return Vectors(vectors, message.tokens)


def _of_length_one(vector: array[float]) -> tuple[float, ...]:
    length = hypot(*vector) or 1.0
    return tuple(number / length for number in vector)
