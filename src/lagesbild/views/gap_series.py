"""One series of the list of gaps, with what its row shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lagesbild.domain.capacity import step_reached
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.gap_status import WATCH
from lagesbild.domain.xmr import WINDOW, Judgement
from lagesbild.views.forecast_gap import Gap
from lagesbild.views.free_capacity import Near, brokerable_part, in_unit, whole
from lagesbild.views.guards import OPEN, Guard


@dataclass(frozen=True)
class Series:
    """A series that is flagged, seasonal or cannot be judged.

    `share` is now, a fraction, in whole per cent when `coarse`; None when missing, or when `hidden`. Of those that are
    listed `line` is the seasonally adjusted share of the last 24 months (None where missing), `band` its normal
    variation and `judgement` what every other page says of it. `near` is where there is free capacity. `limit_used`:
    the expected wait over the guarantee's limit, None when unknown or hidden; `extra_per_week_50` gives a 50 % chance.
    `guard` says which numbers are hidden because they follow from small counts.
    """

    region: Region
    care_area: CareArea
    gap: Gap
    share: float | None
    structural: float | None
    hidden: bool
    provisional: bool
    coarse: bool
    near: tuple[Near, ...]
    line: tuple[float | None, ...] = (None,) * WINDOW
    band: tuple[float, float] | None = None
    judgement: Judgement = "short"
    extra_per_week_50: float | None = None
    limit_used: float | None = None
    guard: Guard = OPEN

    def amount(self, unit: str) -> int | None:
        """Extra operations for an 80 % chance, per week or month, rounded up; None when none reaches the target."""
        per_week = self.gap.extra_per_week
        if per_week is None or not np.isfinite(per_week):
            return None
        return whole(per_week, unit)

    def under_one(self, unit: str) -> bool:
        """Whether `amount` is one only because it is rounded up: then its part that can be brokered says nothing."""
        per_week = self.gap.extra_per_week
        return per_week is not None and bool(0 < round(in_unit(per_week, unit), 6) < 1)

    def growth(self, unit: str) -> int | None:
        """How many more the queue took in than left it over a whole year, per week or month, rounded up: as many extra
        operations stop it from growing. 0 when it did not grow, None when not known or hidden."""
        per_week = self.gap.extra_per_week_to_stabilise
        return None if per_week is None or not np.isfinite(per_week) else whole(max(0.0, per_week), unit)

    def brokerable(self, unit: str) -> int | None:
        """The part of `amount` that can be done in another region, rounded down; None when not reported."""
        n, share = self.amount(unit), self.gap.brokerable_share
        return None if n is None or share is None else brokerable_part(n, share)

    @property
    def brokerable_per_week(self) -> float | None:
        """The part of the extra operations per week that can be done in another region; None when not known."""
        per_week, share = self.gap.extra_per_week, self.gap.brokerable_share
        if per_week is None or share is None or not np.isfinite(per_week):
            return None
        return per_week * share

    @property
    def held(self) -> bool:
        """Whether only hysteresis keeps the flag: today's probability alone, as shown, would not raise it."""
        p = self.gap.probability_12m
        return self.gap.status == "watch" and p is not None and round(p, 2) < WATCH

    @property
    def limit_step(self) -> float | None:
        """The highest of `LIMIT_STEPS` that the expected wait reaches, 0 when it is under the first."""
        return None if self.limit_used is None else step_reached(self.limit_used)
