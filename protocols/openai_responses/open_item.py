"""An output item of an answer that is being written: it opens, grows and is closed.

Each method returns the events of that step, and `value` is the item as the response object has it.
One module for each kind: `open_message`, `open_reasoning`, `open_call`.
"""

from __future__ import annotations

from typing import Any

import attrs

from .pen import Pen


@attrs.define
class OpenItem:
    """An output item that is not finished. `value` is the item's own object."""

    pen: Pen
    index: int
    value: dict[str, Any]

    def opened(self) -> bytes:
        """The event that begins it."""
        return self.pen.event("response.output_item.added", self._place(item=self.value))

    def closed(self, status: str) -> bytes:
        """The events that end it, with the status of the whole item."""
        if "status" in self.value:
            self.value = {**self.value, "status": status}
        return self.pen.event("response.output_item.done", self._place(item=self.value))

    def _place(self, **members: Any) -> dict[str, Any]:
        return {"output_index": self.index, **members}

    def _event(self, kind: str, **members: Any) -> bytes:
        return self.pen.event(kind, self._place(item_id=self.value["id"], **members))
