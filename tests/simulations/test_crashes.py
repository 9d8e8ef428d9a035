"""What crashes in a run is complained of, in words that say where; meanwhile nothing is logged."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
import trio
from understudy import app
from understudy.io.settings_file import SettingsRejected
from understudy.protocols.settings_problems import SettingsProblem
from understudy.simulations.explorer.case import Case, run_case
from understudy.simulations.explorer.shrink import shrink
from understudy.simulations.scenarios.one_turn import one_turn
from understudy.simulations.world import life
from understudy.simulations.world.crashes import crash_words, heard
from understudy.simulations.world.run import Result, run
from understudy.simulations.world.world import World


async def no_address(*_arguments: Any) -> None:
    raise OSError("no address is left")


def test_a_scenario_that_cannot_go_on_is_a_complaint_and_the_rest_is_inspected() -> None:
    async def broken(world: World) -> None:
        world.check(False, "first")
        [_] = world.clients

    result = run(broken, 1, app, trace=True)
    assert result.complaints[0] == "first"
    said = "ValueError: not enough values to unpack (expected 1, got 0), at world/run.py:"
    assert result.complaints[1].startswith(said)
    assert len(result.complaints) == 2
    assert result.happenings[-1].words == "is asked to stop", "the world has gone on"


def test_a_world_that_falls_says_all_that_it_has_come_to() -> None:
    async def fall(world: World) -> None:
        await world.client().ask("Hamlet?")
        world.check(False, "first")
        world.nursery.start_soon(no_address)
        await trio.sleep(1)

    result = run(fall, 1, app, trace=True)
    complaint, first = result.complaints
    assert complaint == "OSError: no address is left", "what brought it down is told first"
    assert first == "first"
    assert result.steps > 100
    assert len(result.lines) == result.steps
    last = result.happenings[-1]
    assert (last.who, last.words, last.seconds) == ("complaint", complaint, result.virtual_seconds)
    assert last.seconds > 0


def test_a_world_that_does_not_begin_is_a_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, "listen", no_address)
    [complaint] = run(one_turn, 1, app).complaints
    assert re.match(
        r"OSError: no address is left, at world/life\.py:\d+ from world/life\.py:\d+ from ",
        complaint,
    )


def test_a_world_that_falls_after_a_fault_is_shrunk_to_that_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = World.note_strike

    def fall(self: World, name: str) -> None:
        whole(self, name)
        if name == "peer refuses#1":
            self.nursery.start_soon(no_address)

    def fails(case: Case) -> Result | None:
        result = run_case(case, app)
        return result if any("no address" in words for words in result.complaints) else None

    monkeypatch.setattr(World, "note_strike", fall)
    struck = next(case for seed in range(20) if fails(case := Case("swarm", seed, "fifo")))
    small = shrink(struck, fails, budget_runs=50)
    assert (small.strikes, small.schedule) == (("peer refuses#1",), {})


def test_a_crash_that_the_product_contains_is_a_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.io.serving.gateway.deliver", None)
    result = run(one_turn, 1, app, trace=True)
    said = "the handler of POST '/v1/messages' crashed: TypeError"
    assert re.match(
        rf"{said}, at serving/\w+\.py:\d+( from serving/\w+\.py:\d+)+", result.complaints[0]
    )
    noted = [each.words for each in result.happenings if each.who == "complaint"]
    assert noted[0] == result.complaints[0], "the others come of it"


async def spoil(world: World) -> None:
    """Makes the settings file unreadable, which the product logs."""
    await world.change_settings(SettingsRejected((SettingsProblem("x.toml", 1, "", "as drawn"),)))


def test_a_run_logs_nothing_and_gives_the_log_back(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logger = logging.getLogger("understudy")
    logged = 0

    class Count(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            nonlocal logged
            logged += "the settings stay as they were" in record.getMessage()

    counter = Count()
    logger.addHandler(counter)
    assert run(spoil, 1, app).complaints == ()
    logger.removeHandler(counter)
    assert logged, "there was something to be silent about"
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
    logger.warning("outside")
    assert [record.getMessage() for record in caplog.records] == ["outside"]


def test_only_crashes_are_heard_of_in_the_log() -> None:
    told: list[str] = []
    with heard(told.append):
        logging.getLogger("understudy.serving").error("x %s: y\nfile", "crashed")
        logging.getLogger("understudy").warning("the settings stay as they were")
    assert told == ["x crashed: y"]


def test_the_words_of_a_group_are_those_of_its_parts() -> None:
    parts = [KeyError("a"), ExceptionGroup("", [ValueError("b\n c"), OSError("d" * 300)])]
    assert crash_words(ExceptionGroup("", parts)) == [
        "KeyError: 'a'",
        "ValueError: b c",
        f"OSError: {'d' * 200}…",
    ]
