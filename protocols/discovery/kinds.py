"""Every kind of server that is known here: where it usually listens, and how it is told apart.

All of them list their models at `/v1/models`, and most say there who they are (`owned_by`). So a
port is asked that first, and only then what its kind alone understands: some servers write an error
into their log for a path that they do not know, and one of them starts a model. Where the list says
nothing of its server, the kinds are tried whose usual port it is, and then Ollama, whose
`owned_by` is a part of a model's name.

Sources: the modules of the kinds; the usual ports are the defaults in envconfig/config.go (Ollama),
vllm/entrypoints/openai/cli_args.py, lmstudio.ai/docs/developer/core/server, common/arg.cpp
(llama.cpp), llama-swap.go, python/sglang/srt/server_args.py and mlx_lm/server.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import attrs

from ..json_values import object_of, objects_of, text_of
from ..settings_data import Dialect
from . import llama_server, llama_swap, lm_studio, mlx, ollama, sglang, vllm
from .found import FoundModel, FoundServer, Inquiry, warnings_of
from .inquiry import KEY_STATUSES, MODELS_MAX, NotFound, OwnAddress, Question, is_model_id

OTHER: Final = "other"
"""A server that lists its models as OpenAI does, and is none of those that are known here."""

_MODELS: Final = Question("/v1/models")

Earlier = tuple[FoundModel, ...]


@attrs.frozen
class ServerKind:
    """One kind. `ask` is its inquiry, from the base URL and what was known before.

    `name` is the name of its row in the table of providers, too. With `loads` it loads models when
    they are asked for, and only then says with which window.
    """

    name: str
    title: str
    ports: tuple[int, ...]
    owned_by: str
    ask: Callable[[str, Earlier], Inquiry]
    dialect: Dialect = "openai-chat"
    loads: bool = False


def _without_memory(ask: Callable[[str], Inquiry]) -> Callable[[str, Earlier], Inquiry]:
    """For those who are asked everything each time."""
    return lambda base_url, _: ask(base_url)


KINDS: Final = (
    ServerKind(
        ollama.KIND, "Ollama", (11_434,), "library", ollama.ask_ollama, "ollama", loads=True
    ),
    ServerKind(
        lm_studio.KIND,
        "LM Studio",
        (1_234,),
        lm_studio.OWNED_BY,
        _without_memory(lm_studio.ask_lm_studio),
        loads=True,
    ),
    ServerKind(vllm.KIND, "vLLM", (8_000,), vllm.OWNED_BY, _without_memory(vllm.ask_vllm)),
    ServerKind(
        llama_swap.KIND,
        "llama-swap",
        (8_080,),
        llama_swap.OWNED_BY,
        llama_swap.ask_llama_swap,
        loads=True,
    ),
    ServerKind(
        llama_server.KIND,
        "llama-server",
        (8_080, 8_081),
        llama_server.OWNED_BY,
        _without_memory(llama_server.ask_llama_server),
    ),
    ServerKind(
        sglang.KIND, "SGLang", (30_000,), sglang.OWNED_BY, _without_memory(sglang.ask_sglang)
    ),
    ServerKind(mlx.KIND, "MLX", (8_080,), "", _without_memory(mlx.ask_mlx)),
)
BY_NAME: Final = {kind.name: kind for kind in KINDS}
FURTHER_PORTS: Final = (8_888, 5_000, 10_240)
"""Where such servers are often put by hand, or by tools around them."""
USUAL_PORTS: Final = tuple(
    dict.fromkeys((*(port for kind in KINDS for port in kind.ports), *FURTHER_PORTS))
)


def title_of(kind: str) -> str:
    """A kind as it is shown."""
    return BY_NAME[kind].title if kind in BY_NAME else "an OpenAI-like server"


def identify(base_url: str, earlier: Earlier = ()) -> Inquiry:
    """Finds out what listens at an address, and then all that its kind says of itself."""
    answer = (yield (_MODELS,))[_MODELS]
    if answer.status in KEY_STATUSES or answer.status == 0 or 300 <= answer.status < 400:
        answer.value()
    entries = objects_of(answer.members().get("data"))
    for kind in _candidates(base_url, entries):
        try:
            return (yield from kind.ask(base_url, earlier))
        except OwnAddress:
            raise
        except NotFound:
            continue
    return _other(base_url, object_of(answer.value()))


def _candidates(base_url: str, entries: list[dict[str, Any]]) -> Iterator[ServerKind]:
    """The kind that the list names; else those whose port it is, or that name none, and Ollama."""
    owner = text_of(entries[0].get("owned_by")) if entries else ""
    port = urlsplit(base_url).port
    if owner:
        fitting = [kind for kind in KINDS if kind.owned_by == owner]
    elif entries:
        fitting = [kind for kind in KINDS if not kind.owned_by]
    else:
        fitting = [kind for kind in KINDS if port in kind.ports]
    yield from fitting
    if BY_NAME[ollama.KIND] not in fitting and not (owner and fitting):
        yield BY_NAME[ollama.KIND]


def _other(base_url: str, members: dict[str, Any]) -> FoundServer:
    """What is left: a list in OpenAI's form is worth showing, anything else is not."""
    if members.get("object") != "list" or not isinstance(members.get("data"), list):
        raise NotFound("is another program")
    entries = objects_of(members["data"])
    names = [text_of(each["id"]) for each in entries if is_model_id(each.get("id"))][:MODELS_MAX]
    models = tuple(map(FoundModel, names))
    return FoundServer(OTHER, base_url, "", models, warnings_of(models, ""))
