"""What an answer means, whatever dialect it is told in: said by an endpoint, heard by a client.

Both ends of a translation are held to one value: what the endpoint has meant (`Meaning`) is what
the client must have heard (`Heard`). Thinking and signatures carry the name of the endpoint that
they come from, so that they are known wherever they turn up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import attrs
import msgspec

from ...protocols.json_values import object_of

OWNERS = ("Claude", "Chat", "Responses", "Gemini", "Ollama")
THOUGHT = re.compile(rf"(?:thoughtOf|signedBy)({'|'.join(OWNERS)})X\d+")
"""Names the endpoint whose thinking, or whose signature, a text contains."""


@attrs.frozen
class Says:
    """Text for the reader."""

    text: str


@attrs.frozen
class Thinks:
    """Thinking; `signature` is what the API hides of it, "" where it has none."""

    text: str
    signature: str = ""


@attrs.frozen
class Calls:
    """A call of a tool. `arguments` is JSON, unless the model has made a mistake."""

    id: str
    name: str
    arguments: str


Part = Says | Thinks | Calls


@attrs.frozen
class Meaning:
    """A whole answer. `serial` is the input that came from no cache, and no other answer's."""

    serial: int
    parts: tuple[Part, ...]
    output_tokens: int
    cached_tokens: int = 0
    thinking_tokens: int = 0

    @property
    def text(self) -> str:
        """All that it says."""
        return "".join(part.text for part in self.parts if isinstance(part, Says))

    @property
    def thoughts(self) -> str:
        """All that it thinks."""
        return "".join(part.text for part in self.parts if isinstance(part, Thinks))

    @property
    def calls(self) -> tuple[Calls, ...]:
        """The calls, in their order."""
        return tuple(part for part in self.parts if isinstance(part, Calls))

    @property
    def input_tokens(self) -> int:
        """All of the input's, as most dialects count."""
        return self.serial + self.cached_tokens


@attrs.frozen
class Heard:
    """What a client has understood of an answer so far.

    `whole` says that the answer's end has come; `error` is what it was told instead; `usage` is
    input (all of it) and output; `echo` is the answer as the client gives it back in its history.
    """

    text: str = ""
    thoughts: str = ""
    calls: tuple[Calls, ...] = ()
    whole: bool = False
    error: str = ""
    usage: tuple[int, int] | None = None
    complaints: tuple[str, ...] = ()
    echo: Any = None


STAND_INS = ("web_search", "tool_search")
"""What the names of the tools begin with that stand in for server tools: we run them."""


def is_stand_in(call: Calls) -> bool:
    """Whether a call is run by the gateway, and is not for the client."""
    return call.name.startswith(STAND_INS)


def together(meanings: Sequence[Meaning]) -> Meaning:
    """What a client hears of answers between which calls of stand-ins were run."""
    parts = (part for meaning in meanings for part in meaning.parts)
    return Meaning(
        sum(meaning.serial for meaning in meanings),
        tuple(part for part in parts if not (isinstance(part, Calls) and is_stand_in(part))),
        sum(meaning.output_tokens for meaning in meanings),
        sum(meaning.cached_tokens for meaning in meanings),
        sum(meaning.thinking_tokens for meaning in meanings),
    )


def is_same_call(heard: Calls, meant: Calls) -> bool:
    """Whether a client has understood a call; what is no JSON may be wrapped, and not changed."""
    if heard.name != meant.name:
        return False
    understood, said = _value(heard.arguments), _value(meant.arguments)
    if said is not None:
        return bool(understood == said)
    wrapped = object_of(object_of(understood).get("__unparsedToolInput"))
    return meant.arguments in (heard.arguments, wrapped.get("raw"))


def _value(arguments: str) -> Any:
    try:
        return msgspec.json.decode(arguments or "{}")
    except msgspec.MsgspecError:
        return None
