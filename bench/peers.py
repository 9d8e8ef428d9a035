"""The peers: what is measured in each case, and how each gateway is configured and started.

A case is a pair of dialects: `a2a` is a client of Anthropic Messages before an upstream of the
same, `a2o` one before an upstream of OpenAI's Chat Completions, so that gateways translate. What
`direct` asks is the upstream's own dialect.

LiteLLM and claude-code-router are measured where bench/install_peers.sh has put them. Both run as
their documentation says, with what costs time left off: one worker, no database, no callbacks, no
retries, no logs.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bodies import CHAT, MESSAGES, Dialect
from processes import Process, free_port, script

DIRECT, FLOOR, SUBJECT, LITELLM, CCR = "direct", "floor", "understudy", "litellm", "ccr"
OTHERS = (LITELLM, CCR)
"""Gateways that are not ours."""
TOKEN = "sk-bench-token"
INSTALLED = Path(__file__).parent.parent / "build" / "peers"
LITELLM_PROGRAM = INSTALLED / "litellm" / "bin" / "litellm"
CCR_PROGRAM = INSTALLED / "ccr/node_modules/@musistudio/claude-code-router/dist/cli.js"


@dataclass(frozen=True)
class Case:
    """A pair of dialects, with the peers that can be measured in it."""

    name: str
    title: str
    upstream: Dialect
    peers: tuple[str, ...]


A2A = Case(
    "a2a",
    "Anthropic Messages to the same",
    MESSAGES,
    (DIRECT, FLOOR, SUBJECT, LITELLM, CCR),
)
A2O = Case(
    "a2o",
    "Anthropic Messages to Chat Completions",
    CHAT,
    (DIRECT, SUBJECT, LITELLM, CCR),
)
CASES = {case.name: case for case in (A2A, A2O)}


def missing(name: str) -> str:
    """Returns why a peer cannot be measured here; "" if it can."""
    if name == LITELLM and not LITELLM_PROGRAM.exists():
        return "not installed (bench/install_peers.sh litellm)"
    if name == CCR and not CCR_PROGRAM.exists():
        return "not installed (bench/install_peers.sh ccr)"
    if name == CCR and shutil.which("node") is None:
        return "there is no node to run it"
    return ""


@dataclass(frozen=True)
class Place:
    """Where a peer is to run: before which upstream, in which case, with what of the machine."""

    case: Case
    upstream_url: str
    home: Path
    cpus: set[int]

    def start(self, name: str, profile: Path | None = None) -> Process:
        """Starts one gateway in front of the upstream; raises StartError."""
        home = self.home / name
        home.mkdir(exist_ok=True)
        return _STARTS[name](self, home, profile)


def model_of(name: str) -> str:
    """Returns the id by which a peer knows the mock's model."""
    return {SUBJECT: "work/mock", CCR: "work,mock"}.get(name, "mock")


def program(name: str, profile: Path | None, *arguments: str) -> list[str]:
    """Returns the command of one of our own programs, under the sampler if it is to be profiled."""
    if profile is not None:
        arguments = (script("sampler.py"), str(profile / f"{name}.txt"), *arguments)
    elif not arguments[0].endswith(".py"):
        arguments = ("-m", *arguments)
    return [sys.executable, *arguments]


def start_floor(place: Place, home: Path, profile: Path | None) -> Process:
    """Starts the bare pass-through."""
    command = program(FLOOR, profile, script("floor.py"), place.upstream_url)
    return Process(command, os.environ, place.cpus)


UNDERSTUDY_SETTINGS = """\
[[endpoint]]
name = "work"
dialect = "{dialect}"
base_url = "{upstream_url}"
models = ["mock"]
key = "env:WORK_KEY"
"""


def start_understudy(place: Place, home: Path, profile: Path | None) -> Process:
    """Starts ours, with one endpoint."""
    dialect = "anthropic" if place.case is A2A else "openai-chat"
    settings = home / "bench.toml"
    text = UNDERSTUDY_SETTINGS.format(dialect=dialect, upstream_url=place.upstream_url)
    settings.write_text(text, encoding="utf-8")
    serve = ("understudy", "serve", "--config", str(settings), "--port", "0")
    own = {"UNDERSTUDY_HOME": str(home), "UNDERSTUDY_TOKEN": TOKEN, "WORK_KEY": "key"}
    return Process(program(SUBJECT, profile, *serve), {**os.environ, **own}, place.cpus)


LITELLM_CONFIG = """\
model_list:
  - model_name: mock
    litellm_params:
      model: {model}
      api_base: {api_base}
      api_key: key
litellm_settings:
  callbacks: []
  num_retries: 0
  use_chat_completions_url_for_anthropic_messages: true
general_settings:
  master_key: {token}
"""


def start_litellm(place: Place, home: Path, _: Path | None) -> Process:
    """Starts LiteLLM's proxy."""
    model = "anthropic/mock" if place.case is A2A else "hosted_vllm/mock"
    api_base = place.upstream_url + ("" if place.case is A2A else "/v1")
    config = home / "config.yaml"
    text = LITELLM_CONFIG.format(model=model, api_base=api_base, token=TOKEN)
    config.write_text(text, encoding="utf-8")
    port = str(free_port())
    options = ["--host", "127.0.0.1", "--port", port, "--num_workers", "1", "--telemetry", "False"]
    own = {
        "HOME": str(home),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_LOG": "ERROR",
        "LITELLM_MODE": "PRODUCTION",
        "PATH": f"{LITELLM_PROGRAM.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
    return Process(
        [str(LITELLM_PROGRAM), "--config", str(config), *options],
        {**os.environ, **own},
        place.cpus,
        health_url=f"http://127.0.0.1:{port}/health/liveliness",
    )


def start_ccr(place: Place, home: Path, _: Path | None) -> Process:
    """Starts claude-code-router's service."""
    transformer = {"transformer": {"use": ["Anthropic"]}} if place.case is A2A else {}
    provider = {
        "name": "work",
        "api_base_url": place.upstream_url + place.case.upstream.path.partition("?")[0],
        "api_key": "key",
        "models": ["mock"],
        **transformer,
    }
    port = free_port()
    config = {
        "LOG": False,
        "NON_INTERACTIVE_MODE": True,
        "PORT": port,
        "APIKEY": TOKEN,
        "Providers": [provider],
        "Router": {"default": "work,mock"},
    }
    folder = home / ".claude-code-router"
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return Process(
        ["node", str(CCR_PROGRAM), "start"],
        {**os.environ, "HOME": str(home)},
        place.cpus,
        health_url=f"http://127.0.0.1:{port}/health",
    )


_STARTS: Mapping[str, Callable[[Place, Path, Path | None], Process]] = {
    FLOOR: start_floor,
    SUBJECT: start_understudy,
    LITELLM: start_litellm,
    CCR: start_ccr,
}
