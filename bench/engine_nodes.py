"""The slowest single operation of a prefill: what an abort has to wait for at most.

llama.cpp looks at the abort flag between two nodes of its graph. This reads one batch of a model
with a callback around each node and prints the longest, in seconds, as JSON. A process of its own:
the library stays out of the benchmark's.

    python bench/engine_nodes.py MODEL.gguf BATCH_TOKENS
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import sys
import time
from typing import Any

CALLBACK = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_bool, ctypes.c_void_p)
ROUNDS = 3
FIRST_TOKEN = 300


def slowest_node_seconds(model: str, batch_tokens: int) -> float:
    """The longest time between two nodes, the least of some rounds: the rest is the scheduler's."""
    library: Any = importlib.import_module("llama_cpp")
    found: list[float] = []

    def see(_tensor: int, before: bool, _user: int) -> bool:
        now = time.perf_counter()
        if not before:
            found.append(now - see_at[0])
        see_at[0] = time.perf_counter()
        return True

    see_at = [0.0]
    kept: Any = CALLBACK(see)
    parameters = library.llama_context_default_params()
    parameters.n_ctx = 2 * ROUNDS * batch_tokens
    parameters.n_batch = parameters.n_ubatch = batch_tokens
    parameters.n_threads = parameters.n_threads_batch = 1
    parameters.cb_eval = ctypes.cast(kept, library.ggml_backend_sched_eval_callback)
    loaded = library.llama_model_load_from_file(
        model.encode(), library.llama_model_default_params()
    )
    context = library.llama_init_from_model(loaded, parameters)
    slowest: list[float] = []
    for _ in range(ROUNDS):
        found.clear()
        tokens = (library.llama_token * batch_tokens)(
            *range(FIRST_TOKEN, FIRST_TOKEN + batch_tokens)
        )
        assert library.llama_decode(context, library.llama_batch_get_one(tokens, batch_tokens)) == 0
        slowest.append(max(found))
    return min(slowest)


def main() -> None:
    """Prints it, past what the library prints."""
    model, batch_tokens = sys.argv[1], int(sys.argv[2])
    output = os.dup(1)
    os.dup2(2, 1)
    seconds = slowest_node_seconds(model, batch_tokens)
    os.write(output, json.dumps({"seconds": seconds}).encode())
    os._exit(0)


if __name__ == "__main__":
    main()
