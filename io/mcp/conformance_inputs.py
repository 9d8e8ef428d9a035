"""Fixtures of the newer era: what cannot be answered without an input says so, and is asked again.

The second request carries the inputs and what the first answer has given along as its state.
"""

from __future__ import annotations

import json
from typing import Any, Final

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.prompts.base import UserMessage
from mcp.types import (
    CreateMessageRequest,
    CreateMessageRequestParams,
    CreateMessageResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequest,
    InputRequiredResult,
    ListRootsRequest,
    ListRootsResult,
    SamplingMessage,
    TextContent,
)

Ctx = Context[Any, Any]
Wanted = str | InputRequiredResult
NONCE: Final = "request-state-nonce"


def _form(words: str, key: str, kind: str = "string") -> ElicitRequest:
    """The question for one value."""
    schema = {"type": "object", "properties": {key: {"type": kind}}, "required": [key]}
    return ElicitRequest(params=ElicitRequestFormParams(message=words, requested_schema=schema))


def _sample(words: str, tokens: int = 50) -> CreateMessageRequest:
    """The question for the client's model."""
    message = SamplingMessage(role="user", content=TextContent(type="text", text=words))
    params = CreateMessageRequestParams(messages=[message], max_tokens=tokens)
    return CreateMessageRequest(params=params)


def _name() -> ElicitRequest:
    return _form("What is your name?", "name")


def _value(ctx: Ctx, name: str, key: str) -> str | None:
    """What the user has answered under a name; None if nothing."""
    found = (ctx.input_responses or {}).get(name)
    content = found.content if isinstance(found, ElicitResult) else None
    return None if content is None else str(content.get(key, "?"))


async def input_required_result_elicitation(ctx: Ctx) -> Wanted:
    """Want a name."""
    name = _value(ctx, "user_name", "name")
    if name is None:
        return InputRequiredResult(input_requests={"user_name": _name()})
    return f"Hello, {name}!"


async def input_required_result_sampling(ctx: Ctx) -> Wanted:
    """Want the client's model to answer."""
    found = (ctx.input_responses or {}).get("capital_question")
    if not isinstance(found, CreateMessageResult):
        asked = _sample("What is the capital of France?", 100)
        return InputRequiredResult(input_requests={"capital_question": asked})
    text = found.content.text if isinstance(found.content, TextContent) else "?"
    return f"Model said: {text}"


async def input_required_result_list_roots(ctx: Ctx) -> Wanted:
    """Want the client's roots."""
    found = (ctx.input_responses or {}).get("client_roots")
    if not isinstance(found, ListRootsResult):
        return InputRequiredResult(input_requests={"client_roots": ListRootsRequest()})
    return f"Client exposed {len(found.roots)} root(s)."


async def input_required_result_request_state(ctx: Ctx) -> Wanted:
    """Want its state back."""
    if "confirm" in (ctx.input_responses or {}) and ctx.request_state == NONCE:
        return "state-ok: confirmation received"
    asked: dict[str, InputRequest] = {"confirm": _form("Please confirm", "ok", "boolean")}
    return InputRequiredResult(input_requests=asked, request_state=NONCE)


async def input_required_result_multiple_inputs(ctx: Ctx) -> Wanted:
    """Want three inputs at once."""
    asked: dict[str, InputRequest] = {
        "user_name": _name(),
        "greeting": _sample("Generate a greeting"),
        "client_roots": ListRootsRequest(),
    }
    if asked.keys() <= (ctx.input_responses or {}).keys():
        return "All inputs received."
    return InputRequiredResult(input_requests=asked, request_state="multiple-inputs")


async def input_required_result_multi_round(ctx: Ctx) -> Wanted:
    """Want two inputs, one after the other."""
    state: dict[str, Any] = json.loads(ctx.request_state) if ctx.request_state else {}
    name, colour = _value(ctx, "step1", "name"), _value(ctx, "step2", "color")
    if state.get("round") == 2 and colour is not None:
        return f"{state['name']} likes {colour}."
    if state.get("round") == 1 and name is not None:
        asked = _form("Step 2: What is your favorite color?", "color")
        later = json.dumps({"round": 2, "name": name})
        return InputRequiredResult(input_requests={"step2": asked}, request_state=later)
    asked = _form("Step 1: What is your name?", "name")
    return InputRequiredResult(
        input_requests={"step1": asked}, request_state=json.dumps({"round": 1})
    )


async def input_required_result_tampered_state(ctx: Ctx) -> Wanted:
    """Want its state back as it was; the SDK refuses another."""
    if ctx.request_state is not None:
        return f"state-ok: {ctx.request_state}"
    asked: dict[str, InputRequest] = {"confirm": _form("Please confirm", "ok", "boolean")}
    return InputRequiredResult(input_requests=asked, request_state="round-1")


async def input_required_result_capabilities(ctx: Ctx) -> InputRequiredResult:
    """Want only what the client says that it can give."""
    can = ctx.client_capabilities
    asked: dict[str, InputRequest] = {}
    if can is None or can.sampling is not None:
        asked["sample"] = _sample("Say hello")
    if can is None or can.elicitation is not None:
        asked["ask"] = _name()
    return InputRequiredResult(input_requests=asked, request_state="capability-gated")


async def input_required_result_prompt(ctx: Ctx) -> list[UserMessage] | InputRequiredResult:
    """Want a context, for a prompt."""
    found = _value(ctx, "user_context", "context")
    if found is None:
        asked = _form("What context should the prompt use?", "context")
        return InputRequiredResult(input_requests={"user_context": asked})
    words = f"Use the following context: {found}"
    return [UserMessage(TextContent(type="text", text=words))]


INPUT_TOOLS: Final = (
    input_required_result_elicitation,
    input_required_result_sampling,
    input_required_result_list_roots,
    input_required_result_request_state,
    input_required_result_multiple_inputs,
    input_required_result_multi_round,
    input_required_result_tampered_state,
    input_required_result_capabilities,
)
