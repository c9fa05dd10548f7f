"""A forecast run as a viewer may see it: the one place where what a run stored is read for pages, tables and files.

A run judges exact counts. Of a pair whose counts are others in the twin, those who may not see all are told what the
same run made of the middle of the two (`views.middles`): the same whichever of the two is the country, so that neither
flag nor probability says on which side of a limit a hidden share lies. Of a run without it (made by an older program,
or for another threshold) nothing is judged where counts are hidden, and the reason says so: that is no calm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.selection import Selection
from lagesbild.domain.source import TOLD, Run, Source
from lagesbild.domain.told_flags import ToldFlags
from lagesbild.domain.viewer import Viewer
from lagesbild.views.wait_reading import read_waits

UNTOLD: Final = "Bedömningen kan inte visas: den följer av små tal, som är dolda."
_JUDGED: Final[dict[str, Any]] = {"status": "none", "seasonal_only": False, "reason": UNTOLD}
_MONTHS: Final = ("opens_period", "opens_lo", "opens_hi", "target_period")
HIDDEN: Final = (  # load and expected wait say nothing of a limit: `views.guards` tells what may be told of them
    *(f"probability_{n}m" for n in (3, 6, 12)),
    "share_now",
    "structural_share_now",
    "lowest_of_year",
    "list_growth",
    "paths_share_12m",
    "lean",
    "extra_per_week_to_target",
    "extra_per_week_to_target_50",
    "free_per_month",  # less the own need of a gap
)
Pair = tuple[str, str]  # region, care area


@dataclass(frozen=True, eq=False)
class ToldRun:
    """`run` as `viewer` may see it; of the viewer's own region as it is."""

    source: Source
    run: Run
    viewer: Viewer

    def gaps(self, care_areas: tuple[str, ...] = ()) -> pd.DataFrame:
        """As `Source.gaps`, of the same pairs and in the same order."""
        rows = self.source.gaps(self.run.run_id, care_areas=care_areas)
        if self.viewer.role == "exact" or rows.empty:
            return rows
        if self._beside is None:
            return _without_judgement(rows, self.untold(care_areas))
        theirs = self.source.gaps(self._beside.run_id, care_areas=care_areas)
        return _in_place(rows, self._others(theirs), ["region", "care_area", "target_share"])

    def flags(self, target: float, regions: Sequence[str], care_area: str = "") -> ToldFlags:
        """The pairs of `gaps` at a target (a share), for the questions below: what is told is the same."""
        exact = self.viewer.role == "exact"
        beside = None if exact or self._beside is None else self._beside.run_id
        untold = self.untold((care_area,) if care_area else ())
        return ToldFlags(self.run.run_id, target, tuple(regions), care_area, beside, self.viewer.own, untold)

    def flag_counts(self, asked: ToldFlags) -> pd.DataFrame:
        """As `Source.flag_counts`."""
        return self.source.flag_counts(asked)

    def flagged_areas(self, asked: ToldFlags) -> pd.DataFrame:
        """As `Source.flagged_areas`."""
        return self.source.flagged_areas(asked)

    def first_flags(self, asked: ToldFlags, most: int, besides: Sequence[str]) -> pd.DataFrame:
        """As `Source.first_flags`, ordered by the shares of those regions alone of which the viewer sees all."""
        seen = tuple(r for r in asked.regions if self.viewer.of(r).role == "exact")
        return self.source.first_flags(asked, most, tuple(besides), seen)

    def changed_flags(self, now: ToldFlags, before: ToldFlags, most: int) -> pd.DataFrame:
        """As `Source.changed_flags`; `before` was made by the ToldRun of the other run."""
        return self.source.changed_flags(now, before, most)

    def forecasts(
        self, *, regions: tuple[str, ...] = (), care_areas: tuple[str, ...] = (), baselines: bool = False
    ) -> pd.DataFrame:
        """As `Source.forecasts` of this run."""

        def of(run: Run) -> pd.DataFrame:
            return self.source.forecasts((run.run_id,), regions=regions, care_areas=care_areas, baselines=baselines)

        rows = of(self.run)
        if self.viewer.role == "exact" or self._beside is None or rows.empty:
            return rows
        return _in_place(rows, self._others(of(self._beside)), ["region", "care_area", "measure", "role", "period"])

    def record(self) -> pd.DataFrame:
        """As `Source.gap_record`. Where nothing is told of a pair, there is no record of it either."""
        rows = self.source.gap_record(self.run.run_id)
        if self.viewer.role == "exact" or rows.empty:
            return rows
        if self._beside is None:
            hidden = self.untold(())
            return rows[[pair not in hidden for pair in _pairs(rows)]].reset_index(drop=True)
        beside = self.source.gaps(self._beside.run_id)
        replaced = {p for p in _pairs(beside) if p[0] != self.viewer.own}
        theirs = self._others(self.source.gap_record(self._beside.run_id))
        kept = rows[[pair not in replaced for pair in _pairs(rows)]]
        frames = [f for f in (kept, theirs) if len(f)]
        return pd.concat(frames, ignore_index=True) if frames else kept

    def run_of(self, region: str, care_area: str) -> Run | None:
        """The run whose paths may be shown of a pair; None when none may."""
        if self.viewer.of(region).role == "exact":
            return self.run
        if self._beside is None:
            return None if (region, care_area) in self.untold((care_area,)) else self.run
        beside = self.source.gaps(self._beside.run_id, care_areas=(care_area,))
        return self._beside if region in set(beside["region"]) else self.run

    def untold(self, care_areas: tuple[str, ...]) -> frozenset[Pair]:
        """Pairs of which no judgement may be told: those with counts that are others in the twin, when the run has
        nothing made of the middle."""
        if self.viewer.role == "exact" or self._beside is not None:
            return frozenset()
        one = care_areas[0] if len(care_areas) == 1 else ""
        asked = Selection(care_area=one, month=self.run.until)
        waits = read_waits(self.source, asked, self.viewer.everybody, care_areas)
        if waits is None:
            return frozenset()
        differs = np.any([_differs(waits.others[c], waits.values[c]) for c in ("waiting", "within_limit")], axis=0)
        return frozenset(
            (waits.regions[r].code, waits.areas[a].code)
            for a, r in np.argwhere(differs)
            if waits.regions[r].code != self.viewer.own
        )

    @cached_property
    def _beside(self) -> Run | None:
        """What was made of the middle with this run, for viewers like this one."""
        made = (r for r in self.source.runs(TOLD) if r.previous_run == self.run.run_id)
        return next((r for r in made if r.calibration.get("threshold") == self.viewer.threshold), None)

    def _others(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Those not of the own region, under this run's number."""
        return rows[rows["region"] != self.viewer.own].assign(run_id=self.run.run_id)


def _differs(other: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Where any month differs, bool (areas, regions). What the source hid is known to nobody."""
    known = np.isfinite(real)
    return np.asarray((known & (np.abs(np.where(known, other - real, 0.0)) > 0)).any(axis=2))


def _pairs(rows: pd.DataFrame) -> list[Pair]:
    return list(zip(rows["region"].astype(str), rows["care_area"].astype(str), strict=True))


def _in_place(rows: pd.DataFrame, others: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """`others` instead of the rows of the same pairs, each where the row of the same `key` stood."""
    if others.empty:
        return rows
    replaced, pairs = set(_pairs(others)), _pairs(rows)
    place: dict[Any, int] = {}
    for k, (pair, whole) in enumerate(zip(pairs, _keys(rows, key), strict=True)):
        place.setdefault(pair, k)
        place.setdefault(whole, k)
    out = pd.concat([f for f in (rows[[p not in replaced for p in pairs]], others) if len(f)], ignore_index=True)
    order = [place.get(whole, place.get(whole[:2], len(rows))) for whole in _keys(out, key)]
    return out.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)


def _keys(rows: pd.DataFrame, key: Sequence[str]) -> list[tuple[Any, ...]]:
    return list(zip(*(rows[c].tolist() for c in key), strict=True))


def _without_judgement(rows: pd.DataFrame, hidden: frozenset[Pair]) -> pd.DataFrame:
    """The rows of `hidden` pairs say nothing but that they may not."""
    mask = np.array([pair in hidden for pair in _pairs(rows)], bool)
    if not mask.any():
        return rows
    out = rows.copy()
    for column, value in _JUDGED.items():
        out.loc[mask, column] = value
    for column in _MONTHS:
        out.loc[mask, column] = pd.NaT
    for column in HIDDEN:
        out[column] = out[column].astype(float).mask(mask)
    return out
