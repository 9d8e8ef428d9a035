"""Where the canaries of `test_key_canaries` live: all keys, and the folders that know of them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path

import attrs
from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.io.folders import Folders
from understudy.io.keychain.file_keychain import FileKeychain
from understudy.io.keys import PASSPHRASE_VARIABLE
from understudy.io.ports import KeptKey
from understudy.protocols.scrub import find_secrets
from understudy.protocols.secret import Secret

from .leaky_provider import MODELS, LeakyProvider

FILE_BYTES_MAX = 64 * 2**20
PROVIDERS = (
    ("claude", "anthropic"),
    ("pool", "anthropic"),
    ("spare", "anthropic"),
    ("chat", "openai-chat"),
    ("responses", "openai-responses"),
    ("gemini", "gemini"),
    ("ollama", "ollama"),
    ("chained", "openai-chat"),
    ("search", ""),
    ("hub", ""),
)
ENDPOINTS = PROVIDERS[:-2]
FALLING_BACK = ("pool", "spare")
"""Asked for little: the one soon rests, and the other answers for it."""
KEYS = {
    "claude": ("claude",),
    "pool": ("pool", "pool-2"),
    "spare": ("spare",),
    "chat": ("chat",),
    "responses": ("responses",),
    "gemini": ("gemini",),
    "ollama": ("ollama",),
    "chained": ("chained",),
    "search": ("search",),
    "hub": ("hub",),
}
"""Whose keys each provider may hear."""


@attrs.frozen
class Canaries:
    """Every key, by name."""

    values: Mapping[str, str]

    @classmethod
    def new(cls) -> Canaries:
        """New ones; one has every character that some form escapes."""
        names = [name for group in KEYS.values() for name in group]
        values = {name: secrets.token_urlsafe(30) for name in [*names, "token", "passphrase"]}
        values["chat"] += '/+%"\\<&' + secrets.token_urlsafe(9)
        return cls({**values, "pasted": f"sk-ant-{secrets.token_urlsafe(40)}"})

    def found_in(self, data: bytes, *, allowed: tuple[str, ...] = ()) -> list[str]:
        """The names of those that stand in the data, each with its form and what is around it."""
        looked_for = [(name, value) for name, value in self.values.items() if name not in allowed]
        return [
            f"{one.name} ({one.form}) in {data[max(0, one.start - 60) : one.end + 20]!r}"
            for one in find_secrets(data, looked_for)
        ]


@attrs.define(eq=False)
class House:
    """The folders, the environment and the settings of everything that is started."""

    folder: Path
    canaries: Canaries
    providers: Mapping[str, LeakyProvider]

    @property
    def settings_file(self) -> Path:
        """The server's settings, where every command finds them."""
        return Folders.from_environment(self.environment()).settings_file

    @property
    def output(self) -> Path:
        """What the server has printed."""
        return self.folder / "printed"

    def environment(self) -> dict[str, str]:
        """Of the server and of commands, with all keys in it."""
        values = self.canaries.values
        keys = {f"KEY_{name.upper().replace('-', '_')}": value for name, value in values.items()}
        keys = {name: value for name, value in keys.items() if name in self._names()}
        for name in ("home", "state", "tmp"):
            (self.folder / name).mkdir(exist_ok=True)
        client = self.folder / "client"
        if not client.exists():
            client.write_text("#!/bin/sh\nenv\n")
            client.chmod(0o700)
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(self.folder / "home"),
            "UNDERSTUDY_HOME": str(self.folder / "state"),
            "TMPDIR": str(self.folder / "tmp"),
            "UNDERSTUDY_TOKEN": values["token"],
            "UNDERSTUDY_CLAUDE": str(client),
            PASSPHRASE_VARIABLE: values["passphrase"],
            "HF_TOKEN": values["hub"],
            "HF_ENDPOINT": self.providers["hub"].base_url,
            **keys,
        }

    @staticmethod
    def _names() -> set[str]:
        own = {name for group in KEYS.values() for name in group} - {"chained", "hub"}
        return {f"KEY_{name.upper().replace('-', '_')}" for name in own}

    def settings(self, more: str = "") -> str:
        """Every kind of endpoint and key."""
        models = json.dumps(MODELS)
        written = ['default = "chat/says"', more, '[keys]\nstore = "file"']
        search = self.providers["search"].base_url
        written.append(f'[search]\nkind = "brave"\nbase_url = "{search}"\nkey = "env:KEY_SEARCH"')
        for name, dialect in ENDPOINTS:
            key = f'"env:KEY_{name.upper()}"'
            if name == "pool":
                key = '["env:KEY_POOL", "env:KEY_POOL_2"]\nfallback = ["spare/says"]'
            elif name == "chained":
                key = '"keychain:chained"'
            written.append(
                f'[[endpoint]]\nname = "{name}"\ndialect = "{dialect}"\nmodels = {models}\n'
                f'base_url = "{self.providers[name].base_url}"\nkey = {key}'
            )
        written.append(
            f'[[endpoint]]\nname = "local"\nengine = "llama.cpp"\nmodels = ["rehearsal"]\n'
            f'context_tokens = 2048\nfile = "{MODEL_FILE}"'
        )
        return "\n\n".join(written) + "\n"

    async def write(self) -> None:
        """Writes the settings, and the encrypted key."""
        folders = Folders.from_environment(self.environment())
        folders.settings_file.parent.mkdir(parents=True, exist_ok=True)
        folders.settings_file.write_text(self.settings())
        folders.keys_file.parent.mkdir(parents=True, exist_ok=True)
        passphrase = Secret(self.canaries.values["passphrase"])
        keychain = FileKeychain(folders.keys_file, None)
        await keychain.unlock(passphrase, new=True)
        host = f"127.0.0.1:{self.providers['chained'].port}"
        key = KeptKey(Secret(self.canaries.values["chained"]), host)
        await keychain.write("chained", key)

    def files(self) -> dict[str, bytes]:
        """Every file that anybody has written, without the client that the test wrote."""
        found = [path for path in self.folder.rglob("*") if path.is_file()]
        assert all(path.stat().st_size < FILE_BYTES_MAX for path in found)
        return {str(path): path.read_bytes() for path in found}
