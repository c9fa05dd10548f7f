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
from lagesbild.views.waits import Waits

YEAR: Final = 12
MOST_OF_ALL: Final = 0.8
LINE_MONTHS: Final = 36  # what the small multiples show


@dataclass(frozen=True)
class Signal:
    """`share` is the last month as the viewer may see it, `line` the seasonally adjusted last `LINE_MONTHS` months
    (NaN = missing or protected), `band` normal variation around the last 24, `year_change` in fractions against the
    same month a year ago, None when either is missing. `observed` counts months since the last system change."""

    judgement: Judgement
    share: float
    line: np.ndarray
    band: tuple[float, float] | None
    year_change: float | None
    observed: int

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


def signal(shown: np.ndarray, first: Month, rebase_at: Iterable[int], masked: np.ndarray) -> Signal:
    """Judge a series of shares (months,) from `first`. `masked`: the exact shares without masked months.

    Judged by exact shares, so that a viewer who may not see single months gets the same judgement, which a couple of
    dozen months settle together; the line, the last share and the change are made of `shown` alone. Masked months are
    in the line but set neither the month profile nor limits.
    """
    rebase_at = tuple(rebase_at)
    profile = month_profile(masked, first)
    flat = adjust(shown, first, profile)
    chart = recent(adjust(masked, first, profile), rebase_at=rebase_at)
    limits = chart.limits if chart.judgement != "short" else None
    change = float(shown[-1] - shown[-1 - YEAR]) if len(shown) > YEAR else np.nan
    return Signal(
        judgement=chart.judgement,
        share=float(shown[-1]) if len(shown) else np.nan,
        line=np.round(flat[-LINE_MONTHS:], 4),
        band=(limits.lower, limits.upper) if limits else None,
        year_change=None if np.isnan(change) else change,
        observed=int(np.isfinite(masked[max(rebase_at, default=0) :]).sum()),
    )


def region_signals(waits: Waits, area: int) -> list[Signal]:
    """One for each leaf region, in their order."""
    code = waits.areas[area].code
    out = []
    for k, region in enumerate(waits.regions):
        # a month that is left out of the country's figures is not judged either
        shown, exact = (np.where(waits.excluded[k], np.nan, s[area, k]) for s in (waits.shares, waits.exact_shares))
        masked = waits.masked(exact, code, region.code)
        out.append(signal(shown, waits.months[0], waits.rebases(code, region.code), masked))
    return out


def country_signal(waits: Waits, area: int) -> Signal:
    """The country judged by the regions that can be compared with themselves, see `comparable`; the last share is that
    of all counted regions, as everywhere else."""
    code = waits.areas[area].code
    values = waits.country_shares[area]
    same = comparable(waits, area)
    matched = shares_of(waits, area, same)
    # a line of fewer regions beside the country's own share would tell of a protected region that only one of them has
    told = np.where(np.isfinite(values), matched, np.nan) if _may_be_told(waits, area, same) else values
    # "\0" matches no region: a region's own system change does not restart the country
    masked = waits.masked(matched, code, "\0")
    found = signal(told, waits.months[0], waits.rebases(code, "\0"), masked)
    return replace(found, share=float(values[-1]) if len(values) else np.nan, year_change=year_change(waits, area))


def comparable(waits: Waits, area: int, months: int = WINDOW) -> np.ndarray:
    """Regions counted in the last month and in every of the last `months` months: only these are held against their
    own past, so that a region that comes or goes is no change; bool (regions,).

    When they stand for less than `MOST_OF_ALL` of those waiting they cannot speak for the country: then all that are
    counted in the last month.
    """
    counted = waits.counted[area]
    last, whole = counted[:, -1], counted[:, -min(months, counted.shape[1]) :].all(axis=1)
    waiting = np.where(last, waits.values["waiting"][area, :, -1], 0.0)
    return np.asarray(whole if waiting[whole].sum() >= MOST_OF_ALL * waiting.sum() else last)


def shares_of(waits: Waits, area: int, regions: np.ndarray) -> np.ndarray:
    """Share within the limit over `regions` (bool array) together, months in which one is missing being the others';
    float (months,)."""
    use = waits.counted[area] & regions[:, None]
    within, waiting = (
        np.where(use, waits.values[c][area], 0.0).sum(axis=0, dtype=float) for c in ("within_limit", "waiting")
    )
    shares: np.ndarray = np.divide(within, waiting, out=np.full(len(waiting), np.nan), where=waiting > 0)
    return shares


def year_change(waits: Waits, area: int) -> float | None:
    """How the country's share differs from the same month a year ago, in fractions, over the regions counted in both;
    None without such months, or when the comparison would tell of a protected region."""
    counted = waits.counted[area]
    if counted.shape[1] <= YEAR:
        return None
    both = counted[:, -1] & counted[:, -1 - YEAR]
    if not both.any() or not _may_be_told(waits, area, both):
        return None
    shares = shares_of(waits, area, both)
    return float(shares[-1] - shares[-1 - YEAR])


def _may_be_told(waits: Waits, area: int, regions: np.ndarray) -> bool:
    """Whether a share over these regions can stand beside the one over all: when they are all, or none is protected."""
    left_out = waits.counted[area, :, -1] & ~regions
    return not left_out.any() or not waits.coarse[area].any()


def tally(judgements: Iterable[Judgement]) -> Tally:
    found = Counter(judgements)
    return Tally(found["better"], found["worse"], found["noise"], found["short"])
