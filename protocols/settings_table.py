"""One TOML table while it is read: each typed read gives the value, or notes what is wrong.

A wrong value reads as absent (None), so that reading goes on and all problems are found in one
pass; `has` tells a wrong key from a missing one, so that no key is reported twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

import attrs

from .settings_data import TEXT_CHARACTERS_MAX
from .settings_lines import KeyPath
from .settings_problems import Problems, looks_secret, shown, suggestion


@attrs.frozen
class Table:
    """The keys at `path`; problems go to `problems`."""

    values: Mapping[str, object]
    path: KeyPath
    problems: Problems

    def has(self, key: str) -> bool:
        """Tells whether the key was written, rightly or wrongly."""
        return key in self.values

    def problem(self, key: str, message: str) -> None:
        """Notes what is wrong with a key, or that it is missing."""
        self.problems.add((*self.path, key), message)

    def text(self, key: str) -> str | None:
        """Reads a string that is not empty and holds no control characters."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.problem(key, f'must be a string in quotes, like {key} = "...", not {shown(value)}')
            return None
        wrong = wrong_text(value)
        if wrong:
            self.problem(key, wrong)
            return None
        return value

    def choice(self, key: str, allowed: Sequence[str]) -> str | None:
        """Reads a string that must be one of `allowed`."""
        value = self.text(key)
        if value is None or value in allowed:
            return value
        near = suggestion(value, allowed) or ";"
        self.problem(key, f"{shown(value)} is not known{near} allowed: {', '.join(allowed)}")
        return None

    def integer(self, key: str, lowest: int, highest: int) -> int | None:
        """Reads a whole number from `lowest` to `highest`."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.problem(key, f"must be a whole number, not {shown(value)}")
            return None
        if not lowest <= value <= highest:
            self.problem(key, f"{shown(value)} is out of range; allowed: {lowest} to {highest}")
            return None
        return value

    def number(self, key: str, lowest: float, highest: float) -> float | None:
        """Reads a number, whole or not, from `lowest` to `highest`."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.problem(key, f"must be a number, not {shown(value)}")
            return None
        if not lowest <= value <= highest:  # nan is in no range
            self.problem(key, f"{shown(value)} is out of range; allowed: {lowest} to {highest}")
            return None
        return float(value)

    def boolean(self, key: str, *, unset: bool = False) -> bool:
        """Reads true or false; `unset` if absent or wrong."""
        value = self.values.get(key, unset)
        if isinstance(value, bool):
            return value
        self.problem(key, f"must be true or false, not {shown(value)}")
        return unset

    def texts(self, key: str, count_max: int) -> Iterator[tuple[int, str]]:
        """Reads an array of strings, as (index, string); an absent array is an empty one."""
        value = self.values.get(key, [])
        if not _is_list(value):
            self.problem(key, f'must be an array of strings, like ["..."], not {shown(value)}')
            return
        if len(value) > count_max:
            self.problem(key, f"has {len(value)} items; allowed: at most {count_max}")
            return
        for index, item in enumerate(value):
            wrong = wrong_text(item) if isinstance(item, str) else "must be a string in quotes"
            if wrong or not isinstance(item, str):
                self.problems.add((*self.path, key, index), wrong)
            else:
                yield index, item

    def text_or_texts(self, key: str, count_max: int) -> Iterator[tuple[KeyPath, str]]:
        """Reads a string, or an array of them, as (path, string)."""
        if _is_list(self.values.get(key)):
            for index, text in self.texts(key, count_max):
                yield (*self.path, key, index), text
        else:
            written = self.text(key)
            if written is not None:
                yield (*self.path, key), written

    def choices(self, key: str, allowed: Sequence[str]) -> tuple[str, ...]:
        """Reads one of some words, or an array of them without repetition; empty if absent."""
        if not _is_list(self.values.get(key)):
            word = self.choice(key, allowed)
            return () if word is None else (word,)
        words: list[str] = []
        for index, word in self.texts(key, len(allowed)):
            if word not in allowed or word in words:
                wrong = "stands here twice" if word in words else "is not known"
                near = f"{shown(word)} {wrong}; allowed: {', '.join(allowed)}"
                self.problems.add((*self.path, key, index), near)
            else:
                words.append(word)
        if not words and not self.values[key]:
            self.problem(key, f"is empty; allowed: {', '.join(allowed)}")
        return tuple(words)

    def table(self, key: str) -> Table:
        """Reads a table; an absent one is empty."""
        value = self.values.get(key, {})
        if not _is_table(value):
            self.problem(key, f"must be a table, written [{key}], not {shown(value)}")
            value = {}
        return Table(value, (*self.path, key), self.problems)

    def tables(self, key: str, count_max: int) -> Iterator[Table]:
        """Reads an array of tables; an absent one is empty."""
        value = self.values.get(key, [])
        if not _is_list(value):
            self.problem(key, f"must be an array of tables, each begun by [[{key}]]")
            return
        if len(value) > count_max:
            self.problem(key, f"there are {len(value)} of them; allowed: at most {count_max}")
            return
        for index, item in enumerate(value):
            path = (*self.path, key, index)
            if _is_table(item):
                yield Table(item, path, self.problems)
            else:
                self.problems.add(path, f"must be a table, not {shown(item)}")

    def refuse_unknown(self, known: Sequence[str], elsewhere: Mapping[str, Sequence[str]]) -> None:
        """Notes each key that is not in `known`; `elsewhere` has other places' keys."""
        for key in self.values:
            if key in known:
                continue
            for place, keys in elsewhere.items():
                if key in keys:
                    self.problem(key, f"does not belong here; move it {place}")
                    break
            else:
                near = "" if looks_secret(key) else suggestion(key, known)
                self.problem(key, f"unknown key{near or ';'} allowed: {', '.join(known)}")


def wrong_text(value: str) -> str:
    """Says what makes a string unusable as any setting; empty if nothing does."""
    if not value.strip():
        return "is empty"
    if len(value) > TEXT_CHARACTERS_MAX:
        return f"has {len(value)} characters; allowed: at most {TEXT_CHARACTERS_MAX}"
    if not value.isprintable():
        return "holds characters that cannot be printed (a line break or a control character)"
    return ""


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _is_table(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)
