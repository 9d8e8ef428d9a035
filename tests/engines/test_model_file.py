"""What is said about a model file that cannot be one."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from understudy.io.engines.model_file import check_gguf, gguf_problem
from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.io.ports import EngineError

GGUF_HEAD = b"GGUF" + struct.pack("<I", 3)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"", "empty"),
        (b"GGUF", "cut short"),
        (b"GGUF\x01\x00\x00\x00", "version 1 is too old"),
        (b"\x80\x02}q\x00\x00\x00\x00", "not a GGUF file"),
        (b"version ", "git lfs pull"),
    ],
)
def test_a_head_that_is_not_a_gguf_is_named(head: bytes, said: str) -> None:
    assert said in gguf_problem(head)


def test_a_gguf_head_is_no_problem() -> None:
    assert gguf_problem(GGUF_HEAD) == ""


async def test_the_shipped_model_passes() -> None:
    await check_gguf(MODEL_FILE)


async def test_a_relative_path_is_refused() -> None:
    with pytest.raises(EngineError, match="absolute"):
        await check_gguf("model.gguf")


async def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"absent\.gguf: no such file"):
        await check_gguf(str(tmp_path / "absent.gguf"))


async def test_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="a folder"):
        await check_gguf(str(tmp_path))


async def test_a_loop_of_links_says_the_systems_reason(tmp_path: Path) -> None:
    link = tmp_path / "model.gguf"
    link.symlink_to(link)
    with pytest.raises(EngineError, match=r"cannot be read: .*symbolic links"):
        await check_gguf(str(link))
