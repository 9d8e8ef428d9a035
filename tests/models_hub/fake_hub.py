"""A hub without a network: what the documented interface answers to a request, and every fault.

`FakeHub.answer` is a function of a request, so that the same hub stands behind real sockets
(`hub_server`) and in virtual time (`simulated_hub`). It has two hosts: the hub itself, and the one
that large files are on, to which the hub redirects. A fault waits in line and spoils one answer of
one host; `always` spoils every one.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import attrs

CONTENTS_KEPT = 64
HUB, STORE = "hub", "store"
TOKEN = "hf_planted_token"
SIGNATURE = "Signature=planted"


@attrs.frozen
class HubRequest:
    """A request as it arrived at one of the hosts; header names in lower case."""

    where: str
    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> Mapping[str, list[str]]:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def span(self) -> tuple[int, int | None] | None:
        """The first byte of a range and the one past its last."""
        unit, _, span = self.headers.get("range", "").partition("=")
        first, _, last = span.partition("-")
        if unit != "bytes" or not first:
            return None
        return int(first), int(last) + 1 if last else None


@attrs.frozen
class HubAnswer:
    """An answer and what becomes of it on its way.

    `length` is what Content-Length claims, None for the truth. After `cut_after` bytes the
    connection fails, after `hang_after` it falls silent; it goes out in pieces of `piece_bytes`
    with `piece_seconds` between them.
    """

    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str])
    body: bytes = b""
    length: int | None = None
    cut_after: int | None = None
    hang_after: int | None = None
    piece_bytes: int = 64 * 1024
    piece_seconds: float = 0.0

    def pieces(self) -> Iterable[bytes]:
        """What is sent, up to a cut or a silence."""
        ends = [each for each in (self.cut_after, self.hang_after) if each is not None]
        body = self.body[: min(ends)] if ends else self.body
        for start in range(0, len(body), self.piece_bytes):
            yield body[start : start + self.piece_bytes]

    @property
    def all_headers(self) -> list[tuple[str, str]]:
        length = len(self.body) if self.length is None else self.length
        return [*self.headers.items(), ("content-length", str(length))]


Fault = Callable[[HubRequest, HubAnswer], HubAnswer]


@attrs.define
class Model:
    """A repository; `files` by path. Files of at least `large_bytes` are with the other host."""

    name: str
    files: dict[str, bytes]
    commit: str = "c0ffee" + "0" * 34
    tags: tuple[str, ...] = ("gguf", "license:apache-2.0")
    gated: bool = False
    large_bytes: int = 1_000
    listed: dict[str, Any] = attrs.field(factory=dict[str, Any])
    """What its answer says otherwise than the truth."""

    def is_large(self, path: str) -> bool:
        return len(self.files[path]) >= self.large_bytes

    def digest(self, path: str) -> str:
        return digest_of(self.files[path], large=self.is_large(path))

    def as_listed(self, *, files: bool) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": self.name,
            "sha": self.commit,
            "downloads": 1234,
            "likes": 5,
            "lastModified": "2026-01-02T03:04:05.000Z",
            "tags": list(self.tags),
            "gated": "manual" if self.gated else False,
            "private": False,
        }
        if files:
            shown["siblings"] = [self._sibling(path) for path in self.files]
        return shown | self.listed

    def _sibling(self, path: str) -> dict[str, Any]:
        size, digest = len(self.files[path]), self.digest(path)
        if not self.is_large(path):
            return {"rfilename": path, "size": size, "blobId": digest}
        large = {"sha256": digest, "size": size, "pointerSize": 134}
        return {"rfilename": path, "size": size, "blobId": "d" * 40, "lfs": large}


@attrs.define
class FakeHub:
    """The two hosts. `requests` are all that came, `faults` those that wait, by host."""

    hub_url: str = "https://hub.test"
    store_url: str = "https://store.test"
    models: dict[str, Model] = attrs.field(factory=dict[str, Model])
    requests: list[HubRequest] = attrs.field(factory=list[HubRequest])
    faults: dict[str, deque[Fault]] = attrs.field(
        factory=lambda: {HUB: deque[Fault](), STORE: deque[Fault]()}
    )
    always: dict[str, Fault] = attrs.field(factory=dict[str, Fault])

    def add(self, model: Model) -> Model:
        self.models[model.name] = model
        return model

    def to(self, where: str) -> list[HubRequest]:
        """The requests of one host."""
        return [each for each in self.requests if each.where == where]

    def answer(self, request: HubRequest) -> HubAnswer:
        """What this host answers, faults included."""
        self.requests.append(request)
        answer = self._hub(request) if request.where == HUB else self._store(request)
        if request.where in self.always:
            answer = self.always[request.where](request, answer)
        if self.faults[request.where]:
            answer = self.faults[request.where].popleft()(request, answer)
        return answer

    def _hub(self, request: HubRequest) -> HubAnswer:
        path = request.path
        if path == "/api/models":
            return self._search(request)
        if path.startswith("/api/models/"):
            return self._model(request)
        owner, name, _, commit, file = (path.strip("/").split("/", 4) + [""] * 5)[:5]
        model = self.models.get(f"{owner}/{name}")
        refused = self._refused(request, model)
        if refused or model is None:
            return refused or refusal(404, "RepoNotFound")
        if file not in model.files or commit != model.commit:
            return refusal(404, "EntryNotFound")
        return self._resolved(request, model, file)

    def _resolved(self, request: HubRequest, model: Model, file: str) -> HubAnswer:
        told = {"x-repo-commit": model.commit}
        if not model.is_large(file):
            told["etag"] = f'"{model.digest(file)}"'
            return ranged(request, model.files[file], told)
        told |= {
            "x-linked-etag": f'"{model.digest(file)}"',
            "x-linked-size": str(len(model.files[file])),
            "location": f"{self.store_url}/{model.name}/{file}?{SIGNATURE}",
        }
        return HubAnswer(302, told, b"Found. Redirecting")

    def _store(self, request: HubRequest) -> HubAnswer:
        owner, name, file = (request.path.strip("/").split("/", 2) + [""] * 3)[:3]
        model = self.models.get(f"{owner}/{name}")
        if SIGNATURE not in request.target or model is None or file not in model.files:
            return HubAnswer(403, {}, b"<Error>AccessDenied</Error>")
        content = model.files[file]
        return ranged(request, content, {"etag": '"of-the-store"'})

    def _search(self, request: HubRequest) -> HubAnswer:
        (words,), (tag,) = request.query["search"], request.query["filter"]
        found = [
            each.as_listed(files=False)
            for each in self.models.values()
            if tag in each.tags and all(word in each.name.lower() for word in words.split())
        ]
        return as_json(found[: int(request.query["limit"][0])])

    def _model(self, request: HubRequest) -> HubAnswer:
        owner, name, word, revision = (request.path.split("/")[3:] + [""] * 4)[:4]
        model = self.models.get(f"{owner}/{name}")
        refused = self._refused(request, model)
        if refused or model is None:
            return refused or refusal(404, "RepoNotFound")
        if word != "revision" or revision not in ("main", model.commit):
            return refusal(404, "RevisionNotFound")
        return as_json(model.as_listed(files=request.query.get("blobs") == ["true"]))

    def _refused(self, request: HubRequest, model: Model | None) -> HubAnswer | None:
        given = request.headers.get("authorization")
        if given is not None and given != f"Bearer {TOKEN}":
            return HubAnswer(
                401, {"x-error-message": "Invalid credentials in Authorization header"}
            )
        if model is None and given is None:
            return HubAnswer(401, {"x-error-message": "Invalid username or password."})
        if model is not None and model.gated and given is None:
            return refusal(401, "GatedRepo")
        return None


@lru_cache(CONTENTS_KEPT)
def digest_of(content: bytes, *, large: bool) -> str:
    """What the hub knows a content by; reckoned once, as real hubs do."""
    if large:
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def ranged(request: HubRequest, content: bytes, headers: Mapping[str, str]) -> HubAnswer:
    """The content, or the range of it that is asked for."""
    span = request.span
    if span is None:
        return HubAnswer(200, headers, content)
    start, end = span[0], min(span[1] or len(content), len(content))
    if start >= len(content):
        return HubAnswer(416, {**headers, "content-range": f"bytes */{len(content)}"})
    told = {**headers, "content-range": f"bytes {start}-{end - 1}/{len(content)}"}
    return HubAnswer(206, told, content[start:end])


def refusal(status: int, code: str) -> HubAnswer:
    """A refusal with the hub's code for it."""
    return HubAnswer(status, {"x-error-code": code, "x-error-message": f"{code}, in words"})


def as_json(value: object) -> HubAnswer:
    """An answer of the interface."""
    return HubAnswer(200, {"content-type": "application/json"}, json.dumps(value).encode())


def cut(after_bytes: int) -> Fault:
    """The connection fails after so many bytes of the body."""
    return lambda _, answer: attrs.evolve(answer, cut_after=after_bytes)


def hang(after_bytes: int) -> Fault:
    """The host falls silent after so many bytes of the body."""
    return lambda _, answer: attrs.evolve(answer, hang_after=after_bytes)


def slow(piece_bytes: int, seconds: float) -> Fault:
    """The body comes in small pieces with pauses."""
    return lambda _, answer: attrs.evolve(answer, piece_bytes=piece_bytes, piece_seconds=seconds)


def status(number: int, **headers: str) -> Fault:
    """Another status; `_` in a header's name stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _, __: HubAnswer(number, named, b"no")


def redirect(location: str) -> Fault:
    """Leads elsewhere."""
    return lambda _, __: HubAnswer(302, {"location": location})


def ignore_range(content: bytes) -> Fault:
    """The whole file, whatever is asked for."""
    return lambda _, answer: HubAnswer(200, {}, content) if answer.status == 206 else answer


def corrupt(_: HubRequest, answer: HubAnswer) -> HubAnswer:
    """One bit of the body is another."""
    return attrs.evolve(answer, body=bytes([answer.body[0] ^ 1]) + answer.body[1:])


def body(data: bytes) -> Fault:
    """Another body."""
    return lambda _, answer: attrs.evolve(answer, body=data)


def header(name: str, value: str) -> Fault:
    """One header is another."""
    return lambda _, answer: attrs.evolve(answer, headers={**answer.headers, name: value})
