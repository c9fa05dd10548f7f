"""What would have been forecast at earlier months, from what was known then: the raw material of calibration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import adjust, month_numbers, month_profile
from lagesbild.forecast.calibration import QUANTILES, Errors
from lagesbild.forecast.fitting import Fits, replay_anchor
from lagesbild.forecast.members import MEMBERS
from lagesbild.forecast.panel import Pair
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.series import MASKED_MEASURES, Series, masked
from lagesbild.forecast.transforms import to_scale

SHARE: Final = "within_limit_share"
POOL_NAME: Final = "pool"
BASELINE_MEMBERS: Final = ("naive", "seasonal_naive")


@dataclass(frozen=True)
class Structure:
    """The share at replayed origins, what a gap is judged by; arrays over origins (k,).

    `paths` float32 (k, paths, horizon) on the model's scale; `season` (k, horizon) is what the coming months add to the
    share, by the profile known then; `now` the structural share known last, `lowest` the lowest of the year, `growth`
    of the list over three months (NaN unknown), `recent` (k, 2) the last two structural shares, `came` (k, horizon) the
    structural shares that came, NaN where not known yet. What came is judged by the profile known today: one month must
    not be under the target seen from one origin and over it seen from the next.
    """

    origin: np.ndarray
    paths: np.ndarray
    season: np.ndarray
    now: np.ndarray
    recent: np.ndarray
    lowest: np.ndarray
    growth: np.ndarray
    came: np.ndarray

    def __len__(self) -> int:
        return len(self.origin)


@dataclass(frozen=True)
class Replay:
    """Replayed forecasts of one pair: errors per measure, the structure of the share (None when it has none), and per
    measure the summed quantile loss, on the model's scale, of the pool and of each baseline, with how many months."""

    region: str
    care_area: str
    errors: dict[str, Errors]
    structure: Structure | None
    losses: dict[str, dict[str, tuple[float, int]]] = field(default_factory=dict)


def origins_of(until: Month, count: int, step: int) -> list[Month]:
    """`count` months `step` apart before `until`, oldest first; `step` 3 gives quarters' ends, which fits belong to.

    >>> [str(m) for m in origins_of(Month(2026, 10), 2, 3)]
    ['2026-06', '2026-09']
    """
    last = until - 1 if step == 1 else until - 1 - (until - 1).month % step
    return [last - step * k for k in range(count - 1, -1, -1)]


def replay(
    pair: Pair,
    measures: Sequence[str],
    origins: Sequence[Month],
    horizon: int,
    draws: Draws,
    fits: Fits,
    share_origins: Sequence[Month] = (),
    anchor: Callable[[Series], Month] = replay_anchor,
) -> Replay:
    """Forecasts of `measures` at `origins` (the share at `share_origins` too), each from the pair cut at its origin.

    `anchor` says how old the parameters are at each. An origin at which a series is too short, ended or constant is
    left out: nothing was forecast then.
    """
    errors: dict[str, Errors] = {}
    structure: Structure | None = None
    losses: dict[str, dict[str, tuple[float, int]]] = {}
    cuts = {o: pair.cut(o) for o in {*origins, *share_origins} if o >= pair.first}
    for measure in measures:
        truth = _truth(pair, measure, horizon)
        months = sorted({*origins, *share_origins} if measure == SHARE else set(origins))
        kept: list[tuple[Month, Series, np.ndarray]] = []
        asked = []
        for origin in months:
            if origin not in cuts:
                continue
            series = cuts[origin].series(measure)
            if series.refusal or series.tail or series.constant:
                continue
            asked.append((origin, series, *fits.at(series, anchor(series))))
        together = fits.forecaster.ahead_of([(series, start) for _, series, _, start in asked])
        for (origin, series, parameters, start), more in zip(asked, together, strict=True):
            known = dict(parameters)
            for member, worked_out in more.items():
                fitted = known.get(member, {})
                if fitted is not None:
                    known[member] = {**fitted, **worked_out}
            paths, _, _ = fits.forecaster.paths(series, known, start, horizon, draws)
            kept.append((origin, series, paths))
        if not kept:
            continue
        kind = kept[0][1].kind
        at = np.array([o - pair.first for o, _, _ in kept])
        came = truth[at[:, None] + 1 + np.arange(horizon)]
        errors[measure] = Errors(
            np.array([o.ordinal for o, _, _ in kept]),
            np.stack([np.quantile(p, QUANTILES, axis=0) for _, _, p in kept]),
            to_scale(came, kind),
        )
        losses[measure] = _losses(errors[measure], [(o, series) for o, series, _ in kept], set(origins), draws)
        if measure == SHARE:
            structure = _structure(pair, kept, came, at)
    return Replay(pair.region, pair.care_area, errors, structure, losses)


def _losses(
    errors: Errors, kept: list[tuple[Month, Series]], origins: set[Month], draws: Draws
) -> dict[str, tuple[float, int]]:
    """Quantile loss of the pool and of the two baselines over the same outcomes, those at `origins`."""
    out = dict.fromkeys((POOL_NAME, *BASELINE_MEMBERS), (0.0, 0))
    fewer = draws.part(0, 2)
    for k, (origin, series) in enumerate(kept):
        if origin not in origins or np.isnan(errors.actual[k]).all():
            continue
        made = {POOL_NAME: errors.quantiles[k]}
        for name in BASELINE_MEMBERS:
            paths = MEMBERS[name].paths(series, {}, errors.horizon, fewer)
            made[name] = np.quantile(paths, QUANTILES, axis=0)
        for name, quantiles in made.items():
            loss, n = pinball(quantiles, errors.actual[k])
            out[name] = (out[name][0] + loss, out[name][1] + n)
    return out


def pinball(quantiles: np.ndarray, actual: np.ndarray) -> tuple[float, int]:
    """Twice the pinball loss of seven quantiles (7, horizon), their mean summed over the known months, and how many.

    >>> pinball(np.zeros((7, 2)), np.array([1.0, np.nan]))
    (1.0, 1)
    """
    known = ~np.isnan(actual)
    levels = np.array(QUANTILES)[:, None]
    off = actual[known] - quantiles[:, known]
    return float(2 * np.maximum(levels * off, (levels - 1) * off).mean(axis=0).sum()), int(known.sum())


def _truth(pair: Pair, measure: str, horizon: int) -> np.ndarray:
    """What came, one a month, NaN where missing, masked or not yet known; long enough for every origin."""
    values = np.array(pair.values(measure), float)
    if measure in MASKED_MEASURES:
        values = masked(values, pair.first, pair.breaks, pair.region, pair.care_area)
    return np.concatenate([values, np.full(horizon, np.nan)])


def _structure(pair: Pair, kept: list[tuple[Month, Series, np.ndarray]], came: np.ndarray, at: np.ndarray) -> Structure:
    horizon = came.shape[1]
    whole = pair.series(SHARE)
    best = month_profile(whole.values, whole.first)
    months = (pair.first.month - 1 + at[:, None] + 1 + np.arange(horizon)) % 12
    waiting = pair.columns["waiting"]
    season, recent, lowest, growth = [], [], [], []
    for origin, series, _ in kept:
        profile = month_profile(series.values, series.first)
        flat = adjust(series.values, series.first, profile)
        season.append(profile[month_numbers(origin + 1, horizon)])
        recent.append(flat[-2:])
        lowest.append(float(np.nanmin(flat[-12:])))
        growth.append(list_growth(waiting[: origin - pair.first + 1]))
    seasons = np.stack(season)
    return Structure(
        origin=np.array([o.ordinal for o, _, _ in kept]),
        paths=np.stack([p for _, _, p in kept]).astype(np.float32),
        season=seasons,
        now=np.array([r[-1] for r in recent]),
        recent=np.stack(recent),
        lowest=np.array(lowest),
        growth=np.array(growth),
        came=came - best[months],
    )


def list_growth(waiting: np.ndarray) -> float:
    """Relative change of the list over three months, NaN where unknown.

    >>> round(list_growth(np.array([100.0, 104.0, 108.0, 110.0])), 3)
    0.1
    """
    if len(waiting) < 4 or not waiting[-4] > 0:
        return float("nan")
    return float(waiting[-1] / waiting[-4] - 1)
