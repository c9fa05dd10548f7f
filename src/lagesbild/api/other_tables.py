"""The endpoints that are laid out as tables without being datasets: free capacity near a region, and snapshots."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

import numpy as np

from lagesbild.api.parameters import NearParameters, Paged, TableParameters
from lagesbild.api.reading import codes_near
from lagesbild.api.tables import Ask, TableEndpoint, Told, marked, without_forecast
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import count
from lagesbild.views.near_capacity import COLUMNS as NEAR_COLUMNS
from lagesbild.views.near_capacity import near_capacity
from lagesbild.views.published_tables import COLUMNS, Column, PublishedTable
from lagesbild.views.published_tables.definitions import COLUMNS as DEFINITION_COLUMNS
from lagesbild.views.published_tables.definitions import definitions_table
from lagesbild.views.published_tables.model import Origin, made, text

SNAPSHOT_COLUMNS: Final = (
    Column("name", "Fil", role="key", definition="Filens namn; hämtas på address."),
    Column("as_of", "Tidpunkt", definition="Den tidpunkt som bilden visar, ISO 8601."),
    Column("reason", "Skäl", definition="Varför bilden sparades; tom när inget skäl gavs."),
    Column("data_edition", "Dataversion", definition="Som alla svar om bildens tidpunkt har den i data_edition."),
    Column("role", "För vem", definition="public = små tal är skyddade, exact = alla tal visas."),
    Column("synthetic", "Påhittade uppgifter", definition="true när någon uppgift i bilden är påhittad."),
    Column("sha256", "Kontrollsumma", definition="SHA-256 av bildens manifest, hexadecimalt."),
    Column("size", "Storlek", "count", "measure", "byte", "Filens storlek."),
    Column("address", "Adress", definition="Var filen hämtas."),
)


def other_endpoints() -> tuple[TableEndpoint, ...]:
    """In the order they are listed."""
    return (
        TableEndpoint(
            "free-capacity",
            "Ledig kapacitet i närheten",
            "Regioner med ledig kapacitet för ett vårdområde, med väntetid och avstånd: för vårdförmedling.",
            NEAR_COLUMNS,
            NearParameters,
            _near,
            codes=codes_near,
        ),
        TableEndpoint(
            "snapshots",
            "Ögonblicksbilder",
            "Sparade ögonblicksbilder, den senaste först.",
            SNAPSHOT_COLUMNS,
            TableParameters,
            _snapshots,
            lasting=False,
        ),
        TableEndpoint(
            "definitions",
            "Definitioner",
            "Vad varje kolumn i varje tabell betyder.",
            DEFINITION_COLUMNS,
            Paged,
            lambda ask, _: Told(definitions_table(COLUMNS.items(), ask.viewer)),
        ),
    )


def _near(ask: Ask, question: Paged) -> Told:
    assert isinstance(question, NearParameters)
    found = near_capacity(
        ask.source,
        question.care_area,
        question.region,
        ask.viewer,
        order=question.sort,
        most_km=question.max_km,
        provider=question.provider or "",
        as_of=question.as_of,
    )
    notes = without_forecast("gaps", ask.source, question.as_of, (question.care_area,))
    if found.unknown and not notes:
        notes.append(f"{_regions(found.unknown)} utan öppet gap har ingen uppgift om ledig kapacitet som får visas.")
    if found.far:
        notes.append(f"{_regions(found.far)} med ledig kapacitet ligger längre bort än {question.max_km} km.")
    if found.without_place:
        notes.append(f"{_regions(found.without_place)} har inget avstånd: koordinater saknas.")
    return Told(marked(found.table, ask.source, question), tuple(notes))


def _regions(n: int) -> str:
    return "1 region" if n == 1 else f"{count(n)} regioner"


def _snapshots(ask: Ask, question: Paged) -> Told:
    """Those that hold exact numbers are for those who may see them; damaged files are told of on the page."""
    assert isinstance(question, TableParameters)
    rows: list[dict[str, Any]] = []
    for stored in ask.snapshots.listed() if ask.snapshots is not None else ():
        manifest = stored.manifest
        if manifest is None or (manifest.role == "exact" and ask.viewer.role != "exact"):
            continue
        month = Month.of(manifest.as_of)
        late = question.as_of is not None and manifest.as_of > question.as_of
        if late or (question.from_ and month < question.from_) or (question.to and month > question.to):
            continue
        rows.append(
            {
                "name": stored.name,
                "as_of": manifest.as_of.isoformat(),
                "reason": manifest.reason,
                "data_edition": manifest.data_version,
                "role": manifest.role,
                "synthetic": "true" if manifest.synthetic else "false",
                "sha256": stored.checksum,
                "size": float(stored.size),
                "address": f"/ogonblicksbilder/fil/{quote(stored.name)}",
            }
        )
    chosen = (("region", question.region), ("care_area", question.care_area), ("provider", question.provider))
    named = [name for name, values in chosen if values]
    notes = (f"{' och '.join(named)} väljer inget här: en ögonblicksbild är av allt.",) if named else ()
    return Told(_table(rows, ask), notes)


def _table(rows: list[dict[str, Any]], ask: Ask) -> PublishedTable:
    given: dict[str, Any] = {}
    for c in SNAPSHOT_COLUMNS:
        values = [r[c.name] for r in rows]
        given[c.name] = np.array(values, float) if c.role == "measure" else text(values)
    states = {c.name: np.full(len(rows), "", object) for c in SNAPSHOT_COLUMNS if c.role == "measure"}
    return made("snapshots", "Ögonblicksbilder", SNAPSHOT_COLUMNS, given, states, ask.viewer, Origin())
