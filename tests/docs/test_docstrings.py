"""What a docstring shows is so, in every module: an example that nobody runs tells of the program as it was."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import lagesbild

SHOWING = [
    m.name
    for m in pkgutil.walk_packages(lagesbild.__path__, "lagesbild.")
    if ">>>" in (importlib.util.find_spec(m.name).loader.get_source(m.name) or "")  # type: ignore[union-attr]
]


def test_examples_are_found() -> None:
    assert len(SHOWING) > 50


@pytest.mark.parametrize("module", SHOWING)
def test_the_examples_of_a_module_hold(module: str) -> None:
    found = doctest.testmod(importlib.import_module(module))
    assert found.attempted
    assert not found.failed
