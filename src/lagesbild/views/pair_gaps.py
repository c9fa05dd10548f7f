"""What the forecast run of a month says of every region's care area, flagged or not: load, expected wait, gap."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Run, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flags import known_runs
from lagesbild.views.guards import Guard, pair_guards
from lagesbild.views.told_run import ToldRun
from lagesbild.views.waits import Waits


@dataclass(frozen=True)
class PairGap:
    """`load`: inflow over capacity of the last year; `expected_wait_days` of a person added at the end of the run's
    last month; None when unknown, or hidden from the viewer (`guarded`). `judged`: whether the run could say anything
    of a gap."""

    status: str
    judged: bool
    load: float | None
    expected_wait_days: float | None
    opens: Month | None
    probability_12m: float | None
    reason: str
    guarded: bool = False


@dataclass(frozen=True, eq=False)
class PairGaps:
    """`by_pair`: (region code, care area code) -> what the run says at `target` (fraction)."""

    run: Run
    target: float
    by_pair: Mapping[tuple[str, str], PairGap]
    guard: Callable[[str, str], Guard]

    def of(self, region: str, care_area: str) -> PairGap | None:
        """What the viewer may see of it."""
        found = self.by_pair.get((region, care_area))
        if found is None:
            return None
        guard = self.guard(region, care_area)
        return replace(
            found,
            load=found.load if guard.load else None,
            expected_wait_days=found.expected_wait_days if guard.wait else None,
            guarded=not (guard.load and guard.wait),
        )


def pair_gaps(source: Source, selection: Selection, waits: Waits, viewer: Viewer) -> PairGaps | None:
    """The newest run made on data up to the last month of `waits`; None when there is none: a past month has the
    forecast made then."""
    month = waits.end
    runs = [r for r in known_runs(source, selection) if r.until == month]
    if not runs:
        return None
    rows = ToldRun(source, runs[0], viewer).gaps((selection.care_area,) if selection.care_area else ())
    rows = rows[np.isclose(rows["target_share"].astype(float), selection.target / 100)]
    found = {(str(r["region"]), str(r["care_area"])): _gap(r) for r in rows.to_dict("records")}
    known: dict[str, Mapping[tuple[str, str], Guard]] = {}

    def guard(region: str, care_area: str) -> Guard:
        if care_area not in known:
            at = next((k for k, a in enumerate(waits.areas) if a.code == care_area), None)
            known[care_area] = {} if at is None else pair_guards(source, waits, viewer, [at])
        return known[care_area].get((region, care_area), Guard())

    return PairGaps(runs[0], selection.target / 100, found, guard)


def _gap(row: Mapping[Any, Any]) -> PairGap:
    probability, opens = _number(row["probability_12m"]), row["opens_period"]
    return PairGap(
        status=str(row["status"]),
        judged=probability is not None or row["status"] == "open",
        load=_number(row["load"]),
        expected_wait_days=_number(row["expected_wait_days"]),
        opens=None if opens is None or pd.isna(opens) else Month.of(pd.Timestamp(opens)),
        probability_12m=probability,
        reason="" if row["reason"] is None or pd.isna(row["reason"]) else str(row["reason"]),
    )


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) or not np.isfinite(float(value)) else float(value)
