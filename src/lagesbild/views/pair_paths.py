"""The stored sample paths of one region's care area with what a scenario needs: read once, asked many questions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.closing import extra_per_week_needed
from lagesbild.domain.gap_openings import Opening, opening_range, opening_steps, probability
from lagesbild.domain.gap_probability import offset
from lagesbild.domain.guarantee import limit_days
from lagesbild.domain.pair_facts import PairFacts
from lagesbild.domain.periods import Month
from lagesbild.domain.scenario import FlowPaths, Outcome, Scenario, expected_wait_paths, scenario_paths
from lagesbild.domain.seasonal import adjust
from lagesbild.domain.source import Run, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.told_run import ToldRun

CHANCE_MONTHS: Final = (3, 6, 12)
_FLOWS: Final = ("waiting", "within_limit_share", "added", "performed")
_NOTHING: Final = Scenario()


@dataclass(frozen=True)
class Spread:
    """The outcome in the middle, and between which eight of ten lie."""

    median: float
    lo: float
    hi: float


@dataclass(frozen=True, eq=False)
class Ahead:
    """What the paths say. `opens`: months of the opening (median, 10 %, 90 %), None when it opens on few paths or
    cannot be judged. `chances`: months -> probability that the gap opens (for a gap that is open: that it closes)
    within them; empty when it cannot be judged. `share`, `wait` (days) and `waiting` (patients) at the horizon's end;
    the lines are their medians month by month. `wait` is None where nobody leaves the list."""

    opens: tuple[Month, Month, Month] | None
    chances: dict[int, float]
    share: Spread
    wait: Spread | None
    waiting: Spread
    share_line: np.ndarray
    wait_line: np.ndarray

    @property
    def chance(self) -> float | None:
        """The probability within twelve months, or within the horizon when that is shorter."""
        return self.chances.get(CHANCE_MONTHS[-1])


@dataclass(frozen=True, eq=False)
class PairPaths:
    """One pair of a run. `target`: fraction; `open`: whether its gap is open now, as the run judged it."""

    region: Region
    until: Month
    limit_days: int
    target: float
    open: bool
    flows: FlowPaths
    facts: PairFacts

    @property
    def horizon(self) -> int:
        return int(self.flows.waiting.shape[1])

    @cached_property
    def unchanged(self) -> Outcome:
        return scenario_paths(self.flows, _NOTHING, self.facts, self.limit_days)

    @cached_property
    def without(self) -> Ahead:
        """What is expected when nothing is changed."""
        return self.ahead(self.unchanged)

    def outcome(self, scenario: Scenario, received: np.ndarray | None = None) -> Outcome:
        """With the scenario. `received`: what the other region could send, (paths, horizon)."""
        if received is not None and received.shape != self.flows.waiting.shape:  # runs of older makes
            received = np.broadcast_to(received.mean(axis=0), self.flows.waiting.shape)
        return scenario_paths(self.flows, scenario, self.facts, self.limit_days, received)

    def structural(self, share_paths: np.ndarray, target: float) -> np.ndarray:
        """Share paths without their season, moved as the shown probability says. The move is the baseline's, so that
        a scenario that changes nothing has the stored probability."""
        flat = adjust(share_paths, self.until + 1, self._profile)
        lean = self.facts.lean.get(f"{100 * target:.0f}")
        return flat if not lean or lean != lean else flat + offset(self._flat, lean)

    @cached_property
    def _profile(self) -> np.ndarray:
        return np.asarray(self.facts.share_profile, float)

    @cached_property
    def _flat(self) -> np.ndarray:
        return adjust(self.flows.share, self.until + 1, self._profile)

    def ahead(self, outcome: Outcome) -> Ahead:
        steps = self._steps(outcome.share)
        chances = {} if steps is None else {m: probability(steps, m) for m in CHANCE_MONTHS}
        found = None if steps is None or self.open else opening_range(steps)
        waits = expected_wait_paths(self.flows, outcome, self.facts)
        known = bool(np.isfinite(waits).all())
        return Ahead(
            opens=None if found is None else self._months(found),
            chances=chances,
            share=_spread(outcome.share[:, -1]),
            wait=_spread(waits[:, -1]) if known else None,
            waiting=_spread(outcome.waiting[:, -1]),
            share_line=np.median(outcome.share, axis=0),
            wait_line=np.median(waits, axis=0) if known else np.full(self.horizon, np.nan),
        )

    def _steps(self, share_paths: np.ndarray) -> np.ndarray | None:
        """Months ahead in which the gap opens, or closes when it is open; None without a share now."""
        now = self.facts.structural_now
        if now is None:
            return None
        paths = self.structural(share_paths, self.target)
        if self.open:  # two months in a row over the target: an opening upside down, and not this month
            return opening_steps(0.0, -paths, -self.target)
        return opening_steps(now, paths, self.target)

    def _months(self, found: Opening) -> tuple[Month, Month, Month]:
        return self.until + found.median, self.until + found.lo, self.until + found.hi

    def extra_per_week(self, target: float, months: int, chance: float, long_waiter_share: float) -> float:
        """Extra patients a week that reach the target within `months` on the fraction `chance` of the paths."""
        structural = self.structural(self.flows.share, target)
        return extra_per_week_needed(self.flows.waiting, structural, target, months, chance, long_waiter_share)


def _spread(values: np.ndarray) -> Spread:
    lo, median, hi = np.quantile(values, [0.1, 0.5, 0.9])
    return Spread(float(median), float(lo), float(hi))


def pair_paths(
    source: Source, run: Run, region: Region, area: CareArea, target: float, viewer: Viewer
) -> PairPaths | None:
    """The paths that this viewer may see. None when there are none, or nothing of what a scenario needs."""
    told = ToldRun(source, run, viewer)
    mine = told.run_of(region.code, area.code)
    stored = None if mine is None else source.pair_facts(mine.run_id, region.code, area.code)
    if mine is None or stored is None:
        return None
    paths = [source.paths(mine.run_id, region.code, area.code, m) for m in _FLOWS]
    if any(p is None for p in paths):
        return None
    waiting, share, added, performed = (np.asarray(p, float) for p in paths)
    gaps = told.gaps((area.code,))
    own = gaps[(gaps["region"] == region.code) & np.isclose(gaps["target_share"].astype(float), target)]
    return PairPaths(
        region=region,
        until=run.until,
        limit_days=limit_days(area, region.code, run.until, source.guarantee_limits()),
        target=target,
        open=bool((own["status"] == "open").any()),
        flows=FlowPaths(waiting, share, added, performed),
        facts=PairFacts.of(stored),
    )
