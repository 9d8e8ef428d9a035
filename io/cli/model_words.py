"""What is said of a model, in words and columns; nothing in it that a terminal would obey.

Sizes of files are decimal, as hubs and shops say them; counts of weights are rounded as the names
of models are.
"""

from __future__ import annotations

from ...protocols.models.local_model import GGUF, LocalModel, ModelFacts

UNKNOWN = "-"
_UNITS = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_COUNTS = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K"))


def size_in_words(size_bytes: int) -> str:
    """`4.7 GB`, `812 MB`."""
    for unit, name in _UNITS:
        if size_bytes >= unit:
            number = size_bytes / unit
            return f"{number:.1f} {name}" if number < 100 else f"{number:.0f} {name}"
    return f"{size_bytes} B"


def count_in_words(count: int) -> str:
    """`7.6B`, `494M`; - for 0, which is unknown."""
    for unit, name in _COUNTS:
        if count >= unit:
            number = count / unit
            return f"{number:.1f}{name}" if number < 10 else f"{number:.0f}{name}"
    return str(count) if count else UNKNOWN


def tokens_in_words(tokens: int) -> str:
    """`32,768`; - for 0, which is unknown."""
    return f"{tokens:,}" if tokens else UNKNOWN


def kind_in_words(facts: ModelFacts) -> str:
    """How it is quantised, and its format where that is not GGUF: `Q4_K_M`, `MLX 4-bit`."""
    if facts.format == GGUF:
        return printable(facts.quantisation) or "GGUF"
    return f"MLX {printable(facts.quantisation)}".strip()


def abilities(facts: ModelFacts) -> list[str]:
    """What it can do besides writing, in the order in which people ask."""
    found = {
        "tools": facts.tools,
        "thinking": facts.thinking,
        "images": facts.vision,
        "vectors": facts.embeddings,
    }
    return [name for name, has in found.items() if has]


def sources(model: LocalModel) -> list[str]:
    """The programs that have it, each once; the first is the one whose path is used."""
    return list(dict.fromkeys([model.source, *(place.source for place in model.elsewhere)]))


def printable(text: str) -> str:
    """A text of somebody else's as a terminal may show it."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape", "surrogatepass").decode()
        for sign in text
    )
