"""Which regions get better or worse? Three years of each region's seasonally adjusted share, and its judgement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from lagesbild.domain.care import Region
from lagesbild.domain.periods import Month, months_between
from lagesbild.views.healthcare_regions import group_signal
from lagesbild.views.signals import LINE_MONTHS, Signal, Tally, country_signal, region_signals, sum_state, tally
from lagesbild.views.waits import State, Waits


@dataclass(frozen=True)
class Line:
    """`region` None is the country, or the healthcare region `group`. `state` as in the matrix: "" has a number."""

    region: Region | None
    signal: Signal
    state: State
    provisional: bool
    coarse: bool
    reason: str
    group: str = ""


@dataclass(frozen=True)
class Trend:
    """`lines`: the country first (when there are several regions), then regions in order. `groups`: the healthcare
    regions as sums, in the order of the data. `low`..`high` is the common axis, in steps of two per cent."""

    lines: tuple[Line, ...]
    groups: tuple[Line, ...]
    months: tuple[Month, ...]
    tally: Tally
    low: float
    high: float

    @property
    def regions(self) -> tuple[Line, ...]:
        return tuple(x for x in self.lines if x.region is not None)


def wait_trend(waits: Waits, area: int) -> Trend:
    """The last `LINE_MONTHS` months, or as many as there are."""
    found = region_signals(waits, area)
    lines = [
        Line(
            region=region,
            signal=signal,
            state=waits.state(area, k),
            provisional=bool(waits.provisional[area, k, -1]),
            coarse=bool(waits.coarse[area, k, -1]),
            reason=waits.reasons.get(region.code, ""),
        )
        for k, (region, signal) in enumerate(zip(waits.regions, found, strict=True))
    ]
    if len(lines) > 1:
        whole = country_signal(waits, area)
        lines.insert(0, Line(None, whole, sum_state(whole.share, coarse=whole.coarse), False, whole.coarse, ""))
    names = dict.fromkeys(r.healthcare_region for r in waits.regions if r.healthcare_region)
    values = np.concatenate([x.signal.line for x in lines])
    values = values[np.isfinite(values)]
    low = np.floor(max(0.0, np.quantile(values, 0.002)) * 50) / 50 if len(values) else 0.0
    high = np.ceil(min(1.0, values.max()) * 50) / 50 if len(values) else 1.0
    months = months_between(waits.end - (min(LINE_MONTHS, len(waits.months)) - 1), waits.end)
    return Trend(
        lines=tuple(lines),
        groups=tuple(_group_line(waits, area, name) for name in names),
        months=tuple(months),
        tally=_tally(lines),
        low=float(low),
        high=float(max(high, low + 0.02)),
    )


def trend_of(found: Trend, healthcare_region: str) -> Trend:
    """Only a healthcare region's regions and its own line beside the country's, on the same axis."""
    lines = [x for x in found.lines if x.region is None or x.region.healthcare_region == healthcare_region]
    groups = tuple(x for x in found.groups if x.group == healthcare_region)
    return replace(found, lines=tuple(lines), groups=groups, tally=_tally(lines))


def _group_line(waits: Waits, area: int, name: str) -> Line:
    mine = [k for k, r in enumerate(waits.regions) if r.healthcare_region == name and waits.counted[area, k, -1]]
    found = group_signal(waits, area, name)
    early = any(bool(waits.provisional[area, k, -1]) for k in mine)
    return Line(None, found, sum_state(found.share, coarse=found.coarse), early, found.coarse, "", name)


def _tally(lines: Iterable[Line]) -> Tally:
    return tally(x.signal.to_all for x in lines if x.region is not None)
