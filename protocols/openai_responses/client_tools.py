"""The tools of a client's request: as the neutral form knows them, and how calls go back.

A tool that the client runs is a function to any other model, whatever it is here: a custom tool
(Codex's apply_patch) takes one string, which becomes the one argument `input`; a tool in a
namespace gets the namespace in front of its name; a search for tools and a local shell have input
of their own. The table made of the same request leads each call back to the kind of item that the
client expects. A tool that OpenAI runs has no such way: web search becomes Anthropic's definition,
which the neutral form knows, and the others are named as unknown.

Tools may also come in the conversation, as the answer to a search for them: those are deferred, and
so are declared ones that say so. Where OpenAI itself would search, nobody does it here, and all
tools are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import attrs

from ..conversation.request import Tool
from ..json_values import list_of, object_of, objects_of, text_of
from ..request import ServedRequest

CUSTOM_INPUT: Final = "input"
"""The one argument of a function that stands for a custom tool."""
CUSTOM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {CUSTOM_INPUT: {"type": "string", "description": "The whole input, as it is."}},
    "required": [CUSTOM_INPUT],
    "additionalProperties": False,
}
SHELL_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "command": {"type": "array", "items": {"type": "string"}},
        "working_directory": {"type": "string"},
        "timeout_ms": {"type": "integer"},
    },
    "required": ["command"],
}
SHELL_DESCRIPTION: Final = "Runs a command on the user's machine and returns what it prints."
SEARCH_DESCRIPTION: Final = "Searches for tools that can be called afterwards."
SHELL: Final = "local_shell"
SEARCH: Final = "tool_search"
TOOLS_IN_ITEMS: Final = ("additional_tools", "tool_search_output")
WEB_SEARCHES: Final = ("web_search", "web_search_2025_08_26", "web_search_preview")
WEB_SEARCH_TYPE: Final = "web_search_20250305"

_Shape = tuple[str, str, dict[str, Any]]
"""A tool's name, description and the schema of its input."""


@attrs.frozen
class ClientTool:
    """A tool that the client runs: in neutral form, and what it is called and is to the client."""

    tool: Tool
    kind: str
    name: str
    namespace: str = ""


@attrs.frozen
class ToolList:
    """All tools of a request; `unknown` names the kinds that can be offered to no other model."""

    client: tuple[ClientTool, ...] = ()
    server: tuple[Tool, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools in neutral form, each name once."""
        by_name = {each.tool.name: each.tool for each in reversed(self.client)}
        kept = [each.tool for each in self.client if by_name[each.tool.name] is each.tool]
        return (*kept, *self.server)

    def by_name(self) -> dict[str, ClientTool]:
        """The client's tools by their neutral names; of two with one name, the first."""
        return {each.tool.name: each for each in reversed(self.client)}


def joined_name(namespace: str, name: str) -> str:
    """The neutral name of a tool in a namespace."""
    if not namespace:
        return name
    return namespace + name if namespace.endswith("__") else f"{namespace}__{name}"


def tool_list(request: ServedRequest) -> ToolList:
    """Every tool that a request declares. Raises BadRequest like `ServedRequest.value`."""
    definitions = objects_of(request.items("tools"))
    raw = request.json.raw("input")
    if any(kind.encode() in raw for kind in TOOLS_IN_ITEMS):
        definitions += _defined_in(objects_of(request.items("input")))
    return _read_tools(definitions, deferring=any(_is_client_search(each) for each in definitions))


def tools_in_item(item: dict[str, Any]) -> tuple[ClientTool, ...]:
    """The client's tools that an item of the conversation adds."""
    return _read_tools(objects_of(item.get("tools")), deferring=True).client


def _defined_in(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The definitions inside items; those that a search has found are deferred."""
    return [
        {**each, "defer_loading": True} if item["type"] == "tool_search_output" else each
        for item in items
        if item.get("type") in TOOLS_IN_ITEMS
        for each in objects_of(item.get("tools"))
    ]


def _is_client_search(definition: dict[str, Any]) -> bool:
    return definition.get("type") == SEARCH and definition.get("execution") == "client"


def _read_tools(definitions: Iterable[dict[str, Any]], *, deferring: bool) -> ToolList:
    client, server, unknown = list[ClientTool](), list[Tool](), dict[str, None]()
    for definition in definitions:
        kind = text_of(definition.get("type"))
        if kind == "namespace":
            client += _namespace(definition, deferring)
        elif kind == SEARCH and not _is_client_search(definition):
            continue
        elif kind in _CLIENT_KINDS:
            client.append(_client_tool(definition, "", deferring))
        elif kind in WEB_SEARCHES:
            server.append(_web_search(definition))
        else:
            unknown[f"tools.{kind}"] = None
    return ToolList(tuple(client), tuple(server), tuple(unknown))


def _namespace(definition: dict[str, Any], deferring: bool) -> list[ClientTool]:
    namespace = text_of(definition.get("name"))
    deferred = definition.get("defer_loading")
    return [
        _client_tool({"defer_loading": deferred, **tool}, namespace, deferring)
        for tool in objects_of(definition.get("tools"))
        if tool.get("type") in ("function", "custom")
    ]


def _client_tool(definition: dict[str, Any], namespace: str, deferring: bool) -> ClientTool:
    kind = text_of(definition.get("type"))
    name, description, schema = _CLIENT_KINDS[kind](definition)
    strict = definition.get("strict")
    tool = Tool(
        joined_name(namespace, name),
        description,
        schema,
        strict=strict if isinstance(strict, bool) else None,
        deferred=deferring and definition.get("defer_loading") is True,
    )
    return ClientTool(tool, kind, name, namespace)


def _function(definition: dict[str, Any]) -> _Shape:
    description = text_of(definition.get("description"))
    return text_of(definition.get("name")), description, object_of(definition.get("parameters"))


def _custom(definition: dict[str, Any]) -> _Shape:
    description = text_of(definition.get("description"))
    form = object_of(definition.get("format"))
    grammar, syntax = text_of(form.get("definition")), text_of(form.get("syntax"))
    if grammar:
        description += f"\n\nThe input must fit this grammar ({syntax}):\n{grammar}"
    return text_of(definition.get("name")), description, CUSTOM_SCHEMA


def _search(definition: dict[str, Any]) -> _Shape:
    description = text_of(definition.get("description")) or SEARCH_DESCRIPTION
    return SEARCH, description, object_of(definition.get("parameters"))


def _shell(_definition: dict[str, Any]) -> _Shape:
    return SHELL, SHELL_DESCRIPTION, SHELL_SCHEMA


_CLIENT_KINDS: dict[str, Callable[[dict[str, Any]], _Shape]] = {
    "function": _function,
    "custom": _custom,
    SEARCH: _search,
    SHELL: _shell,
}


def _web_search(definition: dict[str, Any]) -> Tool:
    """Web search as Anthropic defines it."""
    server: dict[str, Any] = {"type": WEB_SEARCH_TYPE, "name": "web_search"}
    domains = list_of(object_of(definition.get("filters")).get("allowed_domains"))
    if domains:
        server["allowed_domains"] = domains
    if place := object_of(definition.get("user_location")):
        server["user_location"] = {**place, "type": "approximate"}
    return Tool("web_search", server=server)
