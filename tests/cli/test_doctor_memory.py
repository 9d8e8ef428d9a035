"""`understudy doctor` on memory: the machine's, what each model needs of it, and all together."""

from __future__ import annotations

import resource
import shutil

import attrs
import pytest
from understudy.io.cli import checks_memory, machine_memory, memory
from understudy.io.cli.checks_memory import (
    ModelHere,
    check_memory,
    check_models,
    judge_model,
    judge_together,
)
from understudy.io.cli.doctor import circumstances_of
from understudy.io.cli.findings import Finding
from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.protocols.resources.need import MemoryNeed
from understudy.protocols.resources.reading import (
    GpuMemory,
    MemoryReading,
    Pressure,
    PressureLevel,
)
from understudy.protocols.resources.report import LeaseLine, MemoryReport
from understudy.protocols.resources.rules import MemoryRules
from understudy.protocols.settings import Settings

from .circumstances import engine, only, with_settings
from .memory_reports import EMPTY, GIB, MIB
from .stage import Stage

RULES = MemoryRules()
NEED = MemoryNeed(5 * GIB, 2 * GIB, 512 * MIB, 32768, 65536)
SAID = (
    "/m.gguf: needs 7.9 GiB (5.0 GiB of weights, 2.0 GiB for a window of 32,768 tokens, "
    "512 MiB of buffers, 384 MiB to spare)"
)
MODEL = ModelHere("local", "/m.gguf", NEED, RULES.margin_bytes(NEED.total_bytes))


def report_of(total: int, available: int) -> MemoryReport:
    """What is reported of a machine with so many GiB, on which no model runs."""
    return machine_memory.report_of(MemoryReading(total * GIB, available * GIB), Settings())


def with_window(tokens: int) -> ModelHere:
    need = attrs.evolve(NEED, cache_bytes=tokens * NEED.token_bytes, context_tokens=tokens)
    return attrs.evolve(MODEL, need=need, margin_bytes=RULES.margin_bytes(need.total_bytes))


def locked(limit: int) -> tuple[int, int]:
    return 8 * MIB, 8 * MIB


def on_a_machine(monkeypatch: pytest.MonkeyPatch, reading: MemoryReading) -> None:
    """Has this read of the machine, which has locked memory for 8 MiB."""
    monkeypatch.setattr(memory, "read_machine", lambda: reading)
    monkeypatch.setattr(checks_memory, "read_machine", lambda: reading)
    monkeypatch.setattr(resource, "getrlimit", locked)


def test_a_machine_that_is_well(
    stage: Stage, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_machine(monkeypatch, attrs.evolve(EMPTY.reading, pressure=Pressure(0.0, 0.0)))
    assert list(check_memory(circumstances_of(None))) == [
        Finding(
            "memory",
            "ok",
            "16.0 GiB in all, 12.0 GiB available, bounded by the machine; "
            "models may take 10.5 GiB, 1.5 GiB stay free",
        ),
        Finding(
            "pressure",
            "ok",
            "the kernel tells when memory is short (PSI); now some 0 %, full 0 %",
        ),
        Finding("swap", "ok", "none; 8 MiB may be locked (weights never are)"),
    ]


def test_a_machine_that_is_not(
    stage: Stage, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu = GpuMemory("RTX 4070", 12 * GIB, 11 * GIB)
    reading = MemoryReading(
        16 * GIB, GIB // 2, "the control group /a", None, PressureLevel.WARNING, GIB, 0, (gpu,)
    )
    on_a_machine(monkeypatch, reading)
    found = {each.name: each for each in check_memory(circumstances_of(None))}
    assert {name: each.state for name, each in found.items()} == {
        "memory": "warn", "pressure": "ok", "swap": "warn", "GPU": "ok",
    }  # fmt: skip
    assert "bounded by the control group /a; models may take 0 GiB" in found["memory"].found
    assert "critically short" in found["memory"].found
    assert found["pressure"].found == "the system tells when memory is short; now warning"
    assert found["swap"].found.startswith("1.0 GiB of 1.0 GiB used; 8 MiB may be locked")
    assert found["GPU"].found == "RTX 4070: 11.0 GiB of 12.0 GiB free"


def test_the_settings_of_memory_are_what_it_goes_by(
    stage: Stage, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_machine(monkeypatch, EMPTY.reading)
    here = with_settings(stage, "[memory]\nbudget_gibibytes = 4\nkeep_free_gibibytes = 2\n")
    found = only(check_memory(here), "memory").found
    assert found.endswith("models may take 4.0 GiB, 2.0 GiB stay free")


def test_a_model_file_that_is_missing_or_none(stage: Stage, environ: dict[str, str]) -> None:
    file = stage.folder / "m.gguf"
    here = with_settings(stage, engine(file))
    assert only(check_models(here), "model rehearsal").state == "ok"
    for content, said in ((None, "no such file"), (b"PK\3\4....", "not a GGUF file")):
        if content is not None:
            file.write_bytes(content)
        found = only(check_models(here), "model local")
        assert (found.state, said in found.found) == ("fail", True)
        assert "correct `file` of this endpoint" in found.advice
    shutil.copy(MODEL_FILE, file)
    assert only(check_models(here), "model local").state == "ok"
    assert only(check_models(here), "models").found.startswith("2 models need ")


@pytest.mark.parametrize(
    ("total", "available", "state", "said", "advice"),
    [
        (16, 12, "ok", SAID, ""),
        (16, 8, "warn", "it does not fit into 6.5 GiB now", "close other programs first"),
        (8, 6, "fail", "more than the 6.5 GiB that models can ever have", "set context_tokens = "),
        (4, 3, "fail", "more than the 3.0 GiB that models can ever have", "take a smaller model"),
    ],
)
def test_a_model_fits_or_does_not(
    total: int, available: int, state: str, said: str, advice: str
) -> None:
    report = report_of(total, available)
    found = judge_model(MODEL, RULES, report)
    assert (found.name, found.state) == ("model local", state)
    assert said in found.found
    assert found.advice.startswith(advice)
    assert bool(found.advice) == bool(advice)


def test_the_window_that_is_suggested_fits() -> None:
    report = report_of(8, 6)
    advice = judge_model(MODEL, RULES, report).advice
    window = int(advice.split(" for ")[0].removeprefix("set context_tokens = "))
    assert judge_model(with_window(window), RULES, report).state != "fail"
    assert judge_model(with_window(window * 6 // 5), RULES, report).state == "fail"


def test_a_budget_that_is_too_small_is_said_to_be() -> None:
    rules = attrs.evolve(RULES, budget_bytes=4 * GIB)
    found = judge_model(MODEL, rules, report_of(16, 12))
    assert (found.state, "more than the 4.0 GiB" in found.found) == ("fail", True)
    assert found.advice.startswith("raise `budget_gibibytes` below [memory] in the settings")


def test_a_model_that_is_loaded_is_not_asked_whether_it_fits() -> None:
    lease = LeaseLine(1, "local", "m", "held", NEED)
    report = attrs.evolve(report_of(16, 4), leases=(lease,))
    found = judge_model(MODEL, RULES, report)
    assert (found.state, found.found.endswith("; it is loaded")) == ("ok", True)


def test_models_that_do_not_fit_together_take_turns() -> None:
    other = attrs.evolve(MODEL, name="other")
    together = judge_together([MODEL, other], RULES, report_of(24, 20))
    assert together == Finding("models", "ok", together.found)
    assert together.found.endswith("15.8 GiB together: all fit into 18.1 GiB at a time")
    turns = judge_together([MODEL, other], RULES, report_of(16, 12))
    assert turns.state == "warn"
    assert "15.8 GiB together, more than 10.5 GiB: an idle one leaves when" in turns.found
