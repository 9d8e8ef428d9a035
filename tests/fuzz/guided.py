"""All targets under a coverage-guided fuzzer: `make fuzz`.

Atheris (libFuzzer for Python) keeps each input that reaches a new path and changes it further. Its
own changes of bytes seldom get past a JSON parser, so half of them are ours, by structure. An
input's first two bytes choose the target and how the rest is cut. A finding does not end the run:
it is written down with its input, once for each place where it was raised, and told at the end.

    python -m tests.fuzz.guided FOLDER [libFuzzer's options]
"""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

Change = Callable[[bytes, int], bytes]
SEEDS, FINDINGS, LENGTH = "seeds", "findings", 16_384


class Run:
    """One run: the targets by number, and what was found."""

    def __init__(self, folder: Path, targets: Any) -> None:
        self.folder = folder
        self.targets = targets
        self.found: set[str] = set()
        for name in (SEEDS, FINDINGS):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def write_seeds(self) -> None:
        """The corpus of each target, as inputs."""
        for number, target in enumerate(self.targets):
            for place, data in enumerate(target.corpus):
                path = self.folder / SEEDS / f"{number:02}-{place:02}"
                path.write_bytes(bytes([number, place]) + data)

    def one(self, data: bytes) -> None:
        """Runs one input."""
        if len(data) < 2:
            return
        target = self.targets[data[0] % len(self.targets)]
        try:
            target.run(data[2:], data[1])
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            self._note(target.name, data, error)

    def _note(self, target: str, data: bytes, error: BaseException) -> None:
        place = traceback.extract_tb(error.__traceback__)[-1]
        key = f"{type(error).__name__} {place.filename}:{place.lineno}"
        if key in self.found:
            return
        self.found.add(key)
        stem = self.folder / FINDINGS / f"{len(self.found):03}"
        stem.with_suffix(".input").write_bytes(data)
        words = "".join(traceback.format_exception(error))
        stem.with_suffix(".txt").write_text(f"{target}\n{words}", encoding="utf-8")
        sys.stderr.write(f"FOUND {target}: {key}: {str(error)[:200]}\n")

    def mutated(self, data: bytes, size_max: int, seed: int, by_bytes: Change) -> bytes:
        """An input changed: by the fuzzer's way or ours."""
        random = Random(seed)
        if len(data) < 3 or random.random() < 0.5:
            return by_bytes(data, size_max)
        target = self.targets[data[0] % len(self.targets)]
        choice = random.randrange(256) if random.random() < 0.3 else data[1]
        changed = bytes([data[0], choice]) + target.mutate(data[2:], random)
        return changed if len(changed) <= size_max else data[:size_max]


def main() -> None:
    """Runs libFuzzer, which ends the process itself."""
    folder, *options = sys.argv[1:]
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["understudy.protocols"], enable_loader_override=False):
        targets = importlib.import_module("tests.fuzz.targets").targets()
    run = Run(Path(folder), targets)
    run.write_seeds()
    sys.stderr.write(f"targets by number: {[target.name for target in targets]}\n")

    def mutate(data: bytes, size_max: int, seed: int) -> bytes:
        return run.mutated(data, size_max, seed, atheris.Mutate)

    arguments = [sys.argv[0], *options, f"-max_len={LENGTH}", str(run.folder / SEEDS)]
    atheris.Setup(arguments, run.one, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
