"""Is a share better, worse, or within its own normal variation? One judgement for every series, for all pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import adjust, month_profile
from lagesbild.domain.xmr import WINDOW, Judgement, recent
from lagesbild.views.waits import Waits

YEAR: Final = 12
LINE_MONTHS: Final = 36  # what the small multiples show


@dataclass(frozen=True)
class Signal:
    """`share` is the last month as the viewer may see it, `line` the seasonally adjusted last `LINE_MONTHS` months
    (NaN = missing or protected), `band` normal variation around the last 24, `year_change` in fractions against the
    same month a year ago, None when either is missing. `observed` counts months since the last system change.
    `coarse`: the viewer sees the share in whole per cent or not at all; `change_coarse`: so too the change."""

    judgement: Judgement
    share: float
    line: np.ndarray
    band: tuple[float, float] | None
    year_change: float | None
    observed: int
    coarse: bool = False
    change_coarse: bool = False

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
    code = waits.areas[area].code
    out = []
    for k, region in enumerate(waits.regions):
        # a month that is left out of the country's figures is not judged either
        shown, exact = (np.where(waits.excluded[k], np.nan, s[area, k]) for s in (waits.shares, waits.exact_shares))
        masked = waits.masked(exact, code, region.code)
        out.append(signal(shown, waits.months[0], waits.rebases(code, region.code), masked, waits.coarse[area, k]))
    return out


def country_signal(waits: Waits, area: int) -> Signal:
    code = waits.areas[area].code
    # "\0" matches no region: a region's own system change does not restart the country
    masked = waits.masked(waits.exact_country_shares[area], code, "\0")
    rebases = waits.rebases(code, "\0")
    return signal(waits.country_shares[area], waits.months[0], rebases, masked, waits.country_coarse[area])


def tally(judgements: Iterable[Judgement]) -> Tally:
    found = Counter(judgements)
    return Tally(found["better"], found["worse"], found["noise"], found["short"])
