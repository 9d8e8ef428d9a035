"""Our own runner of grammars, judged by the tests' reader of the notation, which shares nothing."""

from __future__ import annotations

from random import Random

import pytest
from understudy.protocols.grammar import acceptor
from understudy.protocols.grammar.acceptor import Acceptor, State
from understudy.protocols.grammar.notation import BadNotation, Text, read_notation
from understudy.protocols.grammar.writer import GrammarWriter

from .corpus import tools
from .matcher import Grammar, Run, drawn

SMALL = [
    'root ::= "a" | "ab" | [x-z]{2,3} "!"',
    'root ::= ("a" | "b")* "c"?\n',
    'root ::= item ("," item)*\nitem ::= [0-9]+ | "[" root "]"\n',
    'root ::= "" "é\\u00e9" [\\x41-\\U0001F600]{0,2}',
    'root ::= (\n  "a"\n  | "b" "c"\n)+ "-"',
]
LETTERS = 'abcxyz!,[]0é\u20ac-"{}: \\nt1'


def mutated(random: Random, text: str) -> str:
    """The text with one character more, less or another."""
    at = random.randrange(len(text) + 1)
    new = random.choice(("", random.choice(LETTERS)))
    return text[:at] + new + text[at + random.choice((0, 1)) :]


def assert_same(gbnf: str, text: str, judge: Grammar, state: State | None) -> None:
    """Both say the same of every beginning of a text."""
    run = Run(judge)
    for place, character in enumerate(text):
        run.read(character)
        state = state.after(character) if state is not None else None
        said = (state is not None, state is not None and state.may_end)
        assert said == (not run.dead, run.may_end), (gbnf[:200], text[: place + 1])


@pytest.mark.parametrize("gbnf", SMALL)
def test_small_grammars_are_read_as_the_judge_reads_them(gbnf: str) -> None:
    random, judge = Random(0), Grammar(gbnf)
    acceptor = Acceptor(read_notation(gbnf))
    for _ in range(60):
        text = drawn(judge, random, 40) or "ab"
        for tried in (text, mutated(random, text)):
            assert_same(gbnf, tried, judge, acceptor.start())


def test_grammars_of_real_tools_are_read_as_the_judge_reads_them() -> None:
    random = Random(1)
    for tool in random.sample(tools(), 12):
        writer = GrammarWriter()
        gbnf = writer.text(writer.input(tool.schema))
        judge, acceptor = Grammar(gbnf), Acceptor(read_notation(gbnf))
        text = drawn(judge, random, 400) or "{"
        for tried in (text, mutated(random, text), mutated(random, text)):
            assert_same(gbnf, tried, judge, acceptor.start())


def test_a_prefix_comes_before_the_root() -> None:
    start = Acceptor(read_notation('root ::= "x"')).start(Text("pre"))
    assert start.after("pr") is not None
    assert start.after("x") is None
    whole = start.after("prex")
    assert whole is not None
    assert whole.may_end


def test_a_long_count_costs_no_rules() -> None:
    state = Acceptor(read_notation('root ::= "a"{3,100000} "b"')).start().after("aa")
    assert state is not None
    assert state.after("b") is None
    whole = state.after("a" * 5000 + "b")
    assert whole is not None
    assert whole.may_end


def test_half_a_character_is_known_by_where_it_may_lead() -> None:
    start = Acceptor(read_notation("root ::= [\\u00e0-\\u00ff]")).start()
    assert start.may_begin(0xC0, 0xFF)
    assert not start.may_begin(0x100, 0x13F)


def test_states_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acceptor, "STATES_MAX", 4)
    made = Acceptor(read_notation('root ::= "a"{0,50}'))
    assert made.start().after("a" * 50) is not None
    assert len(vars(made)["_states"]) <= 4


@pytest.mark.parametrize(
    "gbnf",
    [
        "",
        "root",
        'root ::= "a',
        "root ::= [^a]",
        "root ::= []",
        "root ::= other",
        'root ::= "\\q"',
        'root ::= "\\UFFFFFFFF"',
        'root ::= ("a"',
        'root ::= "a" ) "b"',
        'root ::= "a"\nroot ::= "b"',
        'other ::= "a"',
        'root ::= "a"{x}',
        "root ::= " + "(" * 100 + '"a"' + ")" * 100,
    ],
)
def test_what_is_no_grammar_is_refused(gbnf: str) -> None:
    with pytest.raises(BadNotation):
        read_notation(gbnf)
