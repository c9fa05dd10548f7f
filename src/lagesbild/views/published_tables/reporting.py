"""`reporting`: which region has reported what, for which month, to which register, as `/datakvalitet` tells it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables.model import Asked, Column, Origin, PublishedTable, joined, made, stamps, text
from lagesbild.views.published_tables.places import PERIOD, REGION
from lagesbild.views.published_tables.span import span
from lagesbild.views.reporting_matrix import Matrix, reporting_matrix

COLUMNS: Final = (
    PERIOD,
    REGION,
    Column("register", "Register", role="key", definition="Den datamängd som registret fyller."),
    Column(
        "care_area", "Vårdområde", role="key", definition="Kod när bara några vårdområden är valda; tom för alla ihop."
    ),
    Column(
        "status",
        "Läge",
        definition="reported = rapporterad, late = för sent, provisional = preliminär eller ofullständig, "
        "missing = saknas, excluded = utesluten, not_yet = har inte börjat rapportera.",
    ),
    Column("reason", "Orsak", definition="Regionens egen förklaring."),
    Column("lacking", "Vårdområden som saknas", definition="Koder för vårdområden som regionen annars rapporterar."),
    Column(
        "late_days",
        "Dagar för sent",
        "count",
        "measure",
        "dagar",
        "Dagar efter sista inrapporteringsdag; saknas när första inrapporteringsdagen inte är känd.",
    ),
)


def reporting_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    """One row for each register, region and month; one for each care area too when some are asked for."""
    about = span(source, asked)
    rows: list[tuple[Any, ...]] = []
    found: list[Origin] = []
    for area in (about.codes or ("",)) if about is not None else ():
        assert about is not None  # no span, nothing to go through
        chosen = Selection(care_area=area, month=about.last, window=about.last - about.first + 1)
        matrix = reporting_matrix(about.source, chosen)
        if matrix is not None:
            rows += _rows(matrix, area, asked)
            found.append(Origin(matrix.sources, matrix.recorded_at, matrix.synthetic))
    given: dict[str, Any] = {c.name: [r[k] for r in rows] for k, c in enumerate(COLUMNS)}
    given |= {"period": stamps(given["period"])}
    given |= {c.name: text(given[c.name]) for c in COLUMNS if c.kind == "text"}
    return made(
        "reporting", DATASETS["reporting"].sv.capitalize(), COLUMNS, given, _states(rows), viewer, joined(found)
    )


def _states(rows: list[tuple[Any, ...]]) -> dict[str, list[str]]:
    return {"late_days": [""] * len(rows)}  # about the region's work, not about any patient


def _rows(matrix: Matrix, area: str, asked: Asked) -> list[tuple[Any, ...]]:
    out = []
    for (register, code, month), field in matrix.fields.items():
        if not asked.regions or code in asked.regions:
            late = np.nan if field.late_days is None else float(field.late_days)
            out.append((month, code, register, area, field.status, field.reason, " ".join(field.lacking), late))
    return out
