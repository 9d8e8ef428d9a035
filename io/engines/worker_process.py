"""A worker from its `Load` to its `Save`: a running engine that speaks the dialect "worker".

It may take its time to load, as long as it goes on: what is bounded is how long it makes no
progress. When it is told to go, it is asked first to write down the prefixes that it has read, so
that the next one need not read them again; that is bounded too.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import trio

from ...protocols.engine.messages import (
    Load,
    LoadFailed,
    Loading,
    Ready,
    Save,
    decode_from_worker,
    encode,
)
from ...protocols.engine.page import Page
from ..ports import EngineError, EngineProcess, EngineSpec, Headers, UpstreamError, UpstreamRequest
from .worker_line import Peer, WorkerLine
from .worker_upstream import WorkerUpstream

START_SECONDS = 120.0
"""How long a load may make no progress."""
LOAD_SECONDS_MAX = 1800.0
"""From spawn to ready, whatever progress it makes."""
PROGRESS_MIN = 0.001
"""Less than this is none."""
SAVE_SECONDS = 5.0
"""How long it may write what it remembers before it is stopped."""
BASE_URL = "worker://local"


class Child(Peer, Protocol):
    """The process of a worker."""

    spec: EngineSpec

    @property
    def process_id(self) -> int:
        """The operating system's id of the process."""
        ...

    @property
    def has_ended(self) -> bool:
        """Whether there is nobody to talk to any more."""
        ...

    def kill(self) -> None:
        """Kills it now. Safe to call again."""
        ...

    def failure(self, what: str) -> EngineError:
        """An EngineError that names the model and ends with the engine's own last lines."""
        ...

    async def failed_start(self) -> EngineError:
        """The error of a process that has ended, or is about to, instead of becoming ready."""
        ...


class WorkerProcess(EngineProcess):
    """A running worker; `report` is told how far it has loaded, from 0 to 1."""

    def __init__(self, child: Child, page: Page, report: Callable[[float], None]) -> None:
        self.base_url = BASE_URL
        self.headers: Headers = ()
        self._child = child
        self._report = report
        self._line = WorkerLine(child, page, self._hear)
        self.upstream = self._upstream = WorkerUpstream(self._line)
        self._fraction = 0.0
        self._failure = ""

    @property
    def process_id(self) -> int:
        """See EngineProcess.process_id."""
        return self._child.process_id

    @property
    def in_flight(self) -> int:
        """How many requests have not ended, draining ones too."""
        return self._line.in_flight

    async def wait(self) -> str:
        """See EngineProcess.wait; by then all that was in flight is broken off."""
        how = await self._child.wait()
        await self._line.lost.wait()
        return how

    def kill(self) -> None:
        """See EngineProcess.kill."""
        self._child.kill()

    async def start(self, load: Load, start_seconds: float = START_SECONDS) -> None:
        """Has the model loaded. Raises EngineError."""
        self._line.start()
        self._line.send(encode(load))
        with trio.move_on_after(LOAD_SECONDS_MAX) as limit:
            while self.ready is None:
                await self._wait_for_progress(start_seconds)
                if self._failure:  # it says all that its log does
                    spec = self._child.spec
                    where = f"engine {spec.name} ({spec.file})"
                    raise EngineError(f"{where} could not start: {self._failure}")
                if self._line.gone:
                    raise await self._child.failed_start()
        if limit.cancelled_caught:
            raise self._child.failure(f"was not ready within {LOAD_SECONDS_MAX:g} s")

    async def save(self) -> None:
        """Has what it remembers written down; takes at most SAVE_SECONDS, also if cancelled."""
        if self._child.has_ended or not self._child.spec.state_bytes:
            return
        request = UpstreamRequest("POST", f"{BASE_URL}/save", (), encode(Save(0)))
        with trio.move_on_after(SAVE_SECONDS, shield=True), suppress(UpstreamError):
            async with self._upstream.open(request) as response:
                while await response.receive():
                    pass

    async def _wait_for_progress(self, seconds: float) -> None:
        """Waits until it is further, ready, has failed or is gone. Raises EngineError."""
        fraction = self._fraction
        with trio.move_on_after(seconds) as patience:
            while not (self.ready or self._failure or self._line.gone):
                if self._fraction >= fraction + PROGRESS_MIN:
                    return
                await self._line.news.park()
        if patience.cancelled_caught:
            far = f"{fraction:.0%} loaded" if fraction else "nothing loaded"
            words = f"was not ready: no progress within {seconds:g} s, {far}"
            raise self._child.failure(words)

    def _hear(self, payload: bytes) -> None:
        match decode_from_worker(payload):
            case Loading(fraction):
                self._fraction = max(self._fraction, min(fraction, 1.0))
                self._report(self._fraction)
            case LoadFailed(message):
                self._failure = message
            case Ready() as ready if self.ready is None:
                self.ready = ready
                self._line.step_seconds = ready.step_seconds
            case _:
                pass  # a worker that says twice that it is ready is ready
