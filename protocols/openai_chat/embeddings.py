"""`/v1/embeddings`: what a client asks, what an endpoint is asked, and the answers of both.

Source: the API reference, "Create embeddings". OpenAI's own libraries ask for base64 unless told
otherwise: the vector as 32-bit floats, least significant byte first.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Sequence
from typing import Any

import attrs
import msgspec

from ..dialect import Outgoing, UpstreamNonsense
from ..json_decoding import NotJson, decode_json
from ..json_values import list_of, object_of, objects_of, text_of
from ..request import BadRequest, ServedRequest, checked_model, parse_body
from .options import whole
from .usage import read_usage

PATH = "/v1/embeddings"
NAME = "openai-embeddings"
INPUTS_MAX = 2_048
DIMENSIONS_MAX = 65_536
FLOAT_BYTES = 4
BASE64 = "base64"
_FORMATS = ("float", BASE64)

Input = str | tuple[int, ...]
"""A text, or the ids of its tokens."""


@attrs.frozen
class EmbeddingsRequest:
    """What is to be embedded, and how the vectors are to be written. `dimensions` 0: as it is."""

    request: ServedRequest = attrs.field(repr=False)
    inputs: tuple[Input, ...] = attrs.field(repr=False)
    dimensions: int = 0
    as_base64: bool = False

    @property
    def model(self) -> str:
        """The model as the client named it."""
        return self.request.model


@attrs.frozen
class Embeddings:
    """Vectors in the order of the inputs, and how many tokens these had."""

    vectors: tuple[tuple[float, ...], ...] = attrs.field(repr=False)
    prompt_tokens: int = 0


def parse_embeddings(body: bytes) -> EmbeddingsRequest:
    """Reads a request. Raises BadRequest, which says what is wrong with it."""
    found = parse_body(body)
    request = ServedRequest(found, checked_model(found), False, 0, NAME, ("input",))
    inputs = _inputs(request.value("input"))
    written = request.value("encoding_format") or "float"
    if written not in _FORMATS:
        raise BadRequest(f"encoding_format: expected one of {', '.join(_FORMATS)}")
    dimensions = whole(request.value("dimensions")) or 0
    if not 0 <= dimensions <= DIMENSIONS_MAX:
        raise BadRequest(f"dimensions: expected 1 to {DIMENSIONS_MAX}")
    return EmbeddingsRequest(request, inputs, dimensions, written == BASE64)


def _inputs(given: Any) -> tuple[Input, ...]:
    items = list_of(given)
    if isinstance(given, str) or (items and all(type(item) is int for item in items)):
        items = [given]
    if not 0 < len(items) <= INPUTS_MAX:
        raise BadRequest(f"input: expected 1 to {INPUTS_MAX} texts")
    return tuple(_input(item) for item in items)


def _input(item: Any) -> Input:
    tokens = list_of(item)
    if isinstance(item, str) and item:
        return item
    if tokens and all(type(token) is int for token in tokens):
        return tuple(tokens)
    raise BadRequest("input: expected texts that are not empty, or lists of token ids")


def embeddings_body(model: str, found: Embeddings, *, as_base64: bool) -> bytes:
    """The body of an answer."""
    data = [
        {"object": "embedding", "index": index, "embedding": _written(vector, as_base64)}
        for index, vector in enumerate(found.vectors)
    ]
    usage = {"prompt_tokens": found.prompt_tokens, "total_tokens": found.prompt_tokens}
    return msgspec.json.encode({"object": "list", "data": data, "model": model, "usage": usage})


def _written(vector: Sequence[float], as_base64: bool) -> Any:
    if not as_base64:
        return vector
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def embeddings_outgoing(inputs: Sequence[Input], model: str, dimensions: int = 0) -> Outgoing:
    """The request to an endpoint, for vectors as numbers: some servers know no other form."""
    body: dict[str, Any] = {"model": model, "input": list(inputs), "encoding_format": "float"}
    if dimensions:
        body["dimensions"] = dimensions
    return Outgoing(PATH, msgspec.json.encode(body))


def read_embeddings(body: bytes) -> Embeddings:
    """The vectors in an endpoint's answer. Raises UpstreamNonsense."""
    try:
        answer = object_of(decode_json(body))
    except NotJson:
        raise UpstreamNonsense("embeddings that are not JSON") from None
    data = objects_of(answer.get("data"))
    if not data:
        raise UpstreamNonsense("an answer without embeddings")
    ordered = sorted(data, key=lambda item: whole(item.get("index")) or 0)
    vectors = tuple(_vector(item.get("embedding")) for item in ordered)
    usage = read_usage(object_of(answer.get("usage")))
    return Embeddings(vectors, usage.input_tokens + usage.cache_read_tokens)


def _vector(given: Any) -> tuple[float, ...]:
    try:
        if isinstance(given, str):
            raw = base64.b64decode(text_of(given), validate=True)
            return struct.unpack(f"<{len(raw) // FLOAT_BYTES}f", raw)
        return tuple(float(number) for number in list_of(given))
    except (binascii.Error, struct.error, ValueError, TypeError, OverflowError):
        raise UpstreamNonsense("an embedding that is no vector") from None
