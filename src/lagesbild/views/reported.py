"""Whether regions report a care area at all, or only a whole has figures of it."""

from __future__ import annotations

from lagesbild.domain.care import leaf_regions
from lagesbild.domain.source import Query, Source


def reported_by_regions(source: Source, care_area: str) -> bool:
    """Whether some leaf region has ever reported waits or production of the care area (code)."""
    codes = tuple(r.code for r in leaf_regions(source.regions()))
    asked = Query(regions=codes, care_areas=(care_area,))
    return bool(codes) and any(source.distinct(dataset, "region", asked) for dataset in ("waits", "production"))
