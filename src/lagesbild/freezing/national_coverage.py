"""Which regions each national figure counts at the moment, as the data-quality page tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.swedish import count, join_and
from lagesbild.domain.viewer import Viewer
from lagesbild.freezing.machine_table import MachineTable, Value, machine_table
from lagesbild.snapshots.manifest import Coverage, Measure
from lagesbild.views.coverage import Coverage as View
from lagesbild.views.coverage import coverage

_MEASURES: Final = (
    Measure(name="counted", title="regioner som ingår", form="count"),
    Measure(name="regions", title="regioner", form="count"),
    Measure(name="population_share", title="andel av befolkningen", form="share", decimals=1),
    Measure(name="missing", title="regioner som saknas", form="text"),
)


@dataclass(frozen=True)
class Counted:
    """The view, None when no region reports waits; and its lowest figure as the manifest tells it."""

    view: View | None
    told: Coverage


def coverage_facts(source: Source, as_of: datetime, viewer: Viewer) -> Counted:
    """Coverage of the last month known at `as_of`, all care areas."""
    found = coverage(source, Selection(as_of=as_of), viewer)
    lowest = found.lowest if found else None
    if found is None or lowest is None or lowest.counted is None:
        return Counted(found, Coverage())
    shares = [r for r in found.rows if r.figure == "share" and r.counted is not None]
    least = min(shares, key=lambda r: len(r.counted or ()), default=lowest)
    missing = [r.short_name for r in least.missing(found.regions)]
    here = f"{count(len(least.counted or ()))} av {count(len(found.regions))} regioner"
    text = f"{here}. Saknas: {join_and(missing)}." if missing else f"{here}."
    return Counted(found, Coverage(counted=len(least.counted or ()), regions=len(found.regions), text=text))


def coverage_table(counted: Counted) -> Iterator[MachineTable]:
    """`data/coverage.csv`: period, figure, care_area -> how many regions, of how many, share of the population."""
    view = counted.view
    if view is None:
        return
    rows: list[list[Value]] = []
    for row in view.rows:
        if row.counted is None:
            continue
        missing = " ".join(r.code for r in row.missing(view.regions))
        rows += [
            [str(view.month), row.figure, area.code, len(row.counted), len(view.regions), row.share, missing]
            for area in row.care_areas
        ]
    yield machine_table("coverage", "Täckning", ("period", "figure", "care_area"), _MEASURES, rows)
