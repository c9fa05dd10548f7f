"""The gap that a forecast run judged of one series, and what of it may be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.viewer import Viewer
from lagesbild.views.guards import Guard
from lagesbild.views.told_run import ToldRun


@dataclass(frozen=True)
class Gap:
    """The gap row of the series and target: months as `Month`, probabilities as fractions, NaN as None."""

    status: str
    opens: Month | None
    opens_lo: Month | None
    opens_hi: Month | None
    probability_3m: float | None
    probability_6m: float | None
    probability_12m: float | None
    load: float | None
    extra_per_week: float | None
    extra_per_week_to_stabilise: float | None
    target_month: Month | None
    seasonal_only: bool
    brokerable_share: float | None
    reason: str


def stored_gap(told: ToldRun, region: str, care_area: str, target: float) -> Gap | None:
    """What the run says of a series at a target; None when it says nothing."""
    gaps = told.gaps((care_area,))
    if gaps.empty:
        return None
    rows = gaps[(gaps["region"] == region) & np.isclose(gaps["target_share"].astype(float), target)]
    return None if rows.empty else gap_of(rows.iloc[0])


def guarded_gap(gap: Gap, guard: Guard, viewer: Viewer) -> Gap:
    """Without the numbers that follow from hidden counts."""
    if viewer.role == "exact":
        return gap
    return replace(
        gap,
        load=gap.load if guard.load else None,
        extra_per_week=gap.extra_per_week if guard.amounts else None,
        extra_per_week_to_stabilise=gap.extra_per_week_to_stabilise if guard.amounts and guard.load else None,
        brokerable_share=guard.brokerable(gap.brokerable_share, viewer),
    )


def gap_of(row: Mapping[Any, Any] | pd.Series) -> Gap:
    """A row of the gaps table in plain Python."""
    return Gap(
        status=str(row["status"]),
        opens=_month(row["opens_period"]),
        opens_lo=_month(row["opens_lo"]),
        opens_hi=_month(row["opens_hi"]),
        probability_3m=_number(row["probability_3m"]),
        probability_6m=_number(row["probability_6m"]),
        probability_12m=_number(row["probability_12m"]),
        load=_number(row["load"]),
        extra_per_week=_number(row["extra_per_week_to_target"]),
        extra_per_week_to_stabilise=_number(row["extra_per_week_to_stabilise"]),
        target_month=_month(row["target_period"]),
        seasonal_only=bool(row["seasonal_only"]),
        brokerable_share=_number(row["brokerable_share"]),
        reason=str(row["reason"] or ""),
    )


def _month(value: Any) -> Month | None:
    return None if value is None or pd.isna(value) else Month.of(pd.Timestamp(value))


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
