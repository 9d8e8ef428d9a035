"""Which part of the settings led a turn where it went, in plain words.

A line's `why` begins with the rule by which the place was wanted, as the chooser has told it
(protocols/routing/), or says how the id was found. The settings may have changed since: what is
not there any more is said so.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..routing.rules import title, told
from ..settings_data import RuleSettings

NO_RULE = "no [[rule]] was needed: the id that was asked for, or the default, says the place"


def explain(why: str, rules: Sequence[RuleSettings]) -> str:
    """What in the settings is behind a reason."""
    if not why.startswith(("the rule ", "a rule (")):
        return NO_RULE if why else "nothing was noted"
    rule = next((rule for rule in rules if why.startswith(_beginning(rule))), None)
    if rule is None:
        return "a [[rule]] that the settings do not have any more"
    return f"{_title(rule)}: {_condition(rule)} go to {_places(rule)}"


def _beginning(rule: RuleSettings) -> str:
    """A rule with a name is the same one though its conditions have changed."""
    return f"{title(rule)} (" if rule.name else told(rule)


def _title(rule: RuleSettings) -> str:
    return f"the [[rule]] {rule.name}" if rule.name else "a [[rule]] without a name"


def _condition(rule: RuleSettings) -> str:
    parts = ["turns"]
    if rule.when:
        parts.append(f"that are {' and '.join(rule.when)}")
    if rule.model is not None:
        parts.append(f"that ask for {rule.model}")
    if rule.origin:
        parts.append(f"that would have gone to {' or '.join(rule.origin)}")
    return " ".join(parts)


def _places(rule: RuleSettings) -> str:
    if rule.spread == "affinity":
        return f"{' or '.join(rule.to)}, each conversation to one of them"
    first, *others = rule.to
    return f"{first}, and if that fails to {', then '.join(others)}" if others else first
