"""The program inside a llama.cpp server process; started with `python -m` by `llama_server`.

It reads one JSON line from stdin (the model and its private key, so that neither a command line
nor an environment shows them), loads the model, prints one JSON line with its port, and serves
until it is killed.

stdin is the lifeline: our parent never closes it while it lives, so its end means that the parent
is gone, and we go too. The kernel watches it for us with SIGIO (Linux), because the native loader
holds the interpreter's lock for as long as a load takes. PR_SET_PDEATHSIG is not the way: it
follows the parent's *thread*, and Trio spawns processes from threads that end when idle. Where
SIGIO is ignored by default (macOS) the end is seen by the read at the bottom, after the load.
"""

from __future__ import annotations

import fcntl
import importlib
import json
import os
import select
import signal
import sys
from typing import Any

NICENESS = 5
"""The event loop of the gateway goes first: starving it would delay every stream, and Esc."""
LOG_WARNINGS = 2
"""llama.cpp's log level: errors and warnings; higher ones write a line per request."""
PROMPT_CACHE_MEBIBYTES = 512
"""Prefixes of other conversations kept in memory; llama.cpp's own default is 8,192."""
PING_SECONDS = 5
"""After so long without an event a stream carries a comment line; our clients are owed a sign of
life every 15 s."""
SPEC_BYTES = 64 * 1024
STATUS_NO_MODEL = 3


def main() -> None:
    """Serves one model until stdin ends; exits with STATUS_NO_MODEL if it cannot be loaded."""
    report = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    spec = json.loads(sys.stdin.buffer.readline(SPEC_BYTES))
    _die_with_parent(sys.stdin.fileno())
    os.nice(NICENESS)
    server = _serve(spec)
    port = int(server.listening_address.rpartition(":")[2])
    os.write(report, json.dumps({"port": port}).encode() + b"\n")
    os.close(report)
    sys.stdin.buffer.read()
    # No clean-up: the server keeps nothing on disk, and its destructor can wait for ever.
    os._exit(0)


def _die_with_parent(lifeline: int) -> None:
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(lifeline, fcntl.F_GETFL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, flags | os.O_ASYNC)
    # The parent may have ended before the line above: then no signal comes, but the end is there.
    if select.select([lifeline], [], [], 0)[0]:
        os._exit(0)


def _serve(spec: dict[str, Any]) -> Any:
    # Here and by name: the package has no types, and is not on every platform.
    xllamacpp: Any = importlib.import_module("xllamacpp")

    params = xllamacpp.CommonParams()
    params.model.path = spec["file"]
    params.model_alias = {spec["name"]}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [spec["key"]]
    # Each slot has the whole window to itself: with one shared cache (kv_unified) two long
    # conversations at once would fail in the middle of an answer.
    params.n_parallel = spec["slots"]
    params.n_ctx = spec["context_tokens"] * spec["slots"]
    # An abandoned request ends between two batches; llama.cpp looks for one once a second, and
    # also whenever it has something to send.
    params.n_batch = params.n_ubatch = spec["batch_tokens"]
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = spec["threads"]
    if spec["projector"]:
        params.mmproj.path = spec["projector"]
    if spec["draft"]:
        params.speculative.draft.mparams.path = spec["draft"]
        kinds = xllamacpp.common_speculative_type
        params.speculative.types = [kinds.COMMON_SPECULATIVE_TYPE_DRAFT_SIMPLE]
    params.cache_ram_mib = PROMPT_CACHE_MEBIBYTES
    params.sse_ping_interval = PING_SECONDS
    params.verbosity = LOG_WARNINGS
    params.endpoint_slots = params.ui = False
    params.offline = True
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        os._exit(STATUS_NO_MODEL)


if __name__ == "__main__":
    main()
