"""Where the install scripts beside this file put what they fetch."""

from __future__ import annotations

import os
from pathlib import Path

_repository = Path(__file__).resolve().parents[2]


def cache_folder() -> Path:
    """The folder that git ignores; UNDERSTUDY_TEST_CACHE may name another."""
    return Path(os.environ.get("UNDERSTUDY_TEST_CACHE") or _repository / ".cache" / "client")


def installed(path: str, script: str) -> Path:
    """Something in the cache; fails with the script that puts it there."""
    found = cache_folder() / path
    if not found.exists():
        raise AssertionError(
            f"{found} is missing: run tests/real/{script}, or set UNDERSTUDY_TEST_CACHE to the"
            " folder in which it has run"
        )
    return found
