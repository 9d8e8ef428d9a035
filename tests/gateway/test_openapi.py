"""The list of routes, for programs and for people: whole, and true to the routing table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from understudy.io.serving.openapi import HEALTH, describe_routes
from understudy.io.serving.openapi_schemas import SCHEMAS
from understudy.io.serving.openapi_words import MODEL, WORDS
from understudy.io.serving.routes import ROUTES, TEMPLATES, Kind, find_route

from .client import BEARER
from .conftest import Stage
from .upstream import plain, sending

DOCUMENT = describe_routes("1.2.3", "http://127.0.0.1:7337")
OPERATIONS = [
    (path, method, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method != "parameters"
]
ERRORS = [
    (path.replace("{model}", "m"), reference.removeprefix("#/components/schemas/"))
    for path, _, operation in OPERATIONS
    if "requestBody" in operation and path != "/mcp"  # which has errors of its own protocol
    for reference in [
        operation["responses"]["default"]["content"]["application/json"]["schema"]["$ref"]
    ]
]
ANSWER = json.dumps(
    {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-x",
        "content": [{"type": "text", "text": "Hello"}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 3, "output_tokens": 4},
    }
).encode()
REFERENCE = "#/components/schemas/"
TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}


def references(value: Any) -> Iterator[str]:
    """Every reference in a part of the document."""
    if isinstance(value, dict):
        for key, member in cast("dict[str, Any]", value).items():
            yield from [member] if key == "$ref" else references(member)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from references(item)


def complaints(schema: dict[str, Any], value: Any, place: str) -> list[str]:
    """Where a value is not as a schema says, as far as our own schemas go."""
    if "anyOf" in schema:
        each = [complaints(choice, value, place) for choice in schema["anyOf"]]
        return [] if [] in each else [f"{place}: none of the choices"]
    if not isinstance(value, TYPES[schema["type"]]):
        return [f"{place}: not of type {schema['type']}"]
    found = [f"{place}: lacks {key}" for key in schema.get("required", []) if key not in value]
    for key, member in schema.get("properties", {}).items():
        found += complaints(member, value[key], f"{place}.{key}") if key in value else []
    items: list[Any] = value if "items" in schema else []
    for item in items:
        found += complaints(schema["items"], item, f"{place}[]")
    return found


def test_every_route_is_in_it_and_nothing_else() -> None:
    table = {(path, route.method.lower()) for path, route in {**ROUTES, **TEMPLATES}.items()}
    assert {(path, method) for path, method, _ in OPERATIONS} == table | {(HEALTH, "get")}
    assert set(WORDS) == {path for path, _ in table} | {HEALTH}


@pytest.mark.parametrize("path", TEMPLATES)
def test_a_path_with_a_model_in_it_is_routed_as_it_says(path: str) -> None:
    found, told = find_route(path.replace("{model}", "work/claude-x")), TEMPLATES[path]
    assert found is not None
    assert found.target.model == "work/claude-x"
    same = ("method", "kind", "dialect", "operation")
    assert [getattr(found, name) for name in same] == [getattr(told, name) for name in same]


def test_it_is_built_as_the_specification_says() -> None:
    assert re.fullmatch(r"3\.1\.\d", DOCUMENT["openapi"])
    assert {"title", "version"} <= set(DOCUMENT["info"])
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(ids) == len(set(ids))
    assert {tag["name"] for tag in DOCUMENT["tags"]} == {
        tag for _, _, operation in OPERATIONS for tag in operation["tags"]
    }
    schemes = set(DOCUMENT["components"]["securitySchemes"])
    for path, item in DOCUMENT["paths"].items():
        named = [parameter["name"] for parameter in item.get("parameters", [])]
        assert named == re.findall(r"\{(\w+)\}", path)
    for _, method, operation in OPERATIONS:
        assert operation["summary"].endswith(".")
        assert {name for choice in operation["security"] for name in choice} <= schemes
        assert all("description" in answer for answer in operation["responses"].values())
        assert method == "post" or "requestBody" not in operation


def test_every_schema_is_used_and_every_one_used_is_there() -> None:
    assert {each.removeprefix(REFERENCE) for each in references(DOCUMENT)} == set(SCHEMAS)
    for schema in SCHEMAS.values():
        assert set(schema.get("required", [])) <= set(schema.get("properties", {}))


@pytest.mark.parametrize("path", [path for path, words in WORDS.items() if words.request])
def test_an_example_is_as_its_schema_says(path: str) -> None:
    schema, example = SCHEMAS[WORDS[path].request], dict(WORDS[path].example or {})
    assert complaints(schema, example, path) == []
    assert set(example) <= set(schema["properties"]), "an example shows what the schema tells of"


def test_a_wrong_example_would_be_seen() -> None:
    schema = SCHEMAS["MessagesRequest"]
    assert complaints(schema, {"model": 1}, "x") == [
        "x: lacks messages",
        "x.model: not of type string",
    ]
    wrong = {"model": "m", "messages": [{"role": "user", "content": 1}]}
    assert complaints(schema, wrong, "x") == ["x.messages[].content: none of the choices"]


def test_every_request_that_takes_a_body_shows_one() -> None:
    for path, route in {**ROUTES, **TEMPLATES}.items():
        assert (route.method == "POST" and route.kind is not Kind.LINK) == bool(WORDS[path].request)


async def test_programs_get_it_with_the_token_alone(stage: Stage) -> None:
    answer = await stage.ask("GET", "/openapi.json")
    address = f"http://127.0.0.1:{stage.port}"
    assert (answer.status, answer.json()) == (200, describe_routes("1.2.3", address))
    for target in ("/openapi.json", "/docs"):
        assert (await stage.ask("GET", target, ())).status == 403


async def test_what_is_served_without_a_turn_is_as_told(stage: Stage) -> None:
    for path, method, operation in OPERATIONS:
        content = operation["responses"]["200"]["content"]
        kind = {**ROUTES, **TEMPLATES}[path].kind if path != HEALTH else Kind.STATUS
        if kind not in (Kind.TURN, Kind.PAGE, Kind.DOCS, Kind.KEYS_UNLOCK, Kind.MCP):
            body = json.dumps(WORDS[path].example or {}).encode() if method == "post" else b""
            target = path.replace("{model}", MODEL)
            found = await stage.ask(method.upper(), target, BEARER, body)
            (reference,) = references(content)
            assert found.status == 200, path
            told = SCHEMAS[reference.removeprefix(REFERENCE)]
            assert complaints(told, json.loads(found.body), path) == []


@pytest.mark.parametrize(
    "path", ["/v1/messages", "/v1/chat/completions", "/v1/responses", "/api/chat"]
)
async def test_an_answer_is_as_told(stage: Stage, path: str) -> None:
    stage.upstream.answer = sending(plain(ANSWER))
    asked = {**(WORDS[path].example or {}), "model": "work/claude-x", "stream": False}
    answer = await stage.ask("POST", path, BEARER, json.dumps(asked).encode())
    assert answer.status == 200, answer.body
    assert complaints(SCHEMAS[WORDS[path].answer], json.loads(answer.body), path) == []


@pytest.mark.parametrize(("path", "schema"), ERRORS)
async def test_an_error_is_as_told(stage: Stage, path: str, schema: str) -> None:
    answer = await stage.ask("POST", path, BEARER, b"{")
    assert answer.status == 400
    assert complaints(SCHEMAS[schema], json.loads(answer.body), path) == []


async def test_people_get_a_page_that_loads_nothing_from_elsewhere(stage: Stage) -> None:
    answer = await stage.ask("GET", "/docs", BEARER)
    assert answer.status == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert b"<title>Understudy: routes</title>" in answer.body
    assert re.findall(rb"https?:|//[a-z]|innerHTML|src=", answer.body) == []
