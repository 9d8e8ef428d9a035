"""The worker's two pipes: frames in, frames out, and neither ever holds up a computation.

Reading takes what is there; only an idle worker waits. What is written goes into a buffer first and
from there as far as the pipe takes it: a parent that does not read can neither stop the loop nor
fill the memory, for `unsent_bytes` tells how much of one request's answer waits, and the loop ends
a request whose answer nobody reads.
"""

from __future__ import annotations

import os
import select
from collections import defaultdict, deque
from typing import Final

from ....protocols.engine.frames import FrameBuffer, frame

READ_BYTES: Final = 256 * 1024
WRITE_FRAMES: Final = 64
"""So many frames go out with one call of the system."""
READ_FRAMES_MAX: Final = 256
"""So many frames are taken in one turn; a parent that floods cannot stop the computation."""


class ParentGone(Exception):
    """The other side of a pipe is closed: nobody waits for an answer any more."""


class Pipe:
    """Frames to and from the parent."""

    def __init__(self, source: int, sink: int) -> None:
        self._source, self._sink = source, sink
        os.set_blocking(source, False)
        os.set_blocking(sink, False)
        self._frames = FrameBuffer()
        self._out: deque[tuple[int, bytes]] = deque()
        self._unsent: defaultdict[int, int] = defaultdict(int)
        self._sent_of_first = 0
        self._has_more = False
        """Whether frames may have been read that were not taken: nobody must wait for those."""

    def receive(self, wait_seconds: float | None = 0.0) -> list[bytes]:
        """The payloads that are there; waits so long for the first (None: as long as it takes).

        Raises ParentGone, and FrameNonsense for bytes that are no frames.
        """
        self.flush()
        if not self._has_more:
            if wait_seconds != 0.0:
                self._wait(wait_seconds)
            self._read()
        return self._payloads()

    def send(self, request: int, payload: bytes) -> None:
        """Sends a payload of a request, now or when there is room."""
        data = frame(payload)
        self._out.append((request, data))
        self._unsent[request] += len(data)

    def unsent_bytes(self, request: int) -> int:
        """How much of a request's messages is still in the buffer."""
        return self._unsent.get(request, 0)

    def flush(self) -> None:
        """Writes as much as the pipe takes. Raises ParentGone."""
        while self._out:
            first = self._out[0][1][self._sent_of_first :]
            rest = (self._out[at][1] for at in range(1, min(len(self._out), WRITE_FRAMES)))
            try:
                sent = os.writev(self._sink, [first, *rest])
            except BlockingIOError:
                return
            except OSError as error:
                raise ParentGone from error
            self._drop(sent)

    def flush_within(self, seconds: float) -> None:
        """Writes everything, waiting at most so long for the parent to read."""
        while self._out:
            if not select.select([], [self._sink], [], seconds)[1]:
                return
            self.flush()

    def _wait(self, seconds: float | None) -> None:
        """Waits for bytes from the parent; or for room to write, if something is to be written."""
        sinks = [self._sink] if self._out else []
        select.select([self._source], sinks, [], seconds)
        self.flush()

    def _drop(self, sent: int) -> None:
        sent += self._sent_of_first
        while self._out and len(self._out[0][1]) <= sent:
            request, data = self._out.popleft()
            sent -= len(data)
            self._unsent[request] -= len(data)
            if not self._unsent[request]:
                del self._unsent[request]
        self._sent_of_first = sent

    def _read(self) -> None:
        try:
            data = os.read(self._source, READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            raise ParentGone from error
        if not data:
            raise ParentGone
        self._frames.receive_data(data)

    def _payloads(self) -> list[bytes]:
        found: list[bytes] = []
        while len(found) < READ_FRAMES_MAX:
            payload = self._frames.next_payload()
            if payload is None:
                break
            found.append(payload)
        self._has_more = len(found) == READ_FRAMES_MAX
        return found
