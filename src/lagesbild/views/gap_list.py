"""Which capacity gaps are open, expected or watched, when they open, and what would close them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import leaf_regions
from lagesbild.domain.disclosure import COARSE_DECIMALS
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Run, Source
from lagesbild.domain.told_flags import FLAGGED
from lagesbild.domain.viewer import Viewer
from lagesbild.views.forecast_fan import chosen_run
from lagesbild.views.forecast_gap import Gap, gap_of, guarded_gap
from lagesbild.views.free_capacity import Need, free_operations, nearest_free, needs
from lagesbild.views.gap_order import by_name, in_order
from lagesbild.views.gap_past import Past, Reader
from lagesbild.views.gap_series import Series
from lagesbild.views.guards import Guard, guarded_rows
from lagesbild.views.region_choice import chosen_regions
from lagesbild.views.told_run import ToldRun

FEWEST_PER_WEEK: Final = 5  # fewer are told by the month
LISTED: Final = 200  # that stand on a page: nobody reads more, and 10 000 rows were 30 MB
AT_ONCE: Final = 20  # care areas: their six years are read in the time that two readings take


@dataclass(frozen=True)
class GapList:
    """Flagged series in the chosen order; seasonal ones (under the target in summer only) and those that could not be
    judged apart. `unit` is "week" or "month": one for the whole view, so that rounding up adds a fifth at most.
    `needs` weighs need against free capacity per care area, for open and expected gaps. `judged` of `regions` leaf
    regions of the selection could be judged in some care area, `judged_shown` series."""

    run: Run
    target: float
    flagged: tuple[Series, ...]
    seasonal: tuple[Series, ...]
    unjudged: tuple[Series, ...]
    needs: tuple[Need, ...]
    unit: str
    judged: int
    regions: int
    judged_shown: int

    @property
    def listed(self) -> tuple[Series, ...]:
        """The first LISTED of those flagged, in their order."""
        return self.flagged[:LISTED]

    def of(self, status: str) -> tuple[Series, ...]:
        return tuple(s for s in self.flagged if s.gap.status == status)


def gap_list(source: Source, selection: Selection, viewer: Viewer, *, at_once: int = AT_ONCE) -> GapList | None:
    """The flags of the chosen (else the latest) run at the selection's target. None when there is no run. Of more than
    `at_once` care areas only those of the flags that are listed are read whole; what is told is the same."""
    run = chosen_run(source, selection)
    if run is None:
        return None
    regions = {r.code: r for r in leaf_regions(source.regions())}
    areas = {a.code: a for a in source.care_areas()}

    def rows_for(who: Viewer) -> pd.DataFrame:
        rows = ToldRun(source, run, who).gaps((selection.care_area,) if selection.care_area else ())
        return rows[
            np.isclose(rows["target_share"].astype(float), selection.target / 100)
            & rows["region"].isin(list(regions))
            & rows["care_area"].isin(list(areas))
        ]

    of_all = rows_for(viewer.everybody)
    told = of_all if viewer == viewer.everybody else rows_for(viewer)
    codes = tuple(dict.fromkeys([*of_all["care_area"], *told["care_area"]]))
    past = Past(Reader(source, run, selection, viewer), codes, at_once)
    free = guarded_rows(of_all, past.guards)  # what is near and what suffices is said as to everybody
    free_in = free_operations(free)
    mine = chosen_regions(source, selection)
    shown = told[told["region"].isin(list(mine))]
    series = []
    flagged_or_apart = shown["status"].isin(FLAGGED) | shown["seasonal_only"].astype(bool)
    for row in shown[flagged_or_apart | shown["probability_12m"].isna()].to_dict("records"):
        region, area = regions[str(row["region"])], areas[str(row["care_area"])]
        guard = past.guard(region.code, area.code)
        gap = guarded_gap(gap_of(row), guard, viewer.of(region.code))
        kind = _kind(gap, row)
        if not kind:
            continue
        structural = row["structural_share_now"]
        near = nearest_free(free_in.get(area.code, ()), region, regions) if kind == "flagged" else ()
        now = past.now(region.code, area.code)
        shown_structural = None if now.hidden or pd.isna(structural) else float(structural)
        if now.coarse and shown_structural is not None:
            shown_structural = round(shown_structural, COARSE_DECIMALS)
        made = Series(
            region,
            area,
            gap,
            share=now.share,
            structural=shown_structural,
            hidden=now.hidden,
            provisional=now.provisional,
            coarse=now.coarse,
            near=near,
            extra_per_week_50=_known(row["extra_per_week_to_target_50"]) if guard.amounts else None,
            limit_used=_known(row["limit_used"]) if guard.wait else None,
            guard=guard,
        )
        series.append((kind, made))
    flagged = tuple(s for k, s in series if k == "flagged" and selection.status in ("", s.gap.status))
    ordered = in_order(flagged, selection.order)
    return GapList(
        run=run,
        target=selection.target / 100,
        flagged=(*past.with_lines(ordered[:LISTED]), *ordered[LISTED:]),
        seasonal=tuple(sorted((s for k, s in series if k == "seasonal"), key=by_name)),
        unjudged=tuple(sorted((s for k, s in series if k == "unjudged"), key=by_name)),
        needs=needs(free, [areas[c] for c in sorted(set(free["care_area"]), key=lambda c: (areas[c].sort_order, c))]),
        unit=_unit(flagged, past.guards),
        judged=shown.loc[_could_be_judged(shown), "region"].nunique(),
        regions=len(mine),
        judged_shown=int(_could_be_judged(shown).sum()),
    )


def _known(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _could_be_judged(rows: pd.DataFrame) -> pd.Series:
    return rows["probability_12m"].notna() | (rows["status"] == "open")


def _kind(gap: Gap, row: Mapping[Any, Any]) -> str:
    if gap.status in FLAGGED:
        return "flagged"
    if gap.seasonal_only:
        return "seasonal"
    return "unjudged" if pd.isna(row["probability_12m"]) else ""


def _unit(flagged: tuple[Series, ...], guards: Mapping[tuple[str, str], Guard]) -> str:
    """Numbers are rounded up: 1.14 a week would be told as 2, 9 a month, where 5 a month is enough."""
    told = [s for s in flagged if guards.get((s.region.code, s.care_area.code), Guard()).amounts]
    numbers = [s.gap.extra_per_week for s in told if s.gap.extra_per_week is not None]
    return "month" if any(0 < n < FEWEST_PER_WEEK for n in numbers) else "week"
