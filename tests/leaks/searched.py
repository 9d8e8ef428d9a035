"""What the tests here plant, and how they look for it."""

from __future__ import annotations

from collections.abc import Callable

from understudy.protocols.scrub import find_secrets

KEY = "sk-ant-Qz7x9Wm4Kd9pLr2TvN8sE41f"
ENVIRONMENT = {"WORK_KEY": KEY}
FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "hex": lambda key: key.encode().hex(),
    "url": lambda key: "".join(f"%{ord(one):02x}" for one in key),
    "part": lambda key: f"{key[:12]}***{key[-9:]}",
}


def leaks_in(text: str | bytes) -> list[str]:
    """In which forms the key stands there."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return [one.form for one in find_secrets(data, [("key", KEY)])]
