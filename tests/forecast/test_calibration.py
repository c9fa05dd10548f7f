"""Factors of the bands: past-only, towards what was promised, and what stretching may never do to paths."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from lagesbild.forecast.calibration import (
    FIRST_YEAR,
    LARGEST,
    LEVELS,
    PRIOR_WEIGHT,
    QUANTILES,
    RATE,
    SMALLEST,
    Calibration,
    Errors,
    blocks,
    learn,
    pooled,
    prior_of,
    stretched,
    stretched_quantiles,
)
from lagesbild.forecast.transforms import ceiling, from_scale, to_scale

NORMAL = norm.ppf(QUANTILES)
ORDINAL = 24_000


def errors_like(
    width: float, *, origins: int = 60, series: int = 10, horizon: int = 12, seed: int = 0, step: int = 1
) -> Errors:
    """Forecasts of N(0, 1) outcomes whose bands are `width` times as wide as they should be, known up to the last
    origin."""
    rng = np.random.default_rng(seed)
    origin = np.repeat(ORDINAL + step * np.arange(origins), series)
    n = len(origin)
    actual = rng.normal(size=(n, horizon))
    due = origin[:, None] + 1 + np.arange(horizon)
    actual[due > origin.max()] = np.nan
    return Errors(origin, np.tile(width * NORMAL[None, :, None], (n, 1, horizon)), actual)


def learnt_naively(errors: Errors, until: int, prior: np.ndarray) -> dict[int, np.ndarray]:
    """The two stages again, one forecast and month at a time."""
    n, horizon = errors.actual.shape
    edges = {0: (2, 4), 1: (1, 5), 2: (0, 6)}

    def needed(k, i, h):
        q, off = errors.quantiles[i, :, h], errors.actual[i, h] - errors.quantiles[i, 3, h]
        low, high = edges[k]
        return abs(off) / max(q[high] - q[3] if off >= 0 else q[3] - q[low], 1e-9)

    cells = [(i, h) for i in range(n) for h in range(horizon) if not np.isnan(errors.actual[i, h])]
    due = {(i, h): int(errors.origin[i]) + 1 + h for i, h in cells}
    first = min(due.values(), default=until)
    out, issued, current = {}, {}, prior.copy()
    months = sorted({*errors.origin.tolist(), until})
    before = months[0]
    for now in months:
        if now < first + FIRST_YEAR:
            current = prior.copy()
            for b in range(prior.shape[1]):
                for k, level in enumerate(LEVELS):
                    scores = [needed(k, i, h) for i, h in cells if due[i, h] <= now and h // 3 == b]
                    m = len(scores)
                    if m:
                        reached = np.quantile(scores, min(1.0, level * (m + 1) / m))
                        w = m / (m + PRIOR_WEIGHT)
                        mixed = np.exp(w * np.log(max(reached, 1e-9)) + (1 - w) * np.log(prior[k, b]))
                        current[k, b] = min(max(mixed, SMALLEST), LARGEST)
        else:
            for month in range(max(before, first + FIRST_YEAR - 1) + 1, now + 1):
                after = current.copy()
                for b in range(prior.shape[1]):
                    mine = [(i, h) for i, h in cells if due[i, h] == month and h // 3 == b]
                    for k, level in enumerate(LEVELS):
                        if mine:
                            held = np.mean([needed(k, i, h) <= issued[int(errors.origin[i])][k, b] for i, h in mine])
                            moved = current[k, b] * np.exp(-RATE * (held - level))
                            after[k, b] = min(max(moved, SMALLEST), LARGEST)
                current = after
        before = now
        out[now] = issued[now] = current
    return out


@pytest.mark.parametrize("horizon", [1, 5, 12])
@pytest.mark.parametrize("step", [1, 3])
def test_the_same_as_one_error_at_a_time(horizon, step):
    errors = errors_like(0.7, origins=24 // step, series=2, horizon=horizon, seed=horizon, step=step)
    prior = np.linspace(0.8, 1.4, 3 * blocks(horizon)).reshape(3, -1)
    until = int(errors.origin.max()) + 2
    found, again = learn(errors, until, prior), learnt_naively(errors, until, prior)
    assert set(found) == set(again)
    for month, factors in found.items():
        assert factors == pytest.approx(again[month]), month


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 40))
def test_nothing_that_comes_later_changes_what_was_in_force(seed, after):
    errors = errors_like(0.8, origins=40, series=3, seed=seed)
    now = ORDINAL + after
    spoiled = errors.actual.copy()
    later = errors.due > now
    spoiled[later] = np.random.default_rng(seed).normal(5, 3, later.sum())
    quantiles = errors.quantiles.copy()
    quantiles[errors.origin > now] *= 7
    one = learn(errors, ORDINAL + 40)
    other = learn(Errors(errors.origin, quantiles, spoiled), ORDINAL + 40)
    for month in one:
        if month <= now:
            assert (one[month] == other[month]).all(), month


def test_forecasts_made_later_do_not_change_it_either():
    errors = errors_like(0.8, origins=40, series=3)
    now = ORDINAL + 25
    mine = errors.origin <= now
    cut = Errors(errors.origin[mine], errors.quantiles[mine], np.where(errors.due > now, np.nan, errors.actual)[mine])
    assert learn(cut, now)[now] == pytest.approx(learn(errors, ORDINAL + 40)[now], abs=0)


@pytest.mark.parametrize("width, grows", [(0.5, True), (2.0, False)])
def test_factors_grow_when_bands_are_too_narrow_and_shrink_when_too_wide(width, grows):
    found = learn(errors_like(width), ORDINAL + 59)
    last, early = found[ORDINAL + 59], found[ORDINAL]
    assert (early == 1).all()
    assert (last > 1.3).all() if grows else (last < 0.8).all()


@pytest.mark.parametrize("width", [0.5, 0.8, 1.0, 1.6])
def test_after_learning_bands_hold_what_they_promise(width):
    errors = errors_like(width, origins=72, series=12, seed=4)
    found = learn(errors, ORDINAL + 71)
    inside = {0.8: [], 0.95: []}
    for i, origin in enumerate(errors.origin.tolist()):
        if origin < ORDINAL + 24:
            continue
        q = stretched_quantiles(errors.quantiles[i], found[origin])
        known = ~np.isnan(errors.actual[i])
        for level, (low, high) in {0.8: (1, 5), 0.95: (0, 6)}.items():
            inside[level] += ((q[low] <= errors.actual[i]) & (errors.actual[i] <= q[high]))[known].tolist()
    assert 0.75 < np.mean(inside[0.8]) < 0.85
    assert 0.92 < np.mean(inside[0.95]) < 0.98


def test_without_errors_the_prior_holds_and_fits_any_horizon():
    nothing = Errors(np.empty(0, int), np.empty((0, 7, 15)), np.empty((0, 15)))
    prior = np.array([[0.9, 1.1], [1.0, 1.2], [1.1, 1.3]])
    assert learn(nothing, ORDINAL, prior)[ORDINAL].tolist() == [[x, y, y, y, y] for x, y in prior.tolist()]
    assert (learn(nothing, ORDINAL)[ORDINAL] == 1).all()


def test_few_errors_hardly_move_the_prior():
    errors = errors_like(0.25, origins=3, series=2)
    moved = learn(errors, ORDINAL + 2)[ORDINAL + 2]
    assert (moved[:, 0] > 1).all()
    assert (moved[:, 0] < 1.2).all()
    assert (moved[:, 1:] == 1).all()  # nothing of months 4-12 is known yet


def test_a_prior_is_what_bands_of_the_others_needed():
    narrow, right = errors_like(0.5, seed=1), errors_like(1.0, seed=2)
    alone = prior_of([narrow])
    assert alone == pytest.approx(np.full((3, 4), 2.0), rel=0.15)
    both = prior_of([narrow, right])
    assert both[:2] == pytest.approx(np.sqrt(alone * prior_of([right]))[:2])
    assert (both[2] > np.sqrt(alone * prior_of([right]))[2]).all()  # at 95 % rather too wide
    assert prior_of([]) is None


def test_series_are_pooled_one_after_the_other():
    parts = [errors_like(1.0, origins=4, series=1, seed=k) for k in range(3)]
    both = pooled(parts)
    assert both.origin.tolist() == [o for p in parts for o in p.origin.tolist()]
    assert both.actual[4] == pytest.approx(parts[1].actual[0], nan_ok=True)


# --- stretching paths ---------------------------------------------------------------------------------------------

factor_tables = st.lists(st.tuples(*[st.floats(SMALLEST, LARGEST)] * 3).map(sorted), min_size=4, max_size=4).map(
    lambda rows: np.array(rows).T
)  # wider levels never have the smaller factor, as learnt ones mostly do
any_factors = st.lists(st.floats(SMALLEST, LARGEST), min_size=12, max_size=12).map(lambda x: np.reshape(x, (3, 4)))


def walk_paths(seed: int, n: int = 300, horizon: int = 12) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 5 + np.cumsum(rng.normal(0, 0.1, (n, horizon)) + 0.05 * (rng.uniform(size=(n, horizon)) > 0.9), axis=1)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), any_factors)
def test_stretching_keeps_ranks_and_the_median(seed, factors):
    paths = walk_paths(seed, n=101)
    out = stretched(paths, factors)
    assert np.median(out, axis=0) == pytest.approx(np.median(paths, axis=0))
    for h in range(paths.shape[1]):
        order = np.argsort(paths[:, h], kind="stable")
        assert (np.diff(out[order, h]) >= -1e-12).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), any_factors)
def test_calibrated_quantiles_are_ordered(seed, factors):
    q = stretched_quantiles(np.quantile(walk_paths(seed), QUANTILES, axis=0), factors)
    assert (np.diff(q, axis=0) >= -1e-12).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), factor_tables)
def test_bands_never_narrow_from_block_to_block(seed, factors):
    q = stretched_quantiles(np.quantile(walk_paths(seed), QUANTILES, axis=0), factors)
    width = (q[5] - q[1]).reshape(4, 3).mean(axis=1)
    assert (np.diff(width) >= -1e-9).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), factor_tables)
def test_quantiles_of_stretched_paths_are_the_stretched_quantiles(seed, factors):
    """Closely: between the levels a path's factor goes by its own rank, and a quantile lies between two paths."""
    paths = walk_paths(seed, n=2000)
    told = stretched_quantiles(np.quantile(paths, QUANTILES, axis=0), factors)
    found = np.quantile(stretched(paths, factors), QUANTILES, axis=0)
    width = told[6] - told[0]
    assert (np.abs(found - told) <= 0.03 * width).all()


def test_even_factors_of_one_change_nothing():
    paths = walk_paths(1)
    assert stretched(paths, np.ones((3, 4))) == pytest.approx(paths)
    assert stretched_quantiles(np.quantile(paths, QUANTILES, axis=0), np.ones((3, 4))) == pytest.approx(
        np.quantile(paths, QUANTILES, axis=0)
    )


def test_a_factor_of_two_doubles_every_distance_from_the_median():
    paths = walk_paths(2)
    middle = np.median(paths, axis=0)
    assert stretched(paths, np.full((3, 4), 2.0)) - middle == pytest.approx(2 * (paths - middle))


def test_paths_that_do_not_differ_stay_where_they_are():
    assert stretched(np.full((20, 12), 3.0), np.full((3, 4), 2.0)) == pytest.approx(np.full((20, 12), 3.0))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), any_factors, st.sampled_from(["share", "count"]))
def test_calibrated_values_stay_in_their_range(seed, factors, kind):
    rng = np.random.default_rng(seed)
    values = rng.uniform(0, 1, (50, 12)) if kind == "share" else rng.poisson(3, (50, 12))
    out = from_scale(stretched(to_scale(values, kind), factors), kind, 9.0)
    assert out.min() >= 0
    assert out.max() <= (1 if kind == "share" else np.exp(ceiling(9.0)))


@pytest.mark.parametrize("horizon", [1, 2, 4, 15])
def test_any_horizon_can_be_stretched(horizon):
    """Also one longer than the factors know, as after a missing tail."""
    paths = walk_paths(3, horizon=horizon)
    factors = np.full((3, blocks(min(horizon, 12))), 1.5)
    middle = np.median(paths, axis=0)
    out = stretched(paths, factors)
    assert out.shape == paths.shape
    assert (np.abs(out - middle) >= 1.5 * np.abs(paths - middle) - 1e-9).all()


def test_a_measure_without_factors_keeps_the_models_own_bands():
    paths = walk_paths(4)
    calibration = Calibration({"waiting": np.full((3, 4), 2.0)})
    assert calibration.apply(paths, "added") is paths
    assert (calibration.apply(paths, "waiting") == stretched(paths, np.full((3, 4), 2.0))).all()


def test_json_and_back():
    calibration = Calibration({"waiting": learn(errors_like(0.7), ORDINAL + 59)[ORDINAL + 59]})
    again = Calibration.of(json.loads(json.dumps(calibration.to_json())))
    assert set(again.factors) == {"waiting"}
    assert again.factors["waiting"] == pytest.approx(calibration.factors["waiting"], abs=5.1e-5)
    assert Calibration.of(again.to_json()).to_json() == again.to_json()


def test_a_wide_half_does_not_let_the_eighty_narrow():
    native = np.linspace(-3, 3, 7)[:, None] * np.ones(6)
    edges = stretched_quantiles(native, np.array([[4.0, 0.3], [0.3, 0.3], [0.3, 0.3]]))
    first, second = (edges[5] - edges[1]).reshape(2, 3).mean(axis=1)
    assert second >= first
