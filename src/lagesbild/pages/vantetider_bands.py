"""Figure 2 of the wait page: how long they have waited, and figure 4: who is left out of the figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.components.model import Column, FigureCard, Row, Special, Table
from lagesbild.domain.swedish import capital, count, decimal
from lagesbild.figures.bands import height, wait_band_bars
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.links import to_region
from lagesbild.pages.partial_text import waits_partial
from lagesbild.pages.phrases import hidden_cell, persons
from lagesbild.pages.place_parts import PER_TEXT, count_column, count_value, inhabitants
from lagesbild.pages.waits_text import group_words, named, source_line
from lagesbild.views.cell_count import cell_count
from lagesbild.views.excluded import Excluded, ExcludedRow
from lagesbild.views.healthcare_regions import Group
from lagesbild.views.population import Population
from lagesbild.views.wait_bands import Bands
from lagesbild.views.waits import BAND_ENDS, Waits

LABELS: Final = ("0–30", "31–60", "61–90", "91–120", "121–180", "181–365", "366 dagar<br>eller fler")
_TABLE_LABELS: Final = (*(f"{x} dagar" for x in LABELS[:-1]), "366 dagar eller fler")


def bands_card(
    waits: Waits, area: int, bands: Sequence[Bands], limit_days: int, context: PageContext, country: str
) -> FigureCard:
    """The place in focus (a provider, a region or a healthcare region, when one is chosen) over the country."""
    threshold = context.viewer.threshold
    people = inhabitants(context.source, context.selection, waits.end)
    frame = pd.DataFrame(index=range(len(LABELS)))
    names = []
    for b in bands:
        # beside a bar on a phone there is no room for more than the name; title and table say what it is of
        name = b.group.name if b.group is not None else _inside(b, country)
        names.append(name)
        frame[f"{name}:share"] = [np.nan if s is None else s for s in b.shares]
        told = [_told(c, b, waits, area, people) for c in b.counts]
        frame[f"{name}:count"] = [np.nan if c is None else c for c in told]
        frame[f"{name}:text"] = [
            "" if s == "" and c is not None else _hidden_text(s, threshold) for s, c in zip(b.states, told, strict=True)
        ]
    within = BAND_ENDS.index(limit_days) + 1 if limit_days in BAND_ENDS else None
    figure = drawn(
        wait_band_bars,
        frame,
        labels=LABELS,
        names=names,
        limit_after=within,
        limit_text=f"Vårdgaranti, {count(limit_days)} dagar",
        decimals=0 if people is None else 1,
        theme=context.theme,
    )
    return FigureCard(
        id="vantetid-intervall",
        title=_title(bands, waits, area, people, country),
        summary=_summary(bands, people, country),
        table=_table(bands, waits, area, people, threshold, country),
        source=f"Väntan hittills för dem som står i kö. {_sizes(bands, country)}{_without(bands, waits, country)}"
        f"{source_line(waits, area=area)} {waits_partial(waits, area, 1)}".rstrip(),
        graphic=figure,
        graphic_height=height(len(LABELS), len(bands)),
        graphic_label="Andel av de väntande i sju intervall av väntetid",
        span=5,
    )


def _codes(b: Bands, waits: Waits, area: int) -> tuple[str, ...]:
    """The regions whose inhabitants a rate is of; a provider's are its region's."""
    if b.provider is not None:
        return (b.provider.region,)
    if b.region is not None:
        return (b.region.code,)
    if b.group is not None:
        return tuple(r.code for r in b.group.counted if r.code not in b.without)
    use = waits.counted[area, :, -1]
    return tuple(r.code for r, counted in zip(waits.regions, use, strict=True) if counted and r.code not in b.without)


def _told(value: float | None, b: Bands, waits: Waits, area: int, people: Population | None) -> float | None:
    """A count as it is asked for: itself, or per 100 000 inhabitants."""
    return value if people is None else people.per_100_000(value, *_codes(b, waits, area))


def _inside(b: Bands, country: str) -> str:
    """The place as it stands in a sentence: `riket`, `Skåne`, `sjukvårdsregion Södra`, a provider's name."""
    if b.group is not None:
        return group_words(b.group.name)
    return "riket" if b.country and country == "Riket" else b.name


def _title_of(b: Bands, country: str) -> str:
    """The place as it stands alone."""
    return country if b.country else capital(_inside(b, country))


def _hidden_text(state: str, threshold: int) -> str:
    return {"suppressed": f"<{threshold}", "secondary": ".."}.get(state, "saknas")


def _at(b: Bands, country: str) -> str:
    return f"{'vid' if b.provider else 'i'} {_inside(b, country)}"


def _title(bands: Sequence[Bands], waits: Waits, area: int, people: Population | None, country: str) -> str:
    first = bands[0]
    n = first.over_half_year
    told = _told(n, first, waits, area, people)
    if n is None or told is None:
        return f"Så länge har de väntande {_at(first, country)} väntat"
    number = count(n) if people is None else f"{decimal(told)} {PER_TEXT}"
    who = f"{number} {_at(first, country)}" if n else f"Ingen {_at(first, country)}"
    return f"{who} har väntat över ett halvår"


def _summary(bands: Sequence[Bands], people: Population | None, country: str) -> str:
    half, most = [], []
    for b in bands:
        d50, d90 = b.wait_days(0.5), b.wait_days(0.9)
        if d50 is not None and d90 is not None:
            half.append(f"{count(d50)} dagar {_at(b, country)}")
            most.append(count(d90))
    text = "Andel och antal av de väntande."
    if people is not None:
        text = f"Andel av de väntande, och antal {PER_TEXT}, folkmängd {people.year}."
    if len(half) == 2:
        first, second = half[0], half[1].replace(" dagar", "")
        return f"{text} Hälften har väntat högst {first} och {second}, nio av tio högst {most[0]} och {most[1]}."
    if len(half) == 1:
        return f"{text} Hälften har väntat högst {half[0]}, nio av tio högst {most[0]}."
    return text


def _sizes(bands: Sequence[Bands], country: str) -> str:
    parts = [f"{_title_of(b, country)} {persons(b.total)}" for b in bands if b.total is not None]
    return f"Över ett halvår: 181 dagar eller fler. {', '.join(parts)}. " if parts else ""


def _without(bands: Sequence[Bands], waits: Waits, country: str) -> str:
    """Regions that are in no share and no days, because they tell nobody how long has been waited."""
    names = {r.code: r.short_name for r in waits.regions}
    told = [
        f"{named([names[c] for c in b.without])} saknar väntetidsintervall och ingår inte i andelar och dagar för "
        f"{_inside(b, country)}. "
        for b in bands
        if b.without
    ]
    return "".join(told)


def _table(
    bands: Sequence[Bands], waits: Waits, area: int, people: Population | None, threshold: int, country: str
) -> Table:
    unit = "Antal" if people is None else capital(PER_TEXT)
    columns: list[Column] = [Column("wait_band", "Väntetid")]
    for k, b in enumerate(bands):
        title = _title_of(b, country)
        kind = "country" if b.country else f"place_{k}"
        columns += [
            Column(f"{kind}_share", "Andel", "share", group=title),
            count_column(f"{kind}_waiting", unit, people, group=title),
        ]
    rows = []
    for i, label in enumerate(_TABLE_LABELS):
        cells: list[Any] = [label]
        for b in bands:
            value, share = b.counts[i], b.shares[i]
            cell = count_value(cell_count(value, b.states[i]), threshold, people, *_codes(b, waits, area))
            # a share of a count that may not be told is as protected as the count; a dash is for what nobody reported
            hidden = value is not None or b.states[i] in ("suppressed", "secondary")
            absent = hidden_cell("secondary", threshold) if hidden else "–"
            cells += [absent if share is None else share, cell]
        rows.append(Row(tuple(cells)))
    return Table(f"Väntande efter väntetid, {waits.end.sv}", tuple(columns), tuple(rows), period=str(waits.end))


def excluded_card(
    waits: Waits, area: int, found: Excluded, context: PageContext, country: str, group: Group | None = None
) -> FigureCard:
    """Who is left out, as a table that is the figure; of a `group` its regions, its sum and the country."""
    people = inhabitants(context.source, context.selection, waits.end)
    columns = (
        Column("region", "Region"),
        count_column("excluded_patient_choice", "Patient\u00advald", people),
        count_column("excluded_medical", "Medicinskt orsakad", people),
        count_column("excluded", "Summa", people),
        Column("excluded_share", "Andel av alla i kö", "share"),
    )
    rows = tuple(_excluded_row(r, found.counted(r), people, context, country) for r in found.rows)
    focus = found.group or found.country
    total = focus.counts[2] if focus else None
    where = f" i {group_words(group.name)}" if group else ""
    highest = found.highest
    most = f" Störst andel i {highest.region.short_name}." if highest and highest.region and len(found.rows) > 2 else ""
    title = f"Borträknade personer{where}"
    if focus is not None and total is not None:
        title = f"{persons(total)} är {'borträknad' if total == 1 else 'borträknade'}{where}"
        rate = people.per_100_000(total, *found.counted(focus)) if people else None
        if rate is not None:
            title = f"{decimal(rate)} {PER_TEXT} är borträknade{where}"
    unit = "" if people is None else f" Antal {PER_TEXT}, folkmängd {people.year}."
    return FigureCard(
        id="bortraknade",
        title=title,
        summary=f"De väntar av eget val eller av medicinska skäl.{most}{unit}",
        table=Table(
            f"Borträknade personer per region{f', {group_words(group.name)}' if group else ''}, {waits.end.sv}",
            columns,
            rows,
            sorted_by="excluded_share",
            period=str(waits.end),
        ),
        source=source_line(waits, area=area, with_excluded=False, group=group),
        span=5,
    )


def _excluded_row(
    r: ExcludedRow, codes: tuple[str, ...], people: Population | None, context: PageContext, country: str
) -> Row:
    threshold = context.viewer.threshold
    name = r.region.short_name if r.region else capital(group_words(r.group)) if r.group else country
    if r.states[2] == "missing" and r.states[0] == "missing":
        gone = Special("excluded" if r.left_out else "missing", reason=r.reason)
        return Row((name, gone, "–", "–", "–"), href=to_region(r.region.code, context.selection) if r.region else "")
    cells: list[Any] = [name]
    for value, state in zip(r.counts, r.states, strict=True):
        cells.append(count_value(cell_count(value, state), threshold, people, *codes))
    # nothing is hidden where a count was not sent, or nobody is in the queue
    cells.append(
        r.share if r.share is not None else "–" if r.share_state == "missing" else hidden_cell("secondary", threshold)
    )
    chosen = bool(r.group) or (r.region is not None and r.region.code == context.selection.region)
    href = to_region(r.region.code, context.selection) if r.region else ""
    return Row(tuple(cells), emphasis="chosen" if chosen else "" if r.region else "country", href=href)
