"""Within how many days must care be given: the care area's limit, and the regions that have one of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.guarantee import limit_days
from lagesbild.domain.periods import Month
from lagesbild.domain.source import GuaranteeLimit, Source


@dataclass(frozen=True)
class OwnLimit:
    """A region whose limit differs from the usual one, since when (None = as far as is known)."""

    region: Region
    days: int
    since: date | None


@dataclass(frozen=True)
class AreaLimits:
    """`days` in the month for regions without their own, since when (None = the care area's own number, undated).
    `coming`: rows that begin later, soonest first ("" = all regions)."""

    days: int
    since: date | None
    own: tuple[OwnLimit, ...]
    coming: tuple[GuaranteeLimit, ...]


def area_limits(source: Source, area: CareArea, regions: Sequence[Region], month: Month) -> AreaLimits:
    """Limits at the end of `month`, as `limit_days` reads them."""
    rows = [x for x in source.guarantee_limits() if x.care_area == area.code]
    usual = limit_days(area, "", month, rows)
    own = []
    for r in regions:
        days = limit_days(area, r.code, month, rows)
        if days != usual:
            own.append(OwnLimit(r, days, _since(rows, r.code, month)))
    coming = sorted((x for x in rows if x.valid_from > month.first_day), key=lambda x: (x.valid_from, x.region))
    return AreaLimits(usual, _since(rows, "", month), tuple(own), tuple(coming))


def _since(rows: Sequence[GuaranteeLimit], region: str, month: Month) -> date | None:
    held = [x.valid_from for x in rows if x.region == region and x.valid_from <= month.first_day]
    return max(held, default=None)
