"""The language in which a user writes is told where it is sure, and else nobody guesses."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from understudy.protocols.advice.tongue import SMALL_WORDS, tongue_of, written_in
from understudy.protocols.switching.command import Language

from ..actors.dialects import CHAT, GEMINI, RESPONSES, dialect_turn
from ..actors.scripts import turn

SURE: tuple[tuple[str, Language], ...] = (
    ("Please refactor the parser, and add a test for it.", "en"),
    ("Why is this slow? Make it faster.", "en"),
    ("Translate こんにちは世界 into English for the release notes", "en"),
    ("Bitte räum den Parser auf, die Tests sind rot.", "de"),
    ("Warum schlägt der Build fehl? Ich habe nur `main.py` geändert", "de"),
    ("Peux-tu corriger les tests dans ce dossier ?", "fr"),
    ("Pourquoi est-ce que ça plante avec une liste vide ?", "fr"),
    ("¿Puedes arreglar los tests del parser? También falla el build", "es"),
    ("Explica cómo funciona esto y por qué está roto", "es"),
    ("Você pode corrigir os testes? Não sei o que é isso", "pt"),
    ("Isso não funciona, faça uma versão mais simples", "pt"),
    ("请重构这个解析器，并为它写一个测试。", "zh"),  # noqa: RUF001 Chinese punctuation
    ("把 parser 改成两遍扫描，先不要动测试", "zh"),  # noqa: RUF001 Chinese punctuation
    ("このパーサーを書き直して、テストも追加してください。", "ja"),
    ("build が失敗する理由を調べて", "ja"),
)
UNSURE = (
    "",
    "ok",
    "go on",
    "main.py",
    "npm run build && npm test",
    "Say 'bitte nicht mit der Hand' and what it means in the next line, and why",
    "parser.py",
    "이 코드를 고쳐 주세요",
    "```\nder das und ist nicht ich\n```",
    "la la la",
)


@pytest.mark.parametrize(("text", "language"), SURE)
def test_what_is_sure(text: str, language: Language) -> None:
    assert tongue_of(text) == language


@pytest.mark.parametrize("text", UNSURE)
def test_what_is_not(text: str) -> None:
    assert tongue_of(text) is None


def test_no_word_is_of_two_languages() -> None:
    for one, other in combinations(SMALL_WORDS, 2):
        assert not SMALL_WORDS[one] & SMALL_WORDS[other], (one, other)


def test_the_newest_text_that_is_sure_counts() -> None:
    german, english = "Bitte räum den Parser auf", "Now explain what the parser does"
    reminder = "<system-reminder>the and this that with</system-reminder>"
    result: dict[str, Any] = {"type": "tool_result", "content": "the and this that with"}
    blocks = [result, {"type": "text", "text": reminder}, {"type": "text", "text": "ok"}]
    history = [
        {"role": "user", "content": english},
        {"role": "assistant", "content": "It parses the text and then this."},
        {"role": "user", "content": german},
        {"role": "assistant", "content": english},
        {"role": "user", "content": blocks},
    ]
    assert written_in(turn(messages=history).request) == "de"
    assert written_in(turn(messages=history[:2]).request) == "en"
    late = [*history, *[{"role": "user", "content": "ok"}] * 3]
    assert written_in(turn(messages=late).request) is None


def test_every_dialect_is_read() -> None:
    text = "Bitte räum den Parser auf"
    asked = [
        dialect_turn(
            CHAT, messages=[{"role": "user", "content": [{"type": "text", "text": text}]}]
        ),
        dialect_turn(RESPONSES, input=text),
        dialect_turn(RESPONSES, input=[{"role": "user", "content": text}]),
        dialect_turn(GEMINI, contents=[{"role": "user", "parts": [{"text": text}]}]),
    ]
    assert [written_in(each.request) for each in asked] == ["de"] * 4
