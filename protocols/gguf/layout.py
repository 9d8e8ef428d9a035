"""Whether a header's numbers agree with each other, and with the length of the file.

Tensors follow one another without a gap, each beginning at the alignment: llama.cpp reads no other
order (ggml/src/gguf.cpp), so two can never share bytes, and the table says how long a file must be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .header import GgufHeader, Value
from .problem import CONVERT_AGAIN, FETCH_AGAIN, GgufProblem

ALIGNMENT: Final = "general.alignment"
ALIGNMENT_DEFAULT: Final = 32
ALIGNMENT_MAX: Final = 1024 * 1024
"""Writers use 32 to 4,096; a larger one than this is a lie that makes a file of nothing large."""


def alignment_of(pairs: Mapping[str, Value], offset: int) -> int:
    """What the places of tensors are multiples of. Raises GgufProblem."""
    value = pairs.get(ALIGNMENT, ALIGNMENT_DEFAULT)
    if type(value) is int and 0 < value <= ALIGNMENT_MAX and value & (value - 1) == 0:
        return value
    found = str(value) if isinstance(value, int | float) else "no number"
    what = f"{ALIGNMENT} is {found}, and must be a power of 2 up to {ALIGNMENT_MAX}"
    raise GgufProblem(what, offset, CONVERT_AGAIN)


def check_layout(header: GgufHeader, file_bytes: int | None) -> None:
    """Raises GgufProblem if a tensor is not where it must be, or not within the file."""
    expected = 0
    for tensor in header.tensors:
        place = header.data_offset + tensor.offset
        if tensor.offset != expected:
            how = "shares bytes with the one before it" if tensor.offset < expected else "is apart"
            what = f"the tensor {tensor.name!r} {how}: offset {tensor.offset}, expected {expected}"
            raise GgufProblem(what, place, CONVERT_AGAIN)
        end = expected + tensor.data_bytes
        if file_bytes is not None and header.data_offset + end > file_bytes:
            what = (
                f"the tensor {tensor.name!r} ends at byte {header.data_offset + end}, and the file"
                f" at {file_bytes} of at least {header.file_bytes}"
            )
            raise GgufProblem(what, place, FETCH_AGAIN)
        expected = end + -end % header.alignment
