"""What is said about a model file that cannot be one."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest
from understudy.io.engines.llama_server import LlamaServer
from understudy.io.engines.model_file import check_gguf, check_projector, read_model_file
from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.io.ports import EngineError, EngineSpec

MODEL = Path(MODEL_FILE).read_bytes()


def gguf(version: int) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, 0, 0)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"GGUF", "fetch it again"),
        (gguf(1), "GGUF version 1; 2 and 3 are known"),
        (gguf(9), "GGUF version 9; 2 and 3 are known"),
        (struct.pack(">4sIQQ", b"GGUF", 3, 0, 0), "big-endian"),
        (b"\x80\x02}q\x00\x00\x00\x00", "not a GGUF file"),
        (b"version https://git-lfs", "git lfs pull"),
        (gguf(3), "does not say what kind of model it is"),
    ],
)
async def test_a_file_that_is_no_model_is_named(data: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(data)
    with pytest.raises(EngineError, match=said) as found:
        await check_gguf(str(file))
    assert str(found.value).startswith(f"model file {file}: ")


async def test_the_shipped_model_passes() -> None:
    found = await check_gguf(MODEL_FILE)
    assert found.header.architecture == "refact"
    assert found.size_bytes == len(MODEL) == found.header.file_bytes


async def test_a_file_that_is_cut_short_says_where(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(MODEL[:-1])
    with pytest.raises(EngineError, match=r"ends at byte 2963616, and the file at 2963615"):
        await check_gguf(str(file))


def part(number: int, count: int = 2) -> bytes:
    pairs = {b"split.count": count, b"split.no": number}
    written = [struct.pack("<Q", len(key)) + key + struct.pack("<II", 4, value)
               for key, value in pairs.items()]  # fmt: skip
    return struct.pack("<4sIQQ", b"GGUF", 3, 0, len(pairs)) + b"".join(written)


async def test_all_parts_of_a_split_model_must_be_there(tmp_path: Path) -> None:
    first, second = (tmp_path / f"m-0000{number}-of-00002.gguf" for number in (1, 2))
    first.write_bytes(part(0))
    with pytest.raises(EngineError, match=r"m-00002-of-00002\.gguf: no such file"):
        await read_model_file(str(first))
    second.write_bytes(part(1)[:-1])
    with pytest.raises(EngineError, match=r"m-00002-of-00002\.gguf: .* ends at byte 74"):
        await read_model_file(str(first))
    second.write_bytes(part(0))
    with pytest.raises(EngineError, match=r"m-00002-of-00002\.gguf is of another split"):
        await read_model_file(str(first))
    second.write_bytes(part(1))
    os.utime(second, ns=(2, 2))  # two changes within a tick of the kernel look like one
    found = await read_model_file(str(first))
    assert found.files == (first, second)
    assert found.size_bytes == 2 * len(part(0))
    with pytest.raises(EngineError, match=r"not the first of 2 parts: name m-00001"):
        await read_model_file(str(second))


async def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(MODEL)
    first = await read_model_file(str(file))
    assert (await read_model_file(str(file))).header is first.header
    os.utime(file, ns=(1, 1))
    assert (await read_model_file(str(file))).header is not first.header


async def test_a_relative_path_is_refused() -> None:
    with pytest.raises(EngineError, match="absolute"):
        await check_gguf("model.gguf")


async def test_a_path_with_a_zero_byte_is_refused() -> None:
    with pytest.raises(EngineError, match="no path can be so"):
        await check_gguf("/a\0b")


async def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"absent\.gguf: no such file"):
        await check_gguf(str(tmp_path / "absent.gguf"))


async def test_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="a folder"):
        await check_gguf(str(tmp_path))


async def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "model.gguf"
    os.mkfifo(pipe)
    with pytest.raises(EngineError, match="not a file"):
        await check_gguf(str(pipe))


async def test_a_loop_of_links_says_the_systems_reason(tmp_path: Path) -> None:
    link = tmp_path / "model.gguf"
    link.symlink_to(link)
    with pytest.raises(EngineError, match=r"cannot be read: .*symbolic links"):
        await check_gguf(str(link))


def gguf_of(*pairs: tuple[bytes, bytes]) -> bytes:
    written = [struct.pack("<Q", len(key)) + key + value for key, value in pairs]
    return struct.pack("<4sIQQ", b"GGUF", 3, 0, len(pairs)) + b"".join(written)


async def test_a_projector_is_one_and_no_model(tmp_path: Path) -> None:
    file = tmp_path / "mmproj.gguf"
    kind = struct.pack("<IQ", 8, 6) + b"mmproj"
    file.write_bytes(gguf_of((b"general.type", kind)))
    assert (await check_projector(str(file))).size_bytes == 24 + 8 + 12 + 12 + 6
    with pytest.raises(EngineError, match="it is a projector, which belongs to a model"):
        await check_gguf(str(file))
    with pytest.raises(EngineError, match=r"projector /.*: not a projector"):
        await check_projector(MODEL_FILE)
    need = await LlamaServer().need(EngineSpec("m", MODEL_FILE, 4_096, projector=str(file)))
    assert need == await LlamaServer().need(EngineSpec("m", MODEL_FILE, 4_096))


async def test_a_long_array_is_passed_over(tmp_path: Path) -> None:
    count = 500_000
    file = tmp_path / "long.gguf"
    scores = struct.pack("<IIQ", 9, 6, count) + bytes(4 * count)
    file.write_bytes(gguf_of((b"tokenizer.ggml.scores", scores)))
    assert (await read_model_file(str(file))).header.length("tokenizer.ggml.scores") == count
