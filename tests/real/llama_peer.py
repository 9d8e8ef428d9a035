"""A llama.cpp server that Understudy has not started: a peer at an address, for an endpoint.

It is set up as llama.cpp's own tests set up theirs. The model is the one that ships with the
package. It answers at once; where a test looks for a word that another model would say, a grammar
holds this one to it, so that the answer's form can be judged.

This file is also the program of its process: llama.cpp has no way to stop within one.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import attrs
import trio
from understudy.io.engines.rehearsal import MODEL_FILE

READY_SECONDS_MAX = 30.0
LINE_BYTES_MAX = 4096


@attrs.frozen
class LlamaPeer:
    """How a server is set up. `template` is Jinja, "" for the model's own; `grammar` is GBNF."""

    alias: str
    context_tokens: int
    slots: int
    batch_tokens: int
    answer_tokens: int = -1
    template: str = ""
    grammar: str = ""


@asynccontextmanager
async def open_llama_peer(peer: LlamaPeer) -> AsyncGenerator[str]:
    """Starts the server, yields its address, and kills it on the way out."""
    orders = json.dumps({"file": MODEL_FILE, **attrs.asdict(peer)})
    process = await trio.lowlevel.open_process(
        [sys.executable, __file__, orders], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        with trio.fail_after(READY_SECONDS_MAX):
            yield await _address(process)
    finally:
        process.kill()
        await process.wait()


async def _address(process: trio.Process) -> str:
    assert process.stdout is not None
    said = b""
    while not said.endswith(b"\n"):
        data = await process.stdout.receive_some(LINE_BYTES_MAX)
        assert data, "the llama.cpp server ended before it was ready"
        said += data
    return said.decode().strip()


def main() -> None:
    """Serves until stdin ends."""
    orders = json.loads(sys.argv[1])
    # Here and by name: the package has no types, and is not on every platform.
    xllamacpp: Any = importlib.import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = orders["file"]
    params.model_alias = {orders["alias"]}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_parallel = orders["slots"]
    params.n_ctx = orders["context_tokens"]
    params.n_batch = orders["batch_tokens"]
    params.n_predict = orders["answer_tokens"]
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.sampling.seed = 42
    params.verbosity = 2
    params.endpoint_slots = params.ui = False
    params.offline = True
    if orders["template"]:
        params.chat_template = orders["template"]
    if orders["grammar"]:
        kind = xllamacpp.common_grammar_type.COMMON_GRAMMAR_TYPE_USER
        params.sampling.grammar = xllamacpp.CommonGrammar(kind, orders["grammar"])
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
