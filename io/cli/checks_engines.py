"""The checks of what runs models on this machine: the engine, and what it keeps of prompts."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Final

from ...protocols.routing.table import RoutingTable
from ..engines.state_folder import kept_bytes
from .engine_rows import INSTALL, SERVER_PACKAGE
from .findings import Circumstances, Finding, fail, ok, warn

GIB: Final = 2**30
GAIN: Final = (
    "Esc stops a model within milliseconds, prompts are remembered across turns and restarts, "
    "and calls of tools are always valid"
)
"""What a worker of our own has over the server; docs/local-models.md has the numbers."""


def check_engine(circumstances: Circumstances) -> Iterator[Finding]:
    """What models run in, as the server chooses it, and what there is to gain."""
    import trio  # the choice is the server's own code, which is asynchronous

    from ..engines.engine_choice import direct_problem

    worker = circumstances.settings.engines.worker
    problem = trio.run(direct_problem)
    if worker == "direct" and problem:
        yield fail("engine", f"the settings ask for the worker: {problem}", _remedy(problem))
    elif worker != "server" and not problem:
        yield ok("engine", "models run in workers of Understudy's own, on llama-cpp-python")
    elif find_spec(SERVER_PACKAGE) is None:
        yield _no_engine(circumstances, problem)
    elif worker == "server":
        yield ok(
            "engine",
            f"models run in llama.cpp's server ({SERVER_PACKAGE}): the settings ask for it",
        )
    else:
        yield _with_the_server(circumstances, problem)


def check_mlx(circumstances: Circumstances) -> Iterator[Finding]:
    """Whether MLX models can run, where that is the machine for it or the settings name one."""
    from ..engines.mlx_direct import INSTALL as INSTALL_MLX
    from ..engines.mlx_direct import mlx_problem

    named = [each for each in circumstances.settings.endpoints if each.engine == "mlx"]
    problem = mlx_problem()
    if not problem:
        yield ok("mlx", "folders with MLX models run in workers of Understudy's own, on mlx-lm")
    elif named:
        words = f"the endpoint {named[0].name} wants it: {problem}"
        yield fail("mlx", words, f"run: {INSTALL_MLX}")
    elif sys.platform == "darwin" and platform.machine() == "arm64":
        yield Finding("mlx", "ok", "not installed", f"to run MLX models: {INSTALL_MLX}")


def check_prompts(circumstances: Circumstances) -> Iterator[Finding]:
    """Where prompts are kept, how much of the budget is used, and whether the disk has the rest."""
    folder = circumstances.folders.prefixes_dir
    budget = circumstances.settings.engines.state_gibibytes * GIB
    kept = kept_bytes(folder)
    found = f"{folder}: {kept / GIB:.1f} of {budget / GIB:g} GiB"
    if not budget:
        yield ok("prompts", "none are kept on disk: settings")
        return
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(existing).free
    if free < budget - kept:
        yield warn(
            "prompts",
            f"{found}, and {free / GIB:.1f} GiB are free on that disk",
            "free some space, or lower `state_gibibytes` below [engines] in the settings",
        )
    else:
        yield ok("prompts", found)


def _with_the_server(circumstances: Circumstances, problem: str) -> Finding:
    """It works. Who has models of their own is told what they miss."""
    found = f"models run in llama.cpp's server ({SERVER_PACKAGE}): {problem}"
    advice = f"{_remedy(problem)} ({GAIN})"
    own = any(each.engine == "llama.cpp" for each in circumstances.settings.endpoints)
    return warn("engine", found, advice) if own else Finding("engine", "ok", found, advice)


def _no_engine(circumstances: Circumstances, problem: str) -> Finding:
    table = RoutingTable.of(circumstances.settings)
    needed = table.find(circumstances.settings.default_model).endpoint.engine is not None
    found = (
        f"{SERVER_PACKAGE} is not installed ({sys.platform} {platform.machine()}); "
        f"{problem or 'the settings ask for it'}"
    )
    if needed:
        return fail(
            "engine",
            f"{found}; the default model needs an engine",
            f"{_remedy(problem)}, or set `default` to a model of an endpoint with a base_url",
        )
    return warn(
        "engine",
        f"{found}: models in files cannot run",
        f"nothing, if your endpoints are elsewhere; else {_remedy(problem)}",
    )


def _remedy(problem: str) -> str:
    if not problem:
        return 'set `worker = "auto"` below [engines] in the settings'
    return f"run: {INSTALL}" + ("" if "not installed" in problem else " --rebuild")
