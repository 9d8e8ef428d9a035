"""Media for Gemini: bytes as `inlineData`, addresses as `fileData`, plain text as text.

Source: the reference of `Blob` and `FileData`. A file that another provider keeps under an id of
its own cannot be shown: a word stands in its place, so that nothing is silently empty.
"""

from __future__ import annotations

from typing import Any

from ..conversation.blocks import Media

Part = dict[str, Any]

_TYPES = {"image": "image/png", "document": "application/pdf", "audio": "audio/wav"}
"""For bytes whose type nobody has told."""
_TYPES_BY_SUFFIX = {
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "mp3": "audio/mp3",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
    "png": "image/png",
    "webp": "image/webp",
}
_GOOGLE_FILES = ("gs://", "https://generativelanguage.googleapis.com/")
RESULT_TYPES = ("image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain")
"""What a function response may hold in its `parts`."""


def media_part(media: Media, dropped: set[str]) -> Part:
    """One part for one piece of media."""
    media_type = media.media_type or _TYPES.get(media.kind, "application/octet-stream")
    if media.data:
        return {"inlineData": _named(media, {"mimeType": media_type, "data": media.data})}
    if media.text:
        return {"text": f"{media.title}\n{media.text}" if media.title else media.text}
    uri = media.url or (media.file_id if media.file_id.startswith(_GOOGLE_FILES) else "")
    if not uri:
        dropped.add(f"{media.kind} by file id")
        return {"text": f"[{media.kind}: a file that this model cannot reach]"}
    suffix = uri.partition("?")[0].rpartition(".")[2].lower()
    known = media.media_type or _TYPES_BY_SUFFIX.get(suffix, "")
    return {"fileData": {"mimeType": known, "fileUri": uri} if known else {"fileUri": uri}}


def fits_in_result(part: Part) -> bool:
    """Whether a part may stand inside a function response."""
    inline = part.get("inlineData")
    return inline is not None and inline.get("mimeType") in RESULT_TYPES


def _named(media: Media, blob: dict[str, str]) -> dict[str, str]:
    return {**blob, "displayName": media.title} if media.title else blob
