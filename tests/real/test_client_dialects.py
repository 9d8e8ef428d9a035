"""The real client's tools through endpoints of other dialects than its own.

Understudy translates both ways: the client's request into the endpoint's dialect, the peer's calls
into the client's, the client's results back. The peers are scripted (`scripted_dialects`).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import pytest

from .client import ClientHome, PrintResult, run_print
from .conftest import DIRECT
from .dialect_upstream import DialectUpstream, SeenRequest, open_dialect_upstream
from .script import THE_TOOLS_SAID, Call, Say, Script, Step, Think, tool_loop
from .scripted_dialects import DIALECTS, INPUT_TOKENS, OUTPUT_TOKENS
from .scripted_reply import Json
from .understudy_process import endpoint_settings, open_understudy

BASH = Call("Bash", {"command": "echo bash-says-$((40+2))", "description": "Print a number"})
THOUGHT = "A scripted thought."

pytestmark = pytest.mark.skipif(DIRECT, reason="the client speaks no dialect but its own")


@attrs.frozen
class Translated:
    """The client, Understudy, and a scripted peer of another dialect."""

    peer: DialectUpstream
    base_url: str
    home: ClientHome

    async def ask(self, prompt: str, output_format: str = "json") -> PrintResult:
        """Runs the client in print mode."""
        return await run_print(
            prompt,
            home=self.home,
            base_url=self.base_url,
            model="work/claude-x",
            output_format=output_format,
        )


@asynccontextmanager
async def open_translated(
    folder: Path, home: ClientHome, dialect: str, script: Script
) -> AsyncGenerator[Translated]:
    """Starts a peer with this script, and Understudy before it."""
    async with open_dialect_upstream(DIALECTS[dialect], script) as peer:
        settings = endpoint_settings(peer.base_url).replace('"anthropic"', f'"{dialect}"')
        async with open_understudy(folder / "server", settings) as understudy:
            yield Translated(peer, understudy.base_url, home)


def pairs(request: SeenRequest, dialect: str) -> list[tuple[str, str, str]]:
    """Each call in a request with its name, its arguments and its result, however it is told."""
    if dialect == "openai-chat":
        messages = request.body["messages"]
        calls = [one for message in messages for one in message.get("tool_calls") or ()]
        results = {one["tool_call_id"]: one["content"] for one in messages if one["role"] == "tool"}
        made = [(one["id"], one["function"]["name"], one["function"]["arguments"]) for one in calls]
    elif dialect == "openai-responses":
        items = request.body["input"]
        calls = [one for one in items if one.get("type") == "function_call"]
        outputs = [one for one in items if one.get("type") == "function_call_output"]
        results = {one["call_id"]: one["output"] for one in outputs}
        made = [(one["call_id"], one["name"], one["arguments"]) for one in calls]
    else:
        return _gemini_pairs(request.body["contents"])
    return [(name, arguments, str(results[identifier])) for identifier, name, arguments in made]


def _gemini_pairs(contents: list[Json]) -> list[tuple[str, str, str]]:
    """Google's API pairs by order within a turn: so many calls, then as many responses."""
    parts = [part for content in contents for part in content["parts"]]
    calls = [part["functionCall"] for part in parts if "functionCall" in part]
    results = [part["functionResponse"] for part in parts if "functionResponse" in part]
    assert [one["name"] for one in results] == [one["name"] for one in calls]
    return [
        (call["name"], str(call["args"]), str(result["response"]))
        for call, result in zip(calls, results, strict=True)
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_text_is_streamed(tmp_path: Path, client_home: ClientHome, dialect: str) -> None:
    script = ((Say("The scripted answer, piece by piece."),),)
    async with open_translated(tmp_path, client_home, dialect, script) as translated:
        result = await translated.ask("hello", "stream-json")
    assert result.text == "The scripted answer, piece by piece."
    assert "".join(result.partial_texts) == result.text
    assert len(result.partial_texts) > 1
    assert result.last["usage"]["input_tokens"] == INPUT_TOKENS
    assert result.last["usage"]["output_tokens"] == OUTPUT_TOKENS
    assert len(translated.peer.asked) == 1, "the first form of the request was refused"


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_command_goes_all_the_way_and_back(
    tmp_path: Path, client_home: ClientHome, dialect: str
) -> None:
    async with open_translated(tmp_path, client_home, dialect, tool_loop(BASH)) as translated:
        result = await translated.ask("run it")
    assert result.text.startswith("The tools said:")
    assert "bash-says-42" in result.text
    [(name, arguments, said)] = pairs(translated.peer.asked[1], dialect)
    assert name == "Bash"
    assert "echo bash-says-$((40+2))" in arguments
    assert "bash-says-42" in said
    assert len(translated.peer.asked) == 2


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_parallel_calls_keep_their_results(
    tmp_path: Path, client_home: ClientHome, dialect: str
) -> None:
    note = client_home.project / "note.txt"
    note.write_text("what the note says\n")
    script = tool_loop(
        Call("Bash", {"command": "sleep 1; echo one-$((1+0))"}),
        Call("Bash", {"command": "echo two-$((1+1))"}),
        Call("Read", {"file_path": str(note)}),
    )
    async with open_translated(tmp_path, client_home, dialect, script) as translated:
        result = await translated.ask("do all three")
    assert not result.is_error
    told = pairs(translated.peer.asked[1], dialect)
    expected = [("echo one-", "one-1"), ("echo two-", "two-2"), ("note.txt", "the note says")]
    assert len(told) == len(expected)
    for (_, arguments, said), (asked, answer) in zip(told, expected, strict=True):
        assert asked in arguments
        assert answer in said


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_several_rounds_end_with_the_answer(
    tmp_path: Path, client_home: ClientHome, dialect: str
) -> None:
    rounds: list[Step] = [
        (Call("Bash", {"command": f"echo round-$(({one}+10))"}),) for one in range(3)
    ]
    script = (*rounds, (THE_TOOLS_SAID,))
    async with open_translated(tmp_path, client_home, dialect, script) as translated:
        result = await translated.ask("go on")
    assert len(translated.peer.asked) == 4
    for number in (10, 11, 12):
        assert f"round-{number}" in result.text


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_call_that_fails_comes_back_as_its_result(
    tmp_path: Path, client_home: ClientHome, dialect: str
) -> None:
    script = tool_loop(Call("NoSuchTool", {"value": 1}), Call("Read", {"file_path": "/nowhere"}))
    async with open_translated(tmp_path, client_home, dialect, script) as translated:
        result = await translated.ask("do what cannot be done")
    assert not result.is_error
    unknown, missing = pairs(translated.peer.asked[1], dialect)
    assert "NoSuchTool" in unknown[2]
    assert "does not exist" in missing[2]


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_thinking_never_turns_into_text(
    tmp_path: Path, client_home: ClientHome, dialect: str
) -> None:
    script = ((Think(THOUGHT), BASH), (THE_TOOLS_SAID,))
    async with open_translated(tmp_path, client_home, dialect, script) as translated:
        result = await translated.ask("think first")
    assert "bash-says-42" in result.text
    assert THOUGHT not in result.text
    second = translated.peer.asked[1].body
    assert THOUGHT not in _words_of_assistant(second, dialect)


async def test_the_signature_of_a_call_comes_back(tmp_path: Path, client_home: ClientHome) -> None:
    """Google's API refuses a call in the history without the signature that it was given with."""
    async with open_translated(tmp_path, client_home, "gemini", tool_loop(BASH)) as translated:
        await translated.ask("run it")
    contents = translated.peer.asked[1].body["contents"]
    [call] = [part for one in contents for part in one["parts"] if "functionCall" in part]
    assert call["thoughtSignature"].startswith("c2ln")


def _words_of_assistant(body: Json, dialect: str) -> str:
    """What a request says that the assistant has said, thoughts left out."""
    if dialect == "openai-chat":
        messages = [one for one in body["messages"] if one["role"] == "assistant"]
        return " ".join(str(one.get("content")) for one in messages)
    if dialect == "openai-responses":
        items = [one for one in body["input"] if one.get("role") == "assistant"]
        return " ".join(str(one["content"]) for one in items)
    contents = [one for one in body["contents"] if one["role"] == "model"]
    parts = [part for one in contents for part in one["parts"] if not part.get("thought")]
    return " ".join(str(part.get("text", "")) for part in parts)
