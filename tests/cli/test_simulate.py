"""The options of `understudy simulate`: what becomes of them, and what is refused."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner, Result
from understudy import __version__
from understudy.io.cli.main import Starters, make_command
from understudy.io.cli.simulate import Plan

from .stage import Stage

SETS = {"esc": "A turn.", "escape": "Another.", "ports": "A call."}
STORIES = {"one-turn": "A client asks.", "crowd": "Many ask.", "crown": "A king asks."}


@attrs.define
class FakeExplorer:
    """Keeps the plans that it is given."""

    status: int = 0
    plans: list[Plan] = attrs.field(factory=list[Plan])

    def scenarios(self) -> Mapping[str, str]:
        return STORIES

    def sets(self) -> Mapping[str, str]:
        return SETS

    def explore(self, plan: Plan) -> int:
        self.plans.append(plan)
        return self.status


def never(settings_file: Path | None, port: int | None, announce: object) -> None:
    raise AssertionError("no server is started here")


def invoke(*arguments: str, explorer: FakeExplorer | None = None) -> Result:
    explorer = explorer or FakeExplorer()
    command = make_command(Starters(never, lambda: explorer))
    return CliRunner().invoke(command, ["simulate", *arguments])


def plan_of(*arguments: str) -> Plan:
    explorer = FakeExplorer()
    ran = invoke(*arguments, explorer=explorer)
    assert ran.exit_code == 0, ran.output
    [plan] = explorer.plans
    return plan


def test_without_options_a_hundred_seeds_of_everything() -> None:
    assert plan_of() == Plan(jobs=os.cpu_count() or 1)


def test_seeds_are_a_range_with_both_ends_or_one() -> None:
    assert plan_of("--seeds", "3..5").seeds == range(3, 6)
    assert plan_of("--seeds", "7").seeds == range(7, 8)
    assert plan_of("--seconds", "2").seeds == range(0)
    assert plan_of("--seconds", "2", "--seeds", "4..5").seeds == range(4, 6)


def test_each_option_comes_to_the_plan() -> None:
    plan = plan_of(
        *("--seeds", "7", "--scenario", "crowd", "--policy", "pct", "--jobs", "3", "--trace"),
        *("--svg", "a.svg", "--save", "kept", "--no-shrink", "--check", "--json", "--coverage"),
    )
    assert plan == Plan(
        seeds=range(7, 8),
        scenarios=("crowd",),
        policy="pct",
        jobs=3,
        trace=True,
        svg=Path("a.svg"),
        save=Path("kept"),
        shrink=False,
        check=True,
        as_json=True,
        coverage="table",
    )
    assert plan_of("--scenario", "crowd", "--scenario", "one-turn").scenarios == (
        "crowd",
        "one-turn",
    )
    assert plan_of("--coverage", "markdown").coverage == "markdown"
    assert plan_of("--replay", "x.json", "--trace").replay == Path("x.json")


def test_points_are_all_of_the_sets_or_drawn_or_one() -> None:
    usual = Plan(jobs=os.cpu_count() or 1)
    assert plan_of("--exhaustive") == attrs.evolve(usual, exhaustive=True)
    some = plan_of("--set", "ports", "--set", "esc", "--seconds", "2")
    assert (some.exhaustive, some.sets, some.seconds) == (True, ("ports", "esc"), 2)
    assert plan_of("--exhaustive", "--set", "esc").sets == ("esc",)
    assert plan_of("--points", "20") == attrs.evolve(usual, points=20, key=__version__)
    assert plan_of("--points", "20", "--key", "abc").key == "abc"
    assert plan_of("--point", "esc/x/0/turn/1").point == "esc/x/0/turn/1"


@pytest.mark.parametrize("status", [0, 1, 130])
def test_the_exit_status_is_the_explorer_s(status: int) -> None:
    assert invoke(explorer=FakeExplorer(status)).exit_code == status


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--seeds", "5..2"], "'5..2' ends before it begins; write 2..5"),
        (["--seeds", "-1"], "'-1' is no seed and no range of seeds; write 7, or 0..499"),
        (["--seeds", "all"], "'all' is no seed"),
        (["--seeds", str(2**64)], "is too large"),
        (["--scenario", "crowdd"], "No such scenario 'crowdd'. Did you mean crowd or crown?"),
        (["--scenario", "zzz"], "No such scenario 'zzz'. `--list` shows all."),
        (["--jobs", "0"], "--jobs"),
        (["--seconds", "0"], "--seconds"),
        (["--policy", "lifo"], "--policy"),
        (["--trace"], "--trace shows one run; give one seed and one scenario"),
        (["--trace", "--seeds", "7"], "--trace shows one run"),
        (["--trace", "--seeds", "7", "--scenario", "crowd", "--seconds", "1"], "--trace shows"),
        (["--replay", "x", "--seeds", "7"], "--replay says what is run; leave out --seeds"),
        (["--points", "2", "--policy", "pct"], "--points says what is run; leave out --policy"),
        (["--points", "2", "--exhaustive"], "--points and --exhaustive exclude each other"),
        (["--point", "x", "--set", "esc"], "--point and --set exclude each other; give one"),
        (["--replay", "x", "--points", "2"], "--replay and --points exclude each other"),
        (["--set", "ecs"], "No such set 'ecs'. Did you mean esc?"),
        (["--set", "esc", "--seeds", "7"], "--set says what is run; leave out --seeds"),
        (["--exhaustive", "--check"], "--exhaustive says what is run; leave out --check"),
        (["--points", "2", "--scenario", "crowd", "--save", "x"], "leave out --scenario, --save"),
        (["--point", "x", "--seconds", "2"], "--point says what is run; leave out --seconds"),
        (["--points", "0"], "--points"),
        (["--key", "abc"], "--key draws points; say how many with --points N"),
        (["more"], "unexpected extra argument"),
    ],
)
def test_wrong_usage_says_what_to_do(arguments: list[str], said: str) -> None:
    explorer = FakeExplorer()
    ran = invoke(*arguments, explorer=explorer)
    assert ran.exit_code == 2
    assert said in " ".join(ran.output.split())
    assert explorer.plans == []


def test_the_list_has_each_scenario_with_its_story_and_each_set() -> None:
    assert invoke("--list").output.splitlines() == [
        "scenario  story",
        "one-turn  A client asks.",
        "crowd     Many ask.",
        "crown     A king asks.",
        "",
        "set     what is tried",
        "esc     A turn.",
        "escape  Another.",
        "ports   A call.",
    ]
    listed = json.loads(invoke("--list", "--json").output)
    assert listed[:3] == [{"scenario": name, "story": story} for name, story in STORIES.items()]
    assert listed[3:] == [{"set": name, "tries": words} for name, words in SETS.items()]


@pytest.mark.parametrize(
    ("words", "completed"), [("--scenario up", "upstream-cut"), ("--set cra", "crashes")]
)
def test_the_shell_completes_names(stage: Stage, words: str, completed: str) -> None:
    asked = {
        "_UNDERSTUDY_COMPLETE": "bash_complete",
        "COMP_WORDS": f"understudy simulate {words}",
        "COMP_CWORD": "3",
    }
    assert stage.run(**asked).stdout.splitlines() == [f"plain,{completed}"]
