"""An endpoint of any dialect: it answers as its voice can, and every misbehaviour may strike.

What it answers follows the prompt's wish (`asked`): a talk, one tool, several, a search. Every
answer is unlike any other, by the serial that its usage, its calls and its thinking carry. A fault
that leaves the answer true (pauses, comments, bytes split anywhere, a whole body for a stream) is
none of the exchange's `faults`: the client must hear the same as without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count, pairwise
from random import Random

import attrs
import h11
import msgspec

from ...io.ports import Headers
from ..upstream import HANG, SendBytes, SendHead, Wait
from ..world.chance import Chance
from ..world.peer import (
    ClosesIdle,
    Cut,
    Ends,
    Means,
    Misbehaves,
    PeerStep,
    Reads,
    Reports,
    SendRaw,
    Tolerates,
    VirtualPeer,
)
from ..world.responder import HUGE_BYTES, OFTEN, RARE, REFUSALS, SELDOM
from .asked import Asked, Problem, problems_of
from .meaning import Calls, Meaning, Part, Says, Thinks
from .voice import JSON, Manner, Piece, Voice, encoded

SERIAL_FIRST = 1_000
TEXTS = ("Gewiß, „so“ sei es. ", "日本語も 😀 works. ", "To be, or not to be. ")
PLAIN_TOOLS = ("Bash", "Read")
FOUND_TOOL = "Hidden"
"""Is shown to a model only once a search for tools has found it."""
SEARCHES = {
    "search": ("web_search", 1),
    "searches": ("web_search", 3),
    "find": ("tool_search", 1),
}
"""By the wish: what the name of the stand-in begins with, and how often it is called."""


@attrs.define(eq=False)
class Speaker(VirtualPeer):
    """See the module. `endpoint` is its name in the settings; speakers of a world share `serials`.

    `pause_seconds` is the longest pause between two events.
    """

    endpoint: str = ""
    voice: Voice = attrs.field(kw_only=True)
    random: Random = attrs.field(kw_only=True)
    chance: Chance = attrs.field(kw_only=True)
    serials: Iterator[int] = attrs.field(kw_only=True)
    pause_seconds: float = 0.2
    script_of: Callable[[Asked, Meaning], Iterable[PeerStep]] | None = None
    """Takes the place of the usual steps."""
    signed: dict[str, str] = attrs.field(factory=dict[str, str])
    """The signature that each of its calls was given, by the call's arguments."""

    def script(self, request: h11.Request, body: bytes) -> Iterable[PeerStep]:
        """See VirtualPeer.script."""
        asked = self.voice.asked(request.target.decode(), msgspec.json.decode(body))
        problems = problems_of(asked, body, self.endpoint, self.signed)
        return self._steps(asked, problems)

    def _steps(self, asked: Asked, problems: tuple[Problem, ...]) -> Iterator[PeerStep]:
        yield Reads(problems)
        meaning = self._meaning(asked, next(self.serials))
        if self.script_of is not None:
            yield from self.script_of(asked, meaning)
            return
        spoken = False
        for step in self._before_the_head():
            spoken = spoken or not isinstance(step, Wait | Cut | Misbehaves | Tolerates)
            yield step
        if spoken:
            return
        yield from self.answer(asked, meaning)
        if draws := self.chance.strike("peer closes the idle connection", OFTEN):
            yield ClosesIdle(draws.uniform(0, 3))

    def answer(self, asked: Asked, meaning: Meaning) -> Iterator[PeerStep]:
        """The steps of an answer from its head on."""
        manner = Manner.drawn(self.random)
        if self.chance.strike("peer forgets the usage", SELDOM):
            manner = attrs.evolve(manner, usage_times=0)
        elif self.chance.strike("peer tells the usage twice", SELDOM):
            yield Tolerates("an end that comes twice")
            manner = attrs.evolve(manner, usage_times=2)
        yield Means(meaning)
        if not asked.streamed:
            yield from self._whole(meaning, manner)
        elif self.chance.strike("peer answers whole", SELDOM):
            yield Tolerates("a body for a stream")
            yield from self._whole(meaning, manner)
        else:
            yield from self._streamed(meaning, manner)

    def _before_the_head(self) -> Iterator[PeerStep]:
        strike = self.chance.strike
        if draws := strike("peer is slow to start", SELDOM):
            yield Wait(draws.uniform(1, 60))
        if strike("peer is silent", RARE):
            yield HANG
        if draws := strike("peer cuts the connection", SELDOM):
            yield Cut(draws.randrange(3_000), reset=draws.random() < 0.5)
        if draws := strike("peer talks garbage", SELDOM):
            yield Misbehaves("garbage")
            yield SendRaw(b"\x16\x03" + draws.randbytes(draws.randrange(1, 2_000)))
        elif draws := strike("peer redirects", SELDOM):
            yield SendHead(307, ((b"location", b"http://away.test/"), (b"content-length", b"0")))
        elif draws := strike("peer refuses", OFTEN):
            yield from self._refusal(draws)
        elif strike("peer answers what is no JSON", RARE):
            yield Misbehaves("no JSON")
            yield from body_steps(200, b"<html>502 Bad Gateway</html>", JSON)

    def _refusal(self, draws: Random) -> Iterator[PeerStep]:
        status = draws.choice(REFUSALS)
        retry: Headers = ()
        if draws.random() < 0.5:
            retry = ((b"retry-after", b"%d" % draws.randrange(1, 8)),)
        body = self.voice.error(status, "as drawn")
        if draws.random() < 0.3:
            yield Tolerates("an error in no dialect")
            body = draws.choice((b"<html>an error</html>", b"", b"[]", b"{}"))
        yield from body_steps(status, body, (*JSON, *retry))

    def _streamed(self, meaning: Meaning, manner: Manner) -> Iterator[PeerStep]:
        yield SendHead(200, self.voice.headers)
        if self.chance.strike("peer fails at once", SELDOM):
            yield Misbehaves("error event")
            yield SendBytes(self.voice.failing("as drawn"))
            return
        early = self.chance.strike("peer ends early", SELDOM) is not None
        has_ended = False
        for piece in self.voice.stream(meaning, manner):
            if piece.kind == "end" and early:
                yield Misbehaves("ends early")
                return
            if piece.kind == "end" and not has_ended:
                has_ended = True
                yield from self._ending(meaning, manner)
            yield from self._saying(piece)
        if self.chance.strike("peer talks on after the end", SELDOM):
            yield Misbehaves("talks on")
            yield SendBytes(self.voice.unknown())

    def _saying(self, piece: Piece) -> Iterator[PeerStep]:
        """One event, with the pauses and the faults before and after it."""
        strike = self.chance.strike
        yield Wait(self.random.uniform(0, self.pause_seconds))
        if draws := strike("peer pauses", RARE):
            yield Wait(draws.uniform(1, 40))
        if strike("peer stalls", RARE / 4):
            yield HANG
        if strike("peer says what nobody knows", SELDOM):
            yield SendBytes(self.voice.unknown())
        if strike("peer comments", SELDOM):
            yield SendBytes(self.voice.comment())
        if draws := strike("peer splits its bytes", SELDOM):
            yield from _split(piece.data, draws)
        else:
            yield SendBytes(piece.data)
        if piece.kind == "content" and strike("peer repeats an event", RARE):
            yield Misbehaves("repeats")
            yield SendBytes(piece.data)
        if piece.kind != "end" and strike("peer sends an error event", RARE):
            yield Misbehaves("error event")
            yield SendBytes(self.voice.failing("as drawn"))

    def _whole(self, meaning: Meaning, manner: Manner) -> Iterator[PeerStep]:
        yield Wait(self.random.uniform(0, self.pause_seconds))
        yield from self._ending(meaning, manner)
        yield from body_steps(200, self.voice.whole(meaning, manner), JSON)

    def _ending(self, meaning: Meaning, manner: Manner) -> Iterator[PeerStep]:
        yield Ends()
        if manner.usage_times:
            yield Reports(meaning.serial, meaning.output_tokens, meaning.cached_tokens)

    def _meaning(self, asked: Asked, serial: int) -> Meaning:
        """What it answers: a talk, or calls as long as they were wished for."""
        parts = [*self._thinking(serial), *self._content(asked, serial)]
        for thinking, part in pairwise(parts):
            if isinstance(thinking, Thinks) and isinstance(part, Calls):
                self._sign(part, thinking.signature)
        thought = 5 if isinstance(parts[0], Thinks) else 0
        cached = self.random.choice((0, 64)) if self.voice.counts_cached else 0
        return Meaning(serial, tuple(parts), 10 + len(parts) + thought, cached, thought)

    def _sign(self, call: Calls, signature: str) -> None:
        if self.voice.dialect == "gemini":
            self.signed[call.arguments] = signature

    def _thinking(self, serial: int) -> list[Part]:
        if self.random.random() < 0.5:
            return []
        owner = self.endpoint.capitalize()
        has_signature = self.voice.dialect in ("anthropic", "openai-responses", "gemini")
        signature = f"signedBy{owner}X{serial}" if has_signature else ""
        return [Thinks(f"thoughtOf{owner}X{serial}: hm. ", signature + "A" * (-len(signature) % 4))]

    def _content(self, asked: Asked, serial: int) -> list[Part]:
        text = f"{serial} says: {self.random.choice(TEXTS)}"
        if draws := self.chance.strike("peer sends a huge delta", RARE):
            text += "x" * draws.choice(HUGE_BYTES)
        calls = self._calls(asked, serial)
        if calls and self.random.random() < 0.5:
            return [*calls]
        return [Says(text), *calls]

    def _calls(self, asked: Asked, serial: int) -> list[Calls]:
        """The calls that were wished for: of plain tools, or of the stand-ins of server tools."""
        if asked.wish in SEARCHES:
            return self._search(asked, serial)
        wished = {"tool": 1, "tools": 3}.get(asked.wish, 0)
        tool = next((name for name in asked.tools if name in PLAIN_TOOLS), "")
        if asked.rounds or not tool:
            return []
        calls = [_call(serial, number, tool, "run") for number in range(wished)]
        if calls and self.voice.arguments_are_text and self._errs():
            calls[-1] = attrs.evolve(calls[-1], arguments='{"command": "run')
        return calls

    def _search(self, asked: Asked, serial: int) -> list[Calls]:
        """One search after the other; what a search for tools has found is called."""
        beginning, wished = SEARCHES[asked.wish]
        tool = next((name for name in asked.tools if name.startswith(beginning)), "")
        if tool and asked.rounds < wished:
            return [_call(serial, 0, tool, FOUND_TOOL, member="query")]
        if FOUND_TOOL in asked.tools and asked.rounds == wished:
            return [_call(serial, 0, FOUND_TOOL, "run")]
        return []

    def _errs(self) -> bool:
        return self.chance.strike("peer writes arguments that are no JSON", SELDOM) is not None


def make_serials() -> Iterator[int]:
    """The numbers by which answers are told apart."""
    return count(SERIAL_FIRST)


def _call(serial: int, number: int, tool: str, words: str, *, member: str = "command") -> Calls:
    arguments = encoded({member: f"{words} {serial}-{number}"}).decode()
    return Calls(f"call_{serial}_{number}", tool, arguments)


def body_steps(status: int, body: bytes, headers: Headers) -> Iterator[PeerStep]:
    """A response with a length."""
    yield SendHead(status, (*headers, (b"content-length", b"%d" % len(body))))
    yield SendBytes(body)


def _split(data: bytes, draws: Random) -> Iterator[PeerStep]:
    """An event in pieces that end anywhere, inside of characters too."""
    places = sorted(draws.sample(range(len(data) + 1), min(4, len(data))))
    for start, end in zip((0, *places), (*places, len(data)), strict=True):
        if data[start:end]:
            yield SendBytes(data[start:end])
            yield Wait(draws.uniform(0, 0.3))
