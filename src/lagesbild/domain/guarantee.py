"""The care guarantee's limit is data: per care area, optionally per region, from a date."""

from __future__ import annotations

from collections.abc import Iterable

from lagesbild.domain.care import CareArea
from lagesbild.domain.periods import Month
from lagesbild.domain.source import GuaranteeLimit


def limit_days(area: CareArea, region: str, month: Month, limits: Iterable[GuaranteeLimit]) -> int:
    """Days within which care must be given, at the end of `month`.

    A row for the region beats one for all regions; among equals the latest `valid_from` not after the month's first day
    holds; without any row the care area's own `guarantee_days` does.

    >>> from datetime import date
    >>> area = CareArea("kna", "Knä", "operation", 90)
    >>> halland = GuaranteeLimit("kna", "13", date(2024, 1, 1), 60)
    >>> limit_days(area, "13", Month(2024, 1), [halland]), limit_days(area, "13", Month(2023, 12), [halland])
    (60, 90)
    """
    valid = [
        x for x in limits if x.care_area == area.code and x.region in ("", region) and x.valid_from <= month.first_day
    ]
    return max(valid, key=lambda x: (x.region != "", x.valid_from)).days if valid else area.guarantee_days
