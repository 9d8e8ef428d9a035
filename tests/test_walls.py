"""The walls between the rooms, read from the syntax tree of every file in the package.

Each rule is a function from a file's place and text to a list of complaints, so that the same
function judges the real files and the planted bad ones that prove it can fail.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = "understudy"
ROOMS = ("actors", "io", "protocols", "simulations")
ENTRANCES = ("__init__.py", "__main__.py", "app.py")


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PURE = words(
    """
    __future__ abc array base64 binascii bisect codecs collections contextlib contextvars copy
    decimal difflib enum fractions functools hashlib heapq hmac html ipaddress itertools json
    keyword math numbers operator re reprlib statistics string struct textwrap tomllib types
    typing unicodedata urllib.parse weakref zlib attrs msgspec
    """
)
"""The standard library's pure part, and the two libraries for data: no world behind them."""

HTTP_STACKS = words("h11 httpx hypercorn quart quart_trio")
"""What io/ speaks HTTP with; simulations/ runs the same stacks over a virtual network."""

WORLDLY_TRIO = words(
    """
    Path Process SocketListener SocketStream SSLListener SSLStream from_thread open_file
    open_signal_receiver open_ssl_over_tcp_listeners open_ssl_over_tcp_stream open_tcp_listeners
    open_tcp_stream open_unix_socket run_process serve_listeners serve_ssl_over_tcp serve_tcp
    socket to_thread wrap_file
    """
)
"""Trio's own sockets, files, processes and threads: these belong to io/."""


CARRIED = {"trio": "outcome", "quart_trio": "quart", "mcp": "pydantic"}
"""What a dependency brings and shows in its own interface: importing it needs no declaration."""

EXTRAS = {
    "io/engines/rehearsal/make.py": "train",
    "io/engines/template_sandbox.py": "llama",
}
"""Files that only `make rehearsal` or a worker runs, and the optional dependencies of each."""


@attrs.frozen
class Wall:
    """What a room may import: `inside` are dotted names within the package, `outside` any others.

    A name allows what lies below it. `outside=None` allows everything real.
    """

    inside: frozenset[str]
    outside: frozenset[str] | None
    trio_is_virtual: bool = False


WALLS = {
    "protocols": Wall(frozenset({"protocols"}), PURE),
    "actors": Wall(
        frozenset({"protocols", "actors", "io.ports"}),
        PURE | {"trio", "outcome"},
        trio_is_virtual=True,
    ),
    "io": Wall(frozenset({"protocols", "io", "__version__"}), None),
    "io/ports.py": Wall(frozenset({"protocols"}), PURE),
    "simulations": Wall(
        frozenset({"protocols", "actors", "io", "simulations"}),
        PURE | HTTP_STACKS | {"trio", "outcome", "random.Random"},
        trio_is_virtual=True,
    ),
    # It stands outside the worlds that it runs: it writes files, draws on a terminal, starts
    # processes and looks at the real clock. The product is handed to it, as it is to the worlds.
    "simulations/explorer": Wall(frozenset({"protocols", "actors", "io", "simulations"}), None),
    # The room's own entrance, which is the package's with one word before the arguments.
    "simulations/__main__.py": Wall(frozenset({"__main__"}), frozenset({"__future__", "sys"})),
    # It watches for the real world from within: the audit hook is in sys, a thread's start is not
    # among what 3.11 audits.
    "simulations/world/escape.py": Wall(
        frozenset({"simulations"}), PURE | {"sys", "threading"}, trio_is_virtual=True
    ),
    # It listens to the product's log, for the crashes that a supervisor has contained.
    "simulations/world/crashes.py": Wall(
        frozenset({"simulations"}), PURE | {"logging"}, trio_is_virtual=True
    ),
    "app.py": Wall(frozenset({"protocols", "actors", "io", "__version__"}), None),
    "__main__.py": Wall(frozenset({*ROOMS, "app", "__version__"}), None),
    "__init__.py": Wall(frozenset(), PURE),
}


@attrs.frozen
class Import:
    """One imported name: `target` is dotted and absolute; `depth` counts the leading dots."""

    line: int
    target: str
    depth: int


def package_files() -> list[str]:
    """Every Python file of the package, as paths from the repository's root."""
    found = [name for name in ENTRANCES if (ROOT / name).is_file()]
    for room in ROOMS:
        found += [path.relative_to(ROOT).as_posix() for path in (ROOT / room).rglob("*.py")]
    return sorted(found)


def imports(place: str, source: str) -> Iterator[Import]:
    """Yields every import of a file, wherever in it: inside functions and TYPE_CHECKING too."""
    package = [PACKAGE, *Path(place).parent.parts]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield Import(node.lineno, name.name, 0)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            for name in node.names:
                yield Import(node.lineno, f"{stem}.{name.name}", node.level)


def lies_in(target: str, allowed: frozenset[str]) -> bool:
    parts = target.split(".")
    return any(".".join(parts[:end]) in allowed for end in range(1, len(parts) + 1))


def wall_of(place: str) -> Wall:
    """The wall of the file itself, or of the innermost folder that has one."""
    parts = place.split("/")
    names = ("/".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next(WALLS[name] for name in names if name in WALLS)


def wall_complaints(place: str, source: str) -> list[str]:
    """The table of rooms in docs/architecture.md, and: relative imports only inside."""
    wall = wall_of(place)
    complaints: list[str] = []
    for found in imports(place, source):
        at = f"{place}:{found.line}: {found.target}"
        first, _, rest = found.target.partition(".")
        if first == "tests" or found.target.startswith(f"{PACKAGE}.tests"):
            complaints.append(f"{at}: nothing imports tests/")
        elif found.depth == 0 and first == PACKAGE:
            complaints.append(f"{at}: inside the package, imports are relative")
        elif found.depth and not lies_in(rest, wall.inside):
            complaints.append(f"{at}: not for this room; it may import {sorted(wall.inside)}")
        elif not (found.depth or wall.outside is None or lies_in(found.target, wall.outside)):
            complaints.append(f"{at}: not on this room's list of outside modules")
    return complaints


def trio_complaints(place: str, source: str) -> list[str]:
    """Rooms that live in virtual time take no sockets, files, processes or threads from Trio."""
    if not wall_of(place).trio_is_virtual:
        return []
    names = [(found.line, found.target) for found in imports(place, source)]
    names += [
        (node.lineno, f"trio.{node.attr}")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "trio"
    ]
    worldly = frozenset(f"trio.{name}" for name in WORLDLY_TRIO)
    return [
        f"{place}:{line}: {name} touches the world: that is for io/"
        for line, name in names
        if lies_in(name, worldly)
    ]


def declared(project: Mapping[str, Any], extra: str | None = None) -> frozenset[str]:
    """The dependencies' import names: the distributions', with underscores."""
    requirements = list(project["dependencies"])
    requirements += project["optional-dependencies"][extra] if extra else []
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in requirements)
    found = {name.group().replace("-", "_").lower() for name in names if name}
    return frozenset(found | {CARRIED[name] for name in found if name in CARRIED})


def undeclared_complaints(place: str, source: str, dependencies: frozenset[str]) -> list[str]:
    """What a file imports is the standard library's, ours, or declared in pyproject.toml."""
    return [
        f"{place}:{found.line}: {found.target} is not among the dependencies in pyproject.toml"
        for found in imports(place, source)
        if not found.depth
        and (first := found.target.split(".")[0]) not in sys.stdlib_module_names
        and first not in dependencies
        and first != PACKAGE
    ]


def package_folders(root: Path) -> set[str]:
    """The packages on disk: the root and every folder of the rooms that holds a Python file."""
    folders = {path.parent for room in ROOMS for path in (root / room).rglob("*.py")}
    return {PACKAGE, *(".".join((PACKAGE, *path.relative_to(root).parts)) for path in folders)}


def data_files(root: Path) -> set[str]:
    """What lies in the package and is not Python: files that a wheel must be told about."""
    inside = [path for room in ROOMS for path in (root / room).rglob("*") if path.is_file()]
    inside += [path for path in (root / "py.typed",) if path.is_file()]
    return {
        path.relative_to(root).as_posix()
        for path in inside
        if path.suffix not in (".py", ".pyc") and not path.name.startswith(".")
    }


def packaging_complaints(root: Path, setuptools: Mapping[str, Any]) -> list[str]:
    """The hand-written lists in [tool.setuptools] say what is on disk, no less and no more."""
    listed, present = set(setuptools["packages"]), package_folders(root)
    complaints = [f"packages lacks {name}" for name in sorted(present - listed)]
    complaints += [f"packages names {name}: no Python there" for name in sorted(listed - present)]
    complaints += [
        f"{name} has no __init__.py"
        for name in sorted(present)
        if not root.joinpath(*name.split(".")[1:], "__init__.py").is_file()
    ]
    packed: set[str] = set()
    for package, globs in setuptools["package-data"].items():
        folder = root.joinpath(*package.split(".")[1:])
        for glob in globs:
            matches = {path.relative_to(root).as_posix() for path in folder.glob(glob)}
            packed |= matches
            if not matches:
                complaints.append(f"package-data {package}: {glob} matches no file")
    unpacked = sorted(data_files(root) - packed)
    return complaints + [f"package-data does not mention {name}" for name in unpacked]


def configuration() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("place", package_files())
def test_every_file_keeps_to_its_room(place: str) -> None:
    source = (ROOT / place).read_text(encoding="utf-8")
    dependencies = declared(configuration()["project"], EXTRAS.get(place))
    assert wall_complaints(place, source) == []
    assert trio_complaints(place, source) == []
    assert undeclared_complaints(place, source, dependencies) == []


def test_every_room_has_files_and_a_wall() -> None:
    places = package_files()
    assert {place.split("/")[0] for place in places if "/" in place} == set(ROOMS)
    assert "__init__.py" in places
    for place in places:
        assert wall_of(place)


def test_the_packages_list_and_package_data_equal_the_disk() -> None:
    assert packaging_complaints(ROOT, configuration()["tool"]["setuptools"]) == []


@pytest.mark.parametrize(
    ("place", "planted"),
    [
        ("protocols/turn.py", "import trio"),
        ("protocols/turn.py", "import os.path"),
        ("protocols/turn.py", "import urllib.request"),
        ("protocols/turn.py", "from urllib import request"),
        ("protocols/turn.py", "def late():\n    import time"),
        ("protocols/turn.py", "from ..actors import session"),
        ("protocols/anthropic/codec.py", "from ...io.ports import Upstream"),
        ("actors/session.py", "import socket"),
        ("actors/session.py", "import random"),
        ("actors/session.py", "from time import monotonic"),
        ("protocols/turn.py", "from datetime import datetime"),
        ("protocols/turn.py", "import uuid"),
        ("actors/session.py", "from ..io import serving"),
        ("actors/session.py", "from ..io.serving.server import Server"),
        ("actors/kernel/cell.py", "from ...simulations import clock"),
        ("io/serving/server.py", "from ...actors.session import Session"),
        ("io/serving/server.py", "from ...app import main"),
        ("io/serving/server.py", "from ... import simulations"),
        ("io/serving/server.py", "import tests.conformance"),
        ("io/serving/server.py", "from understudy.protocols import records"),
        ("io/serving/server.py", "if TYPE_CHECKING:\n    from ...simulations import clock"),
        ("io/ports.py", "import trio"),
        ("simulations/network.py", "import socket"),
        ("simulations/network.py", "import random"),
        ("simulations/network.py", "from random import SystemRandom"),
        ("simulations/network.py", "from os import urandom"),
        ("simulations/network.py", "import secrets"),
        ("simulations/network.py", "import time"),
        ("simulations/network.py", "from random import random"),
        ("simulations/network.py", "from .. import app"),
        ("simulations/world/run.py", "import multiprocessing"),
        ("simulations/world/run.py", "import logging"),
        ("simulations/explorer/jobs.py", "from ... import app"),
        ("simulations/explorer/jobs.py", "from understudy import app"),
        ("simulations/__main__.py", "from .. import app"),
        ("simulations/__main__.py", "import subprocess"),
        ("io/cli/simulate.py", "from ...simulations.explorer.command import ProductExplorer"),
        ("app.py", "from .simulations import clock"),
        ("app.py", "from .tests import scenario"),
        ("__main__.py", "from .tests import scenario"),
    ],
)
def test_a_wall_sees_the_import_that_breaks_it(place: str, planted: str) -> None:
    assert len(wall_complaints(place, planted)) == 1


@pytest.mark.parametrize(
    ("place", "allowed"),
    [
        ("protocols/anthropic/codec.py", "from ..records import TurnRecord"),
        ("protocols/turn.py", "from collections.abc import Sequence\nfrom urllib import parse"),
        ("actors/kernel/cell.py", "import trio\nfrom ...io.ports import State"),
        ("actors/session.py", "from ..io import ports"),
        ("io/serving/server.py", "import socket\nfrom ..ports import State\nfrom ... import io"),
        ("io/cli/version.py", "from ... import __version__"),
        ("simulations/network.py", "from random import Random\nfrom ..io.ports import State"),
        ("simulations/explorer/jobs.py", "import multiprocessing\nfrom ...io.cli import output"),
        ("simulations/__main__.py", "import sys\nfrom ..__main__ import main"),
        ("__main__.py", "from .simulations import explorer\nfrom .app import compose"),
    ],
)
def test_a_wall_lets_through_what_the_table_allows(place: str, allowed: str) -> None:
    assert wall_complaints(place, allowed) == []


@pytest.mark.parametrize(
    "planted",
    ["async def f():\n    await trio.open_tcp_stream()", "from trio import to_thread", "trio.Path"],
)
def test_trio_s_own_world_is_seen(planted: str) -> None:
    assert trio_complaints("actors/session.py", planted)
    assert trio_complaints("simulations/network.py", planted)
    assert trio_complaints("io/serving/server.py", planted) == []


def test_an_undeclared_dependency_is_seen() -> None:
    dependencies = declared({"dependencies": ["quart-trio>=0.12", "h11==0.16.0"]})
    assert dependencies == {"quart_trio", "quart", "h11"}
    trained = {"dependencies": ["h11"], "optional-dependencies": {"train": ["numpy>=1.26"]}}
    assert declared(trained, "train") == {"h11", "numpy"}
    assert declared(trained) == {"h11"}
    for planted in ("import requests", "def late():\n    from numpy.linalg import norm"):
        assert len(undeclared_complaints("io/upstream/pool.py", planted, dependencies)) == 1
    for allowed in ("import h11", "import sqlite3", "from . import ports"):
        assert undeclared_complaints("io/upstream/pool.py", allowed, dependencies) == []


def test_a_wrong_list_in_pyproject_is_seen(tmp_path: Path) -> None:
    for room in ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    (tmp_path / "__init__.py").touch()
    (tmp_path / "io" / "model.gguf").touch()
    (tmp_path / "io" / "cli").mkdir()
    (tmp_path / "io" / "cli" / "serve.py").touch()
    right = [PACKAGE, *(f"{PACKAGE}.{room}" for room in ROOMS)]
    wrong = {
        "packages": [*right, "understudy.audio"],
        "package-data": {"understudy": ["py.typed"], "understudy.io": ["*.txt"]},
    }
    assert packaging_complaints(tmp_path, wrong) == [
        "packages lacks understudy.io.cli",
        "packages names understudy.audio: no Python there",
        "understudy.io.cli has no __init__.py",
        "package-data understudy: py.typed matches no file",
        "package-data understudy.io: *.txt matches no file",
        "package-data does not mention io/model.gguf",
    ]
