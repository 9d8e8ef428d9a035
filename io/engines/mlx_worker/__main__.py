"""The program of a worker that runs its model through MLX: see `worker.program`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..worker.program import run

if TYPE_CHECKING:
    from ..worker.start import Begin


def library() -> Begin:
    """Imports MLX and mlx-lm."""
    from .begin import begin

    return begin


def main() -> None:
    """Loads one model and answers until standard input ends."""
    run(library)


if __name__ == "__main__":
    main()
