"""The program of a worker: `python -m understudy.io.engines.llama_worker PAGE`, or `mlx_worker`.

PAGE is the file descriptor of the shared page. The first frame on standard input is the `Load`.
What native code prints on standard output goes to standard error; the frames have the pipe for
themselves. The exit status tells a parent that still listens what it was: 0 for its own end, 2 for
garbage on the pipe, 3 for a model that cannot be loaded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec

from ....protocols.engine.frames import FrameNonsense
from ....protocols.engine.messages import Load, decode_to_worker
from .lifeline import die_with_parent
from .mailbox import Garbage, Mailbox
from .pipe import ParentGone, Pipe
from .shared_page import SharedPage

if TYPE_CHECKING:
    from .start import Begin

NICENESS: Final = 5
"""The event loop of the gateway goes first: starving it would delay every stream, and Esc."""
STATUS_GARBAGE: Final = 2
STATUS_NO_MODEL: Final = 3


def run(library: Callable[[], Begin]) -> None:
    """Loads one model and answers until standard input ends.

    `library` imports what loads it, once there is something to load: that takes a moment, and a
    parent that is gone shall not wait.
    """
    source, report = sys.stdin.fileno(), os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    die_with_parent(source)
    os.nice(NICENESS)
    status = _work(Pipe(source, report), SharedPage(int(sys.argv[1])), library)
    sys.stderr.flush()
    # No clean-up: the process ends, and that gives everything back.
    os._exit(status)


def _work(pipe: Pipe, page: SharedPage, library: Callable[[], Begin]) -> int:
    try:
        load = _first(pipe)
        begin = library()
        from .start import start

        worker = start(load, Mailbox(pipe), page, begin)
        if worker is None:
            return STATUS_NO_MODEL
        worker.run()
    except ParentGone:
        return 0
    except (FrameNonsense, Garbage) as error:
        sys.stderr.write(f"this worker was sent garbage: {error}\n")
        return STATUS_GARBAGE


def _first(pipe: Pipe) -> Load:
    while not (payloads := pipe.receive(None)):
        pass
    if len(payloads) > 1:
        raise Garbage("more than a Load before the model is ready")
    try:
        message = decode_to_worker(payloads[0])
    except msgspec.MsgspecError as error:
        raise Garbage(f"a first frame that is no Load: {error}") from error
    if not isinstance(message, Load):
        raise Garbage(f"a first frame that is no Load but {type(message).__name__}")
    return message
