"""Figure 4 of `/utomlansvard`: brokering cases, how they ended, and by region on either side."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el, hidden
from lagesbild.components.model import Column, FigureCard, Row, Special, Table
from lagesbild.components.spark import bar
from lagesbild.domain.care import Region
from lagesbild.domain.swedish import capital, count, join_and, percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_region
from lagesbild.pages.phrases import month_range, small, source_text
from lagesbild.pages.travel_text import cell, plain_state
from lagesbild.pages.waits_text import group_words
from lagesbild.views.brokering import Brokering
from lagesbild.views.brokering_twin import COUNTRY, GROUP_COLUMNS, HOME, OUTCOMES, TREATING
from lagesbild.views.wait_counts import group_code

_WORDS: Final = {
    "started": "Startade",
    "accepted": "Accepterade",
    "completed": "– genomförda",
    "not_completed": "– inte genomförda",
    "declined": "Avböjda",
    "none_found": "Utan plats",
}
_TITLES: Final = {
    "accepted": "Accepterade",
    "declined": "Avböjda",
    "not_completed": "Inte genomförda",
    "completed": "Genomförda",
}


def brokering_card(
    found: Brokering, region: Region | None, context: PageContext, country: str, group: str = ""
) -> FigureCard:
    """The country's cases as bars, beside them those of the chosen region or healthcare region (`group`), whose regions
    are marked. Of the latter no more is told than GROUP_COLUMNS, where it has sums at all, and that is said."""
    sides = [_bars(found, COUNTRY, "", country, context)]
    if region is not None:
        sides.append(_bars(found, HOME, region.code, f"Hemregion {region.short_name}", context))
    elif group_code(group) in found.groups:
        sides.append(_bars(found, HOME, group_code(group), f"Hemregioner i {group_words(group)}", context))
    return FigureCard(
        id="formedling",
        title=_title(found),
        summary=(
            f"Förmedlingsärenden för {small(found.area.name)}, {month_range(found.first, found.end)}. "
            "Varje startat ärende accepteras, avböjs eller blir utan plats."
        ),
        table=_table(found, context, country, group),
        source=_source(found, group),
        graphic=el("Div", sides, className="sides"),
        span=6,
    )


def _title(found: Brokering) -> str:
    started, done = found.shown(COUNTRY, "", "started"), found.shown(COUNTRY, "", "completed")
    if started is None:
        return "Förmedlingsärenden"
    text = f"{count(started)} förmedlingsärenden på tolv månader"
    return text if done is None or not started else f"{text}, {percent(done / started, 0)} ledde till vård"


def _bars(found: Brokering, side: str, code: str, title: str, context: PageContext) -> dict[str, Any]:
    most = found.shown(side, code, "started")
    rows = []
    for column, words in _WORDS.items():
        if not found.reported(column) or (side, code, column) not in found.states:
            continue
        value, state = found.shown(side, code, column), found.states[side, code, column]
        part = bar([(value / most, "series" if column == "started" else "context")]) if value and most else bar([])
        number: Any = count(value) if value is not None else plain_state(state, context.viewer.threshold)
        if value is None and state != "missing":
            number = [el("Span", number, aria_hidden="true"), hidden("skyddat")]
        rows.append(el("Li", [el("Span", words), part, el("B", number)]))
    days = found.days[side, code]
    about = f"Handläggningstid {count(days)} dagar." if days is not None else "Handläggningstiden visas inte."
    return el("Div", [el("H3", title), el("Ul", rows), el("P", about, className="src")])


def _source(found: Brokering, group: str) -> str:
    some = "summeras startade och genomförda" if group_code(group) in found.groups else "summeras inga"
    named = f"Av ärenden per sjukvårdsregion {some}; regionerna i {group_words(group)} är markerade i tabellen."
    parts = [
        *([named] if group else []),
        "Ett ärende hör till hemregionen; tillfrågad är den region som har fått frågan. Handläggningstiden är medianen "
        "per månad och plats, vägd med antal ärenden.",
        source_text(found.sources, found.recorded_at, synthetic=found.synthetic),
    ]
    if found.provisional:
        one = len(found.provisional) == 1
        months = join_and([m.sv for m in found.provisional])
        parts.append(f"{'Preliminär månad' if one else 'Preliminära månader'}: {months}.")
    with_cases = sum(found.states[HOME, r.code, "started"] != "missing" for r in found.regions)
    parts.append(f"{count(with_cases)} av {count(len(found.regions))} regioner ingår.")
    return " ".join(parts)


def _table(found: Brokering, context: PageContext, country: str, group: str) -> Table:
    home, asked = "Ärenden från regionen", "Regionen tillfrågad"
    columns = [Column("region", "Region"), Column("started", "Startade", "count", group=home)]
    columns += [Column(c, _TITLES[c], "count", group=home) for c in OUTCOMES]
    columns.append(Column("none_found", "Utan plats", "count", group=home))
    columns.append(Column("handling_days", "Handläggning, dagar", "days", group=home))
    columns.append(Column("asked", "Tillfrågad", "count", group=asked))
    columns += [Column(f"asked_{c}", _TITLES[c], "count", group=asked) for c in OUTCOMES]
    threshold = context.viewer.threshold

    def told(side: str, code: str, column: str) -> Any:
        return cell(found.shown(side, code, column), found.states[side, code, column], threshold)

    def days(side: str, code: str) -> Any:
        value = found.days[side, code]
        if value is not None:
            return value
        state = found.states[side, code, "started"]
        return cell(None, state, threshold) if state else Special("short", "–")

    whole = [told(COUNTRY, "", c) for c in ("started", *OUTCOMES, "none_found")]
    rows = [
        Row(
            (country, *whole, days(COUNTRY, ""), told(COUNTRY, "", "asked"), *(told(COUNTRY, "", c) for c in OUTCOMES)),
            "country",
        )
    ]
    if group_code(group) in found.groups:
        sums = [
            told(HOME, group_code(group), c) if c in GROUP_COLUMNS else Special("short", "–")
            for c in ("started", *OUTCOMES, "none_found")
        ]
        asked_of = [Special("short", "–")] * (1 + len(OUTCOMES))
        rows.append(Row((capital(group_words(group)), *sums, days(HOME, group_code(group)), *asked_of), "chosen"))
    for r in found.regions:
        mine = [told(HOME, r.code, c) for c in ("started", *OUTCOMES, "none_found")]
        other = [told(TREATING, r.code, c) for c in ("started", *OUTCOMES)]
        me = r.code == context.selection.region or (group != "" and r.healthcare_region == group)
        href = to_region(r.code, context.selection)
        rows.append(Row((r.short_name, *mine, days(HOME, r.code), *other), "chosen" if me else "", href=href))
    caption = f"Förmedlingsärenden för {small(found.area.name)} per region, {month_range(found.first, found.end)}"
    return Table(caption, tuple(columns), tuple(rows))
