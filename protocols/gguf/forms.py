"""The forms of values and of tensors in a GGUF, as tables.

Sources: the GGUF specification, ggml-org/ggml, docs/gguf.md; for the blocks of quantised weights
ggml-org/llama.cpp, gguf-py/gguf/constants.py, GGML_QUANT_SIZES; for the file types LlamaFileType
in the same file. A form that is not here cannot be measured, so a file that has one is refused.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

import attrs

BOOL: Final = 7
TEXT: Final = 8
ARRAY: Final = 9

SCALARS: Final[Mapping[int, struct.Struct]] = {
    0: struct.Struct("<B"),
    1: struct.Struct("<b"),
    2: struct.Struct("<H"),
    3: struct.Struct("<h"),
    4: struct.Struct("<I"),
    5: struct.Struct("<i"),
    6: struct.Struct("<f"),
    BOOL: struct.Struct("<B"),
    10: struct.Struct("<Q"),
    11: struct.Struct("<q"),
    12: struct.Struct("<d"),
}
"""How one value lies in the file, by the number of its form."""


@attrs.frozen
class TensorForm:
    """How weights are kept: so many of them in a block of so many bytes."""

    name: str
    block_weights: int
    block_bytes: int


TENSOR_FORMS: Final[Mapping[int, TensorForm]] = {
    0: TensorForm("F32", 1, 4),
    1: TensorForm("F16", 1, 2),
    2: TensorForm("Q4_0", 32, 18),
    3: TensorForm("Q4_1", 32, 20),
    6: TensorForm("Q5_0", 32, 22),
    7: TensorForm("Q5_1", 32, 24),
    8: TensorForm("Q8_0", 32, 34),
    9: TensorForm("Q8_1", 32, 36),
    10: TensorForm("Q2_K", 256, 84),
    11: TensorForm("Q3_K", 256, 110),
    12: TensorForm("Q4_K", 256, 144),
    13: TensorForm("Q5_K", 256, 176),
    14: TensorForm("Q6_K", 256, 210),
    15: TensorForm("Q8_K", 256, 292),
    16: TensorForm("IQ2_XXS", 256, 66),
    17: TensorForm("IQ2_XS", 256, 74),
    18: TensorForm("IQ3_XXS", 256, 98),
    19: TensorForm("IQ1_S", 256, 50),
    20: TensorForm("IQ4_NL", 32, 18),
    21: TensorForm("IQ3_S", 256, 110),
    22: TensorForm("IQ2_S", 256, 82),
    23: TensorForm("IQ4_XS", 256, 136),
    24: TensorForm("I8", 1, 1),
    25: TensorForm("I16", 1, 2),
    26: TensorForm("I32", 1, 4),
    27: TensorForm("I64", 1, 8),
    28: TensorForm("F64", 1, 8),
    29: TensorForm("IQ1_M", 256, 56),
    30: TensorForm("BF16", 1, 2),
    34: TensorForm("TQ1_0", 256, 54),
    35: TensorForm("TQ2_0", 256, 66),
    39: TensorForm("MXFP4", 32, 17),
    40: TensorForm("NVFP4", 64, 36),
    41: TensorForm("Q1_0", 128, 18),
    42: TensorForm("Q2_0", 64, 18),
}

FILE_FORMS: Final[Mapping[int, str]] = {
    0: "F32",
    1: "F16",
    2: "Q4_0",
    3: "Q4_1",
    7: "Q8_0",
    8: "Q5_0",
    9: "Q5_1",
    10: "Q2_K",
    11: "Q3_K_S",
    12: "Q3_K_M",
    13: "Q3_K_L",
    14: "Q4_K_S",
    15: "Q4_K_M",
    16: "Q5_K_S",
    17: "Q5_K_M",
    18: "Q6_K",
    19: "IQ2_XXS",
    20: "IQ2_XS",
    21: "Q2_K_S",
    22: "IQ3_XS",
    23: "IQ3_XXS",
    24: "IQ1_S",
    25: "IQ4_NL",
    26: "IQ3_S",
    27: "IQ3_M",
    28: "IQ2_S",
    29: "IQ2_M",
    30: "IQ4_XS",
    31: "IQ1_M",
    32: "BF16",
    36: "TQ1_0",
    37: "TQ2_0",
    38: "MXFP4",
    39: "NVFP4",
    40: "Q1_0",
    41: "Q2_0",
}
"""What people call a file, by its `general.file_type`."""
