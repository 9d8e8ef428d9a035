"""The questions that the rows ask."""

from __future__ import annotations

import base64

import attrs

from .question import (
    Call,
    Document,
    Image,
    Json,
    ModelTurn,
    Question,
    Result,
    ResultTurn,
    Tool,
    UserTurn,
)

_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5E"
    "rkJggg=="
)
BOTH_FORMS = b"\xfb\xef\xbe\xff\xff\xff"
"""Bytes whose base64 is written in two ways, with + and / or with - and _."""
PNG = _PNG + BOTH_FORMS
PDF = BOTH_FORMS.join((b"%PDF-1.4\n%", b"\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n%%EOF\n"))

SCHEMA: Json = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "description": "A city's name"},
        "days": {"type": "integer"},
    },
    "required": ["city"],
}
NO_INPUT: Json = {"type": "object", "properties": {}}


def asked(*parts: str | Image | Document) -> tuple[UserTurn]:
    """A conversation that has just begun."""
    return (UserTurn(parts),)


def tool(name: str, schema: Json = SCHEMA) -> Tool:
    """A tool with a description."""
    return Tool(name, f"Does what {name} says.", schema)


PLAIN = Question(asked("What is the capital of France?"))
BRIEF = attrs.evolve(PLAIN, max_tokens=16)
TOOLS = attrs.evolve(PLAIN, tools=(tool("get_weather"), tool("get_time", NO_INPUT)))
PARALLEL = attrs.evolve(PLAIN, tools=tuple(tool(f"mcp__maps__lookup-{n}") for n in range(5)))
LONG_NAME = attrs.evolve(PLAIN, tools=(tool("mcp__" + "very_long_name_" * 6), tool("short")))
THOUGHTFUL = attrs.evolve(PLAIN, thinking=True)
STOPPING = attrs.evolve(PLAIN, stop_sequences=("is.", "END"))
WITH_IMAGE = Question(asked("What is in this image?", Image(PNG)))
LARGE_IMAGE = Question(asked(Image(PNG + bytes(range(256)) * 3_000), "What is in this image?"))
WITH_PDF = Question(asked("What does this say?", Document(PDF)))
ANSWERED = Question(
    (
        UserTurn(("Which city is it, and how is the weather there?",)),
        ModelTurn(
            "Let me look.",
            (
                Call("take_photo", {"city": "Paris", "days": 1}),
                Call("get_weather", {"city": "Paris", "days": 2}),
                Call("get_time", {}),
            ),
        ),
        ResultTurn(
            (
                Result("a photo", Image(PNG)),
                Result("Error: no such city", is_error=True),
                Result("12:00"),
            ),
            order=(2, 0, 1),
        ),
    ),
    tools=(tool("take_photo"), tool("get_weather"), tool("get_time", NO_INPUT)),
)
