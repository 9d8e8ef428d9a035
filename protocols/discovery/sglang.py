"""SGLang: one model, its window, and what it was started to understand.

It answers with all its arguments, of which only those that are named here are looked at. Whether
calls of tools are read from what the model writes depends on `tool_call_parser`.

Source, sgl-project/sglang: ModelCard (`owned_by`, `max_model_len`) in
python/sglang/srt/entrypoints/openai/protocol.py; `GET /get_model_info` (`is_generation`,
`has_image_understanding`) and `GET /get_server_info` (the server's arguments and `version`) in
python/sglang/srt/entrypoints/http_server.py; the arguments `tool_call_parser` and
`reasoning_parser` in python/sglang/srt/server_args.py.
"""

from __future__ import annotations

from typing import Any, Final

from ..json_values import object_of, objects_of, text_of
from ..settings_data import Ability
from .found import FoundModel, FoundServer, Inquiry, warnings_of
from .inquiry import MODELS_MAX, NotFound, Question, is_model_id, tokens_of, version_of

KIND: Final = "sglang"
OWNED_BY: Final = "sglang"
LARGER: Final = "start SGLang with --context-length 32768 (or more)"

_MODELS: Final = Question("/v1/models")
_MODEL: Final = Question("/get_model_info")
_SERVER: Final = Question("/get_server_info")


def ask_sglang(base_url: str) -> Inquiry:
    """Asks an SGLang."""
    answers = yield _MODELS, _MODEL, _SERVER
    listed = objects_of(object_of(answers[_MODELS].value()).get("data"))
    entries = [each for each in listed if is_model_id(each.get("id"))][:MODELS_MAX]
    if not entries or any(each.get("owned_by") != OWNED_BY for each in entries):
        raise NotFound("is not an SGLang")
    info, server = answers[_MODEL].members(), answers[_SERVER].members()
    abilities = _abilities(info, server)
    models = tuple(
        FoundModel(
            each["id"],
            tokens_of(each.get("max_model_len")) or tokens_of(server.get("context_length")),
            abilities=abilities,
            is_loaded=True,
            embeds=info.get("is_generation") is False,
        )
        for each in entries
    )
    version = version_of(server.get("version"))
    return FoundServer(KIND, base_url, version, models, warnings_of(models, LARGER))


def _abilities(info: dict[str, Any], server: dict[str, Any]) -> tuple[Ability, ...] | None:
    """What it says of itself; None for a version that does not say all of it."""
    if not server or not isinstance(info.get("has_image_understanding"), bool):
        return None
    can: list[Ability] = []
    if text_of(server.get("tool_call_parser")):
        can.append("tools")
    if info["has_image_understanding"]:
        can.append("vision")
    if text_of(server.get("reasoning_parser")):
        can.append("thinking")
    return tuple(can)
