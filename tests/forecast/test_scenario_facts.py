"""What is stored for scenarios, read off the pair a second time."""

from __future__ import annotations

import numpy as np
import pytest

from lagesbild.domain.seasonal import adjust, month_profile
from lagesbild.forecast.flows import flows_of
from lagesbild.forecast.gaps import gap_rows
from lagesbild.forecast.scenario_facts import scenario_facts
from tests.forecast.made_up import FIRST, ageing, pair, share_series


def _facts(given, gaps=()):
    return scenario_facts(given, flows_of(given), list(gaps))


def test_every_fact_is_what_the_pair_says():
    rng = np.random.default_rng(3)
    share, performed = share_series(48, 0.85), np.round(100 + rng.normal(0, 5, 48))
    waiting = 800 + np.round(rng.normal(0, 20, 48))
    given = pair(
        share,
        waiting=waiting,
        performed=performed,
        added=performed,
        removed_other=8.0,
        capacity=130.0,
        committed=110.0,
        not_brokerable=200.0,
    )
    paths = {
        "within_limit_share": np.full((20, 12), 0.85) + rng.normal(0, 0.02, (20, 12)),
        "waiting": np.full((20, 12), 800.0),
        "performed": np.full((20, 12), 100.0),
    }
    gaps = gap_rows(given, flows_of(given), paths)
    made = _facts(given, gaps)
    profile = month_profile(share, FIRST)
    assert made.share_profile == pytest.approx(profile)
    assert made.share_now == pytest.approx(share[-1])
    assert made.structural_now == pytest.approx(adjust(share, FIRST, profile)[-1])
    assert made.waiting_now == waiting[-1]
    assert made.removed_rate == pytest.approx(12 * 8 / waiting[-13:-1].sum())
    assert made.outflow_last_year == pytest.approx(performed[-12:] + 8)
    assert made.not_brokerable_share == pytest.approx(200 / waiting[-1])
    assert made.capacity_per_month == 130
    assert made.performed_per_month == pytest.approx(performed[-12:].mean())
    assert made.load == pytest.approx((performed[-12:].mean() - 8) / 130)
    assert made.free_per_month == pytest.approx(gaps[0]["free_per_month"])
    assert made.lean == {f"{100 * g['target_share']:.0f}": g["lean"] for g in gaps}
    assert set(made.lean) == {"70", "80", "90"}


def test_those_who_pass_the_limit_are_what_stays_from_band_to_band():
    bands = ageing(48, seed=4)
    waiting = bands.sum(axis=1)
    columns = dict(zip(("waiting_0_30", "waiting_31_60", "waiting_61_90"), bands.T[:3], strict=True))
    made = _facts(pair(bands[:, :3].sum(axis=1) / waiting, waiting=waiting, **columns))
    stay = [0.0, 0.0, 0.0]
    for t in range(36, 48):
        stay[0] += bands[t, 1] / bands[t - 1, 0] / 12
        stay[1] += bands[t, 2] / bands[t - 1, 1] / 12
        stay[2] += bands[t, 3] / (bands[t - 1, 2] + bands[t - 1, 3]) / 12
    assert made.pass_limit == pytest.approx(np.prod(stay))


def test_without_bands_those_performed_late_and_without_those_the_list():
    share = share_series(48, 0.85, amplitude=0)
    late = _facts(pair(share, performed=100.0, performed_within_limit=70.0))
    assert late.pass_limit == pytest.approx(0.3)
    assert _facts(pair(share)).pass_limit == pytest.approx(1 - share[-12:].mean())
    assert _facts(pair(np.full(48, np.nan))).pass_limit == 0


def test_what_is_not_known_is_none():
    made = _facts(pair(np.r_[share_series(47, 0.85), np.nan], waiting=np.r_[np.full(47, 900.0), np.nan]))
    for name in ("share_now", "structural_now", "waiting_now", "capacity_per_month", "performed_per_month", "load"):
        assert getattr(made, name) is None, name
    assert made.free_per_month is None
    assert made.outflow_last_year == ()
    assert made.removed_rate == 0


def test_what_is_not_known_of_brokering_is_not_none_at_all():
    given = pair(share_series(48, 0.9))
    assert scenario_facts(given, flows_of(given), []).not_brokerable_share is None
