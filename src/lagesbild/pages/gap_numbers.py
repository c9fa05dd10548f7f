"""The table behind the list of gaps: all numbers, per week as in the export, with every row's reason."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.model import Column, Row, Special, Table
from lagesbild.pages.gap_cells import forecast_address
from lagesbild.pages.phrases import small
from lagesbild.pages.waits_text import share_text
from lagesbild.views.gap_list import GapList, Series

GROUPS: Final = (
    ("open", "Öppna", "under gränsen två månader i rad"),
    ("expected", "Väntas", "sannolikhet minst 50\u00a0%"),
    ("watch", "Bevakas", "sannolikhet 30–49\u00a0%"),
)


def gap_data(found: GapList) -> Table:
    """All numbers, per week as in the export, with every row's reason."""
    columns = (
        Column("region", "Region"),
        Column("care_area", "Vårdområde"),
        Column("status", "Läge"),
        Column("within_limit_share", "Andel nu", "share"),
        Column("structural_share", "Utan säsong", "share"),
        Column("opens_period", "Öppnar", "month"),
        Column("opens_lo", "80 % från", "month"),
        Column("opens_hi", "80 % till", "month"),
        Column("probability_3m", "Inom 3 mån", "probability"),
        Column("probability_6m", "Inom 6 mån", "probability"),
        Column("probability_12m", "Inom 12 mån", "probability"),
        Column("load", "Belastning", "number", 2),
        Column("extra_per_week_to_stabilise", "Fler i veckan, stoppa växande", "number", 1),
        Column("extra_per_week_to_target", "Fler i veckan, nå gränsen", "number", 1),
        Column("brokerable_share", "Kan förmedlas", "share", 0),
        Column("reason", "Skäl"),
    )
    names = {k: v for k, v, _ in GROUPS} | {"none": "flaggas inte"}
    rows = [_data_row(s, names[s.gap.status], s.gap.status) for s in found.flagged]
    rows += [_data_row(s, "säsong", "none") for s in found.seasonal]
    rows += [_data_row(s, "kan inte bedömas", "short") for s in found.unjudged]
    notes = ("Fler i veckan: för 80\u00a0% chans. Månader utan värde: gapet väntas inte öppna.",)
    return Table("Flaggor för kapacitetsgap, alla tal", columns, tuple(rows), footnotes=notes)


def _data_row(s: Series, name: str, status: str) -> Row:
    gap = s.gap
    opens = "" if gap.opens is None else gap.opens
    values = (
        *(_share(s, v, status) for v in (s.share, s.structural)),
        opens,
        "" if gap.opens_lo is None else gap.opens_lo,
        "" if gap.opens_hi is None else gap.opens_hi,
        *(_or(v, status) for v in (gap.probability_3m, gap.probability_6m, gap.probability_12m)),
        *(_or(v, "") for v in (gap.load, gap.extra_per_week_to_stabilise, gap.extra_per_week, gap.brokerable_share)),
    )
    return Row(
        (s.region.short_name, s.care_area.short, small(name), *values, gap.reason),
        note="prel." if s.provisional else "",
        href=forecast_address(s),
    )


def _share(s: Series, value: float | None, status: str) -> Any:
    """In whole per cent, as text, where the counts behind are hidden; so do the other pages."""
    if s.hidden:
        return Special("secondary")
    return share_text(value, coarse=True) if s.coarse and value is not None else _or(value, status)


def _or(value: float | None, status: str) -> Any:
    if value is None or value != value or value == float("inf"):
        return Special(
            "short" if status == "short" else "missing", text="kan inte bedömas" if status == "short" else ""
        )
    return value
