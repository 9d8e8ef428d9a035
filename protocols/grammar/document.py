"""A JSON Schema document: where its references lead, and which of them come back to themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, TypeGuard
from urllib.parse import unquote

Schema = dict[str, Any] | bool
"""A JSON Schema."""

NODES_MAX: Final = 100_000
"""Documents with more objects and lists are not walked further."""


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a decoded JSON value is an object."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Whether a decoded JSON value is a list."""
    return isinstance(value, list)


def is_schema(value: Any) -> TypeGuard[Schema]:
    """Whether a decoded JSON value has the form of a schema."""
    return isinstance(value, dict | bool)


class Document:
    """A root schema and its references: pointers (`#/$defs/a`), anchors and ids within it."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self._targets: dict[str, Schema | None] = {}
        self._references: dict[str, frozenset[str]] = {}
        self._recursive: dict[str, bool] = {}

    def target(self, reference: str) -> Schema | None:
        """The schema that is referred to; None if it is not in the document."""
        if reference not in self._targets:
            self._targets[reference] = self._find(reference)
        return self._targets[reference]

    def is_recursive(self, reference: str) -> bool:
        """Whether following references from its target can lead to it again."""
        if reference not in self._recursive:
            self._recursive[reference] = self._comes_back(reference)
        return self._recursive[reference]

    def _comes_back(self, reference: str) -> bool:
        seen: set[str] = set()
        waiting = [reference]
        while waiting:
            for found in self._references_in(waiting.pop()) - seen:
                if found == reference:
                    return True
                seen.add(found)
                waiting.append(found)
        return False

    def _references_in(self, reference: str) -> frozenset[str]:
        if reference not in self._references:
            found = (node.get("$ref") for node in _objects(self.target(reference)))
            self._references[reference] = frozenset(ref for ref in found if isinstance(ref, str))
        return self._references[reference]

    def _find(self, reference: str) -> Schema | None:
        if reference == "#":
            return self._root
        if reference.startswith("#/"):
            return self._at(reference[2:].split("/"))
        names = (reference, reference.removeprefix("#"))
        for node in _objects(self._root):
            if node.get("$id") == names[0] or node.get("$anchor") == names[1]:
                return node
        return None

    def _at(self, steps: list[str]) -> Schema | None:
        node: Any = self._root
        for step in steps:
            key = unquote(step).replace("~1", "/").replace("~0", "~")
            if is_object(node):
                node = node.get(key)
            elif is_list(node) and re.fullmatch("[0-9]{1,6}", key):
                node = node[int(key)] if int(key) < len(node) else None
            else:
                return None
        return node if is_schema(node) else None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a value, itself included."""
    waiting, seen = [value], 0
    while waiting and seen < NODES_MAX:
        node, seen = waiting.pop(), seen + 1
        if is_object(node):
            yield node
            waiting.extend(node.values())
        elif is_list(node):
            waiting.extend(node)
