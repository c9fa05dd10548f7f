"""`published-totals`: what the country itself publishes. Totals of an aggregate region, as they were published."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import aggregate_regions, leaf_regions
from lagesbild.domain.source import Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables.model import Asked, Column, PublishedTable, made, origin, text
from lagesbild.views.published_tables.places import AREA, PERIOD
from lagesbild.views.published_tables.span import Span, span

_MEASURES: Final = {"waiting": "Väntar", "added": "Nytillkomna", "performed": "Genomförda"}
COLUMNS: Final = (
    PERIOD,
    Column("region", "Region", role="key", definition="Kod för det land eller den del som publicerat talen."),
    AREA,
    *(
        Column(c, t, "count", "measure", "personer", "Som källan publicerat det, aldrig en summa av regionerna här.")
        for c, t in _MEASURES.items()
    ),
    Column("provisional", "Preliminär", definition="Sant när talet är preliminärt."),
    Column("x_source", "Källa"),
)


def published_totals_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    """Care areas that no region reports, and those whose inflow and outflow are published for the whole: what the pages
    show. Never protected: they are public already."""
    about = span(source, asked)
    codes = () if about is None else tuple(r.code for r in aggregate_regions(about.source.regions()))
    codes = tuple(c for c in codes if not asked.regions or c in asked.regions)
    if about is None or not codes:
        return _table(pd.DataFrame(), viewer)
    # all that there is, unless months are told: what is published may have ended long before the regions' own
    query = Query(codes, about.codes, "", asked.first, about.last)
    waits, made_ = (about.source.facts(n, query) for n in ("waits", "production"))
    own = _reported(about)
    waits = waits[~waits["care_area"].isin(own) | waits["care_area"].isin(set(made_["care_area"]))]
    keys = ["period", "region", "care_area"]
    about_rows = ["value_status", "source", "recorded_at", "synthetic"]
    both = waits[[*keys, "waiting", *about_rows]].merge(
        made_[[*keys, "added", "performed", *about_rows]], on=keys, how="outer", suffixes=("", "_made")
    )
    for c in about_rows:
        both[c] = both[c].where(both[c].notna(), both[f"{c}_made"])
    return _table(both.sort_values(["care_area", "region", "period"]).reset_index(drop=True), viewer)


def _reported(about: Span) -> frozenset[str]:
    """Care areas that some region reports itself."""
    leaves = tuple(r.code for r in leaf_regions(about.source.regions()))
    return about.source.distinct("waits", "care_area", Query(leaves, about.codes, "", None, about.last))


def _table(rows: pd.DataFrame, viewer: Viewer) -> PublishedTable:
    given: dict[str, Any]
    if rows.empty:
        given = {c.name: text([]) if c.kind == "text" else np.empty(0) for c in COLUMNS}
        given["period"], given["provisional"] = np.empty(0, "datetime64[s]"), np.empty(0, bool)
    else:
        given = {c: text(rows[c].astype(str).to_numpy(object)) for c in ("region", "care_area")}
        given |= {c: rows[c].to_numpy(float) for c in _MEASURES}
        given["period"] = rows["period"].to_numpy("datetime64[s]")
        given["provisional"] = (rows["value_status"] == "provisional").to_numpy(bool)
        given["x_source"] = text(rows["source"].astype(str).to_numpy(object))
    states = {c: np.full(len(rows), "", object) for c in _MEASURES}
    return made("published-totals", "Publicerade rikstal", COLUMNS, given, states, viewer, origin(rows))
