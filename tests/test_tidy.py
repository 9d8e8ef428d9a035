"""Style as a test: what a reader may rely on in every file, beyond what the linters check.

A rule is a function from a file's place and text to a list of complaints; the same function judges
the real files and the planted bad ones that prove it can fail. Exceptions are named here, by file
and with the reason, and an exception that is no longer used is a failure too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
LINE_COLUMNS_MAX = 100

PACKAGE = ("actors/", "io/", "protocols/", "simulations/", "__init__.py", "__main__.py", "app.py")
IGNORED_FOLDERS = {"build", "node_modules", "__pycache__"}
TEXT_SUFFIXES = {
    "",
    ".cfg",
    ".css",
    ".html",
    ".ini",
    ".jinja",
    ".js",
    ".json",
    ".md",
    ".py",
    ".sh",
    ".toml",
}

SUPERVISORS = {
    "actors/kernel/cell.py": "a crash ends the incarnation, never the system",
    "actors/kernel/incarnation.py": "a crash ends the call, or condemns the incarnation",
    "io/serving/crash.py": "a crash ends the request, never the server",
    "simulations/world/run.py": "a crash ends the run, and is what the run has found",
    "simulations/exhaustive/kernel_set.py": "a house that falls is what the point has found",
}
SHIELDED_WITHOUT_DEADLINE = {
    "actors/kernel/cell.py": "the cell's own scope: close() sets its deadline at shutdown",
}
PRINTING_FOLDERS = ("bench/", "io/cli/", "io/engines/rehearsal/", "tests/real/")
PRINTING_FILES = {"tests/switching/teach.py": "a program of its own, run by hand"}

# Written so that no pattern matches its own text here.
BANNED = {
    r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b": "unfinished work belongs in an issue",
    r"(?<!\w\.)\butil[s]\b": "name the noun instead",
    r"(?<![\w.])/wor[k]/": "a path of one machine",
    r"\b(?:pyp[i]|pythonhoste[d]|npmj[s]|debia[n])\.(?:org|com)\b": "a registry's host",
}
BANNED_OUTSIDE_TESTS = {r"(?<![\w.])/tm[p]/": "a path of one machine; use tempfile"}


def repository_files() -> list[str]:
    """Every text file of ours, as paths from the root; no environments, caches or build output."""

    def walk(folder: Path) -> Iterator[Path]:
        for path in sorted(folder.iterdir()):
            hidden = path.name.startswith(".") and path.name not in (".ci", ".gitignore")
            if hidden or path.name in IGNORED_FOLDERS or path.name.endswith(".egg-info"):
                continue
            if path.is_dir() and not path.is_symlink():
                yield from walk(path)
            elif path.suffix in TEXT_SUFFIXES:
                yield path

    return [path.relative_to(ROOT).as_posix() for path in walk(ROOT)]


def text_of(place: str) -> str:
    return (ROOT / place).read_text(encoding="utf-8")


def in_package(place: str) -> bool:
    return place.startswith(PACKAGE)


def layout_complaints(place: str, source: str) -> list[str]:
    """Short files, short lines, short functions."""
    lines = source.splitlines()
    complaints = [
        f"{place}:{number}: {len(line)} columns, at most {LINE_COLUMNS_MAX}"
        for number, line in enumerate(lines, 1)
        if len(line) > LINE_COLUMNS_MAX
    ]
    if len(lines) > FILE_LINES_MAX:
        complaints.append(f"{place}: {len(lines)} lines, at most {FILE_LINES_MAX}")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                complaints.append(
                    f"{place}:{node.lineno}: {node.name} has {length} lines, "
                    f"at most {FUNCTION_LINES_MAX}"
                )
    return complaints


def docstring_complaints(place: str, source: str) -> list[str]:
    """Every module says what it is; in the package, so does every public class and function."""
    module = ast.parse(source)
    complaints = [] if ast.get_docstring(module) else [f"{place}: no docstring"]
    if not in_package(place):
        return complaints
    return complaints + [
        f"{place}:{node.lineno}: {node.name} is public and has no docstring"
        for node in module.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]


def word_complaints(place: str, text: str) -> list[str]:
    """Words that have no place in the repository, in code, comments, docs and scripts alike."""
    banned = dict(BANNED) if place.startswith("tests/") else BANNED | BANNED_OUTSIDE_TESTS
    return [
        f"{place}:{number}: {found.group()!r}: {reason}"
        for number, line in enumerate(text.splitlines(), 1)
        for pattern, reason in banned.items()
        if (found := re.search(pattern, line))
    ]


def suppression_complaints(place: str, source: str) -> list[str]:
    """A silenced check names the check and, on the same line, the reason."""
    silenced = re.compile(r"#\s*(?:type:\s*ignore|noqa|pyright:\s*ignore)\b(.*)")
    reasoned = re.compile(r"(?:\[[\w, -]+\]|:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)\s+\S.{9,}")
    return [
        f"{place}:{number}: say which check is silenced, and why"
        for number, line in enumerate(source.splitlines(), 1)
        if (found := silenced.search(line)) and not reasoned.match(found.group(1))
    ]


def passes_on(handler: ast.ExceptHandler) -> bool:
    """A clean-up: the last thing it does is a bare `raise`."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def catches_everything(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException") for kind in kinds
    )


def supervision_complaints(place: str, source: str) -> list[str]:
    """Only a supervisor keeps what it cannot name; a clean-up may see it on its way."""
    return [
        f"{place}:{node.lineno}: catches everything, and is not named as a supervisor"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ExceptHandler) and catches_everything(node) and not passes_on(node)
    ]


def is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def is_endless(node: ast.expr) -> bool:
    """`math.inf`, `trio.inf`, `inf` and float("inf")."""
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name == "inf" or ast.unparse(node) in ("float('inf')", "1e999")


def bounds_of(call: ast.Call) -> list[ast.expr]:
    """The time limits that a call states: a deadline, or the first argument of fail_after."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    limits = {"deadline", "relative_deadline", "seconds"}
    bounds = [keyword.value for keyword in call.keywords if keyword.arg in limits]
    return bounds + (call.args[:1] if name != "CancelScope" else [])


def shield_complaints(place: str, source: str) -> list[str]:
    """A shield has a deadline beside it: Esc may wait for a clean-up, never for ever."""
    complaints: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            shields = [word for word in node.keywords if word.arg == "shield"]
            bounded = any(not is_endless(bound) for bound in bounds_of(node))
            if any(is_true(word.value) for word in shields) and not bounded:
                complaints.append(f"{place}:{node.lineno}: a shield without a deadline")
        elif isinstance(node, ast.Assign) and is_true(node.value):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr == "shield":
                    complaints.append(f"{place}:{node.lineno}: shield where the scope is made")
    return complaints


def print_complaints(place: str, source: str) -> list[str]:
    """Only what talks to a person or to a parent process writes to standard output."""
    return [
        f"{place}:{node.lineno}: print() does not belong here"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]


FILES = repository_files()
PYTHON = [place for place in FILES if place.endswith(".py")]
PACKAGE_PYTHON = [place for place in PYTHON if in_package(place)]


@pytest.mark.parametrize("place", PYTHON)
def test_a_python_file_is_tidy(place: str) -> None:
    source = text_of(place)
    assert layout_complaints(place, source) == []
    assert docstring_complaints(place, source) == []
    assert suppression_complaints(place, source) == []
    if place not in PRINTING_FILES and not place.startswith(PRINTING_FOLDERS):
        assert print_complaints(place, source) == []


@pytest.mark.parametrize("place", PACKAGE_PYTHON)
def test_a_file_of_the_package_has_trio_s_manners(place: str) -> None:
    source = text_of(place)
    if place not in SUPERVISORS:
        assert supervision_complaints(place, source) == []
    if place not in SHIELDED_WITHOUT_DEADLINE:
        assert shield_complaints(place, source) == []


def test_no_banned_word_is_in_the_repository() -> None:
    assert [line for place in FILES for line in word_complaints(place, text_of(place))] == []


def test_every_named_exception_is_still_one() -> None:
    assert [place for place in SUPERVISORS if not supervision_complaints("", text_of(place))] == []
    assert [
        place for place in SHIELDED_WITHOUT_DEADLINE if not shield_complaints("", text_of(place))
    ] == []
    assert [place for place in PRINTING_FILES if not print_complaints("", text_of(place))] == []


def test_the_walk_finds_what_it_must_and_nothing_foreign() -> None:
    assert {"Makefile", ".ci/run", "pyproject.toml", "io/ports.py", "tests/test_tidy.py"} <= set(
        FILES
    )
    assert not [place for place in FILES if place.startswith((".venv", "build", ".git/", ".cache"))]


def lines(count: int) -> str:
    return "\n".join(["pass"] * count)


def test_layout_that_is_too_large_is_seen() -> None:
    wide = "x = " + "1" * (LINE_COLUMNS_MAX - 3)
    function = "async def f():\n" + "    pass\n" * FUNCTION_LINES_MAX
    for planted in (wide, lines(FILE_LINES_MAX + 1), function):
        assert len(layout_complaints("io/x.py", planted)) == 1
    fitting = "async def f():\n" + "    pass\n" * (FUNCTION_LINES_MAX - 1)
    for allowed in (wide[:-1], lines(FILE_LINES_MAX), fitting):
        assert layout_complaints("io/x.py", allowed) == []


@pytest.mark.parametrize(
    "planted", ["x = 1", '"""Theory."""\ndef public(): ...', '"""Theory."""\nclass Public: ...']
)
def test_a_missing_docstring_is_seen(planted: str) -> None:
    assert len(docstring_complaints("io/x.py", planted)) == 1


def test_private_names_and_tests_need_no_docstring() -> None:
    assert docstring_complaints("io/x.py", '"""Theory."""\ndef _private(): ...') == []
    assert docstring_complaints("tests/test_x.py", '"""Theory."""\ndef test_x(): ...') == []


@pytest.mark.parametrize(
    "planted",
    [
        "# TO" + "DO later",
        "x = 1  # X" + "XX",
        "from .util" + "s import x",
        "import util" + "s",
        "cd /wor" + "k/main",
        "see https://pyp" + "i.org/project/x",
        "registry.npmj" + "s.org",
    ],
)
def test_a_banned_word_is_seen(planted: str) -> None:
    assert len(word_complaints("tests/test_x.py", planted)) == 1


def test_a_machine_s_path_is_banned_outside_tests_alone() -> None:
    planted = "/tm" + "p/socket"
    assert word_complaints("io/x.py", planted)
    assert word_complaints("tests/test_x.py", planted) == []


def test_what_only_looks_like_a_banned_word_is_let_through() -> None:
    for allowed in ("from email.util" + "s import parsedate", "anthropic/wor" + "k/claude-x"):
        assert word_complaints("io/x.py", allowed) == []


def test_a_suppression_without_a_reason_is_seen() -> None:
    ignore, no_check = "# type: " + "ignore", "# no" + "qa"
    for planted in (ignore, f"{ignore}[attr-defined]", no_check, f"{no_check}: S101"):
        assert len(suppression_complaints("io/x.py", f"x = 1  {planted}")) == 1
    for allowed in (f"{ignore}[misc]  # trio has no stub for it", f"{no_check}: S603 our own file"):
        assert suppression_complaints("io/x.py", f"x = 1  {allowed}") == []


@pytest.mark.parametrize(
    "clause",
    ["except:", "except Exception:", "except BaseException as e:", "except (OSError, Exception):"],
)
def test_a_catch_all_is_seen(clause: str) -> None:
    for body in ("pass", "raise OSError", "if late:\n        raise"):
        assert supervision_complaints("io/x.py", f"try:\n    pass\n{clause}\n    {body}")
    assert supervision_complaints("io/x.py", f"try:\n    pass\n{clause}\n    raise") == []
    assert supervision_complaints("io/x.py", "try:\n    pass\nexcept OSError:\n    pass") == []


@pytest.mark.parametrize(
    "planted",
    [
        "trio.CancelScope(shield=True)",
        "CancelScope(shield=True, deadline=math.inf)",
        "trio.move_on_after(trio.inf, shield=True)",
        "trio.fail_after(float('inf'), shield=True)",
        "scope.shield = True",
    ],
)
def test_a_shield_without_a_deadline_is_seen(planted: str) -> None:
    assert len(shield_complaints("io/x.py", planted)) == 1


@pytest.mark.parametrize(
    "allowed",
    [
        "trio.CancelScope(shield=True, deadline=bound)",
        "trio.CancelScope(shield=True, relative_deadline=JOIN_SECONDS)",
        "trio.move_on_after(GRACE_SECONDS, shield=True)",
        "trio.move_on_after(seconds=2, shield=True)",
        "trio.CancelScope(shield=False)",
    ],
)
def test_a_shield_with_a_deadline_is_let_through(allowed: str) -> None:
    assert shield_complaints("io/x.py", allowed) == []


def test_a_print_is_seen() -> None:
    assert print_complaints("io/x.py", "def f():\n    print('x')")
    assert print_complaints("io/x.py", "console.print('x')") == []
