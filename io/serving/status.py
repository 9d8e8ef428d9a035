"""What the server says of itself: to its page, to the command line and to `doctor`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import attrs
import trio

from ...protocols.actor import ActorError, Ref
from ...protocols.engine.board import EngineBoard
from ...protocols.left_out import LeftOut
from ...protocols.models.offer import find_offer
from ...protocols.models.recommended import TABLE, Recommendation
from ...protocols.records import TurnRecord
from ...protocols.resources.report import DescribeMemory, MemoryReport
from ...protocols.resources.report_data import report_as_data
from ...protocols.routing.table import EMBEDDED
from ...protocols.turn import (
    EndpointStatus,
    FindProblem,
    ListEndpoints,
    ListModels,
    LiveTurn,
    ModelCard,
    RecentNotices,
    RecentTurns,
)
from ...protocols.usage.data import row_as_data
from ...protocols.usage.messages import FindToday

RECENT_TURNS_SHOWN = 20


@attrs.define(eq=False)
class StatusBoard:
    """Collects the status. `live` lists the turns in flight, `problems` what went wrong.

    `resources` is the resource-watcher; without one nothing is said of memory. `recommended` are
    the models of which one is offered to whoever has none.
    """

    version: str
    address: str
    router: Ref
    conversations: Ref
    live: Callable[[], Sequence[LiveTurn]]
    left_out: LeftOut = attrs.field(factory=LeftOut)
    engines: EngineBoard = attrs.field(factory=EngineBoard)
    problems: list[str] = attrs.field(factory=list[str])
    resources: Ref | None = None
    recommended: Sequence[Recommendation] = TABLE
    started_seconds: float = attrs.field(factory=trio.current_time)

    async def read(self) -> dict[str, Any]:
        """The status as plain data, ready for JSON."""
        now = trio.current_time()
        endpoints: Sequence[EndpointStatus] = await self.router.ask(ListEndpoints())
        cards: Sequence[ModelCard] = await self.router.ask(ListModels())
        recent: Sequence[TurnRecord] = await self.conversations.ask(RecentTurns(RECENT_TURNS_SHOWN))
        problem = await self.conversations.ask(FindProblem())
        notices = await self.conversations.ask(RecentNotices())
        today = await self.conversations.ask(FindToday())
        memory = await self._memory()
        return {
            "version": self.version,
            "address": self.address,
            "process_id": os.getpid(),
            "up_seconds": round(now - self.started_seconds, 1),
            "problems": [*self.problems, *([problem] if problem else [])],
            "notices": [attrs.asdict(notice) for notice in notices],
            "endpoints": [attrs.asdict(endpoint) for endpoint in endpoints],
            "aliases": {card.id: card.leads_to for card in cards if card.leads_to},
            "engines": [attrs.asdict(line) for line in self.engines.lines],
            "engines_why": self.engines.why,
            "memory": None if memory is None else report_as_data(memory),
            "first_model": self._first_model(endpoints, memory),
            "left_out": [attrs.asdict(omission) for omission in self.left_out.omissions()],
            "live_turns": [_live(turn, now) for turn in self.live()],
            "recent_turns": [_settled(turn) for turn in recent],
            "usage_today": {
                "day": today.day,
                "whole": today.whole,
                "rows": [row_as_data(row) for row in today.rows],
            },
        }

    async def _memory(self) -> MemoryReport | None:
        """What the resource-watcher says; None while it is not there to be asked."""
        if self.resources is None:
            return None
        try:
            return await self.resources.ask(DescribeMemory())
        except ActorError:
            return None

    def _first_model(
        self, endpoints: Sequence[EndpointStatus], memory: MemoryReport | None
    ) -> dict[str, str] | None:
        """What to fetch first, for whoever has no endpoint but the embedded one."""
        if memory is None or any(endpoint.name != EMBEDDED.name for endpoint in endpoints):
            return None
        offer = find_offer(memory.reading.total_bytes, self.recommended)
        return None if offer is None else {"command": offer.command, "words": offer.words}


def _live(turn: LiveTurn, now: float) -> dict[str, Any]:
    return {
        "turn": turn.turn,
        "conversation": turn.conversation,
        "model": turn.model,
        "endpoint": turn.endpoint,
        "seconds": round(now - turn.started_seconds, 1),
    }


def _settled(turn: TurnRecord) -> dict[str, Any]:
    fields = attrs.asdict(turn, filter=lambda attribute, _: attribute.name != "tool_uses")
    return {**fields, "outcome": turn.outcome.value, "tool_uses": len(turn.tool_uses)}
