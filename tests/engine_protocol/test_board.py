"""What is shown of the engines' processes."""

from __future__ import annotations

from understudy.protocols.engine.board import EngineBoard, EngineLine
from understudy.protocols.engine.messages import Ready


def test_a_life_of_a_process_is_one_line() -> None:
    board = EngineBoard()
    board.loading("local", "m", "worker")
    board.progress("m", 0.4)
    board.progress("another", 0.9)
    assert board.lines == (EngineLine("local", "m", "worker", "loading", 0.4),)
    board.running("local", Ready("hermes", 2048, 4096, 64, 256, 0.01, "b1", 3))
    assert board.lines == (EngineLine("local", "m", "worker", "running", 1.0, "b1", 2048, 64, 3),)
    board.progress("m", 0.1)
    assert board.lines[0].loaded == 1.0
    board.ended("local")
    assert board.lines == (EngineLine("local", "m", "worker", "stopped"),)
    board.loading("local", "m", "worker")
    board.ended("local", "it is no model")
    assert board.lines == (EngineLine("local", "m", "worker", "failed", words="it is no model"),)


def test_a_server_says_less_of_itself() -> None:
    board = EngineBoard()
    board.loading("local", "m", "anthropic")
    board.running("local", None)
    assert board.lines == (EngineLine("local", "m", "anthropic", "running", 1.0),)
