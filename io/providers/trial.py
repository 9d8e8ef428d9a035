"""Tries an endpoint for real: its list of models, and one short streamed message with a tool.

That is the least that shows whether the client's work could be done there: the address, the key,
the model's id, the dialect, streaming and tools, at the price of a few tokens. The server's own
codecs write and read it. What is told of a failure never holds the key, though endpoints echo it.
"""

from __future__ import annotations

from typing import Final

import attrs
import trio

from ...protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    TextDelta,
    ToolUseStarted,
)
from ...protocols.conversation.blocks import Text
from ...protocols.conversation.request import Conversation, Message, Sampling, Tool
from ...protocols.dialect import NEED_DATA, AnswerReader, Headers, UpstreamDialect, UpstreamNonsense
from ...protocols.dialects import upstream_dialect
from ...protocols.json_decoding import NotJson, decode_json
from ...protocols.json_values import object_of, objects_of, text_of
from ...protocols.scrub import Secrets
from ...protocols.secret import Secret
from ...protocols.settings_data import Dialect, EndpointSettings, placed
from ..ports import Upstream, UpstreamError, UpstreamRequest, UpstreamResponse
from ..upstream.credentials import endpoint_key_header

LIST_SECONDS_MAX: Final = 15.0
MESSAGE_SECONDS_MAX: Final = 90.0
"""A model on this machine may have to be loaded first."""
PROBE_SECONDS_MAX: Final = 10.0
LIST_BYTES_MAX: Final = 8 * 1024 * 1024
FAILURE_BYTES_MAX: Final = 64 * 1024
ANSWER_TOKENS_MAX: Final = 512
WORDS_MAX: Final = 300
"""Characters of an endpoint's own words that are shown."""

LISTS: Final = {
    "anthropic": "/v1/models?limit=1000",
    "openai-chat": "/v1/models",
    "openai-responses": "/v1/models",
    "gemini": "/v1beta/models?pageSize=1000",
    "ollama": "/api/tags",
}
PROBES: Final[dict[Dialect, str]] = {
    "anthropic": "/v1/messages",
    "openai-chat": "/v1/chat/completions",
    "openai-responses": "/v1/responses",
    "gemini": "/v1beta/models/none:generateContent",
    "ollama": "/api/chat",
}
NOT_THERE: Final = (404, 405, 501)
TOOL: Final = Tool(
    "report",
    "Reports that you are ready.",
    {"type": "object", "properties": {"ready": {"type": "boolean"}}, "required": ["ready"]},
)
QUESTION: Final = "Call the tool `report` with ready = true."
REMEDIES: Final = {
    400: "the request was refused: check the model's id, and the dialect",
    401: "the key was refused: check it, or make a new one",
    402: "the account has no credit there: top it up, or use another key",
    403: "the key may not use this model: check its rights, or name another model",
    404: "there is no such model or path: check the model's id, the base_url and the dialect",
    429: "too much was asked with this key: wait, or raise its limit, and test again",
}


@attrs.frozen
class Trial:
    """What came of it. `failure` says what was wrong and what to do; "" if all is well.

    `listed` is None where the endpoint lists no models.
    """

    model: str
    failure: str = ""
    listed: tuple[str, ...] | None = None
    called_tool: bool = False
    first_seconds: float | None = None
    total_seconds: float | None = None


@attrs.frozen
class Trier:
    """Who tries `endpoint`, with `key`."""

    endpoint: EndpointSettings
    key: Secret | None
    upstream: Upstream

    async def list_models(self) -> tuple[str, ...] | None:
        """The ids that the endpoint lists; None if it lists none. Raises UpstreamError."""
        dialect = self.endpoint.dialects[0]
        request = self._request("GET", dialect, LISTS[dialect])
        with trio.move_on_after(LIST_SECONDS_MAX):
            async with self.upstream.open(request) as response:
                body = await _body(response, LIST_BYTES_MAX)
            return listed_ids(body) if response.status == 200 else None
        return None

    async def try_message(self, model: str) -> Trial:
        """Asks for one short answer, streamed, with a tool."""
        dialect = self.endpoint.dialects[0]
        peer = upstream_dialect(dialect, self.endpoint.window(model), self.endpoint.quirks)
        asked = Conversation(
            (Message("user", (Text(QUESTION),)),),
            tools=(TOOL,),
            sampling=Sampling(max_tokens=ANSWER_TOKENS_MAX),
            streamed=True,
        )
        outgoing = peer.request(asked, model)
        headers = ((b"content-type", b"application/json"), *outgoing.headers)
        request = self._request("POST", dialect, outgoing.path, headers, outgoing.body)
        heard = Heard(peer.reader(asked, model, "trial"), trio.current_time())
        try:
            with trio.fail_after(MESSAGE_SECONDS_MAX):
                async with self.upstream.open(request) as response:
                    if response.status != 200:
                        return Trial(model, await self._refused(peer, response))
                    while data := await response.receive():
                        heard.receive(data)
                    heard.end()
        except trio.TooSlowError:
            waited = f"no whole answer within {MESSAGE_SECONDS_MAX:.0f} s"
            return Trial(model, f"{waited}: is the model loaded, and the machine free?")
        except UpstreamError as error:
            return Trial(model, self._clean(f"{error}: check the base_url, and that it runs"))
        except UpstreamNonsense as error:
            words = f"the answer is not the dialect {dialect} ({error}): name another dialect"
            return Trial(model, self._clean(words))
        failure = self._clean(heard.failure)
        return Trial(model, failure, None, heard.called, heard.first_seconds, heard.total_seconds)

    async def probe(self) -> tuple[tuple[Dialect, ...], bool]:
        """The dialects that the base URL speaks, and whether OpenAI's path has no `/v1` there.

        Each path is asked an empty request, which costs nothing: who knows the path refuses the
        body, who does not says that there is no such path. Raises UpstreamError.
        """
        if await self._is_there("ollama", PROBES["ollama"]):
            return ("ollama",), False
        found: list[Dialect] = []
        for dialect, path in PROBES.items():
            if dialect != "ollama" and await self._is_there(dialect, path):
                found.append(dialect)
        if not found and await self._is_there("openai-chat", "/chat/completions"):
            return ("openai-chat",), True
        return tuple(found), False

    async def _is_there(self, dialect: Dialect, path: str) -> bool:
        headers: Headers = ((b"content-type", b"application/json"),)
        request = self._request("POST", dialect, path, headers, b"{}")
        with trio.move_on_after(PROBE_SECONDS_MAX):
            async with self.upstream.open(request) as response:
                return response.status not in NOT_THERE and response.status < 600
        return False

    async def _refused(self, peer: UpstreamDialect, response: UpstreamResponse) -> str:
        """What a refusal says, and what to do about it."""
        body = await _body(response, FAILURE_BYTES_MAX)
        told = peer.failure(response.status, response.headers, body)
        remedy = REMEDIES.get(response.status, "try again later; if it stays, ask the provider")
        return self._clean(f"status {response.status}: {told.message[:WORDS_MAX]}; {remedy}")

    def _request(
        self, method: str, dialect: str, path: str, headers: Headers = (), body: bytes = b""
    ) -> UpstreamRequest:
        url = f"{self.endpoint.base_url}{placed(self.endpoint.paths, dialect, path)}"
        if dialect == "anthropic" and not any(name == b"anthropic-version" for name, _ in headers):
            headers = (*headers, (b"anthropic-version", b"2023-06-01"))
        if self.key is not None:
            headers = (*headers, endpoint_key_header(self.endpoint, self.key, dialect))
        return UpstreamRequest(method, url, (*headers, (b"accept-encoding", b"identity")), body)

    def _clean(self, words: str) -> str:
        """The words without the key, in whatever the endpoint has said."""
        secret = "" if self.key is None else self.key.reveal()
        plain = "".join(each if each.isprintable() else " " for each in words)
        plain = plain.replace(secret, "(key not shown)") if secret else plain
        secrets = Secrets()
        secrets.add(secret)
        return secrets.cover_text(plain)


@attrs.define
class Heard:
    """What is heard of an answer."""

    _reader: AnswerReader
    _started_seconds: float
    called: bool = False
    failure: str = ""
    first_seconds: float | None = None
    total_seconds: float | None = None
    _spoke: bool = False

    def receive(self, data: bytes) -> None:
        """Takes the next bytes. Raises UpstreamNonsense."""
        self._reader.receive_data(data)
        self._read()

    def end(self) -> None:
        """The body is complete. Raises UpstreamNonsense."""
        self._reader.receive_end()
        self._read()
        if self.total_seconds is None and not self.failure:
            self.failure = "the answer broke off before its end: try again; check the dialect"
        elif not (self.called or self._spoke or self.failure):
            self.failure = "the answer was empty: does this model chat?"

    def _read(self) -> None:
        while (event := self._reader.next_event()) is not NEED_DATA:
            self._take(event)

    def _take(self, event: AnswerEvent) -> None:
        now = trio.current_time() - self._started_seconds
        if self.first_seconds is None:
            self.first_seconds = now
        match event:
            case ToolUseStarted():
                self.called = True
            case TextDelta():
                self._spoke = True
            case AnswerFailed():
                self.failure = f"the answer failed: {event.message[:WORDS_MAX]}; try again"
            case AnswerEnded():
                self.total_seconds = now
                self._spoke = self._spoke or event.stop_reason == "max_tokens"
            case _:
                pass


def listed_ids(body: bytes) -> tuple[str, ...] | None:
    """The ids in a list of models, whatever dialect it is in; None if it is no such list."""
    try:
        value = decode_json(body)
    except NotJson:
        return None
    holder = object_of(value)
    entries = holder.get("data", holder.get("models")) if holder else value
    if not isinstance(entries, list):
        return None
    ids = (
        text_of(each.get("id")) or text_of(each.get("model")) or text_of(each.get("name"))
        for each in objects_of(value if not holder else entries)
    )
    return tuple(each.removeprefix("models/") for each in ids if each)


async def _body(response: UpstreamResponse, bytes_max: int) -> bytes:
    body = b""
    while len(body) < bytes_max and (data := await response.receive()):
        body += data
    return body[:bytes_max]


async def try_endpoint(trier: Trier, model: str = "") -> Trial:
    """Lists the models, and tries one of them: `model`, else the first that is named or listed."""
    try:
        listed = await trier.list_models()
    except UpstreamError:
        listed = None  # the message will say what is wrong
    wanted = model or next(iter(trier.endpoint.models or listed or ()), "")
    if not wanted:
        return Trial("", "no model is named, and the endpoint lists none: add --model ID", listed)
    tried = attrs.evolve(await trier.try_message(wanted), listed=listed)
    if tried.failure and listed and wanted not in listed:
        near = f"{tried.failure}; {wanted} is not in its list: {', '.join(listed[:8])}"
        return attrs.evolve(tried, failure=near)
    return tried
