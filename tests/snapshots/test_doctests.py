"""The examples in the docstrings are true."""

from __future__ import annotations

import doctest

import pytest

from lagesbild.cli import snapshot_table
from lagesbild.snapshots import difference, limits, retention


@pytest.mark.parametrize("module", [difference, limits, retention, snapshot_table], ids=lambda m: m.__name__)
def test_doctests(module):
    tried = doctest.testmod(module)
    assert tried.attempted > 0
    assert tried.failed == 0
