"""Regions, care areas and providers: rows of data. A new one needs no code, and no code below is special to Sweden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Region:
    """A reporting region. One that is another's `parent` is an aggregate (a country), never added to others."""

    code: str
    name: str
    short_name: str
    healthcare_region: str = ""
    healthcare_region_secondary: str = ""
    lat: float | None = None
    lon: float | None = None
    sort_order: int = 0
    parent: str = ""


@dataclass(frozen=True)
class CareArea:
    """A care area (vårdområde). `kind` is operation, first_visit or other."""

    code: str
    name: str
    kind: str
    guarantee_days: int
    kva_prefixes: str = ""
    icd10_prefixes: str = ""
    min_age: int | None = None
    sort_order: int = 0
    short_name: str = ""

    @property
    def short(self) -> str:
        """Name for tight places: `short_name`, or the whole name when none was given."""
        return self.short_name or self.name


@dataclass(frozen=True)
class Provider:
    """A unit, hospital or private provider inside a region (vårdgivare)."""

    code: str
    name: str
    region: str
    kind: str
    hsa_id: str = ""
    lat: float | None = None
    lon: float | None = None
    agreement_from: date | None = None
    agreement_until: date | None = None
    conditions: str = ""


def leaf_regions(regions: list[Region]) -> list[Region]:
    """The regions that add up to the country: those that are nobody's parent, in sort order.

    >>> country, county = Region("SE", "Riket", "Riket"), Region("01", "Region Stockholm", "Stockholm", parent="SE")
    >>> leaf_regions([country, county])[0].code
    '01'
    """
    parents = {r.parent for r in regions if r.parent}
    return sorted((r for r in regions if r.code not in parents), key=lambda r: (r.sort_order, r.code))


def whole_region(regions: list[Region]) -> Region | None:
    """The region that all others are parts of, when there is one: its figures are the country's.

    >>> country, county = Region("SE", "Riket", "Riket"), Region("01", "Region Stockholm", "Stockholm", parent="SE")
    >>> whole_region([country, county]).code, whole_region([county])
    ('SE', None)
    """
    parents = aggregate_regions(regions)
    if len(parents) != 1:
        return None
    return parents[0] if all(r.parent == parents[0].code for r in leaf_regions(regions)) else None


def aggregate_regions(regions: list[Region]) -> list[Region]:
    """The regions that are some other region's parent, for figures published for the whole only."""
    parents = {r.parent for r in regions if r.parent}
    return sorted((r for r in regions if r.code in parents), key=lambda r: (r.sort_order, r.code))
