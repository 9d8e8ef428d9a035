"""The two pipes to a worker, and the requests in flight on them.

One task reads, one writes, and neither waits for anybody else: what comes is given to its call,
what is to be sent lies in a queue, and a `Cancel` overtakes all that has not begun to be written.

A worker is trusted with nothing. One that sends what is no message, speaks about a request that
does not exist, closes its pipe, does not read, or does not stop what was cancelled, is condemned:
killed, with the reason in the words that every one of its calls breaks with.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

import msgspec
import trio

from ...protocols.engine.envelope import numbered, read_label
from ...protocols.engine.frames import FrameBuffer, FrameNonsense, frame
from ...protocols.engine.messages import Cancel, encode
from ...protocols.engine.page import Page, request_abort
from ..ports import UpstreamUnreachable
from .worker_call import BUFFER_BYTES_MAX, Call

JOIN_SECONDS = 0.1
"""How long whoever leaves waits for the computation to stop; then it is draining."""
DRAIN_SECONDS_MIN = 2.0
"""How long a draining request may go on, at least; then its worker is killed."""
DRAIN_STEPS = 5
"""How many of its slowest measured steps a worker is given for it, if that is longer."""
GRACE_SECONDS = 0.1
"""For what has come while our own loop was held up, and is not read yet."""
RECEIVE_BYTES = 64 * 1024
SEND_BYTES = 64 * 1024
"""At a time: so much a worker takes from its pipe between two steps."""
SEND_SECONDS = 10.0
"""How long it may take none of it."""
EXIT_SECONDS = 0.5
"""Between the end of its pipe and its own."""
CALLS_MAX = 256
"""Requests in flight, draining ones too."""
QUICK = frozenset({"Count", "Render"})
"""What is answered between two steps: who leaves it stops nobody's computation."""


class Peer(Protocol):
    """The process at the other end, as far as the line has to do with it."""

    background: trio.Nursery

    @property
    def stdin(self) -> trio.abc.SendStream:
        """What the process reads."""
        ...

    @property
    def stdout(self) -> trio.abc.ReceiveStream:
        """What the process says."""
        ...

    async def wait(self) -> str:
        """Waits until it has ended and says how."""
        ...

    def condemn(self, why: str) -> None:
        """Kills it, and has `wait` say why; nothing happens to one that has ended."""
        ...


class WorkerLine:
    """Carries requests to a worker. `hear` is told each message that is about no request."""

    def __init__(self, child: Peer, page: Page, hear: Callable[[bytes], None]) -> None:
        self.step_seconds = 0.0
        """The slowest step that was measured."""
        self.news = trio.lowlevel.ParkingLot()
        """Unparked when `hear` was told something, and when the process is gone."""
        self.lost = trio.Event()
        """Nothing is in flight any more, and nothing can be asked."""
        self._child = child
        self._page = page
        self._hear = hear
        self._calls: dict[int, Call] = {}
        self._requests = 0
        self._cancels: deque[bytes] = deque()
        self._queue: deque[tuple[Call | None, bytes]] = deque()
        self._wanted = trio.lowlevel.ParkingLot()
        self._gone = ""

    def start(self) -> None:
        """Reads and writes from now on, until the process is gone."""
        self._child.background.start_soon(self._read)
        self._child.background.start_soon(self._write)

    @property
    def gone(self) -> str:
        """How the process has ended, "" while it has not."""
        return self._gone

    @property
    def in_flight(self) -> int:
        """How many requests have not ended."""
        return len(self._calls)

    def send(self, payload: bytes) -> None:
        """Sends a message that is about no request."""
        self._queue.append((None, frame(payload)))
        self._wanted.unpark_all()

    def ask(self, payload: bytes) -> Call:
        """Sends a request, with a number. Raises UpstreamUnreachable."""
        if self._gone:
            raise UpstreamUnreachable(self._gone)
        if len(self._calls) >= CALLS_MAX:
            raise UpstreamUnreachable(f"{CALLS_MAX} requests are in flight already")
        self._requests += 1
        quick = read_label(payload).name in QUICK
        call = self._calls[self._requests] = Call(self._requests, quick=quick)
        self._queue.append((call, frame(numbered(payload, call.request))))
        self._wanted.unpark_all()
        return call

    async def leave(self, call: Call) -> None:
        """Nobody reads this any more: stops its computation and waits a little until it has.

        Waits for at most JOIN_SECONDS, under cancellation too.
        """
        call.left = True
        self._cancel(call)
        if not (call.ended.is_set() or call.quick):
            with trio.move_on_after(JOIN_SECONDS, shield=True):
                await call.ended.wait()
        if call.ended.is_set():
            self._calls.pop(call.request, None)
        elif not call.quick:
            self._child.background.start_soon(self._watch, call)

    def _cancel(self, call: Call) -> None:
        if call.ended.is_set() or call.cancelled:
            return
        call.cancelled = True
        for waiting in self._queue:
            if waiting[0] is call:  # nothing of it has been written
                self._queue.remove(waiting)
                call.ended.set()
                return
        if call.quick:
            return
        generation = request_abort(self._page)
        self._cancels.append(frame(encode(Cancel(call.request, generation))))
        self._wanted.unpark_all()

    async def _watch(self, call: Call) -> None:
        """Kills a worker that does not stop what was cancelled."""
        seconds = max(DRAIN_SECONDS_MIN, DRAIN_STEPS * self.step_seconds)
        for patience in (seconds, GRACE_SECONDS):
            with trio.move_on_after(patience):
                await call.ended.wait()
        if call.ended.is_set():
            self._calls.pop(call.request, None)
        else:
            self._child.condemn(f"did not stop within {seconds:g} s of being told to")

    async def _read(self) -> None:
        """Gives to each call what comes for it, and breaks all of them off in the end."""
        words = "the engine was stopped"
        try:
            await self._read_frames()
            with trio.move_on_after(EXIT_SECONDS):
                await self._child.wait()
            self._child.condemn("closed its pipe and went on")
            words = await self._child.wait()
        finally:
            self._lose(words)

    async def _read_frames(self) -> None:
        frames = FrameBuffer()
        try:
            while data := await self._child.stdout.receive_some(RECEIVE_BYTES):
                frames.receive_data(bytes(data))
                heard = dict[int, Call]()
                while (payload := frames.next_payload()) is not None:
                    self._note(payload, heard)
                for call in heard.values():
                    call.wake()
        except (FrameNonsense, msgspec.MsgspecError) as error:
            self._child.condemn(f"wrote nonsense: {error}")
        except trio.ClosedResourceError:
            pass  # it was reaped and its pipes closed

    def _note(self, payload: bytes, heard: dict[int, Call]) -> None:
        label = read_label(payload)
        if not isinstance(label.request, int):
            self._hear(payload)
            self.news.unpark_all()
            return
        call = heard[label.request] = self._call(label.request)
        taken = call.take(label.name, payload)
        if call.left and call.quick:
            del self._calls[call.request]
        elif not taken:
            call.break_off(f"{BUFFER_BYTES_MAX} bytes of the answer were waiting for their reader")
            self._cancel(call)

    def _call(self, request: int) -> Call:
        call = self._calls.get(request)
        if call is None or call.ended.is_set():
            raise FrameNonsense(f"a message about request {request}, which is not in flight")
        return call

    def _lose(self, words: str) -> None:
        self._gone = words
        for call in self._calls.values():
            call.break_off(words)
            call.ended.set()
        self._calls.clear()
        self._queue.clear()
        self._cancels.clear()
        self.lost.set()
        self.news.unpark_all()

    async def _write(self) -> None:
        try:
            while True:
                while not (self._cancels or self._queue):
                    await self._wanted.park()
                call, data = self._next()
                if not await self._send(data):
                    self._child.condemn(f"read nothing for {SEND_SECONDS:g} s")
                    return
                if call is not None:
                    call.sent = True
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            pass  # it is gone, and whoever reads will see it

    def _next(self) -> tuple[Call | None, bytes]:
        return (None, self._cancels.popleft()) if self._cancels else self._queue.popleft()

    async def _send(self, data: bytes) -> bool:
        """Whether the worker took it; it may take its time, but not stand still."""
        pieces = memoryview(data)
        for start in range(0, len(data), SEND_BYTES):
            with trio.move_on_after(SEND_SECONDS) as patience:
                await self._child.stdin.send_all(pieces[start : start + SEND_BYTES])
            if patience.cancelled_caught:
                return False
        return True
