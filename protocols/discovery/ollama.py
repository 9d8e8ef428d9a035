"""Ollama: its models, what they can do, and the window that each really has.

Ollama's window is its trap. A model that was made for 131,072 tokens is loaded with 4,096 where
nobody says otherwise (on a machine with 24 GiB of graphics memory or more: 32,768 or 262,144), and
what does not fit is cut from the prompt without a word. What holds is known of a model in memory
(`context_length` of `/api/ps`), or if its own file sets it (`num_ctx` in `parameters` of
`/api/show`); of any other it is not, because OLLAMA_CONTEXT_LENGTH is the server's own affair.

Sources, ollama/ollama: `GET /api/version`, `/api/tags`, `/api/ps` and `POST /api/show` in
server/routes.go; ListModelResponse (`model`, `digest`, `remote_host`, `capabilities`,
`details.context_length`), ProcessModelResponse (`model`, `context_length`) and ShowResponse
(`parameters`, `model_info`, `capabilities`, `remote_host`) in api/types.go; the names of
capabilities in types/model/capability.go; the default windows in `Serve` of server/routes.go and in
docs/context-length.mdx. `/api/show` only reads, though it is a POST: it is asked of a program that
has said that it is Ollama, and of no other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import attrs
import msgspec

from ..json_values import object_of, objects_of, strings_of, text_of
from ..routing.trust import CLOUD_ENDINGS
from ..settings_data import Ability
from .found import FoundModel, FoundServer, Inquiry, warnings_of
from .inquiry import (
    MODELS_MAX,
    Answer,
    Answers,
    NotFound,
    OwnAddress,
    Question,
    is_model_id,
    tokens_of,
    version_of,
)

KIND: Final = "ollama"
DEFAULT_TOKENS: Final = 4_096
SHOWN_MAX: Final = 64
"""So many models are asked about one by one; of the others the list alone is known."""
OURSELVES: Final = "understudy"
"""The family of the models that Understudy's own address for clients of Ollama lists."""
LARGER: Final = (
    "write context_tokens = 32768 (or more) below the [[endpoint]], or start Ollama with "
    "OLLAMA_CONTEXT_LENGTH=32768"
)

_VERSION: Final = Question("/api/version")
_TAGS: Final = Question("/api/tags")
_RUNNING: Final = Question("/api/ps")
_NUM_CTX: Final = re.compile(r"^num_ctx\s+(\d{1,9})\s*$", re.MULTILINE)
_ABILITIES: Final[Mapping[str, Ability]] = {
    "tools": "tools",
    "vision": "vision",
    "thinking": "thinking",
}


def ask_ollama(base_url: str, earlier: tuple[FoundModel, ...] = ()) -> Inquiry:
    """Asks an Ollama. Of `earlier` models whose file is still the same nothing is asked again."""
    answers = yield _VERSION, _TAGS, _RUNNING
    version = version_of(object_of(answers[_VERSION].value()).get("version"))
    tags = object_of(answers[_TAGS].value())
    if not version or "models" not in tags:
        raise NotFound("is not an Ollama")
    listed = [each for each in objects_of(tags["models"]) if is_model_id(each.get("model"))]
    if any(object_of(each.get("details")).get("family") == OURSELVES for each in listed):
        raise OwnAddress("is Understudy's own address for clients of Ollama")
    models = {each.id: each for each in map(_listed, listed[:MODELS_MAX])}
    known = {(each.id, each.digest): each for each in earlier if each.digest}
    same = {each.id: known.get((each.id, each.digest)) for each in models.values()}
    shown = {name: _show(name) for name, old in same.items() if old is None}
    shown = dict(list(shown.items())[:SHOWN_MAX])
    told: Answers = {}
    if shown:
        told = yield tuple(shown.values())
    loaded = _loaded(answers[_RUNNING])
    done = tuple(
        _with_window(
            _with_earlier(model, same[name])
            if name not in shown
            else _with_show(model, told[shown[name]]),
            loaded,
        )
        for name, model in models.items()
    )
    unknown = (
        f"Ollama loads a model with {DEFAULT_TOKENS:,} tokens unless it is told otherwise or has "
        f"24 GiB of graphics memory: {LARGER}"
    )
    return FoundServer(KIND, base_url, version, done, warnings_of(done, LARGER, unknown))


def _show(model: str) -> Question:
    return Question("/api/show", msgspec.json.encode({"model": model}))


def _listed(entry: dict[str, Any]) -> FoundModel:
    """What the list says: all of it in new versions, the name alone in old ones."""
    name = text_of(entry["model"])
    said = strings_of(entry.get("capabilities"))
    return FoundModel(
        name,
        trained_tokens=tokens_of(object_of(entry.get("details")).get("context_length")),
        abilities=_abilities(said) if said else None,
        is_remote=_is_remote(entry, name),
        embeds=_embeds(said),
        digest=text_of(entry.get("digest")),
    )


def _with_show(model: FoundModel, answer: Answer) -> FoundModel:
    """With what the model's own page says; one that cannot be read changes nothing."""
    page = answer.members()
    said = strings_of(page.get("capabilities"))
    found = _NUM_CTX.search(text_of(page.get("parameters")))
    return attrs.evolve(
        model,
        trained_tokens=_trained(object_of(page.get("model_info"))) or model.trained_tokens,
        abilities=_abilities(said) if said else model.abilities,
        is_remote=model.is_remote or _is_remote(page, model.id),
        embeds=_embeds(said) if said else model.embeds,
        set_tokens=tokens_of(int(found[1])) if found else None,
    )


def _with_earlier(model: FoundModel, earlier: FoundModel | None) -> FoundModel:
    if earlier is None:
        return model
    return attrs.evolve(earlier, is_loaded=None, context_tokens=None)


def _with_window(model: FoundModel, loaded: Mapping[str, int | None]) -> FoundModel:
    """With the window that holds: of what is loaded the real one, else what the file asks for."""
    if model.is_remote:
        return attrs.evolve(model, context_tokens=model.trained_tokens)
    if model.id in loaded:
        return attrs.evolve(model, is_loaded=True, context_tokens=loaded[model.id])
    asked = model.set_tokens
    if asked is not None and model.trained_tokens is not None:
        asked = min(asked, model.trained_tokens)
    return attrs.evolve(model, is_loaded=False, context_tokens=asked)


def _loaded(answer: Answer) -> dict[str, int | None]:
    running = objects_of(answer.members().get("models"))
    return {text_of(each.get("model")): tokens_of(each.get("context_length")) for each in running}


def _trained(info: dict[str, Any]) -> int | None:
    """The member whose name ends so: what stands before it is the model's architecture."""
    architecture = text_of(info.get("general.architecture"))
    return tokens_of(info.get(f"{architecture}.context_length"))


def _abilities(said: tuple[str, ...]) -> tuple[Ability, ...]:
    return tuple(ability for name, ability in _ABILITIES.items() if name in said)


def _embeds(said: tuple[str, ...]) -> bool:
    return "embedding" in said and "completion" not in said


def _is_remote(entry: dict[str, Any], name: str) -> bool:
    return bool(entry.get("remote_host")) or name.endswith(CLOUD_ENDINGS)
