"""How many are left out of the wait figures, by their own choice or for medical reasons?"""

from __future__ import annotations

from dataclasses import dataclass

from lagesbild.domain.care import Region
from lagesbild.domain.disclosure import State as CountState
from lagesbild.domain.source import COUNTRY
from lagesbild.views.wait_counts import EXCLUDED, Counts
from lagesbild.views.waits import Waits


@dataclass(frozen=True)
class ExcludedRow:
    """Counts in the order of EXCLUDED (None when hidden or missing) with states; `share` of all in the queue, excluded
    ones included, None when a count behind it is hidden."""

    region: Region | None
    counts: tuple[float | None, ...]
    states: tuple[CountState, ...]
    share: float | None
    reason: str


@dataclass(frozen=True)
class Excluded:
    """The country first, then regions by share, highest first; regions whose share is hidden stand by their order at
    the end, before those without figures."""

    rows: tuple[ExcludedRow, ...]

    @property
    def total(self) -> float | None:
        return next((r.counts[2] for r in self.rows if r.region is None), None)

    @property
    def highest(self) -> ExcludedRow | None:
        return next((r for r in self.rows if r.region is not None and r.share is not None), None)


def excluded(waits: Waits, counts: Counts) -> Excluded | None:
    """None when no region reports who is left out."""
    if not counts.reported(EXCLUDED[2]):
        return None
    rows = [_row(waits, counts, region.code, region) for region in waits.regions]
    rows.sort(key=lambda r: (r.states[2] == "missing", r.share is None, -(r.share or 0.0)))
    country = [_row(waits, counts, COUNTRY, None)] if len(rows) > 1 else []
    return Excluded(tuple(country + rows))


def _row(waits: Waits, counts: Counts, code: str, region: Region | None) -> ExcludedRow:
    out, waiting = counts.shown(code, EXCLUDED[2]), counts.shown(code, "waiting")
    share = None if out is None or waiting is None or out + waiting == 0 else out / (out + waiting)
    return ExcludedRow(
        region=region,
        counts=tuple(counts.shown(code, c) for c in EXCLUDED),
        states=tuple(counts.states[code, c] for c in EXCLUDED),
        share=share,
        reason=waits.reasons.get(code, "") if region else "",
    )
