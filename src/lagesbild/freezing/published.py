"""All the numbers of a snapshot: every dataset as the viewer may see it, as a machine table and for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

import numpy as np
import pandas as pd

from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.freezing.machine_table import MachineTable, Value, machine_table
from lagesbild.snapshots.manifest import Measure
from lagesbild.views.published_tables import (
    TABLES,
    Asked,
    Column,
    PublishedTable,
    published_definitions,
    published_table,
)

_FORMS: Final[Mapping[str, Literal["count", "number", "share", "text"]]] = {
    "count": "count",
    "signed": "count",
    "share": "share",
    "probability": "share",
    "days": "number",
    "number": "number",
    "points": "number",
}
_FLAGS: Final = ("provisional",)
# sums of twelve months: as far back as the pages show them; six years of them took two thirds of the time
_WINDOWS: Final = ("out-of-region", "brokering")
WINDOW_MONTHS: Final = 36
_FORECAST: Final = ("forecasts", "gaps")
_REFERENCE: Final = (
    "published-totals",
    "published-shares",
    "regions",
    "care-areas",
    "providers",
    "guarantee-limits",
    "population",
    "breaks",
    "definitions",
)
# one run in a snapshot, told in the manifest: the numbers of another run are changes of the same rows
_RUN: Final = "run_id"
_OF_THE_RUN: Final = ("horizon", "until", "model")  # how, not what: they differ whenever the run does


def published(
    source: Source, viewer: Viewer, progress: Callable[[str], None] = lambda _: None
) -> dict[str, PublishedTable]:
    """By dataset, in the order they are told of; providers' own rows are left to the pages."""
    found = {}
    last = source.latest_month()
    recent = Asked(first=last - (WINDOW_MONTHS - 1)) if last else Asked()
    for name in TABLES:
        progress(f"räknar {name}")
        found[name] = published_table(name, source, recent if name in _WINDOWS else Asked(), viewer)
    found["definitions"] = published_definitions(found, viewer)
    return found


def as_machine_table(table: PublishedTable) -> MachineTable:
    """`data/<dataset>.csv` with its line in the manifest."""
    frame = table.frame.drop(columns=[_RUN]) if _RUN in table.frame and table.dataset in _FORECAST else table.frame
    keys = [c.name for c in table.keys if c.name in frame]
    told = [c for c in table.columns if c.name not in (*keys, *_OF_THE_RUN) and c.name in frame]
    measures = [_measure(c) for c in told]
    names = [*keys]
    for column in told:
        names += [column.name, column.state_column] if column.role == "measure" else [column.name]
    kinds = {c.name: c.kind for c in table.columns}
    lists = [_values(frame[name], kinds.get(name, "text")) for name in names]
    kind: Literal["facts", "forecast", "reference"] = (
        "forecast" if table.dataset in _FORECAST else "reference" if table.dataset in _REFERENCE else "facts"
    )
    return machine_table(table.dataset, table.title, keys, measures, zip(*lists, strict=True), kind=kind)


def _measure(c: Column) -> Measure:
    form = "flag" if c.name in _FLAGS else _FORMS.get(c.kind, "text")
    unit = "" if form in ("share", "text", "flag") or " " in c.unit else c.unit
    decimals = min(6, c.places or 0)
    shown = max(0, decimals - 2) if form == "share" else decimals  # a share is told in per cent
    state = c.state_column if c.role == "measure" else ""
    title = c.title[:1].lower() + c.title[1:]
    return Measure(name=c.name, title=title, form=form, unit=unit, decimals=shown, state=state)


def _values(column: pd.Series, kind: str) -> list[Value]:
    if kind == "month":
        return ["" if pd.isna(m) else f"{m:%Y-%m}" for m in column]
    if column.dtype.kind == "f":
        return [None if np.isnan(x) else float(x) for x in column]
    if column.dtype.kind in "iu":
        return [int(x) for x in column]
    return ["" if x is None or x is pd.NA or x != x else str(x) for x in column]
