"""One direction of the pipes between a backend and its worker, in virtual time.

It holds as much as a pipe of Linux does; who writes more waits for a reader. What was written comes
in order and whole, and in any pieces: some reads yield less than there is. An end that closes is
seen by the other, at once if it writes, and after all that was written if it reads.
"""

from __future__ import annotations

from random import Random
from typing import Final

import trio

PIPE_BYTES: Final = 65_536
SPLIT_CHANCE: Final = 0.1
"""How often a read yields less than there is."""


class Pipe:
    """See the module."""

    def __init__(self, random: Random) -> None:
        self.late_seconds = 0.0
        """How long its reader's machine is busy with something else, each time."""
        self._random = random
        self._held = bytearray()
        self._write_closed = False
        self._read_closed = False
        self._changed = trio.lowlevel.ParkingLot()

    @property
    def is_closed(self) -> bool:
        """Whether both ends are closed."""
        return self._write_closed and self._read_closed

    async def send(self, data: bytes) -> None:
        """Writes all of it, at once where there is room. Raises trio.BrokenResourceError."""
        while data:
            self._check_open()
            room = PIPE_BYTES - len(self._held)
            if room:
                self._held += data[:room]
                data = data[room:]
                self._changed.unpark_all()
            else:
                await self._changed.park()

    async def receive(self, bytes_max: int | None = None) -> bytes:
        """Waits for bytes; b"" when the writer has closed."""
        await trio.lowlevel.checkpoint()
        while not self._held and not self._write_closed:
            if self._read_closed:
                raise trio.ClosedResourceError("this end of the pipe is closed")
            await self._changed.park()
        if self.late_seconds:
            await trio.sleep(self.late_seconds)
        return self.receive_nowait(bytes_max)

    def receive_nowait(self, bytes_max: int | None = None) -> bytes:
        """What there is, or a part of it; b"" if there is nothing."""
        count = len(self._held) if bytes_max is None else min(bytes_max, len(self._held))
        if count > 1 and self._random.random() < SPLIT_CHANCE:
            count = self._random.randint(1, count)
        data = bytes(self._held[:count])
        del self._held[:count]
        if data:
            self._changed.unpark_all()
        return data

    def close_writing(self) -> None:
        """The writer closes its end, or has died."""
        self._write_closed = True
        self._changed.unpark_all()

    def close_reading(self) -> None:
        """The reader closes its end, or has died: what was written is lost."""
        self._read_closed = True
        self._held.clear()
        self._changed.unpark_all()

    @property
    def has_ended(self) -> bool:
        """Whether nothing will come out any more."""
        return self._write_closed and not self._held

    def _check_open(self) -> None:
        if self._write_closed:
            raise trio.ClosedResourceError("this end of the pipe is closed")
        if self._read_closed:
            raise trio.BrokenResourceError("the other end of the pipe is closed")


class PipeWriter(trio.abc.SendStream):
    """The end of a pipe that a backend writes to."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        """See SendStream.send_all."""
        await trio.lowlevel.checkpoint()
        await self._pipe.send(bytes(data))

    async def wait_send_all_might_not_block(self) -> None:
        """See SendStream.wait_send_all_might_not_block."""
        await trio.lowlevel.checkpoint()

    async def aclose(self) -> None:
        """Closes this end."""
        self._pipe.close_writing()
        await trio.lowlevel.checkpoint()


class PipeReader(trio.abc.ReceiveStream):
    """The end of a pipe that a backend reads from."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        """See ReceiveStream.receive_some."""
        return await self._pipe.receive(max_bytes)

    async def aclose(self) -> None:
        """Closes this end."""
        self._pipe.close_reading()
        await trio.lowlevel.checkpoint()
