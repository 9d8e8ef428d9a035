"""What the protocol's own conformance suite wants to find at a server: tools, prompts, resources.

Served only where the environment asks for it (mount.py), in the place of our tools, by the same
mount and the same door: what the suite then says of the protocol holds for our tools too. Names and
texts are the suite's.
Source: npm `@modelcontextprotocol/conformance`, SDK_INTEGRATION.md and src/scenarios/server.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

import trio
from mcp.server import MCPServer
from mcp.server.context import ServerRequestContext
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.prompts.base import Prompt, UserMessage
from mcp.shared.exceptions import MCPError
from mcp.types import (
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    AudioContent,
    Completion,
    CompletionArgument,
    CompletionContext,
    EmbeddedResource,
    EmptyResult,
    ImageContent,
    PromptReference,
    ResourceTemplateReference,
    SetLevelRequestParams,
    SubscribeRequestParams,
    TextContent,
    TextResourceContents,
    UnsubscribeRequestParams,
)
from pydantic import Field

from .answer import Sessions
from .conformance_asking import ASKING_TOOLS
from .conformance_events import RETRY_MILLISECONDS, KeptEvents
from .conformance_inputs import INPUT_TOOLS, input_required_result_prompt
from .conformance_schema import FULL_SCHEMA, FULL_SCHEMA_TOOL, full_schema_tool
from .server import open_sessions

PICTURE: Final = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJg"
    "gg=="
)
"""One pixel, as PNG."""
SOUND: Final = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA="
"""One sample, as WAV."""
STEP_SECONDS: Final = 0.02
RECONNECT_SECONDS: Final = 0.2
Ctx = Context[Any, Any]
Tool = Callable[..., Awaitable[Any]]


def open_fixtures() -> Sessions:
    """The session manager of a server that has what the suite asks for."""
    kept = KeptEvents()
    return open_sessions(make_fixtures(), event_store=kept, retry_interval=RETRY_MILLISECONDS)


def make_fixtures() -> MCPServer[Any]:
    """The server itself."""
    server: MCPServer[Any] = MCPServer("understudy-conformance", version="1")
    changes = Changes(server)
    tools: tuple[Tool, ...] = (*TOOLS, *ASKING_TOOLS, *INPUT_TOOLS, *changes.tools)
    for tool in tools:
        server.add_tool(tool, name=f"test_{tool.__name__}")
    server.add_tool(full_schema_tool, name=FULL_SCHEMA_TOOL)
    layers = vars(server)  # the SDK has no public way to give a tool its schema
    layers["_tool_manager"].get_tool(FULL_SCHEMA_TOOL).parameters = FULL_SCHEMA
    _add_resources(server)
    for prompt in PROMPTS:
        server.add_prompt(Prompt.from_function(prompt, name=f"test_{prompt.__name__}"))
    _add_handlers(server)
    return server


async def simple_text() -> str:
    """Answer a text."""
    return "This is a simple text response for testing."


async def image_content() -> list[ImageContent]:
    """Answer a picture."""
    return [ImageContent(type="image", data=PICTURE, mime_type="image/png")]


async def audio_content() -> list[AudioContent]:
    """Answer a sound."""
    return [AudioContent(type="audio", data=SOUND, mime_type="audio/wav")]


async def embedded_resource() -> list[EmbeddedResource]:
    """Answer a resource."""
    return [_embedded("test://embedded-resource", "This is an embedded resource content.")]


async def multiple_content_types() -> list[TextContent | ImageContent | EmbeddedResource]:
    """Answer a text, a picture and a resource."""
    mixed = "test://mixed-content-resource"
    return [
        TextContent(type="text", text="Multiple content types test:"),
        ImageContent(type="image", data=PICTURE, mime_type="image/png"),
        _embedded(mixed, '{"test": "data", "value": 123}', "application/json"),
    ]


async def tool_with_logging(ctx: Ctx) -> str:
    """Log while it works."""
    for words in ("started", "processing data", "completed"):
        await _log(ctx, f"Tool {words if words == 'processing data' else 'execution ' + words}")
        await trio.sleep(STEP_SECONDS)
    return "Tool with logging executed successfully"


async def tool_with_progress(ctx: Ctx) -> str:
    """Report its progress."""
    for step in (0, 50, 100):
        await ctx.report_progress(step, 100, f"Completed step {step} of 100")
        await trio.sleep(STEP_SECONDS)
    return str((ctx.request_context.meta or {}).get("progress_token", 0))


async def error_handling() -> str:
    """Fail."""
    raise ToolError("This tool intentionally returns an error for testing")


async def x_mcp_header(
    region: Annotated[
        str,
        Field(
            description="Said in a header as well.",
            json_schema_extra={"x-mcp-header": "Region"},
        ),
    ] = "<none>",
) -> str:
    """Have an argument that a header repeats."""
    return f"region={region}"


async def missing_capability(ctx: Ctx) -> str:
    """Need a client that can sample."""
    can = ctx.session.client_capabilities
    if can is None or can.sampling is None:
        raise MCPError(
            code=MISSING_REQUIRED_CLIENT_CAPABILITY,
            message="sampling is needed, and the client does not say that it can",
            data={"requiredCapabilities": {"sampling": {}}},
        )
    return "The client can sample."


async def reconnection(ctx: Ctx) -> str:
    """Close its stream in mid-call, for the client to come back."""
    await _log(ctx, "Before disconnect")
    await trio.sleep(RECONNECT_SECONDS)  # what the stream still holds when it closes is lost
    await ctx.close_sse_stream()
    await trio.sleep(RECONNECT_SECONDS)
    await _log(ctx, "After reconnect")
    return "Reconnection test completed"


TOOLS: Final = (
    simple_text,
    image_content,
    audio_content,
    embedded_resource,
    multiple_content_types,
    tool_with_logging,
    tool_with_progress,
    error_handling,
    x_mcp_header,
    missing_capability,
    reconnection,
)


class Changes:
    """Tools that change what their server has."""

    def __init__(self, server: MCPServer[Any]) -> None:
        self._server = server

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools."""
        return self.trigger_tool_change, self.trigger_prompt_change

    async def trigger_tool_change(self, ctx: Ctx) -> str:
        """Add a tool and remove it, and tell."""
        self._server.add_tool(simple_text, name="test_dynamic_tool")
        self._server.remove_tool("test_dynamic_tool")
        await ctx.notify_tools_changed()
        return "tool list changed"

    async def trigger_prompt_change(self, ctx: Ctx) -> str:
        """Add a prompt and remove it, and tell."""
        added = Prompt.from_function(simple_prompt, name="test_dynamic_prompt")
        self._server.add_prompt(added)
        self._server.remove_prompt("test_dynamic_prompt")
        await ctx.notify_prompts_changed()
        return "prompt list changed"


async def simple_prompt() -> list[UserMessage]:
    """Have no argument."""
    return [_said("This is a simple prompt for testing.")]


async def prompt_with_arguments(arg1: str, arg2: str) -> list[UserMessage]:
    """Have two arguments."""
    return [_said(f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'")]


async def prompt_with_embedded_resource(
    resourceUri: str,  # noqa: N803 the suite's spelling
) -> list[UserMessage]:
    """Hold a resource."""
    resource = _embedded(resourceUri, "Embedded resource content for testing.")
    return [UserMessage(resource), _said("Please process the embedded resource above.")]


async def prompt_with_image() -> list[UserMessage]:
    """Hold a picture."""
    picture = ImageContent(type="image", data=PICTURE, mime_type="image/png")
    return [UserMessage(picture), _said("Please analyze the image above.")]


PROMPTS: Final = (
    simple_prompt,
    prompt_with_arguments,
    prompt_with_embedded_resource,
    prompt_with_image,
    input_required_result_prompt,
)


def _add_resources(server: MCPServer[Any]) -> None:
    async def text() -> str:
        return "This is the content of the static text resource."

    async def picture() -> bytes:
        return base64.b64decode(PICTURE)

    async def template(id: str) -> str:  # noqa: A002 the suite's spelling
        return f'{{"id": "{id}", "templateTest": true, "data": "Data for ID: {id}"}}'

    async def watched() -> str:
        return "Watched resource content"

    server.resource("test://static-text")(text)
    server.resource("test://static-binary", mime_type="image/png")(picture)
    server.resource("test://template/{id}/data", mime_type="application/json")(template)
    server.resource("test://watched-resource")(watched)


def _add_handlers(server: MCPServer[Any]) -> None:
    """What the SDK leaves to its lower layer, and the completion of arguments."""

    async def done(_ctx: ServerRequestContext[Any, Any], _params: Any) -> EmptyResult:
        return EmptyResult()

    lower = vars(server)["_lowlevel_server"]
    lower.add_request_handler("logging/setLevel", SetLevelRequestParams, done)
    lower.add_request_handler("resources/subscribe", SubscribeRequestParams, done)
    lower.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, done)

    async def complete(
        _ref: PromptReference | ResourceTemplateReference,
        _argument: CompletionArgument,
        _context: CompletionContext | None,
    ) -> Completion:
        return Completion(values=[], total=0, has_more=False)

    untyped: Any = server  # the SDK leaves the type of this one out
    untyped.completion()(complete)


async def _log(ctx: Ctx, words: str) -> None:
    await ctx.info(words)  # pyright: ignore[reportDeprecated] the older revision has it


def _said(words: str) -> UserMessage:
    return UserMessage(TextContent(type="text", text=words))


def _embedded(uri: str, text: str, kind: str = "text/plain") -> EmbeddedResource:
    contents = TextResourceContents(uri=uri, mime_type=kind, text=text)
    return EmbeddedResource(type="resource", resource=contents)
