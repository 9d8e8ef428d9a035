"""The models of a simulated machine: each is a file with a template, and writes calls its own way.

What a model computes from depends on its file and its template. So what was remembered of another
model, or of the same one with another template, is of no use to it, and shows.
"""

from __future__ import annotations

import hashlib

import attrs

from ...protocols.engine.prefix_store import store_identity
from .mind import Mind
from .voices import VOICES

BUILD = "simulated 1"


@attrs.frozen
class SimulatedModel:
    """A model: its file's name, its template's, and the format of its calls."""

    file: str
    template: str = "one"
    format: str = "hermes"

    @property
    def identity(self) -> str:
        """What is kept of its prompts is kept under."""
        return store_identity(self.file, self.template, BUILD)

    @property
    def root(self) -> int:
        """What it computes from."""
        named = f"{self.file} {self.template} {self.format}".encode()
        return int.from_bytes(hashlib.blake2b(named, digest_size=8).digest(), "big")

    def mind(self) -> Mind:
        """The model itself."""
        return Mind(self.root, VOICES[self.format])
