"""Headers of GGUF files, small and lawful, and changes of them by structure.

A change goes to a number that the form gives a meaning to (a count, a length, a form, a dimension,
an offset) and makes it an odd one, or to an entry and doubles, drops or moves it; so most of what
comes out is read for a while before it is found out. The rest is changes of bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

import attrs

SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
TEXT, ARRAY = 8, 9
DIMENSIONS_MAX = 8
ODD_NUMBERS = (
    *(0, 1, 2, 3, 7, 8, 9, 12, 13, 31, 32, 33, 63, 64, 255, 4_096, 65_535, 65_536, 2**20, 2**29),
    *(2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**40, 2**62, 2**63 - 1, 2**63, 2**64 - 1),
)


@attrs.frozen
class Number:
    """A number in a file that its form gives a meaning to."""

    place: int
    size: int


@attrs.frozen
class Structure:
    """Where the numbers are, and where each entry of metadata and each tensor begins and ends."""

    numbers: Sequence[Number]
    entries: Sequence[tuple[int, int]]
    tensors: Sequence[tuple[int, int]]


def structure_of(data: bytes) -> Structure:
    """Takes a lawful header apart. Raises struct.error or KeyError on any other."""
    numbers = [Number(4, 4), Number(8, 8), Number(16, 8)]
    tensors, pairs = struct.unpack_from("<QQ", data, 8)
    place = 24
    entries: list[tuple[int, int]] = []
    for _ in range(pairs):
        end = _entry(data, place, numbers)
        entries.append((place, end))
        place = end
    table: list[tuple[int, int]] = []
    for _ in range(tensors):
        end = _tensor(data, place, numbers)
        table.append((place, end))
        place = end
    return Structure(numbers, entries, table)


def mutated_gguf(data: bytes, random: Random) -> bytes:
    """The file with one to three changes."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        try:
            found = structure_of(data)
        except (struct.error, KeyError, MemoryError, OverflowError):
            return _bytes_changed(data, random)
        change = random.randrange(10)
        if change < 5:
            data = _number_changed(data, random.choice(found.numbers), random)
        elif change < 7:
            parts = random.choice((found.entries, found.tensors)) or found.entries
            data = _parts_changed(data, parts, random) if parts else data
        else:
            data = _bytes_changed(data, random)
    return data


def _number_changed(data: bytes, number: Number, random: Random) -> bytes:
    """Half of the time the number becomes a neighbour of what it was."""
    raw = data[number.place : number.place + number.size]
    value: int = int.from_bytes(raw, "little") + random.choice((-1, 1, 8, -8, 32))
    if random.random() < 0.5:
        value = random.choice(ODD_NUMBERS)
    new = (value & ((1 << 8 * number.size) - 1)).to_bytes(number.size, "little")
    return data[: number.place] + new + data[number.place + number.size :]


def _parts_changed(data: bytes, parts: Sequence[tuple[int, int]], random: Random) -> bytes:
    start, end = random.choice(parts)
    part, there = data[start:end], random.choice(parts)[0]
    match random.randrange(3):
        case 0:
            return data[:start] + data[end:]
        case 1:
            return data[:there] + part + data[there:]
        case _:
            return data[:start] + part + data[start:]


def _bytes_changed(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    place = random.randrange(len(changed) + 1)
    match random.randrange(4):
        case 0:
            del changed[place:]
        case 1:
            changed[place:place] = random.randbytes(random.choice((1, 8, 40)))
        case 2:
            del changed[place : place + random.choice((1, 4, 8))]
        case _:
            changed[place : place + 1] = random.randbytes(1)
    return bytes(changed)


def _entry(data: bytes, place: int, numbers: list[Number]) -> int:
    place = _text(data, place, numbers)
    numbers.append(Number(place, 4))
    (form,) = struct.unpack_from("<I", data, place)
    place += 4
    if form == TEXT:
        return _text(data, place, numbers)
    if form != ARRAY:
        numbers.append(Number(place, SIZES[form]))
        return place + SIZES[form]
    numbers += [Number(place, 4), Number(place + 4, 8)]
    inner, count = struct.unpack_from("<IQ", data, place)
    place += 12
    if inner != TEXT:
        return place + int(count) * SIZES[inner]
    for _ in range(count):
        place = _text(data, place, numbers)
    return place


def _tensor(data: bytes, place: int, numbers: list[Number]) -> int:
    place = _text(data, place, numbers)
    (count,) = struct.unpack_from("<I", data, place)
    if count > DIMENSIONS_MAX:
        raise struct.error("too many dimensions")
    struct.unpack_from(f"<{count}QIQ", data, place + 4)
    numbers.append(Number(place, 4))
    place += 4
    for _ in range(count):
        numbers.append(Number(place, 8))
        place += 8
    numbers += [Number(place, 4), Number(place + 4, 8)]
    return place + 12


def _text(data: bytes, place: int, numbers: list[Number]) -> int:
    (length,) = struct.unpack_from("<Q", data, place)
    numbers.append(Number(place, 8))
    end = place + 8 + int(length)
    if end > len(data):
        raise struct.error("beyond the end")
    return end


def written(pairs: Mapping[str, Any], tensors: Sequence[tuple[str, int, tuple[int, ...]]]) -> bytes:
    """A whole file; the tensors are of half precision (form 1) or in blocks (form 8)."""
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(pairs))
    head += b"".join(_packed(key) + _value(value) for key, value in pairs.items())
    offset = 0
    for name, form, dimensions in tensors:
        count = len(dimensions)
        head += _packed(name) + struct.pack(f"<I{count}QIQ", count, *dimensions, form, offset)
        weights = 1
        for each in dimensions:
            weights *= each
        size = 2 * weights if form == 1 else weights // 32 * 34
        offset += size + -size % 32
    return head + bytes(-len(head) % 32) + bytes(offset)


def _packed(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _value(value: Any) -> bytes:
    if isinstance(value, str):
        return struct.pack("<I", TEXT) + _packed(value)
    if isinstance(value, bool):
        return struct.pack("<IB", 7, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if isinstance(value[0], str):
        return struct.pack("<IIQ", ARRAY, TEXT, len(value)) + b"".join(map(_packed, value))
    return struct.pack(f"<IIQ{len(value)}i", ARRAY, 5, len(value), *value)


def _files() -> Iterator[bytes]:
    template = "{# a comment #}{% if tools %}{{ tools }}{% endif %}{{ messages }}<think>"
    common = {
        "general.name": "small",
        "general.file_type": 7,
        "tokenizer.ggml.tokens": ["a", "b", "ü"],
        "tokenizer.chat_template": template,
    }
    weights = [("token_embd.weight", 8, (64, 3)), ("blk.0.attn_q.weight", 1, (64, 64))]

    def of(architecture: str, **own: Any) -> dict[str, Any]:
        named = {f"{architecture}.{key.replace('__', '.')}": value for key, value in own.items()}
        return {"general.architecture": architecture, **common, **named}

    shape: Mapping[str, Any] = {
        "context_length": 4_096,
        "embedding_length": 64,
        "block_count": 3,
        "attention__head_count": 4,
        "feed_forward_length": 128,
    }
    yield written(of("llama", **shape, attention__head_count_kv=2, rope__freq_base=1e4), weights)
    sliding = {"attention__sliding_window": 16, "attention__sliding_window_pattern": [1, 1, 0]}
    yield written(of("gemma3", **shape, attention__head_count_kv=[1, 2, 4], **sliding), weights)
    recurrent = {"ssm__conv_kernel": 4, "ssm__inner_size": 128, "ssm__state_size": 16}
    hybrid = of("granitehybrid", **shape, attention__head_count_kv=[0, 2, 0], **recurrent)
    yield written({**hybrid, "general.alignment": 32}, weights)
    experts = {"expert_count": 8, "expert_used_count": 2, "expert_feed_forward_length": 32}
    split = {"split.count": 2, "split.no": 0, "split.tensors.count": 2}
    yield written({**of("qwen3moe", **shape, **experts), **split}, weights)
    yield written({"general.type": "mmproj", "clip.has_vision_encoder": True}, weights[1:])


GGUF_FILES = tuple(_files())
"""A plain model, one that slides, a hybrid, the first part of a mixture, and a projector."""
