"""A pytest plugin that points llama.cpp's server tests at Understudy, and reports what they said.

The tests know an external server by PORT and DEBUG_EXTERNAL alone: no token, and no path before
theirs. They make each address from a host and a port, so the port that they are given goes on
with a path: `7337/t/TOKEN`, the form of address with the token in it. Four things differ from a
llama.cpp server, and each is told here rather than hidden:

- llama.cpp serves its OpenAI routes with and without /v1, Understudy with it;
- llama.cpp has one model and lets a request name none: such a request names NO_MODEL here;
- OWN_ROUTES are no dialect's but llama.cpp's own: they go to the llama.cpp server itself, and what
  a test asserts of them says nothing about Understudy;
- nothing is downloaded: the module `wget` is an empty one.

It runs in the suite's own environment, which has no Understudy. What to do comes as JSON in
UNDERSTUDY_SUITE: `base` and `server` are addresses, `left` says why a test is left out and
`failing` why it fails (a test that passes nevertheless is a failure), `library` is the module that
all its tests import from, and `report` is the file to write. A row names one test, or all of its
parameters by the name before them, or some by a beginning and an end with `...` between.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import types
from pathlib import Path
from typing import Any

import pytest

COMPLAINT_CHARACTERS_MAX = 500
FAILED_AS_TOLD = "failed as told"
NO_MODEL = "not-named"
OWN_ROUTES = ("/apply-template", "/tokenize")

_orders: dict[str, Any] = json.loads(os.environ["UNDERSTUDY_SUITE"])
_outcomes: dict[str, str] = {}
_used: set[str] = set()


def pytest_configure() -> None:
    """Patches the suite's library before any of its tests is imported."""
    sys.modules["wget"] = types.ModuleType("wget")
    library: Any = importlib.import_module(_orders["library"])
    initialise = library.ServerProcess.__init__

    def start_outside(self: Any) -> None:
        initialise(self)
        self.external_server = True
        self.server_port = _orders["base"].removeprefix("http://127.0.0.1:")

    def make_url(_self: Any, path: str, _host: str | None = None) -> str:
        if path.startswith(OWN_ROUTES):
            return f"{_orders['server']}{path}"
        return f"{_orders['base']}{path if path.startswith('/v1/') else '/v1' + path}"

    for name in ("make_request", "make_stream_request"):
        send = getattr(library.ServerProcess, name)
        setattr(library.ServerProcess, name, _naming_a_model(send))
    library.ServerProcess.__init__ = start_outside
    library.ServerProcess.make_url = make_url


def _naming_a_model(send: Any) -> Any:
    """The suite's way to send a request, for requests that name no model as well."""

    def sending(
        server: Any, verb: str, path: str, data: Any = None, *rest: Any, **more: Any
    ) -> Any:
        if isinstance(data, dict):
            body: dict[str, Any] = {**data}
            body["model"] = body.get("model") or NO_MODEL
            data = body
        return send(server, verb, path, data, *rest, **more)

    return sending


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what the tables leave out and what they say fails, each test with its reason."""
    for item in items:
        for row, reason in _orders["left"].items():
            if _fits(row, item.name):
                _used.add(row)
                item.add_marker(pytest.mark.skip(reason=reason))
        for row, reason in _orders["failing"].items():
            if _fits(row, item.name):
                _used.add(row)
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True))


def _fits(row: str, name: str) -> bool:
    start, some, end = row.partition("...")
    if some:
        return name.startswith(start) and name.endswith(end)
    return row in (name, name.split("[")[0])


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Notes a test's outcome; a failure with what was said of it."""
    if report.when == "call" or report.outcome != "passed":
        said: str = FAILED_AS_TOLD if hasattr(report, "wasxfail") else report.outcome
        if said == "failed":
            complaints = [line[2:] for line in report.longreprtext.splitlines() if line[:2] == "E "]
            said = "failed:" + " ".join(complaints)[:COMPLAINT_CHARACTERS_MAX]
        _outcomes[report.nodeid.split("::", 1)[1]] = said


def pytest_sessionfinish() -> None:
    """Writes the report: the outcomes, and which rows of the tables fitted no test."""
    stale = sorted({*_orders["left"], *_orders["failing"]} - _used)
    Path(_orders["report"]).write_text(json.dumps({"outcomes": _outcomes, "stale": stale}))
