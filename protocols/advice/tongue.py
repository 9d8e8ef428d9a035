"""In which language a user writes, as far as that is sure: told from what they have typed.

A text is of a language if two of its small words stand in it, and hardly one of any other's; the
words are chosen so that no two languages share one, and that no code is full of them. Chinese and
Japanese are told by their characters, where these are most of the text. What is quoted or pasted is
seldom the most of it; where it is, nothing is sure, and nobody is worse off than with English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from ..json_values import list_of, object_of, text_of
from ..request import ServedRequest
from ..switching.command import Language

CHARACTERS_MAX: Final = 4_096
"""Of one text, which are looked at."""
TEXTS_MAX: Final = 3
"""So many of the newest texts are looked at, the last one first, until one is sure."""
MESSAGES_MAX: Final = 64
"""So far back they are looked for."""
WORDS_MIN: Final = 2
"""So many different small words make a language sure."""
OTHERS_MAX: Final = 4
"""Of another language there may be one for each so many of them."""
LETTERS_PER_SIGN: Final = 2
"""A Chinese or Japanese character says about as much as so many letters."""
KANA_SHARE: Final = 5
"""One character in so many is kana in Japanese, and none in Chinese."""

_SMALL_WORDS: Final[Mapping[Language, str]] = {
    "en": """the and this that with from which what you your please how why are it of should would
        make could there then them than where when into its my we""",
    "de": """der das und ist nicht ich mit für auf wie warum bitte kannst wir ein eine einen dem
        den noch auch aber wenn dass mach nur sind wird werden soll hier oder zum zur vom mir uns
        danke jetzt""",
    "fr": """le les dans pour une vous je avec sur ce cette ces peux peut comment pourquoi est fais
        du et qui où mais aussi merci nous mon sont plus pas""",
    "es": """el los las y esta qué puedes cómo hay pero también muy está esto hazlo haz favor del
        gracias ahora cuando aquí más""",
    "pt": """não você uma isso também muito é em mas pode podes faça faz da na ao dos obrigado
        obrigada agora aqui são então seu sua""",
}
SMALL_WORDS: Final[Mapping[Language, frozenset[str]]] = {
    language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()
}
_WORD: Final = re.compile(r"[^\W\d_]+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_LETTER: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_CODE: Final = re.compile(r"```.*?(?:```|\Z)|`[^`]*`", re.DOTALL)
_SPOKEN_PARTS: Final = ("text", "input_text")


def tongue_of(text: str) -> Language | None:
    """The language of a text; None where that is not sure."""
    said = _CODE.sub(" ", text[:CHARACTERS_MAX])
    kana, han = len(_KANA.findall(said)), len(_HAN.findall(said))
    if LETTERS_PER_SIGN * (kana + han) > len(_LETTER.findall(said)):
        return "ja" if KANA_SHARE * kana >= kana + han else "zh" if not kana else None
    words = set(_WORD.findall(said.lower()))
    counts: dict[Language, int] = {
        language: len(words & own) for language, own in SMALL_WORDS.items()
    }
    language = max(counts, key=lambda each: counts[each])
    most = counts.pop(language)
    is_sure = most >= WORDS_MIN and max(counts.values()) * OTHERS_MAX <= most
    return language if is_sure else None


def written_in(request: ServedRequest) -> Language | None:
    """The language in which the user of a conversation writes; None where that is not sure."""
    for number, text in enumerate(_typed_texts(request)):
        if number >= TEXTS_MAX:
            return None
        if found := tongue_of(text):
            return found
    return None


def _typed_texts(request: ServedRequest) -> Iterator[str]:
    """What the user has typed, the newest first; what clients put beside it is left out."""
    try:
        if request.history is None:
            yield text_of(msgspec.json.decode(request.json.raw(request.question_keys[0])))
            return
        for raw in request.history[: -MESSAGES_MAX - 1 : -1]:
            yield from _texts_of(object_of(msgspec.json.decode(raw)))
    except (msgspec.MsgspecError, RecursionError):
        return


def _texts_of(message: Mapping[str, Any]) -> Iterator[str]:
    if message.get("role") != "user":
        return
    content = message.get("content", message.get("parts"))
    parts = [content] if isinstance(content, str) else map(_text_in, list_of(content))
    yield from (text for text in parts if text.strip() and not text.lstrip().startswith("<"))


def _text_in(part: Any) -> str:
    found = object_of(part)
    return text_of(found.get("text")) if found.get("type", "text") in _SPOKEN_PARTS else ""
