"""LM Studio: what it has downloaded, what of it is loaded, and with which window.

A model is loaded with 4,096 tokens where its user has not chosen otherwise, whatever it was made
for; a request to one that is not loaded loads it so. Its own API has two forms: `/api/v1/models`
since 0.4.0, `/api/v0/models` since 0.3.6. To a path that it does not know it answers with status
200 and an `error`, and writes one into its log: so no path is tried here that it would not know.

Sources: lmstudio.ai/docs/developer/rest/list (`models[].key`, `type`, `loaded_instances[].config.
context_length`, `max_context_length`, `capabilities.vision`, `capabilities.trained_for_tool_use`)
and lmstudio.ai/docs/developer/rest/endpoints (`data[].id`, `type`, `state`, `max_context_length`),
both in lmstudio-ai/docs, 1_developer/2_rest. `loaded_context_length` and `capabilities` of the
older form are not documented, and read where they are. The status 200: issue 618 of
lmstudio-ai/lmstudio-bug-tracker.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ..json_values import list_of, object_of, objects_of, strings_of
from ..settings_data import Ability
from .found import FoundModel, FoundServer, Inquiry, warnings_of
from .inquiry import MODELS_MAX, NotFound, Question, is_model_id, tokens_of

KIND: Final = "lmstudio"
OWNED_BY: Final = "organization_owner"
LARGER: Final = "load it in LM Studio with a larger context length, 32768 or more"
UNKNOWN: Final = f"LM Studio loads it with 4,096 tokens unless you have chosen more: {LARGER}"

_V1: Final = Question("/api/v1/models")
_V0: Final = Question("/api/v0/models")


def ask_lm_studio(base_url: str) -> Inquiry:
    """Asks an LM Studio, in the newer form first."""
    newer = (yield (_V1,))[_V1].members()
    if isinstance(newer.get("models"), list):
        entries = [each for each in objects_of(newer["models"]) if is_model_id(each.get("key"))]
        return _found(base_url, (_newer(each) for each in entries[:MODELS_MAX]))
    older = (yield (_V0,))[_V0]
    listed = object_of(older.value()).get("data")
    if not isinstance(listed, list):
        raise NotFound("is not an LM Studio")
    entries = [each for each in objects_of(listed) if is_model_id(each.get("id"))]
    return _found(base_url, (_older(each) for each in entries[:MODELS_MAX]))


def _found(base_url: str, models: Iterable[FoundModel]) -> FoundServer:
    done = tuple(models)
    return FoundServer(KIND, base_url, "", done, warnings_of(done, LARGER, UNKNOWN))


def _newer(entry: dict[str, Any]) -> FoundModel:
    loaded = objects_of(entry.get("loaded_instances"))
    windows = [tokens_of(object_of(each.get("config")).get("context_length")) for each in loaded]
    known = [each for each in windows if each is not None]
    said = object_of(entry.get("capabilities"))
    can: list[Ability] = []
    if said.get("trained_for_tool_use") is True:
        can.append("tools")
    if said.get("vision") is True:
        can.append("vision")
    return FoundModel(
        entry["key"],
        context_tokens=min(known, default=None),
        trained_tokens=tokens_of(entry.get("max_context_length")),
        abilities=tuple(can) if said else None,
        is_loaded=bool(list_of(entry.get("loaded_instances"))),
        embeds=entry.get("type") == "embedding",
    )


def _older(entry: dict[str, Any]) -> FoundModel:
    """Of tools an older version says nothing, or that the model is for them."""
    said, kind = strings_of(entry.get("capabilities")), entry.get("type")
    can: tuple[Ability, ...] = ("vision",) if kind == "vlm" else ()
    return FoundModel(
        entry["id"],
        context_tokens=tokens_of(entry.get("loaded_context_length")),
        trained_tokens=tokens_of(entry.get("max_context_length")),
        abilities=("tools", *can) if "tool_use" in said else None,
        is_loaded=entry.get("state") == "loaded",
        embeds=kind == "embeddings",
    )
