"""Did earlier forecasts hold? What was said at earlier months, over what then came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.source import COUNTRY, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flows import Flows
from lagesbild.views.forecast_fan import SHARE
from lagesbild.views.guards import RECENT
from lagesbild.views.region_shares import visible_shares

MOST_SHOWN: Final = 6
MONTHS_BEFORE: Final = 6
MONTHS_AFTER: Final = 6
NOMINAL: Final = 0.8


@dataclass(frozen=True)
class Earlier:
    """One earlier forecast. `known`: columns period, share, the last months it saw. `outcome`: one row per month that
    has come since, columns period, horizon, p50, lo80, hi80, share, inside (bool)."""

    until: Month
    known: pd.DataFrame
    outcome: pd.DataFrame

    @property
    def hits(self) -> int:
        return int(self.outcome["inside"].sum())


@dataclass(frozen=True)
class Record:
    """Earlier forecasts, oldest first. Mean absolute errors are in fractions, over the outcomes for which last year's
    value exists; None when there are none."""

    earlier: tuple[Earlier, ...]
    model_error: float | None
    last_year_error: float | None

    @property
    def hits(self) -> int:
        return sum(e.hits for e in self.earlier)

    @property
    def outcomes(self) -> int:
        return sum(len(e.outcome) for e in self.earlier)

    @property
    def expected(self) -> int:
        """How many outcomes 80 % bands should hold."""
        return round(NOMINAL * self.outcomes)


def forecast_record(source: Source, flows: Flows | None, viewer: Viewer) -> Record | None:
    """Replayed forecasts of the share in `flows` over the outcome. None when none has an outcome yet.

    An outcome is only counted where the viewer may see it. Judged on the numbers as they are known today.
    """
    runs = sorted(source.runs("record"), key=lambda r: (r.until, r.run_id))
    if flows is None or not runs:
        return None
    code = flows.region.code if flows.region else COUNTRY
    rows = source.forecasts(
        tuple(r.run_id for r in runs), regions=(code,), care_areas=(flows.care_area.code,), measures=(SHARE,)
    )
    if rows.empty:
        return None
    shown = visible_shares(source, flows, viewer)
    share = shown["share"].rename("share")
    latest = {r.until: r.run_id for r in runs}  # a month replayed twice counts once, as last replayed
    earlier = []
    for until, run_id in latest.items():
        before = shown.loc[: pd.Timestamp(until.first_day)].iloc[-RECENT:]
        if before["coarse"].any():  # a forecast may repeat a month that is not told exactly
            continue
        told = rows[(rows["run_id"] == run_id) & (rows["horizon"] <= MONTHS_AFTER)].sort_values("period")
        outcome = told[["period", "horizon", "p50", "lo80", "hi80"]]
        outcome = outcome.assign(share=share.reindex(told["period"]).to_numpy())
        outcome = outcome.dropna().reset_index(drop=True)
        if outcome.empty:
            continue
        outcome["inside"] = outcome["share"].between(outcome["lo80"], outcome["hi80"])
        seen = share.loc[: pd.Timestamp(until.first_day)].iloc[-MONTHS_BEFORE:]
        earlier.append(Earlier(until, seen.rename("share").rename_axis("period").reset_index(), outcome))
    if not earlier:
        return None
    latest_ones = tuple(earlier[-MOST_SHOWN:])
    return Record(latest_ones, *_errors(latest_ones, share))


def _errors(earlier: tuple[Earlier, ...], share: pd.Series) -> tuple[float | None, float | None]:
    model, naive = [], []
    for e in earlier:
        ago = share.reindex(e.outcome["period"] - pd.DateOffset(years=1)).to_numpy()
        known = ~np.isnan(ago)
        actual = e.outcome["share"].to_numpy()
        model += list(np.abs(e.outcome["p50"].to_numpy() - actual)[known])
        naive += list(np.abs(ago - actual)[known])
    return (float(np.mean(model)), float(np.mean(naive))) if model else (None, None)
