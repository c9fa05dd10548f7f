"""The worked numbers in the docstrings of the flow, forecast and gap modules hold."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

MODULES = (
    "lagesbild.views.small_counts",
    "lagesbild.views.partial",
    "lagesbild.views.finding_sums",
    "lagesbild.views.free_capacity",
    "lagesbild.views.flag_changes",
    "lagesbild.views.gap_order",
    "lagesbild.pages.overview_changes",
    "lagesbild.figures.parts",
    "lagesbild.pages.prognos_numbers",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    result = doctest.testmod(import_module(name))
    assert result.attempted
    assert not result.failed
