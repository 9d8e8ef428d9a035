"""Three models where two fit, and a program that takes memory and gives it back: for real.

Nobody is killed for want of memory, every turn is answered or refused with numbers, and what the
resource-watcher says that it did is what happened to the processes.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from importlib.util import find_spec
from math import inf
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest
import trio
from understudy.io.memory.own_group import OwnGroup

from .client import TOKEN
from .contention import MEBIBYTE, Life, counters, limited, open_hog, watch_lives
from .gguf_model import SHAPES, write_model
from .understudy_process import UnderstudyProcess, open_understudy

pytestmark = [
    pytest.mark.skipif(
        find_spec("llama_cpp") is None,
        reason="llama-cpp-python is not installed: pip install understudy[llama]",
    ),
    pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="reads Linux' /proc"),
]

MODELS = ("a", "b", "c")
LIMIT_MEBIBYTES = 1000
HOG_MEBIBYTES = 680
"""With two models it leaves less than half of the floor; with a third that loads it still fits."""
SETTINGS = """
[engines]
worker = "direct"
state_gibibytes = 0

[memory]
budget_gibibytes = 0.52
keep_free_gibibytes = 0.3
"""
"""The budget holds two models, measured, and not three. The first load of each has a margin."""
ENDPOINT = """
[[endpoint]]
name = "{name}"
engine = "llama.cpp"
file = "{file}"
context_tokens = 2048
"""
REQUESTS = 200
RUN = 18
"""So many requests go to and fro between two models; then one of them is exchanged."""
ANSWER_TOKENS = 2
TURN_SECONDS_MAX = 60.0
REFUSED_SECONDS = 0.3
"""Who was refused asks again, or another, after so long."""
NUMBERS = re.compile(r"\d [MG]iB")


@attrs.define(eq=False)
class Scene:
    """What was done, and what was seen."""

    understudy: UnderstudyProcess
    group: OwnGroup | None
    lives: list[Life] = attrs.field(factory=list[Life])
    answered: int = 0
    refused: list[str] = attrs.field(factory=list[str])
    report: dict[str, Any] = attrs.field(factory=dict[str, Any])


async def test_three_models_alternate_where_two_fit(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    write_model(models / "a.gguf", SHAPES["m100"])
    for name in MODELS[1:]:
        shutil.copy(models / "a.gguf", models / f"{name}.gguf")
    settings = SETTINGS + "".join(
        ENDPOINT.format(name=name, file=models / f"{name}.gguf") for name in MODELS
    )
    with limited(LIMIT_MEBIBYTES * MEBIBYTE) as group:
        async with open_understudy(tmp_path / "server", settings) as understudy:
            scene = Scene(understudy, group)
            if group is not None:
                group.add(understudy.process_id)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(watch_lives, understudy.children, models, scene.lives)
                async with open_hog(group, 1, HOG_MEBIBYTES):
                    await ask_all(scene)
                await trio.sleep(2)
                scene.report = await read_memory(understudy)
                nursery.cancel_scope.cancel("all is asked")
            print_scene(scene)
            check_nobody_was_killed(scene)
            check_the_decisions_are_what_happened(scene)
    assert scene.answered + len(scene.refused) == REQUESTS
    assert scene.answered > REQUESTS // 2
    assert all(NUMBERS.search(words) for words in scene.refused), scene.refused


async def ask_all(scene: Scene) -> None:
    """Two models in turn for a while, then one of them makes room for the third."""
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(
        base_url=scene.understudy.base_url, headers=headers, timeout=TURN_SECONDS_MAX
    ) as client:
        for at in range(REQUESTS):
            model = MODELS[(at // RUN + at % 2) % len(MODELS)]
            content = [{"role": "user", "content": f"Hello number {at}"}]
            body = {"model": f"{model}/{model}", "max_tokens": ANSWER_TOKENS, "messages": content}
            response = await client.post("/v1/messages", json=body)
            if response.status_code == 200:
                scene.answered += 1
            else:
                assert response.status_code in (503, 529), response.text
                scene.refused.append(response.json()["error"]["message"])
                await trio.sleep(REFUSED_SECONDS)


async def read_memory(understudy: UnderstudyProcess) -> dict[str, Any]:
    """What the server says of its memory."""
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {TOKEN}"}) as client:
        response = await client.get(f"{understudy.base_url}/status.json")
    report: dict[str, Any] = response.json()["memory"]
    return report


def check_nobody_was_killed(scene: Scene) -> None:
    """No process ended by itself, and nothing was swapped."""
    for decision in scene.report["decisions"]:
        assert "ended by itself" not in decision["why"], decision
        assert "not come to its end" not in decision["why"], decision
    if scene.group is not None:
        assert scene.group.killed() == 0
        assert counters(scene.group, "swap") == {"swap": 0}


def check_the_decisions_are_what_happened(scene: Scene) -> None:
    """As many processes of a model as grants; as many ends as releases; the rest is held."""
    decisions = scene.report["decisions"]
    assert len(decisions) < 200, "the first ones are forgotten"
    told = Counter((each["kind"], each["model"]) for each in decisions)
    begun = Counter(("granted", life.model) for life in scene.lives)
    ended = Counter(("released", life.model) for life in scene.lives if life.ended < inf)
    assert begun == Counter({key: n for key, n in told.items() if key[0] == "granted"})
    assert ended == Counter({key: n for key, n in told.items() if key[0] == "released"})
    held = sorted(lease["model"] for lease in scene.report["leases"])
    assert held == sorted(life.model for life in scene.lives if life.ended == inf)
    assert len(held) <= 2
    assert told.total() > 3 * len(MODELS), "hardly anything has happened"
    for decision in decisions:
        assert NUMBERS.search(decision["why"]) or decision["kind"] == "released", decision


def print_scene(scene: Scene) -> None:
    """For whoever looks."""
    kinds = Counter(each["kind"] for each in scene.report["decisions"])
    print(f"\n{scene.answered} answered, {len(scene.refused)} refused, {dict(kinds)}")
    if scene.group is not None:
        print(counters(scene.group, "swap", "pgmajfault"), scene.group.name)
    for decision in scene.report["decisions"][-12:]:
        print(decision["words"])
    for words in scene.refused[:2]:
        print(words)
