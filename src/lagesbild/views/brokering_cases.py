"""Brokering cases of one care area, month by month: the sums by home region, by the region asked, of healthcare regions
and of the country that `brokering` tells of in windows of twelve months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Region, leaf_regions
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source
from lagesbild.views.brokering_twin import COUNTRY, GROUP_COLUMNS, HOME, OUTCOMES, TREATING, Groups, Key
from lagesbild.views.flow_windows import OVERLAP, window_any, window_sums
from lagesbild.views.wait_counts import group_code

COLUMNS: Final = ("started", *OUTCOMES, "none_found")


@dataclass(frozen=True)
class Cases:
    """All cases of a care area that there are, read once for every window. `monthly` float (months, keys), `hidden`
    bool the same: see `_monthly`; `sums` and `gone` are theirs over twelve months, (windows, keys)."""

    area: CareArea
    regions: tuple[Region, ...]
    groups: Groups
    rows: pd.DataFrame
    months: tuple[Month, ...]
    keys: tuple[Key, ...]
    monthly: np.ndarray
    hidden: np.ndarray
    now: Cases | None = None

    @property
    def codes(self) -> list[str]:
        return [r.code for r in self.regions]

    @cached_property
    def columns(self) -> dict[Key, np.ndarray]:
        """Counts by month of every key."""
        return dict(zip(self.keys, self.monthly.T, strict=True))

    @cached_property
    def sums(self) -> np.ndarray:
        return window_sums(self.monthly)

    @cached_property
    def gone(self) -> np.ndarray:
        return window_any(self.hidden)

    def end(self, month: Month | None) -> Month | None:
        """Last month of the window that is shown when `month` is chosen; None when it has fewer than twelve."""
        end = min(month, self.months[-1]) if month else self.months[-1]
        return None if end - OVERLAP < self.months[0] else end


def read_cases(source: Source, area: CareArea, as_of: datetime | None = None) -> Cases | None:
    """None without a case. Of an earlier state also the cases of `now`: what is hidden now was hidden then."""
    regions = tuple(leaf_regions(source.regions()))
    codes = [r.code for r in regions]
    rows = _rows(source, area, as_of, codes)
    if rows.empty:
        return None
    months = tuple(months_between(Month.of(rows["period"].min()), Month.of(rows["period"].max())))
    groups = healthcare_regions(regions)
    keys = tuple(_keys(codes, groups))
    current = getattr(source, "current", None)
    now = None if current is None else read_cases(current, area)
    return Cases(area, regions, groups, rows, months, keys, *_monthly(rows, keys, months, groups), now)


def monthly_cases(
    source: Source, area: CareArea, selection: Selection
) -> tuple[dict[Key, np.ndarray], list[Month], Groups] | None:
    """Counts by month of every key, the months, and the healthcare regions; None without a case."""
    cases = read_cases(source, area, selection.as_of)
    return None if cases is None else (cases.columns, list(cases.months), cases.groups)


def healthcare_regions(regions: Sequence[Region]) -> Groups:
    """Those whose sums are told, in the order of their regions, by `group_code`: a region shared by two is summed in
    its first. None where there is one alone, or every one is a region."""
    out: dict[str, list[str]] = {}
    for r in regions:
        if r.healthcare_region:
            out.setdefault(group_code(r.healthcare_region), []).append(r.code)
    return {g: tuple(codes) for g, codes in out.items()} if 1 < len(out) < len(regions) else {}


def _rows(source: Source, area: CareArea, as_of: datetime | None, codes: Sequence[str]) -> pd.DataFrame:
    """All months there are, whatever month is chosen: what may be shown of a window must not hang on it."""
    rows = source.facts("brokering", Query(care_areas=(area.code,), as_of=as_of))
    return rows[rows["home_region"].isin(codes) & rows["treating_region"].isin([*codes, ""])]


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
