"""Models in a tree of folders, as people and most programs keep them: `publisher/model/file`.

A folder with `config.json` and `model*.safetensors` is a model as transformers and MLX have it; any
GGUF file is one by itself. Which of the former MLX can run is judged when it is read.

Source of the MLX folder's form: ml-explore/mlx-lm, `load_model`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Final

import attrs

from ....protocols.models.file_names import (
    FileGroup,
    finished_name,
    group_files,
    nearest_projector,
)
from ....protocols.models.local_model import MLX, ModelPlace
from ..found import Found, missing_parts, unfinished
from ..scan import DEPTH_MAX, Folder, Scan

MLX_CONFIG: Final = "config.json"
MLX_WEIGHTS: Final = "model*.safetensors"


@attrs.frozen
class Tree:
    """A tree below `root`; `title` begins the names of what is in it, as does a repository's."""

    source: str
    root: Path
    title: str = ""
    depth_max: int = DEPTH_MAX

    def models(self, scan: Scan) -> Iterator[Found]:
        """Everything in it that is a model, or will be."""
        folders = list(scan.walk(self.root, self.depth_max))
        projectors = [
            self._below(folder.path / name)
            for folder in folders
            for name in group_files(folder.files).projectors
        ]
        for folder in folders:
            if is_mlx(folder):
                yield self._mlx(folder)
            yield from self._ggufs(folder, projectors)

    def _ggufs(self, folder: Folder, projectors: list[str]) -> Iterator[Found]:
        groups = group_files(folder.files)
        for group in groups.models:
            yield self._gguf(folder, group, projectors)
        for name in groups.unfinished:
            path = folder.path / name
            finished = finished_name(name)
            yield unfinished(self._place(path, finished), Path(finished).stem, path)

    def _gguf(self, folder: Folder, group: FileGroup, projectors: list[str]) -> Found:
        parts = tuple(folder.path / name for name in group.parts)
        projector = nearest_projector(self._below(parts[0]), projectors)
        place = self._place(parts[0], group.name)
        return Found(
            place,
            PurePosixPath(group.name).name,
            parts,
            publisher=publisher_of(place.title),
            projector=self.root / projector if projector else None,
            problem=missing_parts(group.missing, len(parts)),
        )

    def _mlx(self, folder: Folder) -> Found:
        below = self._below(folder.path)
        title = "/".join(part for part in (self.title, below if below != "." else "") if part)
        place = ModelPlace(self.source, str(folder.path), title or folder.path.name)
        name = place.title.rpartition("/")[2]
        return Found(place, name, (folder.path,), MLX, publisher=publisher_of(place.title))

    def _place(self, path: Path, name: str) -> ModelPlace:
        folder = self._below(path.parent)
        parts = (self.title, folder if folder != "." else "", name)
        return ModelPlace(self.source, str(path), "/".join(part for part in parts if part))

    def _below(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def is_mlx(folder: Folder) -> bool:
    """Tells whether the files of a folder are those of a model in MLX's form."""
    return MLX_CONFIG in folder.files and any(fnmatch(name, MLX_WEIGHTS) for name in folder.files)


def publisher_of(title: str) -> str:
    """Who published what is called so, as far as the name tells."""
    publisher, slash, _ = title.partition("/")
    return publisher if slash else ""
