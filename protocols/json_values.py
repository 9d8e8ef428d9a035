"""Decoded JSON of unknown shape, read without trust: what is not so counts as empty."""

from __future__ import annotations

from typing import Any, TypeGuard


def object_of(value: Any) -> dict[str, Any]:
    """The value if it is an object, else {}."""
    return value if _is_object(value) else {}


def list_of(value: Any) -> list[Any]:
    """The value if it is a list, else []."""
    return value if _is_list(value) else []


def objects_of(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; its other items are left out."""
    return [item for item in list_of(value) if _is_object(item)]


def strings_of(value: Any) -> tuple[str, ...]:
    """The strings in a list; its other items are left out."""
    return tuple(item for item in list_of(value) if isinstance(item, str))


def text_of(value: Any) -> str:
    """The value if it is a string, else ""."""
    return value if isinstance(value, str) else ""


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)
