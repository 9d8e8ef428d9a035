"""Embeddings, both ways: `embedContent` for one text, `batchEmbedContents` for several.

Source: the reference of `models.batchEmbedContents`. Only texts are embedded; a client's one
content with several texts is one text, as for the API.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import msgspec

from ..dialect import Outgoing, Target, UpstreamNonsense
from ..event_stream import decoded
from ..json_values import list_of, object_of, objects_of, text_of
from ..request import BadRequest, ServedRequest, parse_body
from .abilities import resource
from .members import member, members_of, number, whole

TEXTS_MAX = 2_048


@attrs.frozen
class EmbedRequest:
    """What is to be embedded; `batch` says in which shape the answer goes."""

    model: str
    texts: tuple[str, ...] = attrs.field(repr=False)
    dimensions: int | None = None
    batch: bool = False


def read_embed(body: bytes, target: Target, *, batch: bool) -> EmbedRequest:
    """Reads a request for embeddings. Raises BadRequest."""
    found = ServedRequest(parse_body(body), target.model, False, 0)
    single = {key: found.value(key) for key in found.json.members}
    requests = objects_of(single.get("requests")) if batch else [single]
    texts = tuple(_text(request.get("content")) for request in requests)
    if not texts or not all(texts) or len(texts) > TEXTS_MAX:
        where = "requests" if batch else "content"
        raise BadRequest(f"{where}: expected 1 to {TEXTS_MAX} contents, each with a text")
    dimensions = whole(member(requests[0], "outputDimensionality"))
    return EmbedRequest(target.model.removeprefix("models/"), texts, dimensions, batch)


def embed_body(request: EmbedRequest, vectors: Sequence[Sequence[float]]) -> bytes:
    """The answer to a request for embeddings."""
    values = [{"values": list(vector)} for vector in vectors]
    shape: dict[str, Any] = {"embeddings": values} if request.batch else {"embedding": values[0]}
    return msgspec.json.encode(shape)


def embed_outgoing(texts: Sequence[str], model: str, dimensions: int | None = None) -> Outgoing:
    """Asks an endpoint for the embeddings of these texts."""
    wish = {} if dimensions is None else {"outputDimensionality": dimensions}
    name = resource(model)
    requests = [{"model": name, "content": {"parts": [{"text": text}]}, **wish} for text in texts]
    body = msgspec.json.encode({"requests": requests})
    headers = ((b"content-type", b"application/json"),)
    return Outgoing(f"/v1beta/{name}:batchEmbedContents", body, headers)


def read_vectors(body: bytes, count: int) -> list[list[float]]:
    """The vectors in the answer, as many as there were texts. Raises UpstreamNonsense."""
    vectors: list[list[float]] = []
    for embedding in objects_of(decoded(body).get("embeddings")):
        values = [number(value) for value in list_of(embedding.get("values"))]
        vectors.append([float(value) for value in values if value is not None])
    if len(vectors) != count or not all(vectors):
        raise UpstreamNonsense(f"expected {count} embeddings")
    return vectors


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(
        text
        for part in members_of(object_of(content).get("parts"))
        if (text := text_of(part.get("text")))
    )
