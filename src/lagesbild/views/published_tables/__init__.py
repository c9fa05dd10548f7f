"""Every dataset as a viewer may see it: long tables for snapshots, the API and whoever wants all the numbers.

`published_table(name, source, asked, viewer)`. A row of a month says what the pages say when that month is chosen, by
the same rules of disclosure (docs/disclosure.md), so that a table never tells more, or less, than they do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables import (
    brokering,
    capacity,
    forecasts,
    gaps,
    out_of_region,
    production,
    published_shares,
    published_totals,
    reporting,
    waits,
)
from lagesbild.views.published_tables.brokering import brokering_table
from lagesbild.views.published_tables.capacity import capacity_table
from lagesbild.views.published_tables.definitions import definitions_table
from lagesbild.views.published_tables.forecasts import forecasts_table
from lagesbild.views.published_tables.gaps import gaps_table
from lagesbild.views.published_tables.model import Asked, Column, PublishedTable
from lagesbild.views.published_tables.out_of_region import out_of_region_table
from lagesbild.views.published_tables.own import with_own
from lagesbild.views.published_tables.production import production_table
from lagesbild.views.published_tables.published_shares import published_shares_table
from lagesbild.views.published_tables.published_totals import published_totals_table
from lagesbild.views.published_tables.reference import REFERENCE, reference_columns
from lagesbild.views.published_tables.reporting import reporting_table
from lagesbild.views.published_tables.waits import waits_table

__all__ = ["COLUMNS", "TABLES", "Asked", "Column", "PublishedTable", "published_definitions", "published_table"]

Builder = Callable[[Source, Asked, Viewer], PublishedTable]
# in the order they are told of; names as in CONTRACT.md where it has them
TABLES: Final[Mapping[str, Builder]] = {
    "waits": waits_table,
    "production": production_table,
    "capacity": capacity_table,
    "out-of-region": out_of_region_table,
    "brokering": brokering_table,
    "reporting": reporting_table,
    "forecasts": forecasts_table,
    "gaps": gaps_table,
    "published-totals": published_totals_table,
    "published-shares": published_shares_table,
    **REFERENCE,
}
# of each table, known before there are any data: for whoever describes them
COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
    "waits": waits.COLUMNS_SHOWN,
    "production": production.COLUMNS,
    "capacity": capacity.COLUMNS,
    "out-of-region": out_of_region.COLUMNS,
    "brokering": brokering.COLUMNS,
    "reporting": reporting.COLUMNS,
    "forecasts": forecasts.COLUMNS,
    "gaps": gaps.COLUMNS,
    "published-totals": published_totals.COLUMNS,
    "published-shares": published_shares.COLUMNS,
    **{name: reference_columns(name) for name in REFERENCE},
}


def published_table(name: str, source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    """One of TABLES; the rows of the viewer's own region are exact. Raises KeyError for another name."""
    build = TABLES[name]
    if not viewer.own or viewer.role == "exact":
        return build(source, asked, viewer)
    public, exact = (build(source, asked, Viewer(role, viewer.threshold)) for role in ("public", "exact"))
    return with_own(public, exact, viewer.own)


def published_definitions(tables: Mapping[str, PublishedTable], viewer: Viewer) -> PublishedTable:
    """The table of definitions that goes with `tables`, by dataset."""
    return definitions_table(((n, t.columns) for n, t in tables.items()), viewer)
