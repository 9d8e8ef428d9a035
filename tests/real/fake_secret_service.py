"""A Secret Service that is locked, and whose prompt is dismissed or never answered.

    python fake_secret_service.py dismiss|ignore

It has the part of the interface that a client meets on its way to the prompt; source:
specifications.freedesktop.org/secret-service-spec, 0.2. Prints a line once it can be asked.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

jeepney: Any = importlib.import_module("jeepney")  # it has no types
blocking: Any = importlib.import_module("jeepney.io.blocking")

NAME = "org.freedesktop.secrets"
LOGIN = "/org/freedesktop/secrets/collection/login"
PROMPT = "/org/freedesktop/secrets/prompt/p1"
PROPERTIES: dict[str, tuple[str, object]] = {"Label": ("s", "Login"), "Locked": ("b", True)}
DISMISSED: tuple[bool, tuple[str, list[str]]] = (True, ("ao", []))


def main(mode: str) -> None:
    """Serves until the bus is gone."""
    connection = blocking.open_dbus_connection()
    connection.send_and_get_reply(jeepney.message_bus.RequestName(NAME))
    print("ready", flush=True)
    while True:
        asked = connection.receive()
        if asked.header.message_type is not jeepney.MessageType.method_call:
            continue
        member = asked.header.fields[jeepney.HeaderFields.member]
        connection.send(reply(asked, member))
        if member == "Prompt" and mode == "dismiss":
            place = jeepney.DBusAddress(PROMPT, interface="org.freedesktop.Secret.Prompt")
            connection.send(jeepney.new_signal(place, "Completed", "bv", DISMISSED))


def reply(asked: Any, member: str) -> Any:
    """What a locked service says."""
    if member == "Get":
        return jeepney.new_method_return(asked, "v", (PROPERTIES[asked.body[1]],))
    if member == "ReadAlias":
        return jeepney.new_method_return(asked, "o", (LOGIN,))
    if member == "Unlock":
        return jeepney.new_method_return(asked, "aoo", ([], PROMPT))
    if member == "Prompt":
        return jeepney.new_method_return(asked)
    words = ("not here",)
    return jeepney.new_error(asked, "org.freedesktop.DBus.Error.NotSupported", "s", words)


if __name__ == "__main__":
    main(sys.argv[1])
