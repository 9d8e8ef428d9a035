"""The tools about what was used: by day and name, in this conversation, and where turns went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from ...protocols.advice.size import size_of
from ...protocols.records import ConversationRecord, TurnRecord
from ...protocols.switching.choice import FindChoice
from ...protocols.switching.known import FindKnownPlaces
from ...protocols.usage.messages import LAST_TURN, FindLines
from ..serving.telemetry import ID_CHARACTERS_MAX, BadQuery, usage_data
from .desk import Desk
from .endpoint_tools import Conversation, Page
from .meta import meta_of, refusing
from .results import (
    ContextStats,
    RouteExplanation,
    RouteLine,
    UsageLine,
    UsageReport,
    cut,
    page_of,
)


class UsageTools:
    """Each public method is a tool."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def usage_report(
        self,
        since: Annotated[
            str, Field(description="First day, as 2026-11-26; leave out for 14 days back.")
        ] = "",
        by: Annotated[
            Literal["day", "endpoint", "model", "conversation"],
            Field(description="What each row is about."),
        ] = "day",
        page: Page = 1,
    ) -> UsageReport:
        """Report turns, tokens, errors and speed up to today."""
        query = {"by": by, **({"since": since} if since else {})}
        async with refusing():
            try:
                found = await usage_data(query, self._desk.conversations)
            except BadQuery as error:
                raise ToolError(str(error)) from None
        rows, at, pages = page_of(found["rows"], page, _usage)
        return UsageReport(found["since"], found["until"], by, rows, at, pages)

    async def context_stats(
        self, ctx: Context[Any, Any], conversation: Conversation = ""
    ) -> ContextStats:
        """Tell how much of the model's context window this conversation uses."""
        async with refusing():
            name = await self._desk.conversation(meta_of(ctx), conversation)
            record, answered = await self._desk.record(name), await self._desk.answered(name)
            choice = await self._desk.conversations.ask(FindChoice(name))
            known = await self._desk.router.ask(FindKnownPlaces())
        if record is None:
            raise ToolError(f"nothing is known of {name} yet: its first answer has not ended")
        place = (choice.place if choice else "") or record.model
        windows = {each.place: each.context_tokens for each in known.places}
        return _stats(place, windows.get(place, 0), answered, record)

    async def route_explain(
        self,
        ctx: Context[Any, Any],
        turn: Annotated[
            str,
            Field(description="Id of a turn, or how one begins; `last` for this conversation's."),
        ] = LAST_TURN,
    ) -> RouteExplanation:
        """Explain where a turn went and why: each attempt, its place, reason and end."""
        if not 0 < len(turn) <= ID_CHARACTERS_MAX:
            raise ToolError("turn: give the id of a turn, how one begins, or `last`")
        async with refusing():
            beginning = turn
            if turn == LAST_TURN and (own := await self._desk.caller(meta_of(ctx))):
                answered = await self._desk.answered(own)
                beginning = answered[0].first_id if answered else turn
            lines = await self._desk.conversations.ask(FindLines(beginning))
        if not lines:
            raise ToolError(f"no turn is known whose id begins with {turn[:64]!r}")
        rows, _, _ = page_of(lines, 1, _attempt)
        return RouteExplanation(rows)


def _usage(row: dict[str, Any]) -> UsageLine:
    first, rate = row["first_byte_mean_seconds"], row["tokens_per_second"]
    return UsageLine(
        name=cut(row["name"]),
        turns=row["turns"],
        errors=row["errors"],
        cancelled=row["cancelled"],
        input_tokens=row["input_tokens"],
        cache_read_tokens=row["cache_read_tokens"],
        cache_creation_tokens=row["cache_creation_tokens"],
        output_tokens=row["output_tokens"],
        first_byte_mean_seconds=None if first is None else round(first, 3),
        tokens_per_second=None if rate is None else round(rate, 1),
    )


def _stats(
    place: str,
    window: int,
    answered: Sequence[TurnRecord],
    record: ConversationRecord,
) -> ContextStats:
    usage = answered[0].usage if answered else None
    used = size_of(answered, 0).tokens or record.input_tokens
    return ContextStats(
        conversation=record.conversation,
        place=place,
        used_tokens=used,
        cached_tokens=0 if usage is None else usage.cache_read_tokens,
        context_tokens=window or None,
        used_percent=round(100 * used / window, 1) if window else None,
        turns=record.turns,
        private=record.private,
        estimated=usage is None or usage.estimated,
    )


def _attempt(line: TurnRecord) -> RouteLine:
    return RouteLine(
        turn=line.first_id,
        attempt=line.attempt,
        conversation=line.conversation,
        place=f"{line.endpoint}/{line.model}" if line.endpoint else line.model,
        why=cut(line.why),
        outcome=line.outcome.value,
        status=line.status,
        total_seconds=round(line.total_seconds, 3),
        output_tokens=line.usage.output_tokens,
    )
