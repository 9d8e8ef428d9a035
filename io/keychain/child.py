"""The process that talks to the operating system's keychain: one wish, one answer, and it ends.

A keychain may ask its user, in a dialog that stays for as long as the user likes, and the libraries
wait for it in a way that nothing can interrupt. So they run here, and we are killed when whoever
asked wants no answer any more. We also go by ourselves when the process that asked is gone: nobody
else would close the dialog.
"""

from __future__ import annotations

import os
import resource
import sys
import threading
from typing import BinaryIO, Final

import msgspec

from .messages import LENGTH_BYTES, Wish, framed, length_of

LEFT_ALONE: Final = 3
"""The exit status when the process that asked has gone."""


def main() -> None:
    """Reads a wish from the standard input, and answers on what was the standard output."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash must not write a key to the disk
    answer = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    source = sys.stdin.buffer
    head = source.read(LENGTH_BYTES)
    wish = msgspec.json.decode(source.read(length_of(head)), type=Wish)
    threading.Thread(target=_leave_when_alone, args=(source,), daemon=True).start()
    from .backends import perform  # the libraries cost 0.1 s, and nobody need wait to write

    with os.fdopen(answer, "wb") as sink:
        sink.write(framed(perform(wish)))


def _leave_when_alone(source: BinaryIO) -> None:
    """Ends the process when the other end of its standard input is closed."""
    source.read(1)
    os._exit(LEFT_ALONE)


if __name__ == "__main__":
    main()
