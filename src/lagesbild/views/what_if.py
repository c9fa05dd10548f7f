"""What happens if: one or two scenarios of one region beside what is expected without them, and the other end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from lagesbild.domain.care import Region, leaf_regions
from lagesbild.domain.closing import CHANCES, brokerable_per_week, feasible
from lagesbild.domain.disclosure import is_small
from lagesbild.domain.periods import WEEKS_PER_MONTH, Month
from lagesbild.domain.scenario import Outcome, Scenario
from lagesbild.domain.scenario_choice import Choice
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.targets import TARGETS
from lagesbild.domain.viewer import Viewer
from lagesbild.views.forecast_fan import Forecast, forecast_fan
from lagesbild.views.free_capacity import Near, free_operations, nearest_free, whole_free
from lagesbild.views.guards import guarded_rows, pair_guards
from lagesbild.views.pair_paths import Ahead, PairPaths, pair_paths
from lagesbild.views.told_run import ToldRun
from lagesbild.views.wait_reading import read_waits

Missing = Literal["country", "short", "unjudged", "no_paths", "protected"]
Load = Callable[[Region], PairPaths | None]
MOST_MONTHLY: Final = 80  # operations a month: above that, weeks are easier to think in
_WEEKLY: Final = ((20, 1), (50, 1), (100, 2), (200, 5), (500, 10), (1000, 20), (2000, 50), (5000, 100), (9999, 100))
_MONTHLY: Final = (10, 20, 30, 40, 60, MOST_MONTHLY)
A_MONTH: Final = 0.23  # one a month, as an amount a week with two decimals: 23 of them are 23 a month still


@dataclass(frozen=True)
class Scale:
    """How amounts are shown and chosen: the unit of the whole view, the largest amount and the step, both per week."""

    unit: Literal["week", "month"]
    most: float
    step: float


@dataclass(frozen=True, eq=False)
class OtherEnd:
    """The region that patients go to or come from. `could_per_month`: how many of the wanted can be sent, on average
    over the months concerned. `without` and `given` are None when the region has no forecast of its own, or one that
    the viewer may not see (`protected`)."""

    region: Region
    way: Literal["to", "from"]
    wanted_per_month: float
    could_per_month: float | None
    free_per_month: float | None
    without: Ahead | None
    given: Ahead | None
    open: bool = False  # whether a gap is open there, so that the chances are of its closing
    protected: bool = False


@dataclass(frozen=True, eq=False)
class Tried:
    """One scenario as chosen and what it leads to."""

    choice: Choice
    scenario: Scenario
    first: Month
    ahead: Ahead
    ends: tuple[OtherEnd, ...]


@dataclass(frozen=True)
class Need:
    """Extra operations a week that reach `target` with the chances 50 and 80 %; infinite when it cannot be done."""

    target: float
    per_week: tuple[float, ...]
    brokerable_per_week: float | None
    feasible: bool


@dataclass(frozen=True, eq=False)
class WhatIfView:
    """`small`: list sizes below this are hidden from the viewer (0 = nothing is); `small_elsewhere`: those of a region
    at the other end."""

    pair: PairPaths
    tried: tuple[Tried, ...]
    scale: Scale
    regions: tuple[Region, ...]
    near: tuple[Near, ...]
    needs: tuple[Need, ...]
    within: int
    small: int
    small_elsewhere: int

    @property
    def end(self) -> Month:
        return self.pair.until + self.pair.horizon

    def hides(self, waiting: float, *, elsewhere: bool = False) -> bool:
        """Whether a number waiting may not be shown to this viewer."""
        small = self.small_elsewhere if elsewhere else self.small
        return is_small(round(waiting), Viewer("public", small)) if small else False


@dataclass(frozen=True, eq=False)
class Around:
    """What no scenario changes: all regions by code, the rows of the gaps table of the area at the target, as everybody
    may see them, and the regions whose forecast the viewer may not see: what patients sent there lead to tells it."""

    regions: dict[str, Region]
    gaps: pd.DataFrame
    protected: frozenset[str]


def around(source: Source, found: Forecast, selection: Selection, viewer: Viewer) -> Around:
    area = found.care_area.code
    gaps = ToldRun(source, found.run, viewer.everybody).gaps((area,))
    gaps = gaps[np.isclose(gaps["target_share"].astype(float), found.target)]
    regions = {r.code: r for r in source.regions()}
    told = selection.with_(care_area=area, month=found.run.until, region="", healthcare_region="", provider="")
    waits = read_waits(source, told, viewer.everybody, (area,))
    guards = {} if waits is None else pair_guards(source, waits, viewer.everybody)
    hidden = [r for (r, _), g in guards.items() if g.share != "exact" or not g.wait]
    untold = frozenset(r for r in hidden if viewer.of(r).role != "exact")
    return Around(regions, guarded_rows(gaps, guards), untold)


@dataclass(frozen=True)
class NoWhatIf:
    """Why there are no scenarios; `worst`: regions where a gap is open (None) or most likely, to go on with."""

    reason: Missing
    worst: tuple[tuple[Region, float | None], ...] = ()


def what_if(
    source: Source,
    selection: Selection,
    viewer: Viewer,
    *,
    found: Forecast | None = None,
    near: Around | None = None,
    load: Load | None = None,
) -> WhatIfView | NoWhatIf | None:
    """None without a forecast run. `found`, `near` and `load` (a region's paths) may be given when they are at hand."""
    found = found or forecast_fan(source, selection, viewer)
    if found is None:
        return None
    run, area, target = found.run, found.care_area, found.target
    near = near or around(source, found, selection, viewer)
    rows, regions = near.gaps, near.regions
    leaves = {r.code for r in leaf_regions(list(regions.values()))}
    if found.region is None or found.region.code not in leaves:
        return NoWhatIf("country", _worst(rows, regions))
    if found.too_short:
        return NoWhatIf("short")
    if found.coarse or found.protected & {"within_limit_share", "waiting", "performed"}:
        return NoWhatIf("protected")  # the paths begin from counts that are hidden
    read: Load = load or (lambda region: pair_paths(source, run, region, area, target, viewer))
    pair = read(found.region)
    if pair is None:
        return NoWhatIf("unjudged" if rows.empty or "within_limit_share" not in found.bands else "no_paths")
    chosen = selection.what_if
    tried = tuple(_try(c, pair, near, read) for c in chosen.choices)
    within = min(chosen.within, pair.horizon)
    needs = _needs(pair, within, tried[0].scenario.long_waiter_share)
    others = tuple(
        r for r in leaf_regions(list(regions.values())) if r != found.region and r.code in set(rows["region"])
    )
    return WhatIfView(
        pair=pair,
        tried=tried,
        scale=_scale(pair, chosen.choices),
        regions=others,
        near=nearest_free(free_operations(rows).get(area.code, ()), found.region, regions),
        needs=needs,
        within=within,
        small=0 if viewer.of(found.region.code).role == "exact" else viewer.threshold,
        small_elsewhere=0 if viewer.role == "exact" else viewer.threshold,
    )


def _worst(rows: pd.DataFrame, regions: dict[str, Region]) -> tuple[tuple[Region, float | None], ...]:
    """Up to four regions by the probability of a gap, highest first; None for a gap that is open."""
    known = rows[rows["probability_12m"].notna() & rows["region"].isin(list(regions))]
    top = known.sort_values("probability_12m", ascending=False, kind="stable").head(4).to_dict("records")
    return tuple((regions[r["region"]], None if r["status"] == "open" else float(r["probability_12m"])) for r in top)


def _try(choice: Choice, pair: PairPaths, near: Around, read: Load) -> Tried:
    """The scenario on this region's paths, and what it means at the other end, where that may be told."""
    scenario = choice.scenario(pair.until, pair.horizon)
    ends: list[OtherEnd] = []
    received = None
    giver = _other(scenario.received_from, pair, near.regions)
    if scenario.received_per_month and giver is not None:
        sending = Scenario(
            sent_per_month=scenario.received_per_month,
            from_step=scenario.from_step,
            long_waiter_share=scenario.long_waiter_share,
        )
        theirs = None if giver.code in near.protected else read(giver)
        gives = None if theirs is None else theirs.outcome(sending)
        received = None if gives is None else gives.sent
        end = _end(giver, "from", scenario.received_per_month, theirs, gives, gives, scenario)
        ends.append(replace(end, protected=giver.code in near.protected))
    own = pair.outcome(scenario, received)
    taker = _other(scenario.sent_to, pair, near.regions)
    if scenario.sent_per_month and taker is not None:
        theirs = None if taker.code in near.protected else read(taker)
        takes = None if theirs is None else theirs.outcome(Scenario(from_step=scenario.from_step), own.sent)
        end = _end(taker, "to", scenario.sent_per_month, theirs, takes, own, scenario)
        ends.insert(0, replace(end, protected=taker.code in near.protected))
    return Tried(choice, scenario, pair.until + scenario.from_step, pair.ahead(own), tuple(ends))


def _other(code: str, pair: PairPaths, regions: dict[str, Region]) -> Region | None:
    """The region at the other end; None for somewhere else, and for the region itself."""
    return None if code == pair.region.code else regions.get(code)


def _end(
    region: Region,
    way: Literal["to", "from"],
    wanted: float,
    theirs: PairPaths | None,
    changed: Outcome | None,
    sender: Outcome | None,
    scenario: Scenario,
) -> OtherEnd:
    could = None if sender is None else float(sender.sent[:, scenario.from_step - 1 :].mean())
    known = None if theirs is None else theirs.facts.free_per_month
    free = None if known is None else whole_free(known)
    if theirs is None or changed is None:
        return OtherEnd(region, way, wanted, could, free, None, None)
    return OtherEnd(region, way, wanted, could, free, theirs.without, theirs.ahead(changed), theirs.open)


def _needs(pair: PairPaths, within: int, q: float) -> tuple[Need, ...]:
    out = []
    for percent in TARGETS:
        target = percent / 100
        amounts = tuple(pair.extra_per_week(target, within, chance, q) for chance in CHANCES)
        brokerable = (
            brokerable_per_week(amounts[-1], pair.facts.not_brokerable_share) if np.isfinite(amounts[-1]) else None
        )
        out.append(Need(target, amounts, brokerable, feasible(target, q)))
    return tuple(out)


def _scale(pair: PairPaths, choices: tuple[Choice, ...]) -> Scale:
    """Room for half as much again as an 80 % chance needs, and for a quarter more than is performed now."""
    needed = pair.extra_per_week(pair.target, min(6, pair.horizon), CHANCES[-1], 1.0)
    performed = (pair.facts.performed_per_month or 0.0) / WEEKS_PER_MONTH
    wanted = max(1.5 * needed if np.isfinite(needed) else 0.0, 0.25 * performed, 10 * A_MONTH)
    chosen = max(max(c.extra_per_week, c.sent_per_week, c.received_per_week) for c in choices)
    if max(wanted, chosen) <= MOST_MONTHLY * A_MONTH:
        most = next(m for m in _MONTHLY if m * A_MONTH >= max(wanted, chosen) - 1e-9)
        return Scale("month", round(most * A_MONTH, 2), A_MONTH)
    most, step = next((m, s) for m, s in _WEEKLY if m >= min(max(wanted, chosen), _WEEKLY[-1][0]))
    return Scale("week", float(most), float(step))
