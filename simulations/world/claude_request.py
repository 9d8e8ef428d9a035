"""The request of the simulated Claude Code: the real one's shape, a tenth of its size.

Members, headers, the order of blocks, and what changes when the client asks with less (`Shape`) are
as measured of version 2.1.330. Its prompts are not ours to keep: the texts are fillers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import attrs
import h11
import msgspec

from .marker import marked_user

VERSION = "2.1.330"
KNOWN_MODELS = ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5")
"""To the client any other id is unknown, such as all that are led by an endpoint's name."""
THINKING_COUNT_BETA = "thinking-token-count-2026-05-13"
TOOLS_BETA = "advanced-tool-use-2025-11-20"
BETAS = (
    "claude-code-20250219",
    "interleaved-thinking-2025-05-14",
    "context-management-2025-06-27",
    "mid-conversation-tool-changes-2026-07-01",
    THINKING_COUNT_BETA,
    TOOLS_BETA,
    "effort-2025-11-24",
)
TOOLS = (
    *("Agent", "Bash", "Edit", "ListAgents", "Read", "ReportFindings", "ScheduleWakeup"),
    *("Skill", "ToolSearch", "Workflow", "DeferredToolPlaceholder", "Write"),
)
DEFERRED_TOOLS = tuple(f"Deferred{number}" for number in range(9))
TOKENS_MAX_KNOWN, TOKENS_MAX_UNKNOWN, TOKENS_MAX_WHOLE = 128_000, 32_000, 64_000
WHOLE_SECONDS = 300
"""What a request for a whole message says that it waits; a stream says 600."""
FEWEST = 5
"""Steps down from a request that a 400 met, before the client shows the error."""
INSTRUCTIONS = "Help the user with the project at hand, by what the tools can do. "


@attrs.frozen
class Shape:
    """How a question is asked: as a stream or whole, and how many steps down from all there is.

    After a 400 two members are dropped one after the other; then all tools are told in full, and
    the same two are dropped again.
    """

    streamed: bool = True
    fewer: int = 0

    @property
    def betas(self) -> list[str]:
        """The betas that are asked for."""
        dropped = [THINKING_COUNT_BETA] if self.fewer % 3 >= 1 else []
        dropped += [TOOLS_BETA] if self.fewer >= 3 else []
        return [beta for beta in BETAS if beta not in dropped]

    @property
    def thinking(self) -> dict[str, str]:
        """How the model is to think."""
        display = {} if self.fewer % 3 == 2 else {"display": "omitted"}
        return {"type": "adaptive", **display}

    @property
    def tools(self) -> msgspec.Raw:
        """The tools, as they are sent."""
        return _ALL_TOOLS if self.fewer >= 3 else _TOOLS


@attrs.frozen
class Sender:
    """Who asks: what is the same in all requests of one agent."""

    port: int
    token: str
    session: str
    model: str
    agent: str = ""
    words_of: Callable[[str], str] | None = None
    """What the system says besides, by the attempt's marker."""

    @property
    def knows_model(self) -> bool:
        """Whether the client knows the model."""
        return self.model in KNOWN_MODELS

    def body(self, messages: list[dict[str, Any]], shape: Shape, marker: str) -> bytes:
        """The body of a request."""
        tokens_max = TOKENS_MAX_KNOWN if self.knows_model else TOKENS_MAX_UNKNOWN
        body: dict[str, Any] = {
            "model": self.model,
            "messages": messages,
            "system": _system(messages, self.words_of(marker) if self.words_of else ""),
            "tools": shape.tools,
            "metadata": {"user_id": marked_user(marker, self.session)},
            "max_tokens": tokens_max if shape.streamed else min(tokens_max, TOKENS_MAX_WHOLE),
            "thinking": shape.thinking,
            "context_management": {"edits": []},
            "output_config": {"effort": "medium"},
            "stream": shape.streamed,
        }
        return msgspec.json.encode(body)

    def head(self, shape: Shape, body: bytes) -> h11.Request:
        """The head of a request with that body."""
        agent = [("x-claude-code-agent-id", self.agent)] if self.agent else []
        waits_seconds = 600 if shape.streamed else WHOLE_SECONDS
        headers = [
            ("host", f"127.0.0.1:{self.port}"),
            ("accept", "application/json"),
            ("accept-encoding", "gzip, deflate, br, zstd"),
            ("anthropic-beta", ",".join(shape.betas)),
            ("anthropic-dangerous-direct-browser-access", "true"),
            ("anthropic-version", "2023-06-01"),
            ("authorization", f"Bearer {self.token}"),
            ("content-type", "application/json"),
            ("user-agent", f"claude-cli/{VERSION} (external, cli)"),
            ("x-app", "cli"),
            ("x-claude-code-session-id", self.session),
            *agent,
            ("x-stainless-lang", "js"),
            ("x-stainless-retry-count", "0"),
            ("x-stainless-timeout", str(waits_seconds)),
            ("connection", "keep-alive"),
            ("content-length", str(len(body))),
        ]
        return h11.Request(method="POST", target="/v1/messages?beta=true", headers=headers)


def _system(messages: list[dict[str, Any]], words: str) -> list[dict[str, Any]]:
    """Three blocks, of which the first differs by the question, and not by the attempt."""
    digest = hashlib.blake2b(msgspec.json.encode(messages), digest_size=2).hexdigest()[:3]
    billing = f"x-anthropic-billing-header: cc_version={VERSION}.{digest}; cc_entrypoint=cli;"
    cached = {"cache_control": {"type": "ephemeral"}}
    return [
        {"type": "text", "text": billing},
        {"type": "text", "text": "You are the simulated client.", **cached},
        {"type": "text", "text": INSTRUCTIONS * 10, **cached},
        *([{"type": "text", "text": words}] if words else []),
    ]


def _tool(name: str) -> dict[str, Any]:
    if name == "DeferredToolPlaceholder":
        return {"name": name, "description": "More tools.", "defer_loading": True}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {"command": {"type": "string"}},
        "additionalProperties": False,
    }
    return {"name": name, "description": f"The tool {name}.", "input_schema": schema}


_TOOLS = msgspec.Raw(msgspec.json.encode([_tool(name) for name in TOOLS]))
_ALL_TOOLS = msgspec.Raw(msgspec.json.encode([_tool(name) for name in TOOLS + DEFERRED_TOOLS]))
