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
from lagesbild.domain.xmr import WINDOW, Judgement
from lagesbild.views.forecast_fan import chosen_run
from lagesbild.views.forecast_gap import Gap, gap_of, guarded_gap
from lagesbild.views.free_capacity import Need, nearest_free, needs
from lagesbild.views.gap_order import by_name, in_order
from lagesbild.views.gap_series import Series
from lagesbild.views.guards import OPEN, Guard, guarded_rows, pair_guards
from lagesbild.views.region_choice import chosen_regions
from lagesbild.views.signals import Signal, region_signals
from lagesbild.views.told_run import ToldRun
from lagesbild.views.wait_reading import read_waits

FEWEST_PER_WEEK: Final = 5  # fewer are told by the month
LISTED: Final = 200  # that stand on a page: nobody reads more, and 10 000 rows were 30 MB


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


def gap_list(source: Source, selection: Selection, viewer: Viewer) -> GapList | None:
    """The flags of the chosen (else the latest) run at the selection's target. None when there is no run."""
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

    history = _History(source, run, selection, viewer)
    free = history.guarded(rows_for(viewer.everybody))  # what is near and what suffices is said as to everybody
    mine = chosen_regions(source, selection)
    told = rows_for(viewer)
    shown = told[told["region"].isin(list(mine))]
    series = []
    for row in shown.to_dict("records"):
        guard = history.guard(str(row["region"]), str(row["care_area"]))
        gap = guarded_gap(gap_of(pd.Series(row)), guard, viewer.of(str(row["region"])))
        region, area = regions[str(row["region"])], areas[str(row["care_area"])]
        kind = _kind(gap, row)
        if not kind:
            continue
        structural = row["structural_share_now"]
        near = nearest_free(free[free["care_area"] == area.code], region, regions) if kind == "flagged" else ()
        now = history.of(region.code, area.code)
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
            line=now.line,
            band=now.band,
            judgement=now.judgement,
            coarse=now.coarse,
            near=near,
            extra_per_week_50=_known(row["extra_per_week_to_target_50"]) if guard.amounts else None,
            limit_used=_known(row["limit_used"]) if guard.wait else None,
            guard=guard,
        )
        series.append((kind, made))
    flagged = tuple(s for k, s in series if k == "flagged" and selection.status in ("", s.gap.status))
    return GapList(
        run=run,
        target=selection.target / 100,
        flagged=in_order(flagged, selection.order),
        seasonal=tuple(sorted((s for k, s in series if k == "seasonal"), key=by_name)),
        unjudged=tuple(sorted((s for k, s in series if k == "unjudged"), key=by_name)),
        needs=needs(free, [areas[c] for c in sorted(set(free["care_area"]), key=lambda c: (areas[c].sort_order, c))]),
        unit=_unit(flagged, history),
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


def _unit(flagged: tuple[Series, ...], history: _History) -> str:
    """Numbers are rounded up: 1.14 a week would be told as 2, 9 a month, where 5 a month is enough."""
    told = [s for s in flagged if history.to_all(s.region.code, s.care_area.code).amounts]
    numbers = [s.gap.extra_per_week for s in told if s.gap.extra_per_week is not None]
    return "month" if any(0 < n < FEWEST_PER_WEEK for n in numbers) else "week"


@dataclass(frozen=True)
class _Now:
    """A series in the run's last month, as the other pages show and judge it."""

    share: float | None = None
    hidden: bool = False
    coarse: bool = False
    provisional: bool = False
    line: tuple[float | None, ...] = (None,) * WINDOW
    band: tuple[float, float] | None = None
    judgement: Judgement = "short"


class _History:
    """Shares of every region and care area up to the run's last month, read once.

    The same reading and the same judgement as the matrix: a series cannot be noise there and worse here.
    """

    def __init__(self, source: Source, run: Run, selection: Selection, viewer: Viewer) -> None:
        self._waits = read_waits(source, selection.with_(month=run.until, provider=""), viewer)
        self._signals: dict[int, list[Signal]] = {}
        self._viewer = viewer
        self._guards = {} if self._waits is None else pair_guards(source, self._waits, viewer.everybody)

    def to_all(self, region: str, care_area: str) -> Guard:
        """What everybody may be told of a series."""
        return self._guards.get((region, care_area), Guard())

    def guard(self, region: str, care_area: str) -> Guard:
        """What this viewer may be told of it."""
        return OPEN if self._viewer.of(region).role == "exact" else self.to_all(region, care_area)

    def guarded(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of gaps without the amounts and the free capacity that follow from counts hidden from everybody."""
        return guarded_rows(rows, self._guards)

    def of(self, region: str, care_area: str) -> _Now:
        waits = self._waits
        r = waits.region_index(region) if waits else None
        a = next((k for k, x in enumerate(waits.areas) if x.code == care_area), None) if waits else None
        if waits is None or r is None or a is None:
            return _Now()
        if a not in self._signals:
            self._signals[a] = region_signals(waits, a)
        found, state = self._signals[a][r], waits.state(a, r)
        return _Now(
            share=found.share if state == "" else None,
            hidden=state == "suppressed",
            coarse=found.coarse,
            provisional=bool(waits.provisional[a, r, -1]),
            line=(*(None,) * (WINDOW - len(found.spark)), *found.spark),
            band=found.band,
            judgement=found.judgement if state == "" else "short",
        )
