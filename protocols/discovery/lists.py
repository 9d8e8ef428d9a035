"""A provider's own list of its models, in whatever dialect it speaks.

The names are what all of them say. Windows have a name of their own nearly everywhere, and are read
where it is one of those below; what a model can do is read where it is said in full.

Sources: docs.claude.com/en/api/models-list, platform.openai.com/docs/api-reference/models/list,
ai.google.dev/api/models (`models[].name`, `inputTokenLimit`, `supportedGenerationMethods`),
openrouter.ai/docs/api-reference/list-available-models (`context_length`,
`architecture.input_modalities`, `supported_parameters`), docs.mistral.ai/api
(`max_context_length`), console.groq.com/docs/models (`context_window`),
docs.together.ai/reference/models-1 (no object, a list).
"""

from __future__ import annotations

from typing import Any, Final

from ..json_values import list_of, object_of, objects_of, strings_of, text_of
from ..settings_data import Ability, EndpointSettings
from .found import FoundModel, FoundServer, Inquiry
from .inquiry import MODELS_MAX, NotFound, Question, is_model_id, tokens_of
from .kinds import OTHER

PAGE_MODELS: Final = 1_000
WINDOWS: Final = (
    "context_length",
    "context_window",
    "max_context_length",
    "max_model_len",
    "inputTokenLimit",
)
"""What the window is called."""
_PATHS: Final = {
    "anthropic": f"/v1/models?limit={PAGE_MODELS}",
    "openai-chat": "/v1/models",
    "openai-responses": "/v1/models",
    "gemini": f"/v1beta/models?pageSize={PAGE_MODELS}",
}
_GEMINI_NAME: Final = "models/"
_ANSWERS: Final = "generateContent"


def ask_list(endpoint: EndpointSettings) -> Inquiry:
    """Asks an endpoint for its list, in the first of its dialects."""
    dialect = endpoint.dialects[0]
    if dialect not in _PATHS:
        raise NotFound("has no list of models in its dialect")
    question = Question(endpoint.path(dialect, _PATHS[dialect]))
    value = (yield (question,))[question].value()
    entries = objects_of(value) or objects_of(object_of(value).get("data"))
    entries = entries or objects_of(object_of(value).get("models"))
    models = {each.id: each for each in map(_model, entries) if is_model_id(each.id)}
    if not models:
        raise NotFound("lists no models")
    found = tuple(models.values())[:MODELS_MAX]
    return FoundServer(OTHER, endpoint.base_url or "", "", found)


def _model(entry: dict[str, Any]) -> FoundModel:
    name = text_of(entry.get("id")) or text_of(entry.get("name")).removeprefix(_GEMINI_NAME)
    windows = (tokens_of(entry.get(key)) for key in WINDOWS)
    methods = list_of(entry.get("supportedGenerationMethods"))
    return FoundModel(
        name,
        context_tokens=next((each for each in windows if each is not None), None),
        abilities=_abilities(entry),
        embeds=bool(methods) and _ANSWERS not in methods,
    )


def _abilities(entry: dict[str, Any]) -> tuple[Ability, ...] | None:
    kinds = strings_of(object_of(entry.get("architecture")).get("input_modalities"))
    parameters = strings_of(entry.get("supported_parameters"))
    if not kinds or not parameters:
        return None
    can: list[Ability] = []
    if "tools" in parameters:
        can.append("tools")
    if "image" in kinds:
        can.append("vision")
    if "reasoning" in parameters:
        can.append("thinking")
    return tuple(can)
