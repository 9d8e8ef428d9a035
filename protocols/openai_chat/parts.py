"""Content parts: pieces of a message in Chat Completions' shape, both ways.

A part of a kind that we do not know is kept as it is, for an endpoint of the same dialect. Sent are
only parts that the API documents, and `video_url`, which vLLM and OpenRouter know.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from ..conversation.blocks import Media, MediaKind, Other, Text
from ..json_values import list_of, object_of, text_of

DIALECT = "openai-chat"

Part = Text | Media | Other

_DATA_URL = re.compile(r"data:([^;,]*)(?:;[^;,]*)*;base64,")
_AUDIO_TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav", "pcm16": "audio/pcm"}
_AUDIO_FORMATS = {
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/wave": "wav",
    "audio/pcm": "pcm16",
}
_KINDS: dict[str, MediaKind] = {"image": "image", "audio": "audio", "video": "video"}
_CACHED = {"type": "ephemeral"}
OWN_FILE_PREFIX = "file-"
"""How OpenAI's own file ids begin; any other id means nothing to it."""


def read_content(content: Any) -> tuple[Part, ...]:
    """The blocks of a message's content: a string, or a list of parts. Empty text is left out."""
    if isinstance(content, str):
        return (Text(content),) if content else ()
    parts = list_of(content) if isinstance(content, list) else [content]
    return tuple(block for part in parts if (block := _read_part(part)) is not None)


def _read_part(part: Any) -> Part | None:
    if isinstance(part, str):
        return Text(part) if part else None
    value = object_of(part)
    kind, cache = text_of(value.get("type")), _cache_marker(value)
    match kind:
        case "text" | "input_text" | "output_text" | "":
            text = text_of(value.get("text"))
            return Text(text, cache) if text else None
        case "refusal":
            text = text_of(value.get("refusal"))
            return Text(text) if text else None
        case "image_url" | "input_image":
            return _by_url("image", value.get("image_url"), value, cache)
        case "video_url":
            return _by_url("video", value.get("video_url"), value, cache)
        case "input_audio":
            audio = object_of(value.get("input_audio"))
            form = text_of(audio.get("format")) or "wav"
            data = text_of(audio.get("data"))
            media_type = _AUDIO_TYPES.get(form, f"audio/{form}")
            return Media("audio", media_type, data, cache=cache) if data else None
        case "file" | "input_file":
            return _file(object_of(value.get("file")) or value, cache)
        case _:
            return Other(DIALECT, kind, value)


def _by_url(kind: MediaKind, given: Any, part: dict[str, Any], cache: Any) -> Media | None:
    """An image or a video; `given` is an object with a URL, or the URL itself."""
    holder = object_of(given)
    url = text_of(given) or text_of(holder.get("url"))
    detail = text_of(holder.get("detail")) or text_of(part.get("detail"))
    return _located(kind, url, detail=detail, cache=cache) if url else None


def _located(kind: MediaKind, url: str, *, title: str = "", detail: str = "", cache: Any) -> Media:
    found = _DATA_URL.match(url)
    if found is None:
        return Media(kind, url=url, title=title, detail=detail, cache=cache)
    media_type, data = found.group(1), url[found.end() :]
    real = _KINDS.get(media_type.partition("/")[0], kind)
    return Media(real, media_type, data, title=title, detail=detail, cache=cache)


def _file(file: dict[str, Any], cache: Any) -> Media | None:
    title = text_of(file.get("filename"))
    data = text_of(file.get("file_data")) or text_of(file.get("file_url"))
    if data.startswith(("data:", "http:", "https:")):
        return _located("document", data, title=title, cache=cache)
    if data:
        return Media("document", "application/pdf", data, title=title, cache=cache)
    file_id = text_of(file.get("file_id"))
    return Media("document", file_id=file_id, title=title, cache=cache) if file_id else None


def _cache_marker(part: dict[str, Any]) -> Any:
    """The marker of clients that also speak to Anthropic's models, or OpenAI's own breakpoint."""
    return part.get("cache_control") or (_CACHED if part.get("prompt_cache_breakpoint") else None)


def text_part(text: str) -> dict[str, Any]:
    """A part that is text."""
    return {"type": "text", "text": text}


def media_part(media: Media) -> dict[str, Any]:
    """The part for a medium. One that the API cannot take is told in words, never left out."""
    url = media.url or (f"data:{media.media_type};base64,{media.data}" if media.data else "")
    if media.text:
        return text_part(f"{media.title}\n\n{media.text}" if media.title else media.text)
    if media.kind == "image" and url:
        image = {"url": url, "detail": media.detail} if media.detail else {"url": url}
        return {"type": "image_url", "image_url": image}
    if media.kind == "audio" and media.data:
        subtype = media.media_type.partition("/")[2]
        form = _AUDIO_FORMATS.get(media.media_type, subtype)
        return {"type": "input_audio", "input_audio": {"data": media.data, "format": form}}
    if media.kind == "video" and url:
        return {"type": "video_url", "video_url": {"url": url}}
    if media.kind == "document" and media.media_type.startswith("text/"):
        return text_part(_decoded_text(media.data) or f"[document: {media.title}]")
    if media.kind == "document" and media.data:
        return {"type": "file", "file": {"filename": _filename(media), "file_data": url}}
    if media.file_id.startswith(OWN_FILE_PREFIX):
        return {"type": "file", "file": {"file_id": media.file_id}}
    return text_part(f"[{media.kind}: {media.url or media.title or media.file_id}]")


def can_be_sent(media: Media) -> bool:
    """Whether the model will see the medium itself, and not only its name."""
    if media.file_id:
        return media.file_id.startswith(OWN_FILE_PREFIX)
    return not media.url or media.kind in ("image", "video")


def _filename(media: Media) -> str:
    """OpenAI tells a file's type by the end of its name."""
    name = media.title or "document"
    return name if "." in name else f"{name}.{media.media_type.rpartition('/')[2] or 'pdf'}"


def _decoded_text(data: str) -> str:
    """Base64 that is text; "" if it is neither."""
    try:
        return base64.b64decode(data).decode()
    except (binascii.Error, ValueError):
        return ""
