"""Understands what a user says to Understudy itself, from normalised text and names.

Never hijack work: a text is a command only if the whole of it is one, or if one stands in front of
work and a colon, a line break or a dash between blanks parts the two. A classifier says what is a
command for sure, and what hardly is one (`learnt`); the grammar reads what is between, and hears it
if every word belongs to a phrase of one language. The name in it must be that of a place that
exists. In doubt it is for the model: a user who is not heard says it again, and work that is not
done is lost. No model is asked, nothing is loaded, and no input takes long (see `pattern`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import attrs

from .answers import ANSWERS, goal_of
from .classifier import Classifier
from .command import (
    AskAdvice,
    AskList,
    AskWhich,
    Command,
    Decline,
    GoBack,
    Switch,
)
from .everyday import LATER, is_a_thing, is_called_by_name
from .heard import Heard, Said, without_address, without_repeats
from .known import KnownPlaces
from .learnt import Guess
from .meaning import ASKING, Meaning
from .names import Places
from .normal import IDEOGRAPH, said_words, words_of
from .parts import COMMAND_CHARACTERS_MAX, PART_END, is_dash, part_ends
from .rejected import is_set_aside, without_rejected
from .remarks import clauses, is_remark, readings
from .tongues import CUES, WESTERN, all_words, telling_words

TYPED_CHARACTERS_MAX: Final = 4_096
"""Of a message with work: a longer one has something pasted in it."""
WORK_WORDS_MIN: Final = 3
"""Of work that a name alone stands before."""
SAME_NAME_WORDS_MAX: Final = 12
"""Of such work, in which that name would say that it is about a thing of this name."""
NAME_WORDS_MAX: Final = 12
"""Of the words of a command, so many may be of its name and of no language."""
WEAK_BEFORE_WORK: Final[tuple[Meaning, ...]] = ("answer", "this")
"""Sentences that mean us even with an everyday word for a name in them, and work after it."""
CUT_WORDS_MIN: Final = 3
"""Of a command among words of the same clause that are left out."""
CUT_QUESTION_WORDS_MIN: Final = 5
"""Of such a question: of a shorter one those words may be what is asked."""
UNSURE_STARTS: Final = tuple(
    f"{start} "
    for start in (
        *("if", "when", "unless", "wenn", "falls", "sobald", "si", "quand", "cuando", "se"),
        *("quando", "a gente", "mi companera", "mi companero", "mi jefe", "mi jefa"),
    )
)
"""How conditions and statements begin: what is cut out of them is not wanted now."""
CONDITION_WORDS_MIN: Final = 3
"""Of a clause that is a condition: in Spanish a shorter one may just say yes."""
INVERTED_CONDITIONS: Final = frozenset(
    ("should", subject)
    for subject in ("the", "this", "that", "it", "my", "our", "anything", "there")
)
"""How conditions without an "if" begin: "should the quota run out, ..."."""
_UNSURE_BACK: Final = frozenset(
    ["go", "back", "please", "now", "ok", "let", "s", "just", "change", "it", "this", "that"]
)
"""Words that go back to anything, where a remark stands beside them."""
_MODEL: Final = frozenset(["model", "modell", "modele", "modelo"])
"""What makes of a weak name the name of a model."""
_COMMIT: Final = re.compile(
    r"(?:build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test)(?:\([^)\n]*\))?!?:\s",
    re.IGNORECASE,
)
"""How the message of a commit begins, which only tells what was done (Conventional Commits 1.0)."""
_REMARK: Final = re.compile(
    r"(?:the|a|an|it|its|that|thats|they|theyre|because|since|which|er|es|das|weil|car|cest"
    r"|parce|porque|pois)"
    r"\b|\u56e0\u4e3a|\u5b83",
    re.IGNORECASE,
)
"""How after a dash no work begins, but what is still to be said of a name."""


def may_be_command(text: str) -> bool:
    """Whether it is worth while to ask which places there are: cheap, and often false.

    A text that answers a question of ours is not asked about here.
    """
    head = text[: COMMAND_CHARACTERS_MAX + 1].strip()
    end = PART_END.search(head)
    if end is None and len(head) > COMMAND_CHARACTERS_MAX:
        return False
    said = head[: end.start()] if end else head
    return any(_has_known_words(part, end is not None) for part in [said, *clauses(said)])


def _has_known_words(text: str, is_before_work: bool) -> bool:
    words = words_of(text)
    others = len(words) - sum(map(all_words().__contains__, words))
    is_telling = is_before_work or any(map(telling_words().__contains__, words))
    return others <= NAME_WORDS_MAX and is_telling


def match(
    text: str,
    known: KnownPlaces,
    offers: Sequence[str] = (),
    classifier: Classifier | None = None,
) -> Command | None:
    """The command that the whole of a typed text is, or begins with; None if it is for the model.

    `offers` are the places that the user was just asked to choose from: a number, a name or "no"
    answers that. Without a `classifier` the grammar decides alone.
    """
    said = text.strip()
    if len(text) > TYPED_CHARACTERS_MAX or _COMMIT.match(said):
        return None
    if len(said) > COMMAND_CHARACTERS_MAX:
        return _before_work(said, known, classifier)
    command = _answer(said, known, offers) if offers else None
    if command is not None:
        return command
    if PART_END.search(said) is not None:
        before = _before_work(said, known, classifier)
        if before is not None:
            return before
    spoken = Said.of(said, known)
    guess = _guess(spoken, known, classifier)
    heard = (guess.heard() if guess else None) or _read(spoken, known, guess)
    return _MEANT[heard.meaning](heard) if heard else None


def _guess(
    said: Said, known: KnownPlaces, classifier: Classifier | None, work: str = ""
) -> Guess | None:
    return Guess.of(said, known, classifier, work) if classifier and said.signs else None


def _read(said: Said, known: KnownPlaces, guess: Guess | None) -> Heard | None:
    """What a text means by the grammar, where that is not most unlikely."""
    if guess and guess.is_unlikely:
        return None
    heard = _heard(said)
    if heard or (guess and guess.is_unlikely_amid_remarks):
        return heard
    return _amid_remarks(said.text, known)


def _amid_remarks(text: str, known: KnownPlaces) -> Heard | None:
    """The command beside which all else is a remark, or says the same once more."""
    for reading in readings(text, known.names):
        heard = _same(reading.clauses, known)
        if heard is None or (heard.meaning != "answer" and reading.is_once):
            continue
        parts = clauses(text)
        is_apart = set(reading.clauses).issubset(parts)
        if _is_condition(parts) or not (is_apart or _may_be_cut_out(heard, text, known)):
            continue
        return heard
    return None


def _is_condition(parts: Sequence[str]) -> bool:
    """Whether what stands first says when something is wanted: "si va muy lento, vuelve"."""
    words = words_of(parts[0]) if parts else []
    begins = words[:1] in (["si"], ["se"]) or tuple(words[:2]) in INVERTED_CONDITIONS
    return begins and len(words) >= CONDITION_WORDS_MIN


def _may_be_cut_out(heard: Heard, text: str, known: KnownPlaces) -> bool:
    """Whether a command may stand among words of the same clause that are left out."""
    words_min = CUT_QUESTION_WORDS_MIN if heard.meaning in ASKING else CUT_WORDS_MIN
    signs, _ = known.names.find(said_words(text))
    return (
        len(heard.signs) >= words_min
        and not " ".join(signs).startswith(UNSURE_STARTS)
        and not is_a_thing(signs, heard.cues.code)
        and not heard.cues.is_work(signs)
    )


def _same(parts: Sequence[str], known: KnownPlaces) -> Heard | None:
    """The command that each of some clauses is."""
    found: Heard | None = None
    for clause in parts:
        heard = _heard(Said.of(clause, known))
        if heard is None or (found and not _is_the_same(found, heard)):
            return None
        if heard.meaning == "back" and _UNSURE_BACK.issuperset(heard.signs):
            return None
        found = found if found and not found.is_weak else heard
    return found if found and _is_sure(found) else None


def _is_sure(heard: Heard) -> bool:
    """Whether a command means us though something else stands beside it."""
    is_sure = heard.meaning in ("conversation", "answer")
    return is_sure or not heard.is_weak or not _MODEL.isdisjoint(heard.signs)


def _is_the_same(one: Heard, other: Heard) -> bool:
    """Whether two commands want the same place for as long."""
    is_once = [each.meaning == "answer" for each in (one, other)]
    return bool(one.names) and one.names == other.names and is_once[0] == is_once[1]


def _before_work(text: str, known: KnownPlaces, classifier: Classifier | None) -> Switch | None:
    """The command in front of work."""
    for end in part_ends(text):
        work = text[end.end() :].strip()
        if not work or (is_dash(end) and _REMARK.match(work)) or _is_remark(work, known):
            continue
        said = Said.of(text[: end.start()], known)
        guess = _guess(said, known, classifier, work)
        is_call = len(said.signs) == 1 and _may_be_called(said, work)
        sure = guess.heard_before_work() if guess else None
        if sure is not None and (is_call or len(said.signs) > 1):
            return _with_work(sure)
        heard = _read(said, known, guess)
        if heard is not None:
            return None if _is_unclear(heard) else _with_work(heard)
        if is_call and list(said.signs) == ["@"] and len(said.names[0]) == 1:
            is_unlikely = guess is not None and guess.is_unlikely_call
            return None if is_unlikely else Switch(said.names[0], "answer", work=True)
    return None


def _is_remark(work: str, known: KnownPlaces) -> bool:
    """Whether what follows asks for nothing: "switch to opus: thanks"."""
    return len(work) <= COMMAND_CHARACTERS_MAX and is_remark(work, known.names)


def _is_unclear(heard: Heard) -> bool:
    """Whether an everyday word may be a name, or part of the work that follows."""
    return heard.is_weak and heard.meaning not in WEAK_BEFORE_WORK


def _with_work(heard: Heard) -> Switch | None:
    """The switch that was heard in front of work; None for anything else."""
    command = _MEANT[heard.meaning](heard)
    if not isinstance(command, Switch):
        return None
    is_lasting = heard.meaning != "answer" and _lasts(heard)
    return attrs.evolve(command, scope="conversation" if is_lasting else "answer", work=True)


def _lasts(heard: Heard) -> bool:
    """Whether more than the work that follows is spoken of: a change, or from when on."""
    said = partial(heard.cues.has, signs=heard.signs)
    return said(("from",)) or (said(("change", "return")) and not said(("this",)))


def _may_be_called(said: Said, work: str) -> bool:
    """Whether the one name that a text is may be called to the work that follows."""
    words = words_of(work[:COMMAND_CHARACTERS_MAX])
    if not said.names or len(words) < WORK_WORDS_MIN or words[0].isdigit():
        return False
    return set(words_of(said.text)).isdisjoint(words[:SAME_NAME_WORDS_MAX])


def _heard(said: Said) -> Heard | None:
    """The sentence that a text is, in the first language which has it."""
    if not said.signs or (len(said.names) == 1 and is_set_aside(said.signs)):
        return None
    is_western = not IDEOGRAPH.search(said.text)
    for shorter in (None, without_repeats, without_address, without_rejected):
        signs, names = shorter(said.signs, said.names) if shorter else (said.signs, said.names)
        heard = _sentence(signs, names, is_western)
        if heard is not None:
            return heard
    return None


def _sentence(signs: Sequence[str], names: Sequence[Places], is_western: bool) -> Heard | None:
    """What the words say in the first language that they are all of."""
    if is_called_by_name(signs, names) or (signs and signs[0] in LATER):
        return None
    for cues in WESTERN if is_western else CUES:
        if not is_a_thing(signs, cues.code):
            meaning = cues.heard(signs)
            if meaning is not None:
                return Heard(meaning, cues.spelled(signs), names, cues)
    return None


def _answer(text: str, known: KnownPlaces, offers: Sequence[str]) -> Command | None:
    """What a text says to a question of ours."""
    words = said_words(text)
    if not words:
        return None
    signs, names = known.names.find(words)
    meant = [place for place in offers if set(words_of(place)).issuperset(words)]
    if len(meant) == 1 and not any(map(str.isdigit, words)):
        return Switch((meant[0],), picked=True)
    for answers in ANSWERS:
        language = answers.code
        number = answers.pick(signs, len(offers))
        if number is not None:
            return Switch((offers[number],), picked=True, language=language)
        if len(names) == 1 and answers.is_name(signs):
            places = tuple(place for place in names[0] if place in offers)
            return Switch(places, picked=True, language=language) if places else None
        if len(offers) == 1 and answers.agrees(signs):
            return Switch((offers[0],), anyway=True, picked=True, language=language)
        if answers.declines(signs):
            return Decline(language)
    return None


def _switch(heard: Heard) -> Switch:
    return Switch(
        heard.names[0],
        "answer" if heard.meaning == "answer" else "conversation",
        anyway=heard.cues.has(("anyway",), heard.signs),
        language=heard.cues.code,
    )


def _advice(heard: Heard) -> AskAdvice:
    return AskAdvice(goal_of(heard.signs, heard.cues.code), heard.cues.code)


_MEANT: Final[Mapping[Meaning, Callable[[Heard], Command]]] = {
    "conversation": _switch,
    "answer": _switch,
    "this": _switch,
    "use": _switch,
    "back": lambda heard: GoBack(heard.cues.code),
    "which": lambda heard: AskWhich(heard.cues.code),
    "list": lambda heard: AskList(heard.cues.code),
    "advice": _advice,
}
