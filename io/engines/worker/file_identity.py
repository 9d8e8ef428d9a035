"""Names of what is in files, from their sizes and samples of them: the whole takes too long."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import Final

IDENTITY_SAMPLES: Final = 64
IDENTITY_SAMPLE_BYTES: Final = 64 * 1024


def file_identity(*files: Path | str) -> str:
    """A name of what is in these files, in this order."""
    digest = blake2b(digest_size=16)
    for file in files:
        path = Path(file)
        size = path.stat().st_size
        digest.update(str(size).encode())
        with path.open("rb") as stream:
            for sample in range(IDENTITY_SAMPLES):
                last = max(0, size - IDENTITY_SAMPLE_BYTES)
                stream.seek(last * sample // (IDENTITY_SAMPLES - 1))
                digest.update(stream.read(IDENTITY_SAMPLE_BYTES))
    return digest.hexdigest()
