"""`brokering`: cases over twelve months, by home region and by the region asked, as `/utomlansvard` has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from lagesbild.domain.care import CareArea
from lagesbild.domain.source import Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.window_twin import WINDOW
from lagesbild.views.brokering import Brokering, of_window
from lagesbild.views.brokering_cases import COLUMNS as OUTCOMES
from lagesbild.views.brokering_cases import read_cases
from lagesbild.views.brokering_twin import HOME, TREATING
from lagesbild.views.published_tables.model import Asked, Column, Origin, PublishedTable, joined, made, stamps, text
from lagesbild.views.published_tables.places import AREA
from lagesbild.views.published_tables.span import Span, span

_TITLES: Final = {
    "started": ("Startade", "Ärenden som startats; av den tillfrågade regionen: ärenden som den tillfrågats om."),
    "accepted": ("Accepterade", "Ärenden som den tillfrågade regionen tagit emot."),
    "declined": ("Avböjda", "Ärenden som den tillfrågade regionen sagt nej till."),
    "not_completed": ("Inte fullföljda", "Accepterade ärenden som inte ledde till vård."),
    "completed": ("Fullföljda", "Accepterade ärenden som ledde till vård."),
    "none_found": ("Ingen plats hittades", "Ärenden där ingen region hittades."),
}
COLUMNS: Final = (
    Column("period", "Tolv månader till", "month", "key", definition="Sista månaden av de tolv som summeras."),
    Column(
        "level",
        "Sida",
        role="key",
        definition="home = ärenden från regionen, treating = ärenden som regionen tillfrågats om, country = riket.",
    ),
    Column("region", "Region", role="key", definition="Regionens kod; tom för riket."),
    AREA,
    *(Column(c, _TITLES[c][0], "count", "measure", "ärenden", _TITLES[c][1]) for c in OUTCOMES),
    Column(
        "handling_days",
        "Handläggningstid",
        "days",
        "measure",
        "dagar",
        "Medelvärde av månadernas medianer, vägda med antalet ärenden.",
    ),
    Column("provisional", "Preliminär", definition="Sant när någon av de tolv månaderna är preliminär."),
)


def brokering_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    """Windows that end with the months asked for and have twelve months with cases before them."""
    about = span(source, asked)
    rows: list[tuple[Any, ...]] = []
    states: list[tuple[str, ...]] = []
    found: list[Origin] = []
    for area in _areas(about) if about is not None else ():
        assert about is not None  # no span, no care areas
        for view in reversed(list(_views(about, area, viewer))):
            found.append(Origin(view.sources, view.recorded_at, view.synthetic))
            for row, told in _rows(view, asked):
                rows.append(row)
                states.append(told)
    measures = [c.name for c in COLUMNS if c.role == "measure"]
    names = [c.name for c in COLUMNS]
    given: dict[str, Any] = {n: [r[k] for r in rows] for k, n in enumerate(names)}
    given |= {"period": stamps(given["period"]), "provisional": np.array(given["provisional"], bool)}
    given |= {c.name: text(given[c.name]) for c in COLUMNS if c.role == "key" and c.kind == "text"}
    by_measure = {m: [s[k] for s in states] for k, m in enumerate(measures)}
    return made("brokering", "Vårdförmedling", COLUMNS, given, by_measure, viewer, joined(found))


def _areas(about: Span) -> tuple[CareArea, ...]:
    if about.areas:
        return about.areas
    known = about.source.distinct("brokering", "care_area", Query(first=about.first - (WINDOW - 1), last=about.last))
    return tuple(
        sorted((a for a in about.source.care_areas() if a.code in known), key=lambda a: (a.sort_order, a.code))
    )


def _views(about: Span, area: CareArea, viewer: Viewer) -> Iterator[Brokering]:
    """The windows that end with the months asked for, newest first."""
    cases = read_cases(about.source, area)
    month, some = about.last, False
    while cases is not None and month >= about.first:
        view = of_window(cases, month, viewer)
        if view is None and some:
            return  # before the first that has twelve months
        if view is not None and view.end == month:
            some = True
            yield view
        month = month - 1 if view is None or view.end >= month else view.end


def _rows(view: Brokering, asked: Asked) -> list[tuple[tuple[Any, ...], tuple[str, ...]]]:
    out: list[tuple[tuple[Any, ...], tuple[str, ...]]] = []
    for side, code in dict.fromkeys((s, c) for s, c, _ in view.states):
        if code in view.groups or (asked.regions and code not in asked.regions):
            continue  # a healthcare region's sums are on `/utomlansvard` alone
        level = {HOME: "home", TREATING: "treating"}.get(side, "country")
        keys = [(side, code, c) for c in OUTCOMES]
        values = [view.shown(*k) if k in view.states else None for k in keys]
        told = [view.states.get(k, "missing") for k in keys]
        days = view.days[side, code]
        hidden = view.states[side, code, "started"] in ("suppressed", "secondary")
        told.append("" if days is not None else "secondary" if hidden else "missing")
        numbers = [np.nan if v is None else v for v in (*values, days)]
        early = bool(view.provisional)
        out.append(((view.end, level, code, view.area.code, *numbers, early), tuple(told)))
    return out
