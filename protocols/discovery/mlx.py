"""mlx_lm.server: every MLX model in the cache of downloads, each loaded when it is asked for.

It says no more than names: neither windows nor abilities, and nothing of its own name either. It is
told by what its entries lack: nobody else leaves out `owned_by`.

Source, ml-explore/mlx-lm: `handle_models_request` (`id`, `object`, `created`) and
`handle_health_check` (`status`) in mlx_lm/server.py.
"""

from __future__ import annotations

from typing import Final

from ..json_values import object_of, objects_of
from .found import FoundModel, FoundServer, Inquiry, warnings_of
from .inquiry import MODELS_MAX, NotFound, Question, is_model_id

KIND: Final = "mlx-server"

_MODELS: Final = Question("/v1/models")
_HEALTH: Final = Question("/health")


def ask_mlx(base_url: str) -> Inquiry:
    """Asks an mlx_lm.server."""
    answers = yield _MODELS, _HEALTH
    listed = objects_of(object_of(answers[_MODELS].value()).get("data"))
    is_well = answers[_HEALTH].members().get("status") == "ok"
    if not listed or not is_well or any("owned_by" in each for each in listed):
        raise NotFound("is not an mlx_lm.server")
    names = [each["id"] for each in listed if is_model_id(each.get("id"))][:MODELS_MAX]
    models = tuple(FoundModel(name) for name in names)
    return FoundServer(KIND, base_url, "", models, warnings_of(models, ""))
