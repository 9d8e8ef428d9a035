"""A pull: a model is chosen at the hub, its files are fetched one after the other, and looked at.

The files of a model belong to one commit, which the hub has named: a branch that moves on meanwhile
mixes nothing. If the hub has another content than it had listed, the list is asked for once more.
Each file gets all connections: then the first part of a split model is there soonest, and a stop
leaves one unfinished file and not many.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from ...protocols.models.hub_address import Wanted
from ...protocols.models.hub_api import HubFile, HubRepository
from ...protocols.models.hub_choice import Chosen, Unclear, choose
from ...protocols.models.local_model import GGUF
from ..engines.model_file import check_gguf
from ..ports import EngineError
from .download import ContentChanged, Download, DownloadProgress
from .download_place import DownloadFailed, FilePlace
from .hub_client import HubClient


@attrs.frozen
class Plan:
    """What is fetched. `files` are in order; the projector, if it comes along, is the last."""

    wanted: Wanted
    repository: HubRepository
    chosen: Chosen
    files: tuple[HubFile, ...]

    @property
    def size_bytes(self) -> int:
        """Of all files."""
        return sum(each.size_bytes for each in self.files)

    def path(self, models_dir: Path) -> Path:
        """What an engine is given: the first file, or the folder of an MLX model."""
        place = FilePlace.below(models_dir, self.wanted.repository, self.files[0].path)
        return place.file if self.chosen.variant.format == GGUF else place.folder

    def done_bytes(self, models_dir: Path) -> int:
        """How much of it is here."""
        repository = self.wanted.repository
        return sum(
            FilePlace.below(models_dir, repository, each.path).done_bytes(each)
            for each in self.files
        )

    def is_here(self, models_dir: Path) -> bool:
        """Whether all of it is here, whole and checked."""
        repository = self.wanted.repository
        return all(
            FilePlace.below(models_dir, repository, each.path).is_here(each) for each in self.files
        )

    def without_projector(self) -> Plan:
        """The same without the file that reads images."""
        return attrs.evolve(self, files=self.chosen.variant.files)


@attrs.frozen
class PullProgress:
    """How far all is: `before_bytes` are those of the files that are done."""

    file: DownloadProgress
    number: int
    count: int
    before_bytes: int
    size_bytes: int

    @property
    def done_bytes(self) -> int:
        """Of all files; those of a file that is being checked are all here."""
        own = self.file.size_bytes if self.file.checking else self.file.done_bytes
        return self.before_bytes + own


Report = Callable[[PullProgress], None]


async def make_plan(client: HubClient, wanted: Wanted, room_bytes: int | None) -> Plan | Unclear:
    """Asks the hub and chooses. Raises HubFailed."""
    repository = await client.repository(wanted)
    chosen = choose(
        repository, quantisation=wanted.quantisation, path=wanted.path, room_bytes=room_bytes
    )
    if isinstance(chosen, Unclear):
        return chosen
    along = () if chosen.projector is None else (chosen.projector,)
    return Plan(wanted, repository, chosen, chosen.variant.files + along)


async def fetch(client: HubClient, plan: Plan, models_dir: Path, report: Report) -> Path:
    """Fetches what the plan says; gives what an engine is to run.

    Raises HubFailed, DownloadFailed and FolderUnusable.
    """
    try:
        await _fetch_files(client, plan, models_dir, report)
    except ContentChanged:
        client.notice(f"{plan.wanted.repository} has changed at the hub meanwhile: asking anew")
        plan = await _again(client, plan)
        try:
            await _fetch_files(client, plan, models_dir, report)
        except ContentChanged as error:
            raise DownloadFailed(
                f"{error}: the hub lists another content than it sends; try again later"
            ) from None
    path = plan.path(models_dir)
    if plan.chosen.variant.format == GGUF:
        try:
            await check_gguf(str(path))
        except EngineError as error:
            raise DownloadFailed(f"{error}") from None
    return path


async def _fetch_files(client: HubClient, plan: Plan, models_dir: Path, report: Report) -> None:
    before = 0
    for number, file in enumerate(plan.files, 1):
        tell = _Teller(report, number, plan, before)
        await Download(
            client, plan.wanted, plan.repository.commit, file, models_dir, tell.tell
        ).run()
        before += file.size_bytes


async def _again(client: HubClient, plan: Plan) -> Plan:
    """The same files at the commit that the hub is at now."""
    repository = await client.repository(plan.wanted)
    now = {each.path: each for each in repository.files}
    if missing := [each.path for each in plan.files if each.path not in now]:
        raise DownloadFailed(f"{missing[0]} is gone from {plan.wanted.repository}; pull it again")
    variant = attrs.evolve(plan.chosen.variant, files=_those(plan.chosen.variant.files, repository))
    return attrs.evolve(
        plan,
        repository=repository,
        chosen=attrs.evolve(plan.chosen, variant=variant),
        files=_those(plan.files, repository),
    )


def _those(files: Sequence[HubFile], repository: HubRepository) -> tuple[HubFile, ...]:
    now = {each.path: each for each in repository.files}
    return tuple(now[each.path] for each in files)


@attrs.frozen
class _Teller:
    """Adds to a file's progress what is known of the whole."""

    report: Report
    number: int
    plan: Plan
    before_bytes: int

    def tell(self, progress: DownloadProgress) -> None:
        count = len(self.plan.files)
        self.report(
            PullProgress(progress, self.number, count, self.before_bytes, self.plan.size_bytes)
        )
