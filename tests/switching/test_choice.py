"""What is chosen for a conversation, step by step."""

from __future__ import annotations

import pytest
from understudy.protocols.switching.choice import (
    BEFORE_MAX,
    NO_CHOICE,
    Choice,
    asking,
    at_prompt,
    from_text,
    gone_back,
    picked,
    switched,
    switched_once,
    to_text,
    unasked,
)


def test_going_back_takes_the_places_in_turn() -> None:
    choice = switched(switched(NO_CHOICE, "a/x", "m"), "b/y", "m")
    first = gone_back(choice, "n")
    assert first is not None
    assert (first.place, first.before, first.model) == ("a/x", ("",), "n")
    second = gone_back(first)
    assert second is not None
    assert (second.place, second.before, second.model) == ("", (), "n")
    assert gone_back(second) is None


def test_so_far_one_can_go_back() -> None:
    choice = NO_CHOICE
    for number in range(BEFORE_MAX + 3):
        choice = switched(choice, f"a/{number}")
    assert choice.before == tuple(f"a/{number}" for number in range(2, BEFORE_MAX + 2))


def test_the_same_place_again_takes_no_step() -> None:
    choice = switched(NO_CHOICE, "a/x", "m")
    asked = asking(choice, ("b/y", "c/z"), "de", once=True)
    assert switched(asked, "a/x", "m") == choice
    assert unasked(asked) == choice


def test_one_answer_is_bound_to_the_prompt_after_it() -> None:
    waiting = switched_once(switched(NO_CHOICE, "a/x"), "b/y")
    assert waiting.place_for("any") == "b/y"
    bound = at_prompt(waiting, "p1")
    assert (bound.place_for("p1"), bound.place_for("p2")) == ("b/y", "a/x")
    assert at_prompt(bound, "p1") is bound
    over = at_prompt(bound, "p2")
    assert (over.once, over.prompt, over.place) == ("", "", "a/x")


def test_a_message_that_cannot_be_told_takes_an_open_answer_with_it() -> None:
    waiting = switched_once(NO_CHOICE, "b/y")
    assert waiting.place_for("") == "b/y"
    assert at_prompt(waiting, "").once == ""


def test_what_has_no_prompt_goes_along_with_one_that_waits() -> None:
    assert switched_once(switched(NO_CHOICE, "a/x"), "b/y").place_along == "b/y"
    assert switched(NO_CHOICE, "a/x").place_along == "a/x"


def test_a_pick_in_the_client_ends_it_and_can_be_undone() -> None:
    choice = picked(switched_once(switched(NO_CHOICE, "a/x", "m"), "b/y"), "n")
    assert (choice.place, choice.once, choice.before, choice.model) == ("", "", ("", "a/x"), "n")
    back = gone_back(choice)
    assert back is not None
    assert back.place == "a/x"
    assert picked(switched_once(NO_CHOICE, "b/y"), "n").before == ()


@pytest.mark.parametrize(
    "choice",
    [
        NO_CHOICE,
        switched(NO_CHOICE, "a/x", "m"),
        asking(switched_once(NO_CHOICE, "b/y", "p", "m"), ("a/x",), "ja", once=True),
        Choice(told=True),
    ],
)
def test_it_is_read_as_it_was_written(choice: Choice) -> None:
    assert from_text(to_text(choice)) == choice


def test_a_later_version_s_members_are_passed_over_and_nonsense_is_refused() -> None:
    assert from_text('{"place":"a/x","colour":"red"}') == Choice("a/x")
    with pytest.raises(ValueError, match="cannot be read"):
        from_text('{"place":1}')
