"""A worker as a peer like any other: what is asked of it has a response, whose bytes are frames.

The body of a request is one encoded message without a number (protocols/engine/envelope.py); its
address says nothing and is not looked at. A response begins with the first message about the
request, which may be a refusal; leaving it stops the computation.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import trio

from ..ports import Upstream, UpstreamRequest, UpstreamResponse, UpstreamStatistics
from .worker_line import WorkerLine


class WorkerUpstream(Upstream):
    """What a worker is asked, over its line."""

    def __init__(self, line: WorkerLine) -> None:
        self._line = line

    def open(self, request: UpstreamRequest) -> AbstractAsyncContextManager[UpstreamResponse]:
        """See Upstream.open."""
        return self._open(request)

    @asynccontextmanager
    async def _open(self, request: UpstreamRequest) -> AsyncGenerator[UpstreamResponse]:
        await trio.lowlevel.checkpoint_if_cancelled()
        call = self._line.ask(request.body)
        try:
            await call.wait_opened()
            yield call
        finally:
            await self._line.leave(call)

    async def aclose(self) -> None:
        """Nothing: the worker ends with the block that it was opened by."""
        await trio.lowlevel.checkpoint()

    def statistics(self) -> UpstreamStatistics:
        """See Upstream.statistics: the requests in flight, draining ones too."""
        return UpstreamStatistics(self._line.in_flight, 0)
