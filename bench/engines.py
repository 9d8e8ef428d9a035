"""The engine benchmark: Understudy's direct worker beside llama.cpp's own server.

One run measures both on the same model files, with one thread each, and prints what each does with
the goals beside it (docs/local-models.md). The server is built from the source that the worker's
library comes from (bench/install_engine_peer.sh); without it the worker is measured alone. Models
have random weights: what they say does not matter, what it costs does (tests/real/gguf_model.py).
A report, not a test: a missed goal is shown and the exit status is still 0.

    python bench/engines.py [--quick] [--json FILE] [--models tiny,m100,wide,mlx]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from random import Random

import msgspec
import psutil
import trio
from engine_memory import FAMILIES, admissions
from engine_report import SUBJECTS, Report, ours_only
from engine_subjects import Engine, has_server, open_direct, open_server
from understudy.protocols.engine.envelope import read_label
from understudy.protocols.engine.frames import FrameBuffer, frame
from understudy.protocols.engine.messages import Piece, decode_from_worker, encode

ROOT = Path(__file__).parent.parent
MODELS = ROOT / "build" / "models"
PREFIX_WORDS = 760
"""About 3,000 tokens of the models' vocabulary."""
REMEMBERED_WORDS = 880
SLOTS = 8
MLX = "mlx"
CONTEXT_TOKENS = 4_096
ABORT_AFTER_SECONDS = 0.4
IDLE_WINDOW_SECONDS = 0.004
IDLE_SHARE = 0.25
IDLE_SECONDS_MAX = 20.0
TICK_SECONDS = 0.002
EVENTS = 20_000
SETTLED_SECONDS = 0.3


def prompt(seed: int, words: int) -> str:
    """A text that no other seed shares the beginning of."""
    random = Random(seed)
    return " ".join(f"{random.choice('abcdefghij')}{random.randrange(1000)}" for _ in range(words))


@asynccontextmanager
async def opened(
    subject: str, model: Path, *, slots: int, states: Path | None = None
) -> AsyncGenerator[Engine]:
    """One of the subjects, running."""
    if subject == SUBJECTS[0]:
        async with open_direct(
            model, slots=slots, context_tokens=CONTEXT_TOKENS, states=states
        ) as direct:
            yield direct
    else:
        async with open_server(model, slots=slots, context_tokens=CONTEXT_TOKENS) as server:
            yield server


async def each(
    subjects: list[str], model: Path, slots: int, measure: Callable[[Engine], Awaitable[float]]
) -> dict[str, float | None]:
    """A measurement of every subject, one running at a time."""
    found: dict[str, float | None] = dict.fromkeys(SUBJECTS)
    for subject in subjects:
        async with opened(subject, model, slots=slots) as engine:
            await engine.answer("warm up", 8)
            found[subject] = await measure(engine)
    return found


async def decode_rates(
    subjects: list[str], model: Path, streams: int, tokens: int, rounds: int, remembered: int = 0
) -> dict[str, float | None]:
    """Tokens a second of so many streams together: of each subject the median of some rounds.

    Each round begins with an empty memory, the subjects taking turns, for what an engine remembers
    makes it slower: a step looks at every token in the cache, if only to find that it is another
    conversation's. A text of so many `remembered` words is read beforehand to show that.
    """
    rates: dict[str, list[float]] = {subject: [] for subject in subjects}
    for number in range(rounds):
        for subject in subjects:
            async with opened(subject, model, slots=SLOTS) as engine:
                await engine.answer("warm up", 8)
                if remembered:
                    await engine.answer(prompt(number, remembered), 1)
                rates[subject].append(await decode_rate(engine, streams, tokens))
    return {
        subject: statistics.median(rates[subject]) if subject in rates else None
        for subject in SUBJECTS
    }


async def decode_rate(engine: Engine, streams: int, tokens: int) -> float:
    """Tokens a second of so many streams together, each with a prompt of its own."""
    rate = 0.0

    async def read(stream: int) -> None:
        nonlocal rate
        answer = await engine.answer(prompt(100 + stream, 12), tokens)
        rate += answer.tokens_per_second

    async with trio.open_nursery() as nursery:
        for stream in range(streams):
            nursery.start_soon(read, stream)
    return rate


async def kept_prefix_ratio(engine: Engine, rounds: int) -> float:
    """How much sooner the first token comes behind a prefix that was just read."""
    ratios: list[float] = []
    for number in range(rounds):
        text = prompt(7_000 + number, PREFIX_WORDS)
        cold = await engine.answer(text, 4)
        warm = await engine.answer(text + " and then", 4)
        assert warm.kept_tokens > 0.9 * cold.input_tokens, warm
        ratios.append(cold.first_token_seconds / warm.first_token_seconds)
    return statistics.median(ratios)


async def disk_ratio(model: Path, states: Path, rounds: int) -> float:
    """The same behind a prefix that others have displaced, read back from its file."""
    ratios: list[float] = []
    async with open_direct(model, slots=4, context_tokens=CONTEXT_TOKENS, states=states) as engine:
        for number in range(rounds):
            text = prompt(8_000 + number, PREFIX_WORDS)
            cold = await engine.answer(text, 4)
            for other in range(3):
                await engine.answer(prompt(9_000 + 10 * number + other, PREFIX_WORDS), 1)
            back = await engine.answer(text + " and then", 4)
            assert back.restored_tokens > 0.9 * cold.input_tokens, back
            ratios.append(cold.first_token_seconds / back.first_token_seconds)
    return statistics.median(ratios)


async def crash_ratio(model: Path, states: Path) -> tuple[float, float, float]:
    """From kill -9 to the first token, starting anew: without files, with them, and the ratio."""
    seconds: list[float] = []
    for folder in (None, states):
        text = prompt(9_900, PREFIX_WORDS)
        async with open_direct(
            model, slots=4, context_tokens=CONTEXT_TOKENS, states=folder
        ) as engine:
            await engine.answer(text, 4)
            if folder is not None:
                await engine.save()
            await engine.kill()
            killed = time.perf_counter()
        async with open_direct(
            model, slots=4, context_tokens=CONTEXT_TOKENS, states=folder
        ) as engine:
            started = time.perf_counter() - killed
            answer = await engine.answer(text + " and then", 4)
            seconds.append(started + answer.first_token_seconds)
    return seconds[0], seconds[1], seconds[0] / seconds[1]


def used_seconds(process_id: int) -> float:
    """CPU time of all threads of a process, to the nanosecond (Linux)."""
    total = 0
    for task in Path(f"/proc/{process_id}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


async def idle_after_leaving(engine: Engine, count: int) -> float:
    """The 95th percentile of the milliseconds from leaving a prefill until nothing is computed."""
    found: list[float] = []
    for number in range(count):
        with trio.move_on_after(ABORT_AFTER_SECONDS):
            async with engine.open(prompt(20_000 + number, PREFIX_WORDS), 4) as response:
                while True:
                    await response.receive()
        found.append(await idle_milliseconds(engine.process_id))
        await trio.sleep(SETTLED_SECONDS)
    return statistics.quantiles(found, n=20)[-1] if count > 1 else found[0]


async def idle_milliseconds(process_id: int) -> float:
    """Milliseconds until the first window in which a process has computed next to nothing."""
    begun = time.perf_counter()
    while time.perf_counter() < begun + IDLE_SECONDS_MAX:
        before, at = used_seconds(process_id), time.perf_counter()
        await trio.sleep(IDLE_WINDOW_SECONDS)
        if used_seconds(process_id) - before < IDLE_SHARE * (time.perf_counter() - at):
            return (at - begun) * 1e3
    return IDLE_SECONDS_MAX * 1e3


async def parent_costs(model: Path, tokens: int) -> tuple[float, float, float]:
    """Of our own process while 8 streams decode: us of CPU an event, ticks' p50 and p99 in ms."""
    late: list[float] = []

    async def tick() -> None:
        while True:
            due = time.perf_counter() + TICK_SECONDS
            await trio.sleep(TICK_SECONDS)
            late.append((time.perf_counter() - due) * 1e3)

    async with open_direct(model, slots=8, context_tokens=CONTEXT_TOKENS) as engine:
        await engine.answer("warm up", 8)
        used = time.process_time()
        async with trio.open_nursery() as reading:
            for stream in range(8):
                reading.start_soon(engine.answer, prompt(300 + stream, 12), tokens)
        cost = (time.process_time() - used) / (8 * tokens) * 1e6
        async with trio.open_nursery() as ticking:
            ticking.start_soon(tick)
            async with trio.open_nursery() as reading:
                for stream in range(8):
                    reading.start_soon(engine.answer, prompt(400 + stream, 12), tokens)
            ticking.cancel_scope.cancel()
    late.sort()
    return cost, late[len(late) // 2], late[int(len(late) * 0.99)]


def event_microseconds() -> float:
    """What one token costs in and out of its frame, both ends together."""
    frames = FrameBuffer()
    begun = time.process_time()
    for number in range(EVENTS):
        frames.receive_data(frame(encode(Piece(number, " token", b"\x01\x02\x03\x04"))))
        payload = frames.next_payload()
        assert payload is not None
        read_label(payload)
        decode_from_worker(payload)
    return (time.process_time() - begun) / EVENTS * 1e6


async def memory_left(model: Path) -> float:
    """Megabytes of our own process and its children that a load and its end have left behind."""
    async with open_direct(model, slots=4, context_tokens=CONTEXT_TOKENS) as engine:
        await engine.answer("warm up", 8)
    before = resident_megabytes()
    async with open_direct(model, slots=4, context_tokens=CONTEXT_TOKENS) as engine:
        await engine.answer(prompt(1, 200), 8)
    return resident_megabytes() - before


def resident_megabytes() -> float:
    """Of this process and all below it."""
    own = psutil.Process()
    family = [own, *own.children(recursive=True)]
    return sum(process.memory_info().rss for process in family) / 1e6


def slowest_node(model: Path, batch_tokens: int) -> float:
    """Milliseconds of the longest operation of a batch; see engine_nodes.py."""
    command = [sys.executable, str(Path(__file__).parent / "engine_nodes.py"), str(model)]
    done = subprocess.run([*command, str(batch_tokens)], capture_output=True, check=True, text=True)
    return float(msgspec.json.decode(done.stdout)["seconds"]) * 1e3


def made_model(name: str) -> Path:
    """The model of that shape, made if it is not there."""
    file = MODELS / f"{name}.gguf"
    if not file.exists():
        MODELS.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "tests.real.gguf_model", name, str(file)]
        subprocess.run(command, cwd=ROOT, check=True)
    return file


async def run(report: Report, models: list[str], quick: bool) -> None:
    """Measures everything, the dearest last."""
    subjects = [SUBJECTS[0], *(SUBJECTS[1:] if has_server() else ())]
    rounds, tokens, aborts = (1, 32, 3) if quick else (3, 128, 20)
    for name in models:
        if name == MLX:
            await mlx(report, tokens // 2, rounds)
            continue
        for streams, least in ((1, 0.97), (8, 1.0)):
            few = tokens // 4 if name == "wide" else tokens
            found = await decode_rates(subjects, made_model(name), streams, few, rounds)
            report.compare(f"{name}: tokens/s, {streams} streams", least, found)
    model = made_model("m100")
    found = await decode_rates(subjects, model, 1, tokens, rounds, REMEMBERED_WORDS)
    report.compare("m100: tokens/s, 1 stream, beside 3,500 remembered tokens", None, found)
    model = made_model("m100")
    with tempfile.TemporaryDirectory() as folder:
        await prefixes(report, subjects, model, Path(folder), rounds)

    async def idle(engine: Engine) -> float:
        return await idle_after_leaving(engine, aborts)

    found = await each(subjects, model, 4, idle)
    async with open_direct(model, slots=4, context_tokens=CONTEXT_TOKENS) as engine:
        assert engine.process.ready is not None
        batch_tokens = engine.process.ready.prefill_tokens
    node = slowest_node(model, batch_tokens)
    ours = found[SUBJECTS[0]]
    goal = f"<= 60, <= 2 x {node:.1f} (slowest node)"
    met = ours is not None and ours <= min(60.0, max(2 * node, IDLE_WINDOW_SECONDS * 1e3))
    report.add("left mid-prefill -> engine idle, p95, ms", goal, met, **found, ratio=None)
    cost, middle, late = await parent_costs(made_model("tiny"), 4 * tokens)
    ours_only(report, "serialisation of an event, us", event_microseconds(), 5)
    ours_only(report, "all of an event in our process, us", cost, 90)
    ours_only(report, "loop tick while decoding, p50, ms late", middle, 1)
    ours_only(report, "loop tick while decoding, p99, ms late", late, 20)
    for one in await admissions(FAMILIES[:1] if quick else FAMILIES):
        name = f"admission: predicted against held, {one.family}, % off"
        values: dict[str, float | None] = {SUBJECTS[0]: one.error, SUBJECTS[1]: None}
        report.add(name, "within 10", abs(one.error) <= 10, **values, ratio=one.corrected_error)
    ours_only(report, "memory left by a model that has gone, MB", await memory_left(model), 5)


async def mlx(report: Report, tokens: int, rounds: int) -> None:
    """The rows of MLX, where it is installed."""
    if find_spec("mlx_lm") is None:
        print("MLX is not installed: pip install 'understudy[mlx]'")
        return
    from engine_mlx import mlx_rows  # which builds on what is here

    await mlx_rows(report, tokens, rounds)


async def prefixes(
    report: Report, subjects: list[str], model: Path, folder: Path, rounds: int
) -> None:
    """What remembering is worth."""

    async def kept(engine: Engine) -> float:
        return await kept_prefix_ratio(engine, rounds)

    found = await each(subjects, model, 4, kept)
    ours = found[SUBJECTS[0]] or 0.0
    name = "first token on a kept 3,000-token prefix, times sooner"
    report.add(name, ">= 30", ours >= 30, **found, ratio=None)
    ratio = await disk_ratio(model, folder / "up", rounds)
    ours_only(report, "the same from disk, times sooner", ratio, 20, at_least=True)
    cold, back, ratio = await crash_ratio(model, folder / "crash")
    print(f"  kill -9 to first token: {cold:.2f} s without files, {back:.2f} s with them")
    ours_only(report, "kill -9 to first token, times sooner", ratio, 4, at_least=True)


def main() -> None:
    """Runs it."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all values there too")
    parser.add_argument(
        "--models", default="tiny,m100,wide,mlx", help="for decoding (default: all)"
    )
    given = parser.parse_args()
    report = Report()
    load = os.getloadavg()[0]
    print(f"cpus: {os.cpu_count()}, load average: {load:.2f}, server: {has_server()}")
    print(f"{'':<62}{SUBJECTS[0]:>12}{SUBJECTS[1]:>12}{'ratio':>12}   goal")
    trio.run(run, report, given.models.split(","), given.quick)
    if given.json:
        given.json.write_text(json.dumps(report.rows, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
