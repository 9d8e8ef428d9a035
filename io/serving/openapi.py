"""The description of all routes as OpenAPI 3.1, made of the routing table and a few words on each.

Nothing that is served is left out, and nothing else is told: paths, methods and dialects come from
the table which requests are routed by. Made once, when somebody asks for it.
Source: the OpenAPI Specification 3.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...protocols.dialects import family
from .openapi_schemas import SCHEMAS
from .openapi_words import HTML, MODEL, WORDS, Words
from .routes import ROUTES, TEMPLATES, Kind, Route

OPENAPI_VERSION: Final = "3.1.0"
JSON: Final = "application/json"
OWN_TAG: Final = "understudy"
HEALTH: Final = "/healthz"

_OWN_KINDS: Final = (
    Kind.PAGE,
    Kind.DOCS,
    Kind.OPENAPI,
    Kind.STATUS,
    Kind.LINK,
    Kind.KEYS_CHANGED,
    Kind.KEYS_UNLOCK,
    Kind.MCP,
)
_TAGS: Final[Mapping[str, tuple[str, str, str]]] = {
    "anthropic": ("Anthropic Messages", "AnthropicError", "anthropic"),
    "openai-chat": ("OpenAI Chat Completions, and what belongs to it", "OpenAIError", "bearer"),
    "openai-responses": ("OpenAI Responses", "OpenAIError", "bearer"),
    "gemini": ("Gemini", "GeminiError", "gemini"),
    "ollama": ("Ollama", "OllamaError", "bearer"),
    OWN_TAG: ("Understudy's own", "AnthropicError", "bearer"),
}
"""For each dialect: what it is, how its errors look, and how its clients show the token."""
_SECURITY: Final[dict[str, Any]] = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "anthropic": {"type": "apiKey", "in": "header", "name": "x-api-key"},
    "gemini": {"type": "apiKey", "in": "header", "name": "x-goog-api-key"},
}
_DESCRIPTION: Final = (
    "One local address in front of every model, in the dialects of all clients. Each route but "
    f"{HEALTH} takes the token that `understudy token` prints, in any of three headers or in front "
    "of the path, as in `/t/TOKEN/v1/messages`."
)


def describe_routes(version: str, address: str) -> dict[str, Any]:
    """The OpenAPI document of a server of this version at this address."""
    routes = {**ROUTES, **TEMPLATES}
    paths = {path: _path(path, routes[path], words) for path, words in _described(routes)}
    return {
        "openapi": OPENAPI_VERSION,
        "info": {"title": "Understudy", "version": version, "description": _DESCRIPTION},
        "servers": [{"url": address}],
        "tags": [{"name": tag, "description": text} for tag, (text, _, _) in _TAGS.items()],
        "paths": {**paths, HEALTH: {"get": _health()}},
        "components": {"schemas": SCHEMAS, "securitySchemes": _SECURITY},
    }


def _described(routes: Mapping[str, Route]) -> list[tuple[str, Words]]:
    """The routes in the order of their words; each has some, as a test asserts."""
    return [(path, words) for path, words in WORDS.items() if path in routes]


def _path(path: str, route: Route, words: Words) -> dict[str, Any]:
    tag = OWN_TAG if route.kind in _OWN_KINDS else family(route.dialect)
    item: dict[str, Any] = {route.method.lower(): _operation(path, route, words, tag)}
    if "{model}" in path:
        item["parameters"] = [
            {
                "name": "model",
                "in": "path",
                "required": True,
                "schema": {"type": "string"},
                "example": MODEL,
            }
        ]
    return item


def _operation(path: str, route: Route, words: Words, tag: str) -> dict[str, Any]:
    _, error, own_scheme = _TAGS[tag]
    schemes = [own_scheme, *(name for name in _SECURITY if name != own_scheme)]
    operation: dict[str, Any] = {
        "operationId": _operation_id(path, route),
        "summary": words.summary,
        "tags": [tag],
        "security": [{name: []} for name in schemes],
        "responses": {
            "200": {"description": "The answer.", "content": _answer(words)},
            "default": {"description": "What is wrong.", "content": _json(error)},
        },
    }
    if words.description:
        operation["description"] = words.description
    if words.request:
        content = {JSON: {**_json(words.request)[JSON], "example": words.example}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _answer(words: Words) -> dict[str, Any]:
    if not words.answer:
        return {HTML: {"schema": {"type": "string"}}}
    streamed = {words.streamed: {"schema": {"type": "string"}}} if words.streamed else {}
    return {**_json(words.answer), **streamed}


def _json(schema: str) -> dict[str, Any]:
    return {JSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _operation_id(path: str, route: Route) -> str:
    words = "".join(sign if sign.isalnum() else " " for sign in path).split()
    return "_".join([route.method.lower(), *(words or ["root"])])


def _health() -> dict[str, Any]:
    words = WORDS[HEALTH]
    return {
        "operationId": "get_healthz",
        "summary": words.summary,
        "tags": [OWN_TAG],
        "security": [],
        "responses": {"200": {"description": "The answer.", "content": _json(words.answer)}},
    }
