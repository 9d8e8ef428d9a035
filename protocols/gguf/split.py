"""A model in several files: which ones belong to it, and whether they are what they should be.

Each part says how many there are and which it is; the first has the metadata of all. Source:
ggml-org/llama.cpp, src/llama.cpp (llama_split_path) and src/llama-model-loader.cpp.
"""

from __future__ import annotations

import re
from typing import Final

from .header import GgufHeader

COUNT: Final = "split.count"
NUMBER: Final = "split.no"
TENSORS: Final = "split.tensors.count"
PARTS_MAX: Final = 1_024
_NAME: Final = re.compile(r"(.+)-(\d{5})-of-(\d{5})\.gguf")
_ADVICE: Final = "fetch all parts of one upload into one folder, under the names they have there"


class SplitProblem(ValueError):
    """The parts of a model do not fit together; the message says which, and what to do."""


def part_names(name: str, header: GgufHeader) -> tuple[str, ...]:
    """The names of all files of a model, whose first part has this name and header.

    A model in one file has that one. Raises SplitProblem.
    """
    count = header.count(COUNT, 1)
    if count <= 1:
        return (name,)
    if count > PARTS_MAX:
        raise SplitProblem(f"it says that it is one of {count} parts; {_ADVICE}")
    found = _NAME.fullmatch(name)
    if not found or int(found[3]) != count:
        wanted = f"NAME-00001-of-{count:05}.gguf"
        raise SplitProblem(f"it is one of {count} parts and is not named {wanted}; {_ADVICE}")
    names = tuple(f"{found[1]}-{number:05}-of-{count:05}.gguf" for number in range(1, count + 1))
    if header.count(NUMBER) or int(found[2]) != 1:
        raise SplitProblem(f"it is not the first of {count} parts: name {names[0]}")
    return names


def check_parts(names: tuple[str, ...], headers: tuple[GgufHeader, ...]) -> None:
    """Raises SplitProblem unless these are the headers of all parts, in this order."""
    assert len(names) == len(headers), (names, len(headers))
    first = headers[0]
    seen: set[str] = set()
    for number, (name, header) in enumerate(zip(names, headers, strict=True)):
        if header.count(COUNT, 1) != len(names) or header.count(NUMBER) != number:
            raise SplitProblem(f"{name} is of another split than {names[0]}; {_ADVICE}")
        twice = next((tensor.name for tensor in header.tensors if tensor.name in seen), "")
        if twice:
            raise SplitProblem(f"{name} has the tensor {twice!r} once more; {_ADVICE}")
        seen.update(tensor.name for tensor in header.tensors)
    announced = first.count(TENSORS, len(seen))
    if announced != len(seen):
        what = f"the {len(names)} parts have {len(seen)} tensors of {announced}"
        raise SplitProblem(f"{what}; {_ADVICE}")
