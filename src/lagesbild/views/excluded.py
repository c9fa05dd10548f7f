"""How many are left out of the wait figures, by their own choice or for medical reasons?"""

from __future__ import annotations

from dataclasses import dataclass

from lagesbild.domain.care import Region
from lagesbild.domain.disclosure import State as CountState
from lagesbild.domain.source import COUNTRY
from lagesbild.views.healthcare_regions import Group
from lagesbild.views.wait_counts import EXCLUDED, QUEUE, Counts, group_code
from lagesbild.views.waits import Waits


@dataclass(frozen=True)
class ExcludedRow:
    """Counts in the order of EXCLUDED (None when hidden or missing) with states; `share` of all in the queue, excluded
    ones included, in the regions that tell who is left out; None when a count behind it is hidden. `region` None is the
    country, or the healthcare region `group`."""

    region: Region | None
    counts: tuple[float | None, ...]
    states: tuple[CountState, ...]
    share: float | None
    reason: str
    group: str = ""
    share_state: CountState = ""  # why there is no share
    left_out: bool = False  # the region's month is excluded


@dataclass(frozen=True)
class Excluded:
    """The country first, then the healthcare region that is looked at (when one is), then regions by share, highest
    first; regions whose share is hidden stand by their order at the end, before those without figures. `reporting`:
    the regions of the country that are in the sums."""

    rows: tuple[ExcludedRow, ...]
    reporting: tuple[Region, ...]

    @property
    def country(self) -> ExcludedRow | None:
        return next((r for r in self.rows if r.region is None and not r.group), None)

    @property
    def total(self) -> float | None:
        """Of the country."""
        return self.country.counts[2] if self.country else None

    @property
    def group(self) -> ExcludedRow | None:
        return next((r for r in self.rows if r.group), None)

    @property
    def highest(self) -> ExcludedRow | None:
        return next((r for r in self.rows if r.region is not None and r.share is not None), None)

    def counted(self, row: ExcludedRow) -> tuple[str, ...]:
        """The regions that a row counts."""
        if row.region is not None:
            return (row.region.code,)
        return tuple(r.code for r in self.reporting if row.group in ("", r.healthcare_region))


def excluded(waits: Waits, counts: Counts, group: Group | None = None) -> Excluded | None:
    """Of every region, or of a healthcare region's and their sum. None when no region reports who is left out."""
    if not counts.reported(EXCLUDED[2]):
        return None
    mine = waits.regions if group is None else group.regions
    rows = [_row(waits, counts, region.code, region) for region in waits.regions if region in mine]
    rows.sort(key=lambda r: (r.states[2] == "missing", r.share is None, -(r.share or 0.0)))
    sums = [_row(waits, counts, COUNTRY, None)] if len(waits.regions) > 1 else []
    if group is not None:
        sums.append(_row(waits, counts, group_code(group.name), None, group.name))
    reporting = tuple(r for r in waits.regions if counts.states[r.code, EXCLUDED[2]] != "missing")
    return Excluded((*sums, *rows), reporting)


def _row(waits: Waits, counts: Counts, code: str, region: Region | None, group: str = "") -> ExcludedRow:
    behind = (EXCLUDED[2], "waiting", QUEUE)
    out, waiting, queue = (counts.shown(code, c) for c in behind)
    share = None if out is None or waiting is None or not queue else out / queue
    hidden = any(counts.states[code, c] in ("suppressed", "secondary") for c in behind)
    at = waits.region_index(code)
    return ExcludedRow(
        region=region,
        counts=tuple(counts.shown(code, c) for c in EXCLUDED),
        states=tuple(counts.states[code, c] for c in EXCLUDED),
        share=share,
        reason=waits.reasons.get(code, "") if region else "",
        group=group,
        share_state="" if share is not None else "secondary" if hidden else "missing",
        left_out=at is not None and bool(waits.excluded[at, -1]),
    )
