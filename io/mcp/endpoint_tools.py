"""The tools about endpoints: what there is, which one answers, which would, and how quick it is."""

from __future__ import annotations

from statistics import median
from typing import Annotated, Any, Final, Literal

import trio
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from ...protocols.advice.sentences import reason, summary, why_not
from ...protocols.switching.choice import FindChoice
from ...protocols.switching.known import FindKnownPlaces, KnownPlace
from ...protocols.turn import EndpointStatus
from ..locked_file import FileUnusable
from ..settings_file import default_file_of
from .desk import Desk
from .meta import meta_of, refusing
from .results import (
    PlaceList,
    PlaceRow,
    Ranked,
    Recommendation,
    Switched,
    TestReport,
    TestRun,
    cut,
    page_of,
)
from .switch import Switcher
from .trial_turn import try_place

RUNS_MAX: Final = 5
RANKING_SHOWN: Final = 12
NO_DEFAULT: Final = (
    "a tool may not change everybody's default here; nothing was changed. The user can allow it "
    "with `set_default = true` below `[mcp]` in the settings, or set it by `understudy endpoints "
    "default PLACE`"
)

Endpoint = Annotated[
    str,
    Field(description="Place `endpoint/model`, or the name of an endpoint or model that is here."),
]
Conversation = Annotated[
    str, Field(description="Id of the conversation meant; leave out for the one that calls.")
]
Page = Annotated[int, Field(description="Page of the list, from 1.", ge=1)]
Goal = Annotated[
    Literal["", "long", "fast", "cheap", "private", "good"],
    Field(description="What matters most; leave out for all of it."),
]
Scope = Annotated[
    Literal["answer", "conversation", "default"],
    Field(
        description="`answer`: only what is left of the present answer. `conversation`: from now "
        "on. `default`: for all new conversations, if the user allows it."
    ),
]


class EndpointTools:
    """Each public method is a tool."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def endpoint_list(self, ctx: Context[Any, Any], page: Page = 1) -> PlaceList:
        """List the models that can answer now, with window, state and which one is chosen."""
        async with refusing():
            known = await self._desk.router.ask(FindKnownPlaces())
            statuses = await self._desk.statuses()
            own = await self._desk.caller(meta_of(ctx))
            choice = await self._desk.conversations.ask(FindChoice(own)) if own else None
        rows, at, pages = page_of(
            known.places, page, lambda each: _row(each, statuses, known.default)
        )
        return PlaceList(rows, known.default, choice.place if choice else None, at, pages)

    async def endpoint_set(
        self,
        ctx: Context[Any, Any],
        endpoint: Endpoint,
        scope: Scope = "conversation",
        conversation: Conversation = "",
    ) -> Switched:
        """Switch which model answers this conversation. Only do so if the user wants it."""
        async with refusing():
            place = await self._desk.place(endpoint)
            if scope == "default":
                return await self._set_default(place)
            mine = await self._desk.conversation_to_change(meta_of(ctx), conversation)
            switcher = Switcher(self._desk.router, self._desk.conversations)
            return await switcher.switch(mine, place.place, scope)

    async def endpoint_recommend(
        self,
        ctx: Context[Any, Any],
        goal: Annotated[
            Goal, Field(description="What matters most; leave out for all of it.")
        ] = "",
    ) -> Recommendation:
        """Recommend a model for this conversation, with reasons and numbers. Changes nothing."""
        async with refusing():
            own = await self._desk.caller(meta_of(ctx))
            advice = await self._desk.advise(own or "", goal)
        ranking = [
            Ranked(each.place, each.share, cut(reason(advice, each)))
            for each in advice.ranked[:RANKING_SHOWN]
        ]
        left_out = [cut(why_not(each)) for each in advice.left_out[:RANKING_SHOWN]]
        best = None if advice.best is None else advice.best.place
        return Recommendation(cut(summary(advice)), best, ranking, left_out)

    async def endpoint_test(
        self,
        ctx: Context[Any, Any],
        endpoint: Endpoint,
        runs: Annotated[
            int, Field(description="How many answers to measure.", ge=1, le=RUNS_MAX)
        ] = 1,
    ) -> TestReport:
        """Measure a model: time to its first token, and tokens per second. Costs about 100 tokens
        a run there."""
        async with refusing():
            place = await self._desk.place(endpoint)
            measured: list[TestRun] = []
            for number in range(runs):
                await ctx.report_progress(number, runs)
                measured.append(await try_place(self._desk, place.place))
        first = [each.first_token_seconds for each in measured if each.first_token_seconds]
        rates = [each.tokens_per_second for each in measured if each.tokens_per_second]
        return TestReport(
            place.place,
            measured,
            round(median(first), 3) if first else None,
            round(median(rates), 1) if rates else None,
        )

    async def _set_default(self, place: KnownPlace) -> Switched:
        if not self._desk.settings().mcp.set_default:
            raise ToolError(NO_DEFAULT)
        file = default_file_of(self._desk.settings_file)
        if file is None:
            raise ToolError(f"{self._desk.settings_file}: a settings file cannot have this name")
        try:
            await trio.to_thread.run_sync(file.put, place.place)  # it waits for the disk
        except FileUnusable as error:
            raise ToolError(str(error)) from None
        note = f"written to {file.path}; it applies within a second"
        return Switched(place.place, "default", None, note, "understudy endpoints default --clear")


def _row(place: KnownPlace, statuses: dict[str, EndpointStatus], default: str) -> PlaceRow:
    status = statuses.get(place.endpoint)
    return PlaceRow(
        place=place.place,
        endpoint=place.endpoint,
        model=place.model,
        default=place.place == default or place.model == default,
        here=place.here,
        private=status is not None and status.private,
        context_tokens=place.context_tokens or None,
        state="a rule" if status is None else status.state,
        why="" if status is None else cut(status.why),
    )
