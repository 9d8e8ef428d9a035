"""What a person wants to know of a model, read from the headers of its file or files.

The chat template is searched for words and not rendered (`protocols/models/template_words.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from ..models.local_model import GGUF, ModelFacts
from ..models.template_words import knows_tools, thinks
from .cache import cache_of
from .forms import FILE_FORMS
from .header import GgufHeader
from .kind import is_projector, makes_vectors

TEMPLATE: Final = "tokenizer.chat_template"
TEXT_MAX: Final = 200
"""Characters of a name or a licence."""
_EYES: Final = ("v.", "mm.", "vision_model.")
"""How the names of tensors begin where a model's file has eyes of its own."""


def read_facts(header: GgufHeader, others: Sequence[GgufHeader] = ()) -> ModelFacts:
    """The facts of a model; `others` are the headers of its other parts if it is split."""
    template = header.text(TEMPLATE)
    return ModelFacts(
        format=GGUF,
        architecture=_line(header.architecture),
        name=_line(header.text("general.name")),
        parameters=sum(part.parameters for part in (header, *others)),
        quantisation=quantisation(header, others),
        context_tokens=_window(header),
        token_bytes=cache_of(header).token_bytes,
        template=TEMPLATE in header.pairs,
        tools=knows_tools(template),
        thinking=thinks(template),
        vision=_sees(header),
        embeddings=makes_vectors(header),
        licence=_line(header.text("general.license") or header.text("general.license.name")),
    )


def quantisation(header: GgufHeader, others: Sequence[GgufHeader] = ()) -> str:
    """What people call the file; where it does not say so, the form of most of its bytes."""
    named = FILE_FORMS.get(header.count("general.file_type", -1))
    taken = Counter[str]()
    for part in (header, *others):
        for tensor in part.tensors:
            taken[tensor.form.name] += tensor.data_bytes
    most = max(taken, key=lambda name: taken[name], default="")
    if named and _is_of(named, most, taken):
        return named
    return most


def _is_of(named: str, most: str, taken: Counter[str]) -> bool:
    """Whether a file may be called so: a form of that name is in it, or it is a mixture's name."""
    stem = named.removesuffix("_S").removesuffix("_M").removesuffix("_L")
    return named == most or any(form in (named, stem) for form in taken) or stem.startswith("IQ")


def _window(header: GgufHeader) -> int:
    found = header.count(header.key("context_length"))
    return found if found < 2**31 else 0


def _sees(header: GgufHeader) -> bool:
    if is_projector(header):
        return bool(header.pairs.get("clip.has_vision_encoder", True))
    return any(tensor.name.startswith(_EYES) for tensor in header.tensors)


def _line(text: str) -> str:
    """A text as one short line that a terminal does not obey."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:TEXT_MAX]).strip()
