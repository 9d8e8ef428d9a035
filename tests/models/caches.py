"""Caches of other programs, planted as each of them lays its files out.

What lies in them is small: GGUF files with a real header and zeros for weights, and MLX folders of
a few kilobytes. Each `plant_…` returns where the model's first file is.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..gguf.writing import LLAMA, Placed, file_of

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OLDER = "89abcdef0123456789abcdef0123456789abcdef"
MLX_TEMPLATE = "{% if tools %}{{ tools }}{% endif %}{% if enable_thinking %}<think>{% endif %}"


def gguf(name: str = "small", **metadata: Any) -> bytes:
    """A small model; a double underscore in a key becomes a point."""
    own = {key.replace("__", "."): value for key, value in metadata.items()}
    return file_of({**LLAMA, "general.name": name, **own})


def parts(name: str, count: int) -> list[bytes]:
    """A small model in so many files."""
    tensors = [Placed(f"blk.{number}.attn_q.weight", (64, 64)) for number in range(count)]
    split = [
        {"split.no": number, "split.count": count, "split.tensors.count": count}
        for number in range(count)
    ]
    first = {**LLAMA, "general.name": name, **split[0]}
    return [
        file_of(first if number == 0 else split[number], [tensors[number]])
        for number in range(count)
    ]


def write(path: Path, content: bytes) -> Path:
    """Writes a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def plant_hugging_face(
    cache: Path, repository: str, name: str, content: bytes, commit: str = COMMIT
) -> Path:
    """A file of a repository, as a link in a snapshot to a blob."""
    folder = cache / f"models--{repository.replace('/', '--')}"
    digest = hashlib.sha256(content).hexdigest()
    blob = write(folder / "blobs" / digest, content)
    link = folder / "snapshots" / commit / name
    link.parent.mkdir(parents=True, exist_ok=True)
    up = "../" * (2 + name.count("/"))
    link.symlink_to(f"{up}blobs/{blob.name}")
    write(folder / "refs" / "main", commit.encode())
    return link


def plant_ollama(
    models: Path, title: str, layers: Mapping[str, bytes], manifests: str = "manifests"
) -> Path:
    """A model by its whole name HOST/NAMESPACE/MODEL:TAG, and its layers by their kind."""
    written: list[dict[str, Any]] = []
    blobs: list[Path] = []
    for kind, content in layers.items():
        digest = hashlib.sha256(content).hexdigest()
        blobs.append(write(models / "blobs" / f"sha256-{digest}", content))
        written.append(
            {
                "mediaType": f"application/vnd.ollama.image.{kind}",
                "digest": f"sha256:{digest}",
                "size": len(content),
            }
        )
    manifest = {"schemaVersion": 2, "layers": written}
    path = models / manifests / title.replace(":", "/")
    write(path, json.dumps(manifest).encode())
    return blobs[0]


def plant_mlx(folder: Path, **config: Any) -> Path:
    """A model's folder in MLX's form, of one quantised layer and one that is not."""
    settings = {
        "model_type": "qwen3",
        "architectures": ["Qwen3ForCausalLM"],
        "max_position_embeddings": 40_960,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "hidden_size": 64,
        "quantization": {"bits": 4, "group_size": 32},
        **config,
    }
    write(folder / "config.json", json.dumps(settings).encode())
    write(folder / "tokenizer.json", b"{}")
    write(folder / "chat_template.jinja", MLX_TEMPLATE.encode())
    write(folder / "model.safetensors", safetensors(MLX_TENSORS))
    return folder


MLX_TENSORS = {
    "model.layers.0.self_attn.q_proj.weight": ("U32", (64, 8)),
    "model.layers.0.self_attn.q_proj.scales": ("BF16", (64, 2)),
    "model.layers.0.self_attn.q_proj.biases": ("BF16", (64, 2)),
    "model.norm.weight": ("BF16", (64,)),
}
MLX_PARAMETERS = 64 * 64 + 64
SIZES = {"U32": 4, "BF16": 2, "F32": 4}


def safetensors(
    tensors: Mapping[str, tuple[str, tuple[int, ...]]], written_by: str = "mlx"
) -> bytes:
    """A safetensors file of zeros."""
    header: dict[str, Any] = {"__metadata__": {"format": written_by}}
    offset = 0
    for name, (form, shape) in tensors.items():
        size = SIZES[form]
        for count in shape:
            size *= count
        offsets = [offset, offset + size]
        header[name] = {"dtype": form, "shape": list(shape), "data_offsets": offsets}
        offset += size
    content = json.dumps(header).encode()
    return struct.pack("<Q", len(content)) + content + bytes(offset)
