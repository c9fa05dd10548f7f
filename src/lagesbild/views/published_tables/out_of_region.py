"""`out-of-region`: home by treating region over twelve months, as `/utomlansvard` has it for each month that ends one.

No single month is published, there or here. What may be shown of a sum is decided in `views.out_of_region`; this file
lays it out in rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from lagesbild.domain.care import CareArea
from lagesbild.domain.disclosure import State
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import COUNTRY, Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.window_twin import WINDOW
from lagesbild.views.out_of_region import FlowMatrix, flow_matrices
from lagesbild.views.published_tables.model import Asked, Column, Origin, PublishedTable, joined, made, stamps, text
from lagesbild.views.published_tables.places import AREA, GROUP
from lagesbild.views.published_tables.span import Span, span
from lagesbild.views.travel import HISTORY_MONTHS, read_travel

# windows taken from one reading: those before it, which decide what may be shown of the first, must be in it too
_CHUNK: Final = HISTORY_MONTHS - 2 * WINDOW
_KINDS: Final = {
    "cell": "flow",
    "out": "sent",
    "in": "received",
    "sent": "sent",
    "own": "inside",
    "away": "sent_outside",
    "received": "received",
    "from": "received_outside",
    "all": "all",
    "inside": "inside",
    "outside": "outside",
}
COLUMNS: Final = (
    Column("period", "Tolv månader till", "month", "key", definition="Sista månaden av de tolv som summeras."),
    Column(
        "level",
        "Nivå",
        role="key",
        definition="flow = från region till region, region, healthcare_region = sjukvårdsregion, country = riket.",
    ),
    Column(
        "kind",
        "Vad som räknas",
        role="key",
        definition="flow = flödet; sent = alla från; received = alla till; inside = inom den egna sjukvårdsregionen; "
        "sent_outside = ut ur den; received_outside = in i den; outside = utanför den egna; all = alla.",
    ),
    Column("home_region", "Hemregion", role="key", definition="Kod; tom när alla hemregioner räknas."),
    Column("treating_region", "Utförande region", role="key", definition="Kod; tom när alla utförande räknas."),
    GROUP,
    AREA,
    Column(
        "performed",
        "Genomförda, tolv månader",
        "count",
        "measure",
        "personer",
        "Personer som fått vård utanför sin hemregion under tolv månader. Flöden som är noll står inte med.",
    ),
    Column(
        "elsewhere_share",
        "Andel utanför hemregionen",
        "share",
        "measure",
        "andel 0–1",
        "Alla från regionen, sjukvårdsregionens regioner eller riket delat med deras egna genomförda, var de än "
        "behandlats.",
    ),
    Column("provisional", "Preliminär", definition="Sant när någon av de tolv månaderna är preliminär."),
)


def out_of_region_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    """Windows that end with the months asked for. `asked.regions`: flows from or to one of them, and their sums;
    providers are not told of."""
    about = span(source, asked)
    rows: list[tuple[Any, ...]] = []
    found: list[Origin] = []
    for area in _areas(about) if about is not None else ():
        assert about is not None  # no span, no care areas
        for matrix in reversed(list(_matrices(about, area, viewer))):
            rows += _rows(matrix, set(asked.regions))
            travel = matrix.travel
            found.append(Origin(travel.sources, travel.recorded_at, travel.synthetic))
    names = [c.name for c in COLUMNS]
    given: dict[str, Any] = {n: [r[k] for r in rows] for k, n in enumerate(names)}
    given |= {"period": stamps(given["period"]), "provisional": np.array(given["provisional"], bool)}
    given |= {c.name: text(given[c.name]) for c in COLUMNS if c.role == "key" and c.kind == "text"}
    states = {"performed": [r[-2] for r in rows], "elsewhere_share": [r[-1] for r in rows]}
    return made("out-of-region", "Utomlänsvård", COLUMNS, given, states, viewer, joined(found))


def _areas(about: Span) -> tuple[CareArea, ...]:
    """Those asked for; else those with flows in the months."""
    if about.areas:
        return about.areas
    query = Query(first=about.first - (WINDOW - 1), last=about.last)
    known = about.source.distinct("out-of-region", "care_area", query)
    return tuple(
        sorted((a for a in about.source.care_areas() if a.code in known), key=lambda a: (a.sort_order, a.code))
    )


def _matrices(about: Span, area: CareArea, viewer: Viewer) -> Iterator[FlowMatrix]:
    """The windows that end with the months asked for, newest first."""
    end = about.last
    while end >= about.first:
        travel = read_travel(about.source, Selection(care_area=area.code, month=end))
        if travel is None or travel.end < about.first:
            return
        wanted = min(_CHUNK, travel.end - about.first + 1)
        yield from reversed(flow_matrices(travel, viewer, wanted))
        end = min(end, travel.end) - _CHUNK


def _rows(matrix: FlowMatrix, regions: set[str]) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of COLUMNS, and the states of the two measures."""
    early = bool(matrix.travel.provisional_to(matrix.end))
    area = matrix.travel.area.code
    groups = {r.code: r.healthcare_region for r in matrix.regions}
    for kind, home, treating in matrix.states:
        group, level = "", "country"
        key = kind, home, treating
        value, state = matrix.shown(*key), matrix.state(*key)
        if kind == "cell":
            level = "flow"
            if value == 0:
                continue
        elif kind in ("out", "in"):
            level, group = "region", groups[home or treating]
        elif home:
            level, group, home = "healthcare_region", home, ""
        if regions and not regions & ({home, treating} if level in ("flow", "region") else {_named(level)}):
            continue
        share, share_state = _share(matrix, kind, group if level == "healthcare_region" else home)
        yield (
            *(matrix.end, level, _KINDS[kind], home, treating, group, area),
            *(np.nan if value is None else value, share, early, state, share_state),
        )


def _named(level: str) -> str:
    return COUNTRY if level == "country" else "\0"


def _share(matrix: FlowMatrix, kind: str, home: str) -> tuple[float, State]:
    """Of all from a region or a healthcare region's, and of the country's; other rows have none. A share that the rules
    for small counts hide is protected also where the count beside it is shown."""
    if kind == "out":
        share, state = matrix.share(home), matrix.share_state(home)
    elif kind in ("sent", "all"):
        regions = matrix.with_share_in(home) if kind == "sent" else matrix.with_share
        share, state = matrix.share_of(regions), matrix.state_of(regions)
    else:
        return np.nan, "missing"
    return (np.nan, state) if share is None else (share, "")
