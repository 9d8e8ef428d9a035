"""Fixtures of the older era: tools that ask the client for something while they work."""

from __future__ import annotations

from typing import Any, Final

from mcp.server.mcpserver import Context
from mcp.shared.exceptions import MCPError
from mcp.types import SamplingMessage, TextContent
from pydantic import BaseModel, Field


class Answered(BaseModel):
    """One text."""

    response: str = Field(description="User's response")


class WithDefaults(BaseModel):
    """One field of each primitive type, each with a default (SEP-1034)."""

    name: str = Field(default="John Doe", description="User name")
    age: int = Field(default=30, description="User age")
    score: float = Field(default=95.5, description="User score")
    status: str = Field(
        default="active",
        description="User status",
        json_schema_extra={"enum": ["active", "inactive", "pending"]},
    )
    verified: bool = Field(default=True, description="Verification status")


def _titled(key: str, **titles: str) -> dict[str, Any]:
    """Options with a title each."""
    return {key: [{"const": name, "title": title} for name, title in titles.items()]}


class WithChoices(BaseModel):
    """Every way to write a choice (SEP-1330)."""

    untitledSingle: str = Field(  # noqa: N815 the suite's spelling
        description="One of several", json_schema_extra={"enum": ["active", "inactive", "pending"]}
    )
    titledSingle: str = Field(  # noqa: N815 the suite's spelling
        description="One of several with titles",
        json_schema_extra=_titled("oneOf", low="Low", medium="Medium", high="High"),
    )
    untitledMulti: list[str] = Field(  # noqa: N815 the suite's spelling
        description="Some of several",
        json_schema_extra={"items": {"type": "string", "enum": ["read", "write", "execute"]}},
    )
    titledMulti: list[str] = Field(  # noqa: N815 the suite's spelling
        description="Some of several with titles",
        json_schema_extra={"items": _titled("anyOf", feature="Feature", bug="Bug", docs="Docs")},
    )
    legacyEnum: str = Field(  # noqa: N815 the suite's spelling
        description="One of several, as it was written once",
        json_schema_extra={
            "enum": ["small", "medium", "large"],
            "enumNames": ["Small", "Medium", "Large"],
        },
    )


async def sampling(prompt: str, ctx: Context[Any, Any]) -> str:
    """Have the client's model answer."""
    asked = SamplingMessage(role="user", content=TextContent(type="text", text=prompt))
    try:
        create = ctx.session.create_message  # pyright: ignore[reportDeprecated] older revision
        found = await create(messages=[asked], max_tokens=100, related_request_id=ctx.request_id)
    except MCPError as error:
        return f"no sampling: {error}"
    text = found.content.text if isinstance(found.content, TextContent) else "No response"
    return f"LLM response: {text}"


async def elicitation(message: str, ctx: Context[Any, Any]) -> str:
    """Ask the user for a text."""
    return await _asked(ctx, "User response", message, Answered)


async def elicitation_sep1034_defaults(ctx: Context[Any, Any]) -> str:
    """Ask the user with defaults."""
    words = "Please provide user information"
    return await _asked(ctx, "Elicitation result", words, WithDefaults)


async def elicitation_sep1330_enums(ctx: Context[Any, Any]) -> str:
    """Ask the user to choose."""
    words = "Please select values using different enum schema types"
    return await _asked(ctx, "Elicitation completed", words, WithChoices)


async def _asked(ctx: Context[Any, Any], told: str, words: str, form: type[BaseModel]) -> str:
    try:
        found = await ctx.elicit(words, form)
    except MCPError as error:
        return f"no elicitation: {error}"
    content = found.data.model_dump_json() if found.action == "accept" else "{}"
    return f"{told}: action={found.action}, content={content}"


ASKING_TOOLS: Final = (
    sampling,
    elicitation,
    elicitation_sep1034_defaults,
    elicitation_sep1330_enums,
)
