"""vLLM: the models that it was started with, and the window that they all have.

What its models can do it does not say: whether tools work depends on how it was started.

Source, vllm-project/vllm: ModelCard (`owned_by`, `max_model_len`, `root`, `parent`) in
vllm/entrypoints/openai/engine/protocol.py and `show_available_models` (an adapter has no window of
its own but that of its `parent`) in vllm/entrypoints/openai/models/serving.py; `show_version`
(`GET /version`, `version`) in vllm/entrypoints/serve/instrumentator/basic.py.
"""

from __future__ import annotations

from typing import Final

from ..json_values import object_of, objects_of, text_of
from .found import FoundModel, FoundServer, Inquiry, warnings_of
from .inquiry import MODELS_MAX, NotFound, Question, is_model_id, tokens_of, version_of

KIND: Final = "vllm"
OWNED_BY: Final = "vllm"
LARGER: Final = "start vLLM with --max-model-len 32768 (or more)"

_MODELS: Final = Question("/v1/models")
_VERSION: Final = Question("/version")


def ask_vllm(base_url: str) -> Inquiry:
    """Asks a vLLM."""
    answers = yield _MODELS, _VERSION
    listed = objects_of(object_of(answers[_MODELS].value()).get("data"))
    entries = [each for each in listed if is_model_id(each.get("id"))][:MODELS_MAX]
    if not entries or any(each.get("owned_by") != OWNED_BY for each in entries):
        raise NotFound("is not a vLLM")
    windows = {each["id"]: tokens_of(each.get("max_model_len")) for each in entries}
    models = tuple(
        FoundModel(name, window or windows.get(text_of(each.get("parent"))), is_loaded=True)
        for each, (name, window) in zip(entries, windows.items(), strict=True)
    )
    version = version_of(answers[_VERSION].members().get("version"))
    return FoundServer(KIND, base_url, version, models, warnings_of(models, LARGER))
