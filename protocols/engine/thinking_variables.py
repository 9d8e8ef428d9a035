"""How much to think, in the variables of a template: each family has named its own.

`wishes` says it in three neutral variables. Here they become those that a template knows, by the
names that it reads. Efforts differ, too: a template that refuses one it does not know names the
ones it takes, and one that writes the effort into the prompt was trained on low, medium and high;
others look for a value that they know, and any may be said to them.

Most families drop the thinking of older turns, some only unless they are told to keep it. They are
told to: a prompt whose middle has changed is read again from there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import attrs

from .wishes import BUDGET, EFFORT, THINKS

ORDER: Final = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
THREE: Final = ("low", "medium", "high")
NO_THINK: Final = "no_think"
"""Tencent's word for none."""
EFFORT_NAMES: Final = ("reasoning_effort", "reasoning_strength", "thinking_effort")

_SWITCHES: Final[Mapping[str, tuple[Any, Any]]] = {
    "enable_thinking": (False, True),
    "thinking": (False, True),
    "thinking_mode": ("disabled", "enabled"),
}
"""Variables that switch thinking off and on, with their values."""
KEEPING: Final[Mapping[str, Any]] = {
    "preserve_thinking": True,
    "preserved_thinking": True,
    "keep_past_thinking": True,
    "clear_thinking": False,
    "truncate_history_thinking": False,
    "drop_thinking": False,
    "think_render_option": "all",
}
"""Variables that keep the thinking of older turns, each with the value that does."""
_QUOTED: Final = re.compile(r"""["'](none|no_think|minimal|low|medium|high|xhigh|max)["']""")
_FIRST_UNUSUAL: Final = "xhigh"

Attempt = Callable[[Mapping[str, Any]], str | None]
"""Renders a question with these variables; None if the template refuses them."""


@attrs.frozen
class ThinkingVariables:
    """The variables of one template."""

    _names: frozenset[str]
    _efforts: tuple[str, ...]
    """Which efforts may be said, from the least on; () if any."""

    @classmethod
    def of(cls, source: str, names: frozenset[str], attempt: Attempt) -> ThinkingVariables:
        """Those of a template with variables of these names. It is tried with an effort."""
        names &= {*_SWITCHES, *KEEPING, *EFFORT_NAMES, BUDGET}
        return cls(names, _efforts(source, names & {*EFFORT_NAMES}, attempt))

    def values(self, wished: Mapping[str, Any]) -> dict[str, Any]:
        """The template's variables for neutral ones; what is not neutral stays as it is."""
        found = {name: value for name, value in KEEPING.items() if name in self._names}
        found |= {name: value for name, value in wished.items() if name not in (EFFORT, BUDGET)}
        thinks = wished.get(THINKS)
        if isinstance(thinks, bool):
            switches = _SWITCHES.items()
            found |= {name: values[thinks] for name, values in switches if name in self._names}
        effort = "none" if thinks is False else wished.get(EFFORT)
        if isinstance(effort, str) and effort:
            said = self._said(effort)
            found |= {name: said for name in EFFORT_NAMES if name in self._names}
        budget = 0 if thinks is False else wished.get(BUDGET)
        if budget is not None and BUDGET in self._names:
            found[BUDGET] = budget
        return found

    def _said(self, effort: str) -> str:
        """The nearest effort that may be said."""
        if not self._efforts or effort not in ORDER:
            return effort
        return min(self._efforts, key=lambda each: abs(_rank(each) - _rank(effort)))


def _efforts(source: str, names: Iterable[str], attempt: Attempt) -> tuple[str, ...]:
    for name in sorted(names):
        text = attempt({name: _FIRST_UNUSUAL, THINKS: True})
        if text is None:
            return _named_with(source, name) or THREE
        if _FIRST_UNUSUAL in text:
            return THREE
    return ()


def _named_with(source: str, name: str) -> tuple[str, ...]:
    """The efforts in the lines that name this variable, from the least on."""
    lines = (line for line in source.splitlines() if name in line)
    found = {effort for line in lines for effort in _QUOTED.findall(line)}
    return tuple(sorted(found, key=_rank))


def _rank(effort: str) -> int:
    return 0 if effort == NO_THINK else ORDER.index(effort)
