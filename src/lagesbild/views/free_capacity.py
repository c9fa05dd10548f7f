"""Where is capacity free, and does it suffice for what is missing?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Provider, Region
from lagesbild.domain.periods import WEEKS_PER_MONTH

NEAR_KM: Final = 500  # 50 mil: further away nobody is sent for planned care, so it is not "nearby"
MOST_NAMED: Final = 2
_EARTH_KM: Final = 6371.0


@dataclass(frozen=True)
class Near:
    """A region with free capacity; `per_month` whole operations, `km` to it, None when places are not known."""

    region: Region
    per_month: int
    km: float | None


@dataclass(frozen=True)
class Need:
    """What open and expected gaps of a care area lack for an 80 % chance, one (per week, brokerable share) each, and
    the free capacity per week of `reporting` regions (None when nobody reports)."""

    care_area: CareArea
    lacking: tuple[tuple[float, float | None], ...]
    free_per_week: float | None
    reporting: int

    @property
    def gaps(self) -> int:
        return len(self.lacking)

    def amount(self, unit: str) -> int:
        """Whole operations per week or month: the sum of what the list says gap by gap."""
        return sum(whole(n, unit) for n, _ in self.lacking)

    def brokerable(self, unit: str) -> int | None:
        """The part of `amount` that can be done in another region; None when some gap does not say."""
        if any(share is None for _, share in self.lacking):
            return None
        return sum(brokerable_part(whole(n, unit), share or 0.0) for n, share in self.lacking)

    def free(self, unit: str) -> int | None:
        """Whole free operations per week or month; None when nobody reports."""
        return None if self.free_per_week is None else int(whole_free(in_unit(self.free_per_week, unit)))

    def suffices(self, unit: str) -> bool | None:
        """Whether the free capacity covers the whole need, in the whole operations that stand beside the judgement;
        None when it is not known or nothing is missing."""
        free = self.free(unit)
        return None if free is None or not self.gaps else free >= self.amount(unit)


def whole(per_week: float, unit: str) -> int:
    """Operations per week or month as a whole number, rounded up: half an operation closes no gap.

    >>> whole(1.2, "week"), whole(1.2, "month"), whole(0.0, "week")
    (2, 6, 0)
    """
    return int(np.ceil(round(in_unit(per_week, unit), 6)))


def whole_free(amount: float) -> float:
    """Free operations as a whole number, rounded down: nobody can be sent to a part of one. NaN where not known. What
    is 0.000001 or less from the next whole number is that number, and was only counted with floats.

    >>> whole_free(6.83), whole_free(6.5), whole_free(6.9999999999)
    (6.0, 6.0, 7.0)
    """
    return float(np.floor(round(amount, 6)))


def in_unit(per_week: float, unit: str) -> float:
    """The same amount per week or month, not rounded."""
    return per_week * (WEEKS_PER_MONTH if unit == "month" else 1)


def brokerable_part(amount: int, share: float) -> int:
    """How many of `amount` can be done elsewhere, rounded down.

    >>> brokerable_part(5, .7)
    3
    """
    return int(amount * share + 1e-9)


def _lacking(row: Mapping[Any, Any]) -> tuple[float, float | None]:
    share = row["brokerable_share"]
    return float(row["extra_per_week_to_target"]), None if pd.isna(share) else float(share)


def needs(gaps: pd.DataFrame, areas: Sequence[CareArea]) -> tuple[Need, ...]:
    """Need against free capacity for each care area; `gaps`: rows of the gaps table at one target."""
    out = []
    by_area = dict(iter(gaps.groupby("care_area")))  # not sought for each of 3 000: 2 s
    for area in areas:
        rows = by_area.get(area.code, gaps.iloc[:0])
        lacking = rows[
            rows["status"].isin(["open", "expected"]) & np.isfinite(rows["extra_per_week_to_target"].astype(float))
        ]
        free = rows["free_per_month"].dropna()
        out.append(
            Need(
                care_area=area,
                lacking=tuple(_lacking(r) for r in lacking.to_dict("records")),
                free_per_week=float(free.sum()) / WEEKS_PER_MONTH if len(free) else None,
                reporting=len(free),
            )
        )
    return tuple(out)


def free_operations(gaps: pd.DataFrame) -> dict[str, list[tuple[str, int]]]:
    """By care area, who has at least one free operation a month and how many, of `gaps`, rows at one target. Regions
    that are under the target themselves are left out."""
    rows = gaps[(gaps["status"] != "open") & gaps["free_per_month"].notna()]
    out: dict[str, list[tuple[str, int]]] = {}
    for area, region, free in zip(
        rows["care_area"], rows["region"], map(whole_free, rows["free_per_month"]), strict=True
    ):
        if free >= 1:
            out.setdefault(str(area), []).append((str(region), int(free)))
    return out


def nearest_free(free: Sequence[tuple[str, int]], home: Region, regions: Mapping[str, Region]) -> tuple[Near, ...]:
    """The nearest regions of those with `free` operations in a care area (see `free_operations`), nearest first.

    Without coordinates: those with most free.
    """
    found = [Near(regions[c], n, distance_km(home, regions[c])) for c, n in free if c != home.code]
    close = [n for n in found if n.km is None or n.km <= NEAR_KM]
    return tuple(sorted(close, key=lambda n: (n.km if n.km is not None else 0.0, -n.per_month))[:MOST_NAMED])


def distance_km(a: Region | Provider, b: Region | Provider) -> float | None:
    """Great-circle distance in km between two points, by the haversine formula (Sinnott, Sky and Telescope 1984) on a
    sphere of the mean radius; within 0.5 % of the ellipsoid. None when one has no coordinates.

    >>> round(distance_km(Region("a", "", "", lat=59.33, lon=18.07), Region("b", "", "", lat=57.71, lon=11.97)))
    397
    """
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    p, q = radians(a.lat), radians(b.lat)
    h = sin((q - p) / 2) ** 2 + cos(p) * cos(q) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(h))
