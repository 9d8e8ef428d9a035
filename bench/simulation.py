"""What the simulation costs: points, scenarios and steps per second, and how fast its time runs.

    python bench/simulation.py [--json]

Rates are per second of one core's time, so that a busy machine tells the same; they still depend on
the machine. Each is printed beside its goal, and the steps of whole worlds beside a floor measured
in the same run: bare tasks of Trio that sleep under the same mock clock.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

import trio
import trio.testing
from understudy import app
from understudy.simulations.exhaustive.draw_set import draw_points
from understudy.simulations.exhaustive.points import Point
from understudy.simulations.exhaustive.sets import exhaustive_sets, run_point
from understudy.simulations.scenarios.catalogue import SCENARIOS
from understudy.simulations.world.run import run

FLOOR_TASKS, FLOOR_STEPS = 10, 2_000
SCENARIO_SEEDS = range(5)
POINTS = 400
"""Of each set at most, spread over all of it."""
GOALS = {"kernel": 150, "esc": 60, "stop": 60}
GARBAGE_OBJECTS = 20_000
"""Between two collections: a run makes and drops tens of thousands of objects, without cycles that
matter, and the collections cost a tenth of its time."""


async def sleep_in_steps() -> None:
    """The floor: tasks that do nothing but sleep."""

    async def sleep() -> None:
        for _ in range(FLOOR_STEPS):
            await trio.sleep(0.001)

    async with trio.open_nursery() as nursery:
        for _ in range(FLOOR_TASKS):
            nursery.start_soon(sleep)


def floor_steps_per_second() -> float:
    """Steps of bare tasks in virtual time."""
    start = time.process_time()
    trio.run(sleep_in_steps, clock=trio.testing.MockClock(autojump_threshold=0))
    return FLOOR_TASKS * FLOOR_STEPS / (time.process_time() - start)


def measure_scenarios() -> dict[str, float]:
    """Every scenario of the catalogue under a few seeds."""
    runs, steps, seconds, start = 0, 0, 0.0, time.process_time()
    for seed in SCENARIO_SEEDS:
        for scenario in SCENARIOS.values():
            result = run(scenario, seed, app)
            runs, steps, seconds = runs + 1, steps + result.steps, seconds + result.virtual_seconds
    took_seconds = time.process_time() - start
    return {
        "scenarios_per_second": round(runs / took_seconds, 1),
        "steps_per_second": round(steps / took_seconds),
        "simulated_seconds_per_second": round(seconds / took_seconds),
    }


def points_per_second(points: Iterable[Point]) -> tuple[float, int]:
    """How fast points are tried, and at how many something was found."""
    tried, found, start = 0, 0, time.process_time()
    for point in points:
        tried += 1
        found += bool(run_point(point, app))
    return tried / (time.process_time() - start), found


def sample(points: list[Point]) -> list[Point]:
    """At most so many of them, spread evenly."""
    return points[:: len(points) // POINTS + 1]


def measure() -> dict[str, Any]:
    """All measurements of one run."""
    found: dict[str, Any] = {"floor_steps_per_second": round(floor_steps_per_second())}
    found |= measure_scenarios()
    sets: dict[str, list[Point]] = {
        name: sample(list(each.points(app, range(1))))
        for name, each in exhaustive_sets().items()
        if name != "drawn"
    }
    sets["drawn"] = list(islice(draw_points(POINTS // 4, "a bench", app), POINTS))
    for name, points in sets.items():
        rate, complaints = points_per_second(points)
        found[name] = {"points_per_second": round(rate), "points": len(points), "found": complaints}
    return found


def show(found: Mapping[str, Any], write: Callable[[str], None]) -> None:
    """Prints the table."""
    floor, steps = found["floor_steps_per_second"], found["steps_per_second"]
    write(f"bare tasks          {floor:>8,} steps/s   (the floor)")
    write(f"whole worlds        {steps:>8,} steps/s   {steps / floor:.2f} x the floor")
    write(f"scenarios           {found['scenarios_per_second']:>8,} /s")
    write(f"simulated time      {found['simulated_seconds_per_second']:>8,} s/s")
    for name in exhaustive_sets():
        row = found[name]
        goal = f"   goal >= {GOALS[name]}" if name in GOALS else ""
        write(f"points of {name:<10}{row['points_per_second']:>8,} /s{goal}")
        if row["found"]:
            write(f"  something was found at {row['found']} of {row['points']} points")


def main() -> None:
    """Measures and prints."""
    logging.getLogger("trio.serve_listeners").setLevel(logging.CRITICAL)  # it tells what we plant
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS)
    found = measure()
    if arguments.json:
        print(json.dumps(found))
    else:
        show(found, print)


if __name__ == "__main__":
    main()
