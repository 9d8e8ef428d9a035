"""What an upstream says, how it puts that on the wire, and what the user of an SDK sees of it."""

from __future__ import annotations

from typing import Any, Literal

import attrs

from .question import Json

END_TURN = "end_turn"
MAX_TOKENS = "max_tokens"
STOP_SEQUENCE = "stop_sequence"
TOOL_USE = "tool_use"
REFUSAL = "refusal"
PAUSE_TURN = "pause_turn"
CONTEXT_WINDOW = "model_context_window_exceeded"


@attrs.frozen
class Usage:
    """Tokens; `input` counts what neither came from a cache nor went into one."""

    input: int
    output: int
    cache_read: int = 0
    cache_write: int = 0

    @property
    def all_input(self) -> int:
        return self.input + self.cache_read + self.cache_write


@attrs.frozen
class Say:
    text: str


@attrs.frozen
class Think:
    """Without text it is thinking that is not shown; `redacted`, its signature is all there is."""

    text: str
    signature: str = "c2lnbmF0dXJlIG9mIHRoZSBzY3JpcHQ="
    redacted: bool = False


@attrs.frozen
class CallTool:
    """Calls the request's tool at this place, by the name that the request gave it."""

    tool: int
    input: Json


Part = Say | Think | CallTool


@attrs.frozen
class Failure:
    """An error response, or the error that ends a stream after the answer's parts.

    With `page` a proxy in front of the provider answers, with a page of HTML.
    """

    status: int
    message: str
    retry_after_seconds: int | None = None
    page: bool = False


@attrs.frozen
class Answer:
    """`stop` is the dialect's own word, "" for the one that fits the parts."""

    parts: tuple[Part, ...] = ()
    stop: str = ""
    stop_sequence: str = ""
    usage: Usage = Usage(21, 9)
    refusal: str = ""
    failure: Failure | None = None


Ending = Literal["whole", "cut", "short"]


@attrs.frozen
class Manner:
    """How an answer is put on the wire.

    Text and arguments go in deltas of `characters` (0: in one). The bytes go in writes of `bytes`
    (0: an event a write), so 1 cuts inside every character. With `escaped` the JSON is ASCII; with
    `interleaved` parallel calls come by turns, where the dialect has an index for that. A stream
    that ends "cut" loses its connection after `events` events; one that ends "short" ends in good
    order there, without the dialect's end mark.
    """

    characters: int = 7
    bytes: int = 0
    line_end: str = "\n"
    comments: bool = False
    escaped: bool = False
    interleaved: bool = False
    ending: Ending = "whole"
    events: int = 0

    def pieces(self, text: str) -> list[str]:
        """The deltas in which a text goes; none for an empty one."""
        size = self.characters or max(len(text), 1)
        return [text[start : start + size] for start in range(0, len(text), size)]


AS_IT_COMES = Manner()
"""An event a write, and nothing unusual."""

Place = Literal["response", "stream", "cut"]


@attrs.frozen
class SeenFailure:
    """An error as the SDK raised it: a response's, in mid-stream, or a cut."""

    place: Place
    status: int = 0
    message: str = ""
    retry_after_seconds: int | None = None


@attrs.frozen
class Seen:
    """What the user of an SDK saw, in neutral words.

    `calls` are names with parsed inputs. `complaints` are breaches of the dialect which the SDK
    itself lets pass.
    """

    text: str = ""
    thinking: str = ""
    calls: tuple[tuple[str, Json], ...] = ()
    stop: str = ""
    stop_sequence: str = ""
    refusal: str = ""
    usage: Usage = Usage(0, 0)
    failure: SeenFailure | None = None
    complaints: tuple[str, ...] = ()


def natural_stop(answer: Answer, ended: Any, called: Any) -> Any:
    """The one of two words that fits the answer's parts."""
    return called if any(isinstance(part, CallTool) for part in answer.parts) else ended
