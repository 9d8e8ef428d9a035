"""Fixtures shared by the suites of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .upstream_stage import ADAPTERS, Adapter, Authority, Stage


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Certificates for the whole run."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(params=["http", "https"])
def scheme(request: pytest.FixtureRequest) -> str:
    """Plain TCP, then TLS."""
    return str(request.param)


@pytest.fixture(params=ADAPTERS, ids=lambda adapter: adapter.name)
def stage(request: pytest.FixtureRequest, scheme: str, authority: Authority) -> Iterator[Stage]:
    """Each adapter over each scheme."""
    adapter: Adapter = request.param
    with adapter.network():
        yield Stage(adapter, scheme, authority)
