"""The rows of a month: the country, the healthcare regions and the regions, with the sums over them.

Arrays of a table are (care areas, places, months); the places are the country first, then the healthcare regions, then
the regions in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from lagesbild.domain.care import CareArea, Region, aggregate_regions
from lagesbild.domain.periods import Month
from lagesbild.domain.source import COUNTRY, Source
from lagesbild.views.healthcare_regions import group_names
from lagesbild.views.published_tables.model import Column, stamps, text

Level = Literal["country", "healthcare_region", "region", "provider"]
LEVELS: Final[Mapping[Level, str]] = {
    "country": "riket",
    "healthcare_region": "sjukvårdsregion",
    "region": "region",
    "provider": "vårdgivare",
}
PERIOD: Final = Column("period", "Månad", "month", "key")
REGION: Final = Column("region", "Region", role="key", definition="Regionens kod; tom för riket och sjukvårdsregioner.")
GROUP: Final = Column("healthcare_region", "Sjukvårdsregion", role="key", definition="Namnet; tom för riket.")
AREA: Final = Column("care_area", "Vårdområde", role="key", definition="Vårdområdets kod.")
PROVIDER: Final = Column("provider", "Vårdgivare", role="key", definition="Vårdgivarens kod; tom för hela regionen.")
LEVEL: Final = Column(
    "level",
    "Nivå",
    role="key",
    definition="country = riket, healthcare_region = sjukvårdsregion, region, provider = vårdgivare.",
)
PLACE: Final = Column("place", "Plats", definition="Namn på riket, sjukvårdsregionen, regionen eller vårdgivaren.")
PROVISIONAL: Final = Column("provisional", "Preliminär", definition="Sant när någon uppgift bakom raden är preliminär.")
COUNTED: Final = Column(
    "regions_counted", "Regioner i talet", "count", unit="regioner", definition="Hur många regioner summan är över."
)
TOTAL: Final = Column("regions_total", "Regioner i allt", "count", unit="regioner", definition="Av hur många regioner.")
KEYS: Final = (PERIOD, LEVEL, REGION, GROUP, AREA, PROVIDER)
ABOUT: Final = (PLACE, PROVISIONAL, COUNTED, TOTAL)


@dataclass(frozen=True)
class Places:
    """`members` bool (places, regions): whose numbers each row adds up."""

    levels: tuple[Level, ...]
    codes: tuple[str, ...]
    groups: tuple[str, ...]
    names: tuple[str, ...]
    members: np.ndarray

    def __len__(self) -> int:
        return len(self.codes)

    def asked(self, regions: Sequence[str]) -> np.ndarray:
        """Which rows are asked for: all, or those of the codes (COUNTRY is the country); bool (places,)."""
        if not regions:
            return np.ones(len(self), bool)
        named = [
            code in regions and level != "healthcare_region"
            for code, level in zip(self.codes, self.levels, strict=True)
        ]
        return np.array(named, bool)


def places(source: Source, regions: Sequence[Region], *, groups: bool = True) -> Places:
    """The country (when there are several regions), the healthcare regions (with `groups`), and the regions."""
    names = group_names(regions) if groups else ()
    whole = next((r.short_name for r in aggregate_regions(source.regions())), "Riket")
    rows: list[tuple[Level, str, str, str, np.ndarray]] = []
    if len(regions) > 1:
        rows.append(("country", COUNTRY, "", whole, np.ones(len(regions), bool)))
    rows += [("healthcare_region", "", n, n, np.array([r.healthcare_region == n for r in regions])) for n in names]
    own = np.eye(len(regions), dtype=bool)
    rows += [("region", r.code, r.healthcare_region, r.short_name, own[k]) for k, r in enumerate(regions)]
    levels, codes, of, shown, members = zip(*rows, strict=True)
    return Places(levels, codes, of, shown, np.array(members))


def keys(where: Places, areas: Sequence[CareArea], months: Sequence[Month], keep: np.ndarray) -> dict[str, object]:
    """The key columns and names of the cells in `keep`, bool (areas, places, months)."""
    a, p, m = np.nonzero(keep)
    return {
        "period": stamps(tuple(months))[m],
        "level": text(np.array(where.levels, object)[p]),
        "region": text(np.array(where.codes, object)[p]),
        "healthcare_region": text(np.array(where.groups, object)[p]),
        "care_area": text(np.array([x.code for x in areas], object)[a]),
        "provider": text(np.full(len(a), "", object)),
        "place": text(np.array(where.names, object)[p]),
    }


def sums(cells: np.ndarray, use: np.ndarray) -> np.ndarray:
    """Sums of `cells` (areas, regions, months) over the regions in `use` (same shape, or with places before): NaN where
    there are none, and where one of them has no number."""
    total = np.where(use, cells, 0.0).sum(axis=-2)
    return np.asarray(np.where(use.any(axis=-2), total, np.nan))


def any_of(flags: np.ndarray, use: np.ndarray) -> np.ndarray:
    """Whether a flag is set for any of the regions in `use`."""
    return np.asarray((flags & use).any(axis=-2))


def reported_months(there: np.ndarray) -> np.ndarray:
    """From each care area's first month with anything to its last; bool (areas, months) of `there`, the same shape."""
    return np.asarray(np.maximum.accumulate(there, axis=1) & np.maximum.accumulate(there[:, ::-1], axis=1)[:, ::-1])
