"""Remarks beside a command are harmless, and what is work is never taken for one."""

from __future__ import annotations

import pytest
from understudy.protocols.settings_data import ChatSettings
from understudy.protocols.switching.addressed import addressed
from understudy.protocols.switching.command import Command, GoBack, Switch
from understudy.protocols.switching.remarks import CLAUSES_MAX, clauses, is_remark, readings

from .worlds import FLASH, OPUS, SONNET, WORLD, heard

HAIKU = "claude/claude-haiku-4-5"
KIMI, MINI = "groq/kimi-k2", "openai/gpt-5-mini"
REMARKS = [
    "net's cactus",
    "the uplink is flaky again",
    "start of shift",
    "my uplink is totally borked",
    "lunch is over and I'm only renaming stuff",
    "legal is going to kill me",
    "it thinks forever",
    "opus is too slow tonight",
    "battery at 9 %",
    "the bug is nasty",
    "this code must not leave the office",
    "do forgive me",
    "if that is possible",
    "uh, um",
    "mein Chef meckert über die Kosten",
    "hier gibt es kein Netz",
    "la connexion au chalet est pourrie",
    "c'est trop cher pour moi",
    "se ha ido la luz otra vez",
    "este es demasiado lento",
    "a internet caiu de novo",
    "esse está devagar demais",
    "夜班了",
    "opus太慢了",
    "公司規定資料不能上雲",
    "えーっと",
    "夜勤入ったけえ",
    "ネットが切れたので",
]
WORK = [
    "I broke the parser",
    "the parser is broken",
    "the summarizer is too slow",
    "my summary is too slow",
    "our shop frontend is slow",
    "the tests use the old one",
    "the config is outdated",
    "uplink.py is flaky again",
    "the code is slow",
    "opus runs the nightly evals",
    "refactor it",
    "simplify it",
    "if it gets too expensive",
    "tomorrow",
    "my boss said",
    "I want poems",
    "is it too slow?",
    "der Parser ist kaputt",
    "wenn es zu teuer wird",
    "la requête est trop lente",
    "mon chef veut",
    "la consulta es lenta",
    "o código é ruim",
    "测试太慢了",
    "客户端太慢了",
    "ビルドが失敗したら",
    "クエリが遅いので",
]


@pytest.mark.parametrize("clause", REMARKS)
def test_a_clause_of_everyday_words_is_a_remark(clause: str) -> None:
    assert is_remark(clause, WORLD.names)


@pytest.mark.parametrize("clause", WORK)
def test_a_clause_that_asks_or_speaks_of_a_program_is_none(clause: str) -> None:
    assert not is_remark(clause, WORLD.names)


def switched(text: str) -> tuple[str, str]:
    """Where a text leads, and for how long."""
    command = heard(text)
    assert isinstance(command, Switch), (text, command)
    (place,) = command.places
    return place, command.scope


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("uh legal is going to kill me so use opus from now on", OPUS),
        ("um switch to uh sonnet", SONNET),
        ("the wifi is down, it's late, and my boss is waiting, switch to haiku", HAIKU),
        ("use kimi, if that is possible, thank you", KIMI),
        ("connection is metered here, therefore switch to haiku", HAIKU),
        ("wechsel bitte zu opus, ich habe keine Zeit", OPUS),
        ("passe à opus parce que c'est trop lent", OPUS),
        ("cambia a sonnet que esto va muy lento", SONNET),
        ("muda para o haiku que o saldo está no fim", HAIKU),
        ("换kimi 太贵了", KIMI),
        ("遅すぎる。flashに切り替えて", FLASH),
    ],
)
def test_a_command_is_heard_amid_remarks(text: str, place: str) -> None:
    assert switched(text) == (place, "conversation")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("haiku, no sorry, sonnet", SONNET),
        ("switch to haiku, scratch that, sonnet please", SONNET),
        ("let's go with haiku actually hmm no let's go with sonnet", SONNET),
        ("kimi, yes kimi please", KIMI),
        ("use the mini the gpt five mini one from now on", MINI),
        ("nimm sonnet, ich meine opus", OPUS),
        ("passe à haiku, non pardon, sonnet", SONNET),
        ("cambia a haiku, perdón, quise decir sonnet", SONNET),
        ("muda para haiku, não, espera, sonnet", SONNET),
        ("切到haiku。不对。sonnet", SONNET),
        ("ハイク、じゃなかった、ソネットに変えてください", SONNET),
        ("use opus, no sonnet", OPUS),
        ("use opus instead of sonnet", OPUS),
        ("switch to opus rather than sonnet", OPUS),
    ],
)
def test_the_last_word_on_a_name_counts(text: str, place: str) -> None:
    assert switched(text) == (place, "conversation")


@pytest.mark.parametrize(
    "text",
    [
        "write a haiku, no wait, use sonnet",
        "rename haiku to, no wait, sonnet",
        "use haiku, no sorry, sonnet in the summarizer",
    ],
)
def test_a_correction_in_work_is_work(text: str) -> None:
    assert heard(text) is None


def test_what_comes_after_one_answer_is_no_remark_on_a_lasting_choice() -> None:
    assert switched("only this answer with opus, then as before") == (OPUS, "answer")
    assert heard("switch to opus, then as before") is None


def test_a_remark_may_stand_before_a_command_with_work() -> None:
    command: Command | None = heard("sorry, the pager went off, use haiku for this: sum up the log")
    assert command == Switch((HAIKU,), "answer", work=True)


def test_too_many_clauses_are_none() -> None:
    assert len(clauses("a, " * CLAUSES_MAX)) == CLAUSES_MAX
    assert clauses("a, " * (CLAUSES_MAX + 1)) == []


def test_code_has_no_readings() -> None:
    assert list(readings("it is slow, use `opus`", WORLD.names)) == []


def test_going_back_needs_more_than_two_words_beside_a_remark() -> None:
    assert heard("my boss is waiting, go back") is None
    assert isinstance(heard("my boss is waiting, go back to the previous model"), GoBack)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("hey understudy, list models", "list models"),
        ("Excuse me, Understudy: list models", "list models"),
        ("ok so understudy list models", "list models"),
        ("hola understudy, list models", "list models"),
        ("hey there, understudying is hard", None),
        ("the understudy, list models", None),
        ("hey, list models", None),
    ],
)
def test_the_one_who_is_called_may_be_greeted_first(text: str, meant: str | None) -> None:
    assert addressed(text, ChatSettings("prefix")) == meant
