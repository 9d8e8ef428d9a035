"""What is served where: each path, the method it takes, and the dialect that speaks there.

The dialect is known from the path alone, before anybody is let in: whoever is turned away is told
so in words that its own client understands. Gemini says the model and the manner in the path; all
others in the body.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final

import attrs

from ...protocols import embedding
from ...protocols.dialect import NO_TARGET, Target
from ...protocols.dialects import family
from ...protocols.turn import Operation


class Kind(Enum):
    """Who answers a path."""

    TURN = "turn"
    MODELS = "models"
    MODEL = "model"
    RUNNING = "running"
    VERSION = "version"
    STATUS = "status"
    USAGE = "usage"
    WHY = "why"
    CONVERSATION = "conversation"
    RECOMMEND = "recommend"
    LINK = "link"
    KEYS_CHANGED = "keys-changed"
    KEYS_UNLOCK = "keys-unlock"
    PAGE = "page"
    DOCS = "docs"
    OPENAPI = "openapi"
    MCP = "mcp"


@attrs.frozen
class Route:
    """One path. `target` is what the path itself says of the request."""

    method: str
    kind: Kind
    dialect: str = "anthropic"
    operation: Operation = Operation.MESSAGES
    target: Target = NO_TARGET


_COUNT, _EMBED = Operation.COUNT_TOKENS, Operation.EMBEDDINGS

ROUTES: Final[Mapping[str, Route]] = {
    "/": Route("GET", Kind.PAGE),
    "/docs": Route("GET", Kind.DOCS),
    "/openapi.json": Route("GET", Kind.OPENAPI),
    "/status.json": Route("GET", Kind.STATUS),
    "/usage.json": Route("GET", Kind.USAGE),
    "/why.json": Route("GET", Kind.WHY),
    "/conversation.json": Route("GET", Kind.CONVERSATION),
    "/recommend.json": Route("GET", Kind.RECOMMEND),
    "/link": Route("POST", Kind.LINK),
    "/keys/changed": Route("POST", Kind.KEYS_CHANGED),
    "/keys/unlock": Route("POST", Kind.KEYS_UNLOCK),
    "/mcp": Route("POST", Kind.MCP),
    "/v1/messages": Route("POST", Kind.TURN),
    "/v1/messages/count_tokens": Route("POST", Kind.TURN, operation=_COUNT),
    "/v1/models": Route("GET", Kind.MODELS),
    "/v1/chat/completions": Route("POST", Kind.TURN, "openai-chat"),
    "/v1/completions": Route("POST", Kind.TURN, "openai-completions"),
    "/v1/responses": Route("POST", Kind.TURN, "openai-responses"),
    "/v1/responses/input_tokens": Route("POST", Kind.TURN, "openai-responses", _COUNT),
    "/v1/embeddings": Route("POST", Kind.TURN, embedding.OPENAI, _EMBED),
    "/v1beta/models": Route("GET", Kind.MODELS, "gemini"),
    "/api/chat": Route("POST", Kind.TURN, "ollama"),
    "/api/generate": Route("POST", Kind.TURN, "ollama-generate"),
    "/api/embed": Route("POST", Kind.TURN, embedding.OLLAMA, _EMBED),
    "/api/embeddings": Route("POST", Kind.TURN, embedding.OLLAMA_ONE, _EMBED),
    "/api/tags": Route("GET", Kind.MODELS, "ollama"),
    "/api/show": Route("POST", Kind.MODEL, "ollama"),
    "/api/ps": Route("GET", Kind.RUNNING, "ollama"),
    "/api/version": Route("GET", Kind.VERSION, "ollama"),
}
"""Every path that says nothing but its name."""

_GEMINI_ACTIONS: Final[Mapping[str, Route]] = {
    "generateContent": Route("POST", Kind.TURN, "gemini"),
    "streamGenerateContent": Route("POST", Kind.TURN, "gemini", target=Target(streamed=True)),
    "countTokens": Route("POST", Kind.TURN, "gemini", _COUNT),
    "embedContent": Route("POST", Kind.TURN, embedding.GEMINI, _EMBED),
    "batchEmbedContents": Route("POST", Kind.TURN, embedding.GEMINI_BATCH, _EMBED),
}
_GEMINI: Final = re.compile(rf"/v1(?:beta|alpha)?/models/(.+):({'|'.join(_GEMINI_ACTIONS)})")
"""Anything else behind a colon is the tag of a model, as in `qwen3:8b`."""
_OPENAI_MODEL: Final = "/v1/models/"
_GEMINI_MODEL: Final = "/v1beta/models/"
_BEGINNINGS: Final[Mapping[str, str]] = {
    "/v1beta/": "gemini",
    "/v1alpha/": "gemini",
    "/api/": "ollama",
    "/v1/responses": "openai-responses",
    **dict.fromkeys(
        (
            "/v1/assistants",
            "/v1/audio",
            "/v1/chat",
            "/v1/completions",
            "/v1/conversations",
            "/v1/embeddings",
            "/v1/fine_tuning",
            "/v1/images",
            "/v1/moderations",
            "/v1/realtime",
            "/v1/threads",
            "/v1/vector_stores",
        ),
        "openai-chat",
    ),
}
"""Whose clients ask for what is not here; all others are answered in Anthropic's words."""

TEMPLATES: Final[Mapping[str, Route]] = {
    "/v1/models/{model}": Route("GET", Kind.MODEL, "openai-chat"),
    "/v1beta/models/{model}": Route("GET", Kind.MODEL, "gemini"),
    **{f"/v1beta/models/{{model}}:{name}": route for name, route in _GEMINI_ACTIONS.items()},
}
"""The paths that name a model, as the list of routes writes them."""


def find_route(path: str) -> Route | None:
    """The route of a path without a token in it, decoded; None if nothing is there."""
    path = path.rstrip("/") or "/"
    if path in ROUTES:
        return ROUTES[path]
    if found := _GEMINI.fullmatch(path):
        return _gemini_route(found[1], found[2])
    if path.startswith(_GEMINI_MODEL):
        return Route("GET", Kind.MODEL, "gemini", target=Target(path.removeprefix(_GEMINI_MODEL)))
    if path.startswith(_OPENAI_MODEL):
        target = Target(path.removeprefix(_OPENAI_MODEL))
        return Route("GET", Kind.MODEL, "openai-chat", target=target)
    return None


def _gemini_route(model: str, action: str) -> Route:
    route = _GEMINI_ACTIONS[action]
    return attrs.evolve(route, target=attrs.evolve(route.target, model=model))


def dialect_of(path: str) -> str:
    """The dialect in which whoever asks for this path is answered, even if nothing is there."""
    route = find_route(path)
    if route is not None:
        return family(route.dialect)
    found = (name for start, name in _BEGINNINGS.items() if path.startswith(start))
    return next(found, "anthropic")
