"""Which regions get better or worse? Three years of each region's seasonally adjusted share, and its judgement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lagesbild.domain.care import Region
from lagesbild.domain.periods import Month, months_between
from lagesbild.views.signals import LINE_MONTHS, Signal, Tally, country_signal, region_signals, tally
from lagesbild.views.waits import State, Waits


@dataclass(frozen=True)
class Line:
    """`region` None is the country. `state` as in the status matrix: "" has a number."""

    region: Region | None
    signal: Signal
    state: State
    provisional: bool
    coarse: bool
    reason: str


@dataclass(frozen=True)
class Trend:
    """`lines`: the country first (when there are several regions), then regions in order. `low`..`high` is the common
    axis, in steps of two per cent."""

    lines: tuple[Line, ...]
    months: tuple[Month, ...]
    tally: Tally
    low: float
    high: float


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
        state: State = "" if np.isfinite(whole.share) else "missing"
        lines.insert(0, Line(None, whole, state, False, whole.coarse, ""))
    values = np.concatenate([x.signal.line for x in lines])
    values = values[np.isfinite(values)]
    low = np.floor(max(0.0, np.quantile(values, 0.002)) * 50) / 50 if len(values) else 0.0
    high = np.ceil(min(1.0, values.max()) * 50) / 50 if len(values) else 1.0
    months = months_between(waits.end - (min(LINE_MONTHS, len(waits.months)) - 1), waits.end)
    return Trend(
        lines=tuple(lines),
        months=tuple(months),
        tally=tally(x.signal.judgement for x in lines if x.region is not None and not x.state),
        low=float(low),
        high=float(max(high, low + 0.02)),
    )
