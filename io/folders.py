"""Where our files are: settings, state, data, cache, logs.

All under `$UNDERSTUDY_HOME` when that is set, else where the operating system wants such files.
The token and the note about the running server lie with the state, not in a runtime folder: that
one is emptied at logout, and with it would go the token which clients were given. Folders are
made when first needed, readable by their owner alone.

Imports little: a client's status line asks for these folders several times a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

APPLICATION: Final = "understudy"
HOME_VARIABLE: Final = "UNDERSTUDY_HOME"
PRIVATE_FOLDER_MODE: Final = 0o700


class FolderUnusable(Exception):
    """A folder cannot be found or made; the message names it and the remedy."""


class Folders(NamedTuple):
    """Absolute paths; nothing exists until `make` is called."""

    settings_file: Path
    state_dir: Path
    data_dir: Path
    cache_dir: Path
    log_dir: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Folders:
        """Finds the folders. Raises FolderUnusable if no home folder is known."""
        home = environ.get(HOME_VARIABLE, "")
        folders = cls._under(_absolute(home)) if home.strip() else cls._of_the_platform()
        for path in folders:
            if not path.is_absolute():
                raise FolderUnusable(
                    f"{path}: no home folder is known; set HOME, or {HOME_VARIABLE}=FOLDER"
                )
        return folders

    @property
    def token_file(self) -> Path:
        """The server's token, made at the first start."""
        return self.state_dir / "token"

    @property
    def server_file(self) -> Path:
        """The running server's address and process id."""
        return self.state_dir / "server.json"

    @property
    def state_file(self) -> Path:
        """The database of conversations and turns."""
        return self.state_dir / "state.db"

    @property
    def keys_file(self) -> Path:
        """The encrypted file of keys, where the settings ask for one."""
        return self.data_dir / "keys.json"

    @property
    def keys_index(self) -> Path:
        """The names of the keys that were added, and their hosts; no key."""
        return self.data_dir / "keys-index.json"

    @property
    def models_dir(self) -> Path:
        """Models that were pulled, and links to models that were imported."""
        return self.data_dir / "models"

    @property
    def models_lock(self) -> Path:
        """Held while the file of imported models is written."""
        return self.state_dir / "models.lock"

    @property
    def endpoints_lock(self) -> Path:
        """Held while the file of added endpoints is written."""
        return self.state_dir / "endpoints.lock"

    @property
    def prefixes_dir(self) -> Path:
        """What models on this machine have read of prompts."""
        return self.cache_dir / "prefixes"

    @classmethod
    def _under(cls, home: Path) -> Folders:
        return cls(
            settings_file=home / "settings.toml",
            state_dir=home / "state",
            data_dir=home / "data",
            cache_dir=home / "cache",
            log_dir=home / "logs",
        )

    @classmethod
    def _of_the_platform(cls) -> Folders:
        import platformdirs  # costs milliseconds, and is not needed with $UNDERSTUDY_HOME

        found = platformdirs.PlatformDirs(APPLICATION, appauthor=False)
        return cls(
            settings_file=found.user_config_path / "settings.toml",
            state_dir=found.user_state_path,
            data_dir=found.user_data_path,
            cache_dir=found.user_cache_path,
            log_dir=found.user_log_path,
        )


def make_folder(folder: Path) -> Path:
    """Makes a folder, and what is missing above it, for its owner alone; returns it.

    A folder that exists keeps its mode: its owner may have chosen it. Raises FolderUnusable.
    """
    try:
        for missing in reversed([folder, *folder.parents]):
            missing.mkdir(mode=PRIVATE_FOLDER_MODE, exist_ok=True)
    except OSError as error:
        raise FolderUnusable(
            f"{folder}: the folder cannot be made: {error.strerror}; "
            f"make it writable, or set {HOME_VARIABLE} to another folder"
        ) from None
    return folder


def _absolute(written: str) -> Path:
    try:
        return Path(written.strip()).expanduser().absolute()
    except RuntimeError:
        raise FolderUnusable(
            f"{HOME_VARIABLE}={written}: ~ cannot be expanded; write the whole path"
        ) from None
