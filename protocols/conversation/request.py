"""A client's request in neutral words: the conversation so far, and how it is to go on.

None means that the client has not said, and then nothing is sent. What a dialect says that has no
place here is not an error: its name goes into `unknown`, to be counted.
"""

from __future__ import annotations

from typing import Any, Literal

import attrs

from .blocks import Block, Text, ToolUse

Role = Literal["user", "assistant", "system"]
ToolMode = Literal["auto", "any", "tool", "none"]
Effort = Literal["", "none", "minimal", "low", "medium", "high", "xhigh", "max"]


@attrs.frozen
class Message:
    """One message. Tool results stand in user messages; `system` is one in mid-conversation."""

    role: Role
    blocks: tuple[Block, ...]


@attrs.frozen
class Tool:
    """A tool that the model may call.

    `schema` is the JSON Schema of its input. `server` is the whole definition of a tool which the
    provider itself would run (Anthropic's shape, with `type`), or None. A `deferred` tool is shown
    to the model only after a ToolReference has named it.
    """

    name: str
    description: str = ""
    schema: dict[str, Any] = attrs.field(factory=dict[str, Any])
    strict: bool | None = None
    deferred: bool = False
    server: dict[str, Any] | None = None
    cache: Any = None


@attrs.frozen
class ToolChoice:
    """Whether the model must call a tool; `name` with the mode `tool`."""

    mode: ToolMode
    name: str = ""


@attrs.frozen
class Sampling:
    """How tokens are chosen and where they end. `logprobs` is how many alternatives to show."""

    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop_sequences: tuple[str, ...] = ()
    seed: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    logit_bias: dict[str, Any] | None = None
    logprobs: int | None = None
    choices: int | None = None


@attrs.frozen
class Reasoning:
    """How much to think: `enabled` None leaves it to the model; `budget_tokens` None, too."""

    enabled: bool | None = None
    budget_tokens: int | None = None
    effort: Effort = ""
    shown: bool | None = None


@attrs.frozen
class OutputFormat:
    """Structured output: any JSON object, or one that fits `schema`."""

    schema: dict[str, Any] | None = None
    name: str = ""
    strict: bool | None = None


@attrs.frozen
class Conversation:
    """Everything that a request says and another dialect may be able to express."""

    messages: tuple[Message, ...]
    system: tuple[Text, ...] = ()
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice | None = None
    parallel_tools: bool | None = None
    sampling: Sampling = Sampling()
    reasoning: Reasoning = Reasoning()
    output: OutputFormat | None = None
    user: str = ""
    streamed: bool = False
    unknown: tuple[str, ...] = ()

    def tool_uses(self) -> dict[str, ToolUse]:
        """Every tool use so far, by its id."""
        return {
            block.id: block
            for message in self.messages
            for block in message.blocks
            if isinstance(block, ToolUse)
        }
