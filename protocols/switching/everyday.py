"""Names in an everyday sense: a poem, a thing that is done, the one who is spoken to.

"Give me a haiku", "flash it please" and "thanks claude" name no place, and neither does "claude,
continue": whoever calls somebody by a name that fits several places talks to the model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from .command import Language
from .names import Places
from .normal import word_set

_ARTICLES: Final[Mapping[Language, frozenset[str]]] = {
    "en": frozenset(["a", "an", "another"]),
    "de": frozenset(["ein", "eine", "einen", "einem", "einer"]),
    "fr": frozenset(["un", "une"]),
    "es": frozenset(["un", "una"]),
    "pt": frozenset(["um", "uma"]),
}
_NOUNS: Final = word_set(
    "model llm version one answer reply response opinion endpoint instance engine take ai"
    " mode modell antwort modele reponse modelo respuesta resposta"
)
LATER: Final = word_set("later tomorrow danach nachher morgen demain amanha manana")
"""What is not wanted now."""
NO_RETURN: Final = LATER | word_set("never nie niemals jamais nunca jamas remember")
"""Words beside which nobody wants to go back now."""
ASKS_WHETHER: Final = word_set("did have has hast habt haben avez")
"""How a question begins whether somebody has gone back."""
BESIDE_CORRECTION: Final = word_set(
    "please pls actually rather bitte lieber gleich doch plutot finalement mejor melhor"
)
"""What may stand beside a name that takes back another: "..., no, sonnet please"."""
_THANKS: Final = word_set("thanks thank thx ty cheers danke merci gracias obrigado 谢")
THANKS_WORDS_MAX: Final = 4
CALLS: Final = word_set("hey hi hello ok okay yo hallo salut hola oi ola")
"""What may be said before the name of the one that is called."""
_BEFORE_NAME: Final = CALLS | word_set("thanks thank you")
_OBJECTS: Final = word_set("it this that")
_CARRIES: Final = word_set(
    "move put run bring take send install copy change set make turn keep reset mach mache"
    " stell stelle setz setze lass pack leg fais mets met mettre passe pon ponlo poner haz"
    " hazlo corre cambialo pasalo coloca bota faz roda"
)
_THINGS: Final = word_set(
    "it this that these those them everything all das es dies alles ca cela tout esto eso"
    " todo lo isto isso tudo en a"
)
_ENDS: Final = word_set("please again now once")
_DOINGS: Final = word_set(
    "continue go keep carry proceed do try run answer reply respond help can could would"
    " will please handle finish fix take look let you use switch mach mache nimm versuch"
    " continua sigue faz fais refais prends utilise usa reponds responde responda"
)
"""What begins what is asked of one who was called by name."""
_GOES_ON: Final = word_set("continue continua continuez sigue segue weiter 继 繼 再 你 続 も")
"""What says alone that the one who was called shall go on."""
_LASTING: Final = word_set("from for onwards forward over now")


def is_a_thing(signs: Sequence[str], language: Language) -> bool:
    """Whether a name stands like a common noun, or like a verb."""
    articles = _ARTICLES.get(language, frozenset())
    for at, sign in enumerate(signs):
        after = signs[at + 1] if at + 1 < len(signs) else ""
        if sign in ("@", "~") and at and signs[at - 1] in articles and after not in _NOUNS:
            return True
        if sign == "~" and _is_carried(signs):
            return True
        ends = len(signs) == at + 2 or (len(signs) > at + 2 and signs[at + 2] in _ENDS)
        if sign == "~" and after in _OBJECTS and ends:
            return True
    return False


def _is_carried(signs: Sequence[str]) -> bool:
    """Whether a thing is to be brought somewhere: "move it to my laptop"."""
    return (
        len(signs) > 2
        and signs[0] in _CARRIES
        and signs[1] in _THINGS
        and _LASTING.isdisjoint(signs)
    )


def is_called_by_name(signs: Sequence[str], names: Sequence[Places]) -> bool:
    """Whether the one name is that of the one who is spoken to."""
    if len(names) == 1 and signs[0] in _THANKS and signs[-1] == "@":
        return len(signs) <= THANKS_WORDS_MAX
    if len(names) != 1 or len(names[0]) < 2:
        return False
    at = signs.index("@") if "@" in signs else -1
    if at < 0 or not _BEFORE_NAME.issuperset(signs[:at]):
        is_last = at == len(signs) - 1 > 0
        return is_last and signs[at - 1] in {*_OBJECTS, "please", "again", "going", "me", "back"}
    after = signs[at + 1 :]
    return not after or (
        ((after[0] in _DOINGS and len(after) > 1) or after[0] in _GOES_ON)
        and (_LASTING.isdisjoint(after))
    )
