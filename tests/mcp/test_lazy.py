"""Nothing of the SDK, nor of what it brings, is imported before somebody asks for `/mcp`."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("mcp", "mcp_types", "pydantic", "starlette", "uvicorn", "sse_starlette", "httpx2")


def test_the_server_starts_without_the_sdk() -> None:
    """The composition root and all that it imports; the proxy speaks for itself as well."""
    look = (
        "import sys; import understudy.app, understudy.io.mcp.mount, understudy.io.mcp.pipes; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
