"""The table behind the list of gaps: all numbers, per week as in the export, with every row's reason."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.model import Column, Row, Special, Table
from lagesbild.domain.gap_status import EXPECTED, WATCH, WITHDRAW
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import percent
from lagesbild.domain.told_flags import FLAGGED
from lagesbild.pages.gap_cells import forecast_address
from lagesbild.pages.gap_why import held_words, reason, step_words
from lagesbild.pages.phrases import small
from lagesbild.pages.waits_text import share_text
from lagesbild.views.gap_list import LISTED, GapList
from lagesbild.views.gap_series import Series

GROUPS: Final = (
    ("open", "Öppna", "under gränsen två månader i rad"),
    ("expected", "Väntas", "sannolikhet minst 50\u00a0%"),
    ("watch", "Bevakas", "sannolikhet 30–49\u00a0%"),
)


def gap_data(found: GapList, selection: Selection) -> Table:
    """All numbers, per week as in the export, with every row's reason."""
    columns = (
        Column("region", "Region"),
        Column("care_area", "Vårdområde"),
        Column("status", "Läge"),
        Column("within_limit_share", "Andel nu", "share"),
        Column("structural_share", "Utan säsong", "share"),
        Column("opens_period", "troligast", "month", group="Gapets början"),
        Column("opens_lo", "80 % från", "month", group="Gapets början"),
        Column("opens_hi", "80 % till", "month", group="Gapets början"),
        Column("probability_3m", "inom 3 månader", "probability", group="Sannolikhet"),
        Column("probability_6m", "inom 6 månader", "probability", group="Sannolikhet"),
        Column("probability_12m", "inom 12 månader", "probability", group="Sannolikhet"),
        Column("load", "Belastning", "number", 2),
        Column("limit_used", "del av gränsen", "share", 0, group="Förväntad väntan"),
        Column("limit_step", "steg", group="Förväntad väntan"),
        Column("extra_per_week_to_stabilise", "stoppa växande kö", "number", 2, group="Fler i veckan"),
        Column("extra_per_week_to_target_50", "50 % chans", "number", 2, group="Fler i veckan"),
        Column("extra_per_week_to_target", "80 % chans", "number", 2, group="Fler i veckan"),
        Column("brokerable_per_week", "varav kan förmedlas", "number", 2, group="Fler i veckan"),
        Column("extra_per_month_to_target", "80 % chans, hela", "count", group="Fler i månaden"),
        Column("brokerable_share", "Andel som kan förmedlas", "share", 0),
        Column("held", "Kvar från förra prognosen"),
        Column("reason", "Skäl"),
    )
    names = {"open": "öppet", "expected": "väntas", "watch": "bevakas", "none": "flaggas inte"}
    rows = [_data_row(s, found, names[s.gap.status], s.gap.status, selection) for s in found.flagged]
    rows += [_data_row(s, found, "säsong", "none", selection) for s in found.seasonal]
    rows += [_data_row(s, found, "kan inte bedömas", "short", selection) for s in found.unjudged]
    return Table("Flaggor för kapacitetsgap, alla tal", columns, tuple(rows), footnotes=_notes(found), most=LISTED)


def _notes(found: GapList) -> tuple[str, ...]:
    limit, gone = percent(found.target, 0), percent(WITHDRAW, 0)
    return (
        f"Fler i veckan: det antal som stoppar en växande kö, och det som ger 50 eller 80\u00a0% chans att nå eller "
        f"hålla {limit}. Förmedlas: av antalet för 80\u00a0% chans. "
        "Fler i månaden: detsamma, avrundat uppåt till hela.",
        f"En flagga sätts vid {percent(WATCH, 0)} (bevakas) och {percent(EXPECTED, 0)} (väntas) och tas bort först "
        f"under {gone}. "
        "Månader utan värde: gapet väntas inte öppna.",
        "Förväntad väntan: för den som ställs i kö nu, mot vårdgarantins gräns, i steg om 50, 75 och 100\u00a0%.",
    )


def _data_row(s: Series, found: GapList, name: str, status: str, selection: Selection) -> Row:
    gap = s.gap
    opens = "" if gap.opens is None else gap.opens
    guard = s.guard
    needs = [_extra(v) if guard.amounts else Special("secondary") for v in (s.extra_per_week_50, gap.extra_per_week)]
    stop = gap.extra_per_week_to_stabilise
    stops = _extra(stop) if guard.load and guard.amounts else Special("secondary")
    values = (
        *(_share(s, v, status) for v in (s.share, s.structural)),
        opens,
        "" if gap.opens_lo is None else gap.opens_lo,
        "" if gap.opens_hi is None else gap.opens_hi,
        *(_or(v, status) for v in (gap.probability_3m, gap.probability_6m, gap.probability_12m)),
        _or(gap.load, "") if guard.load else Special("secondary"),
        _or(s.limit_used, "") if guard.wait else Special("secondary"),
        step_words(s),
        stops,
        *needs,
        _or(s.brokerable_per_week, ""),
        # as `/`, the list and briefings say it: none of them may say another number
        (s.amount("month") if guard.amounts and s.amount("month") is not None else needs[1]),
        _or(gap.brokerable_share, ""),
    )
    why = reason(s, found) if gap.status in FLAGGED else gap.reason
    return Row(
        (s.region.short_name, s.care_area.short, small(name), *values, held_words(s), why),
        note="prel." if s.provisional else "",
        href=forecast_address(s, selection),
    )


def _extra(per_week: float | None) -> Any:
    return Special("missing", text="når inte gränsen") if per_week == float("inf") else _or(per_week, "")


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
