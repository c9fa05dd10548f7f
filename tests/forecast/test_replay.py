"""Replayed months: only what was known at each, what came after, and the structure gaps are judged by."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import adjust, month_profile
from lagesbild.domain.source import Break
from lagesbild.forecast import averaged_ets
from lagesbild.forecast import replay as replay_module
from lagesbild.forecast.calibration import QUANTILES
from lagesbild.forecast.fitting import Fits, live_anchor, replay_anchor
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.pool import POOL, PooledForecaster
from lagesbild.forecast.replay import SHARE, list_growth, origins_of, pinball, replay
from lagesbild.forecast.transforms import to_scale
from tests.forecast.made_up import FIRST, ageing, pair

DRAWS = Draws.of(3, 40, 24)
HORIZON = 6
LIGHT = {measure: ("avgETS", "cohort") if measure in ("waiting", SHARE) else ("avgETS",) for measure in POOL}


class Light(PooledForecaster):
    """Nothing is fitted: instant."""

    def __init__(self):
        super().__init__(LIGHT)

    def fit(self, series):
        return {}


def _pair(n=60, **columns):
    bands = ageing(n, seed=2)
    rng = np.random.default_rng(1)
    first = {"waiting_0_30": bands[:, 0], "waiting_31_60": bands[:, 1], "waiting_61_90": bands[:, 2]}
    performed = np.round(300 * np.exp(rng.normal(0, 0.1, n)))
    waiting = bands.sum(axis=1)
    share = bands[:, :3].sum(axis=1) / waiting
    return pair(share, waiting=waiting, **{**first, "performed": performed, "added": performed + 3, **columns})


def _replay(given, origins, share_origins=(), measures=tuple(POOL), anchor=replay_anchor):
    return replay(given, measures, origins, HORIZON, DRAWS, Fits(Light()), share_origins, anchor)


ORIGINS = [FIRST + k for k in (35, 41, 50, 57)]


def test_errors_are_the_forecasts_of_the_cut_pair_over_what_came():
    given = _pair()
    made = _replay(given, ORIGINS)
    for measure in POOL:
        errors = made.errors[measure]
        assert errors.origin.tolist() == [o.ordinal for o in ORIGINS]
        for k, origin in enumerate(ORIGINS):
            series = given.cut(origin).series(measure)
            paths, *_ = Light().paths(series, {}, 0, HORIZON, DRAWS)
            assert errors.quantiles[k] == pytest.approx(np.quantile(paths, QUANTILES, axis=0), abs=1e-9)
            for h in range(HORIZON):
                at = origin - FIRST + 1 + h
                came = given.values(measure)[at] if at < 60 else np.nan
                assert errors.actual[k, h] == pytest.approx(to_scale(np.array([came]), series.kind)[0], nan_ok=True)


def test_what_came_later_changes_no_forecast():
    one = _pair()
    columns = {name: values.copy() for name, values in one.columns.items()}
    for values in columns.values():
        values[51:] *= 3
    later = pair(np.ones(60), **columns)
    a, b = _replay(one, ORIGINS), _replay(later, ORIGINS)
    for measure in POOL:
        assert (a.errors[measure].quantiles[:3] == b.errors[measure].quantiles[:3]).all()
        assert not np.allclose(a.errors[measure].quantiles[3], b.errors[measure].quantiles[3])
    assert (a.structure.paths[:3] == b.structure.paths[:3]).all()
    for name in ("now", "recent", "lowest", "growth", "season"):
        assert getattr(a.structure, name)[:3] == pytest.approx(getattr(b.structure, name)[:3])


def test_the_structure_is_that_of_the_share_known_then():
    given = _pair()
    made = _replay(given, ORIGINS[:2], [FIRST + 44]).structure
    assert made.origin.tolist() == [FIRST.ordinal + k for k in (35, 41, 44)]
    share = given.values(SHARE)
    today = month_profile(share, FIRST)
    for k, n in enumerate((36, 42, 45)):
        profile = month_profile(share[:n], FIRST)
        flat = adjust(share[:n], FIRST, profile)
        assert made.now[k] == pytest.approx(flat[-1])
        assert made.recent[k] == pytest.approx(flat[-2:])
        assert made.lowest[k] == pytest.approx(flat[-12:].min())
        assert made.growth[k] == pytest.approx(given.columns["waiting"][n - 1] / given.columns["waiting"][n - 4] - 1)
        for h in range(HORIZON):
            month = (n + h) % 12
            assert made.season[k, h] == pytest.approx(profile[month])
            assert made.came[k, h] == pytest.approx(share[n + h] - today[month])


def test_only_the_share_is_replayed_at_its_own_months():
    made = _replay(_pair(), ORIGINS, [FIRST + 36])
    assert len(made.errors["waiting"].origin) == 4
    assert len(made.errors[SHARE].origin) == len(made.structure) == 5


def test_what_was_no_forecast_then_is_left_out():
    given = _pair()
    columns = {name: values.copy() for name, values in given.columns.items()}
    columns["waiting"][35] = np.nan  # not reported when it was to be forecast
    columns["performed"][:] = 7.0
    made = _replay(pair(np.ones(60), **columns), [FIRST - 3, FIRST + 10, *ORIGINS])
    assert made.errors["waiting"].origin.tolist() == [o.ordinal for o in ORIGINS[1:]]
    assert "performed" not in made.errors  # a constant is no forecast
    assert FIRST.ordinal + 10 not in made.errors["added"].origin


def test_masked_months_are_no_errors():
    mask = Break("", "", FIRST + 42, FIRST + 43, "mask", "pandemi")
    given = _pair()
    masked = pair(np.ones(60), breaks=[mask], **given.columns)
    made, plain = (_replay(p, [FIRST + 41]) for p in (masked, given))
    assert np.isnan(made.errors["performed"].actual[0]).tolist() == [True, True] + [False] * 4
    assert not np.isnan(made.errors["waiting"].actual[0]).any()
    # the mask had not begun: the forecast is the same
    assert (made.errors["performed"].quantiles == plain.errors["performed"].quantiles).all()


def test_an_empty_pair_has_nothing_to_replay():
    made = _replay(pair(np.full(60, np.nan), waiting=np.nan), ORIGINS)
    assert made.errors == {}
    assert made.structure is None


def test_losses_of_the_pool_and_the_baselines_are_over_the_same_months():
    given = _pair()
    made = _replay(given, ORIGINS, [FIRST + 36])
    for measure in POOL:
        counts = {name: n for name, (_, n) in made.losses[measure].items()}
        assert counts == dict.fromkeys(("pool", "naive", "seasonal_naive"), 6 + 6 + 6 + 2)
    errors = made.errors["performed"]
    naive = 0.0
    for k in range(4):
        for h in range(HORIZON):
            if not np.isnan(errors.actual[k, h]):
                off = [errors.actual[k, h] - q for q in errors.quantiles[k, :, h]]
                naive += 2 * np.mean([max(p * d, (p - 1) * d) for p, d in zip(QUANTILES, off, strict=True)])
    assert made.losses["performed"]["pool"][0] == pytest.approx(naive)


def test_how_old_parameters_are_is_the_callers_choice():
    seen = []

    class Recording(Fits):
        def at(self, series, anchor):
            seen.append(anchor)
            return super().at(series, anchor)

    for anchor in (replay_anchor, live_anchor):
        replay(_pair(), ("added",), [FIRST + 50], HORIZON, DRAWS, Recording(Light()), anchor=anchor)
    assert seen == [Month(2024, 12), Month(2025, 3)]


@pytest.mark.parametrize("waiting", [[1.0, 2.0, 3.0], [0.0, 1.0, 2.0, 3.0], [np.nan, 1.0, 2.0, 3.0]])
def test_growth_is_unknown_without_a_list_three_months_ago(waiting):
    assert np.isnan(list_growth(np.array(waiting)))


def test_origins_end_before_the_last_month():
    assert [str(m) for m in origins_of(Month(2026, 9), 2, 3)] == ["2026-03", "2026-06"]
    assert [str(m) for m in origins_of(Month(2026, 10), 2, 1)] == ["2026-08", "2026-09"]


def test_pinball_of_a_perfect_forecast_is_nothing():
    assert pinball(np.full((7, 2), 3.0), np.array([3.0, 3.0])) == (0.0, 2)


def test_examples():
    result = doctest.testmod(replay_module)
    assert result.attempted
    assert not result.failed


def test_windows_of_one_series_are_run_together(monkeypatch):
    alone = []
    real = averaged_ets.averaged
    monkeypatch.setattr(averaged_ets, "averaged", lambda *given: alone.append(1) or real(*given))
    replay(_pair(), ("added",), ORIGINS, 6, Draws.of(3, 40, 24), Fits(PooledForecaster()))
    assert not alone
