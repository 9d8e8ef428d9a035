"""What a model in MLX's form says of itself: its settings as transformers writes them.

`config.json` has the shape (`mlx_config.py`), and `quantization` if mlx-lm has quantised it: bits
and group size for all layers, and under the name of a layer what is different there. The template
is in `chat_template.jinja`, or in `tokenizer_config.json` as a text or as a list of named ones.
Everything may be missing or of another kind.

Sources: ml-explore/mlx-lm, `load_model`; huggingface/transformers,
src/transformers/configuration_utils.py and tokenization_utils_base.py (`chat_template`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..json_values import object_of, objects_of, strings_of, text_of
from .local_model import MLX, ModelFacts
from .mlx_config import read_config
from .safetensors import SafetensorsHeader, parameters_of
from .template_words import knows_tools, thinks

COUNT_MAX: Final = 2**31
TEXT_CHARACTERS_MAX: Final = 200
_ANSWERING: Final = ("ForCausalLM", "ForConditionalGeneration")
"""How the class of a model ends that writes text."""
_FORMS: Final = {"BF16": "BF16", "F16": "F16", "F32": "F32", "F8_E4M3": "FP8"}


def answers(config: Mapping[str, Any], headers: Sequence[SafetensorsHeader]) -> bool:
    """Tells whether it is a model that writes text, and not one of the many other kinds."""
    if any(header.format == "mlx" for header in headers):
        return True
    names = strings_of(config.get("architectures"))
    return any(name.endswith(_ANSWERING) for name in names)


def mlx_facts(
    config: Mapping[str, Any],
    headers: Sequence[SafetensorsHeader],
    template: str,
) -> ModelFacts:
    """The facts, from its settings, the headers of its weights and its template."""
    shape = read_config(config)
    return ModelFacts(
        format=MLX,
        architecture=_line(text_of(config.get("model_type")) or shape.model_type),
        parameters=parameters_of(headers, bits_of(config)),
        quantisation=_quantisation(config, headers),
        context_tokens=shape.context_tokens,
        token_bytes=shape.token_bytes,
        template=bool(template),
        tools=knows_tools(template),
        thinking=thinks(template),
        vision=shape.has_vision,
    )


def bits_of(config: Mapping[str, Any]) -> dict[str, int]:
    """A weight's bits by the name of a layer; "" for all that are not named."""
    found = object_of(config.get("quantization")) or object_of(config.get("quantization_config"))
    bits = {"": _count(found, "bits")} if _count(found, "bits") else {}
    for name, value in found.items():
        if own := _count(object_of(value), "bits"):
            bits[name] = own
    return bits


def template_of(tokenizer_config: Mapping[str, Any]) -> str:
    """The chat template in the tokenizer's settings; the default one of several."""
    written = tokenizer_config.get("chat_template")
    named = {text_of(each.get("name")): each.get("template") for each in objects_of(written)}
    return text_of(written) or text_of(named.get("default"))


def _quantisation(config: Mapping[str, Any], headers: Sequence[SafetensorsHeader]) -> str:
    bits = bits_of(config).get("")
    found = object_of(config.get("quantization")) or object_of(config.get("quantization_config"))
    if bits:
        mode = text_of(found.get("mode"))
        return f"{bits}-bit" if mode in ("", "affine") else _line(mode)
    taken: dict[str, int] = {}
    for header in headers:
        for tensor in header.tensors.values():
            taken[tensor.form] = taken.get(tensor.form, 0) + tensor.count
    most = max(taken, key=lambda form: taken[form], default="")
    return _FORMS.get(most, _line(most))


def _count(values: Mapping[str, Any], key: str) -> int:
    value = values.get(key)
    return value if isinstance(value, int) and 0 <= value < COUNT_MAX else 0


def _line(text: str) -> str:
    """A text as one short line that a terminal does not obey."""
    return "".join(sign for sign in text[:TEXT_CHARACTERS_MAX] if sign.isprintable()).strip()
