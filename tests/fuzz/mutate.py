"""Changes bytes that are valid JSON, or a stream of it, by structure and by bytes.

A change of structure goes down to a random place and puts there an odd value, another part of the
same text, or nothing; so most of what comes out is still JSON and gets past the first check.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
from understudy.protocols.json_values import list_of, object_of

ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    0.5,
    1e300,
    2**62,
    "",
    " ",
    "x",
    "text",
    "user",
    "system",
    "understudy:gemini m p",
    "understudy:",
    "dW5kZXJzdHVkeTpzaWduZWQg",
    "data:image/png;base64,aGk=",
    "{",
    '{"a":1}',
    "\u2028\x85🙂",
    [],
    {},
    [[]],
    [None],
    {"type": "text"},
    {"": ""},
)
NESTINGS = (3, 60, 400, 3_000)
"""How deep a value is put into lists; the last is more than a decoder takes."""
_SNIPPETS = (
    b"\xff",
    b"\xc3",
    b"\xf0\x9f",
    b"\\ud83d",
    b"\\u0000",
    b"\x00",
    b"\r",
    b"\n\n",
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"1e999",
    b"99999999999999999999",
    b"NaN",
    b"data: [DONE]\n\n",
    b"event: error\n",
    b": ping\n\n",
)
_FRAME = re.compile(rb"\n\n|\r\n\r\n|\n")

Mutate = Callable[[bytes, Random], bytes]


def mutated_json(data: bytes, random: Random) -> bytes:
    """A JSON text with a few changes."""
    if random.random() < 0.25:
        return mutated_bytes(data, random)
    try:
        value = msgspec.json.decode(data)
        for _ in range(random.choice((1, 1, 2, 4))):
            value = _changed(value, value, random)
        return _encoded(value)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return mutated_bytes(data, random)


def mutated_stream(data: bytes, random: Random) -> bytes:
    """A stream of events or lines, or one JSON text, with a few changes."""
    kind = random.random()
    if kind < 0.15:
        return mutated_bytes(data, random)
    ends = [found.end() for found in _FRAME.finditer(data)]
    frames = [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]
    if len(frames) < 3:
        return mutated_json(data, random)
    for _ in range(random.choice((1, 1, 2, 4))):
        place = random.randrange(len(frames))
        match random.randrange(8):
            case 0:
                frames[place] = b""
            case 1:
                frames.insert(random.randrange(len(frames)), frames[place])
            case 2:
                other = random.randrange(len(frames))
                frames[place], frames[other] = frames[other], frames[place]
            case 3:
                del frames[place + 1 :]
            case _:
                frames[place] = _mutated_frame(frames[place], random)
    return b"".join(frames)


def _mutated_frame(frame: bytes, random: Random) -> bytes:
    start, end = frame.find(b"{"), frame.rfind(b"}")
    if start < 0 or end < start:
        return mutated_bytes(frame, random)
    return frame[:start] + mutated_json(frame[start : end + 1], random) + frame[end + 1 :]


def mutated_bytes(data: bytes, random: Random) -> bytes:
    """Bytes with a few changed, put in, taken out or repeated."""
    found = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8))):
        place = random.randrange(len(found) + 1)
        match random.randrange(5):
            case 0:
                found[place:place] = random.choice(_SNIPPETS)
            case 1:
                del found[place : place + random.choice((1, 2, 50))]
            case 2:
                found[place : place + 1] = bytes([random.randrange(256)])
            case 3:
                found[place:place] = found[place : place + random.choice((5, 50))]
            case _:
                del found[place:]
    return bytes(found)


def _changed(value: Any, whole: Any, random: Random) -> Any:
    """The value with one place in it changed."""
    if object_of(value) and random.random() < 0.9:
        copy = dict(object_of(value))
        key = random.choice(list(copy))
        match random.randrange(12):
            case 0:
                del copy[key]
            case 1:
                copy[random.choice(("", "type", "x", "content", "id", "error"))] = copy[key]
            case _:
                copy[key] = _changed(copy[key], whole, random)
        return copy
    if list_of(value) and random.random() < 0.9:
        items = list(list_of(value))
        place = random.randrange(len(items))
        match random.randrange(10):
            case 0:
                del items[place]
            case 1:
                items.insert(random.randrange(len(items)), items[place])
            case 2:
                items.append(_part(whole, random))
            case _:
                items[place] = _changed(items[place], whole, random)
        return items
    return _replaced(value, whole, random)


def _replaced(value: Any, whole: Any, random: Random) -> Any:
    chance = random.random()
    if chance < 0.01:
        for _ in range(random.choice(NESTINGS)):
            value = [value]
        return value
    if chance < 0.3:
        return _part(whole, random)
    if isinstance(value, str) and chance < 0.5:
        return value * 2 if chance < 0.4 else value[: len(value) // 2]
    return random.choice(ODD)


def _part(value: Any, random: Random) -> Any:
    """A part of the whole, at any depth."""
    while random.random() < 0.8:
        inner = list(object_of(value).values()) or list_of(value)
        if not inner:
            break
        value = random.choice(inner)
    return value


def _encoded(value: Any) -> bytes:
    return msgspec.json.encode(value)
