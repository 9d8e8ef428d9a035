"""`python -m understudy.simulations …` is `understudy simulate …`."""

from __future__ import annotations

import sys

from ..__main__ import main

if __name__ == "__main__":
    main(["simulate", *sys.argv[1:]])
