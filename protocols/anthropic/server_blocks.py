"""The blocks in which a server tool's call and result stand in an assistant's message.

A call that we ran ourselves, for a model which is not Anthropic's, is told to the client in the
same form. Its id bears a mark, for Anthropic must not be given it back: what its own search found
is sealed (`encrypted_content`), and ours is not. Shapes: `ServerToolUseBlock`,
`ToolSearchToolResultBlock` and `WebSearchToolResultBlock` of the official SDK.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import attrs

from ..conversation.blocks import Other, Text, ToolReference, ToolResult
from ..conversation.names import fitting
from ..conversation.origin import MARK
from ..json_values import list_of, object_of, objects_of, text_of
from .limits import TOOL_USE_ID

Json = dict[str, Any]
ErrorCode = Literal[
    "invalid_tool_input",
    "unavailable",
    "max_uses_exceeded",
    "too_many_requests",
    "query_too_long",
    "execution_time_exceeded",
]

OWN_ID_PREFIX: Final = "srvtoolu_understudy_"
RESULT_SUFFIX: Final = "_tool_result"
SEALED_FOR_OTHERS: Final = "(the page's text is sealed for another model)"


@attrs.frozen
class Found:
    """One page that a web search has found; `text` is as much of it as the model is to read."""

    title: str
    url: str
    text: str = ""
    age: str = ""


def own_id(call: str) -> str:
    """The id of a server tool's call, made from that of the model's own call."""
    return OWN_ID_PREFIX + fitting(call, TOOL_USE_ID).replace("-", "_")


def is_own(value: Json) -> bool:
    """Whether a block tells of a server tool that was not run by Anthropic."""
    told = text_of(value.get("id")) or text_of(value.get("tool_use_id"))
    return told.startswith(OWN_ID_PREFIX)


def server_tool_use(call: str, name: str, given: Json) -> Json:
    """The call as the client is told it."""
    return {"type": "server_tool_use", "id": own_id(call), "name": name, "input": given}


def tool_search_result(call: str, names: tuple[str, ...]) -> Json:
    """What a search for tools has found."""
    references = [{"type": "tool_reference", "tool_name": name} for name in names]
    found = {"type": "tool_search_tool_search_result", "tool_references": references}
    return _result("tool_search_tool_result", call, found)


def tool_search_error(call: str, code: ErrorCode) -> Json:
    """Why a search for tools has found nothing."""
    error = {"type": "tool_search_tool_result_error", "error_code": code}
    return _result("tool_search_tool_result", call, error)


def web_search_result(call: str, pages: tuple[Found, ...]) -> Json:
    """What a search on the web has found. The text stands where Anthropic's is sealed: the client
    gives it back there, and shows it to nobody."""
    found = [
        {
            "type": "web_search_result",
            "title": page.title,
            "url": page.url,
            "encrypted_content": MARK + page.text,
            "page_age": page.age or None,
        }
        for page in pages
    ]
    return _result("web_search_tool_result", call, found)


def web_search_error(call: str, code: ErrorCode = "unavailable") -> Json:
    """Why a search on the web has found nothing."""
    error = {"type": "web_search_tool_result_error", "error_code": code}
    return _result("web_search_tool_result", call, error)


def neutral_result(value: Json) -> ToolResult:
    """A server tool's result as another model can read it: as the result of a plain tool."""
    content = value.get("content")
    told = object_of(content)
    code = text_of(told.get("error_code"))
    used = text_of(value.get("tool_use_id"))
    if code:
        return ToolResult(used, (Text(f"The tool failed: {code}."),), is_error=True)
    if "tool_references" in told:
        references = objects_of(told["tool_references"])
        names = [text_of(reference.get("tool_name")) for reference in references]
        if not names:
            return ToolResult(used, (Text("No tool fits."),))
        return ToolResult(used, tuple(ToolReference(name) for name in names))
    if isinstance(content, list):
        pages = [_page(page) for page in objects_of(list_of(content))]
        return ToolResult(used, (Text("\n\n".join(pages) or "Nothing was found."),))
    return ToolResult(used, (Other("anthropic", text_of(value.get("type")), value),))


def _result(kind: str, call: str, content: Any) -> Json:
    return {"type": kind, "tool_use_id": own_id(call), "content": content}


def _page(page: Json) -> str:
    sealed = text_of(page.get("encrypted_content"))
    text = sealed.removeprefix(MARK) if sealed.startswith(MARK) else SEALED_FOR_OTHERS
    named = (text_of(page.get("title")), text_of(page.get("url")), text_of(page.get("page_age")))
    return "\n".join(filter(None, (*named, text)))
