"""Every tool call that a model completes is valid: from random weights, in every model format.

500 calls; UNDERSTUDY_TOOL_CALLS=10000 asks for more. What became of them is printed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")

from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.protocols.model_format.formats import FORMATS

from .byte_vocabulary import HIGH_LEADS, tokenizer
from .format_templates import MARKS, template_of
from .gguf_model import Shape, write_model
from .grammar_sampling import open_bench
from .llama_worker_process import load_of, open_worker
from .tool_calls import AT_ONCE, Tally, run, wishes

CALLS = int(os.environ.get("UNDERSTUDY_TOOL_CALLS", "500"))
EACH = -(-CALLS // (len(MARKS) + 1))
"""So many for each format, and as many for the embedded model."""
COMPLETED_SHARE_MIN = 0.25
BYTE_BIAS = {
    **{ord(char): 5.0 for char in '"}],:'},
    **dict.fromkeys(HIGH_LEADS, -5.0),
    256 + 2: 8.0,
}
"""What ends something is likelier; what may be no UTF-8 is rarer."""


@pytest.fixture(scope="module")
def total() -> Iterator[Tally]:
    """All calls together, told at the end."""
    tally = Tally()
    yield tally
    print(f"\ntool calls: {tally}")


def judged(tally: Tally, total: Tally, name: str) -> None:
    print(f"\n{name}: {tally}")
    total.add(tally)
    assert tally.wrong == []
    assert tally.completed >= COMPLETED_SHARE_MIN * tally.asked


@pytest.mark.parametrize("name", sorted(MARKS))
def test_random_weights_call_validly(tmp_path: Path, total: Tally, name: str) -> None:
    file = tmp_path / "random.gguf"
    write_model(file, Shape(64, 1, 192, 2, 1), tokenizer(template_of(name)))
    wanted = list(wishes(sorted(MARKS).index(name) * EACH, EACH))
    with open_worker(load_of(file, slots=AT_ONCE, sequences=2 * AT_ONCE)) as worker:
        assert worker.ready is not None
        assert worker.ready.format == name
        judged(run(worker, FORMATS[name], wanted, BYTE_BIAS), total, name)


def test_the_embedded_model_calls_validly(total: Tally) -> None:
    with open_bench() as bench:
        bias = bench.favoured()
    with open_worker(load_of(MODEL_FILE, cells=65_536)) as worker:
        assert worker.ready is not None
        form = FORMATS[worker.ready.format]
        judged(run(worker, form, list(wishes(0, EACH)), bias), total, f"embedded, {form.name}")
