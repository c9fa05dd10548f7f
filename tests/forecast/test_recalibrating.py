"""Recalibration of gap probabilities: cases counted naively, learnt past-only, finite whatever comes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.domain.gap_openings import NEVER
from lagesbild.domain.recalibration import IDENTITY, NAMES, TWO_VARIABLES, Recalibration, features
from lagesbild.forecast.calibration import stretched
from lagesbild.forecast.recalibrating import Cases, adapted, cases_of, fit
from lagesbild.forecast.replay import Replay, Structure
from lagesbild.forecast.transforms import from_scale, to_scale

ORIGIN = 24_200


def cases(n: int, seed: int = 0, truth: Recalibration = IDENTITY, *, known: int = 12, months: int = 40) -> Cases:
    """Simulated cases whose events come with the probability that `truth` gives them."""
    rng = np.random.default_rng(seed)
    share = rng.beta(0.7, 1.5, n)
    x = features(share, rng.normal(0.08, 0.06, n), rng.normal(0.03, 0.06, n), rng.normal(0, 0.1, n))
    event = rng.uniform(size=n) < truth.of(x)
    return Cases(
        series=np.zeros(n, int),
        origin=np.sort(ORIGIN + rng.integers(0, months, n)),
        target=np.full(n, 0.8),
        x=x,
        paths_share=share,
        month=np.full(n, 4.0),
        opened=np.where(event, rng.integers(0, 12, n), NEVER),
        known=np.full(n, known),
    )


def test_known_coefficients_are_found_again():
    truth = Recalibration((-0.4, 1.2, -0.9, -0.3, 0.5))
    found = fit(cases(60_000, truth=truth), IDENTITY)
    assert found.coefficients == pytest.approx(truth.coefficients, abs=0.12)
    assert (found.cases, found.events) == (60_000, int(cases(60_000, truth=truth).event.sum()))


def test_a_fit_is_where_no_coefficient_can_be_better():
    """The gradient of the penalised likelihood, in loops and by differences."""
    some, prior = cases(120), Recalibration((0.1, 1.5, -0.2, 0.0, 0.1))

    def minus_log_likelihood(beta):
        total = sum(4.0 / 2 * (b - p) ** 2 for b, p in zip(beta, prior.coefficients, strict=True))
        for row, came in zip(some.x.tolist(), some.event.tolist(), strict=True):
            z = sum(b * v for b, v in zip(beta, row, strict=True))
            total += math.log1p(math.exp(z)) - (z if came else 0.0)
        return total

    best = list(fit(some, prior).coefficients)
    at = minus_log_likelihood(best)
    for k in range(5):
        for step in (-0.01, 0.01):
            moved = best.copy()
            moved[k] += step
            assert minus_log_likelihood(moved) > at


def test_only_the_wanted_numbers_are_used():
    found = fit(cases(500), IDENTITY, TWO_VARIABLES)
    assert [c != 0 for c in found.coefficients] == [n in TWO_VARIABLES for n in NAMES]


@pytest.mark.parametrize("events", ["all", "none", "separable"])
@pytest.mark.parametrize("learn", [lambda c: fit(c, IDENTITY), lambda c: adapted(c, ORIGIN + 99, IDENTITY)])
def test_what_separates_does_not_explode(events, learn):
    some = cases(300)
    came = {"all": np.ones(300, bool), "none": np.zeros(300, bool), "separable": some.x[:, 1] > 0}[events]
    found = learn(Cases(**{**vars(some), "opened": np.where(came, 3, NEVER)}))
    assert np.abs(found.coefficients).max() < 15
    p = found.of(some.x)
    assert ((p > 0) & (p < 1)).all()


def test_without_cases_the_prior_holds():
    nothing = cases(20).where(np.zeros(20, bool))
    prior = Recalibration((0.1, 1.0, 0.2, 0.3, 0.4), 7, 3)
    assert fit(nothing, prior) == adapted(cases(20), ORIGIN, prior) == Recalibration(prior.coefficients, 0, 0)


def test_a_level_and_a_slope_of_its_own_are_learnt():
    """From 40 000 simulated cases, each counted as a twelfth: half the slope and one down."""
    prior = Recalibration((0.044, 1.023, -0.554, -0.228, 0.158))
    truth = Recalibration(tuple(0.5 * c - (1.0 if k == 0 else 0.0) for k, c in enumerate(prior.coefficients)))
    found = adapted(cases(40_000, truth=truth), ORIGIN + 99, prior)
    assert found.coefficients == pytest.approx(truth.coefficients, abs=0.06)


def test_a_few_cases_hardly_move_the_prior():
    prior = Recalibration((0.044, 1.023, -0.554, -0.228, 0.158))
    some = cases(24)
    found = adapted(Cases(**{**vars(some), "opened": np.full(24, NEVER)}), ORIGIN + 99, prior)
    assert found.coefficients == pytest.approx(prior.coefficients, abs=0.2)
    assert (found.of(some.x) < prior.of(some.x)).mean() > 0.9


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 45))
def test_only_what_was_decided_by_then_counts(seed, after):
    some = cases(200, seed=seed)
    until = ORIGIN + after
    later = some.origin + 12 > until
    changed = Cases(**{**vars(some), "opened": np.where(later, 2, some.opened)})
    one, other = adapted(some, until, IDENTITY), adapted(changed, until, IDENTITY)
    assert one == other
    assert one.cases == int((~later).sum())


def test_decided_and_event():
    some = cases(4)
    made = Cases(**{**vars(some), "opened": np.array([3, NEVER, NEVER, 12]), "known": np.array([5, 11, 12, 12])})
    assert made.event.tolist() == [True, False, False, True]
    assert made.decided.tolist() == [True, False, True, True]
    assert made.decided_in_time.tolist() == [False, False, True, True]


def _structure(seed: int, k: int = 5, paths: int = 40, horizon: int = 12) -> Structure:
    rng = np.random.default_rng(seed)
    level = 0.82 + rng.normal(0, 0.03, k)
    fan = np.clip(level[:, None, None] + np.cumsum(rng.normal(0, 0.02, (k, paths, horizon)), axis=2), 0.3, 0.99)
    came = level[:, None] + np.cumsum(rng.normal(0, 0.02, (k, horizon)), axis=1)
    for row in range(k):
        came[row, horizon - 3 * row :] = np.nan
    return Structure(
        origin=ORIGIN + np.arange(k),
        paths=to_scale(fan, "share").astype(np.float32),
        season=rng.normal(0, 0.02, (k, horizon)),
        now=level,
        recent=np.column_stack([level + rng.normal(0, 0.02, k), level]),
        lowest=level - rng.uniform(0, 0.05, k),
        growth=np.r_[np.nan, rng.normal(0, 0.1, k - 1)],
        came=came,
    )


@pytest.mark.parametrize("horizon", [6, 12])
def test_cases_are_counted_as_a_naive_walk_counts_them(horizon):
    replays = [
        Replay("01", "kna", {}, None),
        *(Replay("02", f"a{k}", {}, _structure(k, horizon=horizon)) for k in (1, 2)),
    ]
    factors = {ORIGIN + k: np.full((3, 4), 1.0 + 0.1 * k) for k in range(5)}
    found = cases_of(replays, (0.8, 0.85), factors, horizon)
    rows = []
    for number, each in enumerate(replays):
        s = each.structure
        for k in range(0 if s is None else len(s)):
            structural = from_scale(stretched(s.paths[k], factors[int(s.origin[k])]), "share", 1.0) - s.season[k]
            for target in (0.8, 0.85):
                if s.recent[k][0] < target and s.recent[k][1] < target:
                    continue

                def opens(walk, target=target):
                    return next((m for m in range(len(walk) - 1) if walk[m] < target and walk[m + 1] < target), NEVER)

                steps = [opens([s.now[k], *path]) for path in structural]
                came = opens([s.now[k], *[1.0 if math.isnan(x) else x for x in s.came[k]]])
                share = np.mean([m <= horizon for m in steps])
                opening = [m for m in steps if m < NEVER]
                known = int((~np.isnan(s.came[k])).sum())
                month = np.median(opening) if opening else math.nan
                rows.append((number, s.origin[k], target, share, month, came, known, s.now[k] - target))
    assert len(found) == len(rows) > 8
    made = zip(
        found.series,
        found.origin,
        found.target,
        found.paths_share,
        found.month,
        found.opened,
        found.known,
        found.x[:, 2] * 0.1,
        strict=True,
    )
    for mine, again in zip(made, rows, strict=True):
        assert mine == pytest.approx(again, nan_ok=True)


def test_no_replays_no_cases():
    nothing = cases_of([Replay("01", "kna", {}, None)], (0.8,), {}, 12)
    assert len(nothing) == 0
    assert adapted(nothing, ORIGIN, IDENTITY).coefficients == IDENTITY.coefficients
