"""A small country in a database of the session's server, and a service for the tests of a file that keep it whole."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests.conftest import PgServer
from tests.faults.service import Service, fill, service

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def country(pg_server: PgServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a database with a small country."""
    name = f"fault_{next(_numbers)}"
    pg_server.run(f"CREATE DATABASE {name}")
    fill(pg_server.url(name), tmp_path_factory.mktemp("files")).database.close()
    yield pg_server.url(name)
    pg_server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def served(country: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Two workers on a small country. Tests leave it with two workers that answer."""
    with service(country, tmp_path_factory.mktemp("home")) as running:
        yield running
