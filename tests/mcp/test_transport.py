"""What clients do to `/mcp`, over real sockets: who comes in, who cancels, who just leaves."""

from __future__ import annotations

import json
from typing import Any

import attrs
import h11
import pytest
import trio
import trio.testing
from understudy.io.mcp.mount import METHODS, McpMount
from understudy.io.mcp.server import make_server, open_sessions

from ..gateway.client import BEARER, TOKEN, connect
from .conftest import McpStage
from .raw import ACCEPT, ERAS, LEGACY, MODERN, Raw, call, messages

PROMPT_SECONDS_MAX = 1.0
"""For what takes a few milliseconds where nothing else runs."""
STORM_SESSIONS = 60
STORM_AT_ONCE = 20


@attrs.define
class Slow:
    """A tool that never ends by itself, and what has become of its calls."""

    began: trio.Event = attrs.field(factory=trio.Event)
    cancelled: trio.Event = attrs.field(factory=trio.Event)
    cancelled_seconds: float = 0.0

    async def slow(self) -> str:
        """Wait."""
        self.began.set()
        try:
            await trio.sleep_forever()
        finally:
            self.cancelled_seconds = trio.current_time()
            self.cancelled.set()


@pytest.fixture
async def slow(served: McpStage, nursery: trio.Nursery) -> Slow:
    tool = Slow()
    server = make_server(served.desk)
    server.add_tool(tool.slow)
    mount = McpMount(lambda: open_sessions(server))
    served.stage.gateway.mcp = mount
    served.mount = mount
    nursery.start_soon(mount.run)
    return tool


async def test_nothing_of_the_sdk_is_made_before_somebody_asks(served: McpStage) -> None:
    assert vars_of(served.mount)["_sessions"] is None
    await served.raw(LEGACY)
    assert vars_of(served.mount)["_sessions"] is not None


async def test_a_dropped_request_of_the_newer_era_cancels_its_tool(
    served: McpStage, slow: Slow
) -> None:
    raw = await served.raw(MODERN)
    async with connect(served.stage.port) as client:
        await raw.start(client, "tools/call", call("slow"))
        await slow.began.wait()
    with trio.fail_after(PROMPT_SECONDS_MAX):
        await slow.cancelled.wait()
    await served.stage.wait_idle()


async def test_a_dropped_request_of_the_older_era_cancels_nothing(
    served: McpStage, slow: Slow
) -> None:
    raw = await served.raw(LEGACY)
    async with connect(served.stage.port) as client:
        number = await raw.start(client, "tools/call", call("slow"))
        await slow.began.wait()
    await served.stage.wait_idle()
    assert not slow.cancelled.is_set()
    await raw.notify("notifications/cancelled", {"requestId": number, "reason": "Esc"})
    with trio.fail_after(PROMPT_SECONDS_MAX):
        await slow.cancelled.wait()


async def test_a_cancelled_call_of_the_older_era_is_answered(served: McpStage, slow: Slow) -> None:
    raw = await served.raw(LEGACY)
    async with connect(served.stage.port) as client:
        number = await raw.start(client, "tools/call", call("slow"))
        await slow.began.wait()
        await raw.notify("notifications/cancelled", {"requestId": number})
        with trio.fail_after(PROMPT_SECONDS_MAX):
            found = messages(await client.answer())[-1]
    assert found["id"] == number
    assert "error" in found


async def test_an_id_that_is_in_use_takes_no_call_from_its_client(
    served: McpStage, slow: Slow
) -> None:
    """With a second request of its id the SDK forgets the first: nothing could cancel it."""
    raw = await served.raw(LEGACY)
    async with connect(served.stage.port) as client:
        number = await raw.start(client, "tools/call", call("slow"))
        await slow.began.wait()
        body = json.dumps(raw.request(number, "tools/list", None)).encode()
        answer = await served.stage.ask("POST", "/mcp", raw.headers("tools/list"), body)
        assert (answer.status, json.loads(answer.body)["error"]["code"]) == (400, -32600)
        await raw.notify("notifications/cancelled", {"requestId": number})
        with trio.fail_after(PROMPT_SECONDS_MAX):
            await slow.cancelled.wait()
            assert "error" in messages(await client.answer())[-1]
        answer = await served.stage.ask("POST", "/mcp", raw.headers("tools/list"), body)
        assert answer.status == 200, "it is free again"


async def test_a_mount_that_has_crashed_is_made_again(
    served: McpStage, nursery: trio.Nursery
) -> None:
    made: list[int] = []

    def build() -> Any:
        made.append(1)
        if len(made) == 1:
            raise OSError("the module cannot be read")
        return open_sessions(make_server(served.desk))

    served.stage.gateway.mcp = mount = McpMount(build)
    nursery.start_soon(mount.run)
    body = json.dumps(Raw(0, MODERN).request(1, "tools/list", None)).encode()
    headers = Raw(0, MODERN).headers("tools/list")
    answer = await served.stage.ask("POST", "/mcp", headers, body)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert "the log of `understudy serve` says why" in answer.body.decode()
    answer = await served.stage.ask("POST", "/mcp", headers, body)
    assert answer.status == 200


@pytest.mark.parametrize("era", ERAS)
async def test_the_server_s_stop_ends_streams_for_news_at_once(
    served: McpStage, slow: Slow, era: str
) -> None:
    raw = await served.raw(era)
    async with connect(served.stage.port) as client:
        await raw.listen(client)
        served.mount.stop()
        served.stage.server.stop_accepting(grace_seconds=60.0)
        with trio.fail_after(PROMPT_SECONDS_MAX):
            while not isinstance(event := await client.event(), h11.EndOfMessage):
                assert isinstance(event, h11.Data), event


async def test_a_call_in_flight_is_left_its_grace(served: McpStage, slow: Slow) -> None:
    raw = await served.raw(MODERN)
    async with connect(served.stage.port) as client:
        await raw.start(client, "tools/call", call("slow"))
        await slow.began.wait()
        served.mount.stop()
        await trio.testing.wait_all_tasks_blocked()
        assert not slow.cancelled.is_set()


@pytest.mark.parametrize("era", ERAS)
async def test_a_stream_for_news_is_left_without_a_trace(served: McpStage, era: str) -> None:
    raw = await served.raw(era)
    async with connect(served.stage.port) as client:
        await raw.listen(client)
    await served.stage.wait_idle()
    assert vars_of(served.mount)["_listening"] == set()
    await raw.ask("tools/list")  # the session goes on


async def test_a_session_ends_with_its_deletion(served: McpStage) -> None:
    raw = await served.raw(LEGACY)
    answer = await served.stage.ask("DELETE", "/mcp", raw.headers("DELETE"))
    assert answer.status == 200
    body = json.dumps(raw.request(9, "tools/list", None)).encode()
    answer = await served.stage.ask("POST", "/mcp", raw.headers("tools/list"), body)
    assert answer.status == 404, "a client begins another session then"


@pytest.mark.parametrize("path", ["/mcp", "/t/not-the-token/mcp"])
async def test_without_the_token_it_is_a_401_with_a_challenge(served: McpStage, path: str) -> None:
    answer = await served.stage.ask("POST", path, ACCEPT, b"{}")
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert TOKEN not in answer.body.decode()


async def test_elsewhere_a_wrong_token_stays_a_403(served: McpStage) -> None:
    assert (await served.stage.ask("POST", "/v1/messages", (), b"{}")).status == 403


@pytest.mark.parametrize("header", [("origin", "http://evil.example"), ("host", "evil.example")])
async def test_another_page_or_name_is_a_403_even_with_the_token(
    served: McpStage, header: tuple[str, str]
) -> None:
    assert (await served.stage.ask("POST", "/mcp", (*BEARER, *ACCEPT, header))).status == 403


@pytest.mark.parametrize("era", ERAS)
async def test_the_token_may_stand_in_the_path(served: McpStage, era: str) -> None:
    raw = Raw(served.stage.port, era, path=f"/t/{TOKEN}/mcp")
    await raw.open()
    assert await raw.ask("tools/list")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "HEAD"])
async def test_other_methods_are_told_which_there_are(served: McpStage, method: str) -> None:
    answer = await served.stage.ask(method, "/mcp")
    assert (answer.status, answer.headers["allow"]) == (405, ", ".join(METHODS))


async def test_a_body_beyond_the_budget_is_refused(served: McpStage) -> None:
    raw = await served.raw(MODERN)
    body = b" " * (served.stage.budget.limit_bytes + 1)
    answer = await served.stage.ask("POST", "/mcp", raw.headers("tools/list"), body)
    assert answer.status == 503
    await served.stage.wait_idle()


async def test_many_sessions_at_once_are_all_answered(served: McpStage) -> None:
    answered: list[Any] = []
    limiter = trio.CapacityLimiter(STORM_AT_ONCE)

    async def one() -> None:
        async with limiter:
            raw = await served.raw(LEGACY)
            answered.append(await raw.call("endpoint_list"))

    with trio.fail_after(20):
        async with trio.open_nursery() as nursery:
            for _ in range(STORM_SESSIONS):
                nursery.start_soon(one)
    assert len(answered) == STORM_SESSIONS
    assert all(not result["isError"] for result in answered)
    await served.stage.wait_idle()


def vars_of(mount: McpMount) -> dict[str, Any]:
    """What a mount keeps."""
    return {name: getattr(mount, name) for name in ("_sessions", "_listening")}
