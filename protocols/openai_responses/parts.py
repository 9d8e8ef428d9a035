"""Content parts: what a message or a tool's output is made of, both ways.

Read without trust: a part of a kind that we do not know is an `Other`. An image is a URL here, and
one with its bytes a `data:` URL; a file has its bytes, its URL or its id in members of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..conversation.blocks import Media, Other, Text
from ..json_values import object_of, objects_of, text_of
from .reasoning import NAME

Part = Text | Media | Other

DOCUMENT_NAME = "document.pdf"
"""The API wants a name for a file that is sent with its bytes."""
PDF = "application/pdf"


def read_parts(content: Any) -> list[Part]:
    """The parts of a message's content or a tool's output: a string, or a list."""
    if isinstance(content, str):
        return [Text(content)] if content else []
    return [read_part(part) for part in objects_of(content)]


def read_part(part: dict[str, Any]) -> Part:
    """One part."""
    kind = text_of(part.get("type"))
    read = _READERS.get(kind)
    found = None if read is None else read(part)
    return Other(NAME, kind, part) if found is None else found


def data_url(url: str) -> tuple[str, str] | None:
    """Media type and base64 data of a `data:` URL; None for any other."""
    head, comma, data = url.partition(",")
    if not head.startswith("data:") or not comma or not head.endswith(";base64"):
        return None
    return head.removeprefix("data:").removesuffix(";base64"), data


def _read_text(part: dict[str, Any]) -> Text:
    return Text(text_of(part.get("text")))


def _read_refusal(part: dict[str, Any]) -> Text:
    return Text(text_of(part.get("refusal")))


def _read_image(part: dict[str, Any]) -> Media | None:
    detail = text_of(part.get("detail"))
    link = part.get("image_url")
    url = text_of(link) or text_of(object_of(link).get("url"))
    inline = data_url(url)
    if inline is not None:
        return Media("image", inline[0], data=inline[1], detail=detail)
    if url:
        return Media("image", url=url, detail=detail)
    file_id = text_of(part.get("file_id"))
    return Media("image", file_id=file_id, detail=detail) if file_id else None


def _read_file(part: dict[str, Any]) -> Media | None:
    title = text_of(part.get("filename"))
    data = text_of(part.get("file_data"))
    inline = data_url(data) or (PDF, data)
    if data:
        return Media("document", inline[0], data=inline[1], title=title)
    if url := text_of(part.get("file_url")):
        return Media("document", url=url, title=title)
    file_id = text_of(part.get("file_id"))
    return Media("document", file_id=file_id, title=title) if file_id else None


def _read_audio(part: dict[str, Any]) -> Media | None:
    audio = object_of(part.get("input_audio"))
    data, kind = text_of(audio.get("data")), text_of(audio.get("format"))
    return Media("audio", f"audio/{kind}", data=data) if data and kind else None


_READERS: dict[str, Callable[[dict[str, Any]], Part | None]] = {
    "input_text": _read_text,
    "output_text": _read_text,
    "text": _read_text,
    "summary_text": _read_text,
    "reasoning_text": _read_text,
    "refusal": _read_refusal,
    "input_image": _read_image,
    "input_file": _read_file,
    "input_audio": _read_audio,
}


def written_part(part: Part) -> dict[str, Any] | None:
    """A part of a user's message or a tool's output; None if this dialect has no word for it."""
    match part:
        case Text(text=text):
            return {"type": "input_text", "text": text} if text else None
        case Media():
            write = _WRITERS.get(part.kind)
            return None if write is None else write(part)
        case Other():
            return part.value if part.dialect == NAME and part.kind else None


def _write_image(media: Media) -> dict[str, Any]:
    place = _place(media, f"data:{media.media_type};base64,{media.data}", "image_url")
    return {"type": "input_image", "detail": media.detail or "auto", **place}


def _write_document(media: Media) -> dict[str, Any]:
    if media.text:
        head = f"{media.title}\n\n" if media.title else ""
        return {"type": "input_text", "text": head + media.text}
    if media.data:
        data = f"data:{media.media_type or PDF};base64,{media.data}"
        return {"type": "input_file", "filename": media.title or DOCUMENT_NAME, "file_data": data}
    return {"type": "input_file", **_place(media, "", "file_url")}


def _place(media: Media, data: str, url_member: str) -> dict[str, Any]:
    """Where the bytes are: here, behind a URL, or in a file that the API has."""
    if media.file_id:
        return {"file_id": media.file_id}
    return {url_member: data if media.data else media.url}


def _write_audio(media: Media) -> dict[str, Any] | None:
    kind = media.media_type.removeprefix("audio/")
    if not media.data:
        return None
    return {"type": "input_audio", "input_audio": {"data": media.data, "format": kind}}


_WRITERS: dict[str, Callable[[Media], dict[str, Any] | None]] = {
    "image": _write_image,
    "document": _write_document,
    "audio": _write_audio,
}
