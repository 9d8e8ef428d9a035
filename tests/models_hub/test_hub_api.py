"""The hub's answers as data: what is understood, what is left out, what is no answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.protocols.models import hub_api
from understudy.protocols.models.hub_api import (
    HubFile,
    HubNonsense,
    etag_of,
    read_repository,
    read_search,
)

from .fake_hub import Model

SHA256 = "a" * 64
SHA1 = "b" * 40


def repository(**changed: Any) -> bytes:
    return json.dumps({"id": "a/b", "sha": SHA1, "siblings": []} | changed).encode()


def sibling(**changed: Any) -> dict[str, Any]:
    large = {"sha256": SHA256, "size": 5_000, "pointerSize": 134}
    return {"rfilename": "m.gguf", "size": 5_000, "blobId": SHA1, "lfs": large} | changed


def test_a_repository_is_read_with_its_files() -> None:
    model = Model("a/b", {"m.gguf": b"x" * 2_000, "config.json": b"{}"})
    found = read_repository(json.dumps(model.as_listed(files=True)).encode())
    assert found.model.licence == "apache-2.0"
    assert found.model.updated == "2026-01-02"
    assert found.commit == model.commit
    assert found.files == (
        HubFile("m.gguf", 2_000, model.digest("m.gguf")),
        HubFile("config.json", 2, model.digest("config.json")),
    )
    assert [each.is_large for each in found.files] == [True, False]


@pytest.mark.parametrize(
    "changed",
    [
        {"rfilename": "../m.gguf"},
        {"rfilename": "/m.gguf"},
        {"rfilename": "a\x1b.gguf"},
        {"rfilename": None},
        {"lfs": {"sha256": SHA256, "size": -1}},
        {"lfs": {"sha256": SHA256, "size": 2**60}},
        {"lfs": {"sha256": SHA256, "size": True}},
        {"lfs": {"sha256": SHA256, "size": "5"}},
        {"lfs": {"sha256": "zz", "size": 5}},
        {"lfs": {"sha256": f"{SHA256}\n", "size": 5}},
        {"lfs": None, "blobId": None},
        {"lfs": None, "size": None},
    ],
)
def test_a_file_that_cannot_be_used_is_left_out(changed: dict[str, Any]) -> None:
    found = read_repository(repository(siblings=[sibling(**changed), sibling(rfilename="ok.gguf")]))
    assert [each.path for each in found.files] == ["ok.gguf"]
    assert found.left_out == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        b"[" * 100_000,
        b"null",
        b"[]",
        b"{}",
        repository(id="../b"),
        repository(sha=None),
        repository(sha="main"),
    ],
)
def test_what_is_no_repository_is_nonsense(data: bytes) -> None:
    with pytest.raises(HubNonsense):
        read_repository(data)


def test_a_repository_of_too_many_files_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_api, "FILES_MAX", 1)
    assert read_repository(repository(siblings=[sibling()]))
    with pytest.raises(HubNonsense, match="2 files"):
        read_repository(repository(siblings=[sibling(), sibling(rfilename="n")]))


def test_a_search_passes_over_what_is_no_model() -> None:
    rows = [{"id": "a/b", "downloads": -3, "likes": True, "gated": "auto", "tags": [1, "mlx"]}]
    (found,) = read_search(json.dumps([None, 7, {"id": "\x1b/x"}, *rows]).encode())
    assert (found.id, found.downloads, found.likes, found.gated) == ("a/b", 0, 0, True)
    assert found.tags == {"mlx"}
    with pytest.raises(HubNonsense):
        read_search(b'{"error":"x"}')


def test_a_licence_cannot_paint_the_terminal() -> None:
    (found,) = read_search(json.dumps([{"id": "a/b", "tags": ["license:\x1b[2J"]}]).encode())
    assert found.licence.isprintable()


def test_a_tag_is_taken_out_of_its_quotes() -> None:
    assert etag_of(f'"{SHA256}"') == etag_of(f'W/"{SHA256}"') == etag_of(SHA256) == SHA256
