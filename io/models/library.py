"""Every model on this machine, each once, with an id that is good for as long as it stays.

The finders say what lies where; here the same model, reached through several programs, becomes one:
by the file that all of them lead to, or by the digest that two of them name it by. An id is made of
the file's name; of two that would be equal the later one gets its publisher's name in front, then
its program's behind, then a number. The order is that of the places and of names in them, so that a
new model changes no id of an old one unless it comes before it.

Reading facts opens every file, and a large vocabulary takes a tenth of a second: `names_only`
leaves it out, for completion, and it has an end where it takes too long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import attrs

from ...protocols.models.file_names import NAME_CHARACTERS_MAX, id_of
from ...protocols.models.local_model import MLX, OWN, LocalModel, ModelFacts, ModelPlace
from ..folders import Folders
from .finders.tree import Tree
from .found import Found
from .gguf_file import read_gguf_model
from .mlx_folder import read_mlx_folder, weight_files
from .places import Place, places
from .scan import Scan, identity_of

MODELS_MAX: Final = 2_000
READ_SECONDS_MAX: Final = 30.0
"""For the headers of all models together."""
_DIGEST: Final = re.compile(r"(?:sha256-)?([0-9a-f]{64})")


@attrs.frozen
class Library:
    """What was found; `problems` say what could not be looked at, `places` where it was looked."""

    models: tuple[LocalModel, ...]
    places: tuple[Place, ...]
    problems: tuple[str, ...] = ()

    def model(self, name: str) -> LocalModel | None:
        """The model of this id, also as its program calls it, or of this path."""
        wanted = id_of(name)
        for model in self.models:
            if name in (model.id, model.path) or wanted == model.id:
                return model
        for model in self.models:
            titles = (model.title, *(place.title for place in model.elsewhere))
            if name in titles or model.path == str(Path(name).absolute()):
                return model
        return None


def find_models(
    environ: Mapping[str, str],
    home: Path,
    folders: Folders,
    *,
    names_only: bool = False,
    scan: Scan | None = None,
) -> Library:
    """Looks in all places. Whatever lies there, the result is a library."""
    scan = scan or Scan()
    looked = places(environ, home, folders)
    found = [each for place in looked for each in place.find(scan, place.folder)]
    reader = _Reader(scan, names_only=names_only)
    models = [reader.model(group) for group in _merged(found)]
    named = _with_ids([each for each in models if each is not None][:MODELS_MAX])
    return Library(tuple(named), tuple(looked), tuple(scan.problems))


def model_at(path: Path, name: str = "") -> LocalModel | None:
    """The model that a file, any part of one or a folder is, wherever it lies; None if it is none.

    Of a folder with several models none is meant. `name` is what its id is made of, "" for its
    file's name.
    """
    scan = Scan()
    folder = path if path.is_dir() else path.parent
    found = list(Tree(OWN, folder, depth_max=0).models(scan))
    chosen = [each for each in found if path in each.parts]
    if path.is_dir() and not chosen:
        chosen = [each for each in found if not each.problem]
    if path.is_file() and not chosen:
        chosen = [Found(ModelPlace(OWN, str(path), path.name), path.stem, (path,))]
    if len(chosen) != 1:
        return None
    model = _Reader(scan).model([attrs.evolve(chosen[0], name=name or chosen[0].name)])
    return None if model is None else attrs.evolve(model, id=id_of(model.id))


def _merged(found: Iterable[Found]) -> list[list[Found]]:
    """The same model's findings together, in the order in which each was first found."""
    groups: list[list[Found]] = []
    group_of: dict[object, list[Found]] = {}
    for each in found:
        keys = _identities(each)
        known = [group_of[key] for key in keys if key in group_of]
        group = known[0] if known else list[Found]()
        if not known:
            groups.append(group)
        group.append(each)
        group_of.update(dict.fromkeys(keys, group))
    return groups


def _identities(found: Found) -> list[object]:
    """By what a model is known again: where its first file is in the end, and its digest."""
    first = found.parts[0]
    if found.form == MLX:
        files = weight_files(first)
        first = files[0] if files else first
    identity = identity_of(first)
    if identity is None:
        return [str(first)]
    try:
        name = first.resolve().name
    except OSError:
        return [identity]
    digest = _DIGEST.fullmatch(name)
    return [identity, digest[1]] if digest else [identity]


class _Reader:
    """Reads what models say of themselves, as long as that may take."""

    def __init__(self, scan: Scan, *, names_only: bool = False) -> None:
        self._scan = scan
        self._names_only = names_only
        self._deadline = scan.clock() + READ_SECONDS_MAX

    def model(self, group: list[Found]) -> LocalModel | None:
        """The group as one model without an id; None if it is none that answers."""
        first = next((each for each in group if not each.problem), group[0])
        read = self._read(first)
        if not read.answers:
            return None
        facts = read.facts
        if not facts.licence and first.licence:
            facts = attrs.evolve(facts, licence=first.licence)
        if first.projector is not None:
            facts = attrs.evolve(facts, vision=True)
        return LocalModel(
            id=first.name,
            path=str(first.parts[0]),
            source=first.place.source,
            size_bytes=_size(first),
            facts=facts,
            problem=first.problem or read.problem or _unusable_path(first),
            title=first.place.title,
            parts=tuple(map(str, first.parts)),
            projector=str(first.projector or ""),
            elsewhere=tuple(each.place for each in group if each is not first),
        )

    def _read(self, found: Found) -> _Read:
        if self._names_only or found.problem:
            return _Read(ModelFacts(found.form))
        if self._scan.clock() > self._deadline:
            self._scan.note(f"not all models were read: {READ_SECONDS_MAX:g} seconds were enough")
            return _Read(ModelFacts(found.form))
        if found.form == MLX:
            folder = read_mlx_folder(self._scan, found.parts[0])
            return _Read(folder.facts, folder.problem, folder.answers)
        return _Read(*read_gguf_model(found.parts[0]))


@attrs.frozen
class _Read:
    """What a model says of itself; `answers` is whether it is one that writes text at all."""

    facts: ModelFacts
    problem: str = ""
    answers: bool = True


def _with_ids(models: list[LocalModel]) -> list[LocalModel]:
    taken: set[str] = set()
    named: list[LocalModel] = []
    for model in models:
        chosen = next(each for each in _ids_for(model) if each not in taken)
        taken.add(chosen)
        named.append(attrs.evolve(model, id=chosen))
    return named


def _ids_for(model: LocalModel) -> Iterable[str]:
    """Ids for a model, better ones first; there is always one more."""
    plain = id_of(model.id)
    yield plain
    publisher = model.title.partition("/")[0] if "/" in model.title else ""
    if publisher:
        yield id_of(f"{publisher}-{model.id}")
    yield _shortened(plain, f"-{id_of(model.source)}")
    for number in range(2, MODELS_MAX + 2):
        yield _shortened(plain, f"-{number}")


def _shortened(name: str, ending: str) -> str:
    return f"{name[: NAME_CHARACTERS_MAX - len(ending)]}{ending}"


def _size(found: Found) -> int:
    files = weight_files(found.parts[0]) if found.form == MLX else found.parts
    total = 0
    for file in files:
        try:
            total += file.stat().st_size
        except (OSError, ValueError):
            continue
    return total


def _unusable_path(found: Found) -> str:
    """A settings file can name only what is text."""
    path = str(found.parts[0])
    try:
        path.encode()
    except UnicodeEncodeError:
        return "its path is not UTF-8 text; rename it"
    return "" if path.isprintable() else "its path has control characters in it; rename it"
