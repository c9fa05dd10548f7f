"""What does the country itself publish? Totals that no region reports, never mixed with sums over regions."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.xmr import MIN_MONTHS, WINDOW
from lagesbild.views.waits import Waits


@dataclass(frozen=True)
class Total:
    """Waiting in an aggregate region: the latest month and the line to it (None = missing)."""

    area: CareArea
    region: Region
    end: Month
    waiting: float
    line: tuple[float | None, ...]
    first: Month
    observed: int
    source: str
    synthetic: bool

    @property
    def too_short(self) -> bool:
        return self.observed < MIN_MONTHS


def published_totals(waits: Waits) -> list[Total]:
    """One per care area that only an aggregate region has, the widest (kind other) first."""
    own = {a.code for a in waits.areas}
    regions = {r.code: r for r in waits.all_regions}
    out = []
    for area in sorted(waits.all_areas, key=lambda a: (a.kind != "other", a.sort_order, a.code)):
        rows = waits.published[waits.published["care_area"] == area.code]
        if area.code in own or rows.empty:
            continue
        code = str(rows["region"].iloc[0])
        series = rows[rows["region"] == code].set_index("period")["waiting"].sort_index().dropna()
        if series.empty:
            continue
        end = series.index[-1]
        window = pd.date_range(max(series.index[0], end - pd.DateOffset(months=WINDOW - 1)), end, freq="MS")
        line = series.reindex(window)
        out.append(
            Total(
                area=area,
                region=regions[code],
                end=Month.of(end),
                waiting=float(series.iloc[-1]),
                line=tuple(None if pd.isna(v) else float(v) for v in line),
                first=Month.of(window[0]),
                observed=len(series),
                source=str(rows["source"].iloc[-1]),
                synthetic=bool(rows["synthetic"].astype(bool).any()),
            )
        )
    return out
