"""The diff is the change and nothing but the change; what may be secret is covered in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from understudy.io.clients.unified_diff import COVER, unified_diff

OLD = '{\n  "a": 1,\n  "b": 2,\n  "c": 3,\n  "d": 4,\n  "e": 5\n}'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OLD, OLD.replace("5", "6")),
        (OLD, f"{OLD}\n"),
        (f"{OLD}\n", OLD),
        (OLD, "{}\r\n"),
        ("a\rb\n\x0cc\n", "a\rb\n\x0cd\n"),
        (None, OLD),
        (None, "x\n"),
        (OLD, None),
    ],
)
def test_the_diff_makes_one_text_of_the_other(before: str | None, after: str | None) -> None:
    diff = unified_diff(Path("file"), before, after)
    assert applied(before or "", diff) == (after or "")
    assert diff.startswith(f"--- {'/dev/null' if before is None else 'file'}\n+++ ")


def applied(text: str, diff: str) -> str:
    """The text after a unified diff, by the rules of the format alone."""
    pieces = text.split("\n")
    old = [*(f"{piece}\n" for piece in pieces[:-1]), *filter(None, pieces[-1:])]
    lines = diff.split("\n")[2:-1]
    new: list[str] = []
    at = 0
    for index, line in enumerate(lines):
        ending = "" if lines[index + 1 : index + 2] == ["\\ No newline at end of file"] else "\n"
        if line.startswith("@@"):
            start = int(line.split()[1].partition(",")[0][1:])
            begins = max(start - 1, 0)
            new += old[at:begins]
            at = begins
        elif line[0] in " -":
            assert old[at] == line[1:] + ending
            at += 1
        if line[0] in " +" and not line.startswith("@@"):
            new.append(line[1:] + ending)
    return "".join([*new, *old[at:]])


def test_nothing_is_said_where_nothing_changes() -> None:
    assert unified_diff(Path("file"), OLD, OLD) == ""


@pytest.mark.parametrize(
    "line",
    [
        '"ANTHROPIC_API_KEY": "planted-secret"',
        '"authToken" : "planted-\\"secret"',
        'password = "planted-secret"',
        "api_key = 'planted-secret'",
        '"header": "Bearer planted-secret-0123"',
        '"note": "sk-ant-planted-secret-0123456789"',
        '{"a": 1, "my.secret": "planted-secret"}',
    ],
)
def test_what_may_be_a_secret_is_covered(line: str) -> None:
    diff = unified_diff(Path("file"), f"{line}\n", f"{line},\n")
    assert "planted" not in diff
    assert diff.count(COVER) == 2


def test_a_value_of_ours_is_shown_whatever_its_name() -> None:
    own = ['"/opt/understudy token"']
    line = '"apiKeyHelper": "/opt/understudy token"\n'
    assert line in unified_diff(Path("file"), "", line, own)
    assert COVER in unified_diff(Path("file"), "", line)
