"""In which order the list of gaps stands: by urgency in groups, or flat by one column, either way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lagesbild.domain.swedish import sort_key
from lagesbild.domain.told_flags import FLAGGED
from lagesbild.views.gap_series import Series

REVERSED: Final = "-omvand"
_FAR: Final = 10**6


@dataclass(frozen=True)
class Order:
    """A column the list can be ordered by. `value` of a series, None when it has none (then it stands last, either
    way); `falling`: whether the most urgent end, which comes first, is the highest."""

    value: Callable[[Series], Any]
    falling: bool
    label: str
    label_reversed: str


BY_COLUMN: Final[Mapping[str, Order]] = {
    "region": Order(lambda s: sort_key(s.region.short_name), False, "Region", "Region, Ö–A"),
    "vardomrade": Order(
        lambda s: (s.care_area.sort_order, s.care_area.code), False, "Vårdområde", "Vårdområde, omvänt"
    ),
    "andel": Order(lambda s: s.share, False, "Lägst andel", "Högst andel"),
    "manad": Order(lambda s: s.gap.opens.ordinal if s.gap.opens else None, False, "Tidigast månad", "Senast månad"),
    "sannolikhet": Order(lambda s: s.gap.probability_12m, True, "Högst sannolikhet", "Lägst sannolikhet"),
    "belastning": Order(lambda s: s.gap.load, True, "Högst belastning", "Lägst belastning"),
    "behov": Order(
        lambda s: None if s.amount("week") is None else s.gap.extra_per_week,
        True,
        "Flest operationer",
        "Färst operationer",
    ),
}
ORDERS: Final[Mapping[str, str]] = {"": "Läge och månad"} | {name: o.label for name, o in BY_COLUMN.items()}
ALL_ORDERS: Final[Mapping[str, str]] = dict(ORDERS) | {n + REVERSED: o.label_reversed for n, o in BY_COLUMN.items()}


def in_order(series: Iterable[Series], order: str) -> tuple[Series, ...]:
    """Grouped by status, most urgent first, for the default; else flat by one column, ties by region and care area."""
    if not order:
        return tuple(sorted(series, key=_urgency))
    column = BY_COLUMN[order.removesuffix(REVERSED)]
    named = sorted(series, key=by_name)
    known = [s for s in named if column.value(s) is not None]
    known.sort(key=column.value, reverse=falling(order))
    return (*known, *(s for s in named if column.value(s) is None))


def falling(order: str) -> bool:
    """Whether the values of the ordered column fall from row to row.

    >>> falling("behov"), falling("behov-omvand"), falling("region")
    (True, False, False)
    """
    return BY_COLUMN[order.removesuffix(REVERSED)].falling != order.endswith(REVERSED)


def turned(order: str) -> str:
    """The same column the other way.

    >>> turned("region"), turned("region-omvand")
    ('region-omvand', 'region')
    """
    return order.removesuffix(REVERSED) if order.endswith(REVERSED) else order + REVERSED


def by_name(series: Series) -> Any:
    return sort_key(series.region.short_name), series.care_area.sort_order


def _urgency(s: Series) -> Any:
    """Open gaps by how far under the target, others by month and probability."""
    group = FLAGGED.index(s.gap.status)
    if s.gap.status == "open":
        return group, s.structural if s.structural is not None else 1.0, 0.0
    return group, s.gap.opens.ordinal if s.gap.opens else _FAR, -(s.gap.probability_12m or 0.0)
