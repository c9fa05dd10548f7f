"""Is the share within the limit better or worse than normal? The control chart behind the judgement, month by month.

The same window, limits and rules as `signals.signal`, so that the chart can never say another thing than the pages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import adjust, month_profile
from lagesbild.domain.source import Break
from lagesbild.domain.xmr import ControlChart, Judgement, recent
from lagesbild.views.chart_signals import Signal, chart_signals
from lagesbild.views.healthcare_regions import group_shares, members_of
from lagesbild.views.signals import compared_shares
from lagesbild.views.waits import Waits


@dataclass(frozen=True)
class ShareChart:
    """`frame`: the window that is judged, columns period, share (fraction as the viewer may see it), coarse
    (in whole per cent, or protected), adjusted (season
    taken out, NaN where missing), segment (int), lower, mean, upper (NaN where nothing is judged), breach ("", better,
    worse), provisional. `rebases`: changes inside it. `since`: the first of the months that end the series and break a
    rule the same way. `signals`: what broke the rules, numbered; none where nothing is judged."""

    frame: pd.DataFrame
    chart: ControlChart
    judgement: Judgement
    rebases: tuple[Break, ...]
    since: Month | None
    signals: tuple[Signal, ...]

    @property
    def observed(self) -> int:
        return self.chart.observed


def share_chart(
    waits: Waits,
    area: int,
    healthcare_region: str,
    exact: np.ndarray,
    shown: np.ndarray,
    coarse: np.ndarray,
    line: np.ndarray,
) -> ShareChart:
    """The chart of a sum over regions: the country, or a healthcare region by name ("" = the country).

    `exact` and `shown` are its shares by month, as judged and as the viewer may see them (`coarse`: in whole per cent,
    or protected); `line` is what is drawn with its season taken out: of the regions that are judged."""
    code, months = waits.areas[area].code, waits.months
    masked = waits.masked(exact, code, "\0")  # "\0" matches no region: one region's change does not restart a sum
    starts = waits.rebases(code, "\0")
    profile = month_profile(masked, months[0])
    chart = recent(adjust(masked, months[0], profile), rebase_at=starts)
    flat = adjust(line, months[0], profile)
    n = len(chart.values)
    frame = pd.DataFrame(
        {
            "period": [pd.Timestamp(m.first_day) for m in months[-n:]],
            "share": shown[-n:],
            "coarse": coarse[-n:],
            "adjusted": flat[-n:],
            "segment": 0,
            "breach": "",
            "provisional": _provisional(waits, area, healthcare_region)[-n:],
        }
    )
    for name in ("lower", "mean", "upper"):
        frame[name] = np.nan
    for k, segment in enumerate(chart.segments):
        rows = slice(segment.start, segment.stop - 1)
        frame.loc[rows, "segment"] = k
        if segment.limits and chart.judgement != "short":
            at = segment.limits
            frame.loc[rows, ["lower", "mean", "upper"]] = [max(0.0, at.lower), at.mean, min(1.0, at.upper)]
    for b in chart.breaches if chart.judgement != "short" else ():
        frame.loc[b.index, "breach"] = "better" if b.direction == "up" else "worse"
    window = set(months[-n + 1 :])
    changes = tuple(
        b for b in waits.breaks if b.kind != "mask" and not b.region and b.care_area in ("", code) and b.first in window
    )
    signals = () if chart.judgement == "short" else chart_signals(chart, months[-n:], flat[-n:])
    since = _since(frame, chart.judgement)
    frame.loc[frame["adjusted"].isna(), "breach"] = ""  # a hidden month is told nothing of
    return ShareChart(frame, chart, chart.judgement, changes, since, signals)


def country_chart(waits: Waits, area: int) -> ShareChart:
    """Judged by the regions that can be compared with themselves, as everywhere else; the share is of all counted."""
    shown = waits.country_shares[area]
    line, rough, judged = compared_shares(waits, area, shown)
    return share_chart(waits, area, "", judged, shown, waits.country_coarse[area] | rough, line)


def group_chart(waits: Waits, area: int, healthcare_region: str) -> ShareChart:
    shown, coarse, _ = group_shares(waits, area, healthcare_region)
    line, rough, judged = compared_shares(waits, area, shown, members_of(waits, healthcare_region))
    return share_chart(waits, area, healthcare_region, judged, shown, coarse | rough, line)


def _provisional(waits: Waits, area: int, healthcare_region: str) -> np.ndarray:
    mine = [k for k, r in enumerate(waits.regions) if healthcare_region in ("", r.healthcare_region)]
    return np.asarray((waits.provisional[area, mine] & waits.counted[area, mine]).any(axis=0))


def _since(frame: pd.DataFrame, judgement: Judgement) -> Month | None:
    if judgement not in ("better", "worse"):
        return None
    same = (frame["breach"] == judgement).to_numpy()
    first = len(same)
    while first and same[first - 1]:
        first -= 1
    return Month.of(frame["period"].iloc[first]) if first < len(same) else None
