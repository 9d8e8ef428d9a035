"""A client of Anthropic's Messages that offers server tools: the search of the web, and of tools.

It gives the server's calls and results back as they came, as the API wants them.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ...protocols.json_values import object_of, text_of
from .anthropic_ear import AnthropicEar
from .ear import SCHEMA, Json, Turn, event_of, frames_of, object_in
from .meaning import Heard
from .speaker import FOUND_TOOL

SEARCH: Json = {"type": "web_search_20250305", "name": "web_search", "max_uses": 2}
FIND: Json = {"type": "tool_search_tool_bm25_20251119", "name": "tool_search_tool_bm25"}
HIDDEN: Json = {"name": FOUND_TOOL, "description": FOUND_TOOL, "input_schema": SCHEMA}
RESULTS = ("web_search_tool_result", "tool_search_tool_result")


class SearchingEar(AnthropicEar):
    """See the module."""

    def body(self, model: str, turns: Sequence[Turn], words: str, *, streamed: bool) -> Json:
        """See Ear."""
        body = super().body(model, turns, words, streamed=streamed)
        hidden = {**HIDDEN, "defer_loading": True}
        return {**body, "tools": [*body["tools"], SEARCH, FIND, hidden]}

    def heard(self, body: bytes, *, complete: bool) -> Heard:
        """See Ear."""
        heard = super().heard(body, complete=complete)
        return attrs.evolve(heard, echo=blocks_of(body, heard))

    def heard_whole(self, body: bytes) -> Heard:
        """See Ear."""
        heard = super().heard_whole(body)
        return attrs.evolve(heard, echo=(object_in(body) or {}).get("content"))


def blocks_of(body: bytes, heard: Heard) -> list[Json]:
    """All blocks of a streamed answer, in their order."""
    frames, _ = frames_of(body, complete=True)
    plain = iter(heard.echo)
    blocks: list[Json] = []
    for frame in frames:
        event = event_of(frame.partition(b"\n")[2]) or {}
        begun: Json = event.get("content_block") or {}
        if begun and begun["type"] in ("text", "thinking", "tool_use"):
            blocks += [block for block in [next(plain, None)] if block is not None]
        elif begun:
            blocks.append(begun)
        delta: Json = event.get("delta") or {}
        if "partial_json" in delta and blocks and blocks[-1]["type"] == "server_tool_use":
            blocks[-1]["input"] = object_in(delta["partial_json"].encode())
    return blocks


def results_of(heard: Heard) -> list[Json]:
    """What the server tools have told."""
    return [block for block in heard.echo or () if block["type"] in RESULTS]


def is_failure(result: Json) -> bool:
    """Whether a server tool's result is an error."""
    return text_of(object_of(result["content"]).get("type")).endswith("_error")
