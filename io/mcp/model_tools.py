"""The tools about models on this machine: what lies here, what is in memory, and what would go."""

from __future__ import annotations

import os
from typing import Annotated, Any, Final

import trio
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from ...protocols.actor import ActorError
from ...protocols.engine.board import LOADING, EngineLine
from ...protocols.engine.control import Loaded, LoadModel, UnloadModel
from ...protocols.models.local_model import LocalModel
from ...protocols.resources.report import DescribeMemory, MemoryReport
from ...protocols.resources.words import STATES, describe_decision, describe_lease
from .desk import Desk
from .endpoint_tools import Page
from .meta import refusing
from .results import (
    HeldModel,
    LocalModelList,
    LocalModelRow,
    MemoryPressure,
    ModelLoaded,
    ModelUnloaded,
    cut,
    page_of,
)

DECISIONS_SHOWN: Final = 10
PROGRESS_SECONDS: Final = 0.5
READERS_MAX: Final = 2
"""Threads that read disks for models; calls that are cancelled leave theirs behind for a while."""
NOT_WATCHED: Final = "nobody watches this machine's memory"

Name = Annotated[
    str,
    Field(
        description="Place of a model on this machine: `served_as` in `model_list`, or `place` in "
        "`endpoint_list`."
    ),
]


class ModelTools:
    """Each public method is a tool."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._readers = trio.CapacityLimiter(READERS_MAX)

    async def model_list(self, page: Page = 1) -> LocalModelList:
        """List the models on this machine's disks: size, window, and whether one is loaded."""
        return await trio.to_thread.run_sync(
            self._library, page, abandon_on_cancel=True, limiter=self._readers
        )

    async def model_load(
        self,
        ctx: Context[Any, Any],
        name: Name,
        pin: Annotated[
            bool, Field(description="Keep it in memory: it leaves for no other model.")
        ] = False,
    ) -> ModelLoaded:
        """Load a local model into memory and wait until it is there. Idle models that are not
        pinned leave, if it needs their room."""
        began = trio.current_time()
        async with refusing():
            place = await self._desk.place(name)
            loaded = await self._loaded(ctx, LoadModel(place.endpoint, pin))
        return ModelLoaded(place.place, loaded.pinned, round(trio.current_time() - began, 2))

    async def model_unload(self, name: Name) -> ModelUnloaded:
        """Give a local model's memory back. Answers that it is making come to their end first."""
        async with refusing():
            place = await self._desk.place(name)
            found = await self._desk.router.ask(UnloadModel(place.endpoint))
        note = "" if found.was_loaded else "it was not in memory"
        if found.answers:
            note = f"it goes once {found.answers} answers are done"
        return ModelUnloaded(place.place, found.was_loaded, found.answers, note)

    async def memory_pressure(self) -> MemoryPressure:
        """Tell how this machine's memory is, who holds it, who would go next, and why."""
        resources = self._desk.board.resources
        if resources is None:
            raise ToolError(NOT_WATCHED)
        async with refusing():
            report = await resources.ask(DescribeMemory())
        return _pressure(report)

    def _library(self, page: int) -> LocalModelList:
        """One page of what lies on the disks; reads them."""
        served = {
            os.path.realpath(each.file): each
            for each in reversed(self._desk.settings().endpoints)
            if each.file is not None
        }
        lines = {line.name: line for line in self._desk.board.engines.lines}

        def row(model: LocalModel) -> LocalModelRow:
            paths = (model.path, *(each.path for each in model.elsewhere))
            found = (served.get(os.path.realpath(path)) for path in paths)
            endpoint = next((each for each in found if each is not None), None)
            if endpoint is None:
                return _row(model, None, None)
            return _row(model, f"{endpoint.name}/{endpoint.models[0]}", lines.get(endpoint.name))

        return LocalModelList(*page_of(self._desk.library().models, page, row))

    async def _loaded(self, ctx: Context[Any, Any], message: LoadModel) -> Loaded:
        """Has a model loaded, and reports how far that is. Raises ActorError."""
        found: Loaded | ActorError
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.report, ctx, message.endpoint)
            try:
                found = await self._desk.router.ask(message)
            except ActorError as error:  # out of the nursery it comes as it is, not in a group
                found = error
            nursery.cancel_scope.cancel("it is loaded, or is not going to be")
        if isinstance(found, ActorError):
            raise found
        return found

    async def report(self, ctx: Context[Any, Any], endpoint: str) -> None:
        """Reports how far an endpoint's model is, as often as that is further than before."""
        told = -1.0
        while True:
            await trio.sleep(PROGRESS_SECONDS)
            lines = self._desk.board.engines.lines
            loading = [
                line.loaded for line in lines if line.name == endpoint and line.state == LOADING
            ]
            if loading and max(loading) > told:
                told = max(loading)
                await ctx.report_progress(told, 1.0, "loading")


def _row(model: LocalModel, served_as: str | None, line: EngineLine | None) -> LocalModelRow:
    facts = model.facts
    return LocalModelRow(
        id=cut(model.id),
        source=model.source,
        size_bytes=model.size_bytes,
        parameters=facts.parameters or None,
        quantisation=facts.quantisation,
        context_tokens=facts.context_tokens or None,
        tools=facts.tools,
        served_as=served_as,
        state="not served" if served_as is None else "stopped" if line is None else line.state,
        problem=cut(model.problem),
    )


def _pressure(report: MemoryReport) -> MemoryPressure:
    reading = report.reading
    models = [
        HeldModel(
            place=f"{each.endpoint}/{each.model}",
            state=describe_lease(each),
            bytes=each.measured_bytes or each.need.total_bytes,
            pinned=each.pinned,
        )
        for each in report.leases
    ]
    may_go = [each for each in report.leases if not each.pinned and not each.answers]
    first = max(may_go, key=lambda each: each.idle_seconds, default=None)
    lines = report.decisions[-DECISIONS_SHOWN:]
    return MemoryPressure(
        state=report.state,
        words=STATES.get(report.state, report.state),
        total_bytes=reading.total_bytes,
        available_bytes=reading.available_bytes,
        kept_free_bytes=report.floor_bytes,
        models=models,
        next_to_leave=None if first is None else f"{first.endpoint}/{first.model}",
        decisions=[cut(describe_decision(line)) for line in reversed(lines)],
    )
