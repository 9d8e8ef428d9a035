"""The checks of memory: the machine's, and what each model here needs of it, alone and together.

The server's own report is what counts where one runs, for its models hold memory that they would
give back; else the machine is read. Needs are the engine's, as it says them before it loads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from ...protocols.resources.need import MemoryNeed
from ...protocols.resources.reading import MemoryReading
from ...protocols.resources.report import NORMAL, MemoryReport
from ...protocols.resources.rules import MemoryRules
from ...protocols.resources.words import STATES, describe_size
from ...protocols.routing.table import EMBEDDED, EMBEDDED_CONTEXT_TOKENS
from ...protocols.settings import EndpointSettings
from ...protocols.settings_memory import rules_of
from ..engines.rehearsal import MODEL_FILE
from ..token import TokenError
from .errors import CannotRun
from .findings import Circumstances, Finding, fail, ok, warn
from .machine_memory import read_machine, report_of
from .memory import look

WINDOW_TOKENS_MIN: Final = 2048
"""No smaller window is suggested: a coding client's first request would not fit into it."""
WINDOW_TOKENS_STEP: Final = 256
SMALLER: Final = "take a smaller model, or a smaller quantisation of this one"
SWAP_SHARE_MAX: Final = 0.5


@attrs.frozen
class ModelHere:
    """A model that an endpoint runs here, and what its engine says that it needs."""

    name: str
    file: str
    need: MemoryNeed
    margin_bytes: int = 0

    @property
    def reserved_bytes(self) -> int:
        """What the watcher sets aside for it before it was ever measured."""
        return self.need.total_bytes + self.margin_bytes

    @property
    def words(self) -> str:
        """What it needs and for what, in words; the parts make up the sum."""
        parts = (
            (self.need.weights_bytes, "of weights"),
            (self.need.cache_bytes, f"for a window of {self.need.context_tokens:,} tokens"),
            (self.need.buffers_bytes, "of buffers"),
            (self.margin_bytes, "to spare"),
        )
        parted = ", ".join(f"{describe_size(size)} {name}" for size, name in parts if size)
        return f"{self.file}: needs {describe_size(self.reserved_bytes)} ({parted})"


def check_memory(circumstances: Circumstances) -> Iterator[Finding]:
    """How much there is and who bounds it, whether the system tells of pressure, and swap."""
    report = memory_report(circumstances)
    reading = report.reading
    found = (
        f"{describe_size(reading.total_bytes)} in all, {describe_size(reading.available_bytes)} "
        f"available, bounded by {reading.limit}; models may take "
        f"{describe_size(report.budget_bytes)}, {describe_size(report.floor_bytes)} stay free"
    )
    if report.state == NORMAL:
        yield ok("memory", found)
    else:
        words = STATES.get(report.state, report.state)
        yield warn("memory", f"{found}: {words}", "close other programs; `understudy memory`")
    yield ok("pressure", _pressure(reading))
    yield _swap(reading)
    for gpu in reading.gpus:
        free = f"{describe_size(gpu.free_bytes)} of {describe_size(gpu.total_bytes)} free"
        yield ok("GPU", f"{gpu.name}: {free}")


def check_models(circumstances: Circumstances) -> Iterator[Finding]:
    """Each model's file can be run and fits into memory; whether all of them fit together."""
    rules = rules_of(circumstances.settings.memory)
    report = memory_report(circumstances)
    models: list[ModelHere] = []
    for endpoint, needed in _needs(circumstances):
        if isinstance(needed, str):
            advice = "correct `file` of this endpoint in the settings"
            yield fail(f"model {endpoint.name}", needed, advice)
        else:
            models.append(needed)
            yield judge_model(needed, rules, report)
    if len(models) > 1:
        yield judge_together(models, rules, report)


def memory_report(circumstances: Circumstances) -> MemoryReport:
    """The running server's report; the machine itself where none runs or it cannot be asked."""
    try:
        return look(circumstances.folders, circumstances.settings).report
    except (CannotRun, TokenError):
        return report_of(read_machine(), circumstances.settings)


def _pressure(reading: MemoryReading) -> str:
    if reading.pressure is not None:
        some, full = reading.pressure.some_percent, reading.pressure.full_percent
        return f"the kernel tells when memory is short (PSI); now some {some:g} %, full {full:g} %"
    if reading.level:
        return f"the system tells when memory is short; now {reading.level.name.lower()}"
    return "the system does not tell; what is available is looked at while a model is loaded"


def _swap(reading: MemoryReading) -> Finding:
    if not reading.swap_total_bytes:
        return ok("swap", f"none; {_lockable()}")
    used = reading.swap_total_bytes - reading.swap_free_bytes
    found = (
        f"{describe_size(used)} of {describe_size(reading.swap_total_bytes)} used; {_lockable()}"
    )
    if used > reading.swap_total_bytes * SWAP_SHARE_MAX:
        return warn("swap", found, "close other programs: what is swapped is slow to come back")
    return ok("swap", found)


def _lockable() -> str:
    """Whether weights could be locked in memory. They never are: told, so that nobody wonders."""
    try:
        import resource
    except ImportError:
        return "this system has no locked memory"
    most, _ = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    if most == resource.RLIM_INFINITY:
        return "memory may be locked without a limit (weights never are)"
    return f"{describe_size(most)} may be locked (weights never are)"


def _needs(
    circumstances: Circumstances,
) -> list[tuple[EndpointSettings, ModelHere | str]]:
    """Each endpoint with an engine, and what its model needs, or why it cannot be run."""
    import trio  # files are judged by the engines' own code, which is asynchronous

    async def all_of_them() -> list[tuple[EndpointSettings, ModelHere | str]]:
        endpoints = (*circumstances.settings.endpoints, EMBEDDED)
        local = [each for each in endpoints if each.engine is not None]
        return [(each, await _need(each, circumstances)) for each in local]

    return trio.run(all_of_them)


async def _need(endpoint: EndpointSettings, circumstances: Circumstances) -> ModelHere | str:
    from ..engines.engine_choice import choose_engine
    from ..engines.llama_server import LlamaServer
    from ..ports import Engine, EngineError, EngineSpec

    file = MODEL_FILE if endpoint == EMBEDDED else endpoint.file
    assert file is not None, "an engine has a model file"
    engine: Engine = LlamaServer()
    if not (endpoint.engine == "llama-server" or endpoint.projector or endpoint.draft):
        engines = circumstances.settings.engines
        choice = await choose_engine(engines, circumstances.folders.prefixes_dir, _tell_nobody)
        engine = choice.engine
    window = endpoint.context_tokens or EMBEDDED_CONTEXT_TOKENS
    spec = EngineSpec(
        endpoint.models[0],
        file,
        window,
        slots=engine.slots,
        projector=endpoint.projector or "",
        draft=endpoint.draft or "",
    )
    try:
        need = await engine.need(spec)
    except EngineError as error:
        return str(error)
    rules = rules_of(circumstances.settings.memory)
    return ModelHere(endpoint.name, file, need, rules.margin_bytes(need.total_bytes))


def _tell_nobody(_name: str, _fraction: float) -> None:
    """Nothing is loaded here."""


def judge_model(model: ModelHere, rules: MemoryRules, report: MemoryReport) -> Finding:
    """Whether it can ever be loaded here, and whether it could be now."""
    name = f"model {model.name}"
    reserved, most = model.reserved_bytes, _most_bytes(rules, report.reading)
    if reserved > most:
        found = f"{model.words}, more than the {describe_size(most)} that models can ever have here"
        return fail(name, found, _remedy(model, rules, report.reading))
    if any(each.endpoint == model.name for each in report.leases):
        return ok(name, f"{model.words}; it is loaded")
    if reserved > report.budget_bytes:
        found = f"{model.words}: it does not fit into {describe_size(report.budget_bytes)} now"
        return warn(name, found, "close other programs first")
    return ok(name, model.words)


def judge_together(
    models: Sequence[ModelHere], rules: MemoryRules, report: MemoryReport
) -> Finding:
    """Whether all can be loaded at a time. Where they cannot, they take turns."""
    total = sum(each.reserved_bytes for each in models)
    found = f"{len(models)} models need {describe_size(total)} together"
    most = min(_most_bytes(rules, report.reading), report.budget_bytes)
    if total <= most:
        return ok("models", f"{found}: all fit into {describe_size(most)} at a time")
    return warn(
        "models",
        f"{found}, more than {describe_size(most)}: an idle one leaves when another is asked",
        "nothing, if you ask them one after the other; else smaller models or windows",
    )


def _most_bytes(rules: MemoryRules, reading: MemoryReading) -> int:
    """What models could have if no other program held anything."""
    most = max(reading.total_bytes - rules.floor_bytes(reading.total_bytes), 0)
    return most if rules.budget_bytes is None else min(most, rules.budget_bytes)


def _remedy(model: ModelHere, rules: MemoryRules, reading: MemoryReading) -> str:
    """What would make it fit: a greater budget, a smaller window, else another model."""
    need, reserved = model.need, model.reserved_bytes
    if reserved <= _most_bytes(attrs.evolve(rules, budget_bytes=None), reading):
        return f"raise `budget_gibibytes` below [memory] in the settings, or {SMALLER}"
    if need.token_bytes:
        spare_bytes = _most_bytes(rules, reading) - reserved
        window = need.context_tokens + spare_bytes // need.token_bytes
        window -= window % WINDOW_TOKENS_STEP
        if window >= WINDOW_TOKENS_MIN:
            return f"set context_tokens = {window} for this endpoint, or {SMALLER}"
    return SMALLER
