"""Share paths and the row of one target, shared by the tests of gaps."""

from __future__ import annotations

import numpy as np

from lagesbild.domain.gap_columns import GAP_COLUMNS
from lagesbild.domain.recalibration import IDENTITY
from lagesbild.forecast.flows import flows_of
from lagesbild.forecast.gaps import gap_rows
from tests.forecast.made_up import FIRST, season

SHAPE = (500, 12)


def share_ahead(months: int, level, *, noise=0.0, seed=1, amplitude=1.0):
    """Share paths after `months` of `pair`: level plus season plus noise."""
    wobble = np.random.default_rng(seed).normal(0, noise, SHAPE) if noise else np.zeros(SHAPE)
    return (np.broadcast_to(level, SHAPE) + amplitude * season(12, FIRST + months) + wobble).astype(np.float32)


def gap_row(given_pair, share_paths, waiting_paths=None, target=0.8, recalibration=IDENTITY, previous=None, **paths):
    if waiting_paths is None:
        waiting_paths = np.full(SHAPE, 1000, np.float32)
    every = {"waiting": waiting_paths, "within_limit_share": share_paths, **paths}
    rows = gap_rows(given_pair, flows_of(given_pair), every, recalibration=recalibration, previous=previous)
    assert [r["target_share"] for r in rows] == [0.7, 0.8, 0.9]
    assert {*rows[0], "run_id"} == set(GAP_COLUMNS)
    return next(r for r in rows if r["target_share"] == target)
