"""A machine for each test: a home with no models in it, and a way to look around."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from understudy.io.folders import Folders
from understudy.io.models.finders import ollama
from understudy.io.models.library import Library, find_models
from understudy.io.models.scan import Scan
from understudy.protocols.models.local_model import LocalModel

from ..cli.stage import Stage


@attrs.define(eq=False)
class Machine:
    """A home folder and an environment; nothing of this machine's own is looked at."""

    home: Path
    environ: dict[str, str] = attrs.field(factory=dict[str, str])

    @property
    def folders(self) -> Folders:
        """Where our own files would be."""
        return Folders.from_environment({"UNDERSTUDY_HOME": str(self.home / "understudy")})

    def library(self, scan: Scan | None = None, *, names_only: bool = False) -> Library:
        """What is found."""
        environ, home = self.environ, self.home
        return find_models(environ, home, self.folders, names_only=names_only, scan=scan)

    def models(self) -> list[LocalModel]:
        """The models, where nothing is to be complained of."""
        library = self.library()
        assert library.problems == ()
        return list(library.models)

    def only(self) -> LocalModel:
        """The one model there is."""
        (model,) = self.models()
        return model

    @property
    def hugging_face(self) -> Path:
        """Its cache, where nothing says otherwise."""
        return self.home / ".cache" / "huggingface" / "hub"

    @property
    def lm_studio(self) -> Path:
        """Its models."""
        return self.home / ".lmstudio" / "models"

    @property
    def ollama(self) -> Path:
        """Its models."""
        return self.home / ".ollama" / "models"

    @property
    def llama_cpp(self) -> Path:
        """Its cache."""
        return self.home / ".cache" / "llama.cpp"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine of the test's own."""
    monkeypatch.setattr(ollama, "OF_THE_SERVICE", tmp_path / "service")
    monkeypatch.setattr("sys.platform", "linux")
    return Machine(tmp_path)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A home of the test's own, with no service of Ollama's."""
    stage = Stage.create(tmp_path)
    stage.environment["OLLAMA_MODELS"] = str(tmp_path / "ollama")
    return stage
