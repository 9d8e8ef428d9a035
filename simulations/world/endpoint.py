"""One end of a virtual TCP connection: what is on its way to it, what it holds unread.

Segments arrive in the order in which they were sent, each when its `Path` says. Nothing runs in
between: whoever looks at an end first takes in what has arrived by now (`settle`), and whoever
waits sets a deadline for the next arrival. Behaviour is that of Linux, held against real sockets in
`tests/conformance/test_tcp.py`: data that came before an RST can still be read, the error is told
once, and later sends fail with EPIPE.

What is on its way is bounded by the window, to an end that has closed as well.
"""

from __future__ import annotations

from collections import deque
from enum import Enum, auto
from math import inf
from typing import TYPE_CHECKING

import trio

if TYPE_CHECKING:
    from .path import Path

WINDOW_BYTES = 64 * 1024
"""Sent and not yet read by the other side; a sender waits for room."""
WINDOW_UPDATE_BYTES = WINDOW_BYTES // 4
"""A window that was full opens by so much at once (RFC 9293, 3.8.6.2): else a large answer would
dwindle into segments of a few bytes."""

EBADF, EPIPE, EADDRINUSE, ECONNRESET, ENOTCONN = 9, 32, 98, 104, 107
ETIMEDOUT, ECONNREFUSED, EHOSTUNREACH, EAI_NONAME, EAI_AGAIN = 110, 111, 113, -2, -3
"""Linux's numbers, on every platform: a run is the same everywhere."""


class Signal(Enum):
    """What is sent besides bytes."""

    FIN = auto()
    RST = auto()


class Endpoint:
    """See the module. `peer` is the other end, which always exists."""

    def __init__(self, path: Path) -> None:
        self.peer = self
        self.path = path
        self.closed = False
        self.sent_fin = False
        self.unread_bytes = 0
        """Of the peer's window: on the way to us, or here and not read."""
        self._arriving = deque[tuple[float, bytes | Signal]]()
        self._received = deque[bytes]()
        self._is_resetting = False
        self._got_fin = False
        self._got_reset = False
        self._untold: OSError | None = None
        self._waiting = trio.lowlevel.ParkingLot()

    async def send(self, data: bytes) -> int:
        """Sends what there is room for, or less. Raises OSError or ClosedResourceError."""
        await trio.lowlevel.checkpoint()
        while True:
            self._check_open()
            self._settle()
            if self._got_reset or self.sent_fin:
                raise self._take_untold() or BrokenPipeError(EPIPE, "Broken pipe")
            room = WINDOW_BYTES - self.peer.unread_bytes
            if room >= min(len(data), WINDOW_UPDATE_BYTES):
                break
            await self._wait()
        taken = bytes(data[: self.path.network.draw_size(min(room, len(data)))])
        if taken:
            self.peer.put(taken)
        return len(taken)

    async def receive(self, bytes_max: int) -> bytes:
        """Waits for bytes; b"" after the end. Raises OSError or ClosedResourceError."""
        await trio.lowlevel.checkpoint()
        self._check_open()
        while not self.readable:
            await self._wait()
        if self._received:
            return self._take(bytes_max)
        error = self._take_untold()
        if error is not None and error.errno == ECONNRESET:
            raise error
        return b""

    @property
    def readable(self) -> bool:
        """Whether `receive` has something to say at once."""
        self._settle()
        return bool(self._received) or self._got_fin or self._got_reset

    def send_fin(self) -> None:
        """Half-closes. Raises OSError after a reset."""
        self._settle()
        if self._got_reset:
            raise OSError(ENOTCONN, "Transport endpoint is not connected")
        if not self.sent_fin:
            self.sent_fin = True
            self.peer.put(Signal.FIN)

    def close(self, *, reset: bool) -> None:
        """Closes now; by RST if told so, or if something was not read, else by FIN."""
        if self.closed:
            return
        self._settle()
        self.closed = True
        self._waiting.unpark_all()
        if not self._got_reset:
            if reset or self._received:
                self.peer.put(Signal.RST)
            else:
                self.send_fin()
                if any(isinstance(segment, bytes) for _, segment in self._arriving):
                    self.peer.put(Signal.RST)  # what is on its way meets a closed socket
        self.path.network.forget(self)

    def put(self, segment: bytes | Signal) -> None:
        """Takes a segment from the other end; it arrives after the latency, in order."""
        if isinstance(segment, bytes):
            self.unread_bytes += len(segment)
        if self.closed:
            if isinstance(segment, bytes) and not self.peer.closed:
                self.peer.put(Signal.RST)
            return
        if self._is_resetting:
            return  # nothing is heard after an RST
        due = self.path.draw_due_seconds()
        if self._arriving:
            due = max(due, self._arriving[-1][0])
        else:
            self._waiting.unpark_all()  # who waits has a deadline only while something arrives
        self._is_resetting = segment is Signal.RST
        self._arriving.append((due, segment))

    def _settle(self) -> None:
        path, now = self.path, trio.current_time()
        while self._arriving and self._due_seconds() <= min(now, path.breaks_seconds):
            segment = self._arriving.popleft()[1]
            if isinstance(segment, bytes):
                self._received.append(segment)
            elif segment is Signal.FIN:
                self._got_fin = True
            else:
                self._get_reset()
        if path.is_broken:
            self._get_reset()

    def _get_reset(self) -> None:
        if not self._got_reset:
            self._got_reset = True
            self._untold = (
                BrokenPipeError(EPIPE, "Broken pipe")
                if self._got_fin
                else ConnectionResetError(ECONNRESET, "Connection reset by peer")
            )

    def _due_seconds(self) -> float:
        """When the next segment arrives."""
        return max(self._arriving[0][0], self.path.held_until) if self._arriving else inf

    def _take(self, bytes_max: int) -> bytes:
        first = self._received.popleft()
        if len(first) > bytes_max:
            self._received.appendleft(first[bytes_max:])
            first = first[:bytes_max]
        self.unread_bytes -= len(first)
        self.peer.wake()
        return first

    def wake(self) -> None:
        """Lets who waits here look again."""
        self._waiting.unpark_all()

    def _take_untold(self) -> OSError | None:
        error, self._untold = self._untold, None
        return error

    async def _wait(self) -> None:
        due_seconds = min(self._due_seconds(), self.path.breaks_seconds)
        if due_seconds == inf:  # most wait for what nobody has sent yet, and a scope costs as much
            await self._waiting.park()
        else:
            with trio.move_on_at(due_seconds):
                await self._waiting.park()
        self._check_open()

    def _check_open(self) -> None:
        if self.closed:
            raise trio.ClosedResourceError("another task closed this socket")
