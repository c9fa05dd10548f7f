"""A service with an API on a small invented country, and what tests ask of it."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from lagesbild.domain.person import Person
from lagesbild.factory import create_app
from lagesbild.settings import Settings
from tests import gallery
from tests.disclosure.small_world import Shape, country
from tests.fakes import FakeSource

# one care area: small counts, holes and providers, and quick to make
SMALL = Shape(5, regions=4, areas=1, months=16, size=6.0, missing=0.05, providers=2)


def small() -> FakeSource:
    return country(SMALL)


def service(source: FakeSource, person: Any = None, **settings: Any) -> Flask:
    """The whole application, with two small pages. `person`: a callable that says who asks."""
    return create_app(
        source,
        Settings(**settings),
        pages=gallery.PAGES,
        known=gallery.known,
        filters=gallery.filters,
        identify=person,
    )


def exact() -> Person:
    return Person("support")


def get(client: FlaskClient, path: str, accept: str = "", **headers: str) -> Any:
    """The response of `/api/v1/<path>`."""
    given = {**({"Accept": accept} if accept else {}), **headers}
    return client.get(f"/api/v1/{path}", headers=given)
