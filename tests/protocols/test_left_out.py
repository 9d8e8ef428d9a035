"""What was left out is counted by its name, within limits."""

from __future__ import annotations

from understudy.protocols.left_out import NAME_CHARACTERS_MAX, NAMES_MAX, OTHER, LeftOut, Omission


def test_each_member_counts_once_a_turn_and_the_most_frequent_comes_first() -> None:
    left_out = LeftOut()
    left_out.note("work", ("seed", "top_k", "top_k"))
    left_out.note("work", ("top_k",))
    assert left_out.omissions() == [Omission("work", "top_k", 2), Omission("work", "seed", 1)]


def test_names_that_a_client_makes_up_have_a_bound() -> None:
    left_out = LeftOut()
    for number in range(NAMES_MAX + 50):
        left_out.note("work", (f"{number}" + "x" * 1_000,))
    found = left_out.omissions()
    assert found[0] == Omission("work", OTHER, 50)
    assert len(found) == NAMES_MAX + 1
    assert all(len(omission.member) <= NAME_CHARACTERS_MAX for omission in found)
