"""Ids for tool calls and results that came without: most Ollama clients keep none.

The official Python client drops the ids that it is given, and a result names its tool at best. So
calls are numbered in order of appearance: the same in every turn, because a conversation only
grows at its end, and an upstream's prompt cache needs that. A result belongs to the call that its
id names, else to the oldest unanswered call of its tool's name, else to the oldest unanswered one.
"""

from __future__ import annotations

import attrs


@attrs.define
class CallIds:
    """The calls of one conversation as they are read, and which of them wait for their result."""

    _given: frozenset[str]
    """Every id that the client itself wrote: none of ours may be one of them."""
    _waiting: dict[str, str] = attrs.field(factory=dict[str, str])
    """The names of the tools, by id, oldest first."""
    _made: int = 0

    def called(self, given: str, name: str) -> str:
        """The id of a call."""
        call = given or self._next("call")
        self._waiting[call] = name
        return call

    def answered(self, given: str, name: str) -> str:
        """The id of the call that a result belongs to; a new one if it belongs to none."""
        call = given or self._oldest(name)
        self._waiting.pop(call, None)
        return call

    def _oldest(self, name: str) -> str:
        waiting = [call for call, tool in self._waiting.items() if not name or tool == name]
        return next(iter(waiting or self._waiting), "") or self._next("result")

    def _next(self, kind: str) -> str:
        while True:
            made = f"{kind}_{self._made}"
            self._made += 1
            if made not in self._given:
                return made
