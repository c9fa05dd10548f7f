"""Brokering cases of one care area over twelve months: how many were started, accepted, declined, done, found no place.

Cases are counted by home region and by the region asked: two tables that add up to the same country, in windows that
slide. What may be shown of each is in `brokering_twin`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Region, leaf_regions
from lagesbild.domain.disclosure import State
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.brokering_twin import (
    COUNTRY,
    GROUP_COLUMNS,
    HOME,
    OUTCOMES,
    TREATING,
    Groups,
    Key,
    brokering_states,
)
from lagesbild.views.flow_windows import OVERLAP, window_any, window_sums
from lagesbild.views.wait_counts import group_code

COLUMNS: Final = ("started", *OUTCOMES, "none_found")


@dataclass(frozen=True)
class Brokering:
    """`values[side, region, column]` exact, NaN = not reported; side HOME, TREATING or COUNTRY (region ""). `groups`:
    the regions of each healthcare region, by `group_code`, under which its GROUP_COLUMNS of side HOME are. Of a region
    asked, "started" are the cases it was asked about, and there is no "none_found". `days` is the handling time by
    (side, region): the mean of medians by month and place, weighted by cases; None when they are hidden.
    """

    area: CareArea
    regions: tuple[Region, ...]
    groups: Groups
    end: Month
    values: Mapping[Key, float]
    states: Mapping[Key, State]
    days: Mapping[tuple[str, str], float | None]
    provisional: tuple[Month, ...]
    sources: tuple[str, ...]
    recorded_at: datetime
    synthetic: bool

    @property
    def first(self) -> Month:
        return self.end - OVERLAP

    def shown(self, side: str, region: str, column: str) -> float | None:
        key = (side, region, column)
        return self.values[key] if self.states[key] == "" else None

    def reported(self, column: str) -> bool:
        """Whether any region has the column."""
        return any(k[2] == column and s != "missing" for k, s in self.states.items())


def brokering(source: Source, area: CareArea, selection: Selection, viewer: Viewer) -> Brokering | None:
    """Twelve months to the chosen month, or to the last that cases are reported for. None with fewer months."""
    regions = tuple(leaf_regions(source.regions()))
    codes = [r.code for r in regions]
    rows = _rows(source, area, selection, codes)
    if rows.empty:
        return None
    first, last = Month.of(rows["period"].min()), Month.of(rows["period"].max())
    end = min(selection.month, last) if selection.month else last
    if end - OVERLAP < first:
        return None
    months = months_between(first, last)
    groups = healthcare_regions(regions)
    keys = _keys(codes, groups)
    monthly, hidden = _monthly(rows, keys, months, groups)
    sums, gone = window_sums(monthly), window_any(hidden)
    at = end - first - OVERLAP
    values = dict(zip(keys, sums[at].tolist(), strict=True))
    states = brokering_states(dict(zip(keys, monthly.T, strict=True)), codes, at + OVERLAP, viewer, groups)
    current = getattr(source, "current", None)
    now = None if current is None else brokering(current, area, selection.with_(as_of=None, month=end), viewer)
    if now is not None and now.end == end:  # what is hidden now was hidden then
        hidden_now = {k for k, s in now.states.items() if s in ("suppressed", "secondary")}
        states |= {k: "secondary" for k, s in states.items() if not s and k in hidden_now}
    if viewer.own:
        seen = brokering_states(
            dict(zip(keys, monthly.T, strict=True)), codes, at + OVERLAP, viewer.of(viewer.own), groups
        )
        states |= {k: s for k, s in seen.items() if k[1] == viewer.own}
    states |= {k: "secondary" for k, h in zip(keys, gone[at], strict=True) if h}
    mine = rows[rows["period"].between(_stamp(end - OVERLAP), _stamp(end))]
    return Brokering(
        area=area,
        regions=regions,
        groups=groups,
        end=end,
        values=values,
        states=states,
        days={
            (s, c): _days(mine, s, groups.get(c, (c,))) if states[s, c, "started"] == "" else None
            for s, c, x in keys
            if x == "started"
        },
        provisional=tuple(sorted({Month.of(p) for p in mine.loc[mine["value_status"] == "provisional", "period"]})),
        sources=tuple(sorted(set(mine["source"]))),
        recorded_at=rows["recorded_at"].max(),
        synthetic=bool(rows["synthetic"].astype(bool).any()),
    )


def monthly_cases(
    source: Source, area: CareArea, selection: Selection
) -> tuple[dict[Key, np.ndarray], list[Month], Groups] | None:
    """Counts by month of every key, the months, and the healthcare regions; None without a case."""
    regions = leaf_regions(source.regions())
    codes, groups = [r.code for r in regions], healthcare_regions(regions)
    rows = _rows(source, area, selection, codes)
    if rows.empty:
        return None
    months = months_between(Month.of(rows["period"].min()), Month.of(rows["period"].max()))
    keys = _keys(codes, groups)
    return dict(zip(keys, _monthly(rows, keys, months, groups)[0].T, strict=True)), months, groups


def healthcare_regions(regions: Sequence[Region]) -> Groups:
    """Those whose sums are told, in the order of their regions, by `group_code`: a region shared by two is summed in
    its first. None where there is one alone, or every one is a region."""
    out: dict[str, list[str]] = {}
    for r in regions:
        if r.healthcare_region:
            out.setdefault(group_code(r.healthcare_region), []).append(r.code)
    return {g: tuple(codes) for g, codes in out.items()} if 1 < len(out) < len(regions) else {}


def _rows(source: Source, area: CareArea, selection: Selection, codes: Sequence[str]) -> pd.DataFrame:
    """All months there are, whatever month is chosen: what may be shown of a window must not hang on it."""
    rows = source.facts("brokering", Query(care_areas=(area.code,), as_of=selection.as_of))
    return rows[rows["home_region"].isin(codes) & rows["treating_region"].isin([*codes, ""])]


def _stamp(month: Month) -> pd.Timestamp:
    return pd.Timestamp(month.first_day)


def _keys(codes: Sequence[str], groups: Groups) -> list[Key]:
    out: list[Key] = [(HOME, c, x) for c in codes for x in COLUMNS]
    out += [(HOME, g, x) for g in groups for x in GROUP_COLUMNS]
    out += [(TREATING, c, x) for c in codes for x in ("started", *OUTCOMES)]
    # "asked" are the cases that some region was asked about
    return [*out, *((COUNTRY, "", x) for x in (*COLUMNS, "asked"))]


def _monthly(
    rows: pd.DataFrame, keys: Sequence[Key], months: Sequence[Month], groups: Groups
) -> tuple[np.ndarray, np.ndarray]:
    """Counts and whether the source hides one of them, (months, keys).

    Zero where no case is told of; NaN in months without any row, and for columns that nobody reports.
    """
    place = {k: i for i, k in enumerate(keys)}
    out, hidden = np.zeros((len(months), len(keys))), np.zeros((len(months), len(keys)), bool)
    when = (rows["period"].dt.year * 12 + rows["period"].dt.month - 1 - months[0].ordinal).to_numpy(int)
    out[~np.isin(np.arange(len(months)), when)] = np.nan
    veiled = [frozenset(d) if isinstance(d, dict) else frozenset() for d in rows["suppressed"]]
    nowhere = (rows["treating_region"] == "").to_numpy()
    for column in ("started", *OUTCOMES):
        cells = rows[column].to_numpy(float)
        if not np.isfinite(cells).any():
            for key, i in place.items():
                if key[2] == column or (column == "started" and key[2] in ("none_found", "asked")):
                    out[:, i] = np.nan
            continue
        gone = np.array([column in v for v in veiled], bool)
        for side, code, name, use in _destinations(rows, column, nowhere, groups):
            at = np.array([place.get((side, c, name), -1) for c in code])[use]
            np.add.at(out, (when[use], at), cells[use])
            np.logical_or.at(hidden, (when[use], at), gone[use])
    return out, hidden


def _destinations(
    rows: pd.DataFrame, column: str, nowhere: np.ndarray, groups: Groups
) -> list[tuple[str, list[str], str, np.ndarray]]:
    """Every sum that a row's count goes into: side, place of each row, column, and which rows."""
    everyone, n = np.ones(len(rows), bool), len(rows)
    home, asked = rows["home_region"].tolist(), rows["treating_region"].tolist()
    out = [(HOME, home, column, everyone), (TREATING, asked, column, ~nowhere), (COUNTRY, [""] * n, column, everyone)]
    if column == "started":
        out.append((HOME, home, "none_found", nowhere))
        out.append((COUNTRY, [""] * n, "none_found", nowhere))
        out.append((COUNTRY, [""] * n, "asked", ~nowhere))
    if column in GROUP_COLUMNS:
        group_of = {code: g for g, codes in groups.items() for code in codes}
        wholes = [group_of.get(c, "") for c in home]
        out.append((HOME, wholes, column, np.array([w != "" for w in wholes], bool)))
    return out


def _days(rows: pd.DataFrame, side: str, codes: Sequence[str]) -> float | None:
    """Mean of the rows' medians, weighted by cases started, of the regions `codes` on the side; COUNTRY has all."""
    if side != COUNTRY:
        rows = rows[rows["home_region" if side == HOME else "treating_region"].isin(list(codes))]
    days, cases = rows["handling_days_median"].to_numpy(float), rows["started"].to_numpy(float)
    use = np.isfinite(days) & np.isfinite(cases) & (cases > 0)
    return float(np.average(days[use], weights=cases[use])) if use.any() else None
