"""The SDK's server, more exact with a tool's arguments, and plainer in what it tells a model.

An argument that a tool does not have is refused: were it passed over, a model that has misspelt
`scope` would switch more than it was asked to. What was wrong is told in a sentence for each
argument, as the model has to read it: without the SDK's own prefix, and without links.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import ValidationError

Made = Callable[..., Awaitable[Any]]
UNKNOWN = "{names}: there is no such argument; {tool} takes {known}. Nothing was done"
WITHOUT = "no arguments"
NAMES_MAX = 8
NAME_CHARACTERS_MAX = 64


class ToolServer(MCPServer[Any]):
    """A server of tools that `exact_tool` has made."""

    def __init__(self, tools: Sequence[Tool], **options: Any) -> None:
        super().__init__(tools=[*tools], **options)
        self._known = {tool.name: tuple(tool.parameters["properties"]) for tool in tools}

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Calls a tool. Raises ToolError, whose words are for the model."""
        if unknown := self._unknown(name, arguments):
            takes = ", ".join(self._known[name]) or WITHOUT
            raise ToolError(UNKNOWN.format(names=", ".join(unknown), tool=name, known=takes))
        try:
            return await super().call_tool(name, arguments, context)
        except UnexpectedToolError:
            raise
        except ToolError as error:
            raise ToolError(_words(error)) from None

    def _unknown(self, name: str, arguments: Iterable[str]) -> list[str]:
        """The arguments that a tool does not have, as far as they are to be told."""
        known = self._known.get(name, arguments)
        return [each[:NAME_CHARACTERS_MAX] for each in arguments if each not in known][:NAMES_MAX]


def exact_tool(tool: Made, title: str, annotations: ToolAnnotations) -> Tool:
    """A tool as a model reads it: its docstring in one line, and arguments with nothing beside."""
    description = " ".join((inspect.getdoc(tool) or "").split())
    made = Tool.from_function(tool, title=title, description=description, annotations=annotations)
    properties = made.parameters["properties"]
    exact = {name: _untitled(schema) for name, schema in properties.items()}
    parameters = {**_untitled(made.parameters), "properties": exact, "additionalProperties": False}
    return made.model_copy(update={"parameters": parameters})


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without its title, which only says its name again."""
    return {key: value for key, value in schema.items() if key != "title"}


def _words(error: ToolError) -> str:
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        return "; ".join(map(_complaint, cause.errors(include_url=False))) + ". Nothing was done"
    return str(error if cause is None else cause)


def _complaint(error: Any) -> str:
    name = ".".join(map(str, error["loc"])) or "the arguments"
    said: str = error["msg"]
    return f"{name}: {said[:1].lower()}{said[1:]}"
