"""The selection in one line, for phones: `Knäprotes, Gävleborg, oktober 2026`."""

from __future__ import annotations

from lagesbild.pages.context import PageContext
from lagesbild.pages.filter_places import country_name


def phone_line(context: PageContext, *parts: str) -> str:
    """The parts that say something, and the month shown."""
    month = context.selection.month or context.source.latest_month()
    return ", ".join(x for x in (*parts, month.sv if month else "") if x)


def area_words(context: PageContext, otherwise: str) -> str:
    """The chosen care area's short name."""
    return next((a.short for a in context.care_areas if a.code == context.selection.care_area), otherwise)


def region_words(context: PageContext, *, groups: bool = False) -> str:
    """The chosen region's short name, else the chosen healthcare region where the page shows such (`groups`), else
    `hela riket`."""
    selection = context.selection
    country = country_name(context.source)
    whole = (selection.healthcare_region if groups else "") or ("hela riket" if country == "Riket" else country)
    return next((r.short_name for r in context.source.regions() if r.code == selection.region), whole)
