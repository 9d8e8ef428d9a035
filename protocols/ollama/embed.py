"""Embeddings: `/api/embed`, and the older `/api/embeddings` for one text, both ways.

Source: docs/api.md and api/types.go of Ollama. Durations are 0: there is no clock here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import attrs
import msgspec

from ..dialect import Outgoing, UpstreamNonsense
from ..event_stream import decoded
from ..request import BadRequest, checked_model, optional_member, parse_body

EMBED_PATH: Final = "/api/embed"
_KNOWN: Final = frozenset({"model", "input", "prompt", "dimensions", "truncate"})


@attrs.frozen
class EmbedRequest:
    """What is to be embedded. `truncate` cuts a text that is too long, and else it is refused."""

    model: str
    texts: tuple[str, ...] = attrs.field(repr=False)
    dimensions: int | None = None
    truncate: bool = True
    unknown: tuple[str, ...] = ()


@attrs.frozen
class EmbedAnswer:
    """One vector for each text, and how many tokens the texts had."""

    vectors: tuple[Sequence[float], ...] = attrs.field(repr=False)
    input_tokens: int = 0


def parse_embed(body: bytes) -> EmbedRequest:
    """Reads a request of either route. Raises BadRequest."""
    found = parse_body(body)
    model = checked_model(found)
    raw = found.raw("input") or found.raw("prompt") or b"[]"
    try:
        given = msgspec.json.decode(raw, type=str | list[str])
    except msgspec.MsgspecError:
        raise BadRequest("input: expected a text or a list of texts") from None
    truncate = found.raw("truncate") in (b"", b"null") or optional_member(
        found, "truncate", bool, "true or false"
    )
    dimensions: int = optional_member(found, "dimensions", int, "a whole number")
    return EmbedRequest(
        model,
        (given,) if isinstance(given, str) else tuple(given),
        dimensions or None,
        truncate,
        tuple(key for key in found.members if key not in _KNOWN),
    )


def embed_body(model: str, answer: EmbedAnswer) -> bytes:
    """The answer to `/api/embed`."""
    return msgspec.json.encode(
        {
            "model": model,
            "embeddings": answer.vectors,
            "total_duration": 0,
            "load_duration": 0,
            "prompt_eval_count": answer.input_tokens,
        }
    )


def embeddings_body(answer: EmbedAnswer) -> bytes:
    """The answer to `/api/embeddings`: the first vector alone."""
    return msgspec.json.encode({"embedding": answer.vectors[0] if answer.vectors else ()})


def embed_request(request: EmbedRequest, model: str) -> Outgoing:
    """The request to an Ollama."""
    body: dict[str, Any] = {"model": model, "input": request.texts, "truncate": request.truncate}
    if request.dimensions is not None:
        body["dimensions"] = request.dimensions
    return Outgoing(EMBED_PATH, msgspec.json.encode(body))


def read_embed(body: bytes, texts: int) -> EmbedAnswer:
    """An Ollama's answer for so many texts. Raises UpstreamNonsense."""
    found = decoded(body)
    try:
        vectors = msgspec.convert(found.get("embeddings"), list[list[float]])
    except msgspec.ValidationError as error:
        raise UpstreamNonsense(f"ollama: embeddings that make no sense: {error}") from None
    if len(vectors) != texts:
        raise UpstreamNonsense(f"ollama: {len(vectors)} embeddings for {texts} texts")
    tokens = found.get("prompt_eval_count")
    return EmbedAnswer(tuple(vectors), tokens if isinstance(tokens, int) and tokens > 0 else 0)
