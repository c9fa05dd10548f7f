"""How good the figures are, in numbers: what has been reported, in time or late, how much it moves, what is wrong.

The same readings as `/datakvalitet`, of the whole country and the last twelve months, put together for programs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from lagesbild.domain.earlier import source_at
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.coverage import Covered, coverage
from lagesbild.views.finding import GRADES, Finding
from lagesbild.views.findings import findings
from lagesbild.views.reporting_matrix import REPORTED, Matrix, reporting_matrix
from lagesbild.views.revisions import Revisions, revisions

MOST_FAULTS: Final = 200


@dataclass(frozen=True)
class Register:
    """One register over the months: fields are a region's month. Shares are of `fields`; `late_days` is the median of
    those late, None when none is; `undated` reported fields have no known first day."""

    name: str
    fields: int
    reported: float
    late: float
    missing: float
    excluded: float
    late_days: float | None
    undated: int


@dataclass(frozen=True)
class Moved:
    """How much the country's share within the limit has moved since each month's first publication: of `months` that
    were published again, median and largest change in points, without sign."""

    care_area: str
    months: int
    median_points: float | None
    largest_points: float | None


@dataclass(frozen=True)
class Declaration:
    """`covered` are national figures; `regions` how many there are. `faults`: the most serious `MOST_FAULTS` of
    `fault_counts`; `withheld` are not told to this viewer at all."""

    first: Month
    last: Month
    regions: int
    registers: tuple[Register, ...]
    covered: tuple[Covered, ...]
    moved: tuple[Moved, ...]
    faults: tuple[Finding, ...]
    fault_counts: tuple[tuple[str, int], ...]
    withheld: int
    recorded_at: datetime | None
    synthetic: bool
    sources: tuple[str, ...]


def quality_declaration(source: Source, viewer: Viewer, as_of: datetime | None = None) -> Declaration | None:
    """None when no region has reported anything. Of the country, so the same for whoever has a region of their own."""
    viewer = viewer.everybody
    then = source_at(source, as_of)
    plain = Selection()
    matrix = reporting_matrix(then, plain)
    if matrix is None:
        return None
    covered = coverage(then, plain, viewer)
    areas = () if covered is None else covered.areas
    found = findings(then, plain, matrix, viewer)
    moved = [revisions(then, plain, area, viewer) for area in areas]
    return Declaration(
        first=matrix.months[0],
        last=matrix.end,
        regions=len(matrix.regions),
        registers=tuple(_register(matrix, name) for name in matrix.registers),
        covered=() if covered is None else covered.rows,
        moved=tuple(_moved(m) for m in moved if m is not None),
        faults=found.found[:MOST_FAULTS],
        fault_counts=tuple((g, found.counts[g]) for g in GRADES),
        withheld=found.withheld,
        recorded_at=matrix.recorded_at,
        synthetic=matrix.synthetic,
        sources=matrix.sources,
    )


def _register(matrix: Matrix, name: str) -> Register:
    fields = [f for (register, _, _), f in matrix.fields.items() if register == name]
    late = [f.late_days for f in fields if f.status == "late" and f.late_days is not None]

    def share(*statuses: str) -> float:
        return round(sum(f.status in statuses for f in fields) / len(fields), 4)

    return Register(
        name=name,
        fields=len(fields),
        reported=share(*REPORTED),
        late=share("late"),
        missing=share("missing"),
        excluded=share("excluded"),
        late_days=float(np.median(late)) if late else None,
        undated=sum(f.status in REPORTED and f.late_days is None for f in fields),
    )


def _moved(found: Revisions) -> Moved:
    points: Sequence[float] = [abs(p.last) for p in found.followed if np.isfinite(p.last)]
    return Moved(
        care_area=found.care_area.code,
        months=len(points),
        # a tenth of a point, as the page tells it
        median_points=round(float(np.median(points)), 1) if points else None,
        largest_points=round(max(points), 1) if points else None,
    )
