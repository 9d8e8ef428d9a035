"""Remarks beside a command: "this is getting private, use the local one", "opus please, I'm stuck".

A remark says why, is polite or thinks aloud, and asks for nothing: nothing is lost if no model
reads it. Whether a clause is one, its words decide, each of which is of a kind (`remarks_lexicon`):
all are everyday words, but for one or two which may only stand where something is said *of*
something ("my uplink is borked"), never where somebody's program would ("the parser is slow").
Where no comma or full stop parts a remark from the command, as in dictated text, a joint does
("so", "because"), or a word that a command begins with after one that a remark ends with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from .names import Names
from .normal import IDEOGRAPH, IDEOGRAPHS, WORDS_MAX, said_words, words_of
from .remarks_de import GERMAN
from .remarks_en import ENGLISH
from .remarks_es import SPANISH
from .remarks_fr import FRENCH
from .remarks_ja import JAPANESE
from .remarks_lexicon import NAME_SIGNS, Kind, Kinds, Lexicon, Token, kinds_of
from .remarks_pt import PORTUGUESE
from .remarks_zh import CHINESE

CLAUSES_MAX: Final = 5
READINGS_MAX: Final = 5
"""Ways to part one text into a command and remarks."""
LONG_REMARK_WORDS: Final = 6
"""A remark of fewer words has one that is unknown at most."""

_CLAUSE_END: Final = re.compile(
    r"[,;.!\u2026\u3002\uff0c\u3001\uff01\uff1b\uff5e~]+(?:\s+|$)"
    r"|[\u2026\u3002\uff0c\u3001\uff01\uff1b\uff5e]+|\.{2,}"
    r"|(?<=[?\uff1f])\s*(?=\S)"
    rf"|\s[\u2013\u2014-]{{1,2}}\s|\u2014\u2014|(?<=[{IDEOGRAPHS}])\s+(?=[{IDEOGRAPHS}])"
)
_MEASURE: Final = re.compile(r"(?<=\d)\s?[%$\u20ac\u00a3]|[$\u20ac\u00a3](?=\d)")
"""Signs of code that belong to an amount."""
_SIGNS_OF_CODE: Final = re.compile(r"[`{}()\[\]<>=|\\$#@*&%^+/_]|\w\.\w|://")
_QUESTION_END: Final = ("?", "\uff1f")
_WESTERN: Final = (ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE)
_EASTERN: Final = (CHINESE, JAPANESE)
_BEGINS: Final[Kinds] = frozenset[Kind](["head", "joint"])
_GOES_ON: Final[Kinds] = frozenset[Kind](["open", "saying", "wish"])
"""After such a word a sentence is not over."""
_POLITE: Final[Kinds] = frozenset[Kind](["call", "courtesy", "pause"])
_NEVER: Final[Kinds] = frozenset[Kind](["asks", "made", "scope"])
_COMMAND: Final[Kinds] = frozenset[Kind](["head", "name", "model", "asks"])
"""One of these is in every command."""
_WORK: Final[Kinds] = frozenset[Kind](["asks", "made"])
_HEAD: Final[Kinds] = frozenset[Kind](["head"])
_SAID: Final[Kinds] = frozenset[Kind](["life", "verdict", "courtesy", "weighing", "link"])
"""What a remark says something by."""
_AFTERWARDS: Final[Kinds] = frozenset[Kind](["after", "plain", "joint", "pause"]) | _POLITE
_ALL_KNOWN: Final[Kinds] = frozenset[Kind](["wish", "name", "model", "work"])
"""Beside these no word may be unknown."""
_NEEDS: Final[Mapping[Kind, Kinds]] = {
    "name": frozenset[Kind](["verdict"]),
    "model": frozenset[Kind](["verdict", "weighing"]),
    "link": frozenset[Kind](["failing", "life", "number", "unknown"]),
    "work": frozenset[Kind](["weighing"]),
    "number": frozenset[Kind](["life", "failing", "link"]),
}
"""What must stand beside a kind."""
_UNKNOWN: Final[Kinds] = frozenset[Kind](["unknown"])
_BOUND: Final[Kinds] = frozenset[Kind]([*_NEEDS, "failing", "head", "open"])
"""A word of none but these kinds needs something beside it."""


@attrs.frozen
class Reading:
    """What is left of a text without remarks: clauses that have to be the same command.

    `is_once` if a remark has said that all is as before afterwards, or that no more is meant: the
    command has to be for one answer.
    """

    clauses: Sequence[str]
    is_once: bool = False


def clauses(text: str) -> list[str]:
    """The clauses of a text; none if there is but one, or too many."""
    found = [each for each in _CLAUSE_END.split(text) if words_of(each)]
    return found if 2 <= len(found) <= CLAUSES_MAX else []


def is_remark(clause: str, names: Names) -> bool:
    """Whether a clause asks for nothing."""
    if _SIGNS_OF_CODE.search(_MEASURE.sub("", clause)):
        return False
    signs, _ = names.find(words_of(clause))
    is_question = clause.rstrip().endswith(_QUESTION_END)
    return any(
        _is_polite(tokens) or (not is_question and _holds(tokens, lexicon))
        for lexicon, tokens in _likeliest(clause, signs)
    )


def readings(text: str, names: Names) -> Iterator[Reading]:
    """What a text is without remarks, in each way to part them, the likeliest first."""
    if not said_words(_MEASURE.sub("", text)):
        return
    parts = clauses(text)
    left = [each for each in parts or [text] if not is_remark(each, names)]
    said = [each for each in left if not _is_afterwards(each, names)]
    is_once = len(said) < len(left)
    if parts and said:
        yield Reading(said, is_once)
    if parts and not said:
        yield from (Reading([each]) for each in parts)
    if len(said) > 1:
        yield Reading([" ".join(said)], is_once)
    for core in _cores(" ".join(said or [text]), names):
        yield Reading([core], is_once)


def _is_afterwards(clause: str, names: Names) -> bool:
    """Whether a clause says nothing but that one answer is meant."""
    signs, _ = names.find(words_of(clause))
    return any(
        any("after" in each.kinds for each in tokens)
        and all(each.kinds & _AFTERWARDS for each in tokens)
        for _, tokens in _likeliest(clause, signs)
    )


def is_all_said_to_us(signs: Sequence[str]) -> bool:
    """Whether words may all be of a command or of remarks, in the language that knows them best."""
    return any(
        all(each.kinds and (each.kinds.isdisjoint(_WORK) or "head" in each.kinds) for each in read)
        for _, read in _likeliest("".join(signs), signs)
    )


def _cores(text: str, names: Names) -> Iterator[str]:
    """What a text without marks may say between remarks, the longest first."""
    words = words_of(text)
    if len(words) > WORDS_MAX:
        return
    signs, _ = names.find(words)
    starts_of = [*_places_of(signs, words), len(words)]
    for lexicon, tokens in _likeliest(text, signs):
        said = [each for each in tokens if "pause" not in each.kinds]
        whole = len(said) if len(said) == len(tokens) else len(said) + 1
        cuts = [
            (end - start, start, end)
            for start in _starts(said, lexicon)
            for end in _ends(said, lexicon)
            if 0 < end - start < whole and not kinds_of(said[start:end]).isdisjoint(_COMMAND)
        ]
        for _, start, end in sorted(cuts, reverse=True)[:READINGS_MAX]:
            yield " ".join(
                word
                for each in said[start:end]
                for word in words[starts_of[each.start] : starts_of[each.end]]
            )


def _likeliest(text: str, signs: Sequence[str]) -> Sequence[tuple[Lexicon, Sequence[Token]]]:
    """The languages which know most words of a text, and what they read in it."""
    lexicons = _EASTERN if IDEOGRAPH.search(text) else _WESTERN
    known = [sum(map(each.words.__contains__, signs)) for each in lexicons]
    most = max(known)
    return [
        (each, each.tokens(signs))
        for each, number in zip(lexicons, known, strict=True)
        if number == most
    ]


def _places_of(signs: Sequence[str], words: Sequence[str]) -> list[int]:
    """Where among the words each sign begins: one sign stands for all words of a name."""
    places: list[int] = []
    at = 0
    for sign, after in zip(signs, [*signs[1:], ""], strict=True):
        places.append(at)
        at += 1
        if sign in NAME_SIGNS and after not in NAME_SIGNS:
            at = next((each for each in range(at, len(words)) if words[each] == after), at)
    return places


def _starts(tokens: Sequence[Token], lexicon: Lexicon) -> list[int]:
    """Where the command may begin behind a remark; 0 too."""
    polite = next((at for at, each in enumerate(tokens) if not _may_lead(each)), 0)
    return [0, *range(1, polite + 1)] + [
        at
        for at in range(max(1, polite + 1), len(tokens))
        if _may_part(tokens[at - 1], tokens[at])
        and kinds_of(tokens[:at]).isdisjoint(("wish", "saying"))
        and _is_known(tokens[:at], lexicon)
    ]


def _may_part(before: Token, after: Token) -> bool:
    """Whether a remark may end and a command begin here with no mark."""
    if not before.kinds or not before.kinds.isdisjoint(("nay", "cause")):
        return False
    is_over = bool(before.kinds & _SAID) or _is_filler(before)
    return "joint" in before.kinds or (is_over and bool(after.kinds & _BEGINS))


def _may_lead(token: Token) -> bool:
    return _is_filler(token) or "joint" in token.kinds


def _is_filler(token: Token) -> bool:
    """Whether a word may be left out of a sentence without a mark at either side."""
    return bool(token.kinds & _POLITE) and "nay" not in token.kinds


def _ends(tokens: Sequence[Token], lexicon: Lexicon) -> list[int]:
    """Where the command may end before a remark; the end too."""
    ends = [len(tokens)]
    for at in range(len(tokens) - 1, 0, -1):
        rest = tokens[at:]
        is_apart = not rest[0].kinds.isdisjoint(("joint", "cause", "subject"))
        if not tokens[at - 1].kinds.isdisjoint(("asks", "open")):
            continue
        if all(map(_is_filler, rest)) or (is_apart and _is_known(rest, lexicon)):
            ends.append(at)
    return ends


def _is_polite(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and all(each.kinds & _POLITE for each in tokens)


def _holds(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether words are a remark."""
    said = _without_joints(tokens)
    if _is_polite(said):
        return True
    if not said or said[-1].end - said[0].start > lexicon.words_max:
        return False
    kinds = kinds_of(said)
    if not kinds.isdisjoint(_NEVER) or kinds_of(said[-1:]) & _GOES_ON:
        return False
    if any(each.kinds == _HEAD for each in said):
        return False
    unknown = [at for at, each in enumerate(said) if not each.kinds]
    about = kinds | _UNKNOWN if unknown else kinds
    return (
        (bool(unknown) or not kinds.isdisjoint(_SAID))
        and all(about & others for kind, others in _NEEDS.items() if _is_only(kind, said))
        and (not unknown or _may_be_unknown(said, unknown, kinds, lexicon))
    )


def _is_only(kind: Kind, tokens: Sequence[Token]) -> bool:
    """Whether a word is of this kind and of none that needs nothing beside it."""
    return any(kind in each.kinds and each.kinds <= _BOUND for each in tokens)


def _may_be_unknown(
    said: Sequence[Token], unknown: Sequence[int], kinds: Kinds, lexicon: Lexicon
) -> bool:
    """Whether unknown words are few, and say something of what is known."""
    if not kinds.isdisjoint(_ALL_KNOWN):
        return False
    if not lexicon.is_spaced:
        return len(unknown) <= lexicon.unknown_max and len(unknown) * 3 <= len(said)
    limit = lexicon.unknown_max if len(said) >= LONG_REMARK_WORDS else 1
    return len(unknown) <= limit and all(at and "lead" in said[at - 1].kinds for at in unknown)


def _is_known(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether words are a remark even where no mark shows it: of known words alone."""
    said = _without_joints(tokens)
    is_joined = len(said) < len(tokens)
    return (
        len(said) > 1 and (is_joined or all(each.kinds for each in said)) and _holds(said, lexicon)
    )


def _without_joints(tokens: Sequence[Token]) -> Sequence[Token]:
    """The words between joints and calls at both ends."""
    start, end = 0, len(tokens)
    while start < end and not tokens[start].kinds.isdisjoint(("joint", "cause", "pause")):
        start += 1
    while start < end and not tokens[end - 1].kinds.isdisjoint(("joint", "pause")):
        end -= 1
    return tokens[start:end]
