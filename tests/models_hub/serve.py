"""The fake hub as a process of its own: `python -m tests.models_hub.serve`.

Serves one model, `a/b`, of so many bytes, slowly. It prints its address and the model's digest,
and then answers each line that it reads with the bytes that its second host has sent: `sent` at
once, `wait N` when they are N, and `fast` after which nothing is slow any more.
"""

from __future__ import annotations

import sys

import trio

from .content import gguf_file
from .fake_hub import STORE, Model, slow
from .hub_server import HubServer, open_hub_server

PATH = "m-Q4_K_M.gguf"
WAIT_SECONDS_MAX = 30.0
"""Then the pull is not to come so far any more, and the test fails by what it sees."""


async def main(data_bytes: int, piece_bytes: int, piece_seconds: float) -> None:
    """Serves until its input ends."""
    async with open_hub_server() as server:
        model = server.hub.add(Model("a/b", {PATH: gguf_file(data_bytes)}))
        server.hub.always[STORE] = slow(piece_bytes, piece_seconds)
        say(server.hub.hub_url, model.digest(PATH), len(model.files[PATH]))
        async for line in trio.wrap_file(sys.stdin):
            await obey(server, *line.split())


async def obey(server: HubServer, word: str, count: str = "0") -> None:
    """Does what a line says."""
    if word == "fast":
        server.hub.always.clear()
    with trio.move_on_after(WAIT_SECONDS_MAX):
        await server.wait_sent(int(count))
    say(server.sent_bytes)


def say(*values: object) -> None:
    """One line for the parent."""
    sys.stdout.write(" ".join(map(str, values)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    trio.run(main, int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
