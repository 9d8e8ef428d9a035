"""Where the user's token is looked for, and what is no token."""

from __future__ import annotations

from pathlib import Path

import pytest
from understudy.io.models.hub_token import find_token


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_the_variable_counts_before_the_file(home: Path) -> None:
    write(home / ".cache" / "huggingface" / "token", "hf_file\n")
    assert find_token({}) == "hf_file"
    assert find_token({"HF_TOKEN": " hf_variable "}) == "hf_variable"
    assert find_token({"HUGGING_FACE_HUB_TOKEN": "hf_old"}) == "hf_old"


def test_the_file_lies_where_its_programs_put_it(home: Path) -> None:
    write(home / "a" / "token", "hf_a")
    write(home / "b" / "huggingface" / "token", "hf_b")
    file = write(home / "c", "hf_c")
    assert find_token({"HF_HOME": str(home / "a")}) == "hf_a"
    assert find_token({"XDG_CACHE_HOME": str(home / "b")}) == "hf_b"
    assert find_token({"HF_TOKEN_PATH": str(file), "HF_HOME": str(home / "a")}) == "hf_c"


def test_what_the_user_has_turned_off_is_not_read(home: Path) -> None:
    write(home / ".cache" / "huggingface" / "token", "hf_file")
    assert find_token({"HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}) == ""


@pytest.mark.parametrize("text", ["", "two words", "hf_\x01", "hf_é", "hf_a\nhf_b"])
def test_what_could_not_be_a_header_is_no_token(home: Path, text: str) -> None:
    write(home / ".cache" / "huggingface" / "token", text)
    assert find_token({}) == ""
    assert find_token({"HF_TOKEN": text}) == ""


def test_a_file_that_is_none_is_no_token(home: Path) -> None:
    (home / ".cache" / "huggingface" / "token").mkdir(parents=True)
    assert find_token({}) == ""
    assert find_token({"HF_HOME": "~nobody-here/x"}) == ""
