"""The MLX worker beside mlx-lm's own batched generation: rows of bench/engines.py.

The peer is mlx-lm's `BatchGenerator` in a process that does nothing else: no scheduler, no text, no
pipe. On Linux both compute on the processor, where MLX is made for correctness and not for speed:
the ratio says what our loop costs, and nothing about Metal.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from engine_report import SUBJECTS, Report
from engine_subjects import NICENESS, STATE_BYTES, Direct
from engines import decode_rate, prompt
from understudy.io.engines.mlx_direct import MlxDirect
from understudy.io.ports import EngineSpec

ROOT = Path(__file__).resolve().parent.parent
MODEL = "small"
STREAMS = (1, 4, 8)
CONTEXT_TOKENS = 8192
PREFIX_WORDS = 400
PEER_SECONDS_MAX = 600.0
PEER = """
import json, os, sys, time
os.nice(int(sys.argv[4]))
from pathlib import Path
from mlx_lm.generate import BatchGenerator
from mlx_lm.utils import load_model
model, _ = load_model(Path(sys.argv[1]))
tokens, rounds, found = int(sys.argv[2]), int(sys.argv[3]), {}
for streams in json.loads(sys.argv[5]):
    rates = []
    for number in range(rounds + 1):
        generator = BatchGenerator(model, prefill_step_size=256)
        firsts = [100 + number * 50 + stream * 7 for stream in range(streams)]
        prompts = [list(range(first, first + 40)) for first in firsts]
        generator.insert(prompts, max_tokens=[tokens] * streams)
        times = []
        while said := generator.next_generated():
            times += [time.perf_counter()] * len(said)
        generator.close()
        if number:
            rates.append((len(times) - streams) / (times[-1] - times[0]))
    found[streams] = sorted(rates)[len(rates) // 2]
print(json.dumps(found))
"""


@asynccontextmanager
async def opened(
    model: Path, *, slots: int = 4, states: Path | None = None
) -> AsyncGenerator[Direct]:
    """Our worker."""
    kept = STATE_BYTES if states else 0
    spec = EngineSpec("m", str(model), CONTEXT_TOKENS, slots=slots, state_bytes=kept)
    async with MlxDirect(states).open(spec) as process:
        yield Direct(process)


def make_model(model: Path) -> None:
    """Makes the folder of a model with random weights."""
    program = (sys.executable, "-m", "tests.real.mlx_model", MODEL, str(model))
    subprocess.run(program, check=True, cwd=ROOT)


def peer_rates(model: Path, tokens: int, rounds: int) -> dict[int, float]:
    """Tokens a second of mlx-lm's own generation, by how many streams there are."""
    arguments = [str(model), str(tokens), str(rounds), str(NICENESS), json.dumps(STREAMS)]
    done = subprocess.run(
        [sys.executable, "-c", PEER, *arguments],
        capture_output=True,
        check=True,
        timeout=PEER_SECONDS_MAX,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {int(streams): rate for streams, rate in found.items()}


async def our_rates(model: Path, tokens: int) -> dict[int, float]:
    """The same of our worker."""
    found: dict[int, float] = {}
    async with opened(model, slots=max(STREAMS)) as worker:
        await worker.answer("warm up", 8)
        for streams in STREAMS:
            found[streams] = await decode_rate(worker, streams, tokens)
    return found


async def first_token_seconds(model: Path, states: Path) -> tuple[float, float, float]:
    """Of a prompt that is read, one that is remembered, and one that is read back from disk."""
    text = prompt(7, PREFIX_WORDS)
    async with opened(model, states=states) as worker:
        await worker.answer("warm up", 8)
        cold = await worker.answer(text, 4)
        kept = await worker.answer(text + " and then", 4)
        assert kept.kept_tokens > 0.9 * cold.input_tokens, kept
        await worker.save()
    async with opened(model, states=states) as worker:
        await worker.answer("warm up", 8)
        disk = await worker.answer(text + " and now", 4)
        assert disk.restored_tokens > 0.9 * cold.input_tokens, disk
    return cold.first_token_seconds, kept.first_token_seconds, disk.first_token_seconds


async def mlx_rows(report: Report, tokens: int, rounds: int) -> None:
    """Adds the rows of MLX; the second subject is mlx-lm."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / MODEL
        make_model(model)
        # In turn, so that what else the machine does meets both.
        pairs = [
            (peer_rates(model, tokens, 1), await our_rates(model, tokens)) for _ in range(rounds)
        ]
        for streams in STREAMS:
            ours = statistics.median(own[streams] for _, own in pairs)
            theirs = statistics.median(peer[streams] for peer, _ in pairs)
            found: dict[str, float | None] = dict(zip(SUBJECTS, (ours, theirs), strict=True))
            report.compare(f"mlx beside mlx-lm: tokens/s, {streams} streams", None, found)
        cold, kept, disk = await first_token_seconds(model, Path(folder) / "states")
    for name, ratio in (("on a kept prefix", cold / kept), ("from disk", cold / disk)):
        values: dict[str, float | None] = {SUBJECTS[0]: ratio, SUBJECTS[1]: None}
        report.add(f"mlx: first token {name}, times sooner", "", None, **values, ratio=None)
