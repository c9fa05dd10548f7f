"""The examples in the documentation strings of who asks are true."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from lagesbild.auth import address, routes
from lagesbild.domain import person


@pytest.mark.parametrize("module", [address, routes, person], ids=lambda m: m.__name__)
def test_doctests(module: ModuleType) -> None:
    tried = doctest.testmod(module)
    assert tried.attempted
    assert not tried.failed
