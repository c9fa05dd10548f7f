"""Who waits, in every region and care area, month by month: what every page about waiting computes from.

Counts here are exact and must not be shown; `shares` is what a viewer may see of them as a share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Final, Literal

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.disclosure import agreed_share, middle_share
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Break
from lagesbild.domain.viewer import Viewer

BAND_ENDS: Final = (30, 60, 90, 120, 180, 365)  # last day of each wait band but the open one
COLUMNS: Final = ("waiting", "within_limit", *WAIT_BANDS, "excluded_patient_choice", "excluded_medical")
State = Literal["", "missing", "suppressed", "excluded", "empty"]


@dataclass(frozen=True)
class Waits:
    """`values[column]` is float (areas, regions, months), NaN = not reported; `regions` are the leaf regions.

    `others[column]` are the same in the twin (see `domain.twin`), for within_limit and waiting; they are the values
    themselves for a viewer with exact access. `provisional`, `withheld[column]` (suppressed at the source) and `hidden`
    (the same for either of the two) are bool of the same shape; `excluded` is bool (regions, months). `days` is int
    (areas, regions): the guarantee's limit at the end of the last month. `reasons` says why a region's last month is
    missing or excluded.
    `published` holds the rows of aggregate regions (the source's own national figures), never mixed with the others.
    """

    areas: tuple[CareArea, ...]
    regions: tuple[Region, ...]
    months: tuple[Month, ...]
    values: Mapping[str, np.ndarray]
    others: Mapping[str, np.ndarray]
    provisional: np.ndarray
    hidden: np.ndarray
    withheld: Mapping[str, np.ndarray]
    excluded: np.ndarray
    days: np.ndarray
    reasons: Mapping[str, str]
    breaks: tuple[Break, ...]
    published: pd.DataFrame
    all_areas: tuple[CareArea, ...]
    all_regions: tuple[Region, ...]
    sources: tuple[str, ...]
    recorded_at: datetime | None
    synthetic: bool
    viewer: Viewer

    @property
    def end(self) -> Month:
        return self.months[-1]

    def area_index(self, code: str) -> int:
        """Place of a care area; the first for "" or one that no region reports."""
        return next((k for k, a in enumerate(self.areas) if a.code == code), 0)

    def region_index(self, code: str) -> int | None:
        return next((k for k, r in enumerate(self.regions) if r.code == code), None)

    @cached_property
    def counted(self) -> np.ndarray:
        """Whether a region's month is in the country's sum; bool (areas, regions, months)."""
        told = np.isfinite(self.values["waiting"]) & np.isfinite(self.values["within_limit"])
        return np.asarray(told & ~self.excluded[None])

    @cached_property
    def summed(self) -> np.ndarray:
        """Which regions' months are added up: those counted then and in the last month; bool (areas, regions, months).

        A month in which one of them is missing is the sum of the others: shares stay comparable, counts do not.
        """
        return np.asarray(self.counted & self.counted[:, :, -1:])

    @cached_property
    def country(self) -> Mapping[str, np.ndarray]:
        """Sums over the regions counted in the last month, by column; float (areas, months), NaN where none is."""
        every = np.ones(len(self.regions), bool)
        return {column: self.sums(self.values[column], every) for column in COLUMNS}

    def sums(self, cells: np.ndarray, members: np.ndarray) -> np.ndarray:
        """Sums of `cells` (areas, regions, months) over those of `members` (regions,) that are added up; float (areas,
        months), NaN where none is and where one of them lacks the column."""
        use = self.summed & members[None, :, None]
        whole = (np.isfinite(cells) | ~use).all(axis=1) & use.any(axis=1)
        return np.where(whole, np.where(use, cells, 0.0).sum(axis=1), np.nan)

    @cached_property
    def exact_shares(self) -> np.ndarray:
        """Share waiting within the limit, to judge by and never to show; float (areas, regions, months).

        In the middle between the real country and its twin: half a person away at most, and so that no judgement tells
        them apart; of the viewer's own region the real one.
        """
        real = self._pair(self.values)
        middle = middle_share(real, self._pair(self.others))
        return np.where(self.own[None, :, None], middle_share(real, real), middle) if self.own.any() else middle

    def _pair(self, cells: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        return cells["within_limit"], cells["waiting"]

    @cached_property
    def to_all(self) -> Waits:
        """The same as everybody sees it who has no region of their own: what regions are placed and counted by."""
        return replace(self, viewer=self.viewer.everybody) if self.own.any() else self

    @cached_property
    def _agreed(self) -> tuple[np.ndarray, np.ndarray]:
        real = self._pair(self.values)
        if self.to_all is self:
            return agreed_share(real, self._pair(self.others), self.viewer)
        exact = agreed_share(real, real, self.viewer.of(self.viewer.own))
        told = self.to_all.shares, self.to_all.coarse
        shares, coarse = (np.where(self.own[None, :, None], e, a) for e, a in zip(exact, told, strict=True))
        return shares, coarse

    @cached_property
    def own(self) -> np.ndarray:
        """Which region is the viewer's own, whose shares are exact; bool (regions,)."""
        return np.array(self.viewer.mine(r.code for r in self.regions), bool)

    def told_to_all(self, area: int, region: int) -> tuple[float, bool]:
        """The region's share of the last month as everybody sees it (NaN when hidden); whether in whole per cent."""
        told = self.to_all
        return float(told.shares[area, region, -1]), bool(told.coarse[area, region, -1])

    @property
    def shares(self) -> np.ndarray:
        """The same as this viewer may see it."""
        return self._agreed[0]

    @property
    def coarse(self) -> np.ndarray:
        """Where this viewer sees the share in whole per cent only, or not at all; bool (areas, regions, months)."""
        return self._agreed[1]

    def shares_over(self, area: int, use: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of the sum over the cells in `use` (regions, months): the share as this viewer may see it, where it is in
        whole per cent or hidden, and the one to judge by; arrays (months,)."""

        def sums(cells: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
            part, whole = (np.where(use, x[area], 0.0).sum(axis=0) for x in self._pair(cells))
            return part, whole

        real, twin = sums(self.values), sums(self.others)
        return (*agreed_share(real, twin, self.viewer), middle_share(real, twin))

    @property
    def middle_waiting(self) -> np.ndarray:
        """The number waiting, half way to the twin's: to weigh and compare by, never to show."""
        return np.asarray((self.values["waiting"] + self.others["waiting"]) / 2)

    @cached_property
    def _country(self) -> tuple[np.ndarray, np.ndarray]:
        found = [self.shares_over(a, self.summed[a])[:2] for a in range(len(self.areas))]
        return tuple(np.array(x) for x in zip(*found, strict=True))  # type: ignore[return-value]

    @property
    def country_shares(self) -> np.ndarray:
        """The country's share as this viewer may see it; float (areas, months)."""
        return self._country[0]

    @property
    def country_coarse(self) -> np.ndarray:
        return self._country[1]

    def state(self, area: int, region: int) -> State:
        """How the region's last month is shown: "" as a number."""
        if self.excluded[region, -1]:
            return "excluded"
        if np.isfinite(self.shares[area, region, -1]):
            return ""
        if self.hidden[area, region, -1] or self.coarse[area, region, -1]:
            return "suppressed"
        return "empty" if self.values["waiting"][area, region, -1] == 0 else "missing"

    @property
    def hidden_pairs(self) -> frozenset[tuple[str, str]]:
        """(region, care area) whose share in the last month is hidden from the viewer."""
        return frozenset(
            (r.code, area.code)
            for a, area in enumerate(self.areas)
            for k, r in enumerate(self.regions)
            if self.state(a, k) == "suppressed"
        )

    def usual_days(self, area: int) -> int:
        """The limit that most regions have."""
        found, times = np.unique(self.days[area], return_counts=True)
        return int(found[times.argmax()])

    def covered(self, area: int | None = None) -> int:
        """Regions counted in the last month, in one care area or in any."""
        last = self.counted[:, :, -1]
        return int((last.any(axis=0) if area is None else last[area]).sum())

    def masked(self, values: np.ndarray, area: str, region: str) -> np.ndarray:
        """`values` (months,) without the months that dated masks leave out."""
        out = values.copy()
        for b in self.breaks:
            if b.kind == "mask" and b.region in ("", region) and b.care_area in ("", area):
                out[[b.first <= m and (b.last is None or m <= b.last) for m in self.months]] = np.nan
        return out

    def rebases(self, area: str, region: str) -> list[int]:
        """Indices of months at which a system or definition change starts a new series. "" = the country."""
        mine = {
            b.first for b in self.breaks if b.kind != "mask" and b.region in ("", region) and b.care_area in ("", area)
        }
        return [i for i, m in enumerate(self.months) if m in mine]
