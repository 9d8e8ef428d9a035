"""What is meant, by the kinds of phrases in a text: the rules, one line each.

A rule says how many names there are, of which sets one kind each must be there, and which others
may stand beside them; whatever else is there, the rule does not hold. The first that holds counts.
A text can often be read in several ways; that of the fewest phrases is tried first (see `cues`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

import attrs

Kind = Literal[
    "change", "put", "wish", "polite", "from", "once", "this", "now", "anyway",
    "return", "before", "gone",
    "ask", "which", "who", "current", "model", "is", "state", "self", "speaks", "spoke",
    "models", "list", "choices", "besides", "also", "some",
    "suggest", "should", "best", "goal", "case", "task", "ours", "either",
    "asked", "revert", "fit", "why", "open",
    "glue",
]  # fmt: skip
"""Of a phrase.

What wants: `change` are verbs of changing from one to another, `put` those that put one in charge,
`wish` and `polite` ask for it. `from` says from when on, `once` that it is for one answer, `this`
that it is for what follows, `now` no more than that, `anyway` that it shall be so in spite of all.
What wants to go back: `return` says all of it ("switch back", "undo the switch"), `gone` is the
model that was, `before` whatever was.
What asks: `ask` begins a question ("tell me"), `current` is what it is about as a whole ("the
model's name"), `is` asks what something is and `state` says so, `speaks` says that one answers (of
nothing but models), `spoke` that one did, `self` that it is the one whose name follows. `choices`
are what there is to choose from, with no word for models; `besides` leaves some out of a list, and
`some` is one of several.
What asks for advice: `suggest` asks to be told, `should` what one would take, `best` is a quality
that one has more than others, `goal`, `task` and `case` are what for; `ours` are those of us.
Of single words: `asked` are questions for the one model, `revert` wants what was (and needs a word
for it), `fit` says that one is good enough, `why` are reasons and evaluations, which may stand
beside a wish but not in a question; `open` is there where a text begins like a question.
"""
Meaning = Literal["conversation", "answer", "this", "use", "back", "which", "list", "advice"]
"""What is meant. `use` and `this` ("use X", "use X for this") mean the conversation alone, and one
answer where work follows; before work, `answer` and `this` are clear even with a weak name."""
ASKING: Final[Sequence[Meaning]] = ("which", "list", "advice")
"""Meanings of questions: whatever else is meant changes the place."""


@attrs.frozen
class Rule:
    """What is meant where one kind of each set in `needs` is there, and none but of `beside`."""

    meaning: Meaning
    names: str
    """The signs of names that it is about: the only one, "" for none, "@@" for several."""
    needs: Sequence[frozenset[Kind]]
    beside: frozenset[Kind]

    def holds(self, kinds: frozenset[Kind]) -> bool:
        """Whether it holds of these kinds."""
        return all(kinds & each for each in self.needs) and kinds <= self.beside


def meant(readings: Sequence[frozenset[Kind]], names: Sequence[str]) -> Meaning | None:
    """What is meant by a text that can be read in these ways, with these signs of names."""
    sign = names[0] if len(names) == 1 else "@@" if names else ""
    rules = _RULES[sign]
    return next((rule.meaning for rule in rules if any(map(rule.holds, readings))), None)


def _of(text: str) -> frozenset[Kind]:
    found = [kind for kind in get_args(Kind) if kind in text.replace("/", " ").split()]
    assert len(found) == len(set(text.replace("/", " ").split())), f"no such kind: {text}"
    return frozenset[Kind](found)


def _rule(meaning: Meaning, signs: str, needs: str, beside: str) -> list[Rule]:
    sets = [_of(each) for each in needs.split()]
    allowed = _of(beside).union(*sets)
    return [Rule(meaning, sign, sets, allowed) for sign in signs.split(",")]


_WANTING: Final = "change put wish polite from once this now anyway model some goal speaks also"
_GOING: Final = "gone before return change put wish polite from now anyway model ours"
_ASKING: Final = "ask which who current model is state self speaks spoke now polite also"
_LISTING: Final = (
    "ask which who models model list choices besides now ours polite wish some is also"
)
_ADVISING: Final = (
    "ask which who model models list choices ours suggest should best goal case task polite wish"
    " is state now some this also"
)
_TABLE: Final = (
    _rule("which", "@", "is/self/speaks/current", "ask model now either"),
    _rule("which", "~", "self/speaks", "ask model now is either"),
    _rule("which", "@,~", "who self/speaks", "ask model now is either"),
    _rule("list", "@,~,@@", "besides list/models/choices which/who/list", _LISTING),
    _rule("answer", "@,~", "once", _WANTING.replace("from ", "")),
    _rule("this", "@", "this", _WANTING.replace("from ", "")),
    _rule("this", "~", "this change/put/wish/polite/model", _WANTING.replace("from ", "")),
    _rule("conversation", "@,~", "change/from", _WANTING),
    _rule("conversation", "=", "change", _WANTING.replace("once", "")),
    _rule("use", "@", "put/wish/polite/now", _WANTING),
    _rule("use", "~", "put/wish/polite model/some", _WANTING),
    _rule("use", "~", "polite", "model some goal now anyway"),
    _rule("use", "=", "put/wish/polite model", _WANTING),
    _rule("advice", "@@,@", "either best/task/goal", _ADVISING),
    _rule("advice", "@@,@", "either which/who should", _ADVISING),
    _rule("which", "@@", "either is/speaks/self", "ask which who model state now goal"),
    _rule("back", "", "gone change/put/wish/polite/return", _GOING),
    _rule("back", "", "return", _GOING),
    _rule("back", "", "before change", _GOING),
    _rule("advice", "", "model/models best which/who/polite/wish/ask", _ADVISING),
    _rule("advice", "", "model/models suggest", _ADVISING),
    _rule("advice", "", "model should which/who/best", _ADVISING),
    _rule("advice", "", "model/models best", "polite ask now task goal case this"),
    _rule("advice", "", "which/who should/wish goal/case", _ADVISING),
    _rule("advice", "", "which/who best ours/goal/case", _ADVISING),
    _rule("advice", "", "suggest goal/case", _ADVISING),
    _rule("advice", "", "which/who model goal/case/task", "ask is state polite now wish also"),
    _rule("advice", "", "wish/list goal model/models", _ADVISING.replace("case ", "")),
    _rule("which", "", "which/who speaks", _ASKING),
    _rule("which", "", "which/who model is/state/now/self/spoke", _ASKING),
    _rule("which", "", "which model", "ask polite"),
    _rule("which", "", "current", _ASKING),
    _rule("list", "", "models list/which/polite/wish", _LISTING),
    _rule("list", "", "choices which/who/list", _LISTING),
)
_RULES: Final = {
    sign: [rule for rules in _TABLE for rule in rules if rule.names == sign]
    for sign in ("", "@", "~", "=", "@@")
}


@attrs.frozen
class Matter:
    """What a text may be about whose words are read singly, and what of it they say.

    Only the `kinds` that belong to the matter are read: a word that has none of them, and is no
    glue, belongs to another matter. A rule holds where a kind of each of its sets is there.
    """

    kinds: frozenset[Kind]
    rules: Sequence[Rule]

    def meant(self, kinds: frozenset[Kind], names: Sequence[str]) -> Meaning | None:
        """What these kinds of words mean."""
        sign = names[0] if len(names) == 1 else "@@" if names else ""
        holding = (each for each in self.rules if each.names == sign and each.holds(kinds))
        return next((each.meaning for each in holding), None)


def _matter(kinds: str, *rules: tuple[Meaning, str, str]) -> Matter:
    read = _of(kinds)
    made = (_rule(meaning, signs, needs, kinds) for meaning, signs, needs in rules)
    return Matter(read, [rule for rules in made for rule in rules])


MATTERS: Final = (
    _matter(
        "asked which who model current is state self speaks spoke ask now polite also either open"
        " glue",
        ("which", "", "asked state/speaks/spoke/self"),
        ("which", "", "who/asked speaks"),
        ("which", "", "current ask/which/polite/is/state"),
        ("which", "@,~", "open self/speaks"),
        ("which", "@", "open current"),
        ("which", "@@", "open self either"),
    ),
    _matter(
        "ask which who models list choices besides now ours polite wish some is also open glue",
        ("list", "", "models list/which/who/polite/wish"),
    ),
    _matter(
        "change put wish polite from once this now anyway model some goal also revert why glue",
        ("conversation", "@", "once from change/put/wish"),
        ("answer", "@", "once"),
        ("answer", "~", "once put/wish/polite/change"),
        ("this", "@", "this change/put/wish/polite"),
        ("conversation", "@", "change/from"),
        ("conversation", "~,=", "change/from model"),
        ("use", "@", "put/wish/polite"),
        ("use", "~,=", "put/wish/polite model"),
    ),
    _matter(
        "gone before return revert change put wish polite from now model also why glue",
        ("back", "", "gone/before model change/put/wish/polite/revert"),
        ("back", "", "revert model"),
    ),
    _matter(
        "ask asked which who model models list choices ours suggest should best fit goal case task"
        " put polite wish is state now some this also open why glue",
        ("advice", ",~", "asked/which/who model/models should/suggest/best/fit/goal/case"),
        ("advice", ",~", "model/models suggest"),
        ("advice", ",~", "open should model/models best/fit"),
        ("advice", ",~", "model/models best ask/polite/wish/goal"),
    ),
)
"""What is read in turn, and the rules of each; see `Kind`."""
