"""`understudy why`: each attempt of a turn, and the rule that led it there."""

from __future__ import annotations

import json

import attrs
import pytest
from understudy.io.cli.errors import CannotRun
from understudy.io.cli.why import one_turn
from understudy.protocols.records import TurnOutcome, Usage
from understudy.protocols.settings_data import RuleSettings
from understudy.protocols.usage.reasons import NO_RULE, explain

from .stage import Stage
from .test_usage import ONE, keep

SETTINGS = """
[[endpoint]]
name = "work"
dialect = "anthropic"
base_url = "http://127.0.0.1:9"
models = ["claude-x"]

[[endpoint]]
name = "home"
dialect = "anthropic"
base_url = "http://127.0.0.1:9"
models = ["claude-y"]

[[rule]]
name = "night"
when = "background"
to = ["work/claude-x", "home/claude-y"]
"""
REFUSED = attrs.evolve(
    ONE,
    turn="req_abc1",
    outcome=TurnOutcome.REFUSED,
    status=529,
    stop_reason="",
    usage=Usage(),
    first_byte_seconds=-1.0,
    why="the rule night (background)",
    key=1,
)
ANSWERED = attrs.evolve(
    ONE,
    turn="req_abc1~2",
    endpoint="home",
    model="claude-y",
    usage=Usage(1000, 40, 9000, 50),
    why="the rule night (background); work/claude-x has used up its tokens of today",
)


def test_each_attempt_is_shown_with_the_rule_behind_it(stage: Stage) -> None:
    stage.write_settings(SETTINGS)
    keep(stage, REFUSED, ANSWERED, ONE)
    shown = stage.run("why", "req_a").stdout
    for words in (
        "req_abc1\n",
        "attempt 1\n  where     work/claude-x, with key 2\n",
        "outcome   refused, status 529\n",
        "attempt 2\n  where     home/claude-y\n",
        "why       the rule night (background); work/claude-x has used up its tokens of today\n",
        "settings  the [[rule]] night: turns that are background go to work/claude-x, and if that "
        "fails to home/claude-y\n",
        "outcome   answered (end_turn), status 200\n",
        "time      first byte after 0.50 s, 2.50 s in all\n",
        "tokens    10,050 read (9,000 from a cache, 50 written to it), 40 written\n",
    ):
        assert words in shown, shown
    assert "\nroute\n" in stage.run("why", "last").stdout
    attempts = json.loads(stage.run("why", "req_abc1", "--json").stdout)["attempts"]
    assert [(line["attempt"], line["key"], line["status"]) for line in attempts] == [
        (1, 2, 529),
        (2, 1, 200),
    ]


def test_the_running_server_is_asked_first(stage: Stage) -> None:
    with stage.serving():
        done = stage.run("why", "last")
        assert done.returncode == 2
        assert "no turn last is known: the newest 50,000 are kept" in done.stderr
        asked = stage.run("ask", "--model", "rehearsal", "Hello")
        if asked.returncode == 0:  # where models can run
            assert "where" in stage.run("why", "last").stdout
            assert json.loads(stage.run("usage", "--json").stdout)["rows"][0]["turns"] >= 1


def test_an_id_that_is_not_known_is_told() -> None:
    with pytest.raises(CannotRun, match="no turn req_x is known: the newest 50,000 are kept"):
        one_turn("req_x", [])
    with pytest.raises(CannotRun) as caught:
        one_turn("\x1b[31m", [])
    assert caught.value.message.isprintable()


def test_a_beginning_of_several_is_told_and_a_whole_id_is_meant() -> None:
    lines = [{"turn": name} for name in ("req_1", "req_1", "req_12", "req_13")]
    with pytest.raises(CannotRun, match="begins several ids: req_1, req_12, req_13; give more"):
        one_turn("req_", lines)
    assert one_turn("req_1", lines) == lines[:2]


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("the rule a (thinking); more", "the [[rule]] a: turns that are thinking go to w/x"),
        (
            "a rule (plan and model claude-* and from home)",
            "a [[rule]] without a name: turns that are plan that ask for claude-* that would "
            "have gone to home go to w/x or w/y, each conversation to one of them",
        ),
        ("the rule gone (thinking)", "a [[rule]] that the settings do not have any more"),
        ("claude-x is at work", NO_RULE),
        ("", "nothing was noted"),
    ],
)
def test_reasons_are_explained(why: str, words: str) -> None:
    rules = [
        RuleSettings(("w/x",), "a", ("thinking",)),
        RuleSettings(("w/x", "w/y"), "", ("plan",), "claude-*", ("home",), spread="affinity"),
    ]
    assert explain(why, rules) == words
