"""Nothing that this process prints shows a secret that it holds: neither a log nor a last word.

The filter sits on the handlers of the root logger, so that it sees what every library logs, at any
level; a record that nobody writes costs nothing. The four hooks by which Python tells of exceptions
that nobody caught write what `crash.py` says of one, types and places, and words only of those that
cannot quote a request. Beside them is faulthandler, which writes places alone.
"""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Final, TypeVar

from ..protocols.scrub import Secrets
from ..protocols.secret import Secret
from ..protocols.settings_data import Settings
from .keys import PASSPHRASE_VARIABLE
from .models.hub_token import find_token
from .serving.crash import describe_crash

NOT_SHOWN: Final = Secrets()
"""The secrets of this process. Whoever reveals one to send it puts it here first."""

Token = TypeVar("Token", bound=Secret)

NOT_WRITTEN: Final = "a record that does not fit its own words was left out"


def hidden(token: Token, environ: Mapping[str, str], settings: Settings) -> Token:
    """The token. What the process was started with is covered from now on.

    Keys of a keychain follow as they are read. One that is no key is left to whoever needs it.
    """
    NOT_SHOWN.add(token.reveal(), "the token")
    NOT_SHOWN.add(environ.get(PASSPHRASE_VARIABLE, ""), "the passphrase of the keys")
    NOT_SHOWN.add(find_token(environ), "the hub's token")
    references = [key for endpoint in settings.endpoints for key in endpoint.keys]
    references += [settings.search.key] if settings.search else []
    for reference in references:
        if reference.source == "env":
            NOT_SHOWN.add(environ.get(reference.name, "").strip(), str(reference))
    return token


class SecretFilter(logging.Filter):
    """Covers secrets in a record's words, in its exception and in its stack."""

    def __init__(self, secrets: Secrets) -> None:
        super().__init__()
        self._secrets = secrets

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record pass, covered."""
        try:
            words = record.getMessage()
        except (TypeError, ValueError, KeyError):  # logging would print its arguments
            words = NOT_WRITTEN
        record.msg, record.args = self._secrets.cover_text(words), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self._secrets.cover_text(record.exc_text)
        if record.stack_info:
            record.stack_info = self._secrets.cover_text(record.stack_info)
        return True


def cover_what_is_printed(secrets: Secrets = NOT_SHOWN) -> None:
    """From now on no log and no report of a crash shows a secret. Call it when logs are set up."""
    for handler in logging.getLogger().handlers:
        handler.addFilter(SecretFilter(secrets))
    last_words = LastWords(secrets)
    sys.excepthook = last_words.of_process
    threading.excepthook = last_words.of_thread
    sys.unraisablehook = last_words.of_nobody
    faulthandler.enable()


class LastWords:
    """What is written of an exception that nobody has caught."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def of_process(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """See sys.excepthook."""
        self._write("Understudy crashed", error.with_traceback(trace))

    def of_thread(self, found: threading.ExceptHookArgs) -> None:
        """See threading.excepthook."""
        if found.exc_value is not None and found.exc_type is not SystemExit:
            self._write("a thread crashed", found.exc_value)

    def of_nobody(self, found: sys.UnraisableHookArgs) -> None:
        """See sys.unraisablehook; the object is not shown, for its repr may be anything."""
        if found.exc_value is not None:
            self._write("an exception was ignored", found.exc_value)

    def _write(self, what: str, error: BaseException) -> None:
        if sys.stderr is None:  # a process without a terminal, as Python documents it
            return
        sys.stderr.write(self._secrets.cover_text(f"{what}: {describe_crash(error)}\n"))
        sys.stderr.flush()
