"""Processes that run cases: all come back, a death is told with its item, Ctrl-C ends them.

The functions that they run are the standard library's, which a fresh process can import.
"""

from __future__ import annotations

import gc
import math
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Generator
from contextlib import closing
from threading import Timer
from types import ModuleType
from typing import Any

import pytest
from understudy.simulations.explorer.jobs import (
    CHUNK_ITEMS,
    GARBAGE_OBJECTS,
    CannotStart,
    Lost,
    run_all,
)

NUMBERS = list(range(3 * CHUNK_ITEMS))


def outcomes(
    items: list[Any], function: Callable[[Any], Any], jobs: int = 2, **more: float
) -> dict[Any, Any]:
    with closing(run_all(items, function, jobs, **more)) as found:
        return dict(found)


@pytest.fixture(autouse=True)
def nothing_is_left() -> Generator[None]:
    yield
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_item_comes_back_with_what_came_of_it(jobs: int) -> None:
    assert outcomes(NUMBERS, math.sqrt, jobs) == {item: math.sqrt(item) for item in NUMBERS}
    assert outcomes([], math.sqrt, jobs) == {}


@pytest.mark.parametrize("jobs", [1, 2])
def test_garbage_is_collected_seldom_and_only_meanwhile(jobs: int) -> None:
    before = gc.get_threshold()
    [threshold] = outcomes(["__import__('gc').get_threshold()"], eval, jobs).values()
    assert threshold[0] == GARBAGE_OBJECTS > before[0]
    assert gc.get_threshold() == before


def test_one_job_is_this_process_and_two_are_others() -> None:
    assert outcomes([0], os.getpgid, 1) == {0: os.getpgid(0)}
    pids = set(outcomes(["os.getpid()"] * 1, eval, 2).values())
    assert os.getpid() not in pids


def test_a_process_that_dies_loses_one_item_and_its_chunk_is_run_by_another() -> None:
    items = ["1", "__import__('os')._exit(3)", "2", "3"]
    assert outcomes(items, eval) == {
        "1": 1,
        "2": 2,
        "3": 3,
        items[1]: Lost("ended with exit code 3", ("2", "3")),
    }


def test_a_process_that_is_killed_is_told_so() -> None:
    kill = "__import__('os').kill(__import__('os').getpid(), 9)"
    assert outcomes([kill], eval) == {kill: Lost("was killed by signal 9 (SIGKILL)")}


def test_ctrl_c_is_not_for_the_others() -> None:
    interrupt = "__import__('os').kill(__import__('os').getpid(), 2)"
    assert outcomes([interrupt, "2"], eval) == {interrupt: None, "2": 2}


def test_an_item_that_takes_too_long_is_lost() -> None:
    found = outcomes(["__import__('time').sleep(600)", "2"], eval, item_seconds_max=0.2)
    [lost] = [outcome for outcome in found.values() if isinstance(outcome, Lost)]
    assert lost.why == "took more than 0.2 s and was stopped"
    assert found["2"] == 2


def test_processes_that_cannot_start_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    only_here = ModuleType("only_here")
    exec("def function(item): return item", vars(only_here))
    monkeypatch.setitem(sys.modules, "only_here", only_here)
    assert outcomes([1], only_here.function, 1) == {1: 1}
    with pytest.raises(CannotStart, match="ended with exit code 1 before it ran anything"):
        outcomes([1], only_here.function)


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_comes_through_between_two_outcomes(jobs: int) -> None:
    done: list[float] = []
    interrupting = Timer(0.0, os.kill, (os.getpid(), signal.SIGINT))

    def sleep_again_and_again() -> None:
        with closing(run_all([0.001] * 10_000, time.sleep, jobs)) as found:
            for item, _ in found:
                done.append(item)
                if len(done) == 3:
                    interrupting.start()

    with pytest.raises(KeyboardInterrupt):
        sleep_again_and_again()
    interrupting.join()
    assert 3 <= len(done) < 10_000
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_who_stops_listening_ends_the_processes() -> None:
    with closing(run_all(NUMBERS, math.sqrt, 2)) as found:
        next(found)
