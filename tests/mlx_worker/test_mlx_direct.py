"""Which folders are refused before anything is started, and what one is thought to take."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from understudy.io.engines import mlx_direct
from understudy.io.engines.mlx_direct import MlxDirect, mlx_problem
from understudy.io.ports import EngineError, EngineSpec

CONFIG = {
    "model_type": "llama",
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 4096,
}
TENSOR = {"w": {"dtype": "F16", "shape": [8, 8], "data_offsets": [0, 128]}}


@pytest.fixture(autouse=True)
def packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if MLX were installed."""
    monkeypatch.setattr(mlx_direct, "PACKAGES", ("json",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that looks like a model."""
    made = tmp_path / "model"
    made.mkdir()
    (made / "config.json").write_text(json.dumps(CONFIG))
    (made / "tokenizer.json").write_text("{}")
    header = json.dumps(TENSOR).encode()
    data = struct.pack("<Q", len(header)) + header + bytes(128)
    (made / "model.safetensors").write_bytes(data)
    return made


def spec(file: Path | str, context_tokens: int = 1024) -> EngineSpec:
    return EngineSpec("m", str(file), context_tokens, slots=4)


async def test_the_need_is_weights_cache_and_padding(folder: Path) -> None:
    need = await MlxDirect().need(spec(folder))
    assert need.weights_bytes == (folder / "model.safetensors").stat().st_size
    assert need.context_tokens == 1024
    assert need.cache_bytes == (2 * 1024 * 125 // 100 + 1024) * (2 * 2 * 16 * 2 * 2)
    assert need.token_bytes == need.cache_bytes // 1024, "what a token of the window costs"


async def test_a_window_is_never_larger_than_the_model_was_trained_for(folder: Path) -> None:
    assert (await MlxDirect().need(spec(folder, 100_000))).context_tokens == 4096


async def test_what_is_no_model_is_said_in_words(folder: Path, tmp_path: Path) -> None:
    cases = {
        "model": "not an absolute path",
        str(tmp_path / "absent"): "no such folder",
        str(folder / "config.json"): 'a GGUF is run with engine = "llama.cpp"',
        str(tmp_path): "no model",
    }
    for file, words in cases.items():
        with pytest.raises(EngineError, match=words):
            await MlxDirect().need(spec(file))
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(EngineError, match=r"model\.safetensors: it has"):
        await MlxDirect().need(spec(folder))


def test_a_package_that_is_missing_comes_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mlx_direct, "PACKAGES", ("no_such_package",))
    assert mlx_problem().endswith("run: pip install 'understudy[mlx]'")
