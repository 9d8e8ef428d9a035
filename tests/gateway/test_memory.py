"""What the status tells of memory, and what it does while nobody can be asked."""

from __future__ import annotations

import re
from typing import Any, cast

import attrs
import msgspec
from understudy.actors.router import ApplySettings
from understudy.io.serving.openapi_schemas import SCHEMAS
from understudy.protocols.actor import ActorError, Message, Ref, Unavailable
from understudy.protocols.resources.need import MemoryNeed
from understudy.protocols.resources.reading import MemoryReading, Pressure
from understudy.protocols.resources.report import DecisionLine, LeaseLine, MemoryReport
from understudy.protocols.settings import Settings

from .conftest import Stage
from .test_openapi import complaints

GIB = 2**30
REPORT = MemoryReport(
    200.0,
    "pressed",
    MemoryReading(16 * GIB, 3 * GIB, pressure=Pressure(12.5, 0.5)),
    12 * GIB,
    2 * GIB,
    5 * GIB,
    (
        LeaseLine(1, "local", "qwen3", "held", MemoryNeed(4 * GIB, GIB), 4 * GIB, answers=1),
        LeaseLine(2, "other", "phi", "waiting", MemoryNeed(2 * GIB)),
    ),
    (DecisionLine(190.0, "evicted", "local", "old", "idle for 3 min", GIB),),
)


@attrs.frozen
class Watcher:
    """Stands where the resource-watcher stands."""

    answer: MemoryReport | ActorError

    async def ask(self, message: Message[Any]) -> MemoryReport:
        """Says what was planted."""
        if isinstance(self.answer, ActorError):
            raise self.answer
        return self.answer


async def status_of(stage: Stage, answer: MemoryReport | ActorError) -> Any:
    stage.gateway.status.resources = cast(Ref, Watcher(answer))
    answered = await stage.ask("GET", "/status.json")
    assert answered.status == 200
    return answered.json()


async def test_nothing_is_said_of_memory_without_a_watcher(stage: Stage) -> None:
    assert (await stage.ask("GET", "/status.json")).json()["memory"] is None


async def test_the_status_goes_on_while_the_watcher_cannot_be_asked(stage: Stage) -> None:
    status = await status_of(stage, Unavailable("it is made anew"))
    assert status["memory"] is None
    assert status["endpoints"]


async def test_the_report_is_there_with_its_words(stage: Stage) -> None:
    status = await status_of(stage, REPORT)
    memory = status["memory"]
    assert memory["words"] == "the machine is short of memory"
    assert [(each["words"], each["need_bytes"]) for each in memory["leases"]] == [
        ("answering", 5 * GIB),
        ("waiting", 2 * GIB),
    ]
    [decision] = memory["decisions"]
    assert decision["ago_seconds"] == 10.0
    assert decision["words"] == "local/old is asked to leave, which frees 1.0 GiB: idle for 3 min"
    assert complaints(SCHEMAS["Status"], status, "status") == []


async def test_a_first_model_is_offered_to_whoever_has_no_endpoint(stage: Stage) -> None:
    assert (await status_of(stage, REPORT))["first_model"] is None
    await stage.router.ask(ApplySettings(Settings()))
    status = await status_of(stage, REPORT)
    offer = status["first_model"]
    assert offer["command"].startswith("understudy models pull ")
    assert ", fits your 16 GB, " in offer["words"]
    assert complaints(SCHEMAS["Status"], status, "status") == []
    stage.gateway.status.recommended = ()
    assert (await status_of(stage, REPORT))["first_model"] is None


async def test_whoever_reads_it_gets_the_same_report(stage: Stage) -> None:
    memory = (await status_of(stage, REPORT))["memory"]
    assert msgspec.convert(memory, MemoryReport) == REPORT


async def test_the_page_has_a_place_for_all_that_its_script_shows(stage: Stage) -> None:
    page = (await stage.ask("GET", "/")).body.decode()
    markup, _, script = page.partition("<script>")
    filled = set(re.findall(r"(?:by|fill)\(\"(\w+)\"", script))
    assert {"memory_bar", "leases", "decisions"} <= filled
    assert filled <= set(re.findall(r'id="(\w+)"', markup))


async def test_the_page_reads_only_what_the_status_has(stage: Stage) -> None:
    page = (await stage.ask("GET", "/")).body.decode()
    memory = (await status_of(stage, REPORT))["memory"]
    parts = {"m": memory, "l": memory["leases"][0], "d": memory["decisions"][0]}
    script = page[page.index("const facts") : page.index("const show =")]
    for name, part in parts.items():
        assert set(re.findall(rf"\b{name}\.([a-z_]+)", script)) <= set(part)
    assert {f"{each}_bytes" for each in re.findall(r'\["(\w+)", "', page)} >= set(memory["shares"])
