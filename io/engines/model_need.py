"""What a process for a model will take: what each engine asks llama.cpp for, and this processor.

The numbers of a process without a model were measured with small models on Linux (CPython 3.11):
42 MB of its own and 14 MB of libraries for a worker, and for the server what is below.
"""

from __future__ import annotations

import platform
import sys
from functools import cache
from pathlib import Path
from typing import Final

import attrs
import trio

from ...protocols.gguf.header import GgufHeader
from ...protocols.models.need import ARM, X86, X86_WIDE, Asked, need_of
from ...protocols.resources.need import MemoryNeed
from ..ports import EngineSpec
from .model_file import check_gguf, check_projector
from .worker.pace import PREFILL_TOKENS_MAX

MEBIBYTE: Final = 1024 * 1024
WORKER_BYTES: Final = 56 * MEBIBYTE
SERVER_BYTES: Final = 32 * MEBIBYTE
SERVER_PROMPTS_BYTES: Final = 512 * MEBIBYTE
"""What the server may keep of other conversations; see `llama_server_child`."""
EMBEDDING_TOKENS_MAX: Final = 2_048
EMBEDDING_SEQUENCES: Final = 16
"""Of a worker that makes vectors; see `llama_worker/embedding`."""
CPU_FACTS: Final = Path("/proc/cpuinfo")
CPU_FACTS_BYTES_MAX: Final = 16 * 1024
"""The first processor's are enough."""


async def worker_need(spec: EngineSpec, *, windows: int, sequences: int) -> MemoryNeed:
    """The need of a worker whose conversations share so many windows. Raises EngineError."""
    found = await check_gguf(spec.file)
    asked = _embedding(spec, found.header) if spec.embeddings else None
    asked = asked or _worker(spec, found.header, windows, max(sequences, spec.slots))
    return await _reckon(found.headers, asked)


async def server_need(spec: EngineSpec, spare_bytes: int = SERVER_PROMPTS_BYTES) -> MemoryNeed:
    """The need of a llama.cpp server: each slot has the whole window. Raises EngineError.

    `spare_bytes` is for prompts of other conversations. A projector's weights count as they are,
    and a model that guesses ahead has a cache of its own.
    """
    found = await check_gguf(spec.file)
    asked = Asked(
        context_tokens=spec.context_tokens,
        cells=spec.context_tokens,
        streams=spec.slots,
        sequences=spec.slots,
        batch_tokens=spec.batch_tokens,
        rows=spec.slots,
        process_bytes=SERVER_BYTES,
        slides=True,
        spare_bytes=spare_bytes,
    )
    need = await _reckon(found.headers, asked)
    if spec.projector:
        seeing = (await check_projector(spec.projector)).header
        weights = sum(tensor.data_bytes for tensor in seeing.tensors)
        need = attrs.evolve(need, weights_bytes=need.weights_bytes + weights)
    if spec.draft:
        draft = (await check_gguf(spec.draft)).headers
        guessing = attrs.evolve(asked, process_bytes=0, spare_bytes=0)
        need = _together(need, await _reckon(draft, guessing))
    return need


async def _reckon(headers: tuple[GgufHeader, ...], asked: Asked) -> MemoryNeed:
    return await trio.to_thread.run_sync(need_of, headers, asked, instructions())


def _together(one: MemoryNeed, other: MemoryNeed) -> MemoryNeed:
    """What two models in one process need."""
    return MemoryNeed(
        weights_bytes=one.weights_bytes + other.weights_bytes,
        cache_bytes=one.cache_bytes + other.cache_bytes,
        buffers_bytes=one.buffers_bytes + other.buffers_bytes,
        context_tokens=one.context_tokens,
        token_bytes=one.token_bytes + other.token_bytes,
    )


def _worker(spec: EngineSpec, header: GgufHeader, windows: int, sequences: int) -> Asked:
    context = min(spec.context_tokens, header.count(header.key("context_length")))
    return Asked(
        context_tokens=context,
        cells=windows * context,
        sequences=sequences,
        batch_tokens=PREFILL_TOKENS_MAX + sequences,
        rows=spec.slots,
        process_bytes=WORKER_BYTES,
    )


def _embedding(spec: EngineSpec, header: GgufHeader) -> Asked:
    trained = header.count(header.key("context_length"))
    tokens = min(spec.context_tokens, trained, EMBEDDING_TOKENS_MAX)
    return Asked(
        context_tokens=tokens,
        cells=tokens,
        sequences=EMBEDDING_SEQUENCES,
        batch_tokens=tokens,
        rows=0,
        process_bytes=WORKER_BYTES,
    )


@cache
def instructions() -> frozenset[str]:
    """The processor's instruction sets that matter; none where a GPU is sure to compute."""
    if sys.platform == "darwin":
        return frozenset() if platform.machine() == "arm64" else frozenset({X86})
    try:
        with CPU_FACTS.open(encoding="ascii", errors="replace") as stream:
            words = stream.read(CPU_FACTS_BYTES_MAX).split()
    except OSError:
        return frozenset()
    return frozenset({X86, X86_WIDE, ARM}.intersection(words))
