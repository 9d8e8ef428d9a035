"""Ollama's own words, old and new, and what is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from understudy.protocols.discovery.inquiry import Answer, NotFound, Question
from understudy.protocols.discovery.ollama import SHOWN_MAX, ask_ollama

from .asked import BASE, Table, follow

QWEN: dict[str, Any] = {
    "name": "qwen3:8b",
    "model": "qwen3:8b",
    "digest": "500a",
    "details": {"family": "qwen3", "context_length": 40_960},
    "capabilities": ["completion", "tools", "thinking"],
}
OLD: dict[str, Any] = {
    "name": "llama3.2:latest",
    "model": "llama3.2:latest",
    "digest": "a80c",
    "details": {},
}
OLD_PAGE = {
    "parameters": 'num_ctx                        8192\nstop                           "<|eot|>"',
    "model_info": {"general.architecture": "llama", "llama.context_length": 131_072},
    "capabilities": ["completion", "tools"],
}
CLOUD = {"model": "glm-5.3:cloud", "digest": "c1", "remote_host": "https://ollama.com:443"}
VECTORS = {"model": "nomic:latest", "digest": "e1", "capabilities": ["embedding"]}


def table(
    *models: Any, running: tuple[Any, ...] = (), pages: Mapping[str, Any] | None = None
) -> Table:
    shown = {f"/api/show {name}": page for name, page in (pages or {}).items()}
    return {
        "/api/version": {"version": "0.33.0"},
        "/api/tags": {"models": list(models)},
        "/api/ps": {"models": list(running)},
        **shown,
    }


def test_a_loaded_model_has_the_window_that_it_was_loaded_with() -> None:
    running = ({"model": "qwen3:8b", "context_length": 4096},)
    found = follow(ask_ollama(BASE), table(QWEN, running=running))
    (model,) = found.models
    assert (found.kind, found.version, model.is_loaded) == ("ollama", "0.33.0", True)
    assert (model.context_tokens, model.trained_tokens) == (4096, 40_960)
    assert model.abilities == ("tools", "thinking")
    (warning,) = found.warnings
    assert warning.startswith("the window of qwen3:8b is 4,096 tokens")
    assert "OLLAMA_CONTEXT_LENGTH" in warning


def test_of_a_model_that_is_not_loaded_the_window_is_not_guessed() -> None:
    found = follow(ask_ollama(BASE), table(QWEN))
    (model,) = found.models
    assert (model.context_tokens, model.is_loaded) == (None, False)
    assert "4,096 tokens unless it is told otherwise" in found.warnings[0]


def test_the_window_that_a_models_own_file_sets_holds_without_loading_it() -> None:
    shown = table(OLD, pages={"llama3.2:latest": OLD_PAGE})
    (model,) = follow(ask_ollama(BASE), shown).models
    assert (model.context_tokens, model.trained_tokens) == (8192, 131_072)
    assert model.abilities == ("tools",)


def test_a_model_of_the_vendors_cloud_is_remote_whatever_its_name() -> None:
    copy = {"model": "mine:latest", "digest": "c1", "capabilities": ["completion"]}
    page = {"remote_host": "https://ollama.com:443", "capabilities": ["completion", "tools"]}
    found = follow(ask_ollama(BASE), table(CLOUD, copy, pages={"mine:latest": page}))
    assert [(each.id, each.remote) for each in found.facts] == [
        ("glm-5.3:cloud", True),
        ("mine:latest", True),
    ]
    assert "computed elsewhere" in found.warnings[-1]


def test_models_that_make_vectors_come_last() -> None:
    found = follow(ask_ollama(BASE), table(VECTORS, QWEN))
    assert [each.id for each in found.facts] == ["qwen3:8b", "nomic:latest"]


def test_what_is_known_of_a_file_is_not_asked_again() -> None:
    shown = table(OLD, QWEN, pages={"llama3.2:latest": OLD_PAGE})
    earlier = follow(ask_ollama(BASE), shown).models
    asked: list[Question] = []
    again = follow(ask_ollama(BASE, earlier), table(OLD, QWEN), asked)
    assert not [each for each in asked if each.body]
    assert again.models == earlier


def test_so_many_models_are_asked_about_and_no_more() -> None:
    asked: list[Question] = []
    many = [{"model": f"m{number}", "digest": str(number)} for number in range(SHOWN_MAX + 9)]
    found = follow(ask_ollama(BASE), table(*many), asked)
    assert len([each for each in asked if each.body]) == SHOWN_MAX
    assert len(found.models) == SHOWN_MAX + 9


def test_our_own_address_is_not_found() -> None:
    ours = {"model": "work/big:latest", "details": {"family": "understudy"}}
    with pytest.raises(NotFound, match="Understudy's own"):
        follow(ask_ollama(BASE), table(ours))


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ({"error": "Unexpected endpoint or method. (GET /api/version)"}, "not an Ollama"),
        (b"<html><title>Router</title>", "a page for a browser"),
        (b"{" * 100_000, "no JSON"),
        ([], "not an Ollama"),
        (Answer(302), "redirects"),
        (Answer(0, trouble="says nothing for 1 s"), "says nothing"),
    ],
)
def test_another_program_is_told_in_words(version: Any, words: str) -> None:
    with pytest.raises(NotFound, match=words):
        follow(ask_ollama(BASE), {**table(QWEN), "/api/version": version})


def test_names_that_could_not_be_shown_are_left_out() -> None:
    bad: list[Any] = [
        {"model": "a\x1b[2Jb"},
        {"model": "a b"},
        {"model": ""},
        {"model": 7},
        {},
        3,
        None,
    ]
    found = follow(ask_ollama(BASE), table(QWEN, *bad))
    assert [each.id for each in found.models] == ["qwen3:8b"]
