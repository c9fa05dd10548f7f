"""PgSource against a real PostgreSQL: current and earlier states, keys, forms of the frames."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lagesbild.data.engine import Database
from lagesbild.data.source import PgSource

pytestmark = pytest.mark.database


def test_a_new_database_is_empty_and_at_version_0(open_as: Callable[[str], Database]) -> None:
    source = PgSource(open_as("read"))
    assert source.version().version == 0
    assert source.regions() == source.batches() == source.runs() == []
    assert source.latest_month() is None
