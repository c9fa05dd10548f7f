"""One care area, every region: level, judgement, counts, load, expected wait and gap on one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lagesbild.domain.care import Region
from lagesbild.domain.source import COUNTRY
from lagesbild.domain.viewer import Viewer
from lagesbild.views.cell_count import CellCount, cell_count
from lagesbild.views.flags import Flag
from lagesbild.views.pair_gaps import PairGap, PairGaps
from lagesbild.views.signals import Signal, Tally, country_signal, region_signals, tally
from lagesbild.views.wait_counts import Counts
from lagesbild.views.waits import State, Waits


@dataclass(frozen=True)
class AreaRegion:
    """`region` None is the country, which has no load, wait or gap. `state` "" shows `signal.share`. Load and expected
    wait are None when not known, or when the counts behind them are protected (`guarded`)."""

    region: Region | None
    state: State
    signal: Signal
    coarse: bool
    provisional: bool
    waiting: CellCount
    over: CellCount
    limit_days: int
    load: float | None
    expected_wait_days: float | None
    gap: PairGap | None
    guarded: bool
    reason: str


@dataclass(frozen=True)
class AreaRegions:
    """The country first, then regions: highest share first, those without a number last in the order of the data."""

    rows: tuple[AreaRegion, ...]
    tally: Tally

    @property
    def regions(self) -> tuple[AreaRegion, ...]:
        return tuple(r for r in self.rows if r.region is not None)

    def of(self, code: str) -> AreaRegion | None:
        return next((r for r in self.regions if r.region is not None and r.region.code == code), None)


def area_regions(waits: Waits, area: int, counts: Counts, gaps: PairGaps | None, viewer: Viewer) -> AreaRegions:
    """Of the care area at index `area`, all leaf regions."""
    code = waits.areas[area].code
    rows = []
    for k, (region, found) in enumerate(zip(waits.regions, region_signals(waits, area), strict=True)):
        state = waits.state(area, k)
        gap = gaps.of(region.code, code) if gaps else None
        rows.append(
            AreaRegion(
                region=region,
                state=state,
                signal=found,
                coarse=found.coarse,
                provisional=bool(waits.provisional[area, k, -1]),
                waiting=_shown(counts, region.code, "waiting"),
                over=_shown(counts, region.code, "over"),
                limit_days=int(waits.days[area, k]),
                load=None if gap is None else gap.load,
                expected_wait_days=None if gap is None else gap.expected_wait_days,
                gap=gap,
                guarded=found.coarse or (gap is not None and gap.guarded),
                reason=waits.reasons.get(region.code, ""),
            )
        )
    rows.sort(key=lambda r: (r.state != "", -r.signal.share if r.state == "" else 0.0))
    whole = [_country(waits, area, counts)] if len(waits.regions) > 1 else []
    return AreaRegions((*whole, *rows), tally(r.signal.to_all for r in rows))


def within_group(found: AreaRegions, healthcare_region: str) -> AreaRegions:
    """Only the regions of a healthcare region ("" = all), the country kept."""
    if not healthcare_region:
        return found
    rows = [r for r in found.rows if r.region is None or r.region.healthcare_region == healthcare_region]
    return AreaRegions(tuple(rows), tally(r.signal.to_all for r in rows if r.region is not None))


def flags_of_group(found: Sequence[Flag], regions: Sequence[Region], healthcare_region: str) -> tuple[Flag, ...]:
    """The flags of a healthcare region's regions ("" = all)."""
    codes = {r.code for r in regions if healthcare_region in ("", r.healthcare_region)}
    return tuple(f for f in found if f.region in codes)


def _country(waits: Waits, area: int, counts: Counts) -> AreaRegion:
    found = country_signal(waits, area)
    return AreaRegion(
        region=None,
        state="" if found.share == found.share else "missing",
        signal=found,
        coarse=found.coarse,
        provisional=bool((waits.provisional[area, :, -1] & waits.counted[area, :, -1]).any()),
        waiting=_shown(counts, COUNTRY, "waiting"),
        over=_shown(counts, COUNTRY, "over"),
        limit_days=waits.usual_days(area),
        load=None,
        expected_wait_days=None,
        gap=None,
        guarded=False,
        reason="",
    )


def _shown(counts: Counts, code: str, column: str) -> CellCount:
    return cell_count(counts.values[code, column], counts.states[code, column])
