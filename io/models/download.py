"""One file from a hub to the disk: ranges in parallel, tried again, resumed, checked, put in place.

Each connection takes the next range, and goes on in it where it was cut. The hub's redirect to the
file's host is remembered and asked for again only when that host does not honour it any more. A
server that ignores ranges is asked once more for the whole, by one connection. The file's place is
taken only after its content was read again and has the digest that the hub had told before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final, cast

import attrs
import trio

from ...protocols.models.hub_address import Wanted
from ...protocols.models.hub_api import HubFile, etag_of
from ...protocols.models.hub_failure import Asked, Refused
from ...protocols.models.hub_ranges import CONNECTIONS, RANGE_BYTES, Interval, content_range
from ..ports import Headers
from .download_file import PartFile, open_digest, open_part
from .download_place import DownloadFailed, FilePlace
from .hub_client import HubAnswer, HubClient, HubFailed, Stall, Tries

WRITE_BYTES: Final = 1024 * 1024
"""Collected before they are written, so that a write is worth its change of thread."""
PROGRESS_BYTES_MIN: Final = 64 * 1024
"""What a try must bring to count as one that did not fail."""


Blocking = Callable[[Callable[[], object]], Awaitable[object]]
"""Runs what waits for the disk, in a thread of its own."""


class ContentChanged(Exception):
    """The hub has another content now than when it listed the file."""


class _RangesIgnored(Exception):
    """The server sends the whole file whatever is asked for."""


@attrs.frozen
class DownloadProgress:
    """How far a file is: bytes that are here, or that were checked."""

    path: str
    done_bytes: int
    size_bytes: int
    checking: bool = False


@attrs.define(eq=False)
class Download:
    """One file's. `report` is told how far it is, `notice` what a person should know."""

    client: HubClient
    wanted: Wanted
    commit: str
    file: HubFile
    models_dir: Path
    report: Callable[[DownloadProgress], None]
    range_bytes: int = RANGE_BYTES
    connections: int = CONNECTIONS
    blocking: Blocking = trio.to_thread.run_sync
    _received: int = 0
    _located: str = ""

    async def run(self) -> Path:
        """Fetches it. Raises HubFailed, DownloadFailed, ContentChanged, FolderUnusable."""
        place = FilePlace.below(self.models_dir, self.wanted.repository, self.file.path)
        if place.is_here(self.file):
            await trio.lowlevel.checkpoint()
            return place.file
        is_unknown = place.is_unknown(self.file)
        with open_part(self.models_dir, place, self.file) as part:
            if is_unknown and await self._is_this(place):
                part.record = part.record.with_interval(0, self.file.size_bytes)
                place.write_record(part.record)
                place.part.unlink()
                return place.file
            if part.is_anew:
                self.client.notice(f"{self.file.path} has changed at the hub: fetching it anew")
            await self._fetch(part)
            await self._check(part)
            await self.blocking(part.finish)
        return place.file

    async def _is_this(self, place: FilePlace) -> bool:
        """Whether a file that somebody has put there is the very one."""
        with open_digest(place, self.file) as digest:
            while await self.blocking(digest.read_piece):
                self._tell(digest.place, checking=True)
            return digest.is_right

    async def _fetch(self, part: PartFile) -> None:
        self._received = part.record.done_bytes
        self._tell(self._received)
        ranges = deque(part.record.missing(self.range_bytes))
        try:
            async with trio.open_nursery() as nursery:
                for _ in range(min(self.connections, len(ranges))):
                    nursery.start_soon(self._work, part, ranges)
            return
        except BaseExceptionGroup as group:
            error = _reason(group)
            if not isinstance(error, _RangesIgnored):
                raise error from None
        self.client.notice("the server sends whole files only: one connection, and no resuming")
        await self.blocking(part.start_anew)
        await self._range(part, (0, self.file.size_bytes), is_whole=True)

    async def _work(self, part: PartFile, ranges: deque[Interval]) -> None:
        while ranges:
            await self._range(part, ranges.popleft(), is_whole=False)

    async def _range(self, part: PartFile, interval: Interval, *, is_whole: bool) -> None:
        """Fetches one range, with as many tries as bring something."""
        tries = Tries(self.client)
        arrival = _Arrival(part, *interval)
        furthest = arrival.start
        try:
            while arrival.place < arrival.end:
                if is_whole:
                    self._received = arrival.restart()
                refused = await self._try(arrival)
                if refused is None:
                    continue
                if arrival.place >= furthest + PROGRESS_BYTES_MIN:
                    furthest, tries.failures = arrival.place, 0
                await tries.failed(refused)
            await self.blocking(arrival.keep_sync)
        except BaseException:
            if not is_whole:
                arrival.keep_sync()  # blocks: nothing may be awaited on the way out
            raise

    async def _try(self, arrival: _Arrival) -> Refused | None:
        """One exchange; what went wrong, if it is worth another try. Raises HubFailed."""
        span = f"bytes={arrival.place}-{arrival.end - 1}"
        headers: Headers = ((b"range", span.encode()),)
        hub_url = self.client.hub.file_url(self.wanted.repository, self.commit, self.file.path)
        url = self._located or hub_url
        take = partial(self._take, arrival)
        try:
            await self.client.exchange(url, headers, self._asked, take)
        except HubFailed as error:
            self._located = "" if error.refused.elsewhere else self._located
            return error.refused
        return None

    async def _take(self, arrival: _Arrival, answer: HubAnswer, stall: Stall) -> None:
        """Takes the answer's bytes, up to the end of the range and no further."""
        self._check_head(answer, arrival)
        self._located = answer.url if answer.told is not answer.headers else self._located
        while arrival.place < arrival.end:
            piece = await answer.body.receive()
            if not piece:
                raise HubFailed(Refused("the answer ended before the range did", again=True))
            self._received += arrival.take(piece)
            self._tell(self._received)
            if arrival.waiting_bytes >= WRITE_BYTES or arrival.place == arrival.end:
                stall.paused()
                await self.blocking(arrival.write)
            stall.moved()

    def _check_head(self, answer: HubAnswer, arrival: _Arrival) -> None:
        """Raises HubFailed or ContentChanged if this cannot be what was asked for."""
        told = answer.told.get("x-linked-etag", "")
        if not told and answer.told is answer.headers:
            told = answer.headers.get("etag", "")
        digest = etag_of(told)
        if len(digest) == len(self.file.digest) and digest != self.file.digest:
            raise ContentChanged(self.file.path)
        if answer.headers.get("content-encoding", "identity") not in ("identity", ""):
            raise HubFailed(Refused(f"{self.file.path} comes in an encoding not asked for"))
        if answer.status == 206:
            self._check_range(answer, arrival)
        elif (arrival.place, arrival.end) != (0, self.file.size_bytes):
            raise _RangesIgnored
        else:
            self._check_size(answer.headers.get("content-length", ""))

    def _check_range(self, answer: HubAnswer, arrival: _Arrival) -> None:
        found = content_range(answer.headers.get("content-range", ""))
        if found is None or found[0] != arrival.place or found[1] > arrival.end:
            raise HubFailed(Refused("the answer is of another range than asked for", again=True))
        self._check_size(str(found[2]))

    def _check_size(self, written: str) -> None:
        if written and written != str(self.file.size_bytes):
            raise HubFailed(
                Refused(
                    f"{self._asked.host} says that {self.file.path} has {self.file.size_bytes}"
                    f" bytes, and sends one of {written}; try again later"
                )
            )

    async def _check(self, part: PartFile) -> None:
        """Reads what was written. Raises DownloadFailed if it is not what the hub has."""
        digest = part.digest()
        while await self.blocking(digest.read_piece):
            self._tell(digest.place, checking=True)
        if digest.is_right:
            return
        part.remove()
        kind = "SHA-256" if self.file.is_large else "git's SHA-1"
        raise DownloadFailed(
            f"{self.file.path}: what came is not what the hub has ({kind} differs), and was"
            " removed; try again. If it happens again, something on the way changes what is sent"
        )

    @property
    def _asked(self) -> Asked:
        return self.client.asked(self.wanted, self.file.path)

    def _tell(self, done_bytes: int, *, checking: bool = False) -> None:
        self.report(DownloadProgress(self.file.path, done_bytes, self.file.size_bytes, checking))


class _Arrival:
    """A range that is coming: `place` is how far, `waiting_bytes` what is not written yet."""

    def __init__(self, part: PartFile, start: int, end: int) -> None:
        self.start, self.place, self.end = start, start, end
        self.waiting_bytes = 0
        self._part = part
        self._waiting: list[bytes] = []
        self._kept = start

    def take(self, piece: bytes) -> int:
        """Takes bytes, up to the end of the range; says how many."""
        piece = piece[: self.end - self.place]
        self._waiting.append(piece)
        self.place += len(piece)
        self.waiting_bytes += len(piece)
        return len(piece)

    def write(self) -> None:
        """Writes what is waiting."""
        data = b"".join(self._waiting)
        self._part.write(self.place - len(data), data)
        self._waiting.clear()
        self.waiting_bytes = 0

    def restart(self) -> int:
        """Begins anew, for a server that cannot go on in the middle."""
        self._waiting.clear()
        self.waiting_bytes = 0
        self.place = self.start
        return self.start

    def keep_sync(self) -> None:
        """Makes all that has come last; blocks."""
        self.write()
        self._part.keep(self._kept, self.place)
        self._kept = self.place


def _reason(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Why the connections have ended: the first of them to fail cancels the others."""
    failed = group.split(trio.Cancelled)[1]
    error = (failed or group).exceptions[0]
    if not isinstance(error, BaseExceptionGroup):
        return error
    return _reason(cast("BaseExceptionGroup[BaseException]", error))
