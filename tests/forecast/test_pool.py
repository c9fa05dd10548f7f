"""The pool: whose path is whose, who steps in for whom, and that it is told."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lagesbild.domain.periods import Month
from lagesbild.forecast import members as members_module
from lagesbild.forecast import pool as pool_module
from lagesbild.forecast.members import FITTED, MEMBERS, filled
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.pool import POOL, PooledForecaster
from lagesbild.forecast.series import WINDOW, Series
from lagesbild.forecast.transforms import to_scale
from tests.forecast.made_up import ageing, share_series

FIRST = Month(2021, 1)
DRAWS = Draws.of(11, 53, 24)  # no multiple of the members: the last ones have a path less
ETS_OUT = "Exponentiell utjämning konvergerade inte och är utelämnad."
UC_OUT = "Nivåmodellen gick inte att anpassa och är utelämnad."
SPARSE = "Serien är för gles för att vägas samman; prognosen är ”som senaste månaden”."


def _banded(measure="waiting", n=60, seed=8):
    bands = ageing(n, seed=seed)
    waiting = bands.sum(axis=1)
    values = waiting if measure in ("waiting", "added", "performed") else bands[:, :3].sum(axis=1) / waiting
    return Series(
        "01", "kna", measure, FIRST, values, bands=bands if measure in ("waiting", "within_limit_share") else None
    )


@pytest.fixture(scope="module")
def fitted():
    """(series, parameters) for each measure."""
    out = {}
    for measure in POOL:
        series = _banded(measure)
        out[measure] = series, PooledForecaster().fit(series)
    return out


def _paths(series, parameters, pool=POOL, steps=12):
    return PooledForecaster(pool).paths(series, parameters, 0, steps, DRAWS)


@pytest.mark.parametrize("measure", POOL)
def test_path_k_is_always_made_by_the_same_member(measure, fitted):
    series, parameters = fitted[measure]
    whole, model, notes = _paths(series, parameters)
    assert notes == ()
    assert whole.shape == (53, 12)
    slots = POOL[measure]
    for k, name in enumerate(slots):
        mine = DRAWS.part(k, len(slots))
        alone = MEMBERS[name].paths(series, parameters.get(name, {}), 12, mine)
        assert (whole[k :: len(slots)] == alone).all(), name
        assert (parameters["ETS"]["form"] if name == "ETS" else name) in model


def test_lists_and_shares_have_the_cohort_model_in_the_same_place(fitted):
    assert POOL["waiting"].index("cohort") == POOL["within_limit_share"].index("cohort")
    assert len(POOL["waiting"]) == len(POOL["within_limit_share"])
    waiting, *_ = _paths(*fitted["waiting"])
    share, *_ = _paths(*fitted["within_limit_share"])
    list_of, over = np.exp(waiting[::5]) - 0.5, np.cos(share[::5]) ** 2
    # those over the limit in the first month can only come from the last two bands of the month before
    late = fitted["waiting"][0].bands[-1, 2:].sum()
    assert (over[:, 0] * list_of[:, 0] <= late * np.exp(0.1) + 1e-6).all()


def test_what_is_fitted_is_json_and_the_same_whatever_pool_asks(fitted):
    series, parameters = fitted["waiting"]
    assert json.loads(json.dumps(parameters)) == parameters
    assert set(parameters) == set(FITTED)
    assert PooledForecaster({"waiting": ("naive",)}).fit(series) == parameters


@pytest.mark.parametrize("out, told", [("ETS", ETS_OUT), ("UC", UC_OUT)])
def test_a_member_that_cannot_be_fitted_is_replaced_and_told(out, told, fitted):
    series, parameters = fitted["waiting"]
    whole, model, notes = _paths(series, {**parameters, out: None})
    assert notes == (told,)
    slots = POOL["waiting"]
    k = slots.index(out)
    assert (whole[k::5] == MEMBERS["avgETS"].paths(series, {}, 12, DRAWS.part(k, 5))).all()
    assert (parameters["ETS"]["form"] in model) == (out != "ETS")
    assert ("UC" in model) == (out != "UC")
    # the others' paths are not touched
    before, *_ = _paths(series, parameters)
    others = np.arange(53) % 5 != k
    assert (whole[others] == before[others]).all()


@pytest.mark.parametrize("module, name, member", [("ets", "fit_best", "ETS"), ("local_level", "fit_level", "UC")])
def test_a_fit_that_fails_is_none(monkeypatch, module, name, member):
    def broken(*_):
        raise np.linalg.LinAlgError

    monkeypatch.setattr(getattr(members_module, module), name, broken if member == "UC" else lambda *_: None)
    assert PooledForecaster().fit(_banded())[member] is None


def test_a_list_without_bands_has_the_weighed_model_instead_of_the_cohort(fitted):
    series, parameters = fitted["waiting"]
    plain = Series("01", "kna", "waiting", FIRST, series.values)
    whole, model, notes = _paths(plain, parameters)
    assert "cohort" not in model
    assert notes == ()  # it was never promised
    assert (whole[0::5] == MEMBERS["avgETS"].paths(plain, {}, 12, DRAWS.part(0, 5))).all()


def test_a_series_too_sparse_to_be_weighed_falls_back_on_the_last_month_and_says_so():
    values = 50 + np.arange(60.0) % 7
    values[12:][np.arange(48) % 4 < 3] = np.nan  # after a year only every fourth month
    series = Series("01", "kna", "added", FIRST, values)
    assert series.observed == 24
    whole, model, notes = _paths(series, PooledForecaster().fit(series))
    assert model == "naive + UC"
    assert notes == (SPARSE,)
    assert np.isfinite(whole).all()


def test_nobody_can_make_paths(monkeypatch, fitted):
    class Broken:
        name = "broken"

        def paths(self, *_):
            raise ValueError

    monkeypatch.setattr(pool_module, "MEMBERS", dict.fromkeys(MEMBERS, Broken()))
    with pytest.raises(ValueError, match="no member"):
        _paths(*fitted["waiting"])


def test_models_see_six_years(monkeypatch):
    seen = []
    monkeypatch.setattr(members_module.ets, "fit_best", lambda values: seen.append(len(values)))
    PooledForecaster().fit(_banded(n=100))
    assert seen == [WINDOW]
    series = _banded(n=100)
    early = Series("01", "kna", "added", FIRST, np.r_[np.full(28, 1e6) + np.arange(28), series.values[28:]])
    late = Series("01", "kna", "added", FIRST + 28, series.values[28:])
    parameters = PooledForecaster().fit(late)
    assert (
        PooledForecaster().paths(early, parameters, 28, 6, DRAWS)[0]
        == PooledForecaster().paths(late, parameters, 0, 6, DRAWS)[0]
    ).all()


def test_missing_months_are_filled_by_level_and_season():
    values = share_series(60, 0.8, noise=0.0)
    gappy = values.copy()
    gappy[[18, 19, 30]] = np.nan  # July and August 2022, July 2023
    whole, observed = filled(Series("01", "kna", "within_limit_share", FIRST, gappy))
    assert (~observed).nonzero()[0].tolist() == [18, 19, 30]
    assert whole[observed] == pytest.approx(to_scale(values, "share")[observed])
    assert whole == pytest.approx(to_scale(values, "share"), abs=0.02)


def test_windows_of_one_history_made_ready_together_give_the_same_paths(fitted):
    """What a replay shares between its origins changes no path."""
    series, parameters = fitted["waiting"]
    cuts = [Series("01", "kna", "waiting", FIRST, series.values[:n], bands=series.bands[:n]) for n in (40, 50, 60)]
    forecaster = PooledForecaster()
    for cut, more in zip(cuts, forecaster.ahead_of([(c, 0) for c in cuts]), strict=True):
        plain = forecaster.paths(cut, parameters, 0, 6, DRAWS)[0]
        known = {name: {**parameters.get(name, {}), **more.get(name, {})} for name in MEMBERS}
        assert more["avgETS"]
        assert more["cohort"]
        assert forecaster.paths(cut, known, 0, 6, DRAWS)[0] == pytest.approx(plain, abs=1e-9)
