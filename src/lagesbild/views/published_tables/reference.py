"""Tables that are about nobody: regions, care areas, providers, limits, breaks and inhabitants, as they are now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Provider, Region
from lagesbild.domain.dataset_spec import Column as DatasetColumn
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.source import Break, GuaranteeLimit, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables.model import Asked, Column, Kind, Origin, PublishedTable, made, text

_NUMBERS: Final[Mapping[str, Kind]] = {"count": "count", "days": "days", "number": "number", "year": "number"}


def reference_table(name: str, rows: Iterable[Mapping[str, Any]], viewer: Viewer) -> PublishedTable:
    """Rows as they are, in the columns of the dataset. A number that is not known is missing; no number here is of
    patients."""
    spec, held = DATASETS[name], list(rows)
    columns = reference_columns(name)
    given: dict[str, Any] = {}
    states: dict[str, Any] = {}
    for c in columns:
        values = [r.get(c.name) for r in held]
        if c.role == "measure":
            given[c.name] = np.array([np.nan if v is None or pd.isna(v) else float(v) for v in values], float)
            states[c.name] = np.full(len(held), "", object)
        else:
            given[c.name] = text([_plain(v) for v in values])
    return made(name, spec.sv.capitalize(), columns, given, states, viewer, Origin())


def reference_columns(name: str) -> tuple[Column, ...]:
    """Of a table about nobody: those of the dataset."""
    return tuple(_column(c) for c in DATASETS[name].columns)


def _column(c: DatasetColumn) -> Column:
    kind = _NUMBERS.get(c.kind, "text")
    number = kind != "text" and not c.key
    about = "; ".join(f"{english} = {swedish}" for english, swedish in c.choices)
    if c.empty_means:
        about = f"Tom = {c.empty_means}."
    title = c.sv[0].upper() + c.sv[1:]
    if not number:
        return Column(c.name, title, "text", "key" if c.key else "about", "", about)
    unit = "dagar" if kind == "days" else "personer" if kind == "count" else ""
    return Column(c.name, title, kind, "measure", unit, about, 6 if kind == "number" else None)


def _plain(value: Any) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _chosen(code: str, wanted: tuple[str, ...]) -> bool:
    """Whether a row is of something asked for; rows of everything ("") always are."""
    return not wanted or code == "" or code in wanted


def regions_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    found = sorted(source.regions(), key=lambda r: (r.sort_order, r.code))
    return reference_table("regions", (_row(r) for r in found if _chosen(r.code, asked.regions)), viewer)


def care_areas_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    found = sorted(source.care_areas(), key=lambda a: (a.sort_order, a.code))
    return reference_table("care-areas", (_row(a) for a in found if _chosen(a.code, asked.care_areas)), viewer)


def providers_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    """`asked.providers` chooses among them; none are all, as there is nothing else here."""
    mine = [p for p in source.providers() if not asked.providers or p.code in asked.providers]
    rows = (_row(p) for p in sorted(mine, key=lambda p: p.code) if _chosen(p.region, asked.regions))
    return reference_table("providers", rows, viewer)


def guarantee_limits_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    found = sorted(source.guarantee_limits(), key=lambda x: (x.care_area, x.region, x.valid_from))
    rows = (_row(x) for x in found if _chosen(x.care_area, asked.care_areas) and _chosen(x.region, asked.regions))
    return reference_table("guarantee-limits", rows, viewer)


def breaks_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    found = sorted(source.breaks(), key=lambda b: (b.first, b.region, b.care_area))
    rows = (
        _row(b) | {"from": str(b.first), "to": "" if b.last is None else str(b.last)}
        for b in found
        if _chosen(b.care_area, asked.care_areas) and _chosen(b.region, asked.regions)
    )
    return reference_table("breaks", rows, viewer)


def population_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    rows = source.reference("population")
    rows = rows.assign(year=pd.to_numeric(rows["year"]).astype(int)).sort_values(["year", "region"])
    held = (r for r in rows.to_dict("records") if _chosen(str(r["region"]), asked.regions))
    return reference_table("population", ({str(k): v for k, v in r.items()} for r in held), viewer)


def _row(thing: Region | CareArea | Provider | GuaranteeLimit | Break) -> dict[str, Any]:
    return dict(vars(thing))


REFERENCE: Final[Mapping[str, Callable[[Source, Asked, Viewer], PublishedTable]]] = {
    "regions": regions_table,
    "care-areas": care_areas_table,
    "providers": providers_table,
    "guarantee-limits": guarantee_limits_table,
    "population": population_table,
    "breaks": breaks_table,
}
