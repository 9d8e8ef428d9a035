"""Eyes for a model of tests: a projector with random weights, as Gemma 3's are shaped.

An image becomes `IMAGE_TOKENS` tokens, whatever is on it; that different images give different
tokens is all that a test can know of random weights.

Source of the names: llama.cpp, tools/mtmd/clip-impl.h and clip.cpp (PROJECTOR_TYPE_GEMMA3).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from .gguf_model import ARRAY, BOOL, FLOAT, STRING, U32, Tensor, write_gguf

IMAGE_PIXELS = 64
PATCH_PIXELS = 8
MERGED_PATCHES = 4
IMAGE_TOKENS = (IMAGE_PIXELS // PATCH_PIXELS // MERGED_PATCHES) ** 2
WIDTH, FORWARD, LAYERS, HEADS = 64, 128, 2, 4


def write_projector(path: Path, text_width: int) -> None:
    """Writes a projector for a text model of this width (its embedding length)."""
    write_gguf(path, list(_metadata(text_width)), list(_tensors(text_width)), seed=1)


def png(red: int, green: int, blue: int) -> bytes:
    """An image of one colour, eight pixels wide and high."""
    rows = (b"\0" + bytes((red, green, blue)) * 8) * 8
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _metadata(text_width: int) -> Iterator[bytes]:
    yield _pair("general.architecture", STRING, _text("clip"))
    yield _pair("general.type", STRING, _text("mmproj"))
    yield _pair("clip.has_vision_encoder", BOOL, b"\1")
    yield _pair("clip.use_gelu", BOOL, b"\1")
    yield _pair("clip.projector_type", STRING, _text("gemma3"))
    numbers = {
        "image_size": IMAGE_PIXELS,
        "patch_size": PATCH_PIXELS,
        "embedding_length": WIDTH,
        "feed_forward_length": FORWARD,
        "block_count": LAYERS,
        "projection_dim": text_width,
        "attention.head_count": HEADS,
        "projector.scale_factor": MERGED_PATCHES,
    }
    for name, number in numbers.items():
        yield _pair(f"clip.vision.{name}", U32, struct.pack("<I", number))
    yield _pair("clip.vision.attention.layer_norm_epsilon", FLOAT, struct.pack("<f", 1e-6))
    for name in ("image_mean", "image_std"):
        halves = struct.pack("<IQ3f", FLOAT, 3, 0.5, 0.5, 0.5)
        yield _pair(f"clip.vision.{name}", ARRAY, halves)


def _tensors(text_width: int) -> Iterator[Tensor]:
    yield _random("v.patch_embd.weight", PATCH_PIXELS, PATCH_PIXELS, 3, WIDTH)
    yield _random("v.patch_embd.bias", WIDTH)
    yield _random("v.position_embd.weight", WIDTH, (IMAGE_PIXELS // PATCH_PIXELS) ** 2)
    for layer in range(LAYERS):
        for name in ("ln1", "ln2"):
            yield from _norm(f"v.blk.{layer}.{name}")
        for name in ("attn_q", "attn_k", "attn_v", "attn_out"):
            yield from _linear(f"v.blk.{layer}.{name}", WIDTH, WIDTH)
        yield from _linear(f"v.blk.{layer}.ffn_up", WIDTH, FORWARD)
        yield from _linear(f"v.blk.{layer}.ffn_down", FORWARD, WIDTH)
    yield from _norm("v.post_ln")
    yield Tensor("mm.soft_emb_norm.weight", (WIDTH,))
    yield _random("mm.input_projection.weight", text_width, WIDTH)


def _norm(name: str) -> Iterator[Tensor]:
    yield Tensor(f"{name}.weight", (WIDTH,))
    yield Tensor(f"{name}.bias", (WIDTH,), constant=0.0)


def _linear(name: str, columns: int, rows: int) -> Iterator[Tensor]:
    yield _random(f"{name}.weight", columns, rows)
    yield _random(f"{name}.bias", rows)


def _random(name: str, *dimensions: int) -> Tensor:
    return Tensor(name, dimensions, deviation=0.2, is_exact=True)


def _pair(key: str, kind: int, value: bytes) -> bytes:
    return _text(key) + struct.pack("<I", kind) + value


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw
