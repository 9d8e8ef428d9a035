"""The command of the explorer run in this process, and tiny stories for it to tell."""

from __future__ import annotations

import re

from click.testing import CliRunner, Result
from understudy.__main__ import explorer, serve
from understudy.io.cli.main import Starters, make_command
from understudy.simulations.world.world import World

SUMMARY = re.compile(
    r"(interrupted: )?([\d,]+) seeds? of ([\d,]+) scenarios?, ([\d,]+) runs?, ([\d,]+) found"
    r"(?: of ([\d,]+) kinds?)?, [\d,.]+ s: [\d,.]+ scenarios/s, [\d,.]+ steps/s, "
    r"[\d,.]+ simulated seconds per second"
)


def invoke(*arguments: str, stdin: str | None = None) -> Result:
    command = make_command(Starters(serve, explorer))
    return CliRunner().invoke(command, ["simulate", *arguments], input=stdin)


def counted(ran: Result) -> list[str]:
    """The numbers of the summary, which is the last line."""
    found = SUMMARY.fullmatch(ran.stdout.splitlines()[-1])
    assert found is not None, ran.output
    return [number for number in found.groups()[1:] if number is not None]


async def calm(world: World) -> None:
    """Nothing happens. Never."""
    world.sometimes("calm")
    world.coverage["disk.full", "at rest"] += 1


async def odd(world: World) -> None:
    """Odd seeds are wrong."""
    seed = world.chance.seed
    world.check(seed % 2 == 0, f"seed {seed} is odd")


async def broken(world: World) -> None:
    """Cannot go on."""
    [_] = world.clients
