"""Parts in their order, some of which may be left out: members of objects, arguments of calls.

Any subset of the optional ones can be written, in a grammar that is linear in their number: after
each part one of the next may follow, up to the next that must. The separator is written before the
choice is made, so that few readings are open at a time.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from .rules import NOTHING, Rules


@attrs.frozen
class Part:
    """A body, and whether it must be there."""

    body: str
    needed: bool


@attrs.frozen
class More:
    """What may follow after all parts: a rule, `least` to `most` times."""

    item: str
    least: int = 0
    most: int | None = None


@attrs.frozen
class Parts:
    """The rule of at least one part (None if there can be none), and whether none may be there."""

    some: str | None
    may_be_none: bool


def in_order(
    rules: Rules,
    parts: Sequence[Part],
    *,
    separator: str,
    more: More | None = None,
    end: str = NOTHING,
    hint: str = "parts",
) -> Parts:
    """The rules of these parts. `separator` is a body between two, `end` one after the last."""
    some, after, may_end = _more(rules, more, separator, end, hint)
    for part in reversed(parts):
        chosen = f"{part.body} {after}"
        some = rules.any_of(hint, [chosen] if part.needed or some is None else [chosen, some])
        may_end = may_end and not part.needed
        following = [f"{separator} {some}", *([end] if may_end else [])]
        after = rules.any_of(f"{hint}-more", following)
    return Parts(some, may_end)


def _more(
    rules: Rules, more: More | None, separator: str, end: str, hint: str
) -> tuple[str | None, str, bool]:
    """After all parts: the rule of more, the body of what follows one, whether it may end there."""
    if more is None or more.most == 0:
        return None, end, True
    led = rules.add(f"{hint}-next", f"{separator} {more.item}")
    most = None if more.most is None else more.most - 1
    some = rules.add(
        f"{hint}-rest", f"{more.item} {rules.times(led, max(0, more.least - 1), most)} {end}"
    )
    return (
        some,
        rules.add(f"{hint}-ends", f"{rules.times(led, more.least, more.most)} {end}"),
        more.least == 0,
    )
