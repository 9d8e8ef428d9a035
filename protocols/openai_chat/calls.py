"""Tool calls as servers stream them, put in an order that an answer's events can have.

The API gives each call a number, `index`, and names and identifies it in its first delta. Servers
leave out the number, or give all calls the same, or repeat the id and name with each delta, or send
a call whole and with no id. Calls may be interleaved; an answer's events are not, so one call is
open, and later ones are held until its arguments are whole JSON, or the answer ends.

Whether they are whole is asked when another call comes, and then only when they have grown to twice
the size: each byte is looked at a bounded number of times, whatever the order of the deltas.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import msgspec

from ..conversation.answer import AnswerEvent, BlockEnded, ToolInputDelta, ToolUseStarted
from ..conversation.names import ToolNames
from ..dialect import UpstreamNonsense
from ..json_values import object_of, text_of

CALLS_MAX = 256
NO_ARGUMENTS = "{}"

_ANY = msgspec.json.Decoder()


@attrs.define
class _Call:
    number: int
    id: str
    name: str = ""
    pieces: list[str] = attrs.field(factory=list[str])
    size: int = 0
    sent: int = 0
    checked_size: int = 0
    started: bool = False

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.size += len(text)

    def is_whole(self) -> bool:
        """Whether the arguments are JSON already; False, too, where it is too early to ask."""
        if not self.size or self.size < 2 * self.checked_size:
            return False
        self.checked_size = self.size
        try:
            _ANY.decode("".join(self.pieces))
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return False
        return True


@attrs.define
class Calls:
    """The calls of one answer. `taken` are ids that are in use already; `answer` makes new ones."""

    _answer: str
    _names: ToolNames
    _taken: set[str]
    kept_characters: int = 0
    _calls: list[_Call] = attrs.field(factory=list[_Call])
    _by_index: dict[int, _Call] = attrs.field(factory=dict[int, _Call])
    _by_id: dict[str, _Call] = attrs.field(factory=dict[str, _Call])
    _open: int = 0

    @property
    def called(self) -> bool:
        """Whether a call has been written."""
        return any(call.started for call in self._calls)

    @property
    def waiting(self) -> bool:
        """Whether a call is open or held."""
        return self._open < len(self._calls)

    def take(self, item: dict[str, Any], index: int | None = None) -> Iterator[AnswerEvent]:
        """Takes one delta of a call, or a whole one; `index` overrules its own."""
        function = object_of(item.get("function")) or object_of(item.get("custom")) or item
        given, name = text_of(item.get("id")), text_of(function.get("name"))
        own = item.get("index")
        place = index if index is not None else own if type(own) is int else None
        call = self._find(place, given, name)
        if call is None:
            return
        call.name = call.name or name
        text = _arguments(function)
        if text:
            call.add(text)
            self.kept_characters += len(text)
        if call.number > self._open:
            yield from self._advance()
        if call.number == self._open:
            yield from self._written(call)

    def close(self) -> Iterator[AnswerEvent]:
        """Ends what is whole, because something else comes; `waiting` tells if all was."""
        yield from self._advance()
        if self.waiting and self._calls[self._open].is_whole():
            yield from self._ended()

    def end(self) -> Iterator[AnswerEvent]:
        """The answer is complete: what was held is written."""
        while self.waiting:
            yield from self._ended()

    def _find(self, index: int | None, given: str, name: str) -> _Call | None:
        """The call that a delta belongs to, a new one if to none; None if it means nothing."""
        known = self._known(index, given, name)
        if known is not None:
            return known
        if index is None and not given and not name:
            return None
        if len(self._calls) == CALLS_MAX:
            raise UpstreamNonsense(f"more than {CALLS_MAX} tool calls in one answer")
        number = len(self._calls)
        fresh = given if given and given not in self._taken else f"call_{self._answer}_{number}"
        self._taken.add(fresh)
        call = _Call(number, fresh)
        self._calls.append(call)
        if index is not None:
            self._by_index[index] = call
        if given:
            self._by_id[given] = call
        return call

    def _known(self, index: int | None, given: str, name: str) -> _Call | None:
        last = self._calls[-1] if self._calls else None
        if index is None:
            if given in self._by_id or (given and name):
                return self._by_id.get(given)
            return last if last is not None and (not name or not last.name) else None
        call = self._by_index.get(index)
        if call is None or not name or not call.name:
            return call
        if given:
            return call if self._by_id.get(given) is call else None
        return None if call.is_whole() else call

    def _advance(self) -> Iterator[AnswerEvent]:
        """Opens the next call, as long as there is one and the open one is whole."""
        while self._open + 1 < len(self._calls) and self._calls[self._open].is_whole():
            yield from self._ended()
            yield from self._written(self._calls[self._open])

    def _ended(self) -> Iterator[AnswerEvent]:
        """Writes the rest of the open call and ends it."""
        call = self._calls[self._open]
        self._open += 1
        if not call.name and not call.size:
            return
        if not call.name:
            raise UpstreamNonsense("a tool call without a name")
        yield from self._written(call)
        if not call.size:
            yield ToolInputDelta(NO_ARGUMENTS)
        yield BlockEnded()

    def _written(self, call: _Call) -> Iterator[AnswerEvent]:
        """What of a call can be written now; nothing before its name is known."""
        if not call.name:
            return
        if not call.started:
            call.started = True
            yield ToolUseStarted(call.id, self._names.original(call.name))
        for text in call.pieces[call.sent :]:
            yield ToolInputDelta(text)
        call.sent = len(call.pieces)


def _arguments(function: dict[str, Any]) -> str:
    """The arguments' text; some servers send the object itself."""
    arguments = function.get("arguments", function.get("input"))
    if isinstance(arguments, dict):
        return msgspec.json.encode(object_of(arguments)).decode()
    return text_of(arguments)
