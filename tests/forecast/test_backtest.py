"""Rolling origins on a few made-up series: everything from what was known at the origin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from lagesbild.domain.backtest import ALL_BLOCKS, ALL_YEARS, FORECAST, POOLED, SCORE_COLUMNS, UNCALIBRATED
from lagesbild.domain.periods import Month
from lagesbild.forecast.backtest import evaluate, factors_of, replayed
from lagesbild.forecast.calibration import learn, pooled, prior_of, stretched_quantiles
from lagesbild.forecast.fanout import SerialExecutor
from lagesbild.forecast.scoring import natural
from tests.forecast.made_up import FIRST, pair, share_series

SHARE = "within_limit_share"


@dataclass(frozen=True)
class MadeUpSet:
    name: str
    measures: tuple
    pairs: tuple


class Flat:
    """Says the last value, and cannot at every other length."""

    name = "flat"

    def __init__(self, *, always: bool = True) -> None:
        self.always = always

    def quantiles(self, scaled, horizon):
        if not self.always and len(scaled) % 2:
            raise ValueError("flat")
        return scaled[-1] + np.arange(-3, 4)[:, None] * 0.1 * np.ones(horizon)


def _shares(seed, level=0.83):
    return pair(share_series(52, level, seed=seed, noise=0.02), waiting=1000.0 + seed)


def _counts(seed):
    walk = np.round(300 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.05, 52))))
    return pair(np.full(52, np.nan), waiting=np.nan, performed=walk)


SETS = (
    MadeUpSet("shares", (SHARE,), (_shares(1), _shares(2, 0.8), _shares(3, 0.9))),
    MadeUpSet("production", ("performed",), (_counts(4),)),
    MadeUpSet("more", (SHARE, "performed"), (_shares(5), _counts(6))),
)
OPTIONS = {"horizon": 12, "step": 3, "origins": 4, "executor": SerialExecutor(), "peers": (Flat(),)}


@pytest.fixture(scope="module")
def found():
    return replayed(SETS, **OPTIONS)


@pytest.fixture(scope="module")
def made():
    seen = []
    made = evaluate(SETS, **OPTIONS, progress=lambda done, total: seen.append((done, total)))
    return made, seen


def test_origins_are_a_step_apart_and_the_share_has_every_month(found):
    last = FIRST + 51
    mine = found[0][0]
    assert {o for _, o in mine.scales} == {(last - k).ordinal for k in (1, 4, 7, 10)}
    assert mine.replay.errors[SHARE].origin.tolist() == [(last - k).ordinal for k in range(10, 0, -1)]
    assert found[1][0].replay.errors["performed"].origin.tolist() == [(last - k).ordinal for k in (10, 7, 4, 1)]


def test_the_scale_is_the_seasonal_naive_error_known_at_the_origin(found):
    for (measure, origin), scale in found[1][0].scales.items():
        values = SETS[1].pairs[0].values(measure)[: Month.from_ordinal(origin) - FIRST + 1]
        changes = [abs(values[t] - values[t - 12]) for t in range(12, len(values))]
        assert scale == pytest.approx(sum(changes) / len(changes))


def test_peers_see_only_what_was_known(found):
    for (measure, origin), quantiles in found[1][0].peers.items():
        values = SETS[1].pairs[0].values(measure)
        last = np.log(values[Month.from_ordinal(origin) - FIRST] + 0.5)
        assert set(quantiles) == {"naive", "seasonal naive", "drift", "flat"}
        assert quantiles["flat"][3] == pytest.approx(np.full(12, last))


def test_a_set_never_learns_its_prior_from_itself(found):
    factors = factors_of(found)
    own = pooled([d.replay.errors[SHARE] for d in found[0]])
    other = pooled([d.replay.errors[SHARE] for d in found[2] if SHARE in d.replay.errors])
    told = learn(own, int(own.origin.max()), prior_of([other]))
    assert set(factors[0]) == {SHARE}
    for month, mine in factors[0][SHARE].items():
        assert mine == pytest.approx(told[month])
    first = int(own.origin.min())
    assert factors[0][SHARE][first] == pytest.approx(prior_of([other]))  # nothing of its own is known yet


def test_scores_a_second_time(found, made):
    """WQL and coverage of the calibrated forecast and of a peer, forecast by forecast."""
    table = made[0].scores
    assert list(table.columns) == list(SCORE_COLUMNS)
    factors = factors_of(found)
    losses, inside, flat = [], [], []
    levels = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
    for done in found[0]:
        errors = done.replay.errors[SHARE]
        for k, origin in enumerate(errors.origin.tolist()):
            if (SHARE, origin) not in done.scales:
                continue
            known = np.flatnonzero(~np.isnan(errors.actual[k]))
            q = stretched_quantiles(errors.quantiles[k], factors[0][SHARE][origin])
            for quantiles, into in ((q, losses), (done.peers[SHARE, origin]["flat"], flat)):
                y, points = natural(errors.actual[k], SHARE), natural(quantiles, SHARE)
                each = []
                for h in known:
                    off = [(p, y[h] - x) for p, x in zip(levels, points[:, h], strict=True)]
                    each.append(2 * sum(max(p * d, (p - 1) * d) for p, d in off) / 7)
                into.append(np.mean(each) / done.scales[SHARE, origin])
            inside.append(np.mean([q[1, h] <= errors.actual[k, h] <= q[5, h] for h in known]))
    whole = table[
        (table["data_set"] == "shares") & (table["block"] == ALL_BLOCKS) & (table["origin_year"] == ALL_YEARS)
    ]
    at = whole.set_index("model")
    assert at.loc[FORECAST, "wql"] == pytest.approx(np.mean(losses))
    assert at.loc[FORECAST, "coverage_80"] == pytest.approx(np.mean(inside))
    assert at.loc["flat", "wql"] == pytest.approx(np.mean(flat))
    assert at.loc[FORECAST, "forecasts"] == len(losses) == 12
    assert set(at.index) == {FORECAST, UNCALIBRATED, "naive", "seasonal naive", "drift", "flat"}


def test_a_peer_that_misses_a_forecast_is_given_the_seasonal_naive_one():
    done = replayed(SETS[:1], **{**OPTIONS, "peers": (Flat(always=False),)})
    stood_in = [
        np.array_equal(found["flat"], found["seasonal naive"]) for each in done[0] for found in each.peers.values()
    ]
    assert any(stood_in)
    assert not all(stood_in)
    table = evaluate(SETS[:1], **{**OPTIONS, "peers": (Flat(always=False),)}).scores
    assert "flat" in set(table.loc[(table["block"] == ALL_BLOCKS) & (table["origin_year"] == ALL_YEARS), "model"])


def test_what_is_told_of_the_evaluation(made):
    evaluation, seen = made
    assert (evaluation.horizon, evaluation.step, evaluation.origins) == (12, 3, 4)
    assert seen == [(k, 6) for k in range(1, 7)]
    assert set(evaluation.scores["data_set"]) == {"shares", "production", "more", POOLED}
    assert evaluation.flags.empty  # no origin has a whole year after it among the last ten months


def test_again_is_the_same(made):
    again = evaluate(SETS, **OPTIONS).scores
    assert again.equals(made[0].scores)


def test_a_short_set_begins_after_two_years():
    short = MadeUpSet("short", ("performed",), (_counts(4).cut(FIRST + 35),))
    found = replayed([short], **{**OPTIONS, "origins": None, "step": 1})
    assert min(o for _, o in found[0][0].scales) == (FIRST + 23).ordinal
    long = replayed(SETS[1:2], **{**OPTIONS, "origins": None, "step": 3})
    assert min(o for _, o in long[0][0].scales) >= (FIRST + 35).ordinal
