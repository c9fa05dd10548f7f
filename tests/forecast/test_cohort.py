"""The ageing of four bands: the recursion by hand, its rates back again, and list and share of the same path."""

from __future__ import annotations

import numpy as np
import pytest

from lagesbild.domain.periods import Month
from lagesbild.forecast import cohort
from lagesbild.forecast.averaged_ets import RATES, Averaged, averaged
from lagesbild.forecast.cohort import cohort_paths, components, rates_of
from lagesbild.forecast.members import MEMBERS
from lagesbild.forecast.paths import Draws, EtsState, seed_of
from lagesbild.forecast.series import Series
from lagesbild.forecast.transforms import from_scale
from tests.forecast.made_up import ageing

FIRST = Month(2021, 1)
DRAWS = Draws.of(3, 60, 24)
NOW = (400.0, 250.0, 150.0, 200.0)


def _rates(monkeypatch, *, inflow, p1, p2, r4):
    """Makes the four forecast rates what they are said to be, on all paths and in all months."""
    given = iter(np.log([inflow, p1, p2, r4]))
    monkeypatch.setattr(cohort, "simulate", lambda state, shocks: np.full(shocks.shape, next(given)))


def _bands(last=NOW):
    bands = ageing(48, seed=2)
    bands[-1] = last
    return bands


def _paths(bands, steps, draws=DRAWS, seed=1):
    return cohort_paths(bands[-1], rates_of([(bands, FIRST)])[0], steps, draws, seed)


def test_the_oracle_of_the_recursion(monkeypatch):
    """Section 3 of FORECAST.md: (400, 250, 150, 200) to (380, 248, 150, 192.5) to (380, 235.6, 148.8, 188.375)."""
    _rates(monkeypatch, inflow=380, p1=0.62, p2=0.60, r4=0.55)
    waiting, share = _paths(_bands(), 2)
    assert waiting == pytest.approx(np.tile([970.5, 952.775], (60, 1)))
    assert share[0] == pytest.approx([0.80165, 0.80229], abs=5e-6)
    over = (1 - share[0]) * waiting[0]
    assert over == pytest.approx([192.5, 188.375])


def test_rates_of_a_month_give_the_next_months_bands():
    bands = ageing(30, seed=4)
    i, p1, p2, r4 = np.exp(components(bands))
    for t in range(1, 30):
        n1, n2, n3, n4 = bands[t - 1] + 0.5
        assert i[t] == pytest.approx(bands[t, 0] + 0.5)
        assert [p1[t] * n1, p2[t] * n2, r4[t] * (n3 + n4 - 0.5)] == pytest.approx(bands[t, 1:] + 0.5)
    assert np.isnan([p1[0], p2[0], r4[0]]).all()


def test_a_missing_month_has_no_rates_and_neither_has_the_next():
    bands = ageing(30, seed=4)
    bands[10] = np.nan
    found = np.isnan(components(bands))
    assert found[:, 10].all()
    assert found[1:, 11].all()
    assert not found[0, 11]
    assert not found[:, 12:].any()


def test_without_shocks_every_path_is_the_recursion_on_the_smoothed_rates(monkeypatch):
    """Forecast rates written out in a loop from the averaged grid's own levels and seasons."""
    bands = ageing(48, seed=6)
    monkeypatch.setattr(Averaged, "state", lambda self, n, rng: _mean_state(self, n))
    waiting, share = _paths(bands, 6, _Still(DRAWS.seed, DRAWS.ago))
    ahead = []
    for rate in components(bands):
        seen = averaged(rate, FIRST, RATES)
        ahead.append([float(seen.weights @ seen.level + seen.weights @ seen.season[:, h]) for h in range(6)])
    n1, n2, n3, n4 = bands[-1]
    for h in range(6):
        i, p1, p2, r4 = (float(np.exp(rate[h])) for rate in ahead)
        n1, n2, n3, n4 = i, p1 * n1, p2 * n2, r4 * (n3 + n4)
        assert waiting[0, h] == pytest.approx(n1 + n2 + n3 + n4)
        assert share[0, h] == pytest.approx(1 - n4 / (n1 + n2 + n3 + n4))


class _Still(Draws):
    def shocks(self, residuals, steps, rng, tail=0):
        return np.zeros((self.n_paths, steps))


def _mean_state(seen, n):
    w = seen.weights
    return EtsState(float(w @ seen.level), 0.0, w @ seen.season, 0.0, 0.0, 0.0, 0.0)


def test_list_and_share_of_a_path_are_two_readings_of_it():
    bands = ageing(60, seed=8)
    waiting, within = bands.sum(axis=1), bands[:, :3].sum(axis=1)
    made = []
    for measure, values in (("waiting", waiting), ("within_limit_share", within / waiting)):
        series = Series("01", "kna", measure, FIRST, values, bands=bands)
        paths = MEMBERS["cohort"].paths(series, {}, 12, DRAWS)
        made.append(from_scale(paths, series.kind, 1e9))
    over = (1 - made[1]) * made[0]
    # those over the limit next month are at most 1.1 times those who can be: the same path's own
    assert (over[:, 0] <= np.exp(0.1) * bands[-1, 2:].sum() + 1e-6).all()
    seed = seed_of(DRAWS.seed, "01", "kna", "cohort", DRAWS.n_paths)
    both = _paths(bands, 12, seed=seed)
    assert made[0] == pytest.approx(both[0], rel=1e-9)
    assert made[1] == pytest.approx(both[1], rel=1e-9)


def test_a_band_never_keeps_more_than_was_in_it_and_inflow_has_a_ceiling(monkeypatch):
    bands = _bands()
    _rates(monkeypatch, inflow=1e9, p1=50.0, p2=50.0, r4=50.0)
    waiting, share = _paths(bands, 1)
    most, grow = 3 * (bands[:, 0].max() + 0.5), np.exp(0.1)
    n4 = grow * 350
    assert waiting[0, 0] == pytest.approx(most + grow * 400 + grow * 250 + n4)
    assert share[0, 0] == pytest.approx(1 - n4 / waiting[0, 0])


def test_an_empty_list_stays_defined():
    waiting, share = _paths(np.zeros((48, 4)), 12)
    assert np.isfinite(waiting).all()
    assert ((share >= 0) & (share <= 1)).all()


@pytest.mark.parametrize("spoil", ["last", "all", "short"])
def test_too_little_to_go_by(spoil):
    bands = ageing(48, seed=2)
    if spoil == "last":
        bands[-1, 2] = np.nan
    elif spoil == "all":
        bands[:, 1] = np.nan
    else:
        bands = bands[:19]
    with pytest.raises(ValueError, match="not known"):
        _paths(bands, 12)


def test_windows_of_one_history_give_the_same_together_as_one_by_one():
    bands = ageing(60, seed=5)
    bands[20:22] = np.nan
    empty = np.full((30, 4), np.nan)
    windows = [(bands[:40], FIRST), (empty, FIRST), (bands[:50], FIRST), (bands[8:60], FIRST + 8), (bands[:15], FIRST)]
    together = rates_of(windows)
    assert [r is None for r in together] == [False, True, False, False, True]
    for window, rates in zip(windows, together, strict=True):
        if rates is None:
            continue
        alone, most = rates_of([window])[0]
        assert rates[1] == most
        for one, other in zip(rates[0], alone, strict=True):
            assert one.weights == pytest.approx(other.weights, abs=1e-12)
            assert one.residuals == pytest.approx(other.residuals, nan_ok=True, abs=1e-12)


def test_swedish_operations_from_august_to_september_2019():
    """FORECAST.md, section 3; the halves that keep logarithms finite move the fourth digit at most."""
    bands = np.array([[37553, 19101, 20767, 53250], [46761, 23265, 11282, 45581]], float)
    assert np.exp(components(bands)[1:, 1]) == pytest.approx([0.6195, 0.5906, 0.6158], abs=1e-4)
