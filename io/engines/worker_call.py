"""One request to a worker: what the worker has said about it and nobody has read yet.

What comes is kept as it came, at most BUFFER_BYTES_MAX of it beside a first message: a reader that
is so slow is told that its answer is broken, and nobody else waits for it.
"""

from __future__ import annotations

import trio

from ...protocols.engine.envelope import LAST, opened
from ...protocols.engine.frames import frame
from ..ports import Headers, UpstreamBroken, UpstreamResponse, UpstreamUnreachable

BUFFER_BYTES_MAX = 4 * 1024 * 1024
"""Of one answer, unread."""


class Call(UpstreamResponse):
    """A request in flight, and its response. The line tells it what comes; one reader waits."""

    def __init__(self, request: int, *, quick: bool = False) -> None:
        self.request = request
        self.quick = quick
        """Whether it is answered so soon that it is never stopped."""
        self.status = 0
        self.headers: Headers = ()
        self.sent = False
        """Whether the worker may have seen all of it."""
        self.left = False
        """Whether nobody reads any more."""
        self.cancelled = False
        """Whether its computation has been told to stop."""
        self.ended = trio.Event()
        """Nothing will come any more: the last message is here, or the worker is gone."""
        self._broken = ""
        self._unread: list[bytes] = []
        self._unread_bytes = 0
        self._changed = trio.lowlevel.ParkingLot()

    def take(self, name: str, payload: bytes) -> bool:
        """Takes the next message; false if too much is unread. Raises msgspec.MsgspecError."""
        if name in LAST:
            self.ended.set()
        if self.left or self._broken:
            return True
        if self.status:
            self._keep(frame(payload))
        else:
            opening = opened(name, payload)
            self.status, self.headers = opening.status, opening.headers
            self._keep(opening.body or frame(payload))
        return self._unread_bytes <= BUFFER_BYTES_MAX or len(self._unread) == 1

    def break_off(self, words: str) -> None:
        """Nothing more will come, and the answer is not whole."""
        if not self.ended.is_set():
            self._broken = self._broken or words
        self.wake()

    def wake(self) -> None:
        """Lets the reader look again."""
        self._changed.unpark_all()

    async def wait_opened(self) -> None:
        """Waits for the first message. Raises UpstreamUnreachable or UpstreamBroken."""
        while not (self.status or self._broken):
            await self._changed.park()
        if not self.status:
            raise (UpstreamBroken if self.sent else UpstreamUnreachable)(self._broken)

    async def receive(self) -> bytes:
        """See UpstreamResponse.receive: all frames that have come."""
        if self._unread or self._broken or self.ended.is_set():
            await trio.lowlevel.checkpoint()
        while not (self._unread or self._broken or self.ended.is_set()):
            await self._changed.park()
        if self._broken and not self._unread:
            raise UpstreamBroken(self._broken)
        data = b"".join(self._unread)
        self._unread.clear()
        self._unread_bytes = 0
        return data

    def _keep(self, data: bytes) -> None:
        self._unread.append(data)
        self._unread_bytes += len(data)
