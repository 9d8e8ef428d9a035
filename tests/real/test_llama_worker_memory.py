"""What the worker remembers: prefixes on disk through every kind of end, and aborts, measured."""

from __future__ import annotations

import shutil
import signal
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import attrs
import psutil
import pytest
from understudy.protocols.engine.messages import (
    CANCELLED,
    LENGTH,
    Reading,
    Save,
    Saved,
    Started,
)

from .gguf_model import SHAPES, write_model
from .llama_worker_process import Reply, Worker, assert_same, idle_seconds, load_of, open_worker
from .measured import bound_milliseconds, describe, p95
from .test_llama_worker import long_prompt

pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the models."""
    folder = tmp_path_factory.mktemp("models")
    for name in ("exact", "slow", "m100"):
        write_model(folder / f"{name}.gguf", SHAPES[name])
    return folder


@pytest.fixture
def states(tmp_path: Path) -> Path:
    """A folder for prefixes."""
    return tmp_path / "states"


def saved(worker: Worker) -> Saved:
    """Has everything written."""
    message = worker.call(Save(worker.next_request()))
    assert isinstance(message, Saved)
    return message


def state_files(folder: Path) -> list[Path]:
    """The files of all models."""
    return sorted(folder.rglob("*.kv"))


PROMPT = long_prompt(1500)


@attrs.frozen
class Kept:
    """A folder with a prefix in it, and what its model answered."""

    folder: Path
    reply: Reply
    saved: Saved


@pytest.fixture(scope="module")
def kept(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A prefix that a worker has written before its end."""
    folder = tmp_path_factory.mktemp("kept")
    with open_worker(load_of(models / "slow.gguf", folder)) as worker:
        reply = worker.ask(PROMPT, 16)
        message = saved(worker)
        assert worker.close()[0] == 0
    return Kept(folder, reply, message)


@pytest.fixture
def copied(kept: Kept, states: Path) -> Path:
    """A copy of that folder, for one test."""
    shutil.copytree(kept.folder, states)
    return states


def test_a_prefix_outlives_its_worker(models: Path, kept: Kept, copied: Path) -> None:
    assert kept.saved.prefixes >= 1
    assert kept.saved.bytes == sum(path.stat().st_size for path in state_files(copied))
    assert {path.stat().st_mode & 0o777 for path in state_files(copied)} == {0o600}
    with open_worker(load_of(models / "slow.gguf", copied)) as worker:
        assert worker.ready is not None
        assert worker.ready.restored_prefixes == kept.saved.prefixes
        reply = worker.ask(PROMPT, 16)
    assert reply.started.restored_tokens > 1000
    assert reply.started.kept_tokens >= reply.started.restored_tokens
    assert_same(reply, kept.reply)


def test_a_prefix_outlives_a_kill(models: Path, kept: Kept, copied: Path) -> None:
    with open_worker(load_of(models / "slow.gguf", copied)) as worker:
        # In the middle of other work, and of writing its prefix.
        worker.ask(long_prompt(900, "Twice"), 1)
        worker.begin(long_prompt(900, "Thrice"), 500)
        worker.send(Save(worker.next_request()))
        worker.process.send_signal(signal.SIGKILL)
        worker.process.wait()
    with open_worker(load_of(models / "slow.gguf", copied)) as worker:
        reply = worker.ask(PROMPT, 16)
    assert reply.started.restored_tokens > 1000
    assert_same(reply, kept.reply)
    assert not list(copied.rglob("*.part"))


def cut(data: bytearray) -> None:
    """Takes the second half away."""
    del data[len(data) // 2 :]


def flip(data: bytearray) -> None:
    """Changes one bit in the middle."""
    data[len(data) // 2] ^= 1


def replace(data: bytearray) -> None:
    """Makes it another kind of file."""
    data[:] = b"nothing of ours" * 100


@pytest.mark.parametrize("damage", [cut, flip, replace, bytearray.clear])
@pytest.mark.parametrize("is_loaded", [False, True])
def test_a_damaged_file_is_deleted_and_never_read(
    models: Path,
    kept: Kept,
    copied: Path,
    damage: Callable[[bytearray], None],
    is_loaded: bool,
) -> None:
    (file,) = state_files(copied)
    data = bytearray(file.read_bytes())
    damage(data)

    def do_damage() -> None:
        file.write_bytes(data)

    if not is_loaded:
        do_damage()
    with open_worker(load_of(models / "slow.gguf", copied)) as worker:
        if is_loaded:
            do_damage()
        reply = worker.ask(PROMPT, 16)
        # By now a good one may be there in its place.
        assert not file.exists() or file.read_bytes() != data
    assert_same(reply, kept.reply)
    assert reply.started.input_tokens > 1000


def test_half_a_file_is_deleted(models: Path, copied: Path) -> None:
    for file in state_files(copied):
        file.rename(file.with_suffix(".kv.part"))
    with open_worker(load_of(models / "slow.gguf", copied)) as worker:
        assert worker.ready is not None
        assert worker.ready.restored_prefixes == 0
    assert not list(copied.rglob("*.part"))


def test_files_of_another_model_are_not_taken(models: Path, states: Path) -> None:
    prompt = long_prompt(1500)
    with open_worker(load_of(models / "exact.gguf", states)) as worker:
        worker.ask(prompt, 4)
        saved(worker)
    other = models / "other.gguf"
    write_model(other, SHAPES["tiny"])
    with open_worker(load_of(other, states)) as worker:
        assert worker.ready is not None
        assert worker.ready.restored_prefixes == 0
        assert worker.ask(prompt, 4).started.restored_tokens == 0


def test_the_budget_of_the_disk_is_kept(models: Path, states: Path) -> None:
    with open_worker(load_of(models / "slow.gguf", states, state_bytes=30_000_000)) as worker:
        for number in range(5):
            worker.ask(long_prompt(2000, f"Number {number}"), 2)
            kept = saved(worker)
            assert kept.bytes <= 30_000_000
            assert kept.bytes == sum(path.stat().st_size for path in state_files(states))
    assert state_files(states)


def test_two_hundred_cancels_leave_every_cell_free(models: Path) -> None:
    load = load_of(models / "exact.gguf", context_tokens=2048, cells=2048, sequences=6)
    random = Random(7)
    with open_worker(load) as worker:
        first = worker.ask("Once upon a time", 12)
        waiting: list[int] = []
        for number in range(200):
            prompt = long_prompt(random.choice((40, 300, 900)), f"Story {number % 7}")
            waiting.append(worker.begin(prompt, random.choice((1, 20, 200))))
            if random.random() < 0.5:
                worker.wait_for(waiting[0], Started)
            if len(waiting) > 5 or random.random() < 0.4:
                victim = waiting.pop(random.randrange(len(waiting)))
                worker.cancel(victim)
                assert worker.wait(victim).ended.reason in (CANCELLED, LENGTH)
        for request in waiting:
            worker.cancel(request)
            worker.wait(request)
        whole = worker.ask(long_prompt(2000), 30)
        assert whole.ended.reason == LENGTH
        assert_same(worker.ask("Once upon a time", 12), first)


def test_an_abort_in_a_prompt_is_answered_at_once(models: Path) -> None:
    latencies: list[float] = []
    with open_worker(load_of(models / "m100.gguf")) as worker:
        for number in range(20):
            request = worker.begin(long_prompt(3000, f"Number {number}"), 8)
            worker.wait_for(request, Reading if number % 2 else Started)
            moment = worker.cancel(request)
            worker.wait(request)
            latencies.append(time.monotonic() - moment)
    print("abort of a prefill:", describe(latencies))
    assert p95(latencies) < bound_milliseconds("WORKER_ABORT", 400) / 1000


def test_a_restore_is_quicker_than_reading_again(models: Path, states: Path) -> None:
    prompt = long_prompt(3000)
    with open_worker(load_of(models / "m100.gguf", states)) as worker:
        begun = time.monotonic()
        cold = worker.ask(prompt, 1)
        cold_seconds = time.monotonic() - begun
        begun = time.monotonic()
        worker.ask(prompt, 1)
        kept_seconds = time.monotonic() - begun
        saved(worker)
    restored: list[float] = []
    for _ in range(3):
        with open_worker(load_of(models / "m100.gguf", states)) as worker:
            begun = time.monotonic()
            warm = worker.ask(prompt, 1)
            restored.append(time.monotonic() - begun)
            assert warm.started.restored_tokens > 2500
            assert_same(warm, cold)
    warm_seconds = statistics.median(restored)
    print(
        f"{cold.started.input_tokens} tokens: cold {cold_seconds:.2f} s, kept"
        f" {1000 * kept_seconds:.1f} ms ({cold_seconds / kept_seconds:.0f} times), restored"
        f" {1000 * warm_seconds:.1f} ms ({cold_seconds / warm_seconds:.0f} times)"
    )
    assert cold_seconds > 5 * warm_seconds


def test_an_idle_worker_uses_no_processor_and_its_end_frees_all(models: Path) -> None:
    before = psutil.virtual_memory().available
    with open_worker(load_of(models / "m100.gguf")) as worker:
        worker.ask(long_prompt(500), 4)
        process = psutil.Process(worker.process.pid)
        resident = process.memory_info().rss
        assert process.nice() >= 5
        # What is left to do when idle is done after half a second; then nothing is.
        time_of_idle = idle_seconds(process)
        assert worker.close()[0] == 0
    print(f"worker: {resident / 1e6:.0f} MB; idle after {time_of_idle:.1f} s")
    print(f"after its end {(before - psutil.virtual_memory().available) / 1e6:.1f} MB are missing")
    assert not psutil.pid_exists(process.pid)
