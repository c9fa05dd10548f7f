"""Is production lower or higher than normal, or is it noise? XmR on seasonally adjusted operations a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import adjust, month_profile
from lagesbild.domain.source import Break, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.xmr import ControlChart, control_chart
from lagesbild.views.chart_signals import Signal, chart_signals
from lagesbild.views.flows import Flows
from lagesbild.views.small_counts import flow_states, hidden_in

SHOWN_MONTHS: Final = 36
BASELINE_MONTHS: Final = 24  # observed: the first two of three years, so that the last cannot hide its change
LEAST_FOR_LIMITS: Final = 12  # months; with fewer the limits themselves are noise and are not drawn


@dataclass(frozen=True)
class Rebase:
    """A system or definition change inside the chart: new limits from `month`, no judgement across it."""

    month: Month
    kind: str
    reason: str


@dataclass(frozen=True)
class ProductionChart:
    """`frame`: columns period, performed, adjusted (season taken out; both NaN where missing, masked or hidden), state
    (why performed is not shown), segment (int), lower, mean, upper (NaN where the segment is too short for limits),
    breach ("", better, worse), provisional. `since`: the first month of the signal that the last month belongs to."""

    frame: pd.DataFrame
    chart: ControlChart
    signals: tuple[Signal, ...]
    rebases: tuple[Rebase, ...]
    masks: tuple[Break, ...]
    judgement: Literal["better", "worse", "noise", "short"]
    since: Month | None

    @property
    def untold(self) -> bool:
        """Whether the last month is hidden and belongs to nothing that can be seen: then its judgement is hidden."""
        hidden = self.frame["state"].iloc[-1] in ("suppressed", "secondary")
        return bool(hidden and (not self.signals or self.signals[-1].hidden or self.since is None))

    @property
    def observed(self) -> int:
        """Months observed since the last rebase."""
        return self.chart.observed

    @property
    def baseline(self) -> int:
        """How many months the limits of the last segment were worked out from."""
        return min(BASELINE_MONTHS, self.observed)


def production_chart(flows: Flows, source: Source, viewer: Viewer) -> ProductionChart | None:
    """The control chart of performed. None when nothing is observed that may be shown.

    Judged between the real numbers and the twin's, so that a hidden month is judged with the others; it is not drawn.
    """
    viewer = flows.seen_by(viewer)
    performed = flows.total("performed")
    states = flow_states(flows, viewer, ("performed",))["performed"]
    gone = hidden_in(states)
    months = flows.months(len(performed))
    region = flows.region.code if flows.region else ""
    mine = [b for b in source.breaks() if b.region in ("", region) and b.care_area in ("", flows.care_area.code)]
    masks = tuple(b for b in mine if b.kind == "mask" and _covers(b, months[-SHOWN_MONTHS:]))
    values = performed.to_numpy(float)
    if viewer.role != "exact":
        values = (values + flows.other_total("performed").to_numpy(float)) / 2
    if not np.isfinite(np.where(gone, np.nan, values)[-SHOWN_MONTHS:]).any():
        return None
    for b in (b for b in mine if b.kind == "mask"):
        values = np.where([b.first <= m and (b.last is None or m <= b.last) for m in months], np.nan, values)
    flat = adjust(values, months[0], month_profile(values, months[0], scale="log"), scale="log")[-SHOWN_MONTHS:]
    window = months[-SHOWN_MONTHS:]
    rebases = tuple(
        Rebase(b.first, b.kind, b.reason)
        for b in sorted(mine, key=lambda b: b.first)
        if b.kind != "mask" and window[0] < b.first <= window[-1]
    )
    chart = control_chart(flat, rebase_at=[window.index(r.month) for r in rebases], baseline=BASELINE_MONTHS)
    drawn = np.where(gone[-SHOWN_MONTHS:], np.nan, flat)
    signals = chart_signals(chart, window, drawn)
    last = chart.last_breach
    ending = next((s for s in signals if last and s.last == window[-1] and s.direction == last.direction), None)
    return ProductionChart(
        frame=_frame(performed.mask(gone).iloc[-SHOWN_MONTHS:], drawn, chart, flows, states.iloc[-SHOWN_MONTHS:]),
        chart=chart,
        signals=signals,
        rebases=rebases,
        masks=masks,
        judgement=chart.judgement,
        since=ending.first if ending and chart.judgement in ("better", "worse") else None,
    )


def _covers(b: Break, months: list[Month]) -> bool:
    return b.first <= months[-1] and (b.last is None or b.last >= months[0])


def _frame(
    performed: pd.Series, flat: np.ndarray, chart: ControlChart, flows: Flows, states: pd.Series
) -> pd.DataFrame:
    frame = pd.DataFrame({"period": performed.index, "performed": performed.to_numpy(), "adjusted": flat})
    frame["segment"], frame["breach"] = 0, ""
    for name in ("lower", "mean", "upper"):
        frame[name] = np.nan
    for k, segment in enumerate(chart.segments):
        rows = slice(segment.start, segment.stop - 1)
        frame.loc[rows, "segment"] = k
        if segment.limits and np.isfinite(flat[segment.start : segment.stop]).sum() >= LEAST_FOR_LIMITS:
            at = segment.limits
            frame.loc[rows, ["lower", "mean", "upper"]] = [max(0.0, at.lower), at.mean, at.upper]
    for b in chart.breaches:
        if np.isnan(flat[b.index]):
            continue  # a hidden month is told nothing of
        frame.loc[b.index, "breach"] = "better" if b.direction == "up" else "worse"
    frame["state"] = states.to_numpy()
    frame["provisional"] = [Month.of(p) in flows.provisional for p in performed.index]
    return frame
