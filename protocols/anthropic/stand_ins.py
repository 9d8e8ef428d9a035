"""Server tools for models that are not Anthropic's: a plain function stands in for each.

The backend shows the model `standing_in(conversation)`. When it calls a stand-in, the call is run
here (the search for tools) or by a port (the search on the web), the client is told the blocks of
`Told`, and the model is asked again with `continued`. The next request brings the blocks back as
history, and `standing_in` makes the plain call and result of them again, so that the model sees the
same each time. A server tool that nobody here can run is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

import attrs

from ..conversation.answer import OtherBlock
from ..conversation.blocks import Block, Other, ToolResult, ToolUse
from ..conversation.deferral import (
    QUERY_CHARACTERS_MAX,
    SearchKind,
    search_tools,
    without_deferral,
)
from ..conversation.request import Conversation, Message, Tool
from ..json_values import object_of, strings_of, text_of
from .server_blocks import (
    RESULT_SUFFIX,
    ErrorCode,
    Found,
    Json,
    neutral_result,
    server_tool_use,
    tool_search_error,
    tool_search_result,
    web_search_error,
    web_search_result,
)

StandIn = Literal["tool_search", "web_search"]

TOOL_SEARCH: Final = "tool_search_tool_"
REGEX_SEARCH: Final = "tool_search_tool_regex"
"""What the `type` of a search for tools begins with; the other kind is `bm25`."""
WEB_SEARCH: Final = "web_search_20"
_QUERY_MEANINGS: Final = {
    "regex": "A regular expression (Python's re.search) for the tool's name or description.",
    "bm25": "What the tool should do, in plain words.",
    "web": "What to search for.",
}
_PURPOSES: Final = {
    "tool_search": "Finds tools that are not shown. What it names can be called from then on.",
    "web_search": "Searches the web and returns the pages that fit.",
}


@attrs.frozen
class Told:
    """A stand-in's call when it is done: what the client is told, and what the model reads."""

    blocks: tuple[OtherBlock, OtherBlock]
    result: ToolResult


@attrs.frozen
class WebSearch:
    """What a call of the web search asks for, within what the client allows."""

    query: str
    allowed_domains: tuple[str, ...] = ()
    blocked_domains: tuple[str, ...] = ()
    uses_max: int | None = None


def standing_in(conversation: Conversation) -> Conversation:
    """The conversation as a model sees it that knows neither server tools nor deferral.

    Its history is still to be repaired: a call whose result has not come is a call without one.
    """
    messages = tuple(message for message in _unfolded(conversation.messages) if message.blocks)
    tools = tuple(plain for tool in conversation.tools if (plain := _plain(tool)) is not None)
    return without_deferral(attrs.evolve(conversation, messages=messages, tools=tools))


def stand_in_of(tool: Tool) -> StandIn | None:
    """What stands in for a tool; None for a plain one, and for one that nothing stands in for."""
    kind = text_of((tool.server or {}).get("type"))
    if kind.startswith(TOOL_SEARCH):
        return "tool_search"
    return "web_search" if kind.startswith(WEB_SEARCH) else None


def called(conversation: Conversation, name: str) -> Tool | None:
    """The server tool of the client's whose stand-in a model calls so; None for any other tool."""
    found = (tool for tool in conversation.tools if tool.name == name)
    return next((tool for tool in found if stand_in_of(tool) is not None), None)


def searched_tools(conversation: Conversation, tool: Tool, call: ToolUse) -> Told:
    """Runs a call of the search for tools."""
    query = _query(call)
    if not query:
        return _told(call, tool_search_error(call.id, "invalid_tool_input"))
    names = search_tools(conversation.tools, query, _search_kind(tool))
    return _told(call, tool_search_result(call.id, names))


def web_search_of(tool: Tool, call: ToolUse) -> WebSearch | None:
    """What a call of the web search asks for; None if it asks nothing."""
    query = _query(call)
    server = object_of(tool.server)
    uses = server.get("max_uses")
    if not query:
        return None
    return WebSearch(
        query,
        strings_of(server.get("allowed_domains")),
        strings_of(server.get("blocked_domains")),
        uses if isinstance(uses, int) and not isinstance(uses, bool) else None,
    )


def found_on_web(call: ToolUse, found: tuple[Found, ...] | ErrorCode) -> Told:
    """A call of the web search, done or failed."""
    if isinstance(found, str):
        return _told(call, web_search_error(call.id, found))
    return _told(call, web_search_result(call.id, found))


def continued(
    conversation: Conversation, said: tuple[Block, ...], results: tuple[ToolResult, ...]
) -> Conversation:
    """The conversation with what the model said and called, and the results: to ask again."""
    turn = (Message("assistant", said), Message("user", results))
    return attrs.evolve(conversation, messages=(*conversation.messages, *turn))


def _told(call: ToolUse, result: Json) -> Told:
    use = server_tool_use(call.id, call.name, call.input)
    blocks = (OtherBlock("anthropic", use), OtherBlock("anthropic", result))
    return Told(blocks, attrs.evolve(neutral_result(result), tool_use_id=call.id))


def _query(call: ToolUse) -> str:
    asked = text_of(call.input.get("query")) or text_of(call.input.get("pattern"))
    return asked.strip()


def _search_kind(tool: Tool) -> SearchKind:
    kind = text_of((tool.server or {}).get("type"))
    return "regex" if kind.startswith(REGEX_SEARCH) else "bm25"


def _plain(tool: Tool) -> Tool | None:
    """The tool itself, or the function that stands in for it."""
    if tool.server is None:
        return tool
    stand_in = stand_in_of(tool)
    if stand_in is None:
        return None
    meaning = "web" if stand_in == "web_search" else _search_kind(tool)
    query: Json = {"type": "string", "description": _QUERY_MEANINGS[meaning]}
    if stand_in == "tool_search":
        query["maxLength"] = QUERY_CHARACTERS_MAX
    schema: Json = {"type": "object", "properties": {"query": query}, "required": ["query"]}
    purpose = _PURPOSES[stand_in]
    return Tool(tool.name, purpose, schema, deferred=tool.deferred, cache=tool.cache)


def _unfolded(messages: Iterable[Message]) -> Iterable[Message]:
    """Each server tool's call and result as those of a plain tool, in messages of their own."""
    for message in messages:
        if message.role == "assistant" and any(_is_server(block) for block in message.blocks):
            yield from _split(message.blocks)
        else:
            yield message


def _split(blocks: tuple[Block, ...]) -> Iterable[Message]:
    said: list[Block] = []
    for block in blocks:
        if not isinstance(block, Other) or not _is_server(block):
            said.append(block)
        elif block.kind == "server_tool_use":
            said.append(_plain_use(block.value))
        else:
            yield Message("assistant", tuple(said))
            yield Message("user", (neutral_result(block.value),))
            said = []
    yield Message("assistant", tuple(said))


def _is_server(block: Block) -> bool:
    if not isinstance(block, Other) or block.dialect != "anthropic":
        return False
    return block.kind == "server_tool_use" or block.kind.endswith(RESULT_SUFFIX)


def _plain_use(value: Json) -> ToolUse:
    name, given = text_of(value.get("name")), object_of(value.get("input"))
    return ToolUse(text_of(value.get("id")), name, given)
