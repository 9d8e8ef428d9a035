"""Names from a stranger: which may become a path, and what they say of a model."""

from __future__ import annotations

import pytest
from understudy.protocols.models.hub_names import (
    STEP_BYTES_MAX,
    STEPS_MAX,
    is_repository,
    is_revision,
    is_safe_path,
    quantisation_of,
    shown,
)


@pytest.mark.parametrize(
    "path",
    ["model.gguf", "UD-Q4_K_XL/a b-00001-of-00002.gguf", "ünïcode.gguf", "x" * STEP_BYTES_MAX],
)
def test_a_plain_path_is_safe(path: str) -> None:
    assert is_safe_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../../.bashrc",
        "a/../b",
        "a//b",
        "a/",
        "./a",
        ".git/config",
        "a/.model.gguf.pull.json",
        "~root/a",
        " a",
        "a ",
        "a.",
        "a\\b",
        "C:a",
        "a\x00b",
        "a\nb",
        "a\x1b[2Jb",
        "a\u202eb",
        "a\ud800b",
        "é" * STEP_BYTES_MAX,
        "/".join("a" * (STEPS_MAX + 1)),
    ],
)
def test_a_path_that_leads_elsewhere_or_hides_is_not(path: str) -> None:
    assert not is_safe_path(path)


@pytest.mark.parametrize("name", ["Qwen/Qwen3-8B-GGUF", "a/b", "0x/y.z_1"])
def test_a_repository_has_an_owner_and_a_name(name: str) -> None:
    assert is_repository(name)


@pytest.mark.parametrize(
    "name",
    ["", "gpt2", "a/b/c", "../b", "a/..", "a/.b", "a/b.git", "a/b--c", "a/b-", "a/ö", "a/b\n"],
)
def test_other_names_are_none(name: str) -> None:
    assert not is_repository(name)


def test_a_revision_is_no_path_upwards() -> None:
    assert is_revision("main")
    assert is_revision("refs/pr/1")
    assert is_revision("c0ffee" + "0" * 34)
    for bad in ("", "../x", "a..b", "a//b", "a?b", "a b", "-x"):
        assert not is_revision(bad)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("Qwen3-8B-Q4_K_M.gguf", "Q4_K_M"),
        ("qwen2.5-7b-instruct-q5_k_m-00001-of-00002.gguf", "Q5_K_M"),
        ("UD-Q4_K_XL/Big-UD-Q4_K_XL-00001-of-00002.gguf", "UD-Q4_K_XL"),
        ("m.i1-IQ3_XXS.gguf", "IQ3_XXS"),
        ("llama-2-7b-chat.Q8_0.gguf", "Q8_0"),
        ("gpt-oss-20b-MXFP4.gguf", "MXFP4"),
        ("m-bf16.gguf", "BF16"),
        ("m-TQ1_0.gguf", "TQ1_0"),
        ("Q4_K_M/model.gguf", ""),
        ("model.gguf", ""),
        ("qwen3.gguf", ""),
    ],
)
def test_a_quantisation_is_read_from_the_name(path: str, name: str) -> None:
    assert quantisation_of(path) == name


def test_a_stranger_s_text_is_shown_on_one_line() -> None:
    assert shown("a\x1b[31mb\nc\u202e") == "a�[31mb�c�"
    assert shown("x" * 400) == "x" * 299 + "…"
