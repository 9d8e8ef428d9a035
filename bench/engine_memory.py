"""Admission: the memory that was predicted for a model, and what its process then held.

For each family of tests/real/gguf_families.py: what `Engine.need` says before anything is loaded,
what the process holds with its whole cache filled (private memory, and pages of the file that it
uses), and what a second `need` says once the first life was seen. Weights that were rearranged for
the processor lie in private memory; their pages of the file are not used again and do not count.

    python bench/engine_memory.py [FAMILY ...]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import trio
from engine_subjects import Direct
from understudy.io.engines.llama_direct import LlamaDirect
from understudy.io.engines.taken_memory import TakenMemory
from understudy.io.memory.memory import open_memory
from understudy.io.ports import EngineSpec

ROOT = Path(__file__).parent.parent
MODELS = ROOT / "build" / "models"
FAMILIES = ("llama", "qwen2", "qwen3", "gemma3", "qwen3moe", "granitehybrid")
CONTEXT_TOKENS = 1_024
WORDS = 235
"""About 920 tokens of the models' vocabulary: with an answer they fill a window."""
LIBRARIES_BYTES = 16 * 1024 * 1024
MEGABYTE = 1e6


@dataclass
class Admission:
    """Megabytes of one model: predicted, held, and predicted the next time."""

    family: str
    predicted: float
    held: float
    corrected: float

    @property
    def error(self) -> float:
        """In percent of what was held; positive where too much was predicted."""
        return 100 * (self.predicted - self.held) / self.held

    @property
    def corrected_error(self) -> float:
        """The same for the second load."""
        return 100 * (self.corrected - self.held) / self.held


def made_family(name: str) -> Path:
    """The model of that family, made if it is not there."""
    file = MODELS / f"family-{name}.gguf"
    if not file.exists():
        MODELS.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "tests.real.gguf_families", name, str(file)]
        subprocess.run(command, cwd=ROOT, check=True)
    return file


async def admission(family: str, folder: Path) -> Admission:
    """Loads a model, fills both of its windows, and looks at it."""
    memory = open_memory()
    engine = LlamaDirect(taken=TakenMemory(folder, memory, "llama-cpp-python"))
    spec = EngineSpec(family, str(made_family(family)), CONTEXT_TOKENS, slots=engine.slots)
    need = await engine.need(spec)
    async with engine.open(spec) as process:
        direct = Direct(process)
        for window in range(2):
            random = Random(window)
            words = (f"{random.choice('abcdefghij')}{random.randrange(1000)}" for _ in range(WORDS))
            await direct.answer(" ".join(words), 8)
        seen = await memory.process(process.process_id)
        assert seen is not None
    pages = min(seen.file_bytes, need.weights_bytes + LIBRARIES_BYTES)
    again = await engine.need(spec)
    held = (seen.private_bytes + pages) / MEGABYTE
    return Admission(family, need.total_bytes / MEGABYTE, held, again.total_bytes / MEGABYTE)


async def admissions(families: Sequence[str]) -> list[Admission]:
    """All of them, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        return [await admission(family, Path(folder) / family) for family in families]


def main() -> None:
    """Prints a line for each family that is named, or for all."""
    for one in trio.run(admissions, sys.argv[1:] or FAMILIES):
        print(
            f"{one.family:<14} predicted {one.predicted:6.1f} MB, held {one.held:6.1f} MB"
            f" ({one.error:+.1f} %); the second time {one.corrected:6.1f} MB"
            f" ({one.corrected_error:+.1f} %)"
        )


if __name__ == "__main__":
    main()
