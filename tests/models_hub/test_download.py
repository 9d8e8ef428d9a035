"""One file under every fault, in virtual time: it comes whole, or the failure is told in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.io.models.download import ContentChanged, Download, DownloadProgress
from understudy.io.models.download_place import DownloadFailed, FilePlace
from understudy.io.models.hub_client import STALL_SECONDS_MAX, HubFailed
from understudy.protocols.models.hub_address import Wanted
from understudy.protocols.models.hub_api import HubFile
from understudy.protocols.models.hub_failure import TRIES_MAX

from .fake_hub import (
    HUB,
    STORE,
    Fault,
    HubAnswer,
    HubRequest,
    Model,
    corrupt,
    cut,
    hang,
    header,
    ignore_range,
    redirect,
    slow,
    status,
)
from .simulated_hub import SimulatedHub

CONTENT = bytes(range(256)) * 4_000
RANGE_BYTES = 200_000
PATH = "m-Q4_K_M.gguf"


async def at_once(work: Callable[[], object]) -> object:
    """Runs what waits for the disk: in virtual time a thread would come at any moment."""
    await trio.lowlevel.checkpoint()
    return work()


@attrs.define
class Stage:
    """A hub with one file, a folder, and what was told."""

    simulated: SimulatedHub
    models_dir: Path
    progress: list[DownloadProgress] = attrs.field(factory=list[DownloadProgress])
    on_progress: Callable[[DownloadProgress], None] = lambda _: None

    @property
    def model(self) -> Model:
        return self.simulated.hub.models["a/b"]

    @property
    def place(self) -> FilePlace:
        return FilePlace.below(self.models_dir, "a/b", PATH)

    def spoil(self, *faults: Fault) -> None:
        """The next answers of the second host are spoilt."""
        self.simulated.hub.faults[STORE].extend(faults)

    def spoil_all(self, fault: Fault) -> None:
        """Every answer of the second host is spoilt."""
        self.simulated.hub.always[STORE] = fault

    def download(self, *, connections: int = 1, path: str = PATH) -> Download:
        file = HubFile(path, len(self.model.files[path]), self.model.digest(path))
        return Download(
            self.simulated.client(),
            Wanted("a/b"),
            self.model.commit,
            file,
            self.models_dir,
            self._tell,
            range_bytes=RANGE_BYTES,
            connections=connections,
            blocking=at_once,
        )

    async def comes_whole(self, *, connections: int = 1) -> None:
        """Runs a download, which is to succeed."""
        path = await self.download(connections=connections).run()
        assert path.read_bytes() == CONTENT
        assert not self.place.part.exists()

    async def fails(self, kind: type[Exception] = HubFailed) -> str:
        """Runs a download, which is to fail; says how, and that nothing took the file's place."""
        with pytest.raises(kind) as failed:
            await self.download().run()
        assert not self.place.file.exists()
        return str(failed.value)

    @property
    def spans(self) -> list[str]:
        """The ranges that the second host was asked for."""
        asked = (each.headers["range"] for each in self.simulated.hub.to(STORE))
        return [each.removeprefix("bytes=") for each in asked]

    def _tell(self, progress: DownloadProgress) -> None:
        self.progress.append(progress)
        self.on_progress(progress)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A hub with one file of 1,024,000 bytes."""
    simulated = SimulatedHub()
    simulated.hub.add(Model("a/b", {PATH: CONTENT, "small.json": b"{}"}))
    return Stage(simulated, tmp_path / "models")


async def test_a_file_comes_in_ranges(autojump_clock: MockClock, stage: Stage) -> None:
    await stage.comes_whole()
    assert stage.spans == [
        "0-199999",
        "200000-399999",
        "400000-599999",
        "600000-799999",
        "800000-999999",
        "1000000-1023999",
    ]
    assert len(stage.simulated.hub.to(HUB)) == 1, "its host is asked for once"
    assert stage.progress[0].done_bytes == 0
    fetched = [each.done_bytes for each in stage.progress if not each.checking]
    assert fetched == sorted(fetched)
    assert fetched[-1] == len(CONTENT)
    assert stage.progress[-1] == DownloadProgress(PATH, len(CONTENT), len(CONTENT), checking=True)


async def test_ranges_come_at_the_same_time(autojump_clock: MockClock, stage: Stage) -> None:
    stage.spoil_all(slow(100_000, 1.0))
    await stage.comes_whole(connections=4)
    assert trio.current_time() == 4.0, "six ranges of two seconds at most, four at a time"


async def test_a_small_file_comes_from_the_hub_itself(
    autojump_clock: MockClock, stage: Stage
) -> None:
    path = await stage.download(path="small.json").run()
    assert path.read_bytes() == b"{}"
    assert stage.simulated.hub.to(STORE) == []


async def test_an_empty_file_is_made(autojump_clock: MockClock, stage: Stage) -> None:
    stage.model.files["empty.txt"] = b""
    path = await stage.download(path="empty.txt").run()
    assert path.read_bytes() == b""


async def test_a_cut_range_goes_on_where_it_was(autojump_clock: MockClock, stage: Stage) -> None:
    stage.spoil(cut(150_000))
    await stage.comes_whole()
    assert stage.spans[:2] == ["0-199999", "150000-199999"]


async def test_a_silent_host_is_left(autojump_clock: MockClock, stage: Stage) -> None:
    stage.spoil(hang(150_000))
    await stage.comes_whole()
    assert trio.current_time() == STALL_SECONDS_MAX + 1.0


async def test_a_host_that_never_answers_is_left_in_the_end(
    autojump_clock: MockClock, stage: Stage
) -> None:
    stage.spoil_all(hang(0))
    message = await stage.fails()
    assert f"{TRIES_MAX} tries in a row failed" in message
    assert len(stage.spans) == TRIES_MAX


async def test_a_slow_host_is_not_left(autojump_clock: MockClock, stage: Stage) -> None:
    stage.spoil_all(slow(100_000, STALL_SECONDS_MAX - 1))
    await stage.comes_whole()


async def test_a_host_that_brings_a_few_bytes_each_time_is_left_in_the_end(
    autojump_clock: MockClock, stage: Stage
) -> None:
    stage.spoil_all(cut(100))
    assert "tries in a row failed" in await stage.fails()
    assert len(stage.spans) == TRIES_MAX


@pytest.mark.parametrize("number", [429, 500, 503])
async def test_trouble_is_waited_out(autojump_clock: MockClock, stage: Stage, number: int) -> None:
    stage.spoil(status(number, retry_after="60"))
    await stage.comes_whole()
    assert trio.current_time() == 61.0


async def test_an_address_that_has_lapsed_is_asked_for_anew(
    autojump_clock: MockClock, stage: Stage
) -> None:
    def lapsed(request: HubRequest, answer: HubAnswer) -> HubAnswer:
        return HubAnswer(403, {}, b"Request has expired")

    stage.spoil(lambda _, answer: answer, lapsed)
    await stage.comes_whole()
    assert len(stage.simulated.hub.to(HUB)) == 2


async def test_a_host_that_always_refuses_is_told(autojump_clock: MockClock, stage: Stage) -> None:
    stage.spoil_all(status(403))
    assert "refuses m-Q4_K_M.gguf (status 403)" in await stage.fails()


async def test_a_range_beyond_the_file_s_end_is_told(
    autojump_clock: MockClock, stage: Stage
) -> None:
    stage.spoil(status(416))
    assert "status 416" in await stage.fails()


async def test_a_server_without_ranges_sends_the_whole(
    autojump_clock: MockClock, stage: Stage
) -> None:
    stage.spoil_all(ignore_range(CONTENT))
    await stage.comes_whole(connections=4)
    assert "whole files only" in stage.simulated.notices[0]


async def test_a_server_without_ranges_that_is_cut_begins_anew(
    autojump_clock: MockClock, stage: Stage
) -> None:
    def first_is_cut(request: HubRequest, answer: HubAnswer) -> HubAnswer:
        whole = HubAnswer(200, {}, CONTENT)
        is_first = len(stage.spans) == 2
        return attrs.evolve(whole, cut_after=900_000) if is_first else whole

    stage.spoil_all(first_is_cut)
    await stage.comes_whole()
    assert stage.progress[-2].done_bytes == len(CONTENT)


async def test_a_server_without_ranges_is_not_asked_for_ever(
    autojump_clock: MockClock, stage: Stage
) -> None:
    def cut_whole(request: HubRequest, answer: HubAnswer) -> HubAnswer:
        return HubAnswer(200, {}, CONTENT, cut_after=900_000)

    stage.spoil_all(cut_whole)
    assert "tries in a row failed" in await stage.fails()
    assert len(stage.spans) <= TRIES_MAX + 3


async def test_a_wrong_content_is_removed(autojump_clock: MockClock, stage: Stage) -> None:
    stage.spoil(corrupt)
    assert "SHA-256 differs" in await stage.fails(DownloadFailed)
    assert list(stage.place.folder.iterdir()) == []
    await stage.comes_whole()


async def test_a_wrong_content_of_a_small_file_is_seen_too(
    autojump_clock: MockClock, stage: Stage
) -> None:
    stage.simulated.hub.faults[HUB].append(corrupt)
    with pytest.raises(DownloadFailed, match="SHA-1 differs"):
        await stage.download(path="small.json").run()


@pytest.mark.parametrize("size", [len(CONTENT) - 1, len(CONTENT) + 1, 10**15])
async def test_a_size_that_is_not_the_one_listed_is_told(
    autojump_clock: MockClock, stage: Stage, size: int
) -> None:
    stage.spoil(header("content-range", f"bytes 0-199999/{size}"))
    assert f"sends one of {size}" in await stage.fails()


async def test_a_whole_file_of_another_size_is_told(
    autojump_clock: MockClock, stage: Stage
) -> None:
    stage.model.files[PATH] = CONTENT[:150_000]
    download = stage.download()
    stage.spoil_all(lambda _, __: HubAnswer(200, {}, CONTENT))
    with pytest.raises(HubFailed, match="sends one of 1024000"):
        await download.run()


async def test_another_range_than_asked_for_is_not_taken(
    autojump_clock: MockClock, stage: Stage
) -> None:
    stage.spoil(header("content-range", "bytes 5-200004/1024000"), header("content-range", ""))
    await stage.comes_whole()


async def test_more_than_the_range_is_not_taken(autojump_clock: MockClock, stage: Stage) -> None:
    def longer(request: HubRequest, answer: HubAnswer) -> HubAnswer:
        return attrs.evolve(answer, body=answer.body + b"x" * 500_000)

    stage.spoil(longer)
    await stage.comes_whole()


async def test_a_body_shorter_than_its_range_is_asked_for_again(
    autojump_clock: MockClock, stage: Stage
) -> None:
    stage.spoil(lambda _, answer: attrs.evolve(answer, body=answer.body[:-7]))
    await stage.comes_whole()
    assert stage.spans[1] == "199993-199999"


async def test_an_encoded_answer_is_not_taken(autojump_clock: MockClock, stage: Stage) -> None:
    stage.spoil(header("content-encoding", "gzip"))
    assert "an encoding not asked for" in await stage.fails()


async def test_a_content_that_is_not_the_one_listed_is_seen_at_once(
    autojump_clock: MockClock, stage: Stage
) -> None:
    stage.simulated.hub.faults[HUB].append(header("x-linked-etag", f'"{"e" * 64}"'))
    with pytest.raises(ContentChanged):
        await stage.download().run()
    assert stage.spans == ["0-199999"]


async def test_a_redirect_loop_is_told(autojump_clock: MockClock, stage: Stage) -> None:
    stage.spoil_all(redirect("/loop?Signature=planted"))
    assert "redirects more than" in await stage.fails()


async def test_what_came_before_a_stop_is_kept(autojump_clock: MockClock, stage: Stage) -> None:
    stage.spoil_all(slow(50_000, 1.0))
    with trio.move_on_after(7.5):
        await stage.download(connections=2).run()
    record = stage.place.read_record()
    assert record is not None
    assert record.done_bytes == 2 * 7 * 50_000
    asked_before = len(stage.spans)
    await stage.comes_whole(connections=2)
    first, *_ = (int(span.partition("-")[0]) for span in stage.spans[asked_before:])
    assert first > 0
    assert stage.progress[-2].done_bytes == len(CONTENT)


async def test_a_range_that_was_just_done_at_a_stop_is_kept(
    autojump_clock: MockClock, stage: Stage
) -> None:
    with trio.CancelScope() as scope:
        stage.on_progress = lambda progress: (
            scope.cancel() if progress.done_bytes == 2 * RANGE_BYTES else None
        )
        await stage.download().run()
    record = stage.place.read_record()
    assert record is not None
    assert record.done_bytes == 2 * RANGE_BYTES


async def test_a_change_at_the_hub_starts_anew_with_a_word(
    autojump_clock: MockClock, stage: Stage
) -> None:
    stage.spoil_all(slow(50_000, 1.0))
    with trio.move_on_after(5.5):
        await stage.download().run()
    stage.simulated.hub.always.clear()
    stage.model.files[PATH] = CONTENT[::-1]
    path = await stage.download().run()
    assert path.read_bytes() == CONTENT[::-1]
    assert "has changed at the hub" in stage.simulated.notices[0]


async def test_a_file_that_is_here_is_not_asked_for(
    autojump_clock: MockClock, stage: Stage
) -> None:
    await stage.comes_whole()
    before = len(stage.simulated.hub.requests)
    await stage.comes_whole()
    assert len(stage.simulated.hub.requests) == before


async def test_a_file_that_somebody_put_there_is_read_once(
    autojump_clock: MockClock, stage: Stage
) -> None:
    stage.place.folder.mkdir(parents=True)
    stage.place.file.write_bytes(CONTENT)
    await stage.comes_whole()
    assert stage.simulated.hub.requests == []
    assert stage.place.is_here(stage.download().file)


async def test_a_newer_file_of_the_same_size_replaces_the_older(
    autojump_clock: MockClock, stage: Stage
) -> None:
    await stage.comes_whole()
    stage.model.files[PATH] = CONTENT[::-1]
    assert not stage.place.is_here(stage.download().file)
    path = await stage.download().run()
    assert path.read_bytes() == CONTENT[::-1]
