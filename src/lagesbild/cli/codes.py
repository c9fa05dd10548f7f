"""The codes that can be chosen on the command line, listed in an error with the names they stand for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lagesbild.domain.care import leaf_regions
from lagesbild.domain.source import Source
from lagesbild.domain.swedish import count

_MOST_LISTED: Final = 30  # 21 regions are listed whole, 300 care areas would fill the screen


def region_codes(source: Source) -> str:
    """`01 Stockholm, 03 Uppsala`: of very many the first, and how all are written out."""
    return _listed([f"{r.code} {r.short_name}" for r in leaf_regions(source.regions())], "regions")


def care_area_codes(source: Source) -> str:
    """`katarakt, knaprotes`: of very many the first, and how all are written out."""
    return _listed(sorted(a.code for a in source.care_areas()), "care-areas")


def _listed(found: Iterable[str], dataset: str) -> str:
    every = list(found)
    more = f" och {count(len(every) - _MOST_LISTED)} till (lagesbild export {dataset} skriver ut alla)"
    return ", ".join(every[:_MOST_LISTED]) + (more if len(every) > _MOST_LISTED else "")
