"""The parts of the llama.cpp engine that need no engine."""

from __future__ import annotations

import subprocess
import sys

import pytest
import trio
from understudy.io.engines import llama_server
from understudy.io.engines.llama_server import LlamaServer
from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.io.ports import EngineError, EngineSpec

SPEC = EngineSpec(name="rehearsal", file=MODEL_FILE, context_tokens=2048)


def test_importing_the_engine_loads_no_native_library() -> None:
    code = "import sys, understudy.io.engines.llama_server; sys.exit('xllamacpp' in sys.modules)"
    assert subprocess.run([sys.executable, "-P", "-c", code], check=False).returncode == 0


async def test_a_machine_without_the_package_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_nothing(_name: str) -> None:
        return None

    monkeypatch.setattr(llama_server, "find_spec", find_nothing)
    with pytest.raises(EngineError, match="needs the package xllamacpp"):
        async with LlamaServer().open(SPEC):
            raise AssertionError("opened")


async def test_a_batch_that_would_delay_esc_is_refused() -> None:
    spec = EngineSpec(name="m", file=MODEL_FILE, context_tokens=2048, batch_tokens=512)
    with pytest.raises(AssertionError):
        async with LlamaServer().open(spec):
            raise RuntimeError("opened")


async def test_an_engine_that_is_late_is_ended_and_named() -> None:
    with trio.fail_after(20), pytest.raises(EngineError, match=r"rehearsal .*within 0\.01 s"):
        async with LlamaServer(start_seconds=0.01).open(SPEC):
            raise AssertionError("opened")
