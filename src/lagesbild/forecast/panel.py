"""The facts of all regions and care areas on one grid of months: read once, cut at any month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import MIN_OBSERVED
from lagesbild.domain.source import Break
from lagesbild.forecast.series import Series, prepare

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "waits": ("waiting", "within_limit", "waiting_0_30", "waiting_31_60", "waiting_61_90", "not_brokerable"),
    "production": ("added", "performed", "removed_other", "performed_within_limit"),
    "capacity": ("capacity", "committed"),
}


BAND_COLUMNS: Final = ("waiting_0_30", "waiting_31_60", "waiting_61_90")
COHORT_MEASURES: Final = ("waiting", "within_limit_share")
DEFAULT_LIMIT: Final = 90
ROUNDING: Final = 2.0  # patients by which bands may miss their sum, as in the import


@dataclass(frozen=True)
class Pair:
    """One region and care area. `columns` holds one value a month from `first` to the run's last month, NaN where
    missing; `hidden` counts, per column, the months given as "<n" that are taken as n / 2."""

    region: str
    care_area: str
    first: Month
    columns: Mapping[str, np.ndarray]
    breaks: Sequence[Break] = ()
    hidden: Mapping[str, int] = field(default_factory=dict)
    limit_days: int = DEFAULT_LIMIT  # the guarantee in the last month

    @property
    def months(self) -> int:
        return len(self.columns["waiting"])

    @property
    def until(self) -> Month:
        return self.first + (self.months - 1)

    def values(self, measure: str) -> np.ndarray:
        """A measure one a month, NaN where missing. There is no share of nobody: NaN where the list is empty."""
        if measure != "within_limit_share":
            return self.columns[measure]
        waiting, within = self.columns["waiting"], self.columns["within_limit"]
        share = np.full(len(waiting), np.nan)
        np.divide(within, waiting, out=share, where=waiting > 0)
        return np.asarray(np.minimum(share, 1.0))

    def series(self, measure: str) -> Series:
        """The measure made ready for a model."""
        of = ("within_limit", "waiting") if measure == "within_limit_share" else (measure,)
        hidden = max((self.hidden.get(c, 0) for c in of), default=0)
        notes = [f"Dolda tal (”färre än”) är räknade som hälften i {_months(hidden)}."] if hidden else []
        series = prepare(
            self.values(measure),
            self.first,
            self.breaks,
            region=self.region,
            care_area=self.care_area,
            measure=measure,
            notes=notes,
            bands=self.bands if measure in COHORT_MEASURES else None,
        )
        told = max(0, series.observed - hidden)
        if hidden and not series.refusal and told < MIN_OBSERVED:
            why = f"Ingen prognos: tal som inte är dolda finns för {_months(told)}, och minst {MIN_OBSERVED} behövs."
            return replace(series, refusal=why)
        return series

    @cached_property
    def bands(self) -> np.ndarray | None:
        """Waiting 0-30, 31-60, 61-90 and over 90 days, (n, 4); None unless the limit is 90 days: those within it must
        be the first three bands together in every month that has them."""
        first = np.stack([self.columns[b] for b in BAND_COLUMNS], axis=1)
        waiting, within = self.columns["waiting"], self.columns["within_limit"]
        known = ~np.isnan(first).any(axis=1) & ~np.isnan(waiting) & ~np.isnan(within)
        if known.sum() < MIN_OBSERVED or (np.abs(first.sum(axis=1) - within)[known] > ROUNDING).any():
            return None
        over = np.where(known, np.maximum(0.0, waiting - within), np.nan)
        return np.column_stack([np.where(known[:, None], first, np.nan), over])

    def moved(self, more: Mapping[str, np.ndarray]) -> Pair:
        """The same with other counts: `more` is what to add, column -> (months,). What is missing stays so."""
        return replace(self, columns={name: v + more[name] if name in more else v for name, v in self.columns.items()})

    def cut(self, until: Month) -> Pair:
        """What was known of it in an earlier month: values up to `until`, breaks that had begun by then."""
        stop = max(0, until - self.first + 1)
        columns = {name: values[:stop] for name, values in self.columns.items()}
        return Pair(
            self.region,
            self.care_area,
            self.first,
            columns,
            [b for b in self.breaks if b.first <= until],
            limit_days=self.limit_days,
        )


def _months(n: int) -> str:
    return "1 månad" if n == 1 else f"{n} månader"


@dataclass(frozen=True)
class Panel:
    """Columns as float arrays (regions, care areas, months) from `first`; NaN where nothing was reported."""

    regions: Sequence[str]
    care_areas: Sequence[str]
    first: Month
    columns: Mapping[str, np.ndarray]
    hidden: Mapping[str, np.ndarray]  # bool, True where the value is half of a "<n"
    breaks: Sequence[Break]
    limits: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (region, care area) -> days

    def pairs(self, until: Month) -> list[Pair]:
        """Every pair that has ever reported a list or production up to `until`, as known data cut at that month."""
        stop = max(0, until - self.first + 1)
        out = []
        for i, region in enumerate(self.regions):
            for j, area in enumerate(self.care_areas):
                cut = {name: grid[i, j, :stop] for name, grid in self.columns.items()}
                if any(not np.isnan(cut[c]).all() for c in ("waiting", "performed", "added")):
                    hidden = {n: int(k) for n, g in self.hidden.items() if (k := g[i, j, :stop].sum())}
                    # a break that begins after the cut was not known then
                    known = [b for b in self.breaks if b.first <= until]
                    limit = self.limits.get((region, area), DEFAULT_LIMIT)
                    out.append(Pair(region, area, self.first, cut, known, hidden, limit))
        return out


def panel_of(
    frames: Mapping[str, pd.DataFrame],
    *,
    regions: Sequence[str],
    care_areas: Sequence[str],
    until: Month,
    breaks: Sequence[Break],
    limits: Mapping[tuple[str, str], int] | None = None,
) -> Panel:
    """Put the facts of `frames` (dataset -> rows as `Source.facts` gives them) on one grid ending at `until`.

    Rows of other regions, care areas or later months are left out. Of `capacity` a region's own row counts; where there
    is none, the sum of its providers' rows does.
    """
    used = {name: _wanted(frame, regions, care_areas, until) for name, frame in frames.items()}
    starts = [f["period"].min() for f in used.values() if len(f)]
    first = Month.of(min(starts)) if starts else until
    shape = (len(regions), len(care_areas), until - first + 1)
    columns: dict[str, np.ndarray] = {}
    hidden: dict[str, np.ndarray] = {}
    for dataset, names in COLUMNS.items():
        frame = used.get(dataset, pd.DataFrame())
        if dataset == "capacity" and len(frame):
            frame = _region_totals(frame, names)
        where = _cells(frame, regions, care_areas, first) if len(frame) else ()
        for name in names:
            grid, mask = np.full(shape, np.nan), np.zeros(shape, bool)
            if len(frame):
                grid[where] = frame[name].to_numpy(float)
                at, halves = _halves(frame, name)
                cells = tuple(index[at] for index in where)
                grid[cells], mask[cells] = halves, True
            columns[name], hidden[name] = grid, mask
    return Panel(regions, care_areas, first, columns, hidden, breaks, limits or {})


def _wanted(frame: pd.DataFrame, regions: Sequence[str], care_areas: Sequence[str], until: Month) -> pd.DataFrame:
    keep = frame["region"].isin(regions) & frame["care_area"].isin(care_areas)
    keep &= frame["period"] <= pd.Timestamp(until.first_day)
    return frame[keep]


def _region_totals(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    key = ["period", "region", "care_area"]
    own = frame[frame["provider"] == ""]
    parts = frame[frame["provider"] != ""]
    if parts.empty:
        return own
    summed = parts.groupby(key, as_index=False)[list(names)].sum(min_count=1).assign(suppressed=None)
    both = pd.concat([own[[*key, *names, "suppressed"]], summed], ignore_index=True)
    return both.drop_duplicates(key, keep="first")


def _cells(
    frame: pd.DataFrame, regions: Sequence[str], care_areas: Sequence[str], first: Month
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    region = pd.Index(regions).get_indexer(pd.Index(frame["region"]))
    area = pd.Index(care_areas).get_indexer(pd.Index(frame["care_area"]))
    period = frame["period"].dt
    month = (period.year * 12 + period.month - 1 - first.ordinal).to_numpy()
    return region, area, month


def _halves(frame: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows where a column was given as "<n", and n / 2: a small list is better half known than missing."""
    at, halves = [], []
    for i, cells in enumerate(frame["suppressed"]):
        if isinstance(cells, Mapping) and name in cells:
            at.append(i)
            halves.append(float(cells[name]) / 2)
    return np.array(at, int), np.array(halves, float)
