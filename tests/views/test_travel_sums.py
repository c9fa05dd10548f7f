"""Sums of who was treated where, against adding them up one flow at a time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from lagesbild.domain.care import Region
from lagesbild.views.travel import Travel
from lagesbild.views.travel_sums import adder, all_keys

GROUPS = {"N": ("A", "B"), "S": ("C",), "": ("D",)}  # one of a single region, and a region in none


def _country() -> Travel:
    regions = tuple(
        Region(code, code, code, healthcare_region=name) for name, codes in GROUPS.items() for code in codes
    )
    at = {r.code: k for k, r in enumerate(regions)}
    groups = {name: tuple(at[c] for c in codes) for name, codes in GROUPS.items() if name}
    return cast(Travel, SimpleNamespace(regions=regions, groups=groups))


def _counts(kind: str, first: str, second: str, a: str, b: str) -> bool:
    """Whether the flow from `a` to `b` is in the sum."""
    mine = GROUPS.get(first, ())
    together = any(name and a in codes and b in codes for name, codes in GROUPS.items())
    rules: dict[str, Any] = {
        "cell": (a, b) == (first, second),
        "out": a == first,
        "in": b == second,
        "sent": a in mine,
        "own": a in mine and b in mine,
        "away": a in mine and b not in mine,
        "received": b in mine,
        "from": a not in mine and b in mine,
        "all": True,
        "inside": together,
        "outside": not together,
    }
    return bool(a != b and rules[kind])


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_every_sum_is_that_of_its_flows(rows):
    country = _country()
    codes = [r.code for r in country.regions]
    flat = np.random.default_rng(rows).integers(0, 9, (rows, len(codes) ** 2))
    sums = adder(country)
    got = sums.of(flat)
    keys = all_keys(country)
    assert got.shape == (rows, len(keys))
    for k, key in enumerate(keys):
        mine = [i * len(codes) + j for i, a in enumerate(codes) for j, b in enumerate(codes) if _counts(*key, a, b)]
        assert got[:, k].tolist() == flat[:, mine].sum(axis=1).tolist()
        assert sums.empty[k] == (not mine)
