"""The operating system's keychain, chosen by name; only the process of `child.py` imports this.

`keyring.get_keyring()` is never called: it takes whatever is installed, and a plaintext file may
be. So backends are on a list, by system. Whether there is a Secret Service is asked for by
ourselves, because the library's answer does not say what is missing.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any, Final, Protocol

from keyring.errors import KeyringError, KeyringLocked

from .messages import SERVICE, Reason, Told, Wish

DETAIL_CHARACTERS_MAX: Final = 300
DISMISSED: Final = ("dismissed", "-128")
"""How backends say that the user was asked and did not agree: words of SecretStorage, and macOS's
`errSecUserCanceled`."""


class Backend(Protocol):
    """What we use of a backend of the library `keyring`."""

    def get_password(self, service: str, username: str) -> str | None:
        """Reads what is kept."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keeps something."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Forgets something."""
        ...


class Failed(Exception):
    """It did not work, for one of the reasons that we have words for."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.told = Told("failed", reason=reason, detail=detail[:DETAIL_CHARACTERS_MAX])


def perform(wish: Wish) -> Told:
    """Does what is wished for, whatever comes of it."""
    try:
        return _perform(_open(), wish)
    except Failed as failure:
        return failure.told
    except _errors() as error:
        return Failed(_reason(error), f"{type(error).__name__}: {error}").told


def _perform(backend: Backend, wish: Wish) -> Told:
    if wish.operation == "write":
        backend.set_password(SERVICE, wish.name, wish.kept)
        return Told("done")
    found = backend.get_password(SERVICE, wish.name)
    if found is None:
        return Told("absent")
    if wish.operation == "read":
        return Told("done", kept=found)
    backend.delete_password(SERVICE, wish.name)
    return Told("done")


def _reason(error: BaseException) -> Reason:
    if any(word in str(error).lower() for word in DISMISSED):
        return "denied"
    return "locked" if isinstance(error, KeyringLocked) else "error"


def _errors() -> tuple[type[BaseException], ...]:
    """What the backends of this system raise, their libraries' own errors with them."""
    expected = (KeyringError, RuntimeError, OSError, ValueError, LookupError)
    if sys.platform != "linux":
        return expected
    from secretstorage.exceptions import SecretStorageException

    return (*expected, SecretStorageException, _bus_error())


def _bus_error() -> type[Exception]:
    """What D-Bus answers a call with that it refuses."""
    found: type[Exception] = importlib.import_module("jeepney").DBusErrorResponse
    return found


def _open() -> Backend:
    """The backend of this system. Raises Failed."""
    choose = BACKENDS.get(sys.platform)
    if choose is None:
        raise Failed("no-backend", f"there is none on the list for {sys.platform}")
    return choose()


def _secret_service() -> Backend:
    """The Secret Service, or KDE's wallet where there is no such service. Raises Failed."""
    import secretstorage

    try:
        with closing(secretstorage.dbus_init()) as connection:
            if secretstorage.check_service_availability(connection):
                return _made("keyring.backends.SecretService", "Keyring")
    except (secretstorage.SecretStorageException, OSError, LookupError, ValueError) as error:
        raise Failed("no-bus", f"{error}") from None
    except _bus_error() as error:
        raise Failed("no-service", f"{error}") from None
    return _kwallet()


def _kwallet() -> Backend:
    """KDE's wallet, by its own interface. Raises Failed."""
    if importlib.util.find_spec("dbus") is None:  # what the library speaks to the wallet with
        raise Failed("no-service")
    for name in ("DBusKeyring", "DBusKeyringKWallet4"):
        try:
            if _kind("keyring.backends.kwallet", name).priority:
                return _made("keyring.backends.kwallet", name)
        except RuntimeError:
            continue  # it is not running
    raise Failed("no-service")


def _macos() -> Backend:
    return _made("keyring.backends.macOS", "Keyring")


def _made(module: str, name: str) -> Backend:
    """A backend by name. The library's modules of backends have no types."""
    made: Backend = _kind(module, name)()
    return made


def _kind(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)


BACKENDS: Final[Mapping[str, Callable[[], Backend]]] = {
    "linux": _secret_service,
    "darwin": _macos,
}
