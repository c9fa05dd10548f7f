"""Is a share better, worse, or within its own normal variation? One judgement for every series, for all pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import adjust, month_profile
from lagesbild.domain.xmr import WINDOW, Judgement, recent
from lagesbild.views.waits import State, Waits

YEAR: Final = 12
MOST_OF_ALL: Final = 0.8
LINE_MONTHS: Final = 36  # what the small multiples show


@dataclass(frozen=True)
class Signal:
    """`share` is the last month as the viewer may see it, `line` the seasonally adjusted last `LINE_MONTHS` months
    (NaN = missing or protected), `band` normal variation around the last 24, `year_change` in fractions against the
    same month a year ago, None when either is missing. `observed` counts months since the last system change.
    `coarse`: the viewer sees the share in whole per cent or not at all; `change_coarse`: so too the change. `to_all`:
    how a region's is judged on everybody's page, None where that has no number; what is counted is counted by it."""

    judgement: Judgement
    share: float
    line: np.ndarray
    band: tuple[float, float] | None
    year_change: float | None
    observed: int
    coarse: bool = False
    change_coarse: bool = False
    to_all: Judgement | None = None

    @property
    def spark(self) -> tuple[float | None, ...]:
        """The last 24 months of the line."""
        return tuple(None if np.isnan(v) else float(v) for v in self.line[-WINDOW:])


@dataclass(frozen=True)
class Tally:
    """How many series got which judgement."""

    better: int
    worse: int
    noise: int
    short: int

    @property
    def judged(self) -> int:
        return self.better + self.worse + self.noise


def signal(
    shown: np.ndarray,
    first: Month,
    rebase_at: Iterable[int],
    masked: np.ndarray,
    coarse: np.ndarray | None = None,
) -> Signal:
    """Judge a series of shares (months,) from `first`. `masked`: the shares to judge by (`Waits.exact_shares`) without
    masked months; `coarse`: where the shown ones are in whole per cent.

    Judged by shares as exact as may be, so that a viewer who may not see single months gets the same judgement, which a
    couple of dozen months settle together; the last share and the change are made of `shown` alone. Masked months are
    in the line but set neither the month profile nor limits.
    """
    rebase_at = tuple(rebase_at)
    profile = month_profile(masked, first)
    flat = adjust(shown, first, profile)
    chart = recent(adjust(masked, first, profile), rebase_at=rebase_at)
    limits = chart.limits if chart.judgement != "short" else None
    change = float(shown[-1] - shown[-1 - YEAR]) if len(shown) > YEAR else np.nan
    rough = np.zeros(len(shown), bool) if coarse is None else coarse
    return Signal(
        judgement=chart.judgement,
        share=float(shown[-1]) if len(shown) else np.nan,
        line=np.round(flat[-LINE_MONTHS:], 4),
        band=(limits.lower, limits.upper) if limits else None,
        year_change=None if np.isnan(change) else change,
        observed=int(np.isfinite(masked[max(rebase_at, default=0) :]).sum()),
        coarse=bool(len(shown) and rough[-1]),
        change_coarse=bool(len(shown) > YEAR and (rough[-1] or rough[-1 - YEAR])),
    )


def region_signals(waits: Waits, area: int) -> list[Signal]:
    """One for each leaf region, in their order."""
    out = []
    for k in range(len(waits.regions)):
        found = region_signal(waits, area, k)
        told = found if waits.to_all is waits or not waits.own[k] else region_signal(waits.to_all, area, k)
        out.append(replace(found, to_all=told.judgement if waits.to_all.state(area, k) == "" else None))
    return out


def region_signal(waits: Waits, area: int, k: int) -> Signal:
    """Of one leaf region, by its place; what is told to all of it is not asked."""
    code, region = waits.areas[area].code, waits.regions[k].code
    # a month that is left out of the country's figures is not judged either
    shown, exact = (np.where(waits.excluded[k], np.nan, s[area, k]) for s in (waits.shares, waits.exact_shares))
    masked = waits.masked(exact, code, region)
    return signal(shown, waits.months[0], waits.rebases(code, region), masked, waits.coarse[area, k])


def country_signal(waits: Waits, area: int) -> Signal:
    """The country judged by the regions that can be compared with themselves, see `comparable`; the last share is that
    of all counted regions, as everywhere else."""
    code = waits.areas[area].code
    same = waits.counted[area] & comparable(waits, area)[:, None]
    matched, coarse, judged = waits.shares_over(area, same)
    told = np.where(np.isfinite(waits.country_shares[area]), matched, np.nan)
    # "\0" matches no region: a region's own system change does not restart the country
    found = signal(told, waits.months[0], waits.rebases(code, "\0"), waits.masked(judged, code, "\0"), coarse)
    change, rough = year_change(waits, area)
    return replace(
        found,
        share=float(waits.country_shares[area, -1]) if len(told) else np.nan,
        coarse=bool(len(told) and waits.country_coarse[area, -1]),
        year_change=change,
        change_coarse=rough,
    )


def sum_state(share: float, *, coarse: bool) -> State:
    """How a sum over regions is shown, as `Waits.state`; `coarse`: it holds a small count."""
    return "" if np.isfinite(share) else "suppressed" if coarse else "missing"


def comparable(waits: Waits, area: int, months: int = WINDOW) -> np.ndarray:
    """Regions counted in the last month and in every of the last `months` months: only these are held against their
    own past, so that a region that comes or goes is no change; bool (regions,).

    When they stand for less than `MOST_OF_ALL` of those waiting they cannot speak for the country: then all that are
    counted in the last month.
    """
    counted = waits.counted[area]
    last, whole = counted[:, -1], counted[:, -min(months, counted.shape[1]) :].all(axis=1)
    waiting = np.where(last, waits.middle_waiting[area, :, -1], 0.0)
    return np.asarray(whole if waiting[whole].sum() >= MOST_OF_ALL * waiting.sum() else last)


def year_change(waits: Waits, area: int) -> tuple[float | None, bool]:
    """How the country's share differs from the same month a year ago, in fractions, over the regions counted in both,
    and whether in whole per cent only; None without such months, or when one of the shares may not be shown."""
    counted = waits.counted[area]
    if counted.shape[1] <= YEAR:
        return None, False
    both = counted[:, -1] & counted[:, -1 - YEAR]
    shares, coarse, _ = waits.shares_over(area, counted & both[:, None])
    change = float(shares[-1] - shares[-1 - YEAR])
    return None if np.isnan(change) else change, bool(coarse[-1] or coarse[-1 - YEAR])


def tally(judgements: Iterable[Judgement | None]) -> Tally:
    """None, of a series without a number, is not counted."""
    found = Counter(judgements)
    return Tally(found["better"], found["worse"], found["noise"], found["short"])
