"""What was seen of processes is kept between their lives, and lost without harm."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import attrs
import pytest
from understudy.io.engines import model_need
from understudy.io.engines.llama_direct import LlamaDirect
from understudy.io.engines.llama_server import LlamaServer
from understudy.io.engines.model_need import instructions
from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.io.engines.taken_memory import FILES_MAX, SUFFIX, TakenMemory
from understudy.io.ports import EngineError, EngineSpec, Memory
from understudy.protocols.resources.need import MemoryNeed
from understudy.protocols.resources.reading import MemoryReading, ProcessMemory

SPEC = EngineSpec("m", MODEL_FILE, 4_096)
NEED = MemoryNeed(2_000_000, 1_000_000, 50_000_000, 4_096)
SEEN = ProcessMemory(41_000_000, 2_000_000)


class Looked(Memory):
    """Sees what it was told to."""

    def __init__(self, seen: ProcessMemory | None) -> None:
        self.seen = seen

    async def read(self) -> MemoryReading:
        raise AssertionError("nobody asks")

    async def process(self, process_id: int) -> ProcessMemory | None:
        assert process_id == 7
        return self.seen

    async def pressed(self) -> None:
        raise AssertionError("nobody asks")


def taken(folder: Path, seen: ProcessMemory | None = SEEN, package: str = "trio") -> TakenMemory:
    return TakenMemory(folder / "needs", Looked(seen), package)


async def test_the_second_load_knows_what_the_first_took(tmp_path: Path) -> None:
    assert await taken(tmp_path).correct(SPEC, NEED) == NEED
    await taken(tmp_path).look(SPEC, NEED, 7)
    found = await taken(tmp_path).correct(SPEC, NEED)
    assert found == attrs.evolve(NEED, buffers_bytes=40_000_000)


async def test_another_engine_or_count_of_slots_is_another(tmp_path: Path) -> None:
    await taken(tmp_path).look(SPEC, NEED, 7)
    assert await taken(tmp_path, package="no-such-package").correct(SPEC, NEED) == NEED
    assert await taken(tmp_path).correct(attrs.evolve(SPEC, slots=9), NEED) == NEED
    larger = attrs.evolve(SPEC, context_tokens=9_999)
    assert await taken(tmp_path).correct(larger, NEED) != NEED


@pytest.mark.parametrize("written", [b"", b"x", b"-5", b"1" * 17, b"4 0"])
async def test_what_is_damaged_is_reckoned_again(tmp_path: Path, written: bytes) -> None:
    await taken(tmp_path).look(SPEC, NEED, 7)
    (file,) = (tmp_path / "needs").glob(f"*{SUFFIX}")
    file.write_bytes(written)
    assert await taken(tmp_path).correct(SPEC, NEED) == NEED


async def test_a_process_that_has_gone_leaves_nothing(tmp_path: Path) -> None:
    await taken(tmp_path, None).look(SPEC, NEED, 7)
    assert not (tmp_path / "needs").exists()


async def test_a_folder_that_cannot_be_made_is_told_and_no_harm(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "needs").write_text("a file in its place")
    await taken(tmp_path).look(SPEC, NEED, 7)
    assert "what m takes of memory is not kept" in caplog.text


async def test_the_folder_does_not_grow_for_ever(tmp_path: Path) -> None:
    folder = tmp_path / "needs"
    folder.mkdir()
    for number in range(FILES_MAX):
        (folder / f"{number}{SUFFIX}").touch()
    await taken(tmp_path).look(SPEC, NEED, 7)
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("engine", [LlamaDirect, LlamaServer])
async def test_an_engine_s_need_is_what_was_seen(
    tmp_path: Path, engine: type[LlamaDirect | LlamaServer]
) -> None:
    plain = await engine().need(SPEC)
    await taken(tmp_path).look(SPEC, plain, 7)
    found = await engine(taken=taken(tmp_path)).need(SPEC)
    assert plain.weights_bytes == found.weights_bytes == 2_693_376
    assert (found.context_tokens, found.token_bytes) == (4_096, 512)
    assert found.buffers_bytes < plain.buffers_bytes


async def test_a_window_is_no_larger_than_the_model_s() -> None:
    found = await LlamaDirect().need(attrs.evolve(SPEC, context_tokens=10**6))
    assert (found.context_tokens, found.cache_bytes) == (32_768, 2 * 32_768 * 256)
    vectors = await LlamaDirect().need(attrs.evolve(SPEC, embeddings=True, context_tokens=10**6))
    assert (vectors.context_tokens, vectors.cache_bytes) == (2_048, 2_048 * 256)


async def test_a_draft_counts_and_a_model_is_no_projector() -> None:
    alone = await LlamaServer().need(SPEC)
    both = await LlamaServer().need(attrs.evolve(SPEC, draft=MODEL_FILE))
    assert both.weights_bytes == 2 * alone.weights_bytes
    assert both.token_bytes == 2 * alone.token_bytes
    with pytest.raises(EngineError, match="not a projector"):
        await LlamaServer().need(attrs.evolve(SPEC, projector=MODEL_FILE))


async def test_a_file_that_is_no_model_has_no_need(tmp_path: Path) -> None:
    file = tmp_path / "m.gguf"
    file.write_bytes(b"PK\3\4" + bytes(99))
    for engine in (LlamaDirect(), LlamaServer()):
        with pytest.raises(EngineError, match="not a GGUF file"):
            await engine.need(attrs.evolve(SPEC, file=str(file)))


@pytest.mark.parametrize(
    ("system", "machine", "facts", "expected"),
    [
        ("linux", "x86_64", "flags : fpu avx2 avx512f avx512bw\n", {"avx2", "avx512f"}),
        ("linux", "aarch64", "Features : fp asimd asimddp\n", {"asimddp"}),
        ("linux", "x86_64", None, set[str]()),
        ("darwin", "arm64", None, set[str]()),
        ("darwin", "x86_64", None, {"avx2"}),
    ],
)
def test_the_processor_s_instructions(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    system: str,
    machine: str,
    facts: str | None,
    expected: set[str],
) -> None:
    file = tmp_path / "cpuinfo"
    if facts is not None:
        file.write_text(facts)
    monkeypatch.setattr(model_need, "CPU_FACTS", file)
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    instructions.cache_clear()
    try:
        assert instructions() == expected
    finally:
        instructions.cache_clear()
