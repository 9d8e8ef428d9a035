"""A hub's answers with a few changes, 10,000 of each: only the protocol's exceptions come out.

What comes out may be written to this disk and shown on a terminal, so that is checked of each.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import PurePosixPath
from random import Random
from typing import Any

import pytest
from understudy.protocols.models.hub_address import AddressRefused, parse_wanted, redirected
from understudy.protocols.models.hub_api import (
    FILE_BYTES_MAX,
    HubModel,
    HubNonsense,
    read_repository,
    read_search,
)
from understudy.protocols.models.hub_choice import Chosen, choose
from understudy.protocols.models.hub_failure import Asked, refusal
from understudy.protocols.models.hub_ranges import Record, content_range, read_record

from ..fuzz.mutate import mutated_bytes, mutated_json
from .fake_hub import Model

INPUTS = 10_000
MODEL = Model(
    "ann/Name-GGUF",
    {
        "README.md": b"x",
        "config.json": b"{}",
        "UD/m-UD-Q4_K_XL-00001-of-00002.gguf": b"x" * 2_000,
        "UD/m-UD-Q4_K_XL-00002-of-00002.gguf": b"y" * 2_000,
        "m-Q4_K_M.gguf": b"z" * 2_000,
        "mmproj-F16.gguf": b"p" * 2_000,
        "model.safetensors": b"w" * 2_000,
    },
    tags=("gguf", "mlx", "license:mit"),
)
REPOSITORY = json.dumps(MODEL.as_listed(files=True)).encode()
SEARCH = json.dumps([MODEL.as_listed(files=False)] * 2).encode()
RECORD = Record("a" * 64, 5_000).with_interval(0, 9).with_interval(20, 4_000).as_bytes()


def lawful_model(model: HubModel) -> None:
    for text in (model.id, model.updated, model.licence, model.library):
        assert text.isprintable()
    assert model.downloads >= 0
    assert model.likes >= 0


def repository(data: bytes) -> None:
    found = read_repository(data)
    lawful_model(found.model)
    for file in found.files:
        path = PurePosixPath(file.path)
        assert not path.is_absolute()
        assert ".." not in path.parts
        assert file.path.isprintable()
        assert 0 <= file.size_bytes <= FILE_BYTES_MAX
        assert len(file.digest) in (40, 64)
    chosen = choose(found, room_bytes=3_000)
    if isinstance(chosen, Chosen):
        assert set(chosen.variant.files) <= set(found.files)
        assert not any(each.path.endswith(".py") for each in chosen.variant.files)


def search(data: bytes) -> None:
    for model in read_search(data):
        lawful_model(model)


def record(data: bytes) -> None:
    found = read_record(data)
    if found is not None:
        here = sum(end - start for start, end in found.done)
        assert here + sum(end - start for start, end in found.missing(2**40)) == found.size_bytes
        assert read_record(found.as_bytes()) == found


def headers(data: bytes) -> None:
    text = data.decode("latin-1")
    found = content_range(text)
    assert found is None or 0 <= found[0] < found[1] <= found[2]
    named = {"retry-after": text, "ratelimit": text, "x-error-message": text, "x-error-code": text}
    asked = Asked("hub.test", "https://hub.test", "a/b")
    for number in (400, 401, 403, 404, 429):
        refused = refusal(number, named, asked, of_the_hub=True, with_token=True)
        assert refused.message.isprintable()
        assert refused.wait_seconds >= 0


def address(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    with suppress(AddressRefused):
        target = redirected("https://hub.test/a", text)
        assert target.startswith("https://")
    wanted = parse_wanted(text)
    assert ".." not in wanted.path.split("/")
    assert wanted.path.isprintable()


TARGETS: dict[
    str, tuple[Callable[[bytes], None], Callable[[bytes, Random], bytes], list[bytes]]
] = {
    "repository": (repository, mutated_json, [REPOSITORY]),
    "search": (search, mutated_json, [SEARCH]),
    "record": (record, mutated_json, [RECORD]),
    "headers": (headers, mutated_bytes, [b"bytes 0-99/100", b'"api";r=0;t=55', b"120"]),
    "address": (
        address,
        mutated_bytes,
        [b"ann/Name:Q4_K_M", b"https://huggingface.co/a/b/blob/main/c.gguf", b"//cdn.test/x?y"],
    ),
}


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_the_protocol_s_exceptions_comes_out(name: str) -> None:
    run, mutate, corpus = TARGETS[name]
    random = Random(name)
    understood = 0
    for number in range(INPUTS):
        data = mutate(random.choice(corpus), random)
        try:
            run(data)
            understood += 1
        except (HubNonsense, AddressRefused):
            continue
        except BaseException as error:
            error.add_note(f"{name}, input {number}: {data[:2_000]!r}")
            raise
    assert understood > INPUTS // 50, "the mutator leaves nothing that is understood"


def test_a_path_that_is_not_looked_at_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def trusting(_: Any) -> bool:
        return True

    monkeypatch.setattr("understudy.protocols.models.hub_api.is_safe_path", trusting)
    evil = {"id": "a/b", "sha": "a" * 40, "siblings": [
        {"rfilename": "../x", "size": 1, "blobId": "b" * 40}]}  # fmt: skip
    with pytest.raises(AssertionError):
        repository(json.dumps(evil).encode())
