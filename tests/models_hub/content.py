"""Contents that pass for models: small GGUF files, whole and split."""

from __future__ import annotations

from ..gguf.writing import LLAMA, TENSORS, Placed, file_of


def gguf_file(data_bytes: int = 0, **metadata: int) -> bytes:
    """A lawful file, with so many bytes of weights besides its own few."""
    more = [Placed("more.weight", (data_bytes // 2,))] if data_bytes else []
    return file_of(
        {**LLAMA, **{f"general.{key}": value for key, value in metadata.items()}}, [*TENSORS, *more]
    )


def split_files(stem: str, count: int) -> dict[str, bytes]:
    """A model in so many parts, by path; every tensor is in a part of its own."""
    tensors = [*TENSORS][:count]
    shared = {"split.count": count, "split.tensors.count": len(tensors)}
    return {
        f"{stem}-{number:05}-of-{count:05}.gguf": file_of(
            {**(LLAMA if number == 1 else {}), **shared, "split.no": number - 1},
            [tensors[number - 1]],
        )
        for number in range(1, count + 1)
    }
