"""Which tools the model is shown now, and the search by which it finds the others.

A client with hundreds of tools defers most of them: their names or nothing at all is in the prompt,
and a search's result refers to the ones that fit. A model which knows nothing of that is shown a
deferred tool once a reference or a call has named it. Loaded tools come behind the others, in the
order in which they were named, so that what a prompt cache holds of the tools stays true.

A search must not become a way to stop the server: a pattern is written by a model, which a page
may have told what to write, and Python's matcher can take for ever. So the ways in which it can
match are counted, and bounded like the text that it looks at; one that goes further is searched by
its words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from math import log
from typing import Final, Literal

import attrs

from ..json_values import object_of, text_of
from .blocks import Block, ToolReference, ToolResult, ToolUse
from .request import Conversation, Tool

SearchKind = Literal["regex", "bm25"]

PLACEHOLDER: Final = "DeferredToolPlaceholder"
"""Stands in a request's tools for those that were not sent; nobody can call it."""
RESULTS_MAX: Final = 5
QUERY_CHARACTERS_MAX: Final = 200
SEARCHED_CHARACTERS_MAX: Final = 120
"""Of each line of a tool that a pattern is matched with."""
REPEATED_MAX: Final = 32
"""How often `*` and `+` match at most."""
WAYS_MAX: Final = 2**10
"""In how many ways a pattern may match at one place: each `*` makes 32 of one. Each `?` and `|`
makes two, and is taken for four, as its ways cost more."""

_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_UNBOUNDED = re.compile(r"(?<!\\)([*+])(\??)")
_CHOICES = re.compile(r"(?<![\\(*+])[?|]")
_UNSAFE = re.compile(
    r"(?<!\\)(?:\)[*+{]|\{|\(\?(?!:|i\))|\\[1-9gk])"  # repeated groups, look-arounds, references
    r"|\[\[|--|&&|~~|\|\|"  # what Python may read as a set of sets some day, and warns of
)
_SATURATION: Final = 1.2
_LENGTH_WEIGHT: Final = 0.75


def shown_tools(conversation: Conversation) -> tuple[Tool, ...]:
    """The tools for a model that knows no deferral."""
    tools = [tool for tool in conversation.tools if tool.name != PLACEHOLDER]
    named = list(dict.fromkeys(_named(conversation)))
    loaded = {tool.name: tool for tool in tools if tool.deferred}
    present = [tool for tool in tools if not tool.deferred]
    found = [loaded[name] for name in named if name in loaded]
    return (*present, *(attrs.evolve(tool, deferred=False) for tool in found))


def plain_tools(conversation: Conversation) -> list[Tool]:
    """The tools that are to be shown and that no provider would have to run."""
    return [tool for tool in shown_tools(conversation) if tool.server is None]


def without_deferral(conversation: Conversation) -> Conversation:
    """The conversation with the tools that are to be shown; a choice of another one goes."""
    tools = shown_tools(conversation)
    choice = conversation.tool_choice
    names = {tool.name for tool in tools}
    keeps = choice is not None and bool(tools) and (choice.mode != "tool" or choice.name in names)
    return attrs.evolve(conversation, tools=tools, tool_choice=choice if keeps else None)


def search_tools(tools: tuple[Tool, ...], query: str, kind: SearchKind) -> tuple[str, ...]:
    """The names of the deferred tools that fit best, the best first; a few at most.

    Looked at are the name, the description, and the names and descriptions of the arguments.
    """
    deferred = [tool for tool in tools if tool.deferred and tool.name != PLACEHOLDER]
    patterns = _patterns(query) if kind == "regex" else []
    if not patterns:
        return _ranked(deferred, query[:QUERY_CHARACTERS_MAX])
    found = [tool.name for tool in deferred if _matches(_lines(tool), patterns)]
    found.sort(key=lambda name: not _matches([name], patterns))
    return tuple(found[:RESULTS_MAX])


def _named(conversation: Conversation) -> Iterator[str]:
    """Every tool that a reference or a call has named, in order."""
    for message in conversation.messages:
        for block in message.blocks:
            yield from _named_in(block)
    if conversation.tool_choice is not None:
        yield conversation.tool_choice.name


def _named_in(block: Block) -> Iterator[str]:
    match block:
        case ToolUse() | ToolReference():
            yield block.name
        case ToolResult():
            yield from (inner.name for inner in block.content if isinstance(inner, ToolReference))
        case _:
            pass


def _lines(tool: Tool) -> list[str]:
    """What there is to search in a tool, the name first."""
    lines = [tool.name, *tool.description.splitlines()]
    for name, argument in object_of(tool.schema.get("properties")).items():
        lines += [name, text_of(object_of(argument).get("description"))]
    return lines


def _patterns(query: str) -> list[re.Pattern[str]]:
    """The pattern, each alternative for itself; [] if it is none that ends in bounded time."""
    if len(query) > QUERY_CHARACTERS_MAX or not query.strip() or _UNSAFE.search(query):
        return []
    plain = query.removeprefix("(?i)")
    flags = re.IGNORECASE if plain != query else re.NOFLAG
    alternatives = [plain] if set(plain) & set("([\\") else plain.split("|")
    if any(_ways(alternative) > WAYS_MAX for alternative in alternatives):
        return []
    try:
        return [re.compile(_UNBOUNDED.sub(_bounded, each), flags) for each in alternatives]
    except (re.error, OverflowError, RecursionError):
        return []


def _ways(pattern: str) -> int:
    unbounded = len(_UNBOUNDED.findall(pattern))
    choices = len(_CHOICES.findall(pattern))
    return int(REPEATED_MAX**unbounded * 4**choices)


def _bounded(found: re.Match[str]) -> str:
    least = 1 if found[1] == "+" else 0
    return f"{{{least},{REPEATED_MAX}}}{found[2]}"


def _matches(lines: list[str], patterns: list[re.Pattern[str]]) -> bool:
    return any(
        pattern.search(line[:SEARCHED_CHARACTERS_MAX]) for line in lines for pattern in patterns
    )


def _words(text: str) -> list[str]:
    """The words, and the parts of those that are written `LikeThis`."""
    words = _WORD.findall(text)
    parts = [part for word in words if not word.islower() for part in _HUMP.findall(word)]
    return [word.lower() for word in (*words, *parts)]


def _ranked(tools: list[Tool], query: str) -> tuple[str, ...]:
    """The tools by Okapi's BM25: rare words count more, long descriptions less."""
    counts = [Counter(_words("\n".join(_lines(tool)))) for tool in tools]
    sizes = [counted.total() for counted in counts]
    mean_size = max(1.0, sum(sizes) / max(1, len(sizes)))
    wanted = set(_words(query))
    holding = {word: sum(word in counted for counted in counts) for word in wanted}

    def score(counted: Counter[str], size: int) -> float:
        length = 1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * size / mean_size
        return sum(
            log(1 + (len(tools) - holding[word] + 0.5) / (holding[word] + 0.5))
            * counted[word]
            * (_SATURATION + 1)
            / (counted[word] + _SATURATION * length)
            for word in wanted
            if counted[word]
        )

    scores = [score(counted, size) for counted, size in zip(counts, sizes, strict=True)]
    best = sorted(range(len(tools)), key=lambda place: -scores[place])[:RESULTS_MAX]
    return tuple(tools[place].name for place in best if scores[place] > 0)
