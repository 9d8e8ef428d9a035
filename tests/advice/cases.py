"""The cases of cases.toml: read, worked out, and written as tables for docs/recommendation.md."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs
from understudy.protocols.advice.contender import Contender, InMemory
from understudy.protocols.advice.ranking import Advice, recommend
from understudy.protocols.advice.scores import weights_of
from understudy.protocols.advice.sentences import reason, summary, why_not
from understudy.protocols.advice.situation import Situation
from understudy.protocols.settings_data import RecommendSettings

FILE: Final = Path(__file__).with_name("cases.toml")
RESPECTS: Final = ("context", "speed", "price", "privacy", "reliability", "abilities")


@attrs.frozen
class Case:
    """One case; `says`, `ranking` and `left_out` are what it must come to."""

    name: str
    now: Situation
    places: tuple[Contender, ...]
    weights: RecommendSettings
    ranking: tuple[str, ...]
    left_out: Mapping[str, str]
    says: str

    @property
    def advice(self) -> Advice:
        """What it comes to."""
        return recommend(self.now, self.places, self.weights)


def read_cases() -> tuple[Case, ...]:
    """All cases of the file."""
    return tuple(_case(each) for each in tomllib.loads(FILE.read_text())["case"])


def tables(cases: tuple[Case, ...]) -> str:
    """The cases as a person reads them."""
    return "\n".join(line for number, case in enumerate(cases, 1) for line in _lines(number, case))


def _case(written: Mapping[str, Any]) -> Case:
    return Case(
        written["name"],
        Situation(**written["now"]),
        tuple(map(_contender, written["place"])),
        RecommendSettings(**written.get("weights", {})),
        tuple(written["ranking"]),
        written.get("left_out", {}),
        written["says"],
    )


def _contender(written: Mapping[str, Any]) -> Contender:
    known: dict[str, Any] = dict(written)
    for name in ("has", "lacks"):
        known[name] = frozenset(known.get(name, ()))
    for name in ("evicts", "price"):
        if name in known:
            known[name] = tuple(known[name])
    known["memory"] = InMemory(known.get("memory", "unknown"))
    known["trusted"] = known.get("trusted", known.get("here", False))
    return Contender(**known)


def _lines(number: int, case: Case) -> Iterator[str]:
    advice = case.advice
    weights = weights_of(case.now, case.weights)
    yield f"### {number}. {case.name}"
    yield ""
    yield f"{_situation(case.now)} It says: *{summary(advice)}*"
    yield ""
    yield f"| place | {' | '.join(RESPECTS)} | points | went well | why |"
    yield f"|---|{'---|' * len(RESPECTS)}---|---|---|"
    shown = " | ".join(f"x {weights[name] / 1_000:g}" for name in RESPECTS)
    yield f"| *weight* | {shown} | | | |"
    for each in advice.ranked:
        parts = " | ".join(str(each.points[name]) for name in RESPECTS)
        well = _went_well(each.contender)
        yield f"| `{each.place}` | {parts} | {each.share} | {well} | {reason(advice, each)} |"
    for left in advice.left_out:
        parts = " | ".join("-" * len(RESPECTS))
        yield f"| `{left.place}` | {parts} | out | | {why_not(left)} |"
    yield ""


def _went_well(contender: Contender) -> str:
    if not contender.attempts:
        return ""
    return f"{contender.attempts - contender.errors} of {contender.attempts}"


def _situation(now: Situation) -> str:
    known = [
        f"Goal `{now.goal}`." if now.goal else "",
        f"{now.tokens:,} tokens so far." if now.tokens else "A new conversation.",
        f"{now.growth_tokens:,} more with each turn." if now.growth_tokens else "",
        f"`{now.place}` answers now." if now.place else "",
        "It is private." if now.private else "",
        "Tools are in use." if now.tools else "",
        "There are images." if now.images else "",
    ]
    return " ".join(each for each in known if each)
