"""Embeddings: five ways to ask for vectors, and three to ask an endpoint for them.

Like a conversation, a wish has a neutral form between the dialects; it is so small that tables do.
Anthropic's API has no embeddings, and Responses' clients ask at Chat Completions' path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import attrs

from .dialect import Outgoing, Target, UpstreamNonsense
from .gemini import embeddings as gemini
from .ollama import embed as ollama
from .openai_chat import embeddings as openai
from .request import BadRequest, ServedRequest, parse_body

Input = openai.Input
"""A text, or the ids of its tokens, which OpenAI's endpoints alone can read."""

OPENAI, OLLAMA, OLLAMA_ONE = openai.NAME, "ollama-embed", "ollama-embeddings"
GEMINI, GEMINI_BATCH = "gemini-embed", "gemini-embed-batch"


@attrs.frozen
class EmbeddingWish:
    """What is to be embedded. `dimensions` 0 leaves the vectors as they are."""

    inputs: tuple[Input, ...] = attrs.field(repr=False)
    dimensions: int = 0

    @property
    def texts(self) -> tuple[str, ...]:
        """The inputs as texts. Raises BadRequest where there are token ids among them."""
        texts = tuple(text for text in self.inputs if isinstance(text, str))
        if len(texts) < len(self.inputs):
            raise BadRequest("input: this endpoint reads texts, not the ids of tokens")
        return texts


@attrs.frozen
class Vectors:
    """The vectors in the order of the inputs, and how many tokens these had (0: not said)."""

    vectors: tuple[tuple[float, ...], ...] = attrs.field(repr=False)
    tokens: int = 0


def parse_wish(form: str, body: bytes, target: Target) -> ServedRequest:
    """Reads as much of a request as routing needs. Raises BadRequest."""
    if form == OPENAI:
        return openai.parse_embeddings(body).request
    if form in (GEMINI, GEMINI_BATCH):
        model = gemini.read_embed(body, target, batch=form == GEMINI_BATCH).model
    else:
        model = ollama.parse_embed(body).model
    return ServedRequest(parse_body(body), model, False, 0, form, ("input",))


def wish_of(request: ServedRequest) -> EmbeddingWish:
    """What a request asks for. Raises BadRequest."""
    if request.dialect == OPENAI:
        asked = openai.parse_embeddings(request.body)
        return EmbeddingWish(asked.inputs, asked.dimensions)
    if request.dialect in (GEMINI, GEMINI_BATCH):
        batch = request.dialect == GEMINI_BATCH
        found = gemini.read_embed(request.body, Target(request.model), batch=batch)
        return EmbeddingWish(found.texts, found.dimensions or 0)
    wanted = ollama.parse_embed(request.body)
    return EmbeddingWish(wanted.texts, wanted.dimensions or 0)


def vectors_body(request: ServedRequest, found: Vectors) -> bytes:
    """The answer to a request."""
    if request.dialect == OPENAI:
        as_base64 = request.value("encoding_format") == openai.BASE64
        told = openai.Embeddings(found.vectors, found.tokens)
        return openai.embeddings_body(request.model, told, as_base64=as_base64)
    if request.dialect in (GEMINI, GEMINI_BATCH):
        batch = request.dialect == GEMINI_BATCH
        return gemini.embed_body(gemini.EmbedRequest(request.model, (), None, batch), found.vectors)
    answer = ollama.EmbedAnswer(found.vectors, found.tokens)
    if request.dialect == OLLAMA_ONE:
        return ollama.embeddings_body(answer)
    return ollama.embed_body(request.model, answer)


def _ask_openai(wish: EmbeddingWish, model: str) -> Outgoing:
    return openai.embeddings_outgoing(wish.inputs, model, wish.dimensions)


def _ask_gemini(wish: EmbeddingWish, model: str) -> Outgoing:
    return gemini.embed_outgoing(wish.texts, model, wish.dimensions or None)


def _ask_ollama(wish: EmbeddingWish, model: str) -> Outgoing:
    asked = ollama.EmbedRequest(model, wish.texts, wish.dimensions or None)
    return ollama.embed_request(asked, model)


ASK: Final[Mapping[str, Callable[[EmbeddingWish, str], Outgoing]]] = {
    "openai-chat": _ask_openai,
    "openai-responses": _ask_openai,
    "gemini": _ask_gemini,
    "ollama": _ask_ollama,
}
"""How an endpoint of a dialect is asked; it raises BadRequest."""


def read_vectors(dialect: str, body: bytes, count: int) -> Vectors:
    """The vectors in an endpoint's answer to `count` inputs. Raises UpstreamNonsense."""
    found = _read(dialect, body, count)
    if len(found.vectors) != count or not all(found.vectors):
        raise UpstreamNonsense(f"{len(found.vectors)} embeddings for {count} inputs, or empty ones")
    return found


def _read(dialect: str, body: bytes, count: int) -> Vectors:
    if dialect == "gemini":
        return Vectors(tuple(map(tuple, gemini.read_vectors(body, count))))
    if dialect == "ollama":
        answer = ollama.read_embed(body, count)
        return Vectors(tuple(map(tuple, answer.vectors)), answer.input_tokens)
    told = openai.read_embeddings(body)
    return Vectors(told.vectors, told.prompt_tokens)
