"""Text that must not be shown: what a key or a token is held as, from where it is read on."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """Text that must not be shown.

    Not an attrs class: `attrs.asdict`, and encoders that know attrs, would write the value out.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Gives the value, to be sent where it belongs and kept nowhere."""
        return self._value

    def __repr__(self) -> str:
        return f"{type(self).__name__}(not shown)"

    def __format__(self, specification: str) -> str:
        return format(repr(self), specification)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._value == self._value

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be copied or written out")
