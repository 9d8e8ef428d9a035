"""Model files that lie: a server that is given one says what is wrong with it, and lives on.

Those whose header can be seen to lie are refused before anything is started. What no header shows
is met by the library in a worker: that may refuse it or die of it, and nobody else does.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import attrs
import psutil
import pytest
import trio
from understudy.io.engines.llama_direct import LlamaDirect
from understudy.io.engines.model_file import check_gguf
from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.io.ports import EngineError, EngineSpec

from .gguf_model import metadata
from .gguf_variants import Parts
from .plain_client import messages_request, open_plain_client
from .understudy_process import open_understudy

LOAD_SECONDS_MAX = 60
ANSWER_SECONDS_MAX = 60
WORDS_MAX = 2_000
SETTINGS = """
default = "bad/m"

[engines]
worker = "server"

[[endpoint]]
name = "bad"
engine = "llama.cpp"
file = "{file}"
models = ["m"]
"""

LIES: Mapping[str, Mapping[str, str | int | float]] = {
    "no heads": {"refact.attention.head_count": 0, "refact.attention.head_count_kv": 0},
    "more heads than width": {"refact.attention.head_count": 4_096},
    "a million kept heads": {"refact.attention.head_count_kv": 1_000_000},
    "keys as wide as two thousand million": {"refact.attention.key_length": 2**31},
    "more layers than there are": {"refact.block_count": 400},
    "more layers ahead than layers": {"refact.nextn_predict_layers": 9},
    "experts that are not there": {"refact.expert_count": 2_000, "refact.expert_used_count": 3_000},
    "a window of two thousand million": {"refact.context_length": 2**31 - 1},
    "an unknown architecture": {"general.architecture": "never-heard-of"},
    "another architecture": {"general.architecture": "mamba", "mamba.context_length": 64,
                             "mamba.embedding_length": 192, "mamba.block_count": 2},
    "an unknown tokenizer": {"tokenizer.ggml.model": "runes"},
    "an end beyond the vocabulary": {"tokenizer.ggml.eos_token_id": 2**31},
    "a pooling that does not exist": {"refact.pooling_type": 77},
    "a template that is none": {"tokenizer.chat_template": "{% for %}{{ messages["},
}  # fmt: skip
"""What passes our check, or may: their headers agree with their files."""


def lying(file: Path, values: Mapping[str, str | int | float]) -> Path:
    """The model that ships with us, with other values in its metadata."""
    parts = Parts.of(Path(MODEL_FILE))
    pairs = {**parts.pairs, **{key: next(metadata({key: values[key]})) for key in values}}
    attrs.evolve(parts, pairs=pairs).write(file)
    return file


@pytest.mark.skipif(find_spec("llama_cpp") is None, reason="llama-cpp-python is not installed")
@pytest.mark.parametrize("values", LIES.values(), ids=LIES)
async def test_a_worker_may_die_of_a_file_and_nobody_else(
    values: Mapping[str, str | int | float], tmp_path: Path
) -> None:
    file = lying(tmp_path / "model.gguf", values)
    spec = EngineSpec("m", str(file), context_tokens=512, slots=2)
    said = "it runs"
    with trio.fail_after(LOAD_SECONDS_MAX):
        try:
            async with LlamaDirect().open(spec) as process:
                assert process.ready is not None
        except EngineError as error:
            said = str(error)
    assert 0 < len(said) <= WORDS_MAX
    assert not psutil.Process().children(recursive=True)


async def test_most_of_these_pass_our_check(tmp_path: Path) -> None:
    passed = 0
    for values in LIES.values():
        try:
            await check_gguf(str(lying(tmp_path / "model.gguf", values)))
            passed += 1
        except EngineError:
            continue
    assert passed >= len(LIES) // 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\3\4" + bytes(99), "not a GGUF file"),
        (struct.pack("<4sIQQ", b"GGUF", 3, 2**62, 5) + bytes(400), "tensors cannot be in"),
        (Path(MODEL_FILE).read_bytes()[:-9], "and the file at 2963607"),
    ],
    ids=["no model", "more tensors than bytes", "cut short"],
)
async def test_a_server_says_what_is_wrong_and_lives(
    data: bytes, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "bad.gguf"
    file.write_bytes(data)
    async with open_understudy(tmp_path / "s", SETTINGS.format(file=file)) as understudy:
        for _ in range(2):
            async with open_plain_client(understudy.port) as client:
                with trio.fail_after(ANSWER_SECONDS_MAX):
                    await client.send(messages_request("bad/m", "text", stream=False))
                    status, body = await client.read_response()
            assert 400 <= status < 600, understudy.explain()
            assert said in body.decode(), understudy.explain()
        assert not understudy.children()
