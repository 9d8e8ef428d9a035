"""llama-swap: one address for many servers, each started when a model of its own is asked for.

It speaks as llama-server does and lives on the same usual port; what tells it apart is `owned_by`,
and its list of running processes, which nobody else has. A model says its window and what it can
do in the list where its owner has written so, or where llama-swap has asked it before. A running
model that says nothing is asked through `/upstream/<model>/props`, and only then: such a question
starts a model that does not run, and keeps one that does from being unloaded. So it is asked once,
and what was learned is kept while the model runs.

Source, mostlygeek/llama-swap: `handleListModels` and `renderCapabilities` (`owned_by`,
`context_length`, `capabilities.function_calling`, `capabilities.vision`,
`architecture.input_modalities`, `meta.llamaswap` with `type`, `modelID`, `peerID` and `targets`),
`handleRunning` (`running[].model`,
`running[].state`) and `handleUpstream` in internal/server/api.go; `StateReady` in
internal/process/process.go; `handleAPIVersion` (`version`) in internal/server/apigroup.go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final
from urllib.parse import quote

import attrs

from ..json_values import object_of, objects_of, strings_of, text_of
from ..settings_data import Ability
from .found import FoundModel, FoundServer, Inquiry, warnings_of
from .inquiry import MODELS_MAX, Answers, NotFound, Question, is_model_id, tokens_of, version_of
from .llama_server import abilities_of, window_of

KIND: Final = "llama-swap"
OWNED_BY: Final = "llama-swap"
ASKED_MAX: Final = 8
"""So many running models are asked for their window."""
LARGER: Final = "raise -c (or --max-model-len) in the model's cmd of llama-swap's configuration"
UNKNOWN: Final = (
    "it will be once the model has run, or if capabilities.context stands in llama-swap's "
    "configuration"
)

_MODELS: Final = Question("/v1/models")
_RUNNING: Final = Question("/running")
_VERSION: Final = Question("/api/version")
_READY: Final = "ready"
_LOCAL: Final = ("model", "alias", None)
"""The types of entries that are processes of its own; older versions list no type."""


def ask_llama_swap(base_url: str, earlier: tuple[FoundModel, ...] = ()) -> Inquiry:
    """Asks a llama-swap. What is known of `earlier` models that still run is not asked again."""
    answers = yield _MODELS, _RUNNING, _VERSION
    listed = objects_of(object_of(answers[_MODELS].value()).get("data"))
    running = answers[_RUNNING].members()
    entries = [each for each in listed if is_model_id(each.get("id"))][:MODELS_MAX]
    if "running" not in running or any(each.get("owned_by") != OWNED_BY for each in entries):
        raise NotFound("is not a llama-swap")
    processes = objects_of(running["running"])
    states = {text_of(each.get("model")): each.get("state") for each in processes}
    known = {each.id: each for each in earlier if each.is_loaded}
    here = {each["id"] for each in entries if _meta(each).get("type") in _LOCAL}
    models = [_with_earlier(_listed(each, states, here), known) for each in entries]
    silent = [each for each in models if each.is_loaded and each.context_tokens is None]
    asked = {
        each.id: Question(f"/upstream/{quote(each.id)}/props")
        for each in silent[:ASKED_MAX]
        if each.id not in known
    }
    told: Answers = {}
    if asked:
        told = yield tuple(asked.values())
    done = tuple(
        _with_props(each, told[asked[each.id]].members()) if each.id in asked else each
        for each in models
    )
    version = version_of(answers[_VERSION].members().get("version"))
    return FoundServer(KIND, base_url, version, done, warnings_of(done, LARGER, UNKNOWN))


def _meta(entry: dict[str, Any]) -> dict[str, Any]:
    return object_of(object_of(entry.get("meta")).get("llamaswap"))


def _listed(entry: dict[str, Any], states: Mapping[str, Any], here: Collection[str]) -> FoundModel:
    """One entry. A peer's model is computed by it, and a selector may choose one."""
    name, meta, ours = entry["id"], object_of(entry.get("meta")), _meta(entry)
    elsewhere = any(each not in here for each in strings_of(ours.get("targets")))
    return FoundModel(
        name,
        context_tokens=tokens_of(entry.get("context_length")) or tokens_of(meta.get("n_ctx")),
        abilities=_abilities(entry),
        is_loaded=states.get(text_of(ours.get("modelID")) or name) == _READY,
        is_remote="peerID" in ours or elsewhere,
    )


def _abilities(entry: dict[str, Any]) -> tuple[Ability, ...] | None:
    """What its capabilities say. A vision that is not mentioned is only absent if others are."""
    said = object_of(entry.get("capabilities"))
    kinds = strings_of(object_of(entry.get("architecture")).get("input_modalities"))
    if not said or not kinds:
        return None
    can: list[Ability] = []
    if said.get("function_calling") is True:
        can.append("tools")
    if said.get("vision") is True or "image" in kinds:
        can.append("vision")
    return tuple(can)


def _with_earlier(model: FoundModel, known: Mapping[str, FoundModel]) -> FoundModel:
    earlier = known.get(model.id)
    if earlier is None or not model.is_loaded:
        return model
    return attrs.evolve(
        model,
        context_tokens=model.context_tokens or earlier.context_tokens,
        abilities=earlier.abilities if model.abilities is None else model.abilities,
    )


def _with_props(model: FoundModel, props: dict[str, Any]) -> FoundModel:
    """With what a llama-server behind it says; another server has no such page."""
    return attrs.evolve(
        model,
        context_tokens=window_of(props),
        abilities=abilities_of(props) if model.abilities is None else model.abilities,
    )
