"""llama.cpp's server: one model with its window and template, or a router of several.

One model: its window is what a slot has, `n_ctx`; what the template can do stands in
`chat_template_caps`. A router lists what it may load, each with a `status`; of those the window is
known while they run. One that sleeps answers these questions without waking up.

Source, ggml-org/llama.cpp: `get_res_model_info` (`meta.n_ctx`, `meta.n_ctx_train`) and
`get_res_props` (`default_generation_settings.n_ctx`, `modalities`, `chat_template_caps`,
`build_info`) in tools/server/server-context.cpp; `get_router_props` (`role`) and
`get_router_models` (`status.value`, `tags`) in tools/server/server-models.cpp; the names of the
caps in common/jinja/caps.cpp.
"""

from __future__ import annotations

from typing import Any, Final

from ..json_values import object_of, objects_of, strings_of
from ..settings_data import Ability
from .found import FoundModel, FoundServer, Inquiry, warnings_of
from .inquiry import MODELS_MAX, NotFound, Question, is_model_id, tokens_of, version_of

KIND: Final = "llama-server"
OWNED_BY: Final = "llamacpp"
LARGER: Final = "start llama-server with -c 32768 (or more) for each of its slots"
PROPS: Final = Question("/props")

_MODELS: Final = Question("/v1/models")
_LOADED: Final = ("loaded", "sleeping")


def ask_llama_server(base_url: str) -> Inquiry:
    """Asks a llama-server."""
    answers = yield _MODELS, PROPS
    listed = objects_of(object_of(answers[_MODELS].value()).get("data"))
    entries = [each for each in listed if is_model_id(each.get("id"))][:MODELS_MAX]
    if any(each.get("owned_by") != OWNED_BY for each in entries) or not entries:
        raise NotFound("is not a llama-server")
    props = answers[PROPS].members()
    is_router = props.get("role") == "router"
    models = tuple(_routed(each) if is_router else _single(each, props) for each in entries)
    version = version_of(props.get("build_info"))
    return FoundServer(KIND, base_url, version, models, warnings_of(models, LARGER))


def window_of(props: dict[str, Any]) -> int | None:
    """The window of one slot, as a server says it of itself."""
    return tokens_of(object_of(props.get("default_generation_settings")).get("n_ctx"))


def abilities_of(props: dict[str, Any]) -> tuple[Ability, ...] | None:
    """What the model's template and its projector can do; None for a server that does not say."""
    caps, modalities = object_of(props.get("chat_template_caps")), props.get("modalities")
    if not caps or modalities is None:
        return None
    can: list[Ability] = []
    if caps.get("supports_tools") is True and caps.get("supports_tool_calls") is True:
        can.append("tools")
    if object_of(modalities).get("vision") is True:
        can.append("vision")
    return tuple(can)


def _single(entry: dict[str, Any], props: dict[str, Any]) -> FoundModel:
    meta = object_of(entry.get("meta"))
    return FoundModel(
        entry["id"],
        context_tokens=window_of(props) or tokens_of(meta.get("n_ctx")),
        trained_tokens=tokens_of(meta.get("n_ctx_train")),
        abilities=abilities_of(props),
        is_loaded=props.get("is_sleeping") is not True,
    )


def _routed(entry: dict[str, Any]) -> FoundModel:
    """One of a router's: of its template nothing is known, so abilities are left open."""
    meta = object_of(entry.get("meta"))
    state = object_of(entry.get("status")).get("value")
    return FoundModel(
        entry["id"],
        context_tokens=tokens_of(meta.get("n_ctx")),
        trained_tokens=tokens_of(meta.get("n_ctx_train")),
        is_loaded=state in _LOADED,
        embeds="embedding" in strings_of(entry.get("tags")),
    )
