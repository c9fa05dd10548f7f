"""`published-shares`: shares within the guarantee that a country published without the numbers behind them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from lagesbild.domain.source import Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables.model import Asked, Column, PublishedTable, made, origin, text
from lagesbild.views.published_tables.places import AREA, PERIOD
from lagesbild.views.published_tables.span import span

COLUMNS: Final = (
    PERIOD,
    Column("region", "Region", role="key", definition="Kod för den som publicerat andelen."),
    AREA,
    Column(
        "within_limit_share",
        "Andel inom gränsen",
        "share",
        "measure",
        "andel 0–1",
        "Som källan publicerat den, av dem som väntade vid månadens slut.",
    ),
    Column("x_source", "Källa"),
)


def published_shares_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    """Every published share of the months asked for; never protected: they are public already."""
    about = span(source, asked)
    if about is None:
        rows = source.facts("published-shares", Query()).iloc[:0]
    else:
        # all that there is, unless months are told: what is published may have ended long before the regions' own
        rows = about.source.facts("published-shares", Query(asked.regions, about.codes, "", asked.first, about.last))
    given: dict[str, Any] = {c: text(rows[c].astype(str).to_numpy(object)) for c in ("region", "care_area")}
    given["period"] = rows["period"].to_numpy("datetime64[s]")
    given["within_limit_share"] = rows["within_limit_pct"].to_numpy(float) / 100
    given["x_source"] = text(rows["source"].astype(str).to_numpy(object))
    states = {"within_limit_share": np.full(len(rows), "", object)}
    return made("published-shares", "Publicerade andelar", COLUMNS, given, states, viewer, origin(rows))
