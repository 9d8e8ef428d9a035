"""What an endpoint of a swarm says: mostly what it should, and every misbehaviour that strikes.

Every answer is unlike any other: its usage counts up from SERIAL_FIRST and its tool uses have ids
of their own, so that the ledger and the clients can be held to what was said, and by whom. Faults
strike while the steps are taken, not before: where in an answer they strike is part of the case.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any

import attrs
import msgspec

from ...io.ports import Headers
from ...protocols.anthropic import events
from ..upstream import HANG, SendBytes, SendHead, Wait
from .answers import event
from .chance import Chance
from .peer import ClosesIdle, Cut, Misbehaves, PeerStep, Reports, SendRaw

SERIAL_FIRST = 1_000
REFUSALS = (400, 401, 403, 404, 408, 409, 413, 429, 500, 502, 503, 529)
HUGE_BYTES = (100_000, 1_000_000, 10_000_000)
RARE, SELDOM, OFTEN = 0.02, 0.1, 0.3
"""Chances of a fault at one opportunity; there is one for each event, or one for each answer."""


@attrs.define(eq=False)
class Responder:
    """Answers any request in the Anthropic dialect. All responders of a world share `serials`."""

    random: Random
    chance: Chance
    serials: Iterator[int]

    def __call__(self, body: bytes) -> Iterator[PeerStep]:
        """The steps of one answer."""
        request: dict[str, Any] = msgspec.json.decode(body)
        serial = next(self.serials)
        spoken = False
        for step in self._before_the_head():
            spoken = spoken or not isinstance(step, Wait | Cut | Misbehaves)
            yield step
        if spoken:
            return
        if request.get("stream"):
            yield from self._streamed(request, serial)
        else:
            yield from self._whole(request, serial)
        if draws := self.chance.strike("peer closes the idle connection", OFTEN):
            yield ClosesIdle(draws.uniform(0, 3))

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

    def _refusal(self, draws: Random) -> Iterator[PeerStep]:
        status = draws.choice(REFUSALS)
        retry: Headers = ()
        if draws.random() < 0.5:
            retry = ((b"retry-after", b"%d" % draws.randrange(1, 8)),)
        kind = events.ERROR_KINDS.get(status, "api_error")
        yield from _json(status, events.error_body(kind, "as drawn"), retry)

    def _streamed(self, request: dict[str, Any], serial: int) -> Iterator[PeerStep]:
        yield SendHead()
        deltas, wrong = 0, self.chance.strike("peer counts wrong", OFTEN)
        yield from self._saying(events.message_start(f"msg_{serial}", "claude-x", serial))
        for index, block in enumerate(self._blocks(request, serial)):
            for piece in _block_events(index, block):
                deltas += b"content_block_delta" in piece
                yield from self._saying(piece)
        if self.chance.strike("peer ends early", SELDOM):
            yield Misbehaves("ends early")
            return
        usage: Any = {"input_tokens": serial, "output_tokens": deltas}  # all of it, once more
        if wrong:
            yield Misbehaves("counts wrong")
            usage = wrong.choice([None, [], {"output_tokens": -1}, {"output_tokens": "many"}])
        ending = {"stop_reason": "end_turn", "stop_sequence": None}
        yield SendBytes(event("message_delta", delta=ending, usage=usage))
        if not wrong:
            yield Reports(serial, deltas)
        yield SendBytes(event("message_stop"))
        if self.chance.strike("peer talks on after the end", SELDOM):
            yield Misbehaves("talks on")
            yield SendBytes(events.text_delta(0, "and one more thing"))

    def _saying(self, piece: bytes) -> Iterator[PeerStep]:
        """One event, with the pauses and the faults before and after it."""
        strike = self.chance.strike
        yield Wait(self.random.uniform(0, 0.2))
        if draws := strike("peer pauses", RARE):
            yield Wait(draws.uniform(1, 40))
        if strike("peer stalls", RARE / 4):
            yield HANG
        if strike("peer says what nobody knows", SELDOM):
            yield SendBytes(event("from_the_future", flavour={"deeply": ["nested", None]}))
        if strike("peer comments", SELDOM):
            yield SendBytes(b": still here\n\n")
        if b"text_delta" in piece and (draws := strike("peer sends a huge delta", RARE)):
            yield SendBytes(events.text_delta(0, "x" * draws.choice(HUGE_BYTES)))
        yield SendBytes(piece)
        if strike("peer repeats an event", RARE):
            yield Misbehaves("repeats")
            yield SendBytes(piece)
        if strike("peer sends an error event", RARE):
            yield Misbehaves("error event")
            yield SendBytes(events.error_event("overloaded_error", "as drawn"))

    def _whole(self, request: dict[str, Any], serial: int) -> Iterator[PeerStep]:
        yield Wait(self.random.uniform(0, 1))
        blocks = self._blocks(request, serial)
        usage = {"input_tokens": serial, "output_tokens": len(blocks)}
        message = {
            "id": f"msg_{serial}",
            "type": "message",
            "role": "assistant",
            "model": "claude-x",
            "content": blocks,
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "usage": usage,
        }
        yield from _json(200, msgspec.json.encode(message))
        yield Reports(serial, len(blocks))

    def _blocks(self, request: dict[str, Any], serial: int) -> list[dict[str, Any]]:
        """A text that repeats the question's last words, and now and then calls of tools."""
        blocks: list[dict[str, Any]] = [{"type": "text", "text": f"{serial}: {_question(request)}"}]
        tools: list[dict[str, Any]] = request.get("tools") or []
        if tools and self.random.random() < OFTEN:
            for number in range(self.random.randint(1, 2)):
                name = self.random.choice(tools)["name"]
                used = {"type": "tool_use", "id": f"toolu_{serial}_{number}", "name": name}
                blocks.append({**used, "input": {"command": "ls"}})
        return blocks


def make_serials() -> Iterator[int]:
    """The numbers by which answers are told apart."""
    return count(SERIAL_FIRST)


def _question(request: dict[str, Any]) -> str:
    content = request["messages"][-1]["content"]
    return content if isinstance(content, str) else msgspec.json.encode(content).decode()[-80:]


def _block_events(index: int, block: dict[str, Any]) -> Iterator[bytes]:
    """The events of one content block; a tool's input comes as deltas, as the client needs it."""
    if block["type"] == "text":
        key, kind, whole = "text", "text_delta", str(block["text"])
        start: dict[str, Any] = {**block, "text": ""}
    else:
        start = {**block, "input": {}}
        whole = msgspec.json.encode(block["input"]).decode()
        key, kind = "partial_json", "input_json_delta"
    yield event("content_block_start", index=index, content_block=start)
    for place in range(0, len(whole), 24):
        delta = {"type": kind, key: whole[place : place + 24]}
        yield event("content_block_delta", index=index, delta=delta)
    yield event("content_block_stop", index=index)


def _json(status: int, body: bytes, headers: Headers = ()) -> Iterator[PeerStep]:
    length = (b"content-length", b"%d" % len(body))
    yield SendHead(status, (*events.JSON_HEADERS, length, *headers))
    yield SendBytes(body)
