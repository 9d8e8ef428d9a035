"""What all tools do with a call: read its `_meta`, and turn a refusal into a tool's error."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from ...protocols.actor import ActorError, CallFailed
from .desk import ToolRefused


def meta_of(ctx: Context[Any, Any]) -> Mapping[str, Any] | None:
    """What a client says of a call beside its arguments."""
    meta: Mapping[str, Any] | None = ctx.request_context.meta
    return meta


@asynccontextmanager
async def refusing() -> AsyncGenerator[None]:
    """Tells the model why there is no result. A defect of ours is told as such, and no more."""
    try:
        yield
    except ToolRefused as error:
        raise ToolError(str(error)) from None
    except CallFailed:
        raise ToolError("this failed inside Understudy; its log says more") from None
    except ActorError as error:
        raise ToolError(str(error) or "Understudy cannot answer this now; try again") from None
