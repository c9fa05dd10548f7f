"""What a run learns from its replays, without a run."""

from __future__ import annotations

import numpy as np
import pytest

from lagesbild.domain.periods import Month
from lagesbild.domain.source import MEASURES
from lagesbild.forecast.pool import POOL
from lagesbild.forecast.replay import Replay
from lagesbild.jobs.evidence import ENOUGH, chosen, evidence_of, pool_of, skill_of

LAST = Month(2024, 12)


def _judged(**losses):
    return Replay("01", "kna", {}, None, {"added": losses})


def test_a_baseline_that_beats_the_pool_on_ones_own_series_takes_its_place():
    n = ENOUGH // 2
    better = _judged(pool=(50.0, n), naive=(60.0, n), seasonal_naive=(40.0, n))
    assert pool_of(skill_of([better])) == POOL  # too few months to say
    assert pool_of(skill_of([better, better])) == {**POOL, "added": ("seasonal_naive",)}
    worse = _judged(pool=(20.0, n), naive=(60.0, n), seasonal_naive=(40.0, n))
    assert pool_of(skill_of([better, worse])) == POOL  # 70 against 80 and 120 together
    assert skill_of([better, worse])["added"] == pytest.approx({"pool": 70 / 200, "naive": 0.6, "seasonal_naive": 0.4})
    skill = skill_of([better, better])
    told = evidence_of([], LAST, 12, pool_of(skill), skill).to_json()
    assert told["pool"] == {"added": ["seasonal_naive"]}
    assert told["loss"]["added"]["pool"] > told["loss"]["added"]["seasonal_naive"]


def test_without_replays_the_priors_hold():
    made = evidence_of([], LAST, 24)
    assert {made.calibration.factors[m].shape for m in MEASURES} == {(3, 8)}
    assert made.record == []
    assert made.recalibration.cases == 0


def test_of_very_many_pairs_some_are_replayed_evenly():
    assert chosen(list(range(7))) == list(range(7))
    some = chosen(list(range(2000)))
    assert len(some) == 500
    assert (some[0], some[-1]) == (0, 1999)
    assert set(np.diff(some)) <= {4, 5}
