"""A model file of a recurrent family (Mamba) with random weights: its memory cannot be cut.

Source of the names and shapes: llama.cpp's src/models/mamba.cpp.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from understudy.io.engines.rehearsal import MODEL_FILE

from .gguf_model import Tensor, metadata, tokenizer_metadata, vocabulary_size, write_gguf

WIDTH = 128
INNER = 2 * WIDTH
LAYERS = 2
CONVOLUTION = 4
STATE = 16
STEP_RANK = 8


def write_recurrent_model(path: Path) -> None:
    """Writes a small Mamba."""
    kept = tokenizer_metadata(Path(MODEL_FILE))
    described = metadata(
        {
            "general.architecture": "mamba",
            "general.name": path.stem,
            "mamba.context_length": 32_768,
            "mamba.embedding_length": WIDTH,
            "mamba.feed_forward_length": 0,
            "mamba.attention.head_count": 0,
            "mamba.block_count": LAYERS,
            "mamba.ssm.conv_kernel": CONVOLUTION,
            "mamba.ssm.inner_size": INNER,
            "mamba.ssm.state_size": STATE,
            "mamba.ssm.time_step_rank": STEP_RANK,
            "mamba.attention.layer_norm_rms_epsilon": 1e-5,
        }
    )
    write_gguf(path, [*kept, *described], list(_tensors(vocabulary_size(kept))), 1)


def _tensors(vocabulary: int) -> Iterator[Tensor]:
    def exact(name: str, dimensions: tuple[int, ...], deviation: float) -> Tensor:
        return Tensor(name, dimensions, deviation, is_exact=True)

    yield exact("token_embd.weight", (WIDTH, vocabulary), 0.5)
    yield exact("output.weight", (WIDTH, vocabulary), WIDTH**-0.5)
    yield Tensor("output_norm.weight", (WIDTH,))
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        yield Tensor(f"{block}.attn_norm.weight", (WIDTH,))
        yield exact(f"{block}.ssm_in.weight", (WIDTH, 2 * INNER), WIDTH**-0.5)
        yield exact(f"{block}.ssm_conv1d.weight", (CONVOLUTION, INNER), 0.5)
        yield Tensor(f"{block}.ssm_conv1d.bias", (INNER,), constant=0.0)
        yield exact(f"{block}.ssm_x.weight", (INNER, STEP_RANK + 2 * STATE), INNER**-0.5)
        yield exact(f"{block}.ssm_dt.weight", (STEP_RANK, INNER), STEP_RANK**-0.5)
        yield Tensor(f"{block}.ssm_dt.bias", (INNER,), constant=-3.0)
        yield Tensor(f"{block}.ssm_a", (STATE, INNER), constant=-1.0)
        yield Tensor(f"{block}.ssm_d", (INNER,))
        yield exact(f"{block}.ssm_out.weight", (INNER, WIDTH), INNER**-0.5)
