"""Conversations that grow turn by turn, of texts of our own in several scripts and notations.

They are the same on every machine and in every Python: chance comes from a generator of our own.
So their tokens can be counted once, by real tokenizers, and be kept as numbers:
bench/token_estimate.py counts them, and talk_tokens.json has the numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import attrs
from understudy.protocols.conversation.blocks import Text, ToolResult, ToolUse
from understudy.protocols.conversation.request import Conversation, Message, Tool

TURNS = 14

WORDS = {
    "English": "the a river under bridge slowly every keeper counted stones before winter and "
    "nobody asked why because it had always been so although maps disagreed about names",
    "German": "der die Brücke über Flussufer langsam jeder Wächter zählte Steine vor dem Winter "
    "und niemand fragte warum obwohl Landkarten widersprüchliche Ortsnamen enthielten",
    "Russian": "река под мостом медленно каждый сторож считал камни перед зимой и никто не "
    "спрашивал почему хотя карты по-разному называли эти места",
    "Chinese": "河水 在 桥下 慢慢 流过 每个 守桥人 冬天 之前 都要 数一遍 石头 没有人 问 为什么 "
    "虽然 地图 上的 名字 并不 一致",
    "Japanese": "川は 橋の下を ゆっくり 流れ 番人は 冬が来る前に 石を 数えた 誰も 理由を "
    "尋ねなかった けれども 地図の 名前は 食い違っていた",
    "Arabic": "النهر تحت الجسر ببطء كل حارس أحصى الحجارة قبل الشتاء ولم يسأل أحد لماذا رغم أن "
    "الخرائط اختلفت في الأسماء",
    "Korean": "강물은 다리 아래로 천천히 흐르고 파수꾼은 겨울이 오기 전에 돌을 세었다 아무도 "
    "이유를 묻지 않았다",
}
NOUNS = [
    "bridge",
    "stone",
    "keeper",
    "ledger",
    "window",
    "parcel",
    "harbor",
    "signal",
    "meadow",
    "engine",
]
VERBS = ["count", "load", "merge", "open", "parse", "split", "store", "trace", "update", "verify"]


@attrs.define
class Chance:
    """A linear congruential generator: the same everywhere, and good enough for words."""

    _state: int

    def below(self, limit: int) -> int:
        """A number from 0 to below the limit."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % limit

    def one(self, choices: list[str]) -> str:
        """One of these."""
        return choices[self.below(len(choices))]


def prose(language: str, chance: Chance) -> str:
    """Some sentences."""
    words = WORDS[language].split()
    glue = "" if language in ("Chinese", "Japanese") else " "
    end = "\u3002" if not glue else ". "
    sentences = [
        glue.join(chance.one(words) for _ in range(5 + chance.below(9)))
        for _ in range(6 + chance.below(20))
    ]
    return end.join(sentence[:1].upper() + sentence[1:] for sentence in sentences) + end


def code(chance: Chance) -> str:
    """Some functions."""
    lines = [f"class {chance.one(NOUNS).title()}{chance.one(NOUNS).title()}:"]
    for _ in range(4 + chance.below(9)):
        verb, noun, other = chance.one(VERBS), chance.one(NOUNS), chance.one(NOUNS)
        lines += [
            f"    def {verb}_{noun}(self, {other}_id: int, *, limit: int = {chance.below(5000)}):",
            f'        """{verb.title()}s the {noun} of one {other}."""',
            f"        if self._{noun}s.get({other}_id) is None or limit <= {chance.below(9)}:",
            f'            raise {noun.title()}Error(f"no {noun} for {{{other}_id!r}}")',
            f"        return [x ** 2 for x in self._{noun}s[{other}_id][:limit] if x != 0]",
            "",
        ]
    return "\n".join(lines)


def record(chance: Chance) -> str:
    """A piece of JSON, indented or not."""
    rows = [
        {
            "id": chance.below(10**9),
            chance.one(NOUNS): f"{chance.one(VERBS)}-{chance.below(10**5):05x}",
            "ratio": chance.below(10**6) / 1000,
            "tags": [chance.one(NOUNS), chance.one(VERBS)],
            "ok": chance.below(2) == 0,
        }
        for _ in range(8 + chance.below(20))
    ]
    return json.dumps(rows, indent=2 if chance.below(2) else None)


def log(chance: Chance) -> str:
    """Lines of a log."""
    return "\n".join(
        f"2026-11-{1 + chance.below(28):02}T{chance.below(24):02}:{chance.below(60):02}:07.123Z "
        f"{chance.one(['INFO', 'WARN', 'DEBUG'])} [{chance.one(NOUNS)}/{chance.below(9999)}] "
        f"{chance.one(VERBS)} took {chance.below(90000)} us, /srv/{chance.one(NOUNS)}/"
        f"{chance.one(NOUNS)}_{chance.below(99)}.log"
        for _ in range(10 + chance.below(30))
    )


TOOLS = tuple(
    Tool(
        f"{verb}_{noun}",
        f"Takes a {noun} and will {verb} it. Use it when the {noun} is not known yet, and give "
        f"the whole path. It answers with what it has found, or says what is missing.",
        {
            "type": "object",
            "properties": {
                "path": {"type": "string", "description": f"Where the {noun} is."},
                "limit": {"type": "integer", "description": "How many at most.", "minimum": 1},
            },
            "required": ["path"],
            "additionalProperties": False,
        },
    )
    for verb, noun in zip(VERBS, NOUNS, strict=True)
)


def agent(chance: Chance) -> Iterator[tuple[Message, ...]]:
    """A user's question, calls, their results, and an answer."""
    for turn in range(TURNS):
        made = [code, record, log][chance.below(3)]
        uses = [
            ToolUse(f"c{turn}_{n}", chance.one(VERBS) + "_bridge", {"path": f"/src/{n}.py"})
            for n in range(1 + chance.below(3))
        ]
        yield (
            Message("user", (Text(prose("English", chance)),)),
            Message("assistant", (Text("I look at it."), *uses)),
            Message("user", tuple(ToolResult(use.id, (Text(made(chance)),)) for use in uses)),
            Message("assistant", (Text(prose("English", chance)),)),
        )


def chat(*languages: str) -> Callable[[Chance], Iterator[tuple[Message, ...]]]:
    """Two people's prose, each turn in one of these languages."""

    def turns(chance: Chance) -> Iterator[tuple[Message, ...]]:
        for _ in range(TURNS):
            language = chance.one(list(languages))
            yield (
                Message("user", (Text(prose(language, chance)),)),
                Message("assistant", (Text(prose(language, chance)),)),
            )

    return turns


KINDS: dict[str, tuple[Any, tuple[Tool, ...]]] = {
    "agent": (agent, TOOLS),
    "European chat": (chat("English", "German", "Russian"), ()),
    "Asian chat": (chat("Chinese", "Japanese", "Korean", "Arabic"), ()),
}


def talk(kind: str) -> list[Conversation]:
    """The conversation after each of its turns."""
    turns, tools = KINDS[kind]
    chance = Chance(len(kind))
    system = (Text("\n".join(prose("English", chance) for _ in range(6 if tools else 1))),)
    so_far: tuple[Message, ...] = ()
    grown: list[Conversation] = []
    for messages in turns(chance):
        so_far += messages
        grown.append(Conversation(so_far, system, tools))
    return grown
