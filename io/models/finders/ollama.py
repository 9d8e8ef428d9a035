"""Ollama's models: manifests that name blobs, in the form of container images.

    models/manifests/HOST/NAMESPACE/MODEL/TAG    JSON: layers, each with a media type and a digest
    models/manifests-v2/…                        the same, a link to the manifest's blob
    models/blobs/sha256-HEX                      a layer's content, named by its SHA-256

A layer of `…image.model` is a GGUF file as it came, which llama.cpp reads from under that name;
`…projector`, `…template` and `…license` are what they say. Models for its MLX engine come tensor
by tensor (`…image.tensor`), and no other program reads them so. A manifest may be a list of
manifests, one for each engine; the one with a GGUF is ours. Models that run in its cloud have no
weights here and are left out.

Sources: ollama/ollama, manifest/manifest.go and manifest/paths.go, server/images.go (media types),
envconfig/config.go (OLLAMA_MODELS); its installer for Linux, scripts/install.sh (the folder).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ....protocols.json_decoding import NotJson, decode_json
from ....protocols.json_values import object_of, objects_of, text_of
from ....protocols.models.local_model import OLLAMA, ModelPlace
from ..found import Found, missing_parts
from ..scan import Scan

OF_THE_SERVICE: Final = Path("/usr/share/ollama/.ollama/models")
"""Where the service keeps them on Linux, which runs as a user of its own."""
HOST: Final = "registry.ollama.ai"
NAMESPACE: Final = "library"
TAG: Final = "latest"
MEDIA: Final = "application/vnd.ollama.image."
MANIFESTS: Final = ("manifests-v2", "manifests")
NAME_PARTS: Final = 4
LICENCE_BYTES_MAX: Final = 65_536
LICENCE_CHARACTERS_MAX: Final = 60

_DIGEST: Final = re.compile(r"sha256[:-]([0-9a-fA-F]{64})")


def folders(environ: Mapping[str, str], home: Path) -> list[Path]:
    """Where its models are: what is said, else the user's and the service's."""
    said = environ.get("OLLAMA_MODELS", "").strip("\"' ")
    return [Path(said).expanduser()] if said else [home / ".ollama" / "models", OF_THE_SERVICE]


def find(scan: Scan, folder: Path) -> Iterator[Found]:
    """Every model of which the weights are here."""
    seen: set[tuple[str, ...]] = set()
    for manifests in MANIFESTS:
        root = folder / manifests
        for each in scan.walk(root, NAME_PARTS):
            for name in each.files:
                path = each.path / name
                parts = path.relative_to(root).parts
                if len(parts) == NAME_PARTS and parts not in seen:
                    seen.add(parts)
                    yield from _models(scan, folder, path, parts)


def title_of(parts: tuple[str, ...]) -> str:
    """What Ollama calls a model of this host, namespace, name and tag."""
    host, namespace, model, tag = parts
    name = model if tag == TAG else f"{model}:{tag}"
    if host != HOST:
        return f"{host}/{namespace}/{name}"
    return name if namespace == NAMESPACE else f"{namespace}/{name}"


def _models(scan: Scan, folder: Path, path: Path, parts: tuple[str, ...]) -> Iterator[Found]:
    manifest = _read(scan, path)
    if manifest is None:
        return
    layers = _layers(scan, folder, manifest)
    title = title_of(parts)
    weights = [layer for layer in layers if text_of(layer.get("mediaType")) == f"{MEDIA}model"]
    blobs = [blob for layer in weights if (blob := _blob(folder, layer)) is not None]
    if not blobs:
        if any(text_of(layer.get("mediaType")) == f"{MEDIA}tensor" for layer in layers):
            problem = "Ollama keeps it tensor by tensor, for its own engine; no other reads it so"
            place = ModelPlace(OLLAMA, str(path), title)
            yield Found(place, _name(parts), (path,), publisher=parts[1], problem=problem)
        return
    yield Found(
        ModelPlace(OLLAMA, str(blobs[0]), title),
        _name(parts),
        tuple(blobs),
        publisher=parts[1],
        projector=_first_blob(folder, layers, "projector"),
        licence=_licence(scan, folder, layers),
        problem=_problem(blobs, layers),
    )


def _name(parts: tuple[str, ...]) -> str:
    _, _, model, tag = parts
    return model if tag == TAG else f"{model}-{tag}"


def _problem(blobs: list[Path], layers: list[dict[str, Any]]) -> str:
    gone = sum(not blob.exists() for blob in blobs)
    if gone:
        return missing_parts(gone, len(blobs) - gone)
    if any(text_of(layer.get("mediaType")) == f"{MEDIA}adapter" for layer in layers):
        return "it is an adapter upon another model, and adapters are not loaded here"
    return ""


def _layers(scan: Scan, folder: Path, manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """The layers of the manifest, or of the one in its list that has a GGUF."""
    choices = [objects_of(manifest.get("layers"))]
    for child in objects_of(manifest.get("manifests")):
        layers = objects_of(child.get("layers"))
        blob = _blob(folder, child) if not layers else None
        if blob is not None:
            layers = objects_of((_read(scan, blob) or {}).get("layers"))
        choices.append(layers)
    return max(choices, key=_worth)


def _worth(layers: Iterable[dict[str, Any]]) -> int:
    kinds = {text_of(layer.get("mediaType")) for layer in layers}
    return 2 if f"{MEDIA}model" in kinds else bool(kinds)


def _read(scan: Scan, path: Path) -> dict[str, Any] | None:
    content = scan.read(path)
    if not content:
        return None
    try:
        return object_of(decode_json(content))
    except NotJson as error:
        scan.note(f"{path}: no manifest of Ollama's: {error}")
        return None


def _blob(folder: Path, layer: Mapping[str, Any]) -> Path | None:
    """The file of a layer. A digest is checked: it is part of a path, and from a file."""
    matched = _DIGEST.fullmatch(text_of(layer.get("digest")))
    return folder / "blobs" / f"sha256-{matched[1].lower()}" if matched else None


def _first_blob(folder: Path, layers: list[dict[str, Any]], kind: str) -> Path | None:
    for layer in layers:
        if text_of(layer.get("mediaType")) == f"{MEDIA}{kind}":
            return _blob(folder, layer)
    return None


def _licence(scan: Scan, folder: Path, layers: list[dict[str, Any]]) -> str:
    """The first line of the licence's text, which names it."""
    blob = _first_blob(folder, layers, "license")
    text = scan.read(blob, LICENCE_BYTES_MAX).decode("utf-8", "replace") if blob else ""
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if line), "")[:LICENCE_CHARACTERS_MAX]
