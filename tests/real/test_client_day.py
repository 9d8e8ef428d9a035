"""A day of the real client: three endpoints, and the main one begins to fail in the middle of it.

By rules, small work and sub-agents go to one endpoint; all else goes to the main one, which falls
back to a third. In the middle of a tool loop the main one begins to answer 529, later nobody is at
its address at all. The client must not notice: no error, and each thing is done exactly once.
"""

from __future__ import annotations

import http.client
import itertools
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import pytest
import trio

from .client import TOKEN, ClientHome, run_print
from .client_session import ClientSession, open_session
from .conftest import DIRECT
from .script import Call, as_scenario
from .scripted_upstream import RecordedRequest, ScriptedUpstream, open_scripted_upstream
from .understudy_process import UnderstudyProcess, open_understudy

MAIN, SMALL, THIRD = "work/claude-x", "small/claude-s", "third/claude-t"
TOOLS = ("Bash", "Read", "Write", "Edit", "Agent")
LOOP = 4
FAILS = (529, "overloaded_error")
DAY_SECONDS_MAX = 150.0
REASON_SECONDS_MAX = 10.0
AGENT_HEADER = "x-claude-code-agent-id"

pytestmark = pytest.mark.skipif(DIRECT, reason="one endpoint alone has nobody to fall back to")


@attrs.frozen
class Day:
    """The endpoints, Understudy before them, and what ends the main one for good."""

    main: ScriptedUpstream
    small: ScriptedUpstream
    third: ScriptedUpstream
    understudy: UnderstudyProcess
    home: ClientHome
    main_leaves: trio.Event
    main_is_gone: trio.Event

    @property
    def log(self) -> Path:
        """The file to which each command that the client runs adds a line."""
        return self.home.project / "log.txt"


def endpoint(name: str, model: str, base_url: str, more: str = "") -> str:
    """One endpoint of the settings."""
    return f"""
[[endpoint]]
name = "{name}"
dialect = "anthropic"
base_url = "{base_url}"
models = ["{model}"]
key = "env:WORK_KEY"
{more}
"""


def rule(trait: str) -> str:
    """A rule that leads what has a trait to the small endpoint."""
    return f'\n[[rule]]\nname = "{trait}"\nwhen = ["{trait}"]\nto = ["{SMALL}"]\n'


@asynccontextmanager
async def open_day(folder: Path) -> AsyncGenerator[Day]:
    """Starts all of it."""
    home = ClientHome.create(folder / "client")
    leaves, is_gone = trio.Event(), trio.Event()

    async def serve_main(task_status: trio.TaskStatus[ScriptedUpstream]) -> None:
        async with open_scripted_upstream() as main:
            task_status.started(main)
            await leaves.wait()
        is_gone.set()

    async with (
        open_scripted_upstream() as small,
        open_scripted_upstream() as third,
        trio.open_nursery() as nursery,
    ):
        main: ScriptedUpstream = await nursery.start(serve_main)
        settings = (
            f'default = "{MAIN}"\n'
            + endpoint("work", "claude-x", main.base_url, f'fallback = ["{THIRD}"]')
            + endpoint("small", "claude-s", small.base_url)
            + endpoint("third", "claude-t", third.base_url)
            + rule("background")
            + rule("sub-agent")
        )
        async with open_understudy(folder / "server", settings) as understudy:
            yield Day(main, small, third, understudy, home, leaves, is_gone)
        nursery.cancel_scope.cancel("the day is over")


def log_line(day: Day, word: str) -> Call:
    """A command that leaves a trace each time it runs; without a space, as a prompt must be."""
    return Call("Bash", {"command": f"echo${{IFS}}{word}>>{day.log}", "description": "note"})


def agent(day: Day, kind: str, word: str, **more: str) -> Call:
    """A sub-agent that runs one command."""
    prompt = as_scenario(log_line(day, word))
    given = {"description": word, "subagent_type": kind, "prompt": prompt, **more}
    return Call("Agent", {**given, "run_in_background": False})


async def ask(session: ClientSession, prompt: str) -> str:
    """Tells the client something; it may not call it a failure."""
    result = await session.say(prompt)
    assert not result.get("is_error"), result
    assert result["subtype"] == "success", result
    return str(result.get("result"))


async def test_the_client_does_not_notice(tmp_path: Path) -> None:
    with trio.fail_after(DAY_SECONDS_MAX):
        async with open_day(tmp_path) as day:
            session = await plan(day)
            async with open_session(
                home=day.home,
                base_url=day.understudy.base_url,
                model=MAIN,
                extra_arguments=["--resume", session, "--allowedTools", ",".join(TOOLS)],
            ) as client:
                await work(day, client)
                assert day.third.message_requests == []
                await lose_main_in_a_loop(day, client)
                await work_on(day, client)
            await resume(day, session)
            check_places(day)
            await check_reasons(day)


async def plan(day: Day) -> str:
    """Plans, in plan mode: returns the id of the session."""
    (day.home.project / "plan.txt").write_text("what is planned\n")
    read = as_scenario(Call("Read", {"file_path": str(day.home.project / "plan.txt")}))
    result = await run_print(
        read,
        home=day.home,
        base_url=day.understudy.base_url,
        model=MAIN,
        allowed_tools=TOOLS,
        extra_arguments=["--permission-mode", "plan"],
    )
    assert result.exit_code == 0
    assert not result.is_error
    assert "what is planned" in result.text
    return str(result.last["session_id"])


async def work(day: Day, client: ClientSession) -> None:
    """Writes a file and edits it, has two sub-agents work, and runs three tools at once."""
    file = day.home.project / "day.txt"
    await ask(client, as_scenario(Call("Write", {"file_path": str(file), "content": "one two"})))
    change = {"file_path": str(file), "old_string": "two", "new_string": "two three"}
    await ask(client, as_scenario(Call("Edit", change)))
    assert file.read_text() == "one two three"
    await ask(client, as_scenario(agent(day, "general-purpose", "agent")))
    await ask(client, as_scenario(agent(day, "general-purpose", "haiku", model="haiku")))
    said = await ask(client, f"SCN=par:{file}")
    assert all(word in said for word in ("one-1", "two-2", "three"))


async def lose_main_in_a_loop(day: Day, client: ClientSession) -> None:
    """The main endpoint is overloaded after the second turn of a tool loop."""

    async def fail_in_the_middle() -> None:
        await day.main.wait_for_message(lambda one: one.scenario == "loop:4" and is_turn(one, 2))
        day.main.failing = FAILS

    async with trio.open_nursery() as nursery:
        nursery.start_soon(fail_in_the_middle)
        said = await ask(client, f"SCN=loop:{LOOP}")
    assert f"round-{LOOP - 1}" in said
    assert day.third.message_requests


async def work_on(day: Day, client: ClientSession) -> None:
    """Goes on at the third: a command, then nobody is there any more, another one, compaction."""
    await ask(client, as_scenario(log_line(day, "overloaded")))
    day.main_leaves.set()
    await day.main_is_gone.wait()
    await ask(client, as_scenario(log_line(day, "refused")))
    await ask(client, as_scenario(agent(day, "general-purpose", "late")))
    await client.say("/compact")
    assert "after" in await ask(client, "SCN=text:after_it")


async def resume(day: Day, session: str) -> None:
    """A new process goes on with the same conversation."""
    result = await run_print(
        as_scenario(log_line(day, "resumed")),
        home=day.home,
        base_url=day.understudy.base_url,
        model=MAIN,
        allowed_tools=TOOLS,
        extra_arguments=["--resume", session],
    )
    assert (result.exit_code, result.is_error) == (0, False)
    lines = day.log.read_text().split()
    assert lines == ["agent", "haiku", "overloaded", "refused", "late", "resumed"]


def check_places(day: Day) -> None:
    """Every turn went where the rules say."""
    for request in (*day.main.message_requests, *day.third.message_requests):
        assert AGENT_HEADER not in request.headers, request
        assert "haiku" not in request.json["model"]
    assert day.small.message_requests
    for request in day.small.message_requests:
        assert AGENT_HEADER in request.headers, request
    answered = [one for one in day.main.message_requests if one.status == 200]
    for first, second in itertools.pairwise(answered):
        assert first.body != second.body, "a turn was asked twice"


NO_HEADERS: dict[str, str] = {}


async def check_reasons(day: Day) -> None:
    """The header of an answer says who gave it, and why."""
    main = await trio.to_thread.run_sync(reason, day.understudy.port, NO_HEADERS)
    assert main.startswith("third/claude-t; "), main
    assert "work" in main
    agent = await trio.to_thread.run_sync(reason, day.understudy.port, {AGENT_HEADER: "a1"})
    assert agent.startswith("small/claude-s; the rule sub-agent"), agent


def reason(port: int, more: dict[str, str]) -> str:
    """What the header says that explains the answer to a plain request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=REASON_SECONDS_MAX)
    body = {"model": MAIN, "max_tokens": 9, "messages": [{"role": "user", "content": "SCN=text"}]}
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json", **more}
    connection.request("POST", "/v1/messages", json.dumps(body), headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.headers.get("x-understudy-route", "")


def is_turn(request: RecordedRequest, number: int) -> bool:
    """Whether this is the n-th turn of a tool loop, by the results that it brings."""
    messages: Sequence[dict[str, object]] = request.json["messages"]
    text = json.dumps(messages)
    return f"round-{number - 2}" in text
