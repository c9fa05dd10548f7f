"""Which leaf regions a selection means: one, those of a healthcare region, or all."""

from __future__ import annotations

from lagesbild.domain.care import Region, leaf_regions
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source


def chosen_regions(source: Source, selection: Selection) -> dict[str, Region]:
    """Leaf regions by code, in order. A region shared by two healthcare regions is in both."""
    wanted = selection.healthcare_region
    return {
        r.code: r
        for r in leaf_regions(source.regions())
        if selection.region in ("", r.code) and wanted in ("", r.healthcare_region, r.healthcare_region_secondary)
    }
