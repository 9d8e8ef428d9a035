"""Properties of every choice, in drawn worlds; and that each of them sees a bug."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import find, given
from understudy.protocols.routing import choice, wanted
from understudy.protocols.routing.budget import Budgets
from understudy.protocols.routing.choice import Chooser
from understudy.protocols.routing.wish import Tried, Wish
from understudy.protocols.turn import TurnRefused

from .worlds import World, complaints, few_examples, hunt, many_examples, worlds


@many_examples
@given(worlds())
def test_whatever_fails_the_walls_hold_and_all_are_asked(world: World) -> None:
    assert complaints(world) == []


@few_examples
@given(worlds())
def test_a_choice_depends_on_nothing_but_its_world(world: World) -> None:
    def told() -> list[str]:
        try:
            return [world.chooser().choose(world.wish, 0.0).why]
        except TurnRefused as refusal:
            return [str(refusal)]

    assert told() == told()


Patch = Callable[[pytest.MonkeyPatch], None]


def nothing(*_arguments: Any) -> bool:
    """Takes the place of what tells that something is so."""
    return False


def no_wall(patch: pytest.MonkeyPatch) -> None:
    """Private words go anywhere."""

    def trusted(found: Any, _notes: Any) -> Any:
        return found.places

    patch.setattr(choice, "trusted", trusted)


def the_origin_alone_is_private(patch: pytest.MonkeyPatch) -> None:
    """Where a conversation was before is forgotten."""
    whole = vars(wanted)["_owners"]

    def owners(named: Any, wish: Wish) -> Any:
        return whole(named, attrs.evolve(wish, home=""))

    patch.setattr(wanted, "_owners", owners)


def any_from_frees(patch: pytest.MonkeyPatch) -> None:
    """A rule that names one endpoint frees what is private to another."""
    whole = vars(wanted)["_owners"]

    def owners(named: Any, wish: Wish) -> Any:
        return whole(named, wish) - {(wish.home or "").partition("/")[0]}

    patch.setattr(wanted, "_owners", owners)


def health_is_ignored(patch: pytest.MonkeyPatch) -> None:
    """The order is the settings', whoever rests."""
    whole = vars(Chooser)["_with_keys"]

    def with_keys(*arguments: Any) -> Any:
        return [attrs.evolve(each, rest_seconds=0.0) for each in whole(*arguments)]

    patch.setattr(Chooser, "_with_keys", with_keys)


def spent_is_ignored(patch: pytest.MonkeyPatch) -> None:
    """Nobody's tokens are ever used up."""
    patch.setattr(Budgets, "is_spent", nothing)


def what_was_tried_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    """A place is asked again and again."""
    patch.setattr(Tried, "covers", nothing)


def vectors_fall_over(patch: pytest.MonkeyPatch) -> None:
    """Vectors are taken from whoever has some."""
    patch.setattr(choice, "wanted", vars(wanted)["_wanted"])


BUGS = [
    no_wall,
    the_origin_alone_is_private,
    any_from_frees,
    health_is_ignored,
    spent_is_ignored,
    what_was_tried_is_forgotten,
    vectors_fall_over,
]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_planted_bug_is_seen(bug: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    bug(monkeypatch)
    world = find(worlds(), lambda world: bool(complaints(world)), settings=hunt)
    monkeypatch.undo()
    assert complaints(world) == []
