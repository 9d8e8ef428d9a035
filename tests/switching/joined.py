"""Work that stands beside a command in one text, where nothing parts the two: all of it is work.

"Fix the bug. Use opus from now on" is made of a command that people say and of work that somebody
else had done. A reply of ours would lose the work, so the whole of it is for the model. Work that
tells a thing instead of asking for one ("the build fails on CI") is left out: beside a command
that is the reason for it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import Any, Final

from understudy.protocols.switching.normal import words_of
from understudy.protocols.switching.parts import part_ends

COMMAND_WORDS_MAX: Final = 12
WORK_CHARACTERS_MAX: Final = 100
ASKING_MIN: Final = 5
"""Of pieces of work that begin with a word: by such words something is asked for, but for these:"""
TELLING: Final = frozenset(
    words_of(
        "the a an my our this it i we der die das den dem ein eine mein ich wir le la les l un une"
        " mon c je el una mi hay ahora o os as um uma me que 这 這 我"
    )
)
EASTERN: Final = ("zh", "ja")
ASKING_ENDS: Final = ("て", "さい", "書く", "直す", "追加", "実装", "確認", "修正", "整理", "作成")
"""How work ends in Japanese."""
AND: Final[Mapping[str, str]] = {
    "en": " and ",
    "de": " und ",
    "fr": " et ",
    "es": " y ",
    "pt": " e ",
    "zh": "然后",
    "ja": "、そして",
}
STOP, COMMA, ASKS = "\u3002", "\uff0c", ("?", "\uff1f")
_ENDS: Final = f".,! \u3001\uff01{STOP}{COMMA}"
Texts = Mapping[str, Sequence[str]]
"""By their language."""


def joined(found: Iterable[Mapping[str, Any]], random: Random) -> Iterator[dict[str, Any]]:
    """Endless such texts, of the labelled sentences of some sets, in no order but `random`'s."""
    commands, works = _commands_and_works(found)
    languages = sorted(commands.keys() & works.keys())
    while True:
        language = random.choice(languages)
        command = random.choice(commands[language]).rstrip(_ENDS)
        work = random.choice(works[language]).rstrip(_ENDS)
        yield {"text": _beside(command, work, language, random), "lang": language}


def _beside(command: str, work: str, language: str, random: Random) -> str:
    stop, comma = (STOP, COMMA) if language in EASTERN else (". ", ", ")
    joint = random.choice((stop, stop, comma, comma, AND[language]))
    first, second = random.choice(((command, work), (work, command)))
    if first.endswith(ASKS):
        joint = "" if language in EASTERN else " "
    return f"{first}{joint}{second}"


def _commands_and_works(found: Iterable[Mapping[str, Any]]) -> tuple[Texts, Texts]:
    """Whole commands that are short, and the work that stands behind others."""
    commands, works = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for case in found:
        text = case["text"].strip()
        if case.get("work"):
            end = next(part_ends(text), None)
            work = text[end.end() :].strip() if end else ""
            if words_of(work) and "\n" not in work and len(work) <= WORK_CHARACTERS_MAX:
                works[case["lang"]].append(work)
        elif case.get("intent") in ("switch", "back") and len(words_of(text)) <= COMMAND_WORDS_MAX:
            commands[case["lang"]].append(text)
    return commands, {each: _asking(texts, each) for each, texts in works.items()}


def _asking(works: Sequence[str], language: str) -> list[str]:
    """The work that asks for something."""
    if language == "ja":
        return [each for each in works if each.rstrip(_ENDS).endswith((*ASKING_ENDS, *ASKS))]
    count = Counter(words_of(each)[0] for each in works)
    asking = {word for word, number in count.items() if number >= ASKING_MIN} - TELLING
    return [each for each in works if words_of(each)[0] in asking]
