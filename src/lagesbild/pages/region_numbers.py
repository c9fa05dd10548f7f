"""On a region's page: the state in figures per care area, and its providers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lagesbild.components.model import Aside, Column, FigureCard, Row, Special, Table
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import capital, count, decimal, number_word
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_area, to_page
from lagesbild.pages.phrases import empty, month_range, noun, persons, small
from lagesbild.pages.place_parts import PER_TEXT, count_column, count_value, gap_value
from lagesbild.pages.provider_rows import MEASURES_NOTE, measure_columns, measures, own_pages
from lagesbild.pages.region_waits import compared_words
from lagesbild.pages.waits_text import source_line
from lagesbild.views.population import Population
from lagesbild.views.provider_work import YEAR, RegionWork, Work
from lagesbild.views.region_lines import Compared
from lagesbild.views.region_numbers import AreaNumbers, total
from lagesbild.views.waits import Waits


def numbers_card(
    waits: Waits,
    found: Sequence[AreaNumbers],
    region: Region,
    people: Population | None,
    context: PageContext,
    compared: Compared | None = None,
    beside: Sequence[AreaNumbers] = (),
) -> FigureCard:
    """Care areas down, measures across; the three measures of waiting keep their own columns. What the region is
    compared with has a row of its own under each (`beside`, as `found`)."""
    threshold, end = context.viewer.threshold, waits.end
    columns = (
        Column("care_area", "Vårdområde"),
        *((Column("region", "Region"),) if compared else ()),
        count_column("waiting", "Väntande", people),
        count_column("over_limit", "varav över gränsen", people),
        count_column("added", "Nytillkomna", people),
        count_column("performed", "Genomförda", people),
        Column("load", "Belastning", "number", 2),
        Column("expected_wait_days", "Förväntad väntetid, dagar", "days"),
        Column("gap", "Gap"),
    )
    rows = []
    for k, n in enumerate(found):
        to = to_area(n.area.code, context.selection.with_(region="", compare=""))
        named = (region.short_name,) if compared else ()
        cells = (n.area.short, *named, *_measures(n, (region.code,), people, threshold, end))
        rows.append(Row(cells, "chosen" if compared else "", "prel." if n.provisional else "", to))
        if compared is not None and k < len(beside):
            other = beside[k]
            codes = other.summed or ((compared.region.code,) if compared.region else ())
            cells = (n.area.short, capital(compared_words(compared)), *_measures(other, codes, people, threshold, end))
            rows.append(Row(cells, note="prel." if other.provisional else ""))
    held = f" Under varje rad: {compared_words(compared)}." if compared else ""
    unit = "" if people is None else f" Antal {PER_TEXT}, folkmängd {people.year}."
    return FigureCard(
        id="laget-i-tal",
        title=_title(found, region, people),
        summary=f"Läget i tal per vårdområde, {end.sv}.{held}{unit}",
        table=Table(f"Läget i tal för {region.name}, {end.sv}", columns, tuple(rows), period=str(end)),
        source=" ".join(t for t in (_notes(found, end), _not_summed(compared), source_line(waits)) if t),
        span=6 if compared is None else 12,
    )


def _measures(
    n: AreaNumbers, codes: Sequence[str], people: Population | None, threshold: int, end: Month
) -> tuple[Any, ...]:
    """The cells after the names; of a sum over regions those that are published of it."""
    stock = [count_value(c, threshold, people, *codes) for c in (n.waiting, n.over)]
    if n.state == "excluded":
        stock = [Special("excluded")] * 2
    if n.summed:
        return (*stock, *("–",) * 5)
    flows = [count_value(c, threshold, people, *codes) for c in (n.added, n.performed)]
    gone: Any = Special("secondary") if n.gap is not None and n.gap.guarded else Special("missing")
    load, wait = (gone if x is None else x for x in (n.load, n.expected_wait_days))
    return (*stock, *flows, load, wait, gap_value(n.gap, end))


def _not_summed(compared: Compared | None) -> str:
    if compared is None or compared.region is not None:
        return ""
    return "Per sjukvårdsregion summeras bara väntande; inflöde, produktion och gap finns per region."


def _title(found: Sequence[AreaNumbers], region: Region, people: Population | None) -> str:
    waiting = total([n.waiting for n in found])
    rate = people.per_100_000(waiting, region.code) if people else None
    if waiting is None or (people is not None and rate is None):
        return f"Läget i {region.short_name} i tal"
    if people is not None:
        return f"{decimal(rate)} {PER_TEXT} väntar i {region.short_name}"
    return f"{persons(waiting)} väntar i {region.short_name}"


def _notes(found: Sequence[AreaNumbers], end: Month) -> str:
    limits = sorted({n.limit_days for n in found})
    parts = [f"Gränsen är {' eller '.join(count(d) for d in limits)} dagar."]
    late = sorted({n.produced for n in found if n.produced is not None and n.produced != end})
    if late:
        parts.append(f"Produktion finns till och med {late[-1].sv}.")
    parts.append("Belastning: inflöde delat med kapacitet, ett år. Förväntad väntetid gäller den som ställs i kö nu.")
    return " ".join(parts)


def providers_card(
    waits: Waits, found: Sequence[RegionWork], region: Region, people: Population | None, context: PageContext
) -> FigureCard | Aside:
    """A row per provider and care area, the region's own year last in each."""
    if not found:
        return empty(
            "vardgivare", "Vårdgivare redovisas inte", f"{region.name} har inte rapporterat per vårdgivare för urvalet."
        )
    threshold, many = context.viewer.threshold, len(found) > 1
    columns = (
        Column("provider", "Vårdgivare"),
        *((Column("care_area", "Vårdområde"),) if many else ()),
        *measure_columns(people, [w for work in found for w in work.rows]),
    )
    width = len(columns)
    rows = []
    for work in found:
        rows += [_row(w, many, people, threshold, context.selection, width) for w in work.rows]
        if work.rest is not None:
            left = count_value(work.rest, threshold, people, region.code)
            area = (work.area.short,) if many else ()
            rows.append(Row(("Övriga", *area, "ingen angiven", left, *("–",) * 4)[:width]))
        whole = count_value(work.performed, threshold, people, region.code)
        name = f"Alla, {small(work.area.short)}" if many else "Alla"
        known = work.performed.value is not None
        area = (work.area.short,) if many else ()
        rows.append(Row((name, *area, "", whole, 1.0 if known else "–", *("–",) * 3)[:width], emphasis="country"))
    last = found[0]
    first = last.end - (YEAR - 1)
    unit = "" if people is None else f" Antal {PER_TEXT}, folkmängd {people.year}."
    return FigureCard(
        id="vardgivare",
        title=_providers_title(found),
        summary=f"Genomförda {month_range(first, last.end)}, väntande i {waits.end.sv}.{unit}",
        table=Table(f"Vårdgivare i {region.name}", columns, tuple(rows), period=f"{first}/{last.end}"),
        source=(f"{MEASURES_NOTE} {source_line(waits, with_excluded=False)}"),
    )


def _row(w: Work, many: bool, people: Population | None, threshold: int, selection: Selection, width: int) -> Row:
    return Row(
        (w.provider.name, *((w.area.short,) if many else ()), *measures(w, people, threshold, selection))[:width],
        note="prel." if w.provisional else "",
        href=to_page("/vantetider", own_pages(w, selection)),
    )


def _providers_title(found: Sequence[RegionWork]) -> str:
    if len(found) > 1:
        n = len({w.provider.code for work in found for w in work.rows})
        return f"{_how_many(n)} utför vården"
    work = found[0]
    return f"{_how_many(len(work.rows))} {_does(work.area)}"


def _how_many(n: int) -> str:
    return f"{capital(number_word(n))} vårdgivare"


def _does(area: CareArea) -> str:
    return f"gör {small(area.short)}" if noun(area) == "operationer" else f"har {small(area.short)}"
