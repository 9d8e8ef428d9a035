"""Whatever a settings file holds and whatever becomes of it: uninstalled, it has what was its own.

A file is made up, installed into, edited by its user and rewritten by its client in any of several
forms, and uninstalled. What is left has to be what was there, with the edits.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.io.clients.document import Document, OddDocument
from understudy.io.clients.journal import FileRecord
from understudy.io.clients.json_document import JsonDocument
from understudy.io.clients.merge import Merged, merge, undo

from .client_files import SERVER, WISHES

ALL = (*WISHES, SERVER)
OUR_PATHS = frozenset(wish.path for wish in ALL)

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    scalars | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
plain_objects = st.dictionaries(st.text(max_size=6), values, max_size=4)
our_objects = {
    "env": st.dictionaries(
        st.sampled_from(["ADDRESS", "DISCOVERY", "THEIRS", "x"]), st.text(max_size=4), max_size=3
    ),
    "apiKeyHelper": st.sampled_from(["/opt/understudy token", "mine"]),
    "permissions": st.fixed_dictionaries(
        {}, optional={"defaultMode": st.just("auto"), "allow": values}
    ),
    "mcpServers": st.dictionaries(
        st.sampled_from(["understudy", "other"]), plain_objects, max_size=2
    ),
}


def joined(plain: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    return {**plain, **ours}


files = st.builds(
    joined,
    plain_objects.map(lambda each: {key: each[key] for key in each if key not in our_objects}),
    st.fixed_dictionaries({}, optional=our_objects),
)
forms = st.sampled_from(
    [
        {"indent": 2},
        {"indent": 4, "ensure_ascii": False},
        {"indent": "\t"},
        {},
        {"separators": (",", ":")},
        {"indent": 2, "sort_keys": True},
    ]
)
edits = st.lists(
    st.tuples(
        st.sampled_from(
            [("theme",), ("env", "EDITED"), ("env", "THEIRS"), ("mcpServers", "other"), ("x",)]
        ),
        st.none() | values,
    ),
    max_size=4,
    unique_by=lambda edit: edit[0],
)


def written(value: Any, form: dict[str, Any], ending: str = "") -> str:
    return json.dumps(value, **form) + ending


def edited(value: dict[str, Any], changes: list[tuple[tuple[str, ...], Any]]) -> dict[str, Any]:
    """The value with some paths set, or taken out where the new value is None."""
    value = copy.deepcopy(value)
    for path, new in changes:
        parent = value
        for key in path[:-1]:
            parent = parent.setdefault(key, {}) if new is not None else parent.get(key, {})
        if new is None:
            parent.pop(path[-1], None)
        else:
            parent[path[-1]] = new
    return value


def installed(document: Document, record: FileRecord, *, force: bool) -> Merged:
    """Merges, and has the record go to the journal and back."""
    merged = merge(document, record, ALL, force=force)
    kept = msgspec.json.decode(msgspec.json.encode(merged.record), type=FileRecord)
    return Merged(merged.document, kept, merged.conflicts)


@settings(max_examples=25, deadline=None)
@given(files, forms, st.sampled_from(["", "\n", " \r\n"]), st.booleans())
def test_without_an_edit_every_byte_comes_back(
    value: dict[str, Any], form: dict[str, Any], ending: str, force: bool
) -> None:
    text = written(value, form, ending)
    before = JsonDocument.read(text)
    once = installed(before, FileRecord("f"), force=force)
    for wish in ALL:
        is_ours = once.document.value(wish.path) == wish.value
        assert is_ours or (not force and wish.path in [each.path for each in once.conflicts])
    again = installed(once.document, once.record, force=force)
    assert (again.document.text, again.record) == (once.document.text, once.record)
    undone = undo(again.document, again.record)
    assert (undone.document.text, undone.left) == (text, ())


@settings(max_examples=25, deadline=None)
@given(files, forms, forms, edits, st.booleans())
def test_unrelated_edits_and_a_rewriting_by_the_client_stay(
    value: dict[str, Any],
    form: dict[str, Any],
    rewritten: dict[str, Any],
    changes: list[tuple[tuple[str, ...], Any]],
    force: bool,
) -> None:
    once = installed(JsonDocument.read(written(value, form)), FileRecord("f"), force=force)
    rewritten_text = written(edited(json.loads(once.document.text), changes), rewritten)
    again = installed(JsonDocument.read(rewritten_text), once.record, force=False)
    undone = undo(again.document, again.record)
    assert undone.left == ()
    assert json.loads(undone.document.text) == edited(value, changes)


@settings(max_examples=25, deadline=None)
@given(files, st.sampled_from(sorted(OUR_PATHS)), values, st.booleans())
def test_a_key_that_was_changed_since_is_left_and_told(
    value: dict[str, Any], path: tuple[str, ...], new: Any, force: bool
) -> None:
    once = installed(JsonDocument.read(written(value, {})), FileRecord("f"), force=force)
    changed = once.document.put(path, ["changed", new])
    undone = undo(changed, once.record)
    had_entry = once.record.entry(path) is not None
    assert undone.left == ((path,) if had_entry else ())
    assert json.loads(undone.document.raw(path) or "") == ["changed", new]


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["env", "permissions", "mcpServers"]), scalars | st.lists(values, max_size=2)
)
def test_another_type_at_a_path_of_ours_is_refused(key: str, value: Any) -> None:
    document = JsonDocument.read(written({key: value}, {"indent": 2}))
    with pytest.raises(OddDocument, match=f"{key} is not an object"):
        installed(document, FileRecord("f"), force=True)
