"""Neither a log nor a last word shows a key, however it came to be in it."""

from __future__ import annotations

import io
import logging
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from understudy.io.log_filter import NOT_WRITTEN, LastWords, SecretFilter
from understudy.protocols.scrub import Secrets

from .searched import FORMS, KEY, leaks_in


def made() -> Secrets:
    """What looks for the key."""
    secrets = Secrets()
    secrets.add(KEY)
    return secrets


@contextmanager
def logged(*filters: logging.Filter) -> Generator[tuple[logging.Logger, io.StringIO]]:
    """A logger, and what its handler has written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    for one in filters:
        handler.addFilter(one)
    logger = logging.Logger("planted")
    logger.addHandler(handler)
    yield logger, written


def log_in_every_way(logger: logging.Logger) -> None:
    """A key in a record's words, in its arguments, in what they show, and in an exception."""
    for form in FORMS.values():
        logger.debug("inline " + form(KEY))
        logger.info("%s and %r", form(KEY), {"headers": [form(KEY).encode()]})
    try:
        raise ExceptionGroup(KEY, [ValueError(KEY)])
    except ExceptionGroup:
        logger.exception("caught", stack_info=True)


def test_no_record_shows_a_key() -> None:
    with logged(SecretFilter(made())) as (logger, written):
        log_in_every_way(logger)
    assert leaks_in(written.getvalue()) == []
    assert "inline ***" in written.getvalue()
    assert "ValueError: ***" in written.getvalue()
    assert "Stack (most recent call last)" in written.getvalue()


def test_without_the_filter_every_one_would_be_found() -> None:
    with logged() as (logger, written):
        log_in_every_way(logger)
    assert set(leaks_in(written.getvalue())) == {"plain", "hex"}
    assert len(leaks_in(written.getvalue())) > 3 * len(FORMS)


def test_a_record_that_does_not_fit_is_left_out() -> None:
    with logged(SecretFilter(made())) as (logger, written):
        logger.info("a number: %d", KEY)
    assert written.getvalue() == f"{NOT_WRITTEN}\n"


def test_a_record_without_a_key_is_as_it_was() -> None:
    with logged(SecretFilter(made())) as (logger, written):
        logger.info("%s answers %d", "work", 200)
    assert written.getvalue() == "work answers 200\n"


def caught(error: BaseException) -> BaseException:
    """The error with where it was raised."""
    try:
        raise error
    except type(error) as raised:
        return raised


@pytest.mark.parametrize(
    "error",
    [ValueError(KEY), OSError(KEY), ExceptionGroup(KEY, [ValueError(KEY), ImportError(KEY)])],
)
def test_no_last_word_shows_a_key(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    words = LastWords(made())
    raised = caught(error)
    words.of_process(type(raised), raised, raised.__traceback__)
    thread = (type(raised), raised, raised.__traceback__, None)
    words.of_thread(threading.ExceptHookArgs(thread))
    unraisable: Any = SimpleNamespace(exc_value=raised, object=KEY, err_msg=KEY)
    words.of_nobody(unraisable)
    told = capsys.readouterr().err
    assert leaks_in(told) == []
    assert told.count(type(error).__name__) >= 3
    assert "test_logs.py" in told


def test_a_process_without_a_terminal_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    error = caught(ValueError(KEY))
    LastWords(made()).of_process(type(error), error, error.__traceback__)
