"""Understands what a user says to Understudy itself, from normalised text and names.

Never hijack work: a text is a command only if the whole of it is one, or if one stands in front of
work and a colon, a line break or a dash between blanks parts the two. Every word must belong to a
sentence of one language, and the name in it to a place that exists. Where a sentence could be meant
for the model it is left to it: a user who is not heard says it again, and work that is not done is
lost. No model is asked, nothing is loaded, and no input takes long (see `grammar`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from .command import (
    AskAdvice,
    AskList,
    AskWhich,
    Command,
    Decline,
    GoBack,
    Language,
    Scope,
    Switch,
)
from .everyday import is_a_thing, is_called_by_name
from .grammar import Grammar, Meaning, Sentence
from .known import KnownPlaces
from .names import Places
from .normal import IDEOGRAPHS, said_words, words_of
from .rejected import without_rejected
from .remarks import clauses, is_remark
from .slips import corrected
from .tongues import CUES, GRAMMARS, all_words

COMMAND_CHARACTERS_MAX: Final = 200
"""Of a command; work in front of which one stands may be longer."""
TYPED_CHARACTERS_MAX: Final = 4_096
"""Of a message with work: a longer one has something pasted in it."""
PARTS_MAX: Final = 4
"""After so many colons, line breaks and dashes no work begins that a command stands before."""
ADDRESS_WORDS_MAX: Final = 2
"""Of "hey claude": of a call by name before what is said."""
WORK_WORDS_MIN: Final = 3
"""Of work that a name alone stands before."""
NAME_WORDS_MAX: Final = 12
"""Of the words of a command, so many may be of its name and of no language."""
WEAK_BEFORE_WORK: Final[tuple[Meaning, ...]] = ("answer", "this")
"""Sentences that mean us even with an everyday word for a name in them, and work after it."""

NEVER: Final = frozenset(
    [
        "not",
        "never",
        "don",
        "doesn",
        "didn",
        "isn",
        "wasn",
        "shouldn",
        "nicht",
        "kein",
        "keine",
        "keinen",
        "nie",
        "niemals",
        "ne",
        "pas",
        "jamais",
        "plus",
        "nunca",
        "jamas",
        "nao",
        "tampoco",
        "不",
        "没",
        "別",
        "别",
    ]
)
"""What negates is for the model: a pattern may have a place for anything but this."""
WORDS_MIN: Final = (4, 2)
"""Of a sentence without a name: characters, and words."""
WESTERN: Final = tuple(each for each in GRAMMARS if each.tongue.is_spaced)
IDEOGRAPH: Final = re.compile(f"[{IDEOGRAPHS}]")
CALLS: Final = frozenset(
    ["hey", "hi", "hello", "ok", "okay", "yo", "hallo", "salut", "hola", "oi", "ola"]
)
"""What may be said before the name of the one that is called."""
_UNSURE_BACK: Final = frozenset(["go", "back", "please", "now", "ok", "let", "s", "just"])
"""Words that go back to anything, where a remark stands beside them."""
_PART_END: Final = re.compile(r"[:\uff1a]|\n|\s(?:-|--|\u2013|\u2014)\s")
_REMARK: Final = re.compile(
    r"(?:the|a|an|it|its|that|thats|they|theyre|because|since|which|er|es|das|weil|car|cest"
    r"|parce|porque|pois)"
    r"\b|\u56e0\u4e3a|\u5b83",
    re.IGNORECASE,
)
"""How after a dash no work begins, but what is still to be said of a name."""


@attrs.frozen
class _Heard:
    """A sentence with the names in it, and the language that it is in."""

    sentence: Sentence
    names: Sequence[Places]
    grammar: Grammar
    signs: Sequence[str]


def may_be_command(text: str) -> bool:
    """Whether it is worth while to ask which places there are: cheap, and often false.

    A text that answers a question of ours is not asked about here.
    """
    head = text[: COMMAND_CHARACTERS_MAX + 1].strip()
    end = _PART_END.search(head)
    if end is None and len(head) > COMMAND_CHARACTERS_MAX:
        return False
    said = head[: end.start()] if end else head
    return any(_has_known_words(part, end is not None) for part in [said, *clauses(said)])


def _has_known_words(text: str, is_before_work: bool) -> bool:
    words = words_of(text)
    others = len(words) - sum(map(all_words().__contains__, words))
    return others <= NAME_WORDS_MAX and (others < len(words) or is_before_work)


def match(text: str, known: KnownPlaces, offers: Sequence[str] = ()) -> Command | None:
    """The command that the whole of a typed text is, or begins with; None if it is for the model.

    `offers` are the places that the user was just asked to choose from: a number, a name or "no"
    answers that.
    """
    if len(text) > TYPED_CHARACTERS_MAX:
        return None
    said = text.strip()
    if len(said) <= COMMAND_CHARACTERS_MAX:
        command = _answer(said, known, offers) if offers else None
        command = command or _command(said, known)
        if command is not None:
            return command
    return _before_work(said, known)


def _command(text: str, known: KnownPlaces) -> Command | None:
    heard = _heard(text, known)
    if heard is not None:
        return _MEANT[heard.sentence.meaning](heard)
    return _amid_remarks(text, known)


def _amid_remarks(text: str, known: KnownPlaces) -> Command | None:
    """The command in clauses of which each is a remark, or says the same once more."""
    parts = clauses(text)
    said = [each for each in parts if not is_remark(each, known.names)]
    found: _Heard | None = None
    for clause in said or parts:
        heard = _heard(clause, known)
        if heard is None and not said:
            continue
        if heard is None or (found and not _is_the_same(found, heard)):
            return None
        if heard.sentence.meaning == "back" and _UNSURE_BACK.issuperset(heard.signs):
            return None
        found = found if found and not found.sentence.is_weak else heard
    if found is None or (
        found.sentence.is_weak and found.sentence.meaning not in ("conversation", "answer")
    ):
        return None
    return _MEANT[found.sentence.meaning](found)


def _is_the_same(one: _Heard, other: _Heard) -> bool:
    """Whether two commands want the same place for as long."""
    is_once = [each.sentence.meaning == "answer" for each in (one, other)]
    return bool(one.names) and one.names == other.names and is_once[0] == is_once[1]


def _before_work(text: str, known: KnownPlaces) -> Switch | None:
    """The command in front of work."""
    for end in _part_ends(text):
        heard = _heard(text[: end.start()], known)
        work = text[end.end() :].strip()
        if not work or (_is_dash(end) and _REMARK.match(work)):
            continue
        if heard is None:
            named = _named_alone(text[: end.start()], work, known)
            if named is not None:
                return named
            continue
        meaning = heard.sentence.meaning
        if heard.sentence.is_weak and meaning not in WEAK_BEFORE_WORK:
            return None
        command = _MEANT[meaning](heard)
        if isinstance(command, Switch):
            is_lasting = meaning == "conversation" and _lasts(heard)
            scope: Scope = "conversation" if is_lasting else "answer"
            return attrs.evolve(command, scope=scope, work=True)
        return None
    return None


def _lasts(heard: _Heard) -> bool:
    """Whether more than the work that follows is spoken of: a change, or from when on."""
    cues = CUES[heard.grammar.tongue.code]
    return cues.has(("change", "from"), heard.signs)


def _named_alone(text: str, work: str, known: KnownPlaces) -> Switch | None:
    """The one place that a text is the name of: it is called to the work that follows."""
    signs, names = known.names.find(said_words(text))
    words = words_of(work)
    if signs != ["@"] or len(names[0]) > 1 or len(words) < WORK_WORDS_MIN or words[0].isdigit():
        return None
    return Switch(names[0], "answer", work=True)


def _part_ends(text: str) -> Iterator[re.Match[str]]:
    """Where a command may end that work follows."""
    for number, end in enumerate(_PART_END.finditer(text)):
        if number == PARTS_MAX or end.start() > COMMAND_CHARACTERS_MAX:
            return
        yield end


def _is_dash(end: re.Match[str]) -> bool:
    return bool(end[0].strip()) and end[0] not in ":\uff1a"


def _heard(text: str, known: KnownPlaces) -> _Heard | None:
    """The sentence that a text is, in the first language which has it."""
    words = said_words(text)
    if not words:
        return None
    found, names = known.names.find(words)
    signs = corrected(found)
    is_western = not IDEOGRAPH.search(text)
    for shorter in (None, _without_address, without_rejected):
        said, named = shorter(signs, names) if shorter else (signs, names)
        heard = _sentence(said, named, is_western)
        if heard is not None:
            return heard
    return None


def _sentence(signs: Sequence[str], names: Sequence[Places], is_western: bool) -> _Heard | None:
    """By the words in it, whatever their order; else by a pattern that has foreseen it."""
    if len(signs) < 2 or is_called_by_name(signs, names):
        return None
    tongues = [
        each
        for each in (WESTERN if is_western else GRAMMARS)
        if not is_a_thing(signs, each.tongue.code)
    ]
    for grammar in tongues:
        meaning = CUES[grammar.tongue.code].heard(signs)
        if meaning is not None:
            is_anyway = grammar.says_anyway(signs)
            return _Heard(Sentence(meaning, signs, is_anyway), names, grammar, signs)
    if len(names) > 1 or not NEVER.isdisjoint(signs):
        return None
    for grammar in tongues:
        said = grammar.said(signs)
        sentence = grammar.sentence(said, signs) if said else None
        if sentence is not None and (names or len(said) >= WORDS_MIN[grammar.tongue.is_spaced]):
            return _Heard(sentence, names, grammar, signs)
    return None


def _without_address(
    signs: Sequence[str], names: Sequence[Places]
) -> tuple[Sequence[str], Sequence[Places]]:
    """What is said to a model that is called by its name first; nothing where none is."""
    first = next((at for at, word in enumerate(signs[:ADDRESS_WORDS_MAX]) if word == "@"), -1)
    is_called = first == 0 or (first == 1 and signs[0] in CALLS)
    if not is_called or len(signs) < first + ADDRESS_WORDS_MAX:
        return (), ()
    return [*signs[:first], *signs[first + 1 :]], names[1:]


def _answer(text: str, known: KnownPlaces, offers: Sequence[str]) -> Command | None:
    """What a text says to a question of ours."""
    words = said_words(text)
    signs, names = known.names.find(words) if words else ([], [])
    meant = [place for place in offers if words and set(words_of(place)).issuperset(words)]
    if len(meant) == 1 and not any(map(str.isdigit, words)):
        return Switch((meant[0],), picked=True)
    for grammar in GRAMMARS:
        said = grammar.said(signs)
        language: Language = grammar.tongue.code
        number = grammar.pick(said, len(offers))
        if number is not None:
            return Switch((offers[number],), picked=True, language=language)
        if len(names) == 1 and grammar.is_name(said):
            places = tuple(place for place in names[0] if place in offers)
            return Switch(places, picked=True, language=language) if places else None
        if len(offers) == 1 and grammar.agrees(said, signs):
            return Switch((offers[0],), anyway=True, picked=True, language=language)
        if grammar.declines(said):
            return Decline(language)
    return None


def _switch(heard: _Heard) -> Switch | None:
    is_value = heard.sentence.meaning == "use" and "=" in heard.sentence.words
    if not heard.names or is_value:
        return None
    return Switch(
        heard.names[0],
        "answer" if heard.sentence.meaning == "answer" else "conversation",
        anyway=heard.sentence.is_anyway,
        language=heard.grammar.tongue.code,
    )


def _advice(heard: _Heard) -> AskAdvice:
    grammar = heard.grammar
    return AskAdvice(grammar.goal(heard.sentence.words), grammar.tongue.code)


_MEANT: Final[Mapping[Meaning, Callable[[_Heard], Command | None]]] = {
    "conversation": _switch,
    "answer": _switch,
    "this": _switch,
    "use": _switch,
    "back": lambda heard: GoBack(heard.grammar.tongue.code),
    "which": lambda heard: AskWhich(heard.grammar.tongue.code),
    "list": lambda heard: AskList(heard.grammar.tongue.code),
    "advice": _advice,
}
